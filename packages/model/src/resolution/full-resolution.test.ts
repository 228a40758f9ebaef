import { describe, expect, it } from '@jest/globals';
import { resampleNearest, type Perception } from '@sextant/core';
import { createWorld } from '@sextant/world';
import { FullResolution, fullResolution } from './full-resolution.js';

const [W, H, w, h] = [160, 120, 40, 30];

/** Linear enlargement of a map, NaN spreading. */
function bilinear(map: Float32Array): Float32Array {
  const hold = (v: number, most: number): number => Math.max(0, Math.min(most, v));
  return Float32Array.from({ length: W * H }, (_, i) => {
    const [fx, fy] = [(((i % W) + 0.5) * w) / W - 0.5, ((Math.floor(i / W) + 0.5) * h) / H - 0.5];
    const [x, y] = [Math.floor(fx), Math.floor(fy)];
    const at = (u: number, v: number): number => map[hold(v, h - 1) * w + hold(u, w - 1)];
    const [a, b] = [fx - x, fy - y];
    return (at(x, y) * (1 - a) + at(x + 1, y) * a) * (1 - b) + (at(x, y + 1) * (1 - a) + at(x + 1, y + 1) * a) * b;
  });
}

describe('FullResolution', () => {
  const world = createWorld({ seed: 502, width: W, height: H, supersampling: 1 });
  const truth = world.render(2);
  const low = (map: Float32Array): Float32Array => resampleNearest(map, W, H, w, h);
  const frame = { stamp: 0n, frameId: 'c', sequence: 0, width: W, height: H, rgb: truth.rgb };
  const perception: Perception = {
    frame, latencyMs: 0,
    depth: { width: w, height: h, metres: low(truth.depth), provenance: 'metric', confidence: new Float32Array(w * h).fill(0.5) },
    flow: { width: w, height: h, pixels: resampleNearest(truth.flow, W, H, w, h, 2).map((v) => v / 4) },
    segmentation: { width: w, height: h, labels: resampleNearest(truth.labels, W, H, w, h), instances: resampleNearest(truth.instances, W, H, w, h), classes: world.classes },
    skeleton: { width: 20, height: 15, people: [{ id: 3, score: 1, box: [1, 2, 3, 4], keypoints: [{ x: 9.5, y: 7, score: 1 }] }] },
  };
  const full = new FullResolution().apply(perception);
  /** Mean over pixels beside a jump of the true depth, or away from all. */
  const meanAt = (edges: boolean, value: (i: number) => number): number => {
    let [sum, n] = [0, 0];
    for (let y = 3; y < H - 3; y++) {
      for (let x = 3; x < W - 3; x++) {
        let [least, most] = [Infinity, 0];
        for (let v = -3; v <= 3; v++) for (let u = -3; u <= 3; u++) {
          const z = truth.depth[(y + v) * W + x + u];
          [least, most] = [Math.min(least, z), Math.max(most, z)];
        }
        const e = value(y * W + x);
        if (most > 1.3 * least !== edges || !(e >= 0)) continue;
        sum += e;
        n++;
      }
    }
    return sum / n;
  };
  const error = (map: Float32Array) => (i: number): number => Math.abs(Math.log(map[i] / truth.depth[i]));

  it('beats nearest and bilinear depth at the edges of a simulated frame by a tenth, and stays within a tenth of nearest elsewhere', () => {
    const { metres } = full.depth!;
    const nearest = resampleNearest(perception.depth!.metres, w, h, W, H);
    const linear = bilinear(perception.depth!.metres.map(Math.log)).map(Math.exp);
    expect(meanAt(true, error(metres))).toBeLessThan(0.9 * meanAt(true, error(nearest)));
    expect(meanAt(true, error(metres))).toBeLessThan(0.9 * meanAt(true, error(linear)));
    expect(meanAt(false, error(metres))).toBeLessThan(1.1 * meanAt(false, error(nearest)));
  });

  it('labels edges better than the nearest sample and invents no label or instance', () => {
    const { labels, instances } = full.segmentation!;
    const nearest = resampleNearest(perception.segmentation!.labels, w, h, W, H);
    const wrong = (map: Uint8Array) => (i: number): number => (map[i] === truth.labels[i] ? 0 : 1);
    expect(meanAt(true, wrong(labels))).toBeLessThan(meanAt(true, wrong(nearest)));
    const pairs = (l: Uint8Array, k: Uint16Array): Set<number> => new Set(Array.from(l, (label, i) => (k[i] << 8) | label));
    const known = pairs(perception.segmentation!.labels, perception.segmentation!.instances);
    for (const pair of pairs(labels, instances)) expect(known.has(pair)).toBe(true);
  });

  it('gives motion in pixels of the picture and scales skeletons', () => {
    const epe = (i: number): number => Math.hypot(full.flow!.pixels[2 * i] - truth.flow[2 * i], full.flow!.pixels[2 * i + 1] - truth.flow[2 * i + 1]);
    const none = (i: number): number => Math.hypot(truth.flow[2 * i], truth.flow[2 * i + 1]);
    expect(meanAt(false, epe)).toBeLessThan(0.2 * meanAt(false, none));
    expect(full.skeleton).toMatchObject({ width: W, height: H });
    expect(full.skeleton!.people[0]).toMatchObject({ id: 3, box: [8, 16, 24, 32], keypoints: [{ x: 79.5, y: 59.5 }] });
  });

  it('keeps holes along the edge of the picture, and depth between surfaces empty', () => {
    // Left half dark and near, right half bright and without depth, the border within a low-resolution pixel.
    const rgb = Uint8Array.from({ length: 20 * 10 * 3 }, (_, i) => (Math.floor(i / 3) % 20 < 9 ? 20 : 230));
    const metres = Float32Array.from({ length: 50 }, (_, i) => (i % 10 < 5 ? 2 : NaN)).slice(0, 50);
    const { depth } = new FullResolution().apply({ frame: { ...frame, width: 20, height: 10, rgb }, latencyMs: 0, depth: { width: 10, height: 5, metres, provenance: 'metric', confidence: new Float32Array(50).fill(1) } });
    const row = [...depth!.metres.subarray(100, 120)];
    expect(row.slice(0, 9).every((z) => Math.abs(z - 2) < 1e-5)).toBe(true);
    expect(row.slice(11).every(Number.isNaN)).toBe(true);
    expect(depth!.confidence![119]).toBe(0);
  });

  it('brings what a phrase names to the picture, the phrase and the count kept', () => {
    // The left half is dark and named; the border lies within a low-resolution pixel.
    const rgb = Uint8Array.from({ length: 20 * 10 * 3 }, (_, i) => (Math.floor(i / 3) % 20 < 9 ? 20 : 230));
    const named = (i: number): boolean => i % 10 < 5;
    const low = { width: 10, height: 5, phrase: 'the dark half', threshold: 0.4, count: 1, asked: 1 };
    const maps = { probability: Float32Array.from({ length: 50 }, (_, i) => (named(i) ? 0.75 : 0.25)), regions: Uint16Array.from({ length: 50 }, (_, i) => (named(i) ? 1 : 0)) };
    const { referred } = new FullResolution().apply({ frame: { ...frame, width: 20, height: 10, rgb }, latencyMs: 0, referred: { ...low, ...maps } });
    const { probability, regions, ...rest } = referred!;
    expect(rest).toEqual({ ...low, width: 20, height: 10 });
    expect([probability.length, regions.length]).toEqual([200, 200]);
    for (const x of [0, 8, 11, 19]) {
      expect(probability[100 + x]).toBeCloseTo(x < 9 ? 0.75 : 0.25, 5);
      expect(regions[100 + x]).toBe(x < 9 ? 1 : 0);
    }
  });

  it.each([{ sigmaSpace: 0 }, { sigmaSpace: NaN }, { sigmaColor: -1 }])('refuses %j', (options) => {
    for (const make of [() => new FullResolution(options), () => fullResolution(options)]) expect(make).toThrow(expect.objectContaining({ code: 'bad-argument' }));
  });

  it.each(['depth', 'flow', 'segmentation', 'densepose', 'referred'] as const)('keeps all that is not of the size of the map: %s', (modality) => {
    const size = { width: w, height: h };
    const bytes = new Uint8Array(w * h).fill(1);
    const ids = new Uint16Array(w * h).fill(1);
    const all = {
      depth: perception.depth!, flow: { ...perception.flow!, since: 4n }, segmentation: perception.segmentation!,
      densepose: { ...size, part: bytes, u: bytes, v: bytes, person: ids, fronts: new Map([[1, 0.2]]) },
      referred: { ...size, phrase: 'x', probability: new Float32Array(w * h), regions: ids, threshold: 0.5, count: 1 },
    };
    const given = { ...all[modality], later: 'a field of a later version' };
    const kept = Object.entries(given).filter(([key, value]) => !ArrayBuffer.isView(value) && key !== 'width' && key !== 'height');
    const large = new FullResolution().apply({ frame, latencyMs: 0, [modality]: given })[modality]!;
    expect(large).toMatchObject({ ...Object.fromEntries(kept), width: W, height: H });
    for (const [key, value] of Object.entries(given)) {
      if (ArrayBuffer.isView(value)) expect([key, (large as unknown as Record<string, Uint8Array>)[key].length]).toEqual([key, 16 * (value as Uint8Array).length]);
    }
  });
});
