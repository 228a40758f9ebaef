import type { RgbImage } from '@sextant/core';

/** An rgb8 picture, e.g. of core's `colorizeDepth`, as a bitmap. You own it: `close()` it. Browsers and workers only. */
export function rgbBitmap({ rgb, width, height }: RgbImage): Promise<ImageBitmap> {
  const pixels = new Uint8ClampedArray(width * height * 4);
  for (let from = 0, to = 0; from < rgb.length; from += 3, to += 4) {
    pixels[to] = rgb[from];
    pixels[to + 1] = rgb[from + 1];
    pixels[to + 2] = rgb[from + 2];
    pixels[to + 3] = 255;
  }
  return createImageBitmap(new ImageData(pixels, width, height));
}
