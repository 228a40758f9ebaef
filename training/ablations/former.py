"""The ablations were written for the generator of their day, which made pictures at full size: imported by what needs that one."""
from sextant_nano import generator

if not hasattr(generator, 'PREVIOUS'):
    raise SystemExit('the ablations are of the network before commit 441ccc6, whose generator this checkout no longer has: '
                     'git worktree add ../ablations 516f227, and run them there')
