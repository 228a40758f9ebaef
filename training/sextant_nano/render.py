"""Keeps a folder filled with rendered records: N Node processes of the world, each on its own seeds.

    python -m sextant_nano.render --assets ../shared/assets --out runs/records --processes 2 --limit 20000

Records are replaced oldest first beyond --limit. A seed that fails is skipped; where one after another does, or a record cannot be read or stored, it ends with 1. Seeds below 1 000 000 belong to evaluation and are never rendered here.
"""
from __future__ import annotations

import argparse
import subprocess
import sys
import threading
import time
from pathlib import Path

from . import records

ROOT = Path(__file__).resolve().parents[2]
FIRST_TRAINING_SEED = 1_000_000
MOST_FAILURES = 10  # of a process one after another without a record: more are no world's fault


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument('--assets', help='folder of open assets; without it the procedural world is rendered')
    p.add_argument('--out', type=Path, required=True)
    p.add_argument('--processes', type=int, default=1)
    p.add_argument('--limit', type=int, default=20000, help='records kept on disk')
    p.add_argument('--sizes', default='160x128,192x144,128x160,176x128,208x156')
    p.add_argument('--instants', type=int, default=3)
    p.add_argument('--frames', type=int, default=2, help='frames per record, with flow between each two')
    p.add_argument('--sensor', action='store_true', help='a camera with lens distortion, rolling shutter, blur, noise and changing exposure')
    p.add_argument('--rig', help='what every camera is carried by or drawn for (scene/wishes.ts), selfie for one; without it the seed decides')
    p.add_argument('--first-seed', type=int, default=FIRST_TRAINING_SEED)
    p.add_argument('--count', type=int, default=0, help='worlds per process; 0 = until stopped')
    a = p.parse_args()
    if a.first_seed < FIRST_TRAINING_SEED:
        p.error(f'--first-seed {a.first_seed}: seeds below {FIRST_TRAINING_SEED} are kept for evaluation')
    a.out.mkdir(parents=True, exist_ok=True)
    made, broken = [0], [0]

    def feed(index: int) -> None:
        start, failures = a.first_seed + index, 0
        while True:
            command = ['node', str(ROOT / 'packages/world/bin/stream.mjs'), '--seed-start', str(start), '--seed-step', str(a.processes),
                       '--count', str(a.count or 1_000_000), '--vary-size', a.sizes, '--frames', str(a.frames), '--instants', str(a.instants)]
            if a.sensor:
                command.append('--sensor')
            if a.rig:
                command += ['--rig', a.rig]
            if a.assets:
                command += ['--assets', a.assets]
            process = subprocess.Popen(command, stdout=subprocess.PIPE)
            assert process.stdout
            part = 0
            try:
                for record in records.read_pipe(process.stdout):
                    seed = record['meta']['seed']
                    part = part + 1 if seed == start - a.processes else 0
                    start = seed + a.processes
                    records.save(record, a.out / f'{seed:09d}-{part}.rec')
                    made[0] += 1
                    failures = 0
            except EOFError as error:
                print(f'render: {error}', file=sys.stderr)
            except Exception:
                process.kill()
                raise
            if process.wait() == 0:
                return
            print(f'render: process {index} ended with {process.returncode} near seed {start}; skipping it', file=sys.stderr)
            start += a.processes
            failures += 1
            if failures == MOST_FAILURES:
                print(f'render: process {index} ended {failures} times without a record: is the repository built?', file=sys.stderr)
                broken[0] += 1
                return

    def run(index: int) -> None:
        try:
            feed(index)
        except Exception as error:  # a full disk, a pipe that holds something else: no next seed mends it
            print(f'render: process {index} ended: {type(error).__name__}: {error}', file=sys.stderr)
            broken[0] += 1

    threads = [threading.Thread(target=run, args=(i,), daemon=True) for i in range(a.processes)]
    for t in threads:
        t.start()
    began = time.time()
    while any(t.is_alive() for t in threads):
        for t in threads:
            t.join(20 / len(threads))
        files = sorted(a.out.glob('*.rec'), key=lambda f: f.stat().st_mtime)
        for old in files[:max(0, len(files) - a.limit)]:
            old.unlink(missing_ok=True)
        print(f'render: {made[0]} records, {made[0] / (time.time() - began):.2f}/s, {len(files)} on disk', file=sys.stderr, flush=True)
    if broken[0]:
        sys.exit(1)


if __name__ == '__main__':
    main()
