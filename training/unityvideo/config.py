"""Sizes of the released networks, and of the miniature that has every key of theirs in fewer layers and widths.

Sources: UnityVideo's model card and published code (Apache-2.0) for the two-stream network, Wan2.2-TI2V-5B's published configuration and code
(Apache-2.0) for trunk, VAE and text encoder.
"""

from dataclasses import dataclass, field

# Order of the embedding table in the exported graph. "raft" is what the checkpoint calls optical flow.
MODALITIES = ("depth", "raft", "segmentation", "skeleton", "densepose")

# What the checkpoint was trained with, word for word: the modality stream cross-attends to it.
MODALITY_PROMPTS = {
    "depth": "depth map visualization, scene depth from camera, near in warm colors and far in cool colors.",
    "raft": "optical flow visualization showing motion direction with color and magnitude with intensity.",
    "segmentation": "segmentation mask of foreground objects against background.",
    "skeleton": "human skeleton pose visualization with body keypoints and limbs.",
    "densepose": "densepose visualization with body part UV coordinates.",
}

# Per-channel mean and standard deviation of Wan2.2's latents (published with its VAE): the network sees (z - mean) / std.
LATENT_MEAN = (
    -0.2289, -0.0052, -0.1323, -0.2339, -0.2799, 0.0174, 0.1838, 0.1557, -0.1382, 0.0542, 0.2813, 0.0891, 0.1570, -0.0098, 0.0375, -0.1825,
    -0.2246, -0.1207, -0.0698, 0.5109, 0.2665, -0.2108, -0.2158, 0.2502, -0.2055, -0.0322, 0.1109, 0.1567, -0.0729, 0.0899, -0.2799, -0.1230,
    -0.0313, -0.1649, 0.0117, 0.0723, -0.2839, -0.2083, -0.0520, 0.3748, 0.0152, 0.1957, 0.1433, -0.2944, 0.3573, -0.0548, -0.1681, -0.0667,
)
LATENT_STD = (
    0.4765, 1.0364, 0.4514, 1.1677, 0.5313, 0.4990, 0.4818, 0.5013, 0.8158, 1.0344, 0.5894, 1.0901, 0.6885, 0.6165, 0.8454, 0.4978,
    0.5759, 0.3523, 0.7135, 0.6804, 0.5833, 1.4146, 0.8986, 0.5659, 0.7069, 0.5338, 0.4889, 0.4917, 0.4069, 0.4999, 0.6866, 0.4093,
    0.5709, 0.6065, 0.6415, 0.4944, 0.5726, 1.2042, 0.5458, 1.6887, 0.3971, 1.0600, 0.3943, 0.5537, 0.5444, 0.4089, 0.7468, 0.7744,
)


@dataclass(frozen=True)
class TrunkConfig:
    dim: int = 3072
    blocks: int = 30
    heads: int = 24
    ffn_dim: int = 14336
    freq_dim: int = 256
    text_dim: int = 4096
    channels: int = 48
    patch: tuple = (1, 2, 2)
    eps: float = 1e-6


@dataclass(frozen=True)
class VaeConfig:
    """A stage of the encoder multiplies the width by `mult`; stages 0 to 2 halve the side, stages 1 and 2 also the frames (stride 4x16x16 with
    the 2x2 pixel patches)."""

    z_dim: int = 48
    dim: int = 160
    dec_dim: int = 256
    mult: tuple = (1, 2, 4, 4)
    res_blocks: int = 2
    temporal: tuple = (False, True, True)
    mean: tuple = LATENT_MEAN
    std: tuple = LATENT_STD


@dataclass(frozen=True)
class TextConfig:
    """UMT5-XXL's encoder."""

    vocab: int = 256384
    dim: int = 4096
    attn_dim: int = 4096
    ffn_dim: int = 10240
    heads: int = 64
    layers: int = 24
    buckets: int = 32
    max_distance: int = 128
    length: int = 512  # tokens that the trunk's cross-attention sees, zeros behind the prompt


@dataclass(frozen=True)
class Layout:
    trunk: TrunkConfig = field(default_factory=TrunkConfig)
    vae: VaeConfig = field(default_factory=VaeConfig)
    text: TextConfig = field(default_factory=TextConfig)


RELEASED = Layout()
MINIATURE = Layout(
    trunk=TrunkConfig(dim=48, blocks=2, heads=2, ffn_dim=96, freq_dim=32, text_dim=32),
    vae=VaeConfig(dim=4, dec_dim=4),
    text=TextConfig(vocab=512, dim=32, attn_dim=32, ffn_dim=64, heads=2, layers=2, length=24),
)
LAYOUTS = {"released": RELEASED, "miniature": MINIATURE}
