/** Where a map of probabilities is cut. */
export interface Cut {
  /** Pixels of at least this probability are inside; 0 to 0.5. */
  readonly threshold: number;
  /** The intersection over union to be expected of that mask, 0..1: sum(inside) / (count(inside) + sum(outside)). */
  readonly expectedIoU: number;
}

/**
 * The cut whose mask has the greatest expected intersection over union with what is really there, if `probability` is true of each pixel (Nowozin, "Optimal Decisions from
 * Probabilistic Models: the Intersection-over-Union Case", CVPR 2014). A pixel raises a ratio J when p > J (1 - p), so the best ratio J is cut at J / (1 + J); Dinkelbach's
 * iteration finds it in a few passes, each of which raises J. Of nothing at all the threshold is 0.
 * @param probability 0..1 per pixel; not written to
 */
export function bestCut(probability: Float32Array): Cut {
  const total = probability.reduce((sum, p) => sum + p, 0);
  let [threshold, expectedIoU] = [0.5, 0];
  for (;;) {
    let [inside, count] = [0, 0];
    for (const p of probability) {
      if (p < threshold) continue;
      inside += p;
      count++;
    }
    const ratio = count === 0 ? 0 : inside / (count + total - inside);
    threshold = ratio / (1 + ratio);
    // A ratio of 0 at 0.5 says only that nothing is above it; the next is cut at 0.
    if (ratio <= expectedIoU && (ratio > 0 || count > 0 || total <= 0)) return { threshold, expectedIoU };
    expectedIoU = ratio;
  }
}
