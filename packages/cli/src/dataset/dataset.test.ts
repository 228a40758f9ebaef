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

it('deletes an older data set when the models are there that the new one needs', async () => {
  const model = join(root, 'model');
  await cp(TINY, model, { recursive: true });
  await truncate(join(model, 'depth.onnx'), 1);
  const [recipe, out] = [join(root, 'recipe.yaml'), join(root, 'out')];
  await mkdir(out);
  await writeFile(recipe, 'clips: 1\nseeds: 2000000\ncheck: {model: ./model, reject: {depth: 1}}\n');
  const older = JSON.stringify({ kind: 'dataset', complete: true, identity: {}, counts: { clips: 1, missing: 0 } });
  await writeFile(join(out, 'manifest.json'), older);
  const work = { output: new Output(true), signal: new AbortController().signal, stoppedBy: () => undefined };
  await expect(makeDataset({ recipe, out, workers: 1, device: 'cpu', overwrite: true }, work)).rejects.toMatchObject({ code: 'model-damaged' });
  expect(await readFile(join(out, 'manifest.json'), 'utf8')).toBe(older);
});
