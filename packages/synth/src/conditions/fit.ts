import type { RgbImage } from '@sextant/core';
import { createRgbResampler } from '@sextant/core';

/** Width and height in pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** How a picture is laid on a grid: its largest centred part of the grid's aspect, enlarged by `scale`. */
export interface Fit {
  readonly from: Size;
  readonly to: Size;
  /** Grid pixels per picture pixel. */
  readonly scale: number;
  /** Left and top edge of the part, picture pixels. */
  readonly left: number;
  readonly top: number;
}

/** The largest centred part of a picture that has the aspect of `to`, as the network's training pictures were cut. */
export function fit(from: Size, to: Size): Fit {
  const width = Math.min(from.width, (from.height * to.width) / to.height);
  const scale = to.width / width;
  return { from, to, scale, left: from.width / 2 - width / 2, top: from.height / 2 - to.height / scale / 2 };
}

/** A point of the picture on the grid; pixel centres at whole numbers in both. */
export function place(x: number, y: number, { scale, left, top }: Fit): readonly [number, number] {
  return [(x + 0.5 - left) * scale - 0.5, (y + 0.5 - top) * scale - 0.5];
}

/** For one axis, the nearest picture sample of each grid sample; halves go up, as in OpenCV's warpAffine. */
function nearest(count: number, scale: number, edge: number, limit: number): Int32Array {
  // A thousandth of a pixel up: what is meant to be a half may have been rounded below it.
  return Int32Array.from({ length: count }, (_, i) => Math.max(0, Math.min(limit - 1, Math.floor((i + 0.5) / scale + edge + 1e-9))));
}

/** A map on the grid by its nearest samples: labels, ids and values with holes must not be averaged. Returns a new array of the same kind. */
export function fitNearest<A extends Uint8Array | Uint16Array | Float32Array>(samples: A, { from, to, scale, left, top }: Fit, channels = 1): A {
  const columns = nearest(to.width, scale, left, from.width);
  const rows = nearest(to.height, scale, top, from.height);
  const out = new (samples.constructor as new (length: number) => A)(to.width * to.height * channels);
  let o = 0;
  for (const y of rows) {
    for (const x of columns) for (let c = 0; c < channels; c++) out[o++] = samples[(y * from.width + x) * channels + c];
  }
  return out;
}

/** A picture on the grid: cut, and averaged over what each pixel covers. Returns a new array. */
export function fitRgb({ rgb, width }: RgbImage, { from, to, scale, left, top }: Fit): Uint8Array {
  const [x0, y0] = [Math.round(left), Math.round(top)];
  const [w, h] = [Math.min(from.width - x0, Math.round(to.width / scale)), Math.min(from.height - y0, Math.round(to.height / scale))];
  const part = new Uint8Array(w * h * 3);
  for (let y = 0; y < h; y++) part.set(rgb.subarray(((y + y0) * width + x0) * 3, ((y + y0) * width + x0 + w) * 3), y * w * 3);
  return createRgbResampler(w, h, to.width, to.height)(part);
}
