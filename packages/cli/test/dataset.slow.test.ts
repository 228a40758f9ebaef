import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it, jest } from '@jest/globals';
import { decode } from 'fast-png';
import { TINY, scratch, sextant, start, type Ended } from './command.js';

jest.setTimeout(600_000);

const root = scratch();
const GENERATOR = fileURLToPath(new URL('../../model/test/fixtures/tiny-generator', import.meta.url));
const RECIPE = `clips: 5
frames: 3
size: 48x36
fps: 10
seeds: 2000000
supersampling: 1
preview: false
scene: indoor
fov: 60
shares: {people: {0: 1, 1-3: 1}}
sensor: {lens: [-0.1, 0, 0, 0, 0], readNoise: 0.002, exposureMs: 10}
modalities: [depth, segmentation, skeleton]
splits: {train: 0.8, val: 0.2}
exports: [coco, tum, nerfstudio]
`;

async function recipe(name: string, text = RECIPE): Promise<string> {
  const path = join(root, name);
  await writeFile(path, text);
  return path;
}
const json = (...path: string[]): unknown => JSON.parse(readFileSync(join(root, ...path), 'utf8'));
const failure = ({ code, lines }: Ended): { exit: number | null; code: unknown; message: unknown; hint: unknown } => {
  const error = lines.find(({ event }) => event === 'error');
  return { exit: code, code: error?.code, message: error?.message, hint: error?.hint };
};

/** The pixels of a run-length code, row-major. */
function pixels({ counts, size: [height, width] }: { counts: readonly number[]; size: readonly number[] }): Uint8Array {
  const out = new Uint8Array(width * height);
  let at = 0;
  counts.forEach((length, run) => {
    for (const end = at + length; at < end; at += 1) out[(at % height) * width + Math.floor(at / height)] = run % 2;
  });
  return out;
}

describe('sextant dataset', () => {
  it('makes clips with labels, splits, annotations, hashes and a manifest; a killed call goes on to the same bytes, alone or with others', async () => {
    const path = await recipe('r.yaml');
    const whole = await sextant('dataset', path, '--out', join(root, 'whole'), '--json');
    expect(whole.lines.at(-1)).toMatchObject({ event: 'end', reason: 'complete', planned: 5, clips: 5, frames: 15, missing: 0, bySplit: { train: 4, val: 1 } });
    expect(whole.code).toBe(0);
    expect(whole.lines.filter(({ event }) => event === 'clip')).toHaveLength(5);
    expect(readdirSync(join(root, 'whole')).sort()).toEqual(['SHA256SUMS', 'annotations', 'manifest.json', 'recipe.yaml', 'train', 'val']);
    expect(readdirSync(join(root, 'whole/train/000000')).sort()).toEqual(['camera_info.yaml', 'captions.json', 'classes.json', 'depth', 'depth.txt', 'groundtruth.txt', 'instances', 'manifest.json', 'poses.json', 'rgb', 'rgb.txt', 'segmentation', 'skeleton', 'transforms.json']);
    expect(await readFile(join(root, 'whole/train/000000/camera_info.yaml'), 'utf8')).toContain('data: [ -0.1, 0, 0, 0, 0 ]');

    const manifest = json('whole', 'manifest.json') as { clips: { path: string; seed: number; sha256: string; wishes: { people: number[] }; facts: { people: number } }[] } & Record<string, unknown>;
    expect(manifest).toMatchObject({ kind: 'dataset', complete: true, recipe: { file: 'r.yaml', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) }, versions: { sextant: expect.any(String) }, assets: { note: expect.stringContaining('no third-party assets') } });
    expect(manifest.clips).toHaveLength(5);
    for (const { wishes: { people: [, most] }, facts } of manifest.clips) expect(facts.people).toBeLessThanOrEqual(most);
    expect(new Set(manifest.clips.map(({ wishes: { people: [, most] } }) => most))).toEqual(new Set([0, 3]));

    // COCO: every mask is exactly the pixels of its instance.
    const coco = json('whole', 'annotations', 'instances_train.json') as { images: { id: number; file_name: string }[]; annotations: { image_id: number; instance_id: number; category_id: number; area: number; segmentation: { counts: number[]; size: number[] } }[]; categories: { id: number; name: string }[] };
    expect(coco.images).toHaveLength(12);
    expect(coco.annotations.length).toBeGreaterThan(20);
    const things = coco.images.slice(0, 4).map(({ id, file_name }) => ({ id, instances: decode(readFileSync(join(root, 'whole', file_name.replace('/rgb/', '/instances/')))).data, labels: decode(readFileSync(join(root, 'whole', file_name.replace('/rgb/', '/segmentation/')))).data }));
    for (const { image_id, instance_id, category_id, area, segmentation } of coco.annotations) {
      const maps = things.find(({ id }) => id === image_id);
      if (!maps) continue;
      const mask = pixels(segmentation);
      expect(mask.length).toBe(48 * 36);
      expect(Array.from(mask)).toEqual(Array.from(maps.instances, (id, i) => (id === instance_id && maps.labels[i] === category_id ? 1 : 0)));
      expect(mask.reduce((sum, v) => sum + v, 0)).toBe(area);
      expect(coco.categories.some(({ id }) => id === category_id)).toBe(true);
    }
    const people = json('whole', 'annotations', 'person_keypoints_train.json') as { annotations: { keypoints: number[]; num_keypoints: number }[]; categories: { keypoints: string[] }[] };
    expect(people.annotations.length).toBeGreaterThan(0);
    for (const { keypoints, num_keypoints } of people.annotations) expect(keypoints.filter((v, i) => i % 3 === 2 && v > 0)).toHaveLength(num_keypoints);
    expect(people.categories[0].keypoints).toHaveLength(17);

    // Killed: no goodbye, no clean-up. What is whole is kept, the rest is made to the same bytes.
    const sums = await readFile(join(root, 'whole/SHA256SUMS'), 'utf8');
    expect(sums.split('\n').filter((line) => line.endsWith('rgb/000002.png'))).toHaveLength(5);
    const killed = start('dataset', path, '--out', join(root, 'killed'), '--json');
    await killed.line(({ event }) => event === 'clip');
    killed.kill('SIGKILL');
    await killed.end();
    expect(failure(await sextant('dataset', path, '--out', join(root, 'killed'), '--json'))).toMatchObject({ exit: 2, code: 'bad-argument', message: expect.stringContaining('unfinished'), hint: expect.stringContaining('--resume') });
    const resumed = await sextant('dataset', path, '--out', join(root, 'killed'), '--resume', '--workers', '2', '--json');
    expect(resumed.lines.find(({ event }) => event === 'ready')!.resumedAt).toBeGreaterThanOrEqual(1);
    expect(resumed.lines.at(-1)).toMatchObject({ reason: 'complete', clips: 5 });
    expect(await readFile(join(root, 'killed/SHA256SUMS'), 'utf8')).toBe(sums);
    expect(existsSync(join(root, 'killed/.sextant-work'))).toBe(false);

    // One of its worlds alone is the same clip.
    const alone = await sextant('world', path, '--clip', '1', '--frames', '2', '--out', join(root, 'alone'), '--json');
    expect(alone.code).toBe(0);
    const clip = manifest.clips[1].path;
    for (const name of ['rgb/000001.png', 'depth/000001.png', 'instances/000001.png']) expect(await readFile(join(root, 'alone', name))).toEqual(await readFile(join(root, 'whole', clip, name)));
    expect(failure(await sextant('world', path, '--clip', '9', '--out', join(root, 'x'), '--json'))).toMatchObject({ exit: 2, message: expect.stringContaining('has 5 clips, clip 9 is asked for') });

    const again = await sextant('dataset', path, '--out', join(root, 'whole'), '--json');
    expect(again.lines.at(-1)).toMatchObject({ reason: 'complete', clips: 0 });
    const other = await recipe('other.yaml', RECIPE.replace('frames: 3', 'frames: 2'));
    expect(failure(await sextant('dataset', other, '--out', join(root, 'whole'), '--resume', '--json'))).toMatchObject({ exit: 2, code: 'bad-argument', message: expect.stringContaining('holds the data set of another recipe') });
  });

  it('stops cleanly at a signal, with a manifest of what there is', async () => {
    const path = await recipe('long.yaml', RECIPE.replace('clips: 5', 'clips: 500'));
    const command = start('dataset', path, '--out', join(root, 'stopped'), '--workers', '2', '--json');
    await command.line(({ event }) => event === 'clip');
    command.kill('SIGTERM');
    const { code, lines } = await command.end();
    expect(code).toBe(143);
    expect(lines.at(-1)).toMatchObject({ event: 'end', reason: 'SIGTERM' });
    expect(json('stopped', 'manifest.json')).toMatchObject({ complete: false, counts: { planned: 500, clips: lines.at(-1)!.clips } });
    expect(readdirSync(join(root, 'stopped/train')).length + (existsSync(join(root, 'stopped/val')) ? readdirSync(join(root, 'stopped/val')).length : 0)).toBe(lines.at(-1)!.clips);
  });

  it('paints pictures for the labels, checks them, and takes the next seed where they do not agree', async () => {
    const painted = (reject: string): string => `source: generate\nclips: 1\ntries: 2\nframes: 2\nsize: 48x32\nfps: 10\nseeds: 3000000\nsupersampling: 1\npreview: false\nmodalities: [depth, flow]\nexports: []\ngenerate: {model: ${GENERATOR}, conditions: [depth], palette: none, prompt: a red dog}\ncheck: {model: ${GENERATOR}, reject: {depth: ${reject}}}\n`;
    const good = await sextant('dataset', await recipe('good.yaml', painted('1000')), '--out', join(root, 'good'), '--device', 'cpu', '--json');
    expect(good.lines.find(({ event }) => event === 'clip')).toMatchObject({ tries: 1, agreement: { accepted: true, depth: { absRelScale: expect.any(Number) } } });
    expect(good.code).toBe(0);
    expect(good.stderr).toBe(''); // with --json everything is on stdout
    expect(json('good', 'all', '000000', 'manifest.json')).toMatchObject({ painted: { settings: { task: 'generate', steps: 4, seed: 3000000 }, frames: [{ sha256: expect.any(String) }, {}] }, agreement: { accepted: true } });
    expect(readdirSync(join(root, 'good/all/000000')).sort()).toEqual(['agreement.json', 'camera_info.yaml', 'captions.json', 'depth', 'flow', 'manifest.json', 'poses.json', 'rgb']);
    expect(json('good', 'manifest.json')).toMatchObject({ models: [{ name: 'tiny-generator' }], clips: [{ agreement: { accepted: true } }] });

    const bad = await sextant('dataset', await recipe('bad.yaml', painted('0')), '--out', join(root, 'bad'), '--device', 'cpu', '--json');
    expect(bad.lines.filter(({ event }) => event === 'rejected').map(({ seed, why }) => [seed, why])).toEqual([[3000000, 'check'], [3000001, 'check']]);
    expect(bad.lines.at(-1)).toMatchObject({ event: 'end', clips: 0, missing: 1, rejected: { check: 2 } });
    expect(bad.code).toBe(3);
    expect(json('bad', 'manifest.json')).toMatchObject({ complete: true, missing: [{ clip: 0, seeds: [3000000, 3000001] }], rejected: [{ clip: 0, seed: 3000000, why: 'check', message: expect.stringContaining('depth absRelScale is') }, {}] });
  });

  it('checks rendered clips too', async () => {
    const checked = await sextant('dataset', await recipe('checked.yaml', `${RECIPE.replace('clips: 5', 'clips: 1')}tries: 1\ncheck: {model: ${TINY}, reject: {depth: 0}}\n`), '--out', join(root, 'checked'), '--device', 'cpu', '--json');
    expect(checked.lines.find(({ event }) => event === 'rejected')).toMatchObject({ clip: 0, seed: 2000000, why: 'check', message: expect.stringMatching(/^depth absRelScale is .*, 0 is the most$/) });
    expect(checked.code).toBe(3);
  });

  it('says when a process that makes clips dies, and goes on after that', async () => {
    const path = await recipe('lost.yaml');
    const command = start('dataset', path, '--out', join(root, 'lost'), '--workers', '2', '--json');
    const { workerPids } = await command.line(({ event }) => event === 'ready');
    expect(workerPids).toHaveLength(2);
    process.kill((workerPids as number[])[0], 'SIGKILL');
    expect(failure(await command.end())).toMatchObject({ exit: 1, code: 'worker-lost', message: expect.stringMatching(/^the process that made clip \d ended \(SIGKILL\)$/), hint: expect.stringContaining('--resume') });
    expect((await sextant('dataset', path, '--out', join(root, 'lost'), '--resume', '--json')).lines.at(-1)).toMatchObject({ reason: 'complete', clips: 5 });
  });

  it('stops cleanly at Ctrl-C, which reaches the processes that make clips too, also while these start', async () => {
    const command = start('dataset', await recipe('early.yaml'), '--out', join(root, 'early'), '--workers', '2', '--json');
    const { workerPids } = await command.line(({ event }) => event === 'ready');
    command.kill('SIGINT');
    for (const pid of workerPids as number[]) process.kill(pid, 'SIGINT');
    const { code, lines } = await command.end();
    expect(code).toBe(130);
    expect(lines.at(-1)).toMatchObject({ event: 'end', reason: 'SIGINT', clips: 0 });
  });

  // A disk of its own that is too small: needs the right to mount one.
  const disk = join(root, 'disk');
  mkdirSync(disk);
  const mounts = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=160k', 'tmpfs', disk]).status === 0;
  afterAll(() => void (mounts && spawnSync('umount', [disk])));
  (mounts ? it : it.skip)('keeps whole clips when the disk is full, and goes on when there is room (skipped where no file system may be mounted)', async () => {
    const path = await recipe('disk.yaml');
    const full = await sextant('dataset', path, '--out', join(disk, 'set'), '--json');
    expect(failure(full)).toMatchObject({ exit: 1, code: 'io', message: expect.stringContaining('ENOSPC'), hint: expect.stringContaining('The disk is full') });
    const kept = full.lines.filter(({ event }) => event === 'clip').length;
    expect(kept).toBeLessThan(5);
    expect(spawnSync('mount', ['-o', 'remount,size=20m', disk]).status).toBe(0);
    const rest = await sextant('dataset', path, '--out', join(disk, 'set'), '--resume', '--json');
    expect(rest.lines.find(({ event }) => event === 'ready')).toMatchObject({ resumedAt: kept });
    expect(rest.lines.at(-1)).toMatchObject({ reason: 'complete', clips: 5 });
  });

  it('says what is wrong before anything is written', async () => {
    const run = async (text: string, ...more: string[]): Promise<ReturnType<typeof failure>> => failure(await sextant('dataset', await recipe('wrong.yaml', text), '--out', join(root, 'nothing'), '--json', ...more));
    expect(await run(RECIPE.replace('frames: 3', 'framse: 3'))).toMatchObject({ exit: 1, code: 'bad-config', message: expect.stringMatching(/wrong\.yaml:2: framse: no such key; is frames meant\?/) });
    expect(await run(RECIPE.replace('2000000', '100'))).toMatchObject({ exit: 1, code: 'bad-config', message: expect.stringMatching(/wrong\.yaml:5: seeds: seed 100 is kept for evaluation/) });
    expect(await run(`${RECIPE}assets: nowhere\n`)).toMatchObject({ exit: 1, code: 'source-missing', message: expect.stringContaining('no asset folder') });
    expect(await run(`${RECIPE}check: {model: nothing, reject: {depth: 1}}\n`)).toMatchObject({ exit: 1, code: 'model-missing' });
    expect(await run(`${RECIPE.replace('[depth, segmentation, skeleton]', '[depth]')}source: generate\ngenerate: {model: ${TINY}}\n`)).toMatchObject({ exit: 1, code: 'unsupported', message: 'model tiny-unified 1 cannot generate' });
    expect(existsSync(join(root, 'nothing'))).toBe(false);
    await mkdir(join(root, 'full'));
    await writeFile(join(root, 'full/thesis.tex'), 'x');
    expect(failure(await sextant('dataset', await recipe('r2.yaml'), '--out', join(root, 'full'), '--overwrite', '--json'))).toMatchObject({ exit: 2, message: expect.stringContaining('is not empty, and holds no data set: thesis.tex') });
    expect(readdirSync(join(root, 'full'))).toEqual(['thesis.tex']);
  });
});
