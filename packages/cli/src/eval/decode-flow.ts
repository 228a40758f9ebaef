/** KITTI's 16-bit samples (three per pixel, see files/flow.ts) as (u, v) interleaved in pixels; NaN where unknown. */
export function decodeFlow(samples: ArrayLike<number>): Float32Array {
  const out = new Float32Array((samples.length / 3) * 2);
  for (let i = 0, o = 0; i < samples.length; i += 3, o += 2) {
    const known = samples[i + 2] > 0;
    out[o] = known ? (samples[i] - 32_768) / 64 : Number.NaN;
    out[o + 1] = known ? (samples[i + 1] - 32_768) / 64 : Number.NaN;
  }
  return out;
}
