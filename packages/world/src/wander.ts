/** Stops that an exposure wanders to either side of where it was set, and linear gain that a white balance does. */
const MOST = { stops: 0.6, warmth: 0.1 } as const;
/** Frames that it goes one way at least, however fast: what is shorter (training's records) is steady drift. */
const LEAST_FRAMES = 2;

/**
 * What exposure or white balance has become by frame `n` of a clip: it begins at 0, goes by `rate` per frame to one side, back and to the other one (a triangle wave),
 * as automatic ones do that overshoot and correct themselves. The first frames are exactly `n * rate`, at least to frame 2.
 *
 * @param rate change per frame: stops, or linear gain
 */
export function wander(n: number, rate: number, what: keyof typeof MOST): number {
  const turn = rate === 0 ? Infinity : Math.max(LEAST_FRAMES, Math.floor(MOST[what] / Math.abs(rate) + 1e-9));
  if (n <= turn) return n * rate;
  const at = n % (4 * turn);
  return (at <= turn ? at : at <= 3 * turn ? 2 * turn - at : at - 4 * turn) * rate;
}
