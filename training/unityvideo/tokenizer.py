"""A small unigram tokenizer of UMT5's kind for the miniature: same special tokens, same steps, learned from the prompts themselves."""

import json
from pathlib import Path

from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

from .config import MODALITY_PROMPTS

SPECIAL = ["<pad>", "</s>", "<s>", "<unk>"]
SENTENCES = [
    *MODALITY_PROMPTS.values(),
    "a person walks past a red sofa", "two dogs run over the grass", "a car drives along a road between trees", "a robot looks at a table with cups",
    "three people sit in a room with blue walls", "the camera moves forward through a corridor", "a man rides a bicycle down the street",
    "an empty kitchen in the evening", "children play with a ball in front of a house", "a woman opens a door and leaves",
]


def write_tokenizer(folder: Path, vocabulary: int) -> list[Path]:
    """tokenizer.json and tokenizer_config.json. Raises ValueError where it has more pieces than `vocabulary`."""
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Replace("\t", " ")])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace(replacement="▁", prepend_scheme="always")
    trainer = trainers.UnigramTrainer(vocab_size=vocabulary, special_tokens=SPECIAL, unk_token="<unk>", show_progress=False)
    tokenizer.train_from_iterator(SENTENCES, trainer)
    tokenizer.post_processor = processors.TemplateProcessing(single="$A </s>", special_tokens=[("</s>", SPECIAL.index("</s>"))])
    if tokenizer.get_vocab_size() > vocabulary:
        raise ValueError(f"{tokenizer.get_vocab_size()} pieces, room for {vocabulary}")
    path, config = folder / "tokenizer.json", folder / "tokenizer_config.json"
    tokenizer.save(str(path))
    config.write_text(json.dumps({"tokenizer_class": "T5Tokenizer", "pad_token": "<pad>", "eos_token": "</s>", "unk_token": "<unk>", "model_max_length": 512}, indent=1) + "\n")
    return [path, config]
