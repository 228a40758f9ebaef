import { describe, expect, it } from '@jest/globals';
import type { Modality, SegmentationClass } from '@sextant/core';
import { crowd, type Figure } from '../../test/crowd.js';
import { decode, decodePeople, type Nearer } from '../codecs/decode.js';
import type { Manifest } from '../manifest/schema.js';
import type { WireFrame } from '../runtime/messages.js';
import type { NamedTensor } from '../runtime/tensor.js';
import { checkCloseUps, comeCloser, type Seen } from './close-ups.js';

const CLASSES = [{ id: 0, name: 'background', color: [0, 0, 0], thing: false }, { id: 1, name: 'person', color: [1, 1, 1], thing: true }, { id: 2, name: 'wall', color: [2, 2, 2], thing: false }] as unknown as SegmentationClass[];
const manifest = {
  name: 'synthetic', classes: CLASSES,
  modalities: {
    skeleton: { graph: 'g', outputs: ['o'], codec: { type: 'centre-offset-pose', offsetScale: 32, centreThreshold: 0.25, jointThreshold: 0.1, voteRadius: 0.35, frontThreshold: 0.5, frontWeight: 1 } },
    segmentation: { graph: 'g', outputs: ['o', 'p'], codec: { type: 'labels', minArea: 4 } },
    densepose: { graph: 'g', outputs: ['o', 'p'], codec: { type: 'part-uv', frontThreshold: 0.5 } },
  },
} as unknown as Manifest;
const ALL: readonly Modality[] = ['segmentation', 'skeleton', 'densepose'];
/** A frame of 512x384 pixels; of its maps a pixel is 8. */
const [W, H, UNIT] = [512, 384, 8];
const frame: WireFrame = { stamp: 0n, width: W, height: H, rgb: places(), focalKnown: false };

/** A picture whose every pixel tells its place, so that a close-up knows what it shows. */
function places(): Uint8Array {
  const rgb = new Uint8Array(W * H * 3);
  for (let y = 0, i = 0; y < H; y++) {
    for (let x = 0; x < W; x++) [rgb[i++], rgb[i++], rgb[i++]] = [x >> 1, y >> 1, (x & 1) + 2 * (y & 1)];
  }
  return rgb;
}

/** What a perfect network says of figures on a map of w x h pixels. Bodies are of part 5 (or `part`), all else wall. */
function said(w: number, h: number, figures: readonly Figure[], part = 5): ReadonlyMap<Modality, readonly NamedTensor[]> {
  const { output, mask } = crowd(w, h, figures);
  const dims = [1, h, w];
  const bytes = (data: Uint8Array): NamedTensor => ({ name: 'o', type: 'uint8', data, dims });
  const floats = (value: number, n: number): NamedTensor => ({ name: 'p', type: 'float32', data: new Float32Array(n).fill(value), dims: n === w * h ? dims : [1, 2, h, w] });
  return new Map<Modality, readonly NamedTensor[]>([
    ['skeleton', [output]],
    ['segmentation', [bytes(mask.map((p) => (p > 0 ? 1 : 2))), floats(0.5, w * h)]],
    ['densepose', [bytes(mask.map((p) => (p > 0 ? part : 0))), floats(0.25, 2 * w * h)]],
  ]);
}

/** What close-ups add where the first look sees the figures `first` and close-ups, on maps of their own, the figures `truth`. */
async function look(first: readonly Figure[], truth: readonly Figure[], count = 8): Promise<{ nearer: Nearer; looks: number; outputs: ReadonlyMap<Modality, readonly NamedTensor[]> }> {
  const [w, h] = [W / UNIT, H / UNIT];
  const outputs = said(w, h, first);
  const people = decodePeople(manifest, outputs, { width: 4 * w, height: 4 * h })!;
  let looks = 0;
  const nearer = await comeCloser(frame, people, ALL, count, manifest, (part): Promise<Seen> => {
    looks++;
    const [x, y] = [2 * part.rgb[0] + (part.rgb[2] & 1), 2 * part.rgb[1] + (part.rgb[2] >> 1)];
    const [mw, mh] = part.width < part.height ? [48, 64] : [64, 48];
    const scale = (mw / part.width) * UNIT;
    return Promise.resolve({ outputs: said(mw, mh, truth.map((f) => ({ x: (f.x + 0.5 - x / UNIT) * scale - 0.5, y: (f.y + 0.5 - y / UNIT) * scale - 0.5, height: f.height * scale })), 7), grid: { width: 4 * mw, height: 4 * mh }, focal: 200 });
  });
  return { nearer, looks, outputs };
}

const maps = async (first: readonly Figure[], truth: readonly Figure[], count?: number): Promise<ReturnType<typeof decode> & { looks: number }> => {
  const { nearer, looks, outputs } = await look(first, truth, count);
  return { ...decode(manifest, outputs, { grid: { width: W / 2, height: H / 2 }, focal: 200, focalKnown: false, hasPrevious: false }, nearer), looks };
};

const LEFT = { x: 14, y: 10, height: 24 };
const RIGHT = { x: 46, y: 12, height: 22 };

describe('close-ups', () => {
  it('put joints, outlines and parts where they truly are', async () => {
    // The first look is off by a pixel or two of its map.
    const first = [{ ...LEFT, x: 16.4, y: 8.2 }, RIGHT];
    const { skeleton, segmentation, densepose, looks } = await maps(first, [LEFT, RIGHT]);
    expect(looks).toBe(2);
    expect(skeleton!.people.map(({ id }) => id)).toEqual([1, 2]);
    const { joints, mask } = crowd(64, 48, [LEFT, RIGHT]);
    const left = skeleton!.people.find(({ box }) => box[0] < 32)!;
    left.keypoints.forEach(({ x, y }, j) => {
      expect(Math.hypot(x - joints[0][j]![0], y - joints[0][j]![1])).toBeLessThan(0.6);
    });
    const wrong = (bodies: ArrayLike<number>): number => mask.filter((p, i) => p > 0 !== bodies[i] > 0).length;
    expect(wrong(segmentation!.labels.map((label) => (label === 1 ? 1 : 0)))).toBeLessThan(0.5 * wrong(crowd(64, 48, first).mask)); // edges fall between pixels
    // What only the first look took for a body is none any more; ids are the same in all maps.
    expect(densepose!.part.some((part) => part === 5)).toBe(false);
    for (const { id, keypoints } of skeleton!.people) {
      const hip = keypoints[11];
      const i = Math.round(hip.y) * 64 + Math.round(hip.x);
      expect([segmentation!.labels[i], segmentation!.instances[i], densepose!.part[i], densepose!.person![i]]).toEqual([1, id, 7, id]);
    }
  });

  it('drop whom they do not find, with the outline, and count the others anew', async () => {
    const { skeleton, segmentation, densepose } = await maps([LEFT, RIGHT], [RIGHT]);
    expect(skeleton!.people).toHaveLength(1);
    expect(skeleton!.people[0].id).toBe(1);
    expect(skeleton!.people[0].keypoints[0].x).toBeGreaterThan(32);
    const people = [...segmentation!.labels.keys()].filter((i) => segmentation!.labels[i] === 1);
    expect(people.length).toBeGreaterThan(50);
    for (const i of people) {
      expect(i % 64).toBeGreaterThan(32);
      expect(segmentation!.instances[i]).toBe(1);
    }
    expect(densepose!.person!.every((id) => id <= 1)).toBe(true);
  });

  it('are of so many people as are asked for, the others stay', async () => {
    const off = [{ ...LEFT, x: 15.4 }, { ...RIGHT, x: 47.4 }];
    const { looks, skeleton } = await maps(off, [LEFT, RIGHT], 1);
    expect(looks).toBe(1);
    expect(skeleton!.people).toHaveLength(2);
    const errors = skeleton!.people.map(({ keypoints: [nose] }) => Math.min(Math.abs(nose.x - LEFT.x), Math.abs(nose.x - RIGHT.x)));
    expect(errors[0]).toBeLessThan(0.6);
    expect(errors[1]).toBeGreaterThan(0.8);
  });

  it('leave alone who fills the frame, and a frame without people', async () => {
    expect((await maps([{ x: 32, y: 1, height: 46 }], [])).skeleton!.people).toHaveLength(1);
    expect(await maps([], [LEFT])).toMatchObject({ looks: 0, skeleton: { people: [] } });
  });

  it('tell one from another where they overlap', async () => {
    const [behind, before] = [{ x: 28, y: 8, height: 28 }, { x: 33, y: 12, height: 26 }];
    const { skeleton, segmentation } = await maps([behind, before], [behind, before]);
    expect(skeleton!.people).toHaveLength(2);
    const { mask } = crowd(64, 48, [behind, before]);
    const [a, b] = [behind, before].map(({ x }) => skeleton!.people.reduce((best, p) => (Math.abs(p.keypoints[0].x - x) < Math.abs(best.keypoints[0].x - x) ? p : best)).id);
    expect(a).not.toBe(b);
    const right = segmentation!.instances.filter((id, i) => mask[i] > 0 && id === (mask[i] === 1 ? a : b)).length;
    expect(right).toBeGreaterThan(0.85 * mask.filter((p) => p > 0).length);
  });
});

describe('checkCloseUps', () => {
  it('refuses numbers that are none and models that find nobody', () => {
    for (const count of [-1, 1.5, 33, NaN]) expect(() => { checkCloseUps(count, manifest); }).toThrow(expect.objectContaining({ code: 'bad-argument', message: `0 to 32 people can be looked at again, not ${count}` }));
    const blind = { name: 'mine', modalities: { depth: manifest.modalities.skeleton } } as unknown as Manifest;
    expect(() => { checkCloseUps(1, blind); }).toThrow(expect.objectContaining({ code: 'unsupported', message: expect.stringContaining('model mine does not say where people are') }));
    expect(() => { checkCloseUps(0, blind); }).not.toThrow();
  });
});
