"""The generating half of models/nano as ONNX graphs, and what the manifest says of it: `condition` (the clean modality stream, once per
frame), `generate` and `joint` (one look at noise, on the small grid), `sharpen` (joint's small streams at full size), `paint` (the finished frame), `refer` (what a phrase names), and the text files."""
from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from torch import Tensor, nn

from .generator import BESIDE, BLOCK, STREAMS, WIDTHS
from .model import Nano
from .text import CAPTION_LENGTH, HELD_OUT_COUNTS, HELD_OUT_NOUNS, HELD_OUT_PAIRS, MEANING, PROMPT_LENGTH, SILENT, VOCABULARY
from .trunk import DIM, FRAMES, HEAD, HEADS, LAYERS, Past

WEIGHTS = 'generator.weights'
SHARING = ('condition', 'generate', 'joint', 'paint')  # the trunk or the stem is in several of them: large weights stand once, beside the graphs
PREDICTS = {'predicts': 'x0', 'block': BLOCK}  # z is a picture of one value a block
# Looked for on worlds 50000 to 50023 (not those of the figures). Since the painter mends what the sampler leaves out, few looks and little guidance agree
# best with the condition and look least like posters; 20 looks with condition guidance 4 before. Noise is put on anew at every step: with Euler's steps what the
# first looks get wrong stays, and joint generation's streams were means of everything that may be (from segmentation, 20 worlds: mIoU .177 to .203).
SAMPLER = {'generate': {'type': 'renoise', 'shift': 1.5, 'steps': 4}, 'joint': {'type': 'renoise', 'shift': 3.0, 'steps': 20, 'continueAt': 0.5}}
# Later frames see the one before, and would be guided over and over: colours run away, and classes blur (worlds 50000 to 50003, 16 frames from segmentation, pixel accuracy of the last six .72
# with all of the guidance, .81 with half, .82 with none). So generate's is for the first frame, and joint's ends where later frames begin (continueAt).
# What guidance adds along the picture itself is contrast, and people were black before white walls (PARALLEL).
GUIDANCE = {'generate': {'text': 1.5, 'condition': 2.0, 'later': 0.0, 'parallel': 0.0}, 'joint': {'text': 3.0, 'above': 0.5}}
SIZE = {'width': 128, 'height': 128}
# What larger frames are sampled at: at 256x192 a condition still says what is where (pixel accuracy .772, .742 from 128x96), without one it is a grey wall.
BASE = {'generate': {'width': 256, 'height': 192}, 'joint': SIZE}
LEAST_LIKENESS = 0.5  # cosine below which no known word is near: 'soldier' has .35 to its nearest, 'armchair' .71, 'kangaroo' .50
# Function words that no training caption holds: attention was never taught to use them.
UNSAID = SILENT | frozenset('''about above across after against along alongside also am among and are around as away be behind being below beneath beside
 between beyond but down during for front has have having he her hers his how i inside into is it its just like me my near nearby next nor not of off onto
 or our outside over own past she so some such than that their theirs them then there these they this those though through throughout till toward towards
 until upon us very was we were what when where which while who whose will with within without you your'''.split()) - set(VOCABULARY)


class Condition(nn.Module):
    def __init__(self, model: Nano):
        super().__init__()
        self.model = model

    def forward(self, streams: Tensor, select: Tensor, prompt: Tensor, past: Tensor, past_seen: Tensor) -> tuple[Tensor, ...]:
        m = self.model
        text = m.read(prompt.flatten(1), PROMPT_LENGTH)
        skip8, tokens, keys, now = m.generator.condition(m.trunk, streams, select, m.switch, text, Past(past, past_seen))
        return skip8, tokens, keys, now.memory, now.seen


class Generate(nn.Module):
    def __init__(self, model: Nano):
        super().__init__()
        self.model = model

    def forward(self, z: Tensor, beside: Tensor, time: Tensor, caption: Tensor, skip8: Tensor, tokens: Tensor, keys: Tensor, past: Tensor, past_seen: Tensor) -> Tensor:
        m = self.model
        return m.generator.generate(m.trunk, z, beside, time, skip8, tokens, keys, m.read(caption, CAPTION_LENGTH), Past(past, past_seen))


class Joint(nn.Module):
    def __init__(self, model: Nano):
        super().__init__()
        self.model = model

    def forward(self, z: Tensor, beside: Tensor, time: Tensor, z_streams: Tensor, select: Tensor, prompt: Tensor, caption: Tensor, past: Tensor,
                past_seen: Tensor, past_streams: Tensor, past_streams_seen: Tensor) -> tuple[Tensor, Tensor]:
        m = self.model
        texts = m.read(prompt.flatten(1), PROMPT_LENGTH), m.read(caption, CAPTION_LENGTH)
        return m.generator.joint(m.trunk, z, beside, time, z_streams, select, m.switch, *texts, (Past(past, past_seen), Past(past_streams, past_streams_seen)))


class Sharpen(nn.Module):
    def __init__(self, model: Nano):
        super().__init__()
        self.model = model

    def forward(self, small: Tensor, small_streams: Tensor, select: Tensor) -> tuple[Tensor, Tensor]:
        streams, pose = self.model.generator.sharpener(small, small_streams, select)
        return streams.clamp(-1, 1), pose


class Paint(nn.Module):
    def __init__(self, model: Nano):
        super().__init__()
        self.model = model

    def forward(self, small: Tensor, beside: Tensor, streams: Tensor, select: Tensor) -> Tensor:
        return self.model.generator.paint(small, beside, streams, select).clamp(-1, 1)


class Refer(nn.Module):
    def __init__(self, model: Nano):
        super().__init__()
        self.model = model

    def forward(self, features4: Tensor, features2: Tensor, prompt: Tensor) -> Tensor:
        return self.model.refer(features4, features2, self.model.phrase(prompt))


def has_generator(state: dict[str, Tensor]) -> bool:
    """Whether a checkpoint was trained for more than estimation."""
    return any(k.startswith('generator.') for k in state)


def generating_graphs(model: Nano) -> dict[str, dict[str, Any]]:
    """As export.graphs: module, inputs (source, example as a function of H and W, dynamic axes) and outputs."""
    def f(c: int, d: int):  # noqa: ANN202
        return lambda h, w: torch.randn(1, c, h // d, w // d).clamp(-1, 1)

    def axes(d: int) -> dict[int, str]:
        return {2: f'h{d}', 3: f'w{d}'}

    def past(graph: str, name: str = 'past') -> dict[str, Any]:
        def memory(h: int, w: int) -> Tensor:
            return torch.randn(1, LAYERS, 2, FRAMES, HEADS, h // 32, w // 32, HEAD)

        return {name: (f'state.{graph}.memory', memory, {5: 'h32', 6: 'w32'}),
                f'{name}_seen': (f'state.{graph}.seen', lambda h, w: torch.tensor([[1.0] + [0.0] * (FRAMES - 1)]), {})}

    def words(count: int, *shape: int):  # noqa: ANN202
        return lambda h, w: torch.randint(1, len(VOCABULARY), (1, *shape, count))

    select = {'select': ('task.select', lambda h, w: torch.tensor([[1.0, 0, 1, 0, 0]]), {})}
    prompt = {'prompt': ('task.prompt', words(PROMPT_LENGTH, 5), {})}
    beside = {'beside': ('task.beside', f(BESIDE, 1), axes(1))}
    streams = {'streams': ('task.streams', f(3 * STREAMS, 1), axes(1))}
    look = {'z': ('task.z', f(3, BLOCK), axes(BLOCK)), **beside, 'time': ('task.time', lambda h, w: torch.tensor([0.6]), {})}
    caption = {'caption': ('task.caption', words(CAPTION_LENGTH), {})}
    return {
        'condition': {'module': Condition(model), 'inputs': {**streams, **select, **prompt, **past('condition')}, 'outputs': ['skip8', 'tokens', 'keys', 'memory', 'seen']},
        'generate': {'module': Generate(model), 'inputs': {
            **look, **caption, 'skip8': ('condition.skip8', f(WIDTHS[2], 8), axes(8)), 'tokens': ('condition.tokens', f(DIM, 16), axes(16)),
            'keys': ('condition.keys', lambda h, w: torch.randn(1, LAYERS, 2, HEADS, h * w // 256, HEAD), {4: 'n'}), **past('rgb')}, 'outputs': ['small']},
        'joint': {'module': Joint(model), 'inputs': {**look, 'z_streams': ('task.z_streams', f(3 * STREAMS, BLOCK), axes(BLOCK)), **select, **prompt, **caption,
                                                     **past('rgb'), **past('condition', 'past_streams')}, 'outputs': ['small', 'small_streams']},
        'paint': {'module': Paint(model), 'inputs': {'small': ('task.small', f(3, BLOCK), axes(BLOCK)), **beside, **streams, **select}, 'outputs': ['rgb']},
        'sharpen': {'module': Sharpen(model), 'inputs': {'small': ('task.small', f(3, BLOCK), axes(BLOCK)), 'small_streams': ('task.small_streams', f(3 * STREAMS, BLOCK), axes(BLOCK)),
                                                         **select}, 'outputs': ['streams', 'pose']},
        'refer': {'module': Refer(model), 'inputs': {'features4': ('modality.features4', f(64, 4), axes(4)), 'features2': ('modality.features2', f(32, 2), axes(2)), **prompt},
                  'outputs': ['probability']},
    }


def share_weights(folder: Path, names: list[str]) -> None:
    """Moves the large weights of the graphs into one file beside them, each once: ONNX's external data. Same arithmetic, a third of the bytes."""
    blob = bytearray()
    places: dict[bytes, int] = {}
    for name in names:
        path = folder / f'{name}.onnx'
        proto = onnx.load(str(path))
        for tensor in proto.graph.initializer:
            data = tensor.raw_data
            if len(data) < 4096:
                continue
            key = hashlib.sha256(data).digest()
            if key not in places:
                blob.extend(bytes(-len(blob) % 64))
                places[key] = len(blob)
                blob.extend(data)
            tensor.ClearField('raw_data')
            tensor.data_location = onnx.TensorProto.EXTERNAL
            del tensor.external_data[:]
            for k, v in (('location', WEIGHTS), ('offset', places[key]), ('length', len(data))):
                tensor.external_data.add(key=k, value=str(v))
        path.write_bytes(proto.SerializeToString())
    (folder / WEIGHTS).write_bytes(bytes(blob))


def write_meanings(folder: Path) -> list[str]:
    """words.txt (one a line) and words.int8 (MEANING bytes each): what words mean, for those beyond the vocabulary."""
    table = np.load(Path(__file__).parent / 'words.npz')
    (folder / 'words.txt').write_text('\n'.join(str(w) for w in table['words']) + '\n')
    (folder / 'words.int8').write_bytes(table['vectors'].astype(np.int8).tobytes())
    return ['words.txt', 'words.int8']


def text_spec() -> dict[str, Any]:
    return {'captionLength': CAPTION_LENGTH, 'unsaid': sorted(UNSAID),
            'meanings': {'words': 'words.txt', 'vectors': 'words.int8', 'width': MEANING, 'leastLikeness': LEAST_LIKENESS}}


def held_out() -> dict[str, Any]:
    """What training never named, for test/figures/generation.mjs."""
    return {'nouns': sorted(HELD_OUT_NOUNS), 'counts': sorted(HELD_OUT_COUNTS), 'pairs': sorted(list(p) for p in HELD_OUT_PAIRS)}


def task_spec(task: str, available: bool) -> dict[str, Any]:
    joint = task == 'joint'
    return {'available': available, **({'repaint': True} if joint else {}), 'sampler': {**SAMPLER[task], **PREDICTS}, 'guidance': GUIDANCE[task], 'size': SIZE, 'base': BASE[task],
            'made': {'rgb': f'{task}.small', **({'streams': 'joint.small_streams'} if joint else {})},
            'painted': {'rgb': 'paint.rgb', **({'streams': 'sharpen.streams', 'people': 'sharpen.pose'} if joint else {})}}
