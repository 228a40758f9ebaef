"""What training is never told: held-out nouns, numbers and pairs of both. And ids stay what they were."""
from __future__ import annotations

import json
import random
import unittest
from pathlib import Path

import numpy as np
import torch

from sextant_nano import refer
from sextant_nano.paint_data import say_colours
from sextant_nano.text import (CAPTION_LENGTH, HELD_OUT_COUNTS, HELD_OUT_NOUNS, HELD_OUT_PAIRS, MODALITIES, PROMPT_LENGTH, PROMPT_WORDS, PROMPTS, VOCABULARY, WORD,
                               encode, encode_caption, hidden, meanings, naming, plural)

NAMES = ['background', 'person', 'dog', 'horse', 'car', 'truck', 'chair', 'couch', 'bench', 'bottle', 'box', 'wall']
MANIFEST = Path(__file__).resolve().parents[2] / 'models/nano/manifest.json'
HIDDEN = HELD_OUT_NOUNS | {plural(n) for n in HELD_OUT_NOUNS} | HELD_OUT_COUNTS


def words(ids: list[int]) -> list[str]:
    return [VOCABULARY[i] for i in ids if i]


class Captions(unittest.TestCase):
    def test_held_out_words_are_left_out_in_training(self) -> None:
        caption = ', '.join(f'a red {n}, two {plural(n)}, Three {plural(n)}' for n in sorted(HELD_OUT_NOUNS))
        self.assertEqual(set(words(encode_caption(caption))) & HIDDEN, set())
        self.assertIn('red', words(encode_caption(caption)))
        told = set(words(encode_caption(caption, training=False)))
        self.assertTrue({'horse', 'horses', 'three'} <= told)

    def test_of_held_out_pairs_the_number_is_left_out(self) -> None:
        self.assertEqual(words(encode_caption('two chairs, two beds and two more people')), ['chairs', 'two', 'beds', 'more', 'people'])
        self.assertEqual(words(encode_caption('several boxes and two beds, a chair')), ['boxes', 'two', 'beds', 'chair'])
        self.assertEqual(words(encode_caption('two chairs', training=False)), ['two', 'chairs'])

    def test_colours_are_not_said_of_held_out_things(self) -> None:
        labels = np.repeat(np.arange(1, len(NAMES), dtype=np.uint8), 8)[None].repeat(8, 0)
        rgb = np.full((*labels.shape, 3), 200, np.uint8)
        said = ' '.join(say_colours(rgb, labels, NAMES, np.random.default_rng(seed)) for seed in range(60))
        self.assertEqual(set(said.replace(',', ' ').split()) & HIDDEN, set())
        self.assertTrue({'dog', 'wall', 'chair'} <= set(said.replace(',', ' ').split()))

    def test_form(self) -> None:
        ids = encode_caption('A chair, an unheardofword and the dog of a man.')
        self.assertEqual((len(ids), words(ids)), (CAPTION_LENGTH, ['chair', 'dog', 'man']))
        self.assertEqual(len(encode_caption('dog ' * 50)), CAPTION_LENGTH)


class Prompts(unittest.TestCase):
    def draw(self) -> list[tuple[list[str], torch.Tensor]]:
        """The segmentation prompts of many batches of pictures with every class in every number in view."""
        pick, found = random.Random(0), []
        for _ in range(150):
            labels = torch.tensor([pick.sample(range(1, len(NAMES)), 4) for _ in range(8)], dtype=torch.uint8)[:, None]
            counts = [{int(c): pick.choice((1, 2, 3, 4, 7)) for c in row[0]} for row in labels]
            prompts, masks = refer.referring_batch(labels, counts, NAMES, pick)
            self.assertEqual(int(prompts[:, [0, 1, 3, 4]].abs().sum()), 0)
            for i, row in enumerate(prompts[:, 2]):
                found.append((words(row.tolist()), masks[i]))
        return found

    def test_nothing_held_out_is_asked_for(self) -> None:
        pairs = {(number, refer.IRREGULAR.get(noun, plural(noun))) for number, noun in HELD_OUT_PAIRS}
        seen: set[str] = set()
        for said, _ in self.draw():
            self.assertEqual(set(said) & HIDDEN, set(), said)
            self.assertFalse(pairs & set(zip(said, said[1:])), said)
            seen |= set(said)
        # both halves of each pair are known by themselves
        self.assertTrue({'two', 'several', 'chair', 'car', 'person', 'box', 'dogs', 'walls'} <= seen, seen)

    def test_what_is_held_out(self) -> None:
        for name, count, out in (('horse', 1, True), ('couch', 4, True), ('dog', 3, True), ('chair', 2, True), ('box', 4, True), ('box', 9, True), ('person', 2, True),
                                 ('dog', 2, False), ('chair', 1, False), ('chair', 4, False), ('box', 2, False), ('person', 1, False)):
            self.assertEqual(refer.held_out(name, count), out, (name, count))
        self.assertTrue(hidden('bench') and hidden('couches') and hidden('park bench'))
        self.assertFalse(hidden('chair') or hidden('traffic light'))

    def test_the_mask_is_of_what_is_named_or_empty(self) -> None:
        full = [mask.sum() for _, mask in self.draw()]
        self.assertTrue(0.1 < float(np.mean([m == 0 for m in full])) < 0.5)
        self.assertEqual({int(m) for m in full}, {0, 1})
        prompts, masks = refer.referring_batch(torch.tensor([[[2, 2, 6]]] * 40, dtype=torch.uint8), [{2: 2, 6: 2}] * 40, NAMES, random.Random(1))
        for row, mask in zip(prompts[:, 2], masks):  # two chairs are held out, so the dogs are asked for, or something absent
            self.assertEqual('dogs' in words(row.tolist()), bool(mask.any()))

    def test_modality_prompts_can_be_read(self) -> None:
        for modality in MODALITIES:
            for prompt in PROMPTS[modality]:
                self.assertEqual(words(encode(prompt)), prompt.split())
                self.assertLessEqual(max(encode(prompt)), PROMPT_WORDS - 1)  # these have learned vectors
        with self.assertRaises(KeyError):
            encode('unheardofword')
        self.assertEqual(len(encode('depth ' * 20)), PROMPT_LENGTH)


class Ids(unittest.TestCase):
    def test_words_of_the_released_model_keep_their_ids(self) -> None:
        released = json.loads(MANIFEST.read_text())['text']['vocabulary']
        self.assertEqual(VOCABULARY[:len(released)], released)

    def test_words_are_told_apart(self) -> None:
        self.assertEqual(len(WORD), len(VOCABULARY))
        self.assertEqual(VOCABULARY[0], '<pad>')
        self.assertTrue(HELD_OUT_NOUNS | HELD_OUT_COUNTS | {plural(n) for n in HELD_OUT_NOUNS} <= set(WORD))

    def test_what_names_a_thing(self) -> None:
        table = dict(zip(VOCABULARY, naming()))
        self.assertEqual([table[w] for w in ('<pad>', 'segmentation', 'two', 'the', 'of')], [0] * 5)
        self.assertEqual([table[w] for w in ('dog', 'horse', 'chairs')], [1] * 3)

    def test_every_word_has_a_meaning_near_to_its_plurals(self) -> None:
        vectors = meanings()
        self.assertEqual(float(np.abs(vectors[0]).max()), 0.0)
        np.testing.assert_allclose(np.linalg.norm(vectors[1:], axis=1), 1, atol=0.02)
        self.assertGreater(vectors[WORD['horse']] @ vectors[WORD['horses']], vectors[WORD['horse']] @ vectors[WORD['wall']])


if __name__ == '__main__':
    unittest.main()
