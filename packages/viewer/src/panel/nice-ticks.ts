/** Ticks nearer to each other than this share of the bar would run into each other. */
const LEAST_GAP = 0.13;

/** Round numbers (1, 2, 5 times a power of ten, and 1.5, 3, 7 where there is room) between two distances, for a logarithmic scale. */
export function niceTicks(near: number, far: number): number[] {
  if (!(near > 0) || !(far > near)) return [];
  const place = (value: number): number => Math.log(value / near) / Math.log(far / near);
  const ticks: number[] = [];
  for (const steps of [[1], [2, 5], [1.5, 3, 7], [1.2, 1.7, 2.5, 4, 6, 8]]) {
    for (let power = Math.floor(Math.log10(near)); power <= Math.ceil(Math.log10(far)); power++) {
      for (const step of steps) {
        const tick = Number((step * 10 ** power).toPrecision(3));
        const at = place(tick);
        if (at >= 0 && at <= 1 && ticks.every((other) => Math.abs(place(other) - at) >= LEAST_GAP)) ticks.push(tick);
      }
    }
  }
  return ticks.sort((a, b) => a - b);
}
