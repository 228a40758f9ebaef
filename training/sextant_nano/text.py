"""The in-context prompts: a small closed vocabulary, learned word vectors. Ids are stored in the manifest: append, never reorder."""
from __future__ import annotations

MODALITIES = ('depth', 'flow', 'segmentation', 'skeleton', 'densepose')
PROMPT_LENGTH = 8

# Several wordings per modality: the prompt is text, not an id, so the network must meet more than one.
PROMPTS = {
    'depth': ('depth map', 'depth', 'distance of every pixel', 'depth map from camera'),
    'flow': ('optical flow', 'flow', 'motion of every pixel', 'optical flow map'),
    'segmentation': ('segmentation', 'segmentation mask', 'class of every pixel', 'segmentation mask of objects'),
    'skeleton': ('human skeleton', 'skeleton', 'body keypoints', 'human pose keypoints'),
    'densepose': ('densepose', 'body surface', 'densepose map', 'body part of every pixel'),
}
VOCABULARY = ['<pad>'] + sorted({w for prompts in PROMPTS.values() for p in prompts for w in p.split()})
WORD = {w: i for i, w in enumerate(VOCABULARY)}


def encode(prompt: str) -> list[int]:
    """Word ids padded to PROMPT_LENGTH with 0; KeyError for a word that is not in the vocabulary."""
    ids = [WORD[w] for w in prompt.split()][:PROMPT_LENGTH]
    return ids + [0] * (PROMPT_LENGTH - len(ids))
