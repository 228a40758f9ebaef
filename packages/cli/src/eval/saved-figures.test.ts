import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { withBaseline } from './report.js';
import type { Report } from './report.js';
import { readFlows, readReports } from './saved-figures.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sextant-figures-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function file(name: string, text: string): Promise<string> {
  await writeFile(join(folder, name), text);
  return join(folder, name);
}

describe('saved figures', () => {
  it('come back as a baseline, with what could not be measured', async () => {
    const report: Report = { task: 'depth', set: 'world', items: 1, frames: 1, metrics: { absRel: 0.5, ece: Number.NaN, sparsification: { 50: 0.25 } }, baselines: {} };
    const path = await file('old.jsonl', `{"event":"note"}\n${JSON.stringify({ event: 'metrics', ...report })}\n`);
    const [withOld] = withBaseline([report], 'previousVersion', await readReports(path));
    expect(withOld.baselines).toEqual({ previousVersion: report.metrics });
  });

  it('of flow methods come by method, DIS where none is named', async () => {
    const path = await file('flows.json', JSON.stringify([
      { set: 'world', metrics: { epe: 1, fl: 2 } }, { set: 'world', method: 'farneback', metrics: { epe: 3, fl: 4 } },
    ]));
    expect(await readFlows(path)).toEqual([
      { name: 'dis', reports: [{ task: 'flow', set: 'world', metrics: { epe: 1, fl: 2 } }] },
      { name: 'farneback', reports: [{ task: 'flow', set: 'world', metrics: { epe: 3, fl: 4 } }] },
    ]);
  });

  it('are refused by the name of their file', async () => {
    const path = await file('empty.jsonl', '{"event":"note"}\n');
    await expect(readReports(path)).rejects.toMatchObject({ code: 'bad-config', message: expect.stringContaining('empty.jsonl') });
    await expect(readFlows(join(folder, 'none.json'))).rejects.toMatchObject({ code: 'bad-config' });
  });
});
