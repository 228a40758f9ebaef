/** Milliseconds since the Unix epoch, with fractions; never runs backwards. */
export function unixMs(): number {
  return performance.timeOrigin + performance.now();
}
