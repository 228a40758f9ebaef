import { afterAll, afterEach, describe, expect, it, jest } from '@jest/globals';
import { mkdtempSync } from 'node:fs';
import { appendFile, cp, mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { png16 } from '../files/png.js';
import { Output } from '../cli/output.js';
import { generateCommand, jointCommand, settingsOf } from '../commands/generate.js';
import { make } from './make.js';
import { replay } from './replay.js';
import type { MakeOptions, MakeSettings } from './settings.js';

jest.setTimeout(120_000);

const MODEL = fileURLToPath(new URL('../../../model/test/fixtures/tiny-generator', import.meta.url));
/** The released UnityVideo layout with random weights. */
const LATENTS = fileURLToPath(new URL('../../../model/test/fixtures/unityvideo-mini', import.meta.url));
/** Two frames of everything, 36x24. */
const CLIP = fileURLToPath(new URL('../../../synth/test/fixtures/clip', import.meta.url));
const root = mkdtempSync(join(tmpdir(), 'sextant-make-'));
afterAll(() => rm(root, { recursive: true, force: true }));
afterEach(() => rm(join(root, 'out'), { recursive: true, force: true }));

/** An output that keeps its lines. */
class Heard extends Output {
  readonly lines: Record<string, unknown>[] = [];
  constructor() {
    super(true);
  }
  override event(event: string, fields: Readonly<Record<string, unknown>> = {}): void {
    this.lines.push({ event, ...fields });
  }
}

const settings = (more: Partial<MakeSettings> = {}): MakeSettings => ({
  task: 'generate', conditions: { depth: CLIP }, modalities: [], prompt: 'a red dog', negative: '', seed: 7, fps: 30, model: MODEL, device: 'cpu', ...more,
});
async function run(more: Partial<MakeSettings>, options: Partial<MakeOptions> = {}, signal = new AbortController().signal): Promise<Heard> {
  const output = new Heard();
  await make(settings(more), { out: join(root, 'out'), ...options }, { output, signal, stoppedBy: () => undefined });
  return output;
}
/** A copy of the clip that may be damaged. */
async function copy(name: string, damage: (folder: string) => Promise<unknown>): Promise<string> {
  const folder = join(root, name);
  await cp(CLIP, folder, { recursive: true });
  await damage(folder);
  return folder;
}

describe('make', () => {
  it('says which words stand in for others, and what is cut', async () => {
    const { lines } = await run({ prompt: 'A scarlet puppy in a red red red red kitchen', frames: 1 });
    expect(lines.filter(({ event }) => event === 'warning').map(({ word, by, cut }) => [word, by, cut])).toEqual([['scarlet', 'red', undefined], ['puppy', 'dog', undefined], [undefined, undefined, 1]]);
    expect(lines.find(({ event }) => event === 'ready')).toMatchObject({ width: 48, height: 32, frames: 1, resumedAt: 0 });
  });

  it('makes something of an empty prompt', async () => {
    const { lines } = await run({ prompt: '', frames: 1 });
    expect(lines.at(-1)).toMatchObject({ event: 'end', reason: 'complete' });
    expect(lines.filter(({ event }) => event === 'warning')).toEqual([]);
  });

  it.each([['The, in a', ''], ['\u{1f415}', ''], ['dog', 'the']])('says where nothing is left of "%s" and "%s"', async (prompt, negative) => {
    const { lines } = await run({ prompt, negative, frames: 1 });
    const [what, said] = negative === '' ? ['prompt', prompt] : ['negative prompt', negative];
    expect(lines.filter(({ event }) => event === 'warning')).toEqual([expect.objectContaining({ message: `the ${what} "${said}" says nothing that the model heeds: it is taken as empty`, prompt: said })]);
    expect(lines.at(-1)).toMatchObject({ event: 'end', reason: 'complete' });
  });

  it('says, and notes, that of a crowd the largest people are drawn', async () => {
    const crowd = await copy('crowd', async (f) => {
      const path = join(f, 'skeleton/keypoints.json');
      const { annotations, ...coco } = JSON.parse(await readFile(path, 'utf8')) as { annotations: { image_id: number }[] };
      const [person] = annotations;
      await writeFile(path, JSON.stringify({ ...coco, annotations: [...Array(3).fill({ ...person, image_id: 0 }) as unknown[], ...Array(16).fill({ ...person, image_id: 1 }) as unknown[]] }));
    });
    const { lines } = await run({ conditions: { skeleton: crowd } });
    const note = 'skeleton of frame 1 has 16 people: the 15 largest are drawn';
    expect(lines.filter(({ event }) => event === 'warning')).toEqual([expect.objectContaining({ message: note })]);
    expect(JSON.parse(await readFile(join(root, 'out/manifest.json'), 'utf8'))).toMatchObject({ conditions: { notes: [note] } });
  });

  it('makes one frame with its flow, and finds nothing to compare there', async () => {
    const { lines } = await run({ task: 'joint', conditions: {}, modalities: ['flow'], frames: 1 }, { reject: [{ modality: 'flow', figure: 'epe', bound: 1 }] });
    expect(lines.find(({ event }) => event === 'agreement')).toMatchObject({ frames: 1, unjudged: ['flow'] });
    expect(lines.at(-1)).toMatchObject({ event: 'end', reason: 'complete', frames: 1, accepted: true });
  });

  it('checks skeletons that were made beside the picture, and writes no flow of the first frame', async () => {
    const { lines } = await run({ task: 'joint', conditions: {}, modalities: ['flow', 'skeleton'], frames: 2 }, { check: true });
    expect(lines.find(({ event }) => event === 'agreement')).toMatchObject({ frames: 2 });
    expect(JSON.parse(await readFile(join(root, 'out/manifest.json'), 'utf8'))).toMatchObject({ complete: true, agreement: { frames: 2 } });
    expect(await readdir(join(root, 'out/flow'))).toEqual(['000001.png']);
  });

  it.each<[string, () => Partial<MakeSettings> | Promise<Partial<MakeSettings>>, string, string]>([
    ['a condition that is not there', () => ({ conditions: { depth: '/nowhere' } }), 'source-missing', 'cannot be read'],
    ['a folder of another modality', () => ({ conditions: { depth: join(CLIP, 'densepose') } }), 'bad-argument', 'is not depth: it has 3 channel(s) of 8 bits'],
    ['frames beyond the condition', () => ({ frames: 3 }), 'bad-argument', 'the condition has 2 frames, 3 are asked for'],
    ['a frame that is missing', async () => ({ conditions: { depth: await copy('gap', (f) => cp(join(f, 'depth/000001.png'), join(f, 'depth/000005.png'))) } }), 'source-corrupt', 'depth of frame 2 is missing'],
    ['conditions of two lengths', async () => ({ conditions: { depth: CLIP, segmentation: await copy('short', (f) => rm(join(f, 'segmentation/000001.png'))) } }), 'bad-argument', 'conditions are not of one length'],
    ['a condition of nothing', async () => ({ conditions: { depth: await copy('empty', (f) => writeFile(join(f, 'depth/000000.png'), png16(new Uint16Array(36 * 24), 36, 24, 1))) } }), 'bad-argument', 'depth of frame 0 holds no distance at all'],
    ['NaN in a condition', async () => ({ conditions: { skeleton: await copy('nan', async (f) => {
      const path = join(f, 'skeleton/keypoints.json');
      await writeFile(path, (await readFile(path, 'utf8')).replace(/"keypoints": \[[-\d.]+/, '"keypoints": [NaN'));
    }) } }), 'source-corrupt', 'is no COCO keypoint file'],
    ['no condition', () => ({ conditions: {} }), 'bad-argument', 'there is no condition'],
    ['no modality', () => ({ task: 'joint', conditions: {} }), 'bad-argument', 'joint has no modality'],
    ['a word without a meaning', () => ({ prompt: 'a quark' }), 'bad-argument', 'says "quark"'],
    ['ten thousand words', () => ({ prompt: 'dog '.repeat(10_000) }), 'too-large', 'the prompt has 10000 words'],
    ['no steps', () => ({ steps: 0 }), 'bad-argument', 'steps is 0'],
    ['a size off the grid', () => ({ size: { width: 50, height: 50 } }), 'bad-argument', 'size 50x50 does not suit model tiny-generator'],
    ['a model that only estimates', () => ({ model: join(MODEL, '../tiny-unified') }), 'unsupported', 'model tiny-unified 1 cannot generate'],
    ['a damaged weight file', async () => {
      await cp(MODEL, join(root, 'damaged'), { recursive: true });
      await appendFile(join(root, 'damaged/generate.onnx'), 'x');
      return { model: join(root, 'damaged') };
    }, 'model-damaged', 'generate.onnx'],
  ])('refuses %s, and writes nothing', async (_, change, code, message) => {
    await expect(run(await change())).rejects.toMatchObject({ code, message: expect.stringContaining(message), hint: expect.any(String) });
    expect(existsSync(join(root, 'out/rgb'))).toBe(false);
  });
});

describe('make and its weights', () => {
  it('refuses a condition of nothing before it looks at them', async () => {
    const model = join(root, 'no-weights');
    await cp(MODEL, model, { recursive: true });
    await appendFile(join(model, 'generate.onnx'), 'x');
    const empty = await copy('nothing-at-all', (f) => writeFile(join(f, 'depth/000000.png'), png16(new Uint16Array(36 * 24), 36, 24, 1)));
    await expect(run({ model, conditions: { depth: empty } })).rejects.toMatchObject({ code: 'bad-argument', message: expect.stringContaining('depth of frame 0 holds no distance at all') });
    await expect(run({ model })).rejects.toMatchObject({ code: 'model-damaged' });
  });
});

describe('make and the folders that it reads', () => {
  it.each<[string, (folder: string) => Partial<MakeSettings>]>([
    ['a condition', (folder) => ({ conditions: { depth: folder } })],
    ['a modality\'s own folder', (folder) => ({ conditions: { depth: join(folder, 'depth') } })],
    ['a palette', (folder) => ({ palette: { from: 'folder', path: folder } })],
  ])('does not write over %s', async (name, more) => {
    const folder = await copy(`own-${name.length}`, (f) => writeFile(join(f, 'manifest.json'), '{"complete": true, "identity": {"command": "world"}}'));
    for (const overwrite of [false, true]) await expect(run(more(folder), { out: folder, overwrite })).rejects.toMatchObject({ code: 'bad-argument', message: expect.stringContaining('is read, and lies where'), hint: expect.any(String) });
    for (const kept of ['depth/000000.png', 'rgb/000000.png', 'manifest.json']) expect(existsSync(join(folder, kept))).toBe(true);
  });
});

describe('make and what it has made', () => {
  it('does not go on with, nor take for complete, what was made of other files', async () => {
    const folder = await copy('changing', () => Promise.resolve());
    const conditions = { depth: folder };
    await run({ conditions });
    expect((await run({ conditions })).lines.at(-1)).toMatchObject({ event: 'end', reason: 'complete', frames: 0 });
    // Begun and stopped after both frames.
    const manifest = JSON.parse(await readFile(join(root, 'out/manifest.json'), 'utf8')) as { identity: object; frames: { index: number }[] };
    await cp(join(root, 'out'), join(root, 'begun'), { recursive: true });
    await rm(join(root, 'begun/manifest.json'));
    await mkdir(join(root, 'begun/.sextant-work'));
    await writeFile(join(root, 'begun/.sextant-work/frames.jsonl'), [{ identity: manifest.identity }, ...manifest.frames].map((line) => `${JSON.stringify(line)}\n`).join(''));

    await cp(join(folder, 'depth/000000.png'), join(folder, 'depth/000001.png'));
    for (const out of ['out', 'begun']) {
      await expect(run({ conditions }, { out: join(root, out) })).rejects.toMatchObject({ code: 'bad-argument', message: expect.stringContaining('the files of frame 1 have changed'), hint: expect.stringContaining('--overwrite') });
    }
    await cp(join(CLIP, 'depth/000001.png'), join(folder, 'depth/000001.png'));
    const info = join(folder, 'camera_info.yaml');
    await writeFile(info, (await readFile(info, 'utf8')).replaceAll('30', '31'));
    await expect(run({ conditions })).rejects.toMatchObject({ code: 'bad-argument', message: expect.stringContaining('something else: another focal') });
  });
});

describe('make that is stopped', () => {
  const before = process.env.SEXTANT_FFMPEG;
  afterEach(() => {
    if (before === undefined) delete process.env.SEXTANT_FFMPEG;
    else process.env.SEXTANT_FFMPEG = before;
  });
  /** Puts a script in the place of ffmpeg. */
  async function ffmpeg(text: string): Promise<void> {
    process.env.SEXTANT_FFMPEG = join(root, 'ffmpeg');
    await writeFile(join(root, 'ffmpeg'), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  }
  const WRITES = 'for last; do :; done; echo video > "$last"';

  it('by a check that cannot be done leaves a whole clip, which is checked later', async () => {
    await ffmpeg(`case "$*" in *clip.mp4*) mv ${join(root, 'out/rgb/000000.png')} ${join(root, 'kept.png')};; esac; ${WRITES}`);
    await expect(run({ frames: 1 }, { check: true })).rejects.toMatchObject({ code: 'io', message: expect.stringContaining('000000.png cannot be read') });
    const manifest = async (): Promise<Record<string, unknown>> => JSON.parse(await readFile(join(root, 'out/manifest.json'), 'utf8')) as Record<string, unknown>;
    expect(await manifest()).toMatchObject({ complete: true });
    await rename(join(root, 'kept.png'), join(root, 'out/rgb/000000.png'));
    expect((await run({ frames: 1 }, { check: true })).lines.at(-1)).toMatchObject({ event: 'end', reason: 'complete', frames: 0 });
    expect(await manifest()).toMatchObject({ complete: true, agreement: { frames: 1 } });
    expect(existsSync(join(root, 'out/.sextant-work'))).toBe(false);
  });

  it.each<[string, string, Partial<MakeSettings>]>([
    ['the video', '', {}],
    ['the preview', `case "$*" in *clip.mp4*) ${WRITES}; exit;; esac;`, {}],
    ['the video of a model over latents', '', { model: LATENTS, conditions: {}, task: 'joint', modalities: ['depth'], frames: 1, size: { width: 32, height: 32 }, steps: 1 }],
  ])('while it makes %s has the rest left, and makes that', async (_, first, more) => {
    await ffmpeg(`${first} touch ${join(root, 'started')}; exec sleep 60`);
    const stop = new AbortController();
    const stopped = run(more, {}, stop.signal);
    while (!existsSync(join(root, 'started'))) await new Promise((resolve) => setTimeout(resolve, 5));
    stop.abort();
    expect((await stopped).lines.at(-1)).toMatchObject({ event: 'end', reason: 'stopped' });
    const manifest = async (): Promise<Record<string, unknown>> => JSON.parse(await readFile(join(root, 'out/manifest.json'), 'utf8')) as Record<string, unknown>;
    expect(await manifest()).toMatchObject({ complete: false });
    await rm(join(root, 'started'));

    await ffmpeg(WRITES);
    const { lines } = await run(more);
    expect(lines.filter(({ event }) => event === 'step')).toEqual([]);
    expect(lines.at(-1)).toMatchObject({ event: 'end', reason: 'complete' });
    expect(await manifest()).toMatchObject({ complete: true, frames: expect.arrayContaining([expect.objectContaining({ index: 0 })]) });
    expect([existsSync(join(root, 'out/clip.mp4')), existsSync(join(root, 'out/preview.png')), existsSync(join(root, 'out/.sextant-work'))]).toEqual([true, false, false]);
  });
});

describe('replay', () => {
  const again = (out: string, more: Partial<MakeOptions> = {}): Promise<number> => replay(join(root, 'out/manifest.json'), { model: MODEL, out: join(root, out), ...more }, { output: new Heard(), signal: new AbortController().signal, stoppedBy: () => undefined });

  it('makes every picture that it compares', async () => {
    await run({});
    expect(await again('again')).toBe(0);
    await writeFile(join(root, 'again/rgb/000001.png'), 'damaged');
    await expect(again('again')).rejects.toMatchObject({ code: 'bad-argument', message: expect.stringContaining('holds a whole clip already'), hint: expect.stringContaining('--overwrite') });
    expect(await again('again', { overwrite: true })).toBe(0);
    for (const overwrite of [false, true]) await expect(again('out', { overwrite })).rejects.toMatchObject({ code: 'bad-argument', message: expect.stringContaining('is the folder of the clip') });
    expect(existsSync(join(root, 'out/rgb/000001.png'))).toBe(true);
  });
});

describe('the flags', () => {
  it('take the rate of the condition where they name none', async () => {
    const flags = { out: 'x', prompt: '', negative: '', seed: 0, device: 'cpu' as const };
    const condition = { depth: await copy('slow', (f) => writeFile(join(f, 'manifest.json'), '{"fps": 10}')) };
    expect((await settingsOf('generate', { ...flags, condition })).fps).toBe(10);
    expect((await settingsOf('generate', { ...flags, condition, fps: 25 })).fps).toBe(25);
    expect((await settingsOf('generate', { ...flags, condition: { depth: CLIP } })).fps).toBe(30);
    expect((await settingsOf('joint', { ...flags, modality: ['depth'] })).fps).toBe(30);
  });

  it.each([['--steps', '0'], ['--frames', '0'], ['--seed', '-1'], ['--guidance', 'much'], ['--sampler', 'magic'], ['--condition', 'normals=x'], ['--condition', 'depth='], ['--size', 'big']])('refuse %s %s', (flag, value) => {
    const command = generateCommand().exitOverride().configureOutput({ writeErr: () => {} });
    expect(() => command.parse(['--out', 'x', flag, value], { from: 'user' })).toThrow(flag);
  });
  it('refuse a modality twice, and words that are none', () => {
    const quiet = { writeErr: () => {} };
    expect(() => generateCommand().exitOverride().configureOutput(quiet).parse(['--out', 'x', '--condition', 'depth=a', '--condition', 'depth=b'], { from: 'user' })).toThrow('depth is given twice');
    expect(() => jointCommand().exitOverride().configureOutput(quiet).parse(['--out', 'x', '--modality', 'normals'], { from: 'user' })).toThrow('unknown modality "normals"');
  });
});
