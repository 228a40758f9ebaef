"""Checkpoints read tensor by tensor: shards are mapped into memory, never loaded whole, and compared key by key with what a network needs."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor, nn

# The published files (model card of KlingTeam/UnityVideo): SHA-256 by name.
RELEASED_SHA256 = {
    "unityvideo_wan22_ti2v_5b_step15000_ema.safetensors": "0df3909e312526c46f68097958afa055868f73354fe4276d693f7ebc398e6a39",
    "unityvideo_wan22_ti2v_5b_step15000.safetensors": "4ee83a43ffdbaee90e7ff6a25fe108d8d65d255cd0803e3972bbbfb5b01db48c",
}
RELEASED_BYTES = 10_020_954_352  # either of them


class CheckpointError(Exception):
    """Says which file or key is wrong, what was found and what to do."""


@dataclass
class Comparison:
    missing: list[str] = field(default_factory=list)
    unexpected: list[str] = field(default_factory=list)
    wrong_shape: list[tuple[str, tuple, tuple]] = field(default_factory=list)  # key, needed, found

    @property
    def fits(self) -> bool:
        return not (self.missing or self.unexpected or self.wrong_shape)

    def __str__(self) -> str:
        lines = [f"missing: {key}" for key in self.missing]
        lines += [f"unexpected: {key}" for key in self.unexpected]
        lines += [f"wrong shape: {key} is {list(found)}, needed {list(needed)}" for key, needed, found in self.wrong_shape]
        return "\n".join(lines)


class Checkpoint:
    """One network's tensors in one or several files (`.safetensors`, or `.pth` with a plain state dict)."""

    def __init__(self, paths: list[Path]):
        self.paths = shard_paths(paths)
        self._where: dict[str, tuple[int, object]] = {}
        for number, path in enumerate(self.paths):
            for name, source in _open(path).items():
                if name in self._where:
                    first = self.paths[self._where[name][0]]
                    raise CheckpointError(f"{name} is in both {first} and {path}. Give the shards of one checkpoint only.")
                self._where[name] = (number, source)

    @property
    def names(self) -> list[str]:
        return list(self._where)

    def shape(self, name: str) -> tuple[int, ...]:
        source = self._where[name][1]
        return tuple(source.shape) if isinstance(source, Tensor) else tuple(source.get_slice(name).get_shape())

    def tensor(self, name: str) -> Tensor:
        """The tensor as stored. Raises CheckpointError where it is not finite."""
        number, source = self._where[name]
        value = source if isinstance(source, Tensor) else source.get_tensor(name)
        if not torch.isfinite(value).all():
            raise CheckpointError(f"{self.paths[number]}: {name} holds NaN or infinity. The file is damaged: fetch it again and compare its SHA-256.")
        return value.detach()

    def compare(self, network: nn.Module) -> Comparison:
        needed = {name: tuple(p.shape) for name, p in network.state_dict().items()}
        return Comparison(
            missing=[name for name in needed if name not in self._where],
            unexpected=[name for name in self._where if name not in needed],
            wrong_shape=[(n, s, self.shape(n)) for n, s in needed.items() if n in self._where and self.shape(n) != s],
        )

    def require(self, network: nn.Module, what: str) -> None:
        """Raises CheckpointError with every key that is missing, unexpected or of another shape."""
        found = self.compare(network)
        if not found.fits:
            counts = f"{len(found.missing)} missing, {len(found.unexpected)} unexpected, {len(found.wrong_shape)} of another shape"
            raise CheckpointError(f"{', '.join(map(str, self.paths))}: not {what} ({counts})\n{found}")

    def load_into(self, network: nn.Module) -> None:
        """Copies all tensors, in the network's precision (for networks that fit into memory)."""
        self.require(network, type(network).__name__)
        with torch.no_grad():
            for name, parameter in network.state_dict().items():
                parameter.copy_(self.tensor(name))


def shard_paths(paths: list[Path]) -> list[Path]:
    """Files as given; a folder stands for its `.safetensors` files in order."""
    out: list[Path] = []
    for path in map(Path, paths):
        if path.is_dir():
            inside = sorted(path.glob("*.safetensors"))
            if not inside:
                raise CheckpointError(f"{path} holds no .safetensors file.")
            out += inside
        elif path.is_file():
            out.append(path)
        else:
            raise CheckpointError(f"{path} does not exist.")
    if not out:
        raise CheckpointError("No checkpoint file was given.")
    return out


def _open(path: Path) -> dict[str, object]:
    if path.suffix == ".safetensors":
        try:
            handle = safe_open(path, framework="pt")
        except (SafetensorError, OSError) as error:
            raise CheckpointError(f"{path} cannot be read as safetensors ({path.stat().st_size} bytes): {error}. Fetch it again.") from error
        return {name: handle for name in handle.keys()}
    try:
        state = torch.load(path, map_location="cpu", mmap=True, weights_only=True)
    except RuntimeError:
        # Files of the format before zip archives cannot be mapped.
        try:
            state = torch.load(path, map_location="cpu", weights_only=True)
        except Exception as error:
            raise CheckpointError(f"{path} cannot be read as a PyTorch state dict: {error}") from error
    except Exception as error:
        raise CheckpointError(f"{path} cannot be read as a PyTorch state dict: {error}") from error
    if not isinstance(state, dict) or not all(isinstance(value, Tensor) for value in state.values()):
        raise CheckpointError(f"{path} is not a plain state dict (names to tensors).")
    return dict(state)


def sha256(path: Path) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
