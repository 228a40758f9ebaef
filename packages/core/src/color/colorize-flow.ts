import type { RgbImage } from '../image/rgb-image.js';
import type { FlowField } from '../types/perception.js';

/** Steps of the wheel between neighbouring primaries: red-yellow, yellow-green, green-cyan, cyan-blue, blue-magenta, magenta-red. */
const STEPS = [15, 6, 4, 11, 13, 6] as const;

/** The colour wheel of Baker et al., "A Database and Evaluation Methodology for Optical Flow" (IJCV 2011): 55 rgb entries, 0..1. */
const WHEEL: readonly (readonly [number, number, number])[] = colorWheel();

function colorWheel(): [number, number, number][] {
  const corners = [[1, 0, 0], [1, 1, 0], [0, 1, 0], [0, 1, 1], [0, 0, 1], [1, 0, 1], [1, 0, 0]] as const;
  return STEPS.flatMap((steps, s) =>
    Array.from({ length: steps }, (_, i): [number, number, number] => {
      const mix = (c: 0 | 1 | 2): number => {
        const [from, to] = [corners[s][c], corners[s + 1][c]];
        // The original truncates to bytes on the way up and on the way down.
        const byte = Math.floor((255 * i) / steps);
        return (to > from ? byte : to < from ? 255 - byte : 255 * from) / 255;
      };
      return [mix(0), mix(1), mix(2)];
    }),
  );
}

/**
 * Optical flow in Middlebury's colours (Baker et al. 2011): the hue is the direction, white no motion, saturated
 * `maxPixels` of motion, darker what exceeds it; unknown (NaN) black. The picture is a new buffer at the field's size.
 *
 * @param options.maxPixels motion drawn fully saturated, pixels; default the largest of this field (at least 1)
 */
export function colorizeFlow(flow: FlowField, options: { readonly maxPixels?: number } = {}): RgbImage {
  const { pixels, width, height } = flow;
  const most = options.maxPixels ?? largestMotion(pixels);
  const rgb = new Uint8Array(width * height * 3);
  for (let i = 0; i < width * height; i += 1) {
    const u = pixels[i * 2] / most;
    const v = pixels[i * 2 + 1] / most;
    if (!Number.isFinite(u) || !Number.isFinite(v)) continue;
    const radius = Math.hypot(u, v);
    const position = ((Math.atan2(-v, -u) / Math.PI + 1) / 2) * (WHEEL.length - 1);
    const first = Math.floor(position);
    const fraction = position - first;
    const [a, b] = [WHEEL[first], WHEEL[(first + 1) % WHEEL.length]];
    for (let c = 0; c < 3; c += 1) {
      const hue = (1 - fraction) * a[c] + fraction * b[c];
      rgb[i * 3 + c] = Math.floor(255 * (radius <= 1 ? 1 - radius * (1 - hue) : hue * 0.75));
    }
  }
  return { width, height, rgb };
}

/** The longest known motion of a field, at least 1 so that noise of a still scene stays white. */
function largestMotion(pixels: Float32Array): number {
  let square = 1;
  for (let i = 0; i < pixels.length; i += 2) {
    const length = pixels[i] ** 2 + pixels[i + 1] ** 2;
    if (length > square && length < Infinity) square = length;
  }
  return Math.sqrt(square);
}
