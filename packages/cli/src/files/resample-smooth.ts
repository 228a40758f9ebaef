/** For one axis: the two source samples of each target sample and the weight of the second. */
interface Axis {
  readonly first: Int32Array;
  readonly second: Int32Array;
  readonly weight: Float32Array;
}

function axis(from: number, to: number): Axis {
  const [first, second, weight] = [new Int32Array(to), new Int32Array(to), new Float32Array(to)];
  for (let i = 0; i < to; i += 1) {
    const at = Math.min(from - 1, Math.max(0, ((i + 0.5) * from) / to - 0.5));
    first[i] = Math.floor(at);
    second[i] = Math.min(from - 1, first[i] + 1);
    weight[i] = at - first[i];
  }
  return { first, second, weight };
}

/**
 * A map of floats at another size: linear interpolation of the four neighbours of a sample where they `belong` together in
 * every channel, else the nearest of them. So neither holes (NaN) nor the edges of things are smeared. Returns a new array.
 *
 * @param channels interleaved samples per pixel
 * @param together whether neighbours between `least` and `most` may be averaged; never asked about NaN
 */
export function resampleSmooth(
  samples: Float32Array, width: number, height: number, toWidth: number, toHeight: number, channels: number,
  together: (least: number, most: number) => boolean,
): Float32Array {
  const across = axis(width, toWidth);
  const down = axis(height, toHeight);
  const out = new Float32Array(toWidth * toHeight * channels);
  let o = 0;
  for (let y = 0; y < toHeight; y += 1) {
    const top = down.first[y] * width;
    const bottom = down.second[y] * width;
    const wy = down.weight[y];
    for (let x = 0; x < toWidth; x += 1) {
      const wx = across.weight[x];
      const a = (top + across.first[x]) * channels;
      const b = (top + across.second[x]) * channels;
      const c = (bottom + across.first[x]) * channels;
      const d = (bottom + across.second[x]) * channels;
      let smooth = true;
      for (let k = 0; k < channels && smooth; k += 1) {
        const least = Math.min(samples[a + k], samples[b + k], samples[c + k], samples[d + k]);
        const most = Math.max(samples[a + k], samples[b + k], samples[c + k], samples[d + k]);
        smooth = least <= most && together(least, most); // NaN, where one of them is, compares false
      }
      const nearest = wy < 0.5 ? (wx < 0.5 ? a : b) : wx < 0.5 ? c : d;
      for (let k = 0; k < channels; k += 1) {
        out[o++] = smooth
          ? (samples[a + k] * (1 - wx) + samples[b + k] * wx) * (1 - wy) + (samples[c + k] * (1 - wx) + samples[d + k] * wx) * wy
          : samples[nearest + k];
      }
    }
  }
  return out;
}
