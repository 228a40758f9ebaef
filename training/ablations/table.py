"""Prints the lines of `sextant eval --json` of several models as one Markdown table: table.py A.json B.json ..."""
from __future__ import annotations

import json
import sys
from pathlib import Path

COLUMNS = (('depth', 'real', 'absRelScale'), ('depth', 'real', 'delta1Scale'), ('depth', 'real', 'absRelLogAffine'), ('segmentation', 'real', 'personIoU'),
           ('skeleton', 'real', 'pck01'), ('depth', 'world', 'absRelScale'), ('segmentation', 'world', 'mIoUSupersets'), ('skeleton', 'world', 'pck01'))

print('| arm |', ' | '.join(f'{s} {t} {m}' for t, s, m in COLUMNS), '|')
print('|---|' + '---|' * len(COLUMNS))
for path in map(Path, sys.argv[1:]):
    lines = {(line['task'], line['set']): line['metrics'] for line in map(json.loads, path.read_text().splitlines()) if line.get('event') == 'metrics'}
    print(f'| {path.stem} |', ' | '.join(f'{lines[t, s][m]:.3f}' for t, s, m in COLUMNS), '|')
