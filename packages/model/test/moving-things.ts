import type { Perception, Person, SegmentationClass } from '@sextant/core';

export const CLASSES: readonly SegmentationClass[] = [
  { id: 0, name: 'background', color: [0, 0, 0], thing: false },
  { id: 1, name: 'person', color: [200, 0, 0], thing: true },
  { id: 2, name: 'chair', color: [0, 200, 0], thing: true },
  { id: 3, name: 'pillar', color: [0, 0, 200], thing: false },
];

/** A rectangle that moves at constant velocity; later ones of a list stand in front. */
export interface Thing {
  readonly label: number;
  /** Top left at time 0 and size, pixels. */
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
  /** Pixels per second. */
  readonly vx?: number;
  readonly vy?: number;
}

export interface SceneOptions {
  readonly width?: number;
  readonly height?: number;
  /** Frames per second. */
  readonly rate?: number;
  readonly flow?: boolean;
  /** Which maps there are. */
  readonly maps?: readonly ('segmentation' | 'skeleton' | 'densepose')[];
}

/** Truth of one frame: the perception, and which of `things` each of its ids is. */
export interface TrueFrame {
  readonly perception: Perception;
  /** Index of the thing at each pixel, -1 none. */
  readonly thing: Int16Array;
}

/**
 * Frame `index` of moving rectangles with exact masks, flow and (for people) a 17-joint skeleton and a DensePose body. Like
 * an inference, it numbers the visible things anew in every frame, in an order that changes.
 */
export function movingThings(things: readonly Thing[], index: number, options: SceneOptions = {}): TrueFrame {
  const { width = 64, height = 32, rate = 30, flow = false, maps = ['segmentation'] } = options;
  const n = width * height;
  const thing = new Int16Array(n).fill(-1);
  const at = (t: Thing, i: number): [number, number] => [Math.round(t.x + ((t.vx ?? 0) * i) / rate), Math.round(t.y + ((t.vy ?? 0) * i) / rate)];
  things.forEach((t, k) => {
    const [x, y] = at(t, index);
    for (let py = Math.max(0, y); py < Math.min(height, y + t.h); py++) for (let px = Math.max(0, x); px < Math.min(width, x + t.w); px++) thing[py * width + px] = k;
  });
  const visible = [...new Set(thing)].filter((k) => k >= 0 && CLASSES[things[k].label].thing).sort((a, b) => ((a * 7 + index * 5) % 11) - ((b * 7 + index * 5) % 11) || a - b);
  const ids = new Map(visible.map((k, i) => [k, i + 1]));
  const id = Uint16Array.from(thing, (k) => ids.get(k) ?? 0);
  const labels = Uint8Array.from(thing, (k) => (k < 0 ? 0 : things[k].label));
  const motion = things.map((t) => {
    const [now, before] = [at(t, index), at(t, index - 1)];
    return [now[0] - before[0], now[1] - before[1]];
  });
  const people = visible.filter((k) => things[k].label === 1).map((k): Person => {
    const { w, h } = things[k];
    const [x, y] = at(things[k], index);
    const keypoints = Array.from({ length: 17 }, (_, j) => ({ x: x + ((j % 3) * (w - 1)) / 2, y: y + (j * (h - 1)) / 16, score: 0.9 }));
    return { id: ids.get(k)!, score: 1, box: [x, y, w, h], keypoints };
  });
  const perception: Perception = {
    frame: { stamp: BigInt(Math.round((index * 1e9) / rate)), frameId: 'camera', sequence: index, width, height, rgb: new Uint8Array(n * 3) },
    latencyMs: 1,
    ...(maps.includes('segmentation') && { segmentation: { width, height, labels, instances: id, classes: CLASSES } }),
    ...(flow && index > 0 && { flow: { width, height, pixels: Float32Array.from({ length: 2 * n }, (_, i) => (thing[i >> 1] < 0 ? 0 : motion[thing[i >> 1]][i & 1])), confidence: new Float32Array(n).fill(1) } }),
    ...(maps.includes('skeleton') && { skeleton: { width, height, people } }),
    ...(maps.includes('densepose') && {
      densepose: { width, height, part: labels.map((l) => (l === 1 ? 2 : 0)), u: new Uint8Array(n), v: new Uint8Array(n), person: id.map((v, i) => (labels[i] === 1 ? v : 0)) },
    }),
  };
  return { perception, thing };
}
