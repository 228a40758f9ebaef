import type { FlowField, MapSize } from '@sextant/core';

/** Values of one frame's pixels that the next frame takes over, planes of the same size. */
export interface Carried extends MapSize {
  /** ln z; NaN where there is none. */
  readonly log: Float32Array;
  readonly variance: Float32Array;
  /** Means of the signed and of the absolute innovation (see `trackingSignal`). */
  readonly signed: Float32Array;
  readonly absolute: Float32Array;
}

/** Neighbouring logarithms that differ more lie on two surfaces and are not averaged. */
const ONE_SURFACE = Math.log(1.05);
/** Flow counts where the surface was more likely seen in the previous frame than not. */
const VISIBLE = 0.5;

/**
 * Brings values to where their surfaces are in the next frame, by the flow on that frame's grid: ln z between four pixels of
 * one surface, everything else from the nearest pixel. NaN where the surface was hidden, outside the picture or unknown.
 */
export function carryOver(from: Carried, flow: FlowField): Carried {
  const { width, height } = from;
  const n = width * height;
  const to = { width, height, log: new Float32Array(n).fill(NaN), variance: new Float32Array(n), signed: new Float32Array(n), absolute: new Float32Array(n) };
  const [sx, sy] = [width / flow.width, height / flow.height];
  for (let y = 0, i = 0; y < height; y++) {
    const row = Math.floor((y + 0.5) / sy) * flow.width;
    for (let x = 0; x < width; x++, i++) {
      const f = row + Math.floor((x + 0.5) / sx);
      if (flow.confidence && !(flow.confidence[f] >= VISIBLE)) continue;
      const [px, py] = [x - flow.pixels[2 * f] * sx, y - flow.pixels[2 * f + 1] * sy];
      // NaN compares false and is left out as well.
      if (!(px >= -0.5 && py >= -0.5 && px < width - 0.5 && py < height - 0.5)) continue;
      const nearest = Math.round(py) * width + Math.round(px);
      to.log[i] = between(from.log, width, height, px, py, from.log[nearest]);
      to.variance[i] = from.variance[nearest];
      to.signed[i] = from.signed[nearest];
      to.absolute[i] = from.absolute[nearest];
    }
  }
  return to;
}

function between(map: Float32Array, w: number, h: number, px: number, py: number, nearest: number): number {
  const [x, y] = [Math.max(0, Math.min(w - 2, Math.floor(px))), Math.max(0, Math.min(h - 2, Math.floor(py)))];
  const i = y * w + x;
  const [a, b, c, d] = [map[i], map[i + 1], map[i + w], map[i + w + 1]];
  if (!(Math.max(a, b, c, d) - Math.min(a, b, c, d) <= ONE_SURFACE)) return nearest;
  const [fx, fy] = [Math.max(0, Math.min(1, px - x)), Math.max(0, Math.min(1, py - y))];
  return (a * (1 - fx) + b * fx) * (1 - fy) + (c * (1 - fx) + d * fx) * fy;
}
