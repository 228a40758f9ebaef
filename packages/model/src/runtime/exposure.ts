/** Brighter than this in some channel, a pixel is more than the noise of a dark sensor; less than `WHITE` in some, it is not burnt out. */
const BLACK = 16;
const WHITE = 250;
/** With at least this share of usable pixels a picture is an ordinary one: night, a backlit window. */
const ORDINARY = 0.25;

/**
 * How far a picture (rgb8) can be believed, 0..1: 1 where at least a quarter of its pixels are neither black nor burnt out,
 * falling to 0 where none is, behind a lens cap or in full glare. Where there is nothing to see a network answers with what it has
 * learnt to expect, and says so confidently: confidences are multiplied by this. Ordinary pictures keep theirs, and so their calibration.
 */
export function exposureTrust(rgb: Uint8Array): number {
  let usable = 0;
  for (let i = 0; i < rgb.length; i += 3) {
    const [r, g, b] = [rgb[i], rgb[i + 1], rgb[i + 2]];
    if ((r > BLACK || g > BLACK || b > BLACK) && (r < WHITE || g < WHITE || b < WHITE)) usable++;
  }
  return Math.min(1, (3 * usable) / (ORDINARY * rgb.length));
}
