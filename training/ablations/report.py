"""Prints the tables of README.md from the results, and draws the curves of claim 4.

    python -m ablations.report --results ablations/results.jsonl --curves ablations/curves.png

The rule, fixed before the runs. For every seed that both arms have, the difference between them, counted so that positive is better
for the claim; over the seeds its mean and its 95 % interval (Student's t). A measure is better or worse if the interval leaves out 0,
else not resolved. A claim that something is *better* is `supported` where more than half of its measures are better and none is
worse, `supported in part` where some are and none is worse, `opposite` where some are worse and none is better, `mixed` where there
are both, else `not resolved`. A claim that something is *not worse* is `opposite` where a whole interval lies below 0, else `supported`
where every interval lies above -5 % of the other arm's mean, else `not resolved`. Nothing is corrected for the number of comparisons:
one in twenty is expected to look resolved by chance.
"""
from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np

from .arms import ARMS, HIGHER, TESTS, Test

T95 = (12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262)  # Student's t, 97.5 %, 1 to 9 degrees of freedom
MARGIN = 0.05  # of the other arm's mean: what still counts as not worse
CLAIMS = {
    1: 'one modality against two against five', 2: 'estimation only, generation only, all three tasks', 3: 'without in-context learner, switcher, both, expert layers',
    4: 'convergence of the generation loss, RGB only against unified', 5: 'adding modalities does not hurt the older ones',
    6: 'clean-first and causal against full attention', 7: 'sequential against joint training', 8: "the tasks' probabilities", 9: 'curriculum of modalities',
}
Results = dict[str, dict[int, dict[str, Any]]]


def load(path: Path) -> Results:
    out: Results = {}
    for line in path.read_text().splitlines():
        r = json.loads(line)
        out.setdefault(r['arm'], {})[r['seed']] = r
    return out


def interval(values: np.ndarray) -> tuple[float, float, float]:
    """Mean, standard error and the half width of the 95 % interval of two or more values."""
    error = float(values.std(ddof=1) / np.sqrt(len(values)))
    return float(values.mean()), error, T95[len(values) - 2] * error


def compare(results: Results, test: Test, measure: str) -> dict[str, Any] | None:
    """The paired difference of one measure; None where fewer than two seeds have both."""
    a, b = measure.split('|') if '|' in measure else (measure, measure)
    ours, other = results.get(test.ours, {}), results.get(test.other, {})
    pairs = [(ours[s]['at'][test.ours_at][a], other[s]['at'][test.other_at][b]) for s in sorted(set(ours) & set(other))]
    if len(pairs) < 2:
        return None
    x, y = np.array(pairs).T
    mean, error, half = interval((x - y) * (1 if a in HIGHER else -1))
    state = 'better' if mean > half else 'worse' if mean < -half else 'not resolved'
    return {'measure': a if a == b else f'{a} against {b}', 'ours': x, 'other': y, 'mean': mean, 'error': error, 'half': half, 'state': state, 'level': abs(float(y.mean())),
            'not_worse': mean - half > -MARGIN * abs(float(y.mean()))}


def verdict(rows: list[dict[str, Any]], none_worse: bool) -> str:
    better, worse = sum(r['state'] == 'better' for r in rows), sum(r['state'] == 'worse' for r in rows)
    if none_worse:
        return 'opposite' if worse else 'supported' if all(r['not_worse'] for r in rows) else 'not resolved'
    if better and worse:
        return 'mixed'
    if worse:
        return 'opposite'
    return 'supported' if better > len(rows) / 2 else 'supported in part' if better else 'not resolved'


def spread(values: np.ndarray) -> str:
    return f'{values.mean():.4f} ± {values.std(ddof=1):.4f}' if len(values) > 1 else f'{values[0]:.4f}'


def claims(results: Results) -> None:
    summary, chapters = [], []
    for claim, title in CLAIMS.items():
        chapters.append(f'\n### {claim} {title}\n')
        for test in (t for t in TESTS if t.claim == claim):
            rows = [r for m in test.measures if (r := compare(results, test, m))]
            if not rows:
                chapters.append(f'**{test.what}**: not run on two seeds or more.\n')
                continue
            word = verdict(rows, test.none_worse)
            away = sum(r['mean'] < 0 for r in rows)
            summary.append(f'| {claim} | {test.what} | {len(rows[0]["ours"])} | {sum(r["state"] == "better" for r in rows)} / {sum(r["state"] == "worse" for r in rows)} / {len(rows)} | {away} | **{word}** |')
            ours, other = (f'{arm}{"" if at == "end" else f" ({at})"}' for arm, at in ((test.ours, test.ours_at), (test.other, test.other_at)))
            chapters.append(f'**{test.what}**: {word}{" (claim: not worse)" if test.none_worse else ""}\n')
            chapters.append(f'| measure | {ours} | {other} | difference, + is better | 95 % interval | in % | |\n|---|---|---|---|---|---|---|')
            for r in rows:
                mark = r['state'] if r['state'] != 'not resolved' else 'over 2 standard errors' if abs(r['mean']) > 2 * r['error'] else ''
                if test.none_worse and r['not_worse']:
                    mark = f'{mark}{", " if mark else ""}not worse'
                chapters.append(f'| {r["measure"]} | {spread(r["ours"])} | {spread(r["other"])} | {r["mean"]:+.4f} | {r["mean"] - r["half"]:+.4f} to {r["mean"] + r["half"]:+.4f} | {100 * r["mean"] / max(1e-9, r["level"]):+.1f} | {mark} |')
            chapters.append('')
    print('| claim | comparison | seeds | better / worse / measures | sign the other way | verdict |\n|---|---|---|---|---|---|')
    print('\n'.join(summary))
    print('\n'.join(chapters))


def arms(results: Results) -> None:
    columns = ('depth_log_error', 'depth_abs_rel', 'miou', 'part_accuracy', 'heat_loss', 'pck', 'refer_iou', 'generate_text', 'generate_depth', 'joint_rgb', 'joint_streams')
    print('\n### Every arm, mean ± standard deviation over seeds\n')
    print('| arm | seeds | steps | training s | ' + ' | '.join(columns) + ' |\n|' + '---|' * (len(columns) + 4))
    for name in (n for n in ARMS if n in results):
        runs = list(results[name].values())
        cells = [spread(np.array([r['at']['end'][c] for r in runs])) if c in runs[0]['at']['end'] else '' for c in columns]
        print(f'| {name} | {len(runs)} | {runs[0]["steps"]} | {np.mean([r["train_cpu_s"] for r in runs]):.0f} | ' + ' | '.join(cells) + ' |')


def at_equal_painting(runs: Results, name: str, seed: int) -> np.ndarray:
    """Loss of RGB-only training at the painted steps of the other arm's points, by linear interpolation; NaN before its own first point."""
    base = runs['rgb-only'][seed]['curve']
    return np.interp([p['painted'] for p in runs[name][seed]['curve']], [p['painted'] for p in base], [p['generate_text'] for p in base], left=np.nan)


def curves(results: Results, path: Path | None) -> None:
    names = [n for n in ('rgb-only', 'generate', 'unified') if n in results]
    if 'rgb-only' not in names:
        return  # claim 4 was not run
    print('\n### Curve of the loss of RGB from text alone (claim 4)\n')
    print('| arm | ' + ' | '.join(f'step {p["step"]}' for p in next(iter(results[names[0]].values()))['curve']) + ' |\n|' + '---|' * (1 + len(next(iter(results[names[0]].values()))['curve'])))
    for name in names:
        table = np.array([[p['generate_text'] for p in r['curve']] for r in results[name].values()])
        print(f'| {name} | ' + ' | '.join(spread(c) for c in table.T) + ' |')
    for name in names[1:]:
        seeds = sorted(set(results[name]) & set(results['rgb-only']))
        table = np.array([[p['generate_text'] for p in results[name][s]['curve']] for s in seeds])
        base = np.array([[p['generate_text'] for p in results['rgb-only'][s]['curve']] for s in seeds])
        for what, against in (('equal steps', base), ('equal painting steps', np.array([at_equal_painting(results, name, s) for s in seeds]))):
            mean, _, half = interval(np.nanmean(against - table, 1))
            print(f'\n{name} against rgb-only, mean over the curve at {what}: {mean:+.4f} (95 % interval {mean - half:+.4f} to {mean + half:+.4f}; + is better than RGB only)')
    if path is None:
        return
    import matplotlib

    matplotlib.use('Agg')
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(1, 2, figsize=(10, 3.8), sharey=True)
    for axis, key, label in zip(axes, ('step', 'painted'), ('optimiser steps', 'steps that painted RGB')):
        for name, colour in zip(names, ('tab:red', 'tab:orange', 'tab:blue')):
            runs = [r['curve'] for r in results[name].values()]
            for c in runs:
                axis.plot([p[key] for p in c], [p['generate_text'] for p in c], color=colour, alpha=0.3, linewidth=0.8)
            axis.plot(np.mean([[p[key] for p in c] for c in runs], 0), np.mean([[p['generate_text'] for p in c] for c in runs], 0), 'o-', color=colour, label=name)
        axis.set_xlabel(label)
        axis.grid(alpha=0.3)
    axes[0].set_ylabel('held-out loss, RGB from text alone')
    axes[1].legend()
    figure.tight_layout()
    figure.savefig(path, dpi=90)


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument('--results', type=Path, required=True)
    p.add_argument('--curves', type=Path, help='PNG to draw (needs matplotlib)')
    a = p.parse_args()
    results = load(a.results)
    claims(results)
    arms(results)
    curves(results, a.curves)


if __name__ == '__main__':
    main()
