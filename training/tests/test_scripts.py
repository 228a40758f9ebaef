"""reproduce.sh and the check of this folder, the programs that they start replaced by one that writes down how it was called."""
from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

import torch

from sextant_nano import render
from sextant_nano.summary import of_stages

TRAINING = Path(__file__).resolve().parents[1]
PROGRAM = f'''#!/usr/bin/env bash
case "$*" in
*sextant_nano.render*)
  [ -z "${{RENDERER_BREAKS:-}}" ] || exit 3
  out=$(sed 's/.*--out \\([^ ]*\\).*/\\1/' <<<"$*")
  mkdir -p "$out"
  touch "$out"/{{1..1000}}.rec
  exec tail -f /dev/null ;;
*torch.cuda*) exit 1 ;;
-c*) exec {sys.executable} "$@" ;;
esac
echo "$*" >>"$CALLS"
[[ -z "${{STOPPED:-}}" || "$*" != *"$STOPPED"* ]]
'''


def program(path: Path, text: str) -> None:
    path.write_text(text)
    path.chmod(0o755)


class Folder(unittest.TestCase):
    def setUp(self) -> None:
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = Path(temporary.name)
        self.programs = self.folder / 'programs'
        self.programs.mkdir()
        self.environment = {**os.environ, 'PATH': f'{self.programs}:{os.environ["PATH"]}'}


class Reproduce(Folder):
    def setUp(self) -> None:
        super().setUp()
        for name in ('training', 'models/nano', 'clips', 'assets'):
            (self.folder / name).mkdir(parents=True)
        shutil.copy(TRAINING / 'reproduce.sh', self.folder / 'training')
        (self.folder / 'models/nano/manifest.json').write_text('{"version": "9.8.7"}')
        for name in ('python', 'torchrun'):
            program(self.programs / name, PROGRAM)
        program(self.programs / 'sleep', '#!/bin/sh\nexec /bin/sleep 0.05\n')

    def run_script(self, *minutes: str, **more: str) -> tuple[int, str, list[str]]:
        """Exit code, what it said, and the programs started but for renderers."""
        calls = self.folder / 'calls'
        calls.write_text('')
        command = ['bash', str(self.folder / 'training/reproduce.sh'), str(self.folder / 'assets'), str(self.folder / 'clips'), *minutes]
        done = subprocess.run(command, env={**self.environment, 'CALLS': str(calls), **more}, capture_output=True, text=True, timeout=120)
        return done.returncode, done.stderr, calls.read_text().splitlines()

    def test_goes_on_where_it_was_stopped(self) -> None:
        code, _, calls = self.run_script(STOPPED='--out ../runs/unified')
        self.assertEqual(code, 1)
        self.assertEqual(len(calls), 6)  # teacher.py, places.py, clip_pairs.py, train, pseudo, and what was stopped
        code, said, calls = self.run_script()
        self.assertEqual(code, 0, said)
        self.assertIn('train_unified', calls[0])
        self.assertEqual(sum('sextant_nano.train' in c for c in calls), 9)
        code, _, calls = self.run_script()
        self.assertEqual((code, [c for c in calls if 'sextant_nano.train' in c or 'pseudo' in c or 'teacher' in c]), (0, []))

    def test_what_made_the_last_version(self) -> None:
        calls = self.run_script()[2]
        estimation = next(c for c in calls if '--out ../runs/estimation ' in c)
        for option in ('--lr 3e-4', '--pairs ../runs/pairs --pair-share 0.03', '--real ../runs/pseudo --real-share 0.45'):
            self.assertIn(option, estimation)
        heads = next(c for c in calls if '--out ../runs/heads ' in c)
        self.assertIn('--weights ../runs/nano/merged.pt ../runs/estimation.pt ', heads)
        close_ups = next(c for c in calls if '--out ../runs/close_ups ' in c)
        self.assertIn('--close-ups --records ../runs/large ../runs/fine', close_ups)
        self.assertIn('--weights ../runs/nano/merged.pt ../runs/heads/ema.pt ../runs/again/ema.pt ', calls[-2])
        self.assertIn('--version 9.8.7 --summary ../runs/summary.json', calls[-2])
        self.assertIn('export_close_ups --weights ../runs/nano/merged.pt ../runs/close_ups/ema.pt ', calls[-1])
        self.assertIn('--version 1.0.0 ', self.run_script(MODEL_VERSION='1.0.0')[2][-2])

    def test_few_minutes_are_no_stage_of_none(self) -> None:
        calls = self.run_script('1', '1', '1', '2', '1')[2]
        self.assertEqual(sum('-minutes 1 ' in c + ' ' for c in calls), 9)
        self.assertFalse([c for c in calls if '-minutes 0' in c])

    def test_a_renderer_that_breaks(self) -> None:
        code, said, calls = self.run_script(RENDERER_BREAKS='1')
        self.assertEqual(code, 1)
        self.assertIn('ended before it had 1000 records', said)
        self.assertFalse(any('sextant_nano.train' in c for c in calls))


class Programs(Folder):
    def test_a_renderer_gives_up_where_every_seed_fails(self) -> None:
        program(self.programs / 'node', '#!/bin/sh\nexit 1\n')
        with mock.patch.dict(os.environ, self.environment), mock.patch.object(sys, 'argv', ['render', '--out', str(self.folder / 'records')]), mock.patch('sys.stderr'):
            self.assertRaisesRegex(SystemExit, '1', render.main)

    def test_a_renderer_tells_that_its_pipe_holds_something_else(self) -> None:
        program(self.programs / 'node', '#!/bin/sh\necho "a warning of some library"\n')
        with mock.patch.dict(os.environ, self.environment), mock.patch.object(sys, 'argv', ['render', '--out', str(self.folder / 'records')]), mock.patch('sys.stderr'):
            self.assertRaisesRegex(SystemExit, '1', render.main)

    def test_a_summary_of_all_stages(self) -> None:
        for name, file, steps in (('nano', 'last.pt', 100), ('flow', 'flow.pt', 20)):
            (self.folder / name).mkdir()
            torch.save({'step': steps, 'seconds': 5400.0}, self.folder / name / file)
        found = of_stages([self.folder / 'nano', self.folder / 'flow'])
        self.assertEqual(found, {'steps': 120, 'hours': 3.0, 'stages': {'nano': {'steps': 100, 'minutes': 90.0}, 'flow': {'steps': 20, 'minutes': 90.0}}})

    def test_a_check_without_room_fails(self) -> None:
        program(self.programs / 'df', '#!/bin/sh\necho Avail\necho 3G\n')
        environment = {k: v for k, v in self.environment.items() if k != 'SEXTANT_PYTHON'} | {'SEXTANT_CI_WORK': str(self.folder)}
        done = subprocess.run(['bash', str(TRAINING.parent / 'scripts/checks/35-training.sh')], env=environment, capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 1)
        self.assertIn('needs 12 GB', done.stdout + done.stderr)


if __name__ == '__main__':
    unittest.main()
