"""Self-supervision of depth on unlabelled real pairs of a moving camera: what stands still moves in the picture as one rigid motion,
in parallax inversely proportional to depth.

The picture's motion of a still scene is linear in the camera's velocity (Longuet-Higgins and Prazdny 1980): with x, y in focal
lengths from the principal point, inverse depth r, translation T and rotation w,

    u = f [ r (x Tz - Tx) + x y wx - (1 + x^2) wy + y wz ],    v = f [ r (y Tz - Ty) + (1 + y^2) wx - x y wy - x wz ]

so T and w come from the measured flow by weighted least squares, whatever the scale of r. What is left of the flow then tells
where r is wrong, or where something moves by itself: robust weights leave the latter out.
"""
from __future__ import annotations

import torch
from torch import Tensor

ROUNDS = 6  # of reweighted least squares
LEAST_PARALLAX = 0.5  # pixels, median: less, and the flow says nothing about depth
LEAST_STILL = 0.5  # of the pixels must follow the rigid motion
TOLERANCE = 0.6  # pixels of flow: its own error


def bases(height: int, width: int, focal: Tensor, centre: Tensor) -> tuple[Tensor, Tensor]:
    """Flow in pixels per unit of translation * inverse depth [B,h,w,2,3], and per unit of rotation [B,h,w,2,3]; focal [B] and centre
    [B,2] in pixels of the grid."""
    ys, xs = torch.meshgrid(torch.arange(height, device=focal.device), torch.arange(width, device=focal.device), indexing='ij')
    f = focal[:, None, None]
    x, y = (xs - centre[:, 0, None, None]) / f, (ys - centre[:, 1, None, None]) / f
    one, nothing = torch.ones_like(x), torch.zeros_like(x)
    along = torch.stack((torch.stack((-one, nothing, x), -1), torch.stack((nothing, -one, y), -1)), -2)
    around = torch.stack((torch.stack((x * y, -(1 + x * x), y), -1), torch.stack((1 + y * y, -x * y, -x), -1)), -2)
    return along * f[..., None, None], around * f[..., None, None]


@torch.no_grad()
def camera_motion(design: Tensor, flow: Tensor, seen: Tensor) -> tuple[Tensor, Tensor]:
    """The six velocities [B,6] that explain flow [B,n,2] through design [B,n,2,6], and the weight [B,n] of each pixel (0..1)."""
    weight = seen.clone()
    velocity = design.new_zeros(design.shape[0], 6)
    for _ in range(ROUNDS):
        a = (design * weight[..., None, None]).flatten(1, 2)
        normal = a.transpose(1, 2) @ design.flatten(1, 2)
        # columns differ in size by the depth's unit: the ridge is relative to each one's own
        ridge = torch.diag_embed(1e-4 * normal.diagonal(dim1=1, dim2=2) + 1e-9)
        velocity = torch.linalg.solve(normal + ridge, (a.transpose(1, 2) @ flow.flatten(1)[..., None]))[..., 0]
        error = torch.linalg.vector_norm((design @ velocity[:, None, :, None])[..., 0] - flow, dim=-1)
        scale = TOLERANCE + torch.stack([e[s > 0].median() if (s > 0).any() else e.new_tensor(1e3) for e, s in zip(error, seen)])
        weight = seen / (1 + (error / scale[:, None]) ** 2) ** 2
    return velocity, weight


def loss(log_depth: Tensor, sky_logit: Tensor, flow: Tensor, seen: Tensor, focal: Tensor, centre: Tensor) -> Tensor:
    """log_depth, sky_logit [B,h,w]; flow [B,2,h,w] from the frame before in pixels of this grid, seen [B,h,w] where it can be trusted;
    focal [B], centre [B,2]. The mean robust residual flow in units of the median parallax; 0 for pairs that say nothing about depth.
    The gradient reaches depth alone: the camera's motion is taken as found. In fp32, whatever autocast is on: bf16's normal equations have three digits."""
    with torch.autocast(log_depth.device.type, enabled=False):
        b, height, width = log_depth.shape
        along, around = bases(height, width, focal.float(), centre.float())
        log_depth = log_depth.float()
        inverse = torch.exp(log_depth.detach().flatten(1).median(1).values[:, None, None] - log_depth)
        inverse = inverse * (torch.sigmoid(sky_logit.detach().float()) < 0.5)  # no parallax in the sky
        target = flow.float().permute(0, 2, 3, 1).flatten(1, 2)
        design = torch.cat((along * inverse.detach()[..., None, None], around), -1).flatten(1, 2)
        trusted = seen.float().flatten(1)
        velocity, weight = camera_motion(design, target, trusted)
        parallax = (along.flatten(1, 2) @ velocity[:, None, :3, None])[..., 0] * inverse.flatten(1)[..., None]
        turning = (around.flatten(1, 2) @ velocity[:, None, 3:, None])[..., 0]
        residual = torch.linalg.vector_norm(parallax + turning - target, dim=-1)
        size = torch.stack([p[s > 0].median() if (s > 0).any() else p.new_tensor(0.0) for p, s in zip(torch.linalg.vector_norm(parallax.detach(), dim=-1), trusted)])
        # the part of the parallax that the weights still believe in
        still = weight.sum(1) / trusted.sum(1).clamp(min=1)
        use = ((size > LEAST_PARALLAX) & (still > LEAST_STILL) & (trusted.mean(1) > 0.3)).float()
        robust = torch.sqrt(residual ** 2 + TOLERANCE ** 2) - TOLERANCE
        per_pair = (robust * weight).sum(1) / weight.sum(1).clamp(min=1) / size.clamp(min=LEAST_PARALLAX)
        return (per_pair * use).sum() / b
