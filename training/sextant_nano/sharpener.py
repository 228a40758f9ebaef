"""Small modality streams, as joint generation makes them, at full size: edges where the small picture and its neighbours say they are.

A pixel takes the value of one of the nine cells round it, in shares that a network says (RAFT's convex upsampling, Teed and Deng 2020, section 3.2):
names (classes, joints, parts) stay names at an edge, where anything in between would be a third one. What no cell holds, as limbs
thinner than a cell, is added by heads of each modality's own. Where joints are among limbs no regression says by dots (the median of a dot that may be
anywhere is no dot), so people are said as estimation says them: heat maps of joints and centres, and offsets to the centres.
"""
from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

BLOCK = 8  # pixels of a side of a cell of the small grid
STREAMS = 5
OWN = 16  # channels that each modality's own first layer gives
WIDTHS = (80, 48, 32)  # at 1/8, 1/4, 1/2
AROUND = 9  # cells that a pixel chooses from
HELD = 4.0  # the logit of its own cell before training
POSE = 20  # 17 joints, the centre, the offset to it (model.py)


class Residual(nn.Module):
    def __init__(self, width: int):
        super().__init__()
        self.first, self.second = (nn.Conv2d(width, width, 3, padding=1) for _ in range(2))

    def forward(self, x: Tensor) -> Tensor:
        return x + self.second(F.silu(self.first(F.silu(x))))


class Sharpener(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        at8, at4, at2 = WIDTHS
        self.experts = nn.Conv2d(3 * STREAMS, OWN * STREAMS, 3, padding=1, groups=STREAMS)
        self.join = nn.Conv2d(OWN + 3, at8, 3, padding=1)
        self.at8 = nn.Sequential(Residual(at8), Residual(at8))
        self.to4 = nn.Conv2d(at8, 4 * at4, 1)
        self.at4 = Residual(at4)
        self.pose = nn.Conv2d(at4, POSE, 3, padding=1)
        self.to2 = nn.Conv2d(at4, 4 * at2, 1)
        self.at2 = Residual(at2)
        self.out = nn.Conv2d(at2, 4 * (AROUND + 3 * STREAMS), 3, padding=1)
        nn.init.zeros_(self.out.weight)
        nn.init.zeros_(self.out.bias)
        nn.init.constant_(self.pose.bias[:POSE - 2], -4.0)
        with torch.no_grad():
            self.out.bias[4 * (AROUND // 2):4 * (AROUND // 2) + 4] = HELD

    def forward(self, picture: Tensor, cells: Tensor, select: Tensor) -> tuple[Tensor, Tensor]:
        """picture [B,3,h,w] and cells [B,15,h,w] in [-1, 1], select [B,5] -> streams [B,15,8h,8w], those not selected 0; people [B,20,2h,2w] as the head of skeletons gives them."""
        b, _, h, w = cells.shape
        chosen = select.repeat_interleave(3, dim=1)[:, :, None, None]
        cells = cells * chosen
        own = (self.experts(cells).view(b, STREAMS, OWN, h, w) * select[:, :, None, None, None]).sum(1)
        x = self.at8(self.join(torch.cat((own, picture), dim=1)))
        x = self.at4(F.pixel_shuffle(self.to4(x), 2))
        pose = self.pose(F.silu(x))
        x = self.at2(F.pixel_shuffle(self.to2(x), 2))
        x = F.pixel_shuffle(self.out(F.silu(x)), 2)
        return (upsample(cells, x[:, :AROUND]) + x[:, AROUND:]) * chosen, pose


def upsample(cells: Tensor, logits: Tensor) -> Tensor:
    """cells [B,C,h,w], logits [B,9,8h,8w] -> [B,C,8h,8w]: of each pixel the mean of the 3x3 cells round its own, weighted by the softmax of its logits."""
    b, c, h, w = cells.shape
    padded = F.pad(cells, (1, 1, 1, 1), mode='replicate')
    around = torch.stack([padded[:, :, y:y + h, x:x + w] for y in range(3) for x in range(3)], dim=2)  # [B,C,9,h,w]
    shares = torch.softmax(logits, dim=1).view(b, AROUND, h, BLOCK, w, BLOCK).permute(0, 2, 4, 1, 3, 5).reshape(b, h, w, AROUND, BLOCK * BLOCK)
    fine = around.permute(0, 3, 4, 1, 2) @ shares  # [B,h,w,C,64]
    return fine.view(b, h, w, c, BLOCK, BLOCK).permute(0, 3, 1, 4, 2, 5).reshape(b, c, h * BLOCK, w * BLOCK)
