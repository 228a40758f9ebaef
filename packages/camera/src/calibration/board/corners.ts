/** A picture of one channel. */
export interface Grey {
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array;
}

/** A point of a picture, pixels; centres are at integers. */
export type Point = readonly [x: number, y: number];

/** rgb8 to luma (BT.601). */
export function toGrey({ width, height, rgb }: { readonly width: number; readonly height: number; readonly rgb: Uint8Array }): Grey {
  const data = new Float32Array(width * height);
  for (let i = 0, j = 0; i < data.length; i += 1, j += 3) data[i] = 0.299 * rgb[j] + 0.587 * rgb[j + 1] + 0.114 * rgb[j + 2];
  return { width, height, data };
}

/** Mean over 2x2 pixels. */
export function halve({ width, height, data }: Grey): Grey {
  const [w, h] = [width >> 1, height >> 1];
  const out = new Float32Array(w * h);
  for (let y = 0; y < h; y += 1) {
    for (let x = 0; x < w; x += 1) {
      const i = 2 * y * width + 2 * x;
      out[y * w + x] = (data[i] + data[i + 1] + data[i + width] + data[i + width + 1]) / 4;
    }
  }
  return { width: w, height: h, data: out };
}

/** Binomial blur, 5 taps each way; beyond the edges is what is at them. */
export function blur({ width, height, data }: Grey): Grey {
  const rows = new Float32Array(data.length);
  const out = new Float32Array(data.length);
  const [columnsAround, rowsAround] = [around(width), around(height)];
  for (let y = 0; y < height; y += 1) {
    const from = y * width;
    for (let x = 0; x < width; x += 1) {
      const k = 5 * x;
      rows[from + x] = (data[from + columnsAround[k]] + 4 * data[from + columnsAround[k + 1]] + 6 * data[from + x] + 4 * data[from + columnsAround[k + 3]] + data[from + columnsAround[k + 4]]) / 16;
    }
  }
  for (let y = 0; y < height; y += 1) {
    const [a, b, c, d, e] = rowsAround.subarray(5 * y, 5 * y + 5).map((row) => row * width);
    for (let x = 0; x < width; x += 1) out[y * width + x] = (rows[a + x] + 4 * rows[b + x] + 6 * rows[c + x] + 4 * rows[d + x] + rows[e + x]) / 16;
  }
  return { width, height, data: out };
}

/** For each of `length` places the five around it, kept inside. */
function around(length: number): Int32Array {
  return Int32Array.from({ length: 5 * length }, (_, k) => Math.min(length - 1, Math.max(0, Math.floor(k / 5) + (k % 5) - 2)));
}

/** The square of 2 * radius + 1 samples each way around a point, row by row; beyond the edges is what is at them. */
function patch({ width, height, data }: Grey, [x, y]: Point, radius: number): Float32Array {
  const side = 2 * radius + 1;
  const out = new Float32Array(side * side);
  const [x0, y0] = [Math.floor(x) - radius, Math.floor(y) - radius];
  const [a, b] = [x - Math.floor(x), y - Math.floor(y)];
  const columns = Int32Array.from({ length: side + 1 }, (_, i) => Math.min(width - 1, Math.max(0, x0 + i)));
  const rows = Int32Array.from({ length: side + 1 }, (_, i) => width * Math.min(height - 1, Math.max(0, y0 + i)));
  for (let j = 0; j < side; j += 1) {
    const [upper, lower] = [rows[j], rows[j + 1]];
    for (let i = 0; i < side; i += 1) {
      const [left, right] = [columns[i], columns[i + 1]];
      out[j * side + i] = (1 - b) * ((1 - a) * data[upper + left] + a * data[upper + right]) + b * ((1 - a) * data[lower + left] + a * data[lower + right]);
    }
  }
  return out;
}

function sample({ width, height, data }: Grey, x: number, y: number): number {
  const [x0, y0] = [Math.min(width - 2, Math.max(0, Math.floor(x))), Math.min(height - 2, Math.max(0, Math.floor(y)))];
  const [a, b] = [Math.min(1, Math.max(0, x - x0)), Math.min(1, Math.max(0, y - y0))];
  const i = y0 * width + x0;
  return (1 - b) * ((1 - a) * data[i] + a * data[i + 1]) + b * ((1 - a) * data[i + width] + a * data[i + width + 1]);
}

/** Samples of a ring. */
const RING = 32;
/** The two ends of an edge through a corner are opposite to within this, radians: a T of edges is no corner. */
const STRAIGHT = 0.6;

/**
 * What a candidate looks like: four quarters, alternately bright and dark, between two edges. Angles are 0..pi from x towards y, the first
 * the smaller; `bright` says whether the quarters between the first and the second are the bright ones.
 */
export interface Corner {
  readonly at: Point;
  readonly edges: readonly [number, number];
  readonly bright: boolean;
}

/** The corner at a saddle point: on a ring around it the brightness crosses its mean exactly four times, at opposite places. */
function cornerAt(picture: Grey, at: Point, radius: number): Corner | undefined {
  const step = (2 * Math.PI) / RING;
  const ring = Array.from({ length: RING }, (_, i) => sample(picture, at[0] + radius * Math.cos(i * step), at[1] + radius * Math.sin(i * step)));
  const [low, high] = [Math.min(...ring), Math.max(...ring)];
  if (high - low < 20) return undefined;
  const middle = (low + high) / 2;
  const crossings: { readonly angle: number; readonly rising: boolean }[] = [];
  ring.forEach((v, i) => {
    const next = ring[(i + 1) % RING];
    if (v > middle !== next > middle) crossings.push({ angle: (i + (middle - v) / (next - v)) * step, rising: next > v });
  });
  if (crossings.length !== 4) return undefined;
  // Opposite sides look alike.
  if (!ring.slice(0, RING / 2).every((v, i) => Math.abs(v - ring[i + RING / 2]) < 0.75 * (high - low))) return undefined;
  const [a, b, c, d] = crossings.map(({ angle }) => angle);
  const bends = [c - a - Math.PI, d - b - Math.PI];
  if (bends.some((bend) => Math.abs(bend) > STRAIGHT)) return undefined;
  // Of an edge's two ends, both taken as lines; the first crossing lies below pi, since the third is opposite to it.
  const lines = [a + bends[0] / 2, b + bends[1] / 2];
  const { rising } = crossings[0];
  return lines[1] < Math.PI
    ? { at, edges: [Math.max(0, lines[0]), lines[1]], bright: rising }
    : { at, edges: [lines[1] - Math.PI, Math.max(0, lines[0])], bright: !rising };
}

/**
 * Candidates for inner corners of a chessboard: saddle points of the brightness (largest negative determinant of the Hessian), at
 * least 4 pixels apart, where two edges cross; strongest first.
 */
export function saddlePoints(source: Grey, most = 2000): Corner[] {
  const picture = blur(source);
  const { width, height, data } = picture;
  const strength = new Float32Array(data.length);
  let strongest = 0;
  for (let y = 3; y < height - 3; y += 1) {
    for (let x = 3; x < width - 3; x += 1) {
      const i = y * width + x;
      const xx = data[i + 2] - 2 * data[i] + data[i - 2];
      const yy = data[i + 2 * width] - 2 * data[i] + data[i - 2 * width];
      const xy = (data[i + 2 * width + 2] - data[i + 2 * width - 2] - data[i - 2 * width + 2] + data[i - 2 * width - 2]) / 4;
      const s = xy * xy - xx * yy;
      strength[i] = s;
      if (s > strongest) strongest = s;
    }
  }
  const found: { readonly corner: Corner; readonly s: number }[] = [];
  for (let y = 5; y < height - 5; y += 1) {
    for (let x = 5; x < width - 5; x += 1) {
      const s = strength[y * width + x];
      if (s < 0.03 * strongest) continue;
      let peak = true;
      for (let dy = -3; dy <= 3 && peak; dy += 1) {
        for (let dx = -3; dx <= 3; dx += 1) {
          const other = strength[(y + dy) * width + x + dx];
          if (other > s || (other === s && (dy < 0 || (dy === 0 && dx < 0)))) {
            peak = false;
            break;
          }
        }
      }
      const corner = peak ? (cornerAt(picture, [x, y], 5) ?? cornerAt(picture, [x, y], 3.5)) : undefined;
      if (corner) found.push({ corner, s });
    }
  }
  return found.sort((a, b) => b.s - a.s).slice(0, most).map(({ corner }) => corner);
}

/**
 * The corner to a fraction of a pixel: the point whose directions to all pixels around it are at right angles to their gradients
 * (Foerstner and Guelch 1987), as OpenCV's cornerSubPix. `radius` is half the window.
 */
export function refineCorner(picture: Grey, [x0, y0]: Point, radius: number): Point {
  let [x, y] = [x0, y0];
  const side = 2 * radius + 3; // of the samples: the window and what its gradients need
  const weights = Float64Array.from({ length: 2 * radius + 1 }, (_, i) => Math.exp(-((i - radius) ** 2) / (radius * radius)));
  for (let turn = 0; turn < 12; turn += 1) {
    let [a, b, c, p, q] = [0, 0, 0, 0, 0];
    const samples = patch(picture, [x, y], radius + 1);
    for (let dy = -radius; dy <= radius; dy += 1) {
      for (let dx = -radius; dx <= radius; dx += 1) {
        const i = (dy + radius + 1) * side + dx + radius + 1;
        const gx = (samples[i + 1] - samples[i - 1]) / 2;
        const gy = (samples[i + side] - samples[i - side]) / 2;
        const w = weights[dx + radius] * weights[dy + radius];
        a += w * gx * gx;
        b += w * gx * gy;
        c += w * gy * gy;
        p += w * (gx * gx * dx + gx * gy * dy);
        q += w * (gx * gy * dx + gy * gy * dy);
      }
    }
    const determinant = a * c - b * b;
    if (Math.abs(determinant) < 1e-6) break;
    const [mx, my] = [(c * p - b * q) / determinant, (a * q - b * p) / determinant];
    x += mx;
    y += my;
    if (Math.hypot(mx, my) < 0.003) break;
  }
  // One that wandered off is no corner of this shape: where it was is better.
  return Math.hypot(x - x0, y - y0) < radius ? [x, y] : [x0, y0];
}
