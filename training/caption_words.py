"""Makes sextant_nano/caption_words.txt: the network's vocabulary. caption_words.py RECORDS...

First the words of the modality prompts (their ids are in released manifests: append, never reorder), then, sorted, every word of the
records' captions, the world's class names with their plurals and supersets, and the words that count.
"""
from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

from sextant_nano import records
from sextant_nano.text import PROMPTS, plural

COUNTS = 'no one two three four five six seven eight nine ten many few several all every each the left right thing things people men women'
ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    code = "import('@sextant/world').then(w => console.log(JSON.stringify([w.CLASSES.map(c => c.name), w.SUPERSETS])))"
    text = subprocess.run(['node', '--input-type=module', '-e', code], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    names, supersets = json.loads(text)
    words = set(COUNTS.split())
    for name in [*names, *(s if isinstance(s, str) else s['name'] for s in supersets)]:
        words.update(re.findall('[a-z0-9]+', f'{name} {plural(name)}'.lower()))
    for folder in sys.argv[1:]:
        for path in sorted(Path(folder).glob('*.rec')):
            words.update(re.findall('[a-z0-9]+', records.load(path)['meta']['caption'].lower()))
    first = sorted({w for prompts in PROMPTS.values() for p in prompts for w in p.split()})
    (Path(__file__).parent / 'sextant_nano/caption_words.txt').write_text('\n'.join([*first, *sorted(words - set(first))]) + '\n')


if __name__ == '__main__':
    main()
