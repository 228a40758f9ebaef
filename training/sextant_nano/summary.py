"""What a model's weights came of, for its manifest (export.py --summary): steps and minutes of every training, from the states that they left.

    python -m sextant_nano.summary --stages runs/nano runs/unified runs/flow --out runs/summary.json
"""
from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import torch


def of_stages(folders: list[Path]) -> dict[str, Any]:
    """`stages`: by folder's name, in their order; `steps` and `hours` of all. FileNotFoundError where a folder has no state."""
    stages: dict[str, dict[str, float]] = {}
    for folder in folders:
        flow = folder / 'flow.pt'
        state = torch.load(flow if flow.exists() else folder / 'last.pt', map_location='cpu', weights_only=True)
        stages[folder.name] = {'steps': state['step'], 'minutes': round(state['seconds'] / 60, 1)}
    return {'steps': sum(s['steps'] for s in stages.values()), 'hours': round(sum(s['minutes'] for s in stages.values()) / 60, 1), 'stages': stages}


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument('--stages', type=Path, nargs='+', required=True, help='folders of trainings (--out)')
    p.add_argument('--out', type=Path, required=True)
    a = p.parse_args()
    a.out.write_text(json.dumps(of_stages(a.stages), indent=1) + '\n')


if __name__ == '__main__':
    main()
