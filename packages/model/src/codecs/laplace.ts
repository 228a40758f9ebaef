/**
 * Depth heads state the scale b of a Laplace distribution of the error of ln z (as in Kendall & Gal, arXiv 1703.04977);
 * maps state a probability. These two functions translate between them.
 */

/** The relative error that a depth confidence is about: within 10 %. */
const WITHIN = Math.log(1.1);

/** P(|error of ln z| < ln 1.1) for a Laplace error of scale `b` > 0: its cumulative distribution, 1 - exp(-ln 1.1 / b). */
export function depthConfidence(b: number): number {
  return 1 - Math.exp(-WITHIN / b);
}

/** The scale b behind a depth confidence, the inverse of `depthConfidence`; Infinity for 0, 0 for 1. */
export function laplaceScale(confidence: number): number {
  return -WITHIN / Math.log1p(-confidence);
}
