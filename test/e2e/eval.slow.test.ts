import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { COCO_KEYPOINTS } from '@sextant/core';
import { encode } from 'fast-png';
import sharp from 'sharp';
import type { Sharp } from 'sharp';
import { TINY, scratch, sextant } from '../../packages/cli/test/command.js';
import type { Line } from '../../packages/cli/test/command.js';

jest.setTimeout(120_000);
const root = scratch();
const items = join(root, 'items');
const [width, height] = [96, 64];

/** A NumPy array in a zip archive of its own kind: what numpy.savez_compressed writes. */
function npz(arrays: Readonly<Record<string, { readonly descr: string; readonly shape: string; readonly bytes: Uint8Array }>>): Buffer {
  const [locals, directory]: [Buffer[], Buffer[]] = [[], []];
  let offset = 0;
  for (const [key, { descr, shape, bytes }] of Object.entries(arrays)) {
    const header = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${shape}), }`.padEnd(117) + '\n';
    const packed = deflateRawSync(Buffer.concat([Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length, 0]), Buffer.from(header), bytes]));
    const name = Buffer.from(`${key}.npy`);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(8, 8);
    local.writeUInt16LE(name.length, 26);
    const central = Buffer.alloc(46);
    central.writeUInt32LE(0x02014b50, 0);
    central.writeUInt16LE(8, 10);
    central.writeUInt32LE(packed.length, 20);
    central.writeUInt16LE(name.length, 28);
    central.writeUInt32LE(offset, 42);
    locals.push(local, name, packed);
    directory.push(central, name);
    offset += 30 + name.length + packed.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(Object.keys(arrays).length, 10);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, ...directory, end]);
}

async function item(name: string, meta: object): Promise<(file: string) => string> {
  const folder = join(items, name);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'meta.json'), JSON.stringify({ name, ...meta }));
  return (file) => join(folder, file);
}

const picture = (t: number): Sharp =>
  sharp(Uint8Array.from({ length: width * height * 3 }, (_, i) => ((Math.floor(i / 3) % width) + t) * 2 + (i % 3) * 30), { raw: { width, height, channels: 3 } });
const grey16 = (value: (x: number, y: number) => number): Uint8Array =>
  encode({ width, height, channels: 1, depth: 16, data: Uint16Array.from({ length: width * height }, (_, i) => value(i % width, Math.floor(i / width))) });

beforeAll(async () => {
  for (const name of ['depth_a', 'depth_b']) {
    const at = await item(name, { task: 'depth', units: '16-bit PNG, value/1000 = metres', frames: 1, intrinsics_fx_fy_cx_cy: [90, 90, 47.5, 31.5] });
    await picture(0).jpeg().toFile(at('frame00.jpg'));
    await writeFile(at('depth00.png'), grey16((_x, y) => 4000 - 30 * y));
  }
  for (const [name, real] of [['flow_a', true], ['flow_film', false]] as const) {
    const at = await item(name, { task: 'flow', real });
    await picture(0).png().toFile(at('frame1.png'));
    await picture(2).png().toFile(at('frame2.png'));
    const flow = Float32Array.from({ length: width * height * 2 }, (_, i) => (i % 2 === 0 ? 3 : 4));
    await writeFile(at('flow.npz'), npz({
      flow: { descr: '<f4', shape: `${height}, ${width}, 2`, bytes: new Uint8Array(flow.buffer) },
      valid: { descr: '|b1', shape: `${height}, ${width}`, bytes: new Uint8Array(width * height).fill(1) },
    }));
  }
  const coco = await item('seg_coco_a', { task: 'seg', frames: 1 });
  await picture(0).jpeg().toFile(coco('frame00.jpg'));
  await writeFile(coco('mask00.png'), grey16((x) => (x < 48 ? 1 : 187)));
  const pose = await item('pose_a', { task: 'pose' });
  await picture(0).jpeg().toFile(pose('frame00.jpg'));
  await writeFile(pose('person_instance00.png'), grey16((x) => (x < 20 ? 1 : 0)));
  const keypoints = COCO_KEYPOINTS.map((_, j) => [10 + j, 3 * j, 2]);
  const people = [0, 8].map((left) => ({ keypoints: keypoints.map(([x, y, v]) => [x + left, y, v]), bbox_xywh: [left, 0, 80, 64] }));
  await writeFile(pose('keypoints.json'), JSON.stringify({ joint_names: COCO_KEYPOINTS, people }));
});

const metrics = (lines: readonly Line[]): Map<string, Line> => new Map(lines.map((line) => [`${String(line.task)} ${String(line.set)}`, line]));

describe('sextant eval', () => {
  it('measures real items, films apart, beside the baselines', async () => {
    const out = join(root, 'pictures');
    const { code, lines, stderr } = await sextant('eval', items, '--json', '--model', TINY, '--device', 'cpu', '--size', '96x64', '--out', out);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(new Set(lines.map(({ event }) => event))).toEqual(new Set(['metrics']));
    const found = metrics(lines);
    expect([...found.keys()]).toEqual(['depth real', 'flow real', 'flow synthetic', 'segmentation real', 'skeleton real']);
    expect(found.get('depth real')).toMatchObject({ items: 2, frames: 2, metrics: { absRelScale: expect.any(Number), absRelLogAffine: expect.any(Number), delta1Scale: expect.any(Number) } });
    // Depth falls steadily down the picture, in the other item too.
    const depth = found.get('depth real')!.baselines as Record<string, { absRel: number }>;
    expect(depth.rowPrior.absRel).toBeLessThan(0.01);
    expect(depth.constant.absRel).toBeGreaterThan(0.1);
    // A motion of (3, 4) is 5 pixels, and more than 3.
    expect(found.get('flow real')).toMatchObject({ items: 1, baselines: { zero: { epe: 5, fl: 100 } } });
    // Half a panoptic picture is person; a silhouette covers 20 of 96 columns.
    const segmentation = found.get('segmentation real')!;
    expect((segmentation.baselines as Record<string, { personIoU: number }>).allPerson.personIoU).toBeCloseTo((0.5 + 20 / 96) / 2, 10);
    // The two people have one pose, placed alike in their boxes.
    expect(found.get('skeleton real')).toMatchObject({ metrics: { people: 2 }, baselines: { meanPose: { pck01: 1 } } });
    for (const path of ['depth/real-worst.png', 'skeleton/real/pose_a.png', 'flow-pairs/real/flow_a/flow.png', 'report.json']) expect(existsSync(join(out, path))).toBe(true);
    expect(JSON.parse(await readFile(join(out, 'report.json'), 'utf8'))).toHaveLength(5);
    // Along the picture's edges the same maps come out otherwise; joints are joints.
    const edges = metrics((await sextant('eval', items, '--json', '--model', TINY, '--device', 'cpu', '--size', '96x64', '--resolution', 'camera')).lines);
    expect([...edges.keys()]).toEqual([...found.keys()]);
    expect((edges.get('depth real')!.metrics as { absRelScale: number }).absRelScale).not.toBe((found.get('depth real')!.metrics as { absRelScale: number }).absRelScale);
    expect(edges.get('skeleton real')).toEqual(found.get('skeleton real'));
  });

  it('measures worlds, the same way each time, with other figures as baselines', async () => {
    const dis = join(root, 'dis.json');
    await writeFile(dis, JSON.stringify([{ set: 'world', metrics: { epe: 0.5, fl: 1 } }]));
    const args = ['eval', '--source', 'world', '--seeds', '2', '--size', '96x64', '--json', '--model', TINY, '--device', 'cpu'];
    const { code, lines } = await sextant(...args, '--previous', TINY, '--dis', dis);
    expect(code).toBe(0);
    const found = metrics(lines);
    const flow = found.get('flow world')!;
    expect(flow).toMatchObject({ items: 2, frames: 2, baselines: { dis: { epe: 0.5, fl: 1 } } });
    // The same model again is its own previous version: nothing is left to chance.
    for (const line of lines) expect((line.baselines as Record<string, unknown>).previousVersion).toEqual(line.metrics);
    expect(found.get('depth world')).toMatchObject({ baselines: { gradientFit: { absRelScale: expect.any(Number) } } });
    expect(found.get('segmentation world')).toMatchObject({ metrics: { mIoU: expect.any(Number), perClass: expect.any(Object) } });
  });

  it('measures how ids last on worlds, and nothing else', async () => {
    const { code, lines, stderr } = await sextant('eval', '--source', 'world', '--tracks', '3', '--seeds', '2', '--size', '96x64', '--json', '--model', TINY, '--device', 'cpu');
    expect([code, stderr]).toEqual([0, '']);
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) {
      expect(line).toMatchObject({ task: 'tracking', set: expect.stringMatching(/^world-(people|skeletons|things)$/), items: 2, frames: 6 });
      expect(line).toMatchObject({ metrics: { tracks: expect.any(Number), switches: expect.any(Number) }, baselines: { frameOrder: {}, overlap: {}, truth: {} } });
    }
    expect(metrics(lines).has('tracking world-things')).toBe(true);
    expect(await sextant('eval', items, '--json', '--tracks', '3')).toMatchObject({ code: 2, lines: [{ event: 'error', code: 'bad-argument' }] });
  });

  it('fails where nothing could be measured, and says what there was', async () => {
    const { code, lines } = await sextant('eval', items, '--json', '--model', TINY, '--device', 'cpu', '--size', '96x64', '--modalities', 'densepose');
    expect(code).toBe(1);
    expect(lines).toEqual([expect.objectContaining({ event: 'error', code: 'unsupported', message: `nothing was measured of densepose (${items} has items: 2 of task depth, 2 of task flow, 1 of task pose, 1 of task seg)` })]);
  });

  it('refuses a folder that cannot be written before the work, and prints figures whatever becomes of files later', async () => {
    const args = ['eval', items, '--json', '--model', TINY, '--device', 'cpu', '--size', '96x64', '--modalities', 'depth', '--out'];
    const before = await sextant(...args, join(items, 'depth_a', 'meta.json', 'out'));
    expect(before).toMatchObject({ code: 1, lines: [{ event: 'error', code: 'io' }], stderr: '' });
    // A file in the place of the pictures' folder, and a folder in that of the report.
    const [pictures, report] = [join(root, 'no-pictures'), join(root, 'no-report')];
    await mkdir(pictures);
    await writeFile(join(pictures, 'depth'), '');
    await mkdir(join(report, 'report.json'), { recursive: true });
    for (const out of [pictures, report]) {
      expect(await sextant(...args, out)).toMatchObject({ code: 1, lines: [{ event: 'metrics', task: 'depth', items: 2 }, { event: 'error', code: 'io' }] });
    }
    expect(JSON.parse(await readFile(join(pictures, 'report.json'), 'utf8'))).toHaveLength(1);
  });

  it('says what is missing', async () => {
    expect(await sextant('eval', '--json')).toMatchObject({ code: 2, lines: [{ event: 'error', code: 'bad-argument' }] });
    expect(await sextant('eval', '--json', join(root, 'none'))).toMatchObject({ code: 1, lines: [{ event: 'error', code: 'source-missing' }] });
    expect(await sextant('eval', '--json', '--source', 'world', '--size', 'big')).toMatchObject({ code: 2, lines: [{ event: 'error', message: expect.stringContaining('256x192') }] });
  });
});
