import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { cp, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import sharp from 'sharp';
import { scratch, sextant, start } from './command.js';

jest.setTimeout(240_000);

const root = scratch();
/** The released UnityVideo layout with random weights. */
const MODEL = fileURLToPath(new URL('../../model/test/fixtures/unityvideo-mini', import.meta.url));
/** Two frames of everything, 36x24. */
const CLIP = fileURLToPath(new URL('../../synth/test/fixtures/clip', import.meta.url));
const long = join(root, 'long');
beforeAll(async () => {
  await mkdir(join(long, 'depth'), { recursive: true });
  await cp(join(CLIP, 'depth/meta.json'), join(long, 'depth/meta.json')).catch(() => {});
  for (let i = 0; i < 6; i += 1) await cp(join(CLIP, `depth/00000${i % 2}.png`), join(long, `depth/00000${i}.png`));
});

const common = ['--model', MODEL, '--device', 'cpu', '--json'];
const generate = (out: string, ...more: string[]): string[] => ['generate', '--condition', `depth=${long}`, '--prompt', 'a person walks past a red sofa', '--seed', '7', '--out', join(root, out), ...common, ...more];
const pngs = (...path: string[]): string[] => readdirSync(join(root, ...path)).filter((name) => name.endsWith('.png')).sort();
const sha = async (path: string): Promise<string> => createHash('sha256').update(await sharp(path).raw().toBuffer()).digest('hex');

describe('sextant generate and joint with a model over latents', () => {
  it('makes frames from a condition and a sentence, and again from the manifest', async () => {
    const { code, lines } = await sextant(...generate('whole'));
    expect(lines.at(-1)).toMatchObject({ event: 'end', reason: 'complete', frames: 5 });
    expect(code).toBe(0);
    expect(lines.find(({ event }) => event === 'ready')).toMatchObject({ task: 'generate', model: 'unityvideo-mini', width: 96, height: 64, frames: 5, steps: 4, modalities: ['depth'] });
    expect(new Set(lines.filter(({ event }) => event === 'step').map(({ phase }) => phase))).toEqual(new Set(['text', 'encode', 'sample', 'decode']));
    expect([pngs('whole', 'rgb').length, pngs('whole', 'depth-coded').length]).toEqual([5, 5]);
    const manifest = JSON.parse(await readFile(join(root, 'whole/manifest.json'), 'utf8')) as { frames: { sha256: string }[]; settings: unknown };
    expect(manifest.settings).toMatchObject({ task: 'generate', seed: 7, steps: 4, shift: 5, sampler: 'euler', guidance: 1 });
    expect(manifest.frames.map(({ sha256 }) => sha256)).toEqual(await Promise.all(pngs('whole', 'rgb').map((name) => sha(join(root, 'whole/rgb', name)))));

    const replayed = await sextant('generate', '--replay', join(root, 'whole/manifest.json'), '--out', join(root, 'again'), ...common);
    expect(replayed.lines.find(({ event }) => event === 'replayed')).toMatchObject({ frames: 5, same: 5, differ: [] });
    expect((await sextant(...generate('whole'))).lines.at(-1)).toMatchObject({ event: 'end', reason: 'complete', frames: 0 });
    expect((await sextant(...generate('whole', '--steps', '2'))).lines.at(-1)).toMatchObject({ event: 'error', code: 'bad-argument', message: expect.stringContaining('holds another clip') });

    // What joint or generate wrote coloured is a condition too, taken as it is.
    const coded = await sextant('generate', '--condition', `depth=${join(root, 'whole')}`, '--prompt', 'a person walks past a red sofa', '--seed', '7', '--out', join(root, 'coded'), ...common);
    expect(coded.code).toBe(0);
    expect(await Promise.all(pngs('coded', 'rgb').map((name) => sha(join(root, 'coded/rgb', name))))).toEqual(manifest.frames.map(({ sha256 }) => sha256));
  });

  it('makes both streams from a sentence', async () => {
    const { code } = await sextant('joint', '--prompt', 'two dogs', '--modality', 'skeleton', '--steps', '2', '--out', join(root, 'both'), ...common);
    expect(code).toBe(0);
    expect([pngs('both', 'rgb').length, pngs('both', 'skeleton-coded').length]).toEqual([5, 5]);
  });

  it('leaves nothing half made when it is stopped', async () => {
    const command = start(...generate('stopped', '--steps', '1000'));
    await command.line(({ event, phase }) => event === 'step' && phase === 'sample');
    command.kill('SIGINT');
    const { code, lines } = await command.end();
    expect([code, lines.at(-1)]).toEqual([130, { event: 'end', reason: 'SIGINT', frames: 0, out: join(root, 'stopped') }]);
    expect(readdirSync(join(root, 'stopped'))).toEqual([]);
  });

  it.each([
    ['--frames', '4', 'bad-argument', '4 frames do not suit'],
    ['--frames', '9', 'bad-argument', 'the condition has 6 frames'],
    ['--size', '100x64', 'bad-argument', '100 is not a multiple of 32'],
    ['--palette', 'classes', 'unsupported', 'knows no --palette'],
    ['--condition-guidance', '2', 'unsupported', 'knows no --condition-guidance'],
    ['--condition', `flow=${CLIP}`, 'bad-argument', 'has one modality stream, 2 modalities are given'],
  ])('refuses %s %s', async (flag, value, code, message) => {
    const { lines } = await sextant(...generate('refused', flag, value));
    expect(lines.at(-1)).toMatchObject({ event: 'error', code, message: expect.stringContaining(message) });
  });

  it('is listed, verified and described; estimate says what it is', async () => {
    expect((await sextant('model', 'verify', MODEL, '--json')).lines.at(-1)).toMatchObject({ event: 'verified', name: 'unityvideo-mini', files: 17 });
    expect((await sextant('model', 'info', MODEL, '--json')).lines.at(-1)).toMatchObject({ layout: 'joint-latents', tasks: ['estimate', 'generate', 'joint'], sampler: 'euler, 4 steps, shift 5' });
    expect((await sextant('estimate', join(CLIP, 'rgb'), '--out', join(root, 'e'), ...common)).lines.at(-1)).toMatchObject({ event: 'error', code: 'unsupported', message: expect.stringContaining('whole clips') });
  });
});
