import type { Rng } from '../../math/rng.js';

/*
 * Periodic noise fields, so that every texture repeats without a seam. Only + - * / and Math.floor/sqrt, which IEEE 754
 * defines exactly: the same bytes on every machine.
 */

/** Value noise 0..1 on a `size` x `size` torus with `cellsX` x `cellsY` random lattice values; a fresh array. */
export function valueNoise(rng: Rng, size: number, cellsX: number, cellsY = cellsX): Float32Array {
  const out = new Float32Array(size * size);
  addValueNoise(out, rng, size, cellsX, cellsY, 1);
  return out;
}

/**
 * Sum of `octaves` of value noise, each twice as fine and `gain` times as strong, scaled so that the values lie in 0..1
 * (their spread narrows around 0.5 as octaves are added). Octaves finer than the grid are left out.
 */
export function fractalNoise(
  rng: Rng, size: number, cellsX: number, octaves: number, { cellsY = cellsX, gain = 0.5 }: { cellsY?: number; gain?: number } = {},
): Float32Array {
  const out = new Float32Array(size * size);
  let amplitude = 1;
  let total = 0;
  for (let octave = 0; octave < octaves; octave++) {
    const nx = Math.min(size, cellsX << octave);
    const ny = Math.min(size, cellsY << octave);
    addValueNoise(out, rng, size, nx, ny, amplitude);
    total += amplitude;
    amplitude *= gain;
    if (nx === size && ny === size) break;
  }
  const scale = 1 / total;
  for (let i = 0; i < out.length; i++) out[i] *= scale;
  return out;
}

function addValueNoise(out: Float32Array, rng: Rng, size: number, cellsX: number, cellsY: number, amplitude: number): void {
  const lattice = new Float32Array(cellsX * cellsY);
  for (let i = 0; i < lattice.length; i++) lattice[i] = rng.unit() * amplitude;
  const left = new Int32Array(size);
  const right = new Int32Array(size);
  const weight = new Float32Array(size);
  for (let x = 0; x < size; x++) {
    const at = (x * cellsX) / size;
    const cell = Math.floor(at);
    const f = at - cell;
    left[x] = cell;
    right[x] = (cell + 1) % cellsX;
    weight[x] = f * f * (3 - 2 * f);
  }
  const row = new Float32Array(cellsX);
  for (let y = 0; y < size; y++) {
    const at = (y * cellsY) / size;
    const cell = Math.floor(at);
    const f = at - cell;
    const w = f * f * (3 - 2 * f);
    const above = cell * cellsX;
    const below = ((cell + 1) % cellsY) * cellsX;
    for (let c = 0; c < cellsX; c++) row[c] = lattice[above + c] * (1 - w) + lattice[below + c] * w;
    const base = y * size;
    for (let x = 0; x < size; x++) {
      const a = row[left[x]];
      out[base + x] += a + (row[right[x]] - a) * weight[x];
    }
  }
}

/** Nearest feature points of a periodic jittered grid, per pixel. */
export interface CellularField {
  /** Distance to the nearest point, in cells. */
  readonly first: Float32Array;
  /** Distance to the second nearest point, in cells; `second - first` is 0 on the border between two cells. */
  readonly second: Float32Array;
  /** Index (0 .. cells*cells - 1) of the nearest point. */
  readonly id: Uint16Array;
}

/** Cellular noise (S. Worley, "A cellular texture basis function", 1996) with `cells` x `cells` points on a torus. */
export function cellular(rng: Rng, size: number, cells: number, jitter = 0.8): CellularField {
  const count = cells * cells;
  const px = new Float32Array(count);
  const py = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    px[i] = 0.5 + (rng.unit() - 0.5) * jitter;
    py[i] = 0.5 + (rng.unit() - 0.5) * jitter;
  }
  const first = new Float32Array(size * size);
  const second = new Float32Array(size * size);
  const id = new Uint16Array(size * size);
  for (let y = 0; y < size; y++) {
    const v = (y * cells) / size;
    const cy = Math.floor(v);
    for (let x = 0; x < size; x++) {
      const u = (x * cells) / size;
      const cx = Math.floor(u);
      let d1 = 1e9;
      let d2 = 1e9;
      let nearest = 0;
      for (let oy = -1; oy <= 1; oy++) {
        const row = ((cy + oy + cells) % cells) * cells;
        for (let ox = -1; ox <= 1; ox++) {
          const cell = row + ((cx + ox + cells) % cells);
          const dx = cx + ox + px[cell] - u;
          const dy = cy + oy + py[cell] - v;
          const d = dx * dx + dy * dy;
          if (d < d1) {
            d2 = d1;
            d1 = d;
            nearest = cell;
          } else if (d < d2) d2 = d;
        }
      }
      const i = y * size + x;
      first[i] = Math.sqrt(d1);
      second[i] = Math.sqrt(d2);
      id[i] = nearest;
    }
  }
  return { first, second, id };
}
