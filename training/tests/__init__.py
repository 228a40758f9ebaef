"""What would spoil a training without anybody noticing. In training/: python -m unittest discover -s tests -t .

Random weights and drawn arrays, one thread, no records, no downloads, no Node.
"""
import torch

torch.set_num_threads(1)
