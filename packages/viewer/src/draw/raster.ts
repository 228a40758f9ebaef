/** A canvas of a map's own size, kept from frame to frame, that is then scaled into the view. */
export class Raster {
  readonly canvas = document.createElement('canvas');
  readonly #context = this.canvas.getContext('2d');
  #pixels = new ImageData(1, 1);

  /** Pixels as RGBA in one number each (little-endian: 0xAABBGGRR), to be filled completely; `show` puts them on the canvas. */
  begin(width: number, height: number): Uint32Array {
    if (this.canvas.width !== width || this.canvas.height !== height || this.#pixels.width !== width || this.#pixels.height !== height) {
      this.canvas.width = width;
      this.canvas.height = height;
      this.#pixels = new ImageData(width, height);
    }
    return new Uint32Array(this.#pixels.data.buffer);
  }

  show(): HTMLCanvasElement {
    this.#context?.putImageData(this.#pixels, 0, 0);
    return this.canvas;
  }
}

/** An opaque pixel. */
export function opaque(r: number, g: number, b: number): number {
  return (0xff000000 | (b << 16) | (g << 8) | r) >>> 0;
}
