"""Muon (Jordan et al. 2024) for weights that are matrices, AdamW for the rest."""
from __future__ import annotations

from typing import Any, Callable, Iterable

import torch
from torch import Tensor, nn

NEWTON_SCHULZ = (3.4445, -4.7750, 2.0315)  # coefficients of Jordan et al.: five steps bring singular values near 1
LEAST_SIDE = 9  # of a matrix: thinner ones (heads of three channels) are AdamW's, as are depthwise kernels and tables of vectors
TABLES = ('words.', 'word_place', 'switch')


def orthogonal(x: Tensor, steps: int = 5) -> Tensor:
    """About U V^T of the singular value decomposition U S V^T of a matrix."""
    tall = x.shape[0] > x.shape[1]
    x = x.T if tall else x
    x = x / (x.norm() + 1e-7)
    a, b, c = NEWTON_SCHULZ
    for _ in range(steps):
        y = x @ x.T
        x = a * x + (b * y + c * y @ y) @ x
    return x.T if tall else x


class Muon(torch.optim.Optimizer):
    """Momentum made orthogonal, for matrices and convolutions, whose kernels count as [out, in * k * k] (torch.optim.Muon takes no convolutions).

    An update has the size that AdamW's usually has (0.2 sqrt(longer side), Liu et al. 2025), so both take the same learning rate."""

    def __init__(self, params: Iterable[Any], lr: float, momentum: float = 0.95, weight_decay: float = 0.0):
        super().__init__(params, {'lr': lr, 'momentum': momentum, 'weight_decay': weight_decay})

    @torch.no_grad()
    def step(self) -> None:  # type: ignore[override]
        for group in self.param_groups:
            for p in group['params']:
                if p.grad is None:
                    continue
                momentum = self.state[p].setdefault('momentum', torch.zeros_like(p))
                momentum.lerp_(p.grad, 1 - group['momentum'])
                update = orthogonal(p.grad.lerp(momentum, group['momentum']).flatten(1))
                p.mul_(1 - group['lr'] * group['weight_decay'])
                p.add_(update.reshape(p.shape), alpha=-group['lr'] * 0.2 * max(update.shape) ** 0.5)


def is_matrix(name: str, q: Tensor) -> bool:
    depthwise = q.ndim == 4 and q.shape[1] == 1
    return q.ndim >= 2 and not depthwise and min(q.flatten(1).shape) >= LEAST_SIDE and not name.startswith(TABLES)


def pretrained_slower(name: str) -> tuple[float, float]:
    """Share of the learning rate and decay: what was pretrained (`encoder.`) goes slower and is not decayed."""
    return (0.25, 0.0) if name.startswith('encoder.') else (1.0, 0.02)


class Optimisers:
    """AdamW alone or with Muon over what learns of a model. `paces` gives each parameter's share of the learning rate and its decay, if it is a matrix."""

    def __init__(self, model: nn.Module, lr: float, muon: bool, paces: Callable[[str], tuple[float, float]] = pretrained_slower):
        named = [(n, paces(n), q) for n, q in model.named_parameters() if q.requires_grad]

        def groups(matrix: bool) -> list[dict[str, Any]]:
            return [{'params': [q for n, p, q in named if p == pace and (is_matrix(n, q) if muon else q.ndim >= 2) == matrix], 'weight_decay': pace[1] if matrix else 0.0, 'scale': pace[0]}
                    for pace in dict.fromkeys(p for _, p, _ in named)]

        matrices, rest = groups(True), groups(False)
        self.all: list[torch.optim.Optimizer] = [Muon(matrices, lr), torch.optim.AdamW(rest, lr, (0.9, 0.98))] if muon else [torch.optim.AdamW(matrices + rest, lr, (0.9, 0.98))]

    def trained(self) -> list[Tensor]:
        return [q for o in self.all for g in o.param_groups for q in g['params']]

    def rate(self, lr: float) -> None:
        for o in self.all:
            for g in o.param_groups:
                g['lr'] = lr * g['scale']

    def step(self) -> None:
        for o in self.all:
            o.step()

    def zero_grad(self) -> None:
        for o in self.all:
            o.zero_grad(set_to_none=True)

    def state_dict(self) -> list[dict[str, Any]]:
        return [o.state_dict() for o in self.all]

    def load_state_dict(self, states: list[dict[str, Any]]) -> None:
        if not isinstance(states, list):  # one AdamW's dict, whose groups were others
            raise ValueError('the state is of a training before muon.py: give --fresh-schedule')
        if len(states) != len(self.all):
            raise ValueError(f'the state is of {len(states)} optimisers, this training has {len(self.all)}: give --muon as before, or --fresh-schedule')
        for o, state in zip(self.all, states):
            o.load_state_dict(state)
