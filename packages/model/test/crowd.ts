/** A figure's exact joints in COCO's order, as parts of its height: x from its middle line, y from the top of its head. */
const POSE: readonly (readonly [number, number])[] = [
  [0, 0.08], [0.02, 0.06], [-0.02, 0.06], [0.05, 0.07], [-0.05, 0.07], [0.12, 0.2], [-0.12, 0.2], [0.17, 0.35], [-0.17, 0.35],
  [0.16, 0.5], [-0.16, 0.5], [0.08, 0.52], [-0.08, 0.52], [0.09, 0.75], [-0.09, 0.75], [0.1, 0.97], [-0.1, 0.97],
];

/** One person of a made-up crowd, on the map's pixels. */
export interface Figure {
  /** Middle line and top of the head. */
  readonly x: number;
  readonly y: number;
  readonly height: number;
}

/** What a perfect network would say of a crowd, and the truth. */
export interface Crowd {
  /** [1,20,h,w] as `centre-offset-pose` wants it, for a grid of 4 w. */
  readonly output: { name: string; type: string; data: Float32Array; dims: number[] };
  /** 17 exact joints per figure; undefined outside the picture. */
  readonly joints: readonly (readonly (readonly [number, number] | undefined)[])[];
  /** 1-based index of the figure at each pixel, 0 none; later figures stand in front. */
  readonly mask: Uint8Array;
}

/** Deterministic noise with unit variance (Box-Muller over a linear congruential generator). */
export function noise(seed: number): () => number {
  let state = seed >>> 0;
  const uniform = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 0.5) / 4294967296;
  };
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}

/**
 * Heat maps and offsets of upright figures the way training makes its targets: Gaussians whose width follows the figure's
 * height, hidden joints at 0.7, offsets to the centre of the visible box over the visible mask, and `jitter` standard
 * deviations of noise on logits (and a quarter of it, in map pixels, on offsets).
 */
export function crowd(w: number, h: number, figures: readonly Figure[], jitter = 0, seed = 1): Crowd {
  const n = w * h;
  const mask = new Uint8Array(n);
  figures.forEach(({ x, y, height }, p) => {
    for (let py = Math.max(0, Math.ceil(y)); py <= Math.min(h - 1, y + height); py++) {
      const part = (py - y) / height;
      const half = height * (part < 0.16 ? 0.07 : part < 0.55 ? 0.17 : 0.12);
      for (let px = Math.max(0, Math.ceil(x - half)); px <= Math.min(w - 1, x + half); px++) mask[py * w + px] = p + 1;
    }
  });
  const heat = new Float32Array(18 * n);
  const bump = (channel: number, px: number, py: number, sigma: number, top: number): void => {
    const reach = Math.ceil(4 * sigma);
    for (let y = Math.max(0, Math.round(py) - reach); y <= Math.min(h - 1, Math.round(py) + reach); y++) {
      for (let x = Math.max(0, Math.round(px) - reach); x <= Math.min(w - 1, Math.round(px) + reach); x++) {
        const k = channel * n + y * w + x;
        heat[k] = Math.max(heat[k], top * Math.exp(-((x - px) ** 2 + (y - py) ** 2) / (2 * sigma * sigma)));
      }
    }
  };
  const boxes = figures.map((_, p) => boxOfMask(mask, w, p + 1));
  const joints = figures.map(({ x, y, height }, p) => {
    const sigma = Math.max(0.7, Math.min(2.5, height * 0.035));
    const [left, top, right, bottom] = boxes[p];
    if (right >= left) bump(17, (left + right) / 2, (top + bottom) / 2, 1.5 * sigma, 1);
    return POSE.map(([dx, dy], j) => {
      const [jx, jy] = [x + dx * height, y + dy * height];
      const [px, py] = [Math.round(jx), Math.round(jy)];
      if (right < left || px < 0 || py < 0 || px >= w || py >= h) return undefined;
      bump(j, jx, jy, sigma, mask[py * w + px] === p + 1 ? 1 : 0.7);
      return [jx, jy] as const;
    });
  });
  const random = noise(seed);
  const data = new Float32Array(20 * n);
  for (let i = 0; i < 18 * n; i++) {
    const p = Math.min(0.999, Math.max(0.0005, heat[i]));
    data[i] = Math.log(p / (1 - p)) + jitter * random();
  }
  for (let i = 0; i < n; i++) {
    const box = mask[i] === 0 ? undefined : boxes[mask[i] - 1];
    const [cx, cy] = box ? [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2] : [i % w, Math.floor(i / w)];
    data[18 * n + i] = ((cx - (i % w) + 0.25 * jitter * random()) * 4) / 32;
    data[19 * n + i] = ((cy - Math.floor(i / w) + 0.25 * jitter * random()) * 4) / 32;
  }
  return { output: { name: 'skeleton.skeleton', type: 'float32', data, dims: [1, 20, h, w] }, joints, mask };
}

/** Forty people in five rows, no two alike, each overlapping a neighbour a little. */
export function fortyPeople(w: number, h: number): Figure[] {
  const random = noise(7);
  return Array.from({ length: 40 }, (_, i) => ({
    x: ((i % 8) + 0.5) * (w / 8) + 0.8 * random(),
    y: Math.floor(i / 8) * (h / 5) + 0.5 + 0.5 * random(),
    height: (h / 5) * (1.05 + 0.05 * random()),
  }));
}

function boxOfMask(mask: Uint8Array, w: number, id: number): [number, number, number, number] {
  let [left, top, right, bottom] = [Infinity, Infinity, -1, -1];
  mask.forEach((owner, i) => {
    if (owner !== id) return;
    const [x, y] = [i % w, Math.floor(i / w)];
    [left, top, right, bottom] = [Math.min(left, x), Math.min(top, y), Math.max(right, x), Math.max(bottom, y)];
  });
  return [left, top, right, bottom];
}
