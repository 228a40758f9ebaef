import type { GBuffer } from '../render/types.js';

/** Rounds of the fixed-point search for where a row's content stood at the middle of the frame. */
const ROUNDS = 2;

/**
 * The frame as a sensor records it that reads its rows one after another, with all truth moved along. `readout` is the
 * share of the time between the two frames that reading takes, 0..1; the middle row is read at the frame's own time.
 * Content moves along its flow between its row's time and the frame's: exact for steady motion. Fresh arrays; colour is
 * bilinear, everything else the nearest sample's. Needs flow: pixels without it (NaN) stay.
 */
export function rollingShutter(frame: GBuffer, readout: number): GBuffer {
  const { width, height, flow } = frame;
  const count = width * height;
  const xs = new Float32Array(count), ys = new Float32Array(count), nearest = new Int32Array(count);
  for (let y = 0, o = 0; y < height; y++) {
    const late = rowTime(y, height, readout);
    for (let x = 0; x < width; x++, o++) {
      let px = x, py = y;
      for (let round = 0; round < ROUNDS; round++) {
        const at = pixelAt(px, py, width, height) * 2;
        const u = flow[at], v = flow[at + 1];
        if (u !== u || v !== v) break;
        px = x - late * u;
        py = y - late * v;
      }
      xs[o] = px;
      ys[o] = py;
      nearest[o] = pixelAt(px, py, width, height);
    }
  }
  const rolledFlow = readFlow(frame, nearest, readout);
  return {
    width, height,
    rgb: color(frame, xs, ys),
    depth: gather(frame.depth, nearest, new Float32Array(count)),
    flow: rolledFlow,
    occlusion: readOcclusion(frame, nearest, rolledFlow),
    labels: gather(frame.labels, nearest, new Uint8Array(count)),
    instances: gather(frame.instances, nearest, new Uint16Array(count)),
    part: gather(frame.part, nearest, new Uint8Array(count)),
    partU: gather(frame.partU, nearest, new Uint8Array(count)),
    partV: gather(frame.partV, nearest, new Uint8Array(count)),
  };
}

/** Where a point of the frame at (x, y), which moves by (u, v) per frame, appears in the rolling picture, pixels. */
export function rolledPoint(x: number, y: number, u: number, v: number, height: number, readout: number): [x: number, y: number] {
  // Solves y' = y + rowTime(y') * v for the row y' at which it is read.
  const late = rowTime(y, height, readout) / (1 - (readout * v) / height);
  return [x + late * u, y + late * v];
}

/** When a row is read relative to the frame's time, in frame intervals. */
function rowTime(y: number, height: number, readout: number): number {
  return readout * ((y + 0.5) / height - 0.5);
}

function pixelAt(x: number, y: number, width: number, height: number): number {
  const column = Math.min(width - 1, Math.max(0, Math.floor(x + 0.5)));
  return Math.min(height - 1, Math.max(0, Math.floor(y + 0.5))) * width + column;
}

/** Motion between rolling pictures: what moves down by v rows is read later by v rows' time as well, and moved on meanwhile. */
function readFlow({ flow, height }: GBuffer, nearest: Int32Array, readout: number): Float32Array {
  const out = new Float32Array(nearest.length * 2);
  for (let o = 0; o < nearest.length; o++) {
    const u = flow[nearest[o] * 2], v = flow[nearest[o] * 2 + 1];
    // Faster than the readout itself: no such camera; leave the motion as it is.
    const stretch = 1 / Math.max(0.25, 1 - (readout * v) / height);
    out[o * 2] = u * stretch;
    out[o * 2 + 1] = v * stretch;
  }
  return out;
}

/** What was hidden, and what the flow between rolling pictures has come from outside: it is longer than that of the ideal ones. */
function readOcclusion({ occlusion, width, height }: GBuffer, nearest: Int32Array, flow: Float32Array): Uint8Array {
  const out = gather(occlusion, nearest, new Uint8Array(nearest.length));
  for (let y = 0, o = 0; y < height; y++) {
    for (let x = 0; x < width; x++, o++) {
      const px = x - flow[o * 2], py = y - flow[o * 2 + 1];
      // NaN, no flow, compares false.
      if (px < -0.5 || py < -0.5 || px >= width - 0.5 || py >= height - 0.5) out[o] = 1;
    }
  }
  return out;
}

function color({ rgb, width, height }: GBuffer, xs: Float32Array, ys: Float32Array): Uint8Array {
  const out = new Uint8Array(rgb.length);
  for (let o = 0; o < xs.length; o++) {
    const x = Math.min(width - 1, Math.max(0, xs[o])), y = Math.min(height - 1, Math.max(0, ys[o]));
    const i = Math.min(width - 2, Math.floor(x)), j = Math.min(height - 2, Math.floor(y));
    const f = x - i, g = y - j, at = (j * width + i) * 3;
    for (let k = 0; k < 3; k++) {
      const top = rgb[at + k] * (1 - f) + rgb[at + 3 + k] * f;
      const bottom = rgb[at + width * 3 + k] * (1 - f) + rgb[at + width * 3 + 3 + k] * f;
      out[o * 3 + k] = Math.floor(top * (1 - g) + bottom * g + 0.5);
    }
  }
  return out;
}

function gather<T extends Float32Array | Uint8Array | Uint16Array>(source: T, from: Int32Array, out: T): T {
  for (let o = 0; o < from.length; o++) out[o] = source[from[o]]!;
  return out;
}
