import { readFile } from 'node:fs/promises';
import { MODALITIES, SextantError } from '@sextant/core';
import { z } from 'zod';
import type { Report } from './report.js';

/** A saved evaluation: what `withBaseline` takes. */
type Saved = Pick<Report, 'task' | 'set' | 'metrics'>;

/** JSON has no NaN: `null` stands for it. */
const FIGURE = z.number().nullable().transform((value) => value ?? Number.NaN);
const REPORT = z.object({
  task: z.enum([...MODALITIES, 'steadiness', 'tracking']), set: z.string(), metrics: z.record(z.string(), z.union([FIGURE, z.record(z.string(), FIGURE)])),
});
const FLOWS = z.array(z.object({ set: z.string(), method: z.string().default('dis'), metrics: z.object({ epe: z.number(), fl: z.number() }) }));

/** The figures of other flow methods, by method. @throws SextantError `bad-config`. */
export async function readFlows(path: string): Promise<readonly { readonly name: string; readonly reports: readonly Saved[] }[]> {
  const flows = await read(path, (text) => FLOWS.parse(JSON.parse(text)), 'Write it with training/baselines/dis_flow.py.');
  return [...new Set(flows.map(({ method }) => method))].map((name) => ({
    name, reports: flows.filter(({ method }) => method === name).map(({ set, metrics }) => ({ task: 'flow' as const, set, metrics })),
  }));
}

/** The `metrics` lines of a saved `sextant eval --json`; other lines do not matter. @throws SextantError `bad-config`. */
export function readReports(path: string): Promise<readonly Saved[]> {
  return read(path, (text) => {
    const lines = text.split('\n').filter((line) => line.trim() !== '').map((line) => JSON.parse(line) as { event?: unknown });
    const reports = lines.filter(({ event }) => event === 'metrics').map((line) => REPORT.parse(line));
    if (reports.length === 0) throw new Error('no metrics line');
    return reports;
  }, 'Save it with: sextant eval ... --json > file.jsonl');
}

async function read<T>(path: string, parse: (text: string) => T, hint: string): Promise<T> {
  try {
    return parse(await readFile(path, 'utf8'));
  } catch (cause) {
    throw new SextantError('bad-config', `${path} holds no figures: ${cause instanceof Error ? cause.message : String(cause)}`, { hint, details: { path }, cause });
  }
}
