"""What the exporter says of checkpoints that do not fit: keys missing, unexpected, of another shape; damaged and doubled files.

    python -m unityvideo.check_checkpoint
"""

import tempfile
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

from .checkpoint import Checkpoint, CheckpointError
from .config import MINIATURE
from .miniature import write_miniature
from .trunk import UnityVideo


def refusal(action) -> str:
    try:
        action()
    except CheckpointError as error:
        return str(error)
    raise AssertionError("it was not refused")


def main() -> None:
    with tempfile.TemporaryDirectory() as base:
        folder = Path(base)
        write_miniature(folder)
        network = UnityVideo(MINIATURE.trunk)
        assert Checkpoint([folder]).compare(network).fits
        shards = sorted(folder.glob("*.safetensors"))
        whole = load_file(shards[1])

        changed = {**whole}
        gone = "base.blocks.1.cross_attn.norm_q.weight"
        owner = next(s for s in shards if gone in load_file(s))
        assert owner == shards[1] or gone not in changed
        lost = gone if gone in changed else next(iter(changed))
        bent = next(k for k in changed if k != lost and changed[k].dim() == 2)
        del changed[lost]
        changed["base.img_emb.proj.0.weight"] = torch.zeros(3)
        changed[bent] = changed[bent][:, :-1].contiguous()
        save_file(changed, shards[1])
        found = Checkpoint([folder]).compare(network)
        assert (found.missing, found.unexpected, [w[0] for w in found.wrong_shape]) == ([lost], ["base.img_emb.proj.0.weight"], [bent]), found
        said = refusal(lambda: Checkpoint([folder]).require(network, "a UnityVideo checkpoint"))
        assert "1 missing, 1 unexpected, 1 of another shape" in said and f"missing: {lost}" in said and str(list(whole[bent].shape)) in said, said

        damaged = {k: v.clone() for k, v in whole.items()}
        damaged[bent][0, 0] = float("nan")
        save_file(damaged, shards[1])
        assert bent in refusal(lambda: Checkpoint([folder]).load_into(network))

        save_file(whole, shards[1])
        assert "is in both" in refusal(lambda: Checkpoint([folder, shards[0]]))
        shards[1].write_bytes(shards[1].read_bytes()[:-100])
        assert "cannot be read as safetensors" in refusal(lambda: Checkpoint([folder]))
        assert "does not exist" in refusal(lambda: Checkpoint([folder / "none.safetensors"]))
        text = folder / "models_t5_umt5-xxl-enc-bf16.pth"
        text.write_bytes(text.read_bytes()[:1000])
        assert "cannot be read as a PyTorch state dict" in refusal(lambda: Checkpoint([text]))
        torch.save({"step": 3}, text)
        assert "not a plain state dict" in refusal(lambda: Checkpoint([text]))
    print("checkpoint: missing, unexpected, bent, damaged, doubled and cut files are told apart")


if __name__ == "__main__":
    main()
