import type { DepthMap, Perception } from '@sextant/core';

/** Every so many pixels in both directions are looked at. */
const STEP = 2;
/** How much an older frame's change still counts after each frame: about the last fifty. */
const KEEP = 0.96;
/** Larger changes are another surface (an outline), not a flicker. */
const OTHER_SURFACE = 0.7;

/**
 * Temporal stability of depth as it is published: the mean |change of log depth| of what one sees in two successive frames, followed
 * along the optical flow, after the frame's own median change (the camera nearing things) is taken out.
 */
export class StabilityMeter {
  #before: DepthMap | undefined;
  #change = 0;
  #weight = 0;

  /** Percent per frame for `/diagnostics`; nothing until depth and flow were seen together. */
  get values(): Readonly<Record<string, string>> {
    return this.#weight === 0 ? {} : { 'depth change % per frame': ((100 * this.#change) / this.#weight).toFixed(2) };
  }

  add({ depth, flow, reset }: Perception): void {
    const before = this.#before;
    this.#before = depth;
    if (depth === undefined || flow === undefined || before === undefined || reset !== undefined) return;
    const { width, height, metres } = depth;
    if (before.width !== width || before.height !== height || flow.width !== width || flow.height !== height) return;
    const changes: number[] = [];
    for (let y = 0; y < height; y += STEP) {
      for (let x = 0; x < width; x += STEP) {
        const i = y * width + x;
        if (flow.confidence !== undefined && flow.confidence[i] < 0.5) continue;
        const fromX = Math.round(x - flow.pixels[2 * i]);
        const fromY = Math.round(y - flow.pixels[2 * i + 1]);
        if (!(fromX >= 0 && fromY >= 0 && fromX < width && fromY < height)) continue; // NaN too
        const change = Math.log(metres[i] / before.metres[fromY * width + fromX]);
        if (Math.abs(change) < OTHER_SURFACE) changes.push(change); // and not NaN
      }
    }
    if (changes.length < 100) return;
    changes.sort((a, b) => a - b);
    const median = changes[changes.length >> 1];
    let sum = 0;
    for (const change of changes) sum += Math.abs(change - median);
    this.#change = KEEP * this.#change + sum / changes.length;
    this.#weight = KEEP * this.#weight + 1;
  }
}
