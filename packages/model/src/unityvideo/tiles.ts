/** Start and end of a tile along one axis. */
export type Span = readonly [number, number];

/** Tiles of `size` that cover 0..total, sharing at least `overlap`; the last one is moved back to end at `total`. */
export function spans(total: number, size: number, overlap: number): readonly Span[] {
  if (total <= size) return [[0, total]];
  const starts: number[] = [];
  for (let start = 0; start < total - size; start += size - overlap) starts.push(start);
  return [...starts, total - size].map((start) => [start, start + size]);
}

/** Weights of a tile's samples: rising over `overlap` of them where it has a neighbour before, falling where it has one after. */
export function ramp([start, end]: Span, total: number, overlap: number): Float32Array {
  const length = end - start;
  const weights = new Float32Array(length).fill(1);
  for (let i = 0; i < overlap; i++) {
    const w = (i + 1) / (overlap + 1);
    if (start > 0) weights[i] *= w;
    if (end < total) weights[length - 1 - i] *= w;
  }
  return weights;
}

/** A plane of many channels put together from weighted tiles. */
export class Mosaic {
  readonly #weight: Float32Array;

  /** @param planes [planes, height, width], zeros; becomes the result */
  constructor(readonly planes: Float32Array, private readonly height: number, private readonly width: number) {
    this.#weight = new Float32Array(height * width);
  }

  /** Adds a tile's weights, once for each tile. */
  weigh(rows: Span, columns: Span, overlap: number): void {
    const [v, h] = [ramp(rows, this.height, overlap), ramp(columns, this.width, overlap)];
    v.forEach((a, y) => h.forEach((b, x) => (this.#weight[(rows[0] + y) * this.width + columns[0] + x] += a * b)));
  }

  /** Adds one plane of a tile. @param values [rows, columns] of the tile from `offset` on */
  add(plane: number, values: Float32Array, offset: number, rows: Span, columns: Span, overlap: number): void {
    const [v, h] = [ramp(rows, this.height, overlap), ramp(columns, this.width, overlap)];
    const base = plane * this.height * this.width;
    for (let y = 0, i = offset; y < v.length; y++) {
      for (let x = 0, o = base + (rows[0] + y) * this.width + columns[0]; x < h.length; x++) this.planes[o++] += values[i++] * v[y] * h[x];
    }
  }

  /** Divides by the weights; the result is `planes`. */
  finish(): Float32Array {
    const n = this.#weight.length;
    for (let i = 0; i < this.planes.length; i++) this.planes[i] /= this.#weight[i % n];
    return this.planes;
  }
}
