"""What the runtime relies on: clean RGB sees no modality, no frame sees later ones, memory counts, and an empty one counts for nothing."""
from __future__ import annotations

import unittest

import torch
from torch import Tensor, nn

from sextant_nano.model import Nano
from sextant_nano.text import MODALITIES, PROMPTS, encode
from sextant_nano.trunk import DIM, FRAMES, HEAD, HEADS, Grid, Past, Trunk, pool
from sextant_nano.validate import default_task

ROWS, COLUMNS = 4, 6
N = ROWS * COLUMNS
CLOSE = {'atol': 1e-5, 'rtol': 1e-5}


def woken(module: nn.Module) -> nn.Module:
    """What starts at zero (gates' conditions, reading of prompts) would hide what it lets through; so would PyTorch's own start of the
    encoder, in which all pictures fade to the same."""
    with torch.no_grad():
        for part in module.modules():
            if isinstance(part, nn.Conv2d):
                nn.init.kaiming_normal_(part.weight, nonlinearity='relu')
        for p in module.parameters():
            if float(p.abs().max()) == 0:
                p.normal_(0, 0.05)
    return module.eval()


def apart(a: Tensor, b: Tensor) -> float:
    return float((a - b).abs().max())


class Streams(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        torch.manual_seed(0)
        cls.trunk = woken(Trunk())
        cls.grid = Grid.of(ROWS, COLUMNS, torch.device('cpu'))
        cls.pictures, cls.others = torch.randn(2, 5, N, DIM), torch.randn(2, 5, N, DIM)
        cls.condition, cls.text, cls.mask = torch.randn(2, DIM), torch.randn(2, 8, DIM), torch.zeros(2, 1, 1, 8)

    @torch.no_grad()
    def rgb(self, x: Tensor, past: Past | None = None) -> tuple[Tensor, Tensor, Past]:
        return self.trunk.rgb(x, self.grid, past)

    @torch.no_grad()
    def modality(self, x: Tensor, keys: Tensor, past: Past | None = None, text: Tensor | None = None, mask: Tensor | None = None) -> tuple[Tensor, Past]:
        return self.trunk.modality(x, self.condition, self.grid, keys, past, self.text if text is None else text, self.mask if mask is None else mask)

    def test_the_modality_sees_clean_rgb_its_prompt_and_its_condition(self) -> None:
        keys, other = (self.rgb(x[:, 0])[1] for x in (self.pictures, self.others))
        z = self.others[:, 0]
        out, _ = self.modality(z, keys)
        self.assertGreater(apart(out, self.modality(z, other)[0]), 1e-3)
        self.assertGreater(apart(out, self.modality(z, keys, text=self.text.flip(0))[0]), 1e-3)
        padded = self.mask.clone()
        padded[..., 4:] = -30.0
        changed = self.text.clone()
        changed[:, 4:] = 7.0
        torch.testing.assert_close(self.modality(z, keys, mask=padded)[0], self.modality(z, keys, text=changed, mask=padded)[0], **CLOSE)  # padding is not read

    def test_keys_of_every_layer_are_what_the_modality_sees(self) -> None:
        keys = self.rgb(self.pictures[:, 0])[1]
        out, _ = self.modality(self.others[:, 0], keys)
        for layer in range(keys.shape[1]):
            for what in range(2):
                changed = keys.clone()
                changed[:, layer, what] += torch.randn_like(changed[:, layer, what])
                self.assertGreater(apart(out, self.modality(self.others[:, 0], changed)[0]), 1e-4, (layer, what))

    def test_pictures_of_a_batch_do_not_see_each_other(self) -> None:
        x = torch.stack((self.pictures[0, 0], self.others[0, 0]))
        tokens, keys, past = self.rgb(x)
        again, _, later = self.rgb(x, past)
        alone, _, mine = self.rgb(x[:1])
        torch.testing.assert_close(tokens[:1], alone, **CLOSE)
        torch.testing.assert_close(again[:1], self.rgb(x[:1], mine)[0], **CLOSE)

    def test_memory_counts_while_it_lasts(self) -> None:
        """Newest first; the frame that falls out is the oldest."""
        past, memories = None, []
        for t in range(4):
            before = past
            _, _, past = self.rgb(self.pictures[:, t], past)
            memories.append(past.memory)
            self.assertEqual(past.seen.tolist(), [[1.0] * min(t + 1, FRAMES) + [0.0] * max(0, FRAMES - t - 1)] * 2)
            if before is not None:
                torch.testing.assert_close(past.memory[:, :, :, 1:], before.memory[:, :, :, :-1], rtol=0, atol=0)
        assert past is not None
        now = self.pictures[:, 4]
        out, _, _ = self.rgb(now, past)
        self.assertGreater(apart(out, self.rgb(now)[0]), 1e-3)
        for age in range(FRAMES):
            changed = past.memory.clone()
            changed[:, :, :, age] = 0.5 * torch.randn_like(changed[:, :, :, age])
            self.assertGreater(apart(out, self.rgb(now, Past(changed, past.seen))[0]), 1e-3, age)
        swapped = Past(past.memory.flip(3), past.seen)
        self.assertGreater(apart(out, self.rgb(now, swapped)[0]), 1e-5)  # their order counts

    def test_an_answer_leaves_the_memory_as_it_was(self) -> None:
        """So no frame depends on a later one: what came of a past comes of it again, whatever was looked at in between."""
        _, _, first = self.rgb(self.pictures[:, 0])
        kept = Past(first.memory.clone(), first.seen.clone())
        out, _, _ = self.rgb(self.pictures[:, 1], first)
        _, _, other = self.rgb(self.others[:, 1], first)
        self.rgb(self.others[:, 2], other)
        torch.testing.assert_close(first.memory, kept.memory, rtol=0, atol=0)
        torch.testing.assert_close(self.rgb(self.pictures[:, 1], first)[0], out, rtol=0, atol=0)

    def test_what_was_never_seen_counts_for_nothing(self) -> None:
        x = self.pictures[:, 0]
        alone, keys, past = self.rgb(x)
        rubbish = Past(3 * torch.randn_like(past.memory), torch.zeros(2, FRAMES))
        torch.testing.assert_close(self.rgb(x, rubbish)[0], alone, **CLOSE)
        torch.testing.assert_close(self.modality(x, keys, rubbish)[0], self.modality(x, keys)[0], **CLOSE)
        half = Past(rubbish.memory, torch.tensor([[1.0, 0.0]] * 2))
        self.assertGreater(apart(self.rgb(x, half)[0], alone), 1e-3)

    def test_training_and_inference_attend_alike(self) -> None:
        """Written out where gradients are wanted, fused elsewhere; with a memory, so that the bias is there too."""
        _, _, past = self.rgb(self.pictures[:, 0])
        fused = self.rgb(self.pictures[:, 1], past)[0]
        with torch.enable_grad():
            written = self.trunk.rgb(self.pictures[:, 1], self.grid, past)[0]
        torch.testing.assert_close(fused, written.detach(), **CLOSE)

    def test_place_counts(self) -> None:
        """Tokens know where they are: exchanged tokens do not merely exchange their answers."""
        x = self.pictures[:, 0]
        order = torch.arange(N).flip(0)
        self.assertGreater(apart(self.rgb(x[:, order])[0], self.rgb(x)[0][:, order]), 1e-3)

    def test_joint_streams_see_each_other(self) -> None:
        texts = ((self.text, self.mask), (self.text, self.mask))
        conditions = (self.condition, self.condition.flip(0))
        with torch.no_grad():
            x, z = self.pictures[:, 0], self.others[:, 0]
            rgb, modality = self.trunk.both(x, z, conditions, self.grid, (None, None), texts)
            self.assertGreater(apart(rgb, self.trunk.both(x, self.others[:, 1], conditions, self.grid, (None, None), texts)[0]), 1e-3)
            self.assertGreater(apart(modality, self.trunk.both(self.pictures[:, 1], z, conditions, self.grid, (None, None), texts)[1]), 1e-3)
            _, _, past = self.rgb(self.pictures[:, 1])
            rubbish = Past(3 * torch.randn_like(past.memory), torch.zeros(2, FRAMES))
            torch.testing.assert_close(self.trunk.both(x, z, conditions, self.grid, (rubbish, rubbish), texts)[0], rgb, **CLOSE)
            for pasts in ((past, None), (None, past)):
                self.assertGreater(apart(self.trunk.both(x, z, conditions, self.grid, pasts, texts)[0], rgb), 1e-4)


class Pooled(unittest.TestCase):
    def test_in_bf16_as_in_float(self) -> None:
        torch.manual_seed(0)
        x = torch.randn(2, 2, HEADS, 24, HEAD).bfloat16()
        grid = Grid.of(4, 6, torch.device('cpu'))
        torch.testing.assert_close(pool(x, grid), pool(x.float(), grid).bfloat16(), rtol=0, atol=0)


class Whole(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        torch.manual_seed(0)
        cls.model = woken(Nano())
        cls.pictures = torch.randn(3, 1, 3, 64, 96)
        cls.task = default_task(1, 64, 96, torch.device('cpu'))

    @torch.no_grad()
    def look(self, pictures: Tensor, past: tuple[Past, Past] | None = None, **task: Tensor) -> tuple[list[dict[str, Tensor]], tuple[Past, Past] | None]:
        outs = []
        for x in pictures:
            out, past = self.model(x, **{**self.task, **task}, past=past)
            outs.append(out)
        return outs, past

    def test_clean_rgb_is_the_same_whatever_is_asked(self) -> None:
        prompt = torch.tensor([[encode(PROMPTS[m][1]) for m in MODALITIES]])
        asked: dict[str, Tensor] = {'select': torch.tensor([[1.0, 0, 0, 1, 0]]), 'prompt': prompt, 'time': torch.tensor([0.3]), 'noise': torch.randn(1, 15, 16, 24)}
        outs, past = self.look(self.pictures)
        for name, value in asked.items():
            others, other = self.look(self.pictures, **{name: value})
            assert past is not None and other is not None
            torch.testing.assert_close(other[0].memory, past[0].memory, rtol=0, atol=0, msg=name)
            self.assertGreater(apart(other[1].memory, past[1].memory), 1e-2, name)
            self.assertGreater(apart(others[-1]['depth'], outs[-1]['depth']), 1e-2, name)

    def test_gradients_of_the_rgb_stream_do_not_reach_what_is_asked(self) -> None:
        noise = torch.randn(1, 15, 16, 24, requires_grad=True)
        out, (past_rgb, past_modality) = self.model(self.pictures[0], **{**self.task, 'noise': noise})
        with self.assertRaises(RuntimeError):  # not part of its graph
            torch.autograd.grad(past_rgb.memory.sum(), noise)
        self.assertGreater(float(torch.autograd.grad(past_modality.memory.pow(2).sum(), noise)[0].abs().sum()), 0.0)

    def test_the_frames_before_change_the_answer_and_later_ones_do_not(self) -> None:
        outs, _ = self.look(self.pictures)
        short, past = self.look(self.pictures[:2])
        for name in outs[1]:
            torch.testing.assert_close(outs[1][name], short[1][name], rtol=0, atol=0, msg=name)
            self.assertGreater(apart(outs[1][name], self.look(self.pictures[1:2])[0][0][name]), 1e-2, name)
        torch.testing.assert_close(self.look(self.pictures[2:], past)[0][0]['depth'], outs[2]['depth'], rtol=0, atol=0)  # a stream in two parts is the same stream

    def test_both_streams_remember(self) -> None:
        past, stranger = (self.look(x)[1] for x in (self.pictures[:1], self.pictures[2:]))
        assert past is not None and stranger is not None
        out = self.look(self.pictures[1:2], past)[0][0]['depth']
        for mixed in ((stranger[0], past[1]), (past[0], stranger[1])):
            self.assertGreater(apart(self.look(self.pictures[1:2], mixed)[0][0]['depth'], out), 1e-2)


if __name__ == '__main__':
    unittest.main()
