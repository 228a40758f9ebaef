"""The arms, and which of them each claim compares on which measure. Stated before the runs; report.py decides by them and nothing else."""
from __future__ import annotations

from typing import NamedTuple

from .small_model import Switches

ALL = ('depth', 'flow', 'segmentation', 'skeleton', 'densepose')
THREE = {'estimate': 0.4, 'refer': 0.15, 'generate': 0.25, 'joint': 0.2}
ESTIMATE = {'estimate': 0.73, 'refer': 0.27}
PAINT = {'generate': 0.56, 'joint': 0.44}
GENERATE = {'generate': 1.0}
# Of the three tasks, referring counted with estimation: the paper's order generate < estimate < joint, all alike, and generation most often.
PAPER, ALIKE, GENERATE_MOST = ({'estimate': 0.73 * e, 'refer': 0.27 * e, 'generate': g, 'joint': j} for g, e, j in ((0.2, 0.3, 0.5), (1 / 3, 1 / 3, 1 / 3), (0.5, 0.3, 0.2)))
ALIGNED = ('depth', 'flow', 'densepose')  # what the paper's curriculum begins with


class Phase(NamedTuple):
    share: float  # of the run's steps
    tasks: dict[str, float]
    modalities: tuple[str, ...] = ()  # those of the arm where it is empty


class Arm(NamedTuple):
    modalities: tuple[str, ...] = ALL
    phases: tuple[Phase, ...] = (Phase(1.0, THREE),)
    switches: Switches = Switches()
    length: float = 1.0  # of the full number of steps
    clips: bool = False  # estimation on clips of three frames
    curve: bool = False  # generation loss along the way
    apart: bool = False  # measured also when asked for one modality at a time
    settle: bool = False  # the learning rate falls at the end of every phase, where it is measured, not of the last alone
    idle: bool = False  # steps of referring train nothing; else an arm without segmentation estimates in them


ARMS = {
    'unified': Arm(curve=True, apart=True),
    'rgb-only': Arm(modalities=(), phases=(Phase(1.0, GENERATE),), curve=True),
    'estimate': Arm(phases=(Phase(1.0, ESTIMATE),)),
    'generate': Arm(phases=(Phase(1.0, GENERATE),), curve=True),
    'depth': Arm(modalities=('depth',)),
    'depth+segmentation': Arm(modalities=('depth', 'segmentation')),
    'segmentation': Arm(modalities=('segmentation',)),
    'no-in-context': Arm(switches=Switches(in_context=False), apart=True),
    'no-switcher': Arm(switches=Switches(switcher=False), apart=True),
    'neither': Arm(switches=Switches(in_context=False, switcher=False), apart=True),
    'no-experts': Arm(switches=Switches(experts=False), apart=True),
    'causal': Arm(phases=(Phase(1.0, {'estimate': 0.65, 'generate': 0.35}),), clips=True),
    'full': Arm(phases=(Phase(1.0, {'estimate': 0.65, 'generate': 0.35}),), clips=True, switches=Switches(full=True)),
    'estimate,generate': Arm(phases=(Phase(0.55, ESTIMATE), Phase(0.45, PAINT)), settle=True),
    'generate,estimate': Arm(phases=(Phase(0.45, PAINT), Phase(0.55, ESTIMATE)), settle=True),
    'estimate part': Arm(phases=(Phase(1.0, ESTIMATE),), length=0.55),
    'generate part': Arm(phases=(Phase(1.0, GENERATE),), length=0.25),
    'full longer': Arm(phases=(Phase(1.0, {'estimate': 0.65, 'generate': 0.35}),), clips=True, switches=Switches(full=True), length=1.45),  # as long as `causal` takes
    'depth alike': Arm(modalities=('depth',), idle=True),
    'paper order': Arm(phases=(Phase(1.0, PAPER),)),
    'tasks alike': Arm(phases=(Phase(1.0, ALIKE),)),
    'generate most': Arm(phases=(Phase(1.0, GENERATE_MOST),)),
    'curriculum': Arm(phases=(Phase(0.5, THREE, ALIGNED), Phase(0.5, THREE))),
}
EXTRA = ('depth alike', 'full longer', 'generate,estimate', 'segmentation')  # run last, as time allows


class Test(NamedTuple):
    """The claim says that `ours` is better than `other` on every one of `measures` (of `none_worse`: not worse)."""

    claim: int
    what: str
    ours: str
    other: str
    measures: tuple[str, ...]
    none_worse: bool = False
    ours_at: str = 'end'
    other_at: str = 'end'


HEADS = ('depth_log_error', 'miou', 'part_accuracy', 'heat_loss')
SINGLE = ('single_depth_log_error', 'single_miou', 'single_part_accuracy', 'single_heat_loss')
MADE = tuple(f'generate_{m}' for m in ALL)
JOINT = ('joint_rgb', 'joint_streams')

TESTS = (
    Test(1, 'two against one: depth and generation from depth', 'depth+segmentation', 'depth', ('depth_log_error', 'generate_depth', 'generate_text')),
    Test(1, 'two against one: segmentation and generation from it', 'depth+segmentation', 'segmentation', ('miou', 'generate_segmentation', 'generate_text')),
    Test(1, 'five against one: depth', 'unified', 'depth', ('depth_log_error', 'generate_depth', 'generate_text')),
    Test(1, 'five against one: segmentation', 'unified', 'segmentation', ('miou', 'refer_iou', 'generate_segmentation', 'generate_text')),
    Test(1, 'five against two', 'unified', 'depth+segmentation', ('depth_log_error', 'miou', 'refer_iou', 'generate_depth', 'generate_segmentation', 'generate_text')),
    Test(2, 'all tasks against estimation alone, equal steps', 'unified', 'estimate', (*HEADS, 'refer_iou')),
    Test(2, 'all tasks against estimation alone, equally many estimating steps', 'unified', 'estimate part', (*HEADS, 'refer_iou')),
    Test(2, 'all tasks against generation alone, equal steps', 'unified', 'generate', (*MADE, 'generate_text')),
    Test(2, 'all tasks against generation alone, equally many generating steps', 'unified', 'generate part', (*MADE, 'generate_text')),
    Test(3, 'with against without in-context learner', 'unified', 'no-in-context', (*SINGLE, *MADE, *JOINT, 'refer_iou', 'refer_held_out_iou')),
    Test(3, 'with against without switcher', 'unified', 'no-switcher', (*SINGLE, *MADE, *JOINT, 'refer_iou')),
    Test(3, 'with against without both', 'unified', 'neither', (*SINGLE, *MADE, *JOINT, 'refer_iou', 'refer_held_out_iou')),
    Test(3, 'with against without expert layers', 'unified', 'no-experts', (*SINGLE, *MADE, *JOINT)),
    Test(4, 'unified against RGB only, equal steps', 'unified', 'rgb-only', ('generate_text',)),
    Test(4, 'unified, its best view of RGB (joint), against RGB only', 'unified', 'rgb-only', ('joint_rgb|generate_text',)),
    Test(5, 'depth after segmentation was added', 'depth+segmentation', 'depth', ('depth_log_error', 'generate_depth'), none_worse=True),
    Test(5, 'depth after four were added', 'unified', 'depth', ('depth_log_error', 'generate_depth'), none_worse=True),
    Test(5, 'depth after segmentation was added, equally many estimating steps', 'depth+segmentation', 'depth alike', ('depth_log_error', 'generate_depth'), none_worse=True),
    Test(5, 'depth after four were added, equally many estimating steps', 'unified', 'depth alike', ('depth_log_error', 'generate_depth'), none_worse=True),
    Test(5, 'depth and segmentation after three more were added', 'unified', 'depth+segmentation', ('depth_log_error', 'miou', 'generate_depth', 'generate_segmentation'), none_worse=True),
    Test(6, 'clean-first and causal against full attention', 'causal', 'full', (*(f'clip_{m}' for m in HEADS), *MADE), none_worse=True),
    Test(6, 'clean-first and causal against full attention, equal training time', 'causal', 'full longer', (*(f'clip_{m}' for m in HEADS), *MADE), none_worse=True),
    Test(7, 'joint against estimation first, then generation', 'unified', 'estimate,generate', (*HEADS, 'refer_iou', *MADE, 'joint_rgb', 'joint_streams')),
    Test(7, 'joint against generation first, then estimation', 'unified', 'generate,estimate', (*HEADS, 'refer_iou', *MADE, 'joint_rgb', 'joint_streams')),
    Test(7, 'forgetting: estimation before against after the generating half', 'estimate,generate', 'estimate,generate', HEADS, ours_at='phase 1', other_at='end'),
    Test(7, 'forgetting: generation before against after the estimating half', 'generate,estimate', 'generate,estimate', (*MADE, 'joint_rgb'), ours_at='phase 1', other_at='end'),
    Test(8, "the paper's order of the tasks' probabilities against ours: estimation", 'paper order', 'unified', (*HEADS, 'refer_iou')),
    Test(8, "the paper's order of the tasks' probabilities against ours: generation", 'paper order', 'unified', (*MADE, 'generate_text', *JOINT)),
    Test(8, "the paper's order against all tasks alike: estimation", 'paper order', 'tasks alike', (*HEADS, 'refer_iou')),
    Test(8, "the paper's order against all tasks alike: generation", 'paper order', 'tasks alike', (*MADE, 'generate_text', *JOINT)),
    Test(8, "the paper's order against generation most often: estimation", 'paper order', 'generate most', (*HEADS, 'refer_iou')),
    Test(8, "the paper's order against generation most often: generation", 'paper order', 'generate most', (*MADE, 'generate_text', *JOINT)),
    Test(9, 'curriculum (depth, flow, DensePose first) against all five at once: estimation', 'curriculum', 'unified', (*HEADS, 'refer_iou')),
    Test(9, 'curriculum against all five at once: generation', 'curriculum', 'unified', (*MADE, 'generate_text', *JOINT)),
)
HIGHER = ('miou', 'part_accuracy', 'refer_iou', 'refer_held_out_iou', 'single_miou', 'single_part_accuracy', 'clip_miou', 'clip_part_accuracy', 'pck')
