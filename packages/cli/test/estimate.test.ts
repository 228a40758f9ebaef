import { existsSync } from 'node:fs';
import { readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { decode } from 'fast-png';
import { TINY, calibration, pictureFolder, readJson, scratch, sextant, start } from './command.js';

jest.setTimeout(90_000);

const FRAMES = 24;
const root = scratch();
let pictures: string;
let camera: string;
beforeAll(async () => {
  pictures = await pictureFolder(join(root, 'pictures'), FRAMES);
  camera = await calibration(join(root, 'camera.yaml'));
});

const numbers = (from: number, to: number): string[] => Array.from({ length: to - from }, (_, i) => `${String(from + i).padStart(6, '0')}.png`);
const estimate = (out: string): string[] => ['estimate', pictures, '--out', out, '--model', TINY, '--device', 'cpu', '--calibration', camera, '--json'];
const pngs = async (...path: string[]): Promise<string[]> => (await readdir(join(...path))).filter((name) => name.endsWith('.png')).sort();
/** Every file below a folder, except what belongs to a run under way. */
async function files(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true });
  const kept = await Promise.all(names.map(async (name) => (name.startsWith('.') || (await stat(join(folder, name))).isDirectory() ? [] : [name])));
  return kept.flat().sort();
}


describe('sextant estimate', () => {
  const whole = join(root, 'whole');

  it('writes every file of every frame, with a preview and a manifest', async () => {
    const { code, lines } = await sextant(...estimate(whole));
    expect(lines.at(-1)).toMatchObject({ event: 'end', reason: 'complete', frames: FRAMES });
    expect(code).toBe(0);
    for (const name of ['depth', 'segmentation', 'instances', 'densepose']) expect(await pngs(whole, name)).toEqual(numbers(0, FRAMES));
    expect(await pngs(whole, 'flow')).toEqual(numbers(1, FRAMES));
    const depth = decode(await readFile(join(whole, 'depth/000003.png')));
    expect([depth.width, depth.height, depth.depth, depth.channels]).toEqual([64, 48, 16, 1]);
    const labels = decode(await readFile(join(whole, 'segmentation/000003.png')));
    expect([labels.width, labels.height, labels.depth, labels.channels]).toEqual([64, 48, 8, 1]);
    expect(await readJson(whole, 'depth/meta.json')).toMatchObject({ provenance: 'metric', unit: 'millimetre', scale: 1000, invalid: 0 });
    expect((await readJson(whole, 'skeleton/keypoints.json')).images).toHaveLength(FRAMES);
    const manifest = await readJson(whole, 'manifest.json');
    expect(manifest).toMatchObject({ complete: true, width: 64, height: 48, counts: { frames: FRAMES }, model: { name: 'tiny-unified', device: 'cpu' } });
    expect((manifest.model as { manifestSha256: string }).manifestSha256).toMatch(/^[0-9a-f]{64}$/);
    expect(existsSync(join(whole, manifest.preview as string))).toBe(true);
    expect(existsSync(join(whole, '.sextant-work'))).toBe(false);
  });

  it('does nothing when all is there, and does not mix two jobs in one folder', async () => {
    expect(await sextant(...estimate(whole))).toMatchObject({ code: 0, lines: [{ event: 'end', reason: 'complete', frames: 0 }] });
    expect(await sextant(...estimate(whole), '--modalities', 'depth')).toMatchObject({ code: 2, lines: [{ event: 'error', code: 'bad-argument' }] });
  });

  it('goes on after SIGINT and after SIGKILL, and ends with the files of an uninterrupted run', async () => {
    const out = join(root, 'interrupted');
    const third = join(out, 'densepose', '000002.png');
    const untilWritten = async (path: string): Promise<void> => {
      while (!existsSync(path)) await new Promise((resolve) => setTimeout(resolve, 2));
    };
    const first = start(...estimate(out));
    await untilWritten(third);
    first.kill('SIGINT');
    const interrupted = await first.end();
    expect(interrupted.code).toBe(130);
    expect(interrupted.lines.at(-1)).toMatchObject({ event: 'end', reason: 'SIGINT' });
    const done = interrupted.lines.at(-1)!.frames as number;
    expect(done).toBeLessThan(FRAMES);
    expect(await readJson(out, 'manifest.json')).toMatchObject({ complete: false, counts: { frames: done } });
    expect((await files(out)).filter((name) => name.endsWith('.part'))).toEqual([]);
    for (const name of await pngs(out, 'depth')) expect(decode(await readFile(join(out, 'depth', name))).width).toBe(64);

    const second = start(...estimate(out));
    await untilWritten(join(out, 'densepose', numbers(done + 2, done + 3)[0]));
    second.kill('SIGKILL');
    await second.end();

    const last = await sextant(...estimate(out));
    expect(last.code).toBe(0);
    expect(last.lines.find((line) => line.event === 'ready')!.resumedAt).toBeGreaterThanOrEqual(done + 1);
    expect(await files(out)).toEqual(await files(whole));
    for (const name of await files(out)) {
      // The preview's depth colours follow the frames of one call.
      if (/^preview|manifest/.test(name)) continue;
      expect([name, (await readFile(join(out, name))).equals(await readFile(join(whole, name)))]).toEqual([name, true]);
    }
  });

  it('steadies depth and brings maps to the picture along its edges, where asked', async () => {
    const out = join(root, 'steady');
    const flags = ['--steady', '--resolution', 'camera', '--frames', '6'];
    expect(await sextant(...estimate(out), ...flags)).toMatchObject({ code: 0 });
    expect(await readJson(out, 'manifest.json')).toMatchObject({ resolution: expect.stringContaining('edges'), identity: { steady: true, resolution: 'camera' } });
    expect(decode(await readFile(join(out, 'depth/000005.png')))).toMatchObject({ width: 64, height: 48 });
    const refused = await sextant(...estimate(join(root, 'not-steady')), '--steady', '--modalities', 'depth');
    expect(refused).toMatchObject({ code: 2, lines: [{ event: 'error', code: 'bad-argument', message: expect.stringContaining('no flow') }] });
  });

  it('refines by more views of each frame, and refuses more than there are', async () => {
    const [out, plain] = [join(root, 'two-steps'), join(root, 'one-step')];
    expect(await sextant(...estimate(out), '--frames', '3', '--steps', '2')).toMatchObject({ code: 0 });
    expect(await sextant(...estimate(plain), '--frames', '3')).toMatchObject({ code: 0 });
    expect(await readJson(out, 'manifest.json')).toMatchObject({ steps: 2, identity: { steps: 2 } });
    const [two, one] = await Promise.all([out, plain].map((folder) => readFile(join(folder, 'depth/000002.png'))));
    expect(two.equals(one)).toBe(false);
    expect(await sextant(...estimate(join(root, 'ten-steps')), '--steps', '10')).toMatchObject({ code: 2 });
  });

  it('loses no frame to a worker that dies', async () => {
    const out = join(root, 'worker-killed');
    const run = start(...estimate(out));
    const ready = await run.line((line) => line.event === 'ready');
    process.kill(ready.workerPid as number, 'SIGKILL');
    expect(await run.end()).toMatchObject({ code: 0 });
    expect(await pngs(out, 'depth')).toEqual(numbers(0, FRAMES));
    expect(await pngs(out, 'flow')).toEqual(numbers(1, FRAMES));
  });

  it('leaves a damaged picture out, keeps the numbers of the others, and says so', async () => {
    const folder = await pictureFolder(join(root, 'one-damaged'), 4);
    await writeFile(join(folder, '0001.png'), 'no picture');
    const out = join(root, 'three');
    const { code, lines } = await sextant('estimate', folder, '--out', out, '--model', TINY, '--modalities', 'depth', '--json');
    expect(code).toBe(0);
    expect(lines.filter((line) => line.event === 'warning')).toHaveLength(1);
    expect(await pngs(out, 'depth')).toEqual(['000000.png', '000002.png', '000003.png']);
    expect(await readJson(out, 'depth/meta.json')).toMatchObject({ provenance: 'relative', unit: 'relative' });
    expect((await readJson(out, 'manifest.json')).issues).toHaveLength(1);
  });

  it('takes a picture of one pixel, and stops after --frames', async () => {
    const folder = await pictureFolder(join(root, 'dots'), 3, 1, 1);
    const out = join(root, 'dots-out');
    expect(await sextant('estimate', folder, '--out', out, '--model', TINY, '--frames', '2', '--json')).toMatchObject({ code: 0 });
    expect(await pngs(out, 'segmentation')).toEqual(numbers(0, 2));
    expect(decode(await readFile(join(out, 'depth/000001.png'))).width).toBe(1);
  });

  it('says what is wrong with a folder it may not write', async () => {
    const { code, lines } = await sextant(...estimate(join(camera, 'below-a-file')));
    expect(code).toBe(1);
    expect(lines.at(-1)).toMatchObject({ event: 'error', code: 'io' });
  });
});

describe('sextant world', () => {
  it('writes a scene with its truth, the same for the same seed', async () => {
    const render = (out: string): ReturnType<typeof sextant> => sextant('world', '5', '--frames', '3', '--out', out, '--width', '64', '--height', '48', '--json');
    const [a, b] = [join(root, 'a'), join(root, 'b')];
    expect(await render(a)).toMatchObject({ code: 0, lines: expect.arrayContaining([expect.objectContaining({ event: 'end', frames: 3 })]) });
    await render(b);
    for (const name of ['rgb', 'depth', 'segmentation', 'instances', 'densepose']) expect(await pngs(a, name)).toEqual(numbers(0, 3));
    expect(await pngs(a, 'flow')).toEqual(numbers(1, 3));
    const poses = JSON.parse(await readFile(join(a, 'poses.json'), 'utf8')) as { stamp: number; cam2world: number[][] }[];
    expect(poses.map((p) => p.stamp)).toEqual([0, 33_333_333, 66_666_667]);
    const { cam2world } = poses[2];
    expect(cam2world[3]).toEqual([0, 0, 0, 1]);
    const [x, y, z] = [0, 1, 2].map((column) => cam2world.slice(0, 3).map((row) => row[column]));
    // A rotation: columns of length 1, the third the cross product of the first two.
    expect(Math.hypot(...x)).toBeCloseTo(1, 6);
    expect(x[1] * y[2] - x[2] * y[1]).toBeCloseTo(z[0], 6);
    expect(await readFile(join(a, 'camera_info.yaml'), 'utf8')).toContain('image_width: 64');
    expect((await readJson(a, 'captions.json') as unknown as { caption: string }[])[0].caption.length).toBeGreaterThan(10);
    for (const name of await files(a)) if (!name.startsWith('preview')) expect((await readFile(join(a, name))).equals(await readFile(join(b, name)))).toBe(true);
  });
});

describe('sextant model and doctor', () => {
  it('tells what a model is and that its files are whole', async () => {
    expect((await sextant('model', 'info', TINY, '--json')).lines).toMatchObject([{ event: 'model', name: 'tiny-unified', tasks: ['estimate'] }]);
    expect(await sextant('model', 'verify', TINY, '--json')).toMatchObject({ code: 0, lines: [{ event: 'verified', name: 'tiny-unified' }] });
    expect(await sextant('model', 'verify', join(root, 'nowhere'), '--json')).toMatchObject({ code: 1, lines: [{ event: 'error', code: 'model-missing' }] });
  });

  it('checks the machine, one line each', async () => {
    const { lines } = await sextant('doctor', '--port', '0', '--json');
    const checks = lines.filter((line) => line.event === 'check');
    expect(checks.find((line) => line.name === 'node')).toMatchObject({ status: 'ok' });
    expect(checks.find((line) => line.name === 'device cpu')).toMatchObject({ status: 'ok' });
    for (const { status, hint } of checks) expect(status === 'ok' ? hint === undefined : String(hint).length > 0).toBe(true);
    expect(lines.at(-1)).toMatchObject({ event: 'end', ok: checks.filter((line) => line.status === 'ok').length });
  });
});
