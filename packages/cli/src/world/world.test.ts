import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Output } from '../cli/output.js';
import { renderWorld } from './world.js';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'sextant-world-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

it('takes a clip of other assets for another one, wherever assets lie', async () => {
  const assets = async (name: string, index: unknown): Promise<string> => {
    await mkdir(join(root, name));
    await writeFile(join(root, name, 'index.json'), JSON.stringify(index));
    return join(root, name);
  };
  const work = { output: Object.assign(new Output(true), { event: () => {}, note: () => {} }), signal: new AbortController().signal, stoppedBy: () => undefined };
  const render = async (folder: string): Promise<number> => renderWorld({ seed: 20, width: 16, height: 12, fps: 10, supersampling: 1, frames: 1, modalities: ['depth'], out: join(root, 'out'), assets: folder }, work);
  expect(await render(await assets('one', []))).toBe(0);
  expect(await render(await assets('the same', []))).toBe(0);
  await expect(render(await assets('other', [{ path: 'README.md', kind: 'text' }]))).rejects.toMatchObject({
    code: 'bad-argument', message: expect.stringMatching(/made with assets of 0 files \([0-9a-f]{12}\), of 1 files \([0-9a-f]{12}\) is asked for/),
  });
}, 60_000);
