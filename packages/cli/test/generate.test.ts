import { existsSync, readdirSync } from 'node:fs';
import { cp, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import sharp from 'sharp';
import { PAINTER, TINY, pictureHashes, readJson, scratch, sextant, start, type Ended } from './command.js';

jest.setTimeout(240_000);

const root = scratch();
/** Two frames of everything, 36x24. */
const CLIP = fileURLToPath(new URL('../../synth/test/fixtures/clip', import.meta.url));
const FRAMES = 14;
let long: string;
beforeAll(async () => {
  long = join(root, 'long');
  await cp(CLIP, long, { recursive: true });
  for (let i = 2; i < FRAMES; i += 1) await cp(join(CLIP, `depth/00000${i % 2}.png`), join(long, `depth/${String(i).padStart(6, '0')}.png`));
});

const common = ['--model', PAINTER, '--device', 'cpu', '--json'];
const generate = (out: string, ...more: string[]): string[] => ['generate', '--condition', `depth=${long}`, '--prompt', 'a red dog', '--seed', '7', '--out', join(root, out), ...common, ...more];
const json = (...path: string[]): Promise<Record<string, unknown>> => readJson(root, ...path);
const hashes = (out: string): Promise<string[]> => pictureHashes(join(root, out, 'rgb'));
const failure = ({ code, lines }: Ended): { exit: number | null; code: unknown; message: unknown; hint: unknown } => {
  const error = lines.find(({ event }) => event === 'error');
  return { exit: code, code: error?.code, message: error?.message, hint: error?.hint };
};

describe('sextant generate', () => {
  it('writes pictures, the condition beside them, a video, a check and a manifest that replays to the same bytes', async () => {
    const { code, lines } = await sextant(...generate('whole', '--check', '--previews'));
    expect(lines.at(-1)).toMatchObject({ event: 'end', reason: 'complete', frames: FRAMES });
    expect(code).toBe(0);
    expect(lines.find(({ event }) => event === 'ready')).toMatchObject({ task: 'generate', width: 48, height: 32, frames: FRAMES, steps: 4, sampler: 'euler' });
    expect(lines.filter(({ event }) => event === 'step').length).toBeGreaterThanOrEqual(FRAMES);
    for (const name of ['rgb', 'depth']) expect(readdirSync(join(root, 'whole', name)).filter((f) => f.endsWith('.png'))).toHaveLength(FRAMES);
    expect(await sharp(join(root, 'whole/rgb/000003.png')).metadata()).toMatchObject({ width: 48, height: 32 });
    expect(existsSync(join(root, 'whole/now.png'))).toBe(false);
    expect(await json('whole', 'agreement.json')).toMatchObject({ frames: FRAMES, depth: { absRelScale: expect.any(Number) } });
    const manifest = await json('whole', 'manifest.json');
    expect(manifest).toMatchObject({ complete: true, counts: { frames: FRAMES }, settings: { task: 'generate', seed: 7, steps: 4, guidance: 1.5 }, prompt: { words: ['red', 'dog'] } });
    expect((manifest.frames as { sha256: string }[]).map(({ sha256 }) => sha256)).toEqual(await hashes('whole'));
    expect(await readFile(join(root, 'whole/camera_info.yaml'), 'utf8')).toContain('image_width: 48');

    const again = await sextant('generate', '--replay', join(root, 'whole/manifest.json'), '--out', join(root, 'again'), ...common);
    expect(again.lines.find(({ event }) => event === 'replayed')).toMatchObject({ frames: FRAMES, same: FRAMES, differ: [] });
    expect(again.code).toBe(0);
    expect(await hashes('again')).toEqual(await hashes('whole'));
  });

  it('rejects what agrees too little, also when it is made already, and nothing that cannot be judged', async () => {
    const rejected = await sextant(...generate('judged', '--frames', '2', '--reject', 'depth=0,depth.delta1Scale=1'));
    expect(rejected.code).toBe(3);
    expect(rejected.lines.find(({ event }) => event === 'agreement')).toMatchObject({ accepted: false, failed: [{ modality: 'depth', figure: 'absRelScale', bound: 0 }, { figure: 'delta1Scale' }] });
    expect(rejected.lines.at(-1)).toMatchObject({ event: 'end', reason: 'complete', frames: 2, accepted: false });
    expect(await json('judged', 'agreement.json')).toMatchObject({ frames: 2, accepted: false, thresholds: [{ bound: 0 }, { bound: 1 }] });
    const accepted = await sextant(...generate('judged', '--frames', '2', '--reject', 'depth=1000'));
    expect(accepted.code).toBe(0);
    expect(accepted.lines.at(-1)).toMatchObject({ event: 'end', frames: 0, accepted: true });
    expect(await json('judged', 'manifest.json')).toMatchObject({ complete: true, agreement: { accepted: true, thresholds: [{ modality: 'depth', bound: 1000 }] } });
    expect(failure(await sextant(...generate('judged', '--frames', '2', '--reject', 'flow=1')))).toMatchObject({ exit: 2, code: 'bad-argument', message: 'there is a threshold on flow, which is not compared' });
    expect(failure(await sextant(...generate('judged', '--frames', '2', '--reject', 'deep=1')))).toMatchObject({ exit: 2, message: expect.stringContaining('the threshold "deep=1" is none') });
  });

  it('deletes an older clip when the model is there that makes the new one', async () => {
    await sextant(...generate('older', '--frames', '1'));
    const broken = join(root, 'broken');
    await cp(PAINTER, broken, { recursive: true });
    await truncate(join(broken, 'generate.onnx'), 1);
    expect(failure(await sextant(...generate('older', '--frames', '2', '--overwrite', '--model', broken)))).toMatchObject({ exit: 1, code: 'model-damaged' });
    expect(await json('older', 'manifest.json')).toMatchObject({ complete: true, counts: { frames: 1 } });
  });

  it('refuses flags that a replay would not heed', async () => {
    const refused = await sextant('joint', '--replay', join(root, 'whole/manifest.json'), '--out', join(root, 'x'), '--frames', '1', '--seed', '0', '--modality', 'depth', ...common);
    expect(failure(refused)).toMatchObject({ exit: 2, code: 'bad-argument', message: '--replay makes what the manifest says, and --frames, --seed, --modality say something else' });
    // A device is heeded.
    const elsewhere = (await readFile(join(root, 'whole/manifest.json'), 'utf8')).replace('"device": "cpu"', '"device": "cuda"');
    await writeFile(join(root, 'elsewhere.json'), elsewhere);
    const here = await sextant('generate', '--replay', join(root, 'elsewhere.json'), '--out', join(root, 'here'), ...common);
    expect(here.lines.find(({ event }) => event === 'replayed')).toMatchObject({ frames: FRAMES, same: FRAMES });
  });

  it('says where a replay cannot give the same', async () => {
    await sextant(...generate('short', '--frames', '2'));
    const manifest = await readFile(join(root, 'short/manifest.json'), 'utf8');
    await writeFile(join(root, 'other-seed.json'), manifest.replaceAll('"seed": 7', '"seed": 8'));
    const other = await sextant('generate', '--replay', join(root, 'other-seed.json'), '--out', join(root, 'other-seed'), ...common);
    expect(other.lines.find(({ event }) => event === 'replayed')).toMatchObject({ differ: [0, 1] });
    expect(other.code).toBe(1);
    await writeFile(join(root, 'other-model.json'), manifest.replaceAll(/"manifestSha256": "../g, '"manifestSha256": "00'));
    expect(failure(await sextant('generate', '--replay', join(root, 'other-model.json'), '--out', join(root, 'x'), ...common))).toMatchObject({ exit: 1, code: 'unsupported' });
    expect(failure(await sextant('generate', '--replay', join(long, 'depth/meta.json'), '--out', join(root, 'x'), ...common))).toMatchObject({ exit: 1, code: 'bad-config' });
  });

  it('keeps whole frames after Ctrl-C, and goes on to the same bytes', async () => {
    const command = start(...generate('stopped'));
    await command.line(({ event, frame }) => event === 'step' && (frame as number) >= 9);
    command.kill('SIGINT');
    const { code, lines } = await command.end();
    expect(code).toBe(130);
    expect(lines.at(-1)).toMatchObject({ event: 'end', reason: 'SIGINT' });
    const kept = lines.at(-1)!.frames as number;
    expect(kept).toBeGreaterThanOrEqual(9);
    expect(kept).toBeLessThan(FRAMES);
    expect(await json('stopped', 'manifest.json')).toMatchObject({ complete: false, counts: { frames: kept } });
    expect(await hashes('stopped')).toHaveLength(kept);
    const rest = await sextant(...generate('stopped'));
    expect(rest.lines.find(({ event }) => event === 'ready')).toMatchObject({ resumedAt: kept });
    expect(await hashes('stopped')).toEqual(await hashes('whole'));
    expect((await sextant(...generate('stopped'))).lines.at(-1)).toMatchObject({ reason: 'complete', frames: 0 });
    expect(failure(await sextant(...generate('stopped', '--steps', '9')))).toMatchObject({ exit: 2, code: 'bad-argument', hint: expect.stringContaining('--overwrite') });
  });

  it('takes several conditions and a palette, and resamples to the size asked for', async () => {
    const everything = ['depth', 'flow', 'segmentation', 'skeleton', 'densepose'].flatMap((m) => ['--condition', `${m}=${CLIP}`]);
    const { code, lines } = await sextant('generate', ...everything, '--palette', CLIP, '--size', '64x64', '--out', join(root, 'several'), ...common);
    expect(lines.find(({ event }) => event === 'ready')).toMatchObject({ modalities: ['depth', 'flow', 'segmentation', 'skeleton', 'densepose'], width: 64, height: 64 });
    expect(lines.filter(({ event }) => event === 'warning').map(({ message }) => message)).toEqual([expect.stringContaining('the model has no class')]);
    expect(code).toBe(0);
    for (const name of ['depth/000001.png', 'flow/000001.png', 'segmentation/000001.png', 'instances/000001.png', 'densepose/000001.png', 'skeleton/keypoints.json']) expect(existsSync(join(root, 'several', name))).toBe(true);
    expect(existsSync(join(root, 'several/flow/000000.png'))).toBe(false);
  });

  it('ends with exit code 2 for wrong usage and 1 for what cannot be made, and one error line', async () => {
    expect(failure(await sextant(...generate('usage', '--steps', '0')))).toMatchObject({ exit: 2, code: 'bad-argument', message: expect.stringContaining('--steps') });
    const flags = ['--condition', `depth=${CLIP}`, '--out', join(root, 'refused'), '--json', '--device', 'cpu'];
    expect(failure(await sextant('generate', ...flags, '--model', TINY))).toMatchObject({ exit: 1, code: 'unsupported', message: 'model tiny-unified 1 cannot generate', hint: 'Its tasks: estimate.' });
  });

  it.each(['generate', 'joint'])('%s refuses a size that memory cannot hold before the work starts', async (task) => {
    // The largest size that the flag takes, of a model that would take it: attention between its tokens is terabytes, more than any machine has.
    const model = join(root, 'vast');
    await cp(PAINTER, model, { recursive: true });
    const text = await readFile(join(PAINTER, 'manifest.json'), 'utf8');
    await writeFile(join(model, 'manifest.json'), text.replace('"max": 2048', '"max": 8192'));
    const what = task === 'joint' ? ['--modality', 'depth'] : ['--condition', `depth=${CLIP}`];
    const ended = await sextant(task, ...what, '--size', '8192x8192', '--out', join(root, `vast-${task}`), '--model', model, '--device', 'cpu', '--json');
    expect(failure(ended)).toMatchObject({ exit: 1, code: 'too-large', hint: expect.stringContaining('smaller frames') });
    expect(failure(ended).message).toMatch(new RegExp(`^frames of 8192x8192 need about \\d{7,} MiB of memory \\(task ${task}\\), \\d+ MiB are free$`));
    expect(ended.lines.map(({ event }) => event)).toEqual(['error']);
    expect(existsSync(join(root, `vast-${task}`))).toBe(false);
  });
});

describe('sextant estimate --prompt', () => {
  it('finds what the phrase names, and says which words stand in for others', async () => {
    const out = join(root, 'found');
    const { code, lines } = await sextant('estimate', join(CLIP, 'rgb'), '--modalities', 'depth', '--prompt', 'two puppy', '--out', out, ...common);
    expect(lines.filter(({ event }) => event === 'warning').map(({ word, by }) => [word, by])).toEqual([['puppy', 'dog']]);
    expect(code).toBe(0);
    expect(await sharp(join(out, 'referred/000001.png')).metadata()).toMatchObject({ width: 36, height: 24, channels: 1 });
    expect(await json('found', 'referred', 'meta.json')).toMatchObject({ phrase: 'two puppy', asked: 2, frames: [0, 1].map((index) => ({ index, count: expect.any(Number), threshold: expect.any(Number) })) });
    expect(await json('found', 'manifest.json')).toMatchObject({ prompt: { words: ['segmentation', 'of', 'two', 'dog'] } });
    expect(failure(await sextant('estimate', join(CLIP, 'rgb'), '--prompt', 'a dog', '--out', join(root, 'x'), '--model', TINY, '--device', 'cpu', '--json'))).toMatchObject({ exit: 1, code: 'unsupported' });
  });

  it('estimates the modality that the prompt names', async () => {
    const { code, lines } = await sextant('estimate', join(CLIP, 'rgb'), '--prompt', 'the depth map', '--frames', '1', '--out', join(root, 'named'), ...common);
    expect(code).toBe(0);
    expect(lines.find(({ event }) => event === 'ready')).toMatchObject({ modalities: ['depth'] });
    expect(existsSync(join(root, 'named/referred'))).toBe(false);
  });
});
