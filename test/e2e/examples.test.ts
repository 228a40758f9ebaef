import { spawn } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import sharp from 'sharp';
import { TINY, scratch, start } from '../../packages/cli/test/command.js';
import type { Started } from '../../packages/cli/test/command.js';

jest.setTimeout(120_000);
const repository = fileURLToPath(new URL('../../', import.meta.url));
const root = scratch();

/** Runs an example to its end, as its README line says. */
function example(path: string, ...args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [join('examples', path), ...args], { cwd: repository, stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (data: Buffer) => (stdout += data.toString()));
  child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
  return new Promise((resolve) => child.once('close', (code) => {
    resolve({ code, stdout, stderr });
  }));
}

describe('examples on a running sextant', () => {
  let run: Started;
  let url: string;
  beforeAll(async () => {
    run = start('run', '--json', '--port', '0', '--source', 'sim:7', '--model', TINY, '--device', 'cpu', '--width', '96', '--height', '64', '--rate', '10');
    url = String((await run.line((line) => line.event === 'ready')).url).replace('http', 'ws');
  });
  afterAll(async () => {
    run.kill('SIGTERM');
    await run.end();
  });

  it('roboticist: metres straight ahead, frame by frame', async () => {
    const { code, stdout, stderr } = await example('roboticist/distance-ahead.mjs', '--url', url, '--frames', '3');
    expect(stderr).toBe('');
    expect(stdout.trim().split('\n')).toEqual(Array.from({ length: 3 }, () => expect.stringMatching(/^\d+\.\d{3} s: (\d+\.\d\d m|nothing) ahead$/)));
    expect(code).toBe(0);
  });

  it('ar: what is in the picture, and cut-outs of its size', async () => {
    const folder = join(root, 'cutouts');
    const { code, stdout, stderr } = await example('ar/masks.mjs', '--url', url, '--frames', '2', '--out', folder);
    expect(stderr).toBe('');
    expect(stdout.trim().split('\n')).toEqual(Array.from({ length: 2 }, () => expect.stringMatching(/^\d+\.\d{9}: \D+ \d+ %/)));
    expect(code).toBe(0);
    expect(await sharp(join(folder, '000001.png')).metadata()).toMatchObject({ width: 96, height: 64, channels: 4 });
  });
});

it.each([['roboticist/distance-ahead.mjs', '--url'], ['roboticist/obstacle-stop.mjs', '--url'], ['roboticist/obstacle-stop.mjs', '--robot'], ['ar/masks.mjs', '--url']])('%s says in a line what is wrong with its %s', async (path, flag) => {
  const { code, stdout, stderr } = await example(path, flag, 'localhost:port');
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(/^.*localhost:port.* address such as ws:.*\n$/);
});

it('ar: masks.mjs says that no server is there while it waits for one', async () => {
  const child = spawn(process.execPath, [join('examples', 'ar/masks.mjs'), '--url', 'ws://127.0.0.1:9'], { cwd: repository, stdio: ['ignore', 'ignore', 'pipe'] });
  const said = await new Promise<string>((resolve) => child.stderr.once('data', (data: Buffer) => {
    resolve(data.toString());
  }));
  child.kill();
  expect(said).toMatch(/^no connection to ws:\/\/127\.0\.0\.1:9\/masks: .+\. Is the server running/);
});

describe('simulation example', () => {
  it.each(['1', 'two'])('says that --frames %s cannot be checked', async (frames) => {
    const { code, stderr } = await example('simulation/labelled-clip.mjs', '7', join(root, 'none'), '--frames', frames);
    expect([code, stderr]).toEqual([2, `--frames is ${frames}: give a whole number of at least 2, since depth is checked against the frame before\n`]);
  });

  it('writes a clip whose depth agrees with its poses', async () => {
    const folder = join(root, 'clip');
    const { code, stdout } = await example('simulation/labelled-clip.mjs', '7', folder, '--frames', '3', '--width', '160', '--height', '120');
    expect(code).toBe(0);
    // The script itself fails below 99 %; it must also have had something to compare.
    expect(Number(/of (\d+) reprojected/.exec(stdout)?.[1])).toBeGreaterThan(10_000);
    expect((await readdir(join(folder, 'depth'))).sort()).toEqual(['000000.png', '000001.png', '000002.png']);
    expect(await sharp(join(folder, 'rgb', '000002.png')).metadata()).toMatchObject({ width: 160, height: 120, channels: 3 });
    expect(JSON.parse(await readFile(join(folder, 'scene.json'), 'utf8'))).toMatchObject({ seed: 7, camera: { width: 160, height: 120 } });
  });
});
