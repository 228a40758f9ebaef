import { cp, mkdir, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Output } from '../cli/output.js';
import { makeDataset } from './dataset.js';

const TINY = fileURLToPath(new URL('../../../model/test/fixtures/tiny-unified', import.meta.url));

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'sextant-dataset-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

it.each([
  ['models', 'check: {model: ./model, reject: {depth: 1}}', 'model-damaged'],
  ['assets', 'assets: ./assets', 'source-missing'],
])('deletes an older data set when the %s are there that the new one needs', async (what, key, code) => {
  await cp(TINY, join(root, 'model'), { recursive: true });
  await truncate(join(root, 'model/depth.onnx'), 1);
  await mkdir(join(root, 'assets'), { recursive: true });
  await writeFile(join(root, 'assets/index.json'), JSON.stringify([{ path: 'objects/chair/chair_1.glb', kind: 'object' }]));
  const [recipe, out] = [join(root, `${what}.yaml`), join(root, `of ${what}`)];
  await mkdir(out);
  await writeFile(recipe, `clips: 1\nseeds: 2000000\n${key}\n`);
  const older = JSON.stringify({ kind: 'dataset', complete: true, identity: {}, counts: { clips: 1, missing: 0 } });
  await writeFile(join(out, 'manifest.json'), older);
  const work = { output: new Output(true), signal: new AbortController().signal, stoppedBy: () => undefined };
  await expect(makeDataset({ recipe, out, workers: 1, device: 'cpu', overwrite: true }, work)).rejects.toMatchObject({ code });
  expect(await readFile(join(out, 'manifest.json'), 'utf8')).toBe(older);
});
