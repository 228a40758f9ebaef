"""Text: modality prompts ("depth map", "segmentation of the two dogs") and captions, as ids of a closed vocabulary.

Ids are stored in the manifest: append to caption_words.txt, never reorder. Each word also has a fixed vector of its meaning
(words.npz, made by word_vectors.py), so that a word that training left out still says something."""
from __future__ import annotations

import re
from pathlib import Path

import numpy as np

MODALITIES = ('depth', 'flow', 'segmentation', 'skeleton', 'densepose')
PROMPT_LENGTH = 8
CAPTION_LENGTH = 32
MEANING = 64

# Several wordings per modality: the prompt is text, not an id, so the network must meet more than one.
PROMPTS = {
    'depth': ('depth map', 'depth', 'distance of every pixel', 'depth map from camera'),
    'flow': ('optical flow', 'flow', 'motion of every pixel', 'optical flow map'),
    'segmentation': ('segmentation', 'segmentation mask', 'class of every pixel', 'segmentation mask of objects'),
    'skeleton': ('human skeleton', 'skeleton', 'body keypoints', 'human pose keypoints'),
    'densepose': ('densepose', 'body surface', 'densepose map', 'body part of every pixel'),
}
PROMPT_WORDS = 1 + len({w for prompts in PROMPTS.values() for p in prompts for w in p.split()})  # with padding; these have learned vectors too
VOCABULARY = ['<pad>', *(Path(__file__).parent / 'caption_words.txt').read_text().split()]
WORD = {w: i for i, w in enumerate(VOCABULARY)}
SILENT = frozenset('a an the and with of'.split())  # left out of captions: attention has no use for them

# Nouns, numbers and pairs of both that no training prompt and no training caption holds (the captions of what generates up to 0.12.0 held the pairs).
# test/figures/referring.mjs reports on all three apart (docs/evaluation.md, "Named things").
HELD_OUT_NOUNS = frozenset('horse couch truck bottle bench'.split())
HELD_OUT_COUNTS = frozenset(('three',))
HELD_OUT_PAIRS = frozenset((('two', 'chair'), ('two', 'car'), ('two', 'person'), ('several', 'box')))


def plural(noun: str) -> str:
    """As packages/world writes captions, but for sheep and food, of which it makes no plural: prompts and vocabulary keep theirs."""
    return f'{noun}es' if re.search(r'(s|sh|ch|x)$', noun) else f'{noun[:-5]}shelves' if noun.endswith('shelf') else f'{noun}s'


IRREGULAR = {'person': 'people'}
_HIDDEN = HELD_OUT_NOUNS | {plural(n) for n in HELD_OUT_NOUNS} | HELD_OUT_COUNTS

_HIDDEN_PAIRS = {(number, form) for number, noun in HELD_OUT_PAIRS for form in (plural(noun), IRREGULAR.get(noun, plural(noun)))}
REACH = 2  # words between a number and its noun: "two more people", "two small red cars"


def hidden(noun: str) -> bool:
    """Whether training never names it."""
    return any(w in _HIDDEN for w in noun.split())


def encode(prompt: str) -> list[int]:
    """Word ids padded to PROMPT_LENGTH with 0; KeyError for a word that is not in the vocabulary."""
    ids = [WORD[w] for w in prompt.split()][:PROMPT_LENGTH]
    return ids + [0] * (PROMPT_LENGTH - len(ids))


def encode_caption(caption: str, training: bool = True) -> list[int]:
    """Word ids padded to CAPTION_LENGTH with 0; unknown words and, in training, those held out are left out, of a pair the number."""
    spoken = re.findall('[a-z0-9]+', caption.lower())
    if training:
        spoken = [w for i, w in enumerate(spoken) if w not in _HIDDEN and not any((w, noun) in _HIDDEN_PAIRS for noun in spoken[i + 1:i + 2 + REACH])]
    words = [w for w in spoken if w not in SILENT and w in WORD]
    ids = [WORD[w] for w in words][:CAPTION_LENGTH]
    return ids + [0] * (CAPTION_LENGTH - len(ids))


# Words of a phrase that name nothing: how a modality is asked for, numbers, function words.
NAMELESS = SILENT | {w for w in PROMPTS['segmentation'] for w in w.split()} | frozenset('one two three several every mask map all'.split())


def naming() -> np.ndarray:
    """float32 [VOCABULARY]: 1 for words that may name a thing, 0 for the others and padding."""
    return np.array([0.0 if i == 0 or w in NAMELESS else 1.0 for i, w in enumerate(VOCABULARY)], np.float32)


def word_vectors() -> dict[str, np.ndarray]:
    """Word -> float32 [MEANING], times 127. The archive is unpacked once: indexing an NpzFile unpacks the whole array again each time."""
    with np.load(Path(__file__).parent / 'words.npz') as table:
        return dict(zip(map(str, table['words']), table['vectors'].astype(np.float32)))


def name_meanings(names: list[str]) -> np.ndarray:
    """float32 [names, MEANING], unit length: of the words of each class's name."""
    known = word_vectors()
    out = np.stack([sum(known[w] for w in name.split()) for name in names])
    return out / np.linalg.norm(out, axis=1, keepdims=True)


def meanings() -> np.ndarray:
    """float32 [VOCABULARY, MEANING], unit length; row 0 (padding) is zero."""
    known = word_vectors()
    out = np.zeros((len(VOCABULARY), MEANING), np.float32)
    for i, word in enumerate(VOCABULARY[1:], 1):
        out[i] = known[word] / 127
    return out
