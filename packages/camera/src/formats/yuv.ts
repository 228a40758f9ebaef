/** How chroma is stored: one sample per 2x2, per 2x1, per pixel, or none. */
export type Subsampling = '420' | '422' | '444' | 'mono';

/** Layout of one planar 8-bit YCbCr picture. */
export interface YuvLayout {
  readonly width: number;
  readonly height: number;
  readonly subsampling: Subsampling;
  /** Full range (0..255, JFIF) or limited (16..235/240, as broadcast). */
  readonly fullRange: boolean;
}

/** Chroma plane size; odd luma sizes round up. */
function chromaSize({ width, height, subsampling }: YuvLayout): [number, number] {
  if (subsampling === 'mono') return [0, 0];
  return [subsampling === '444' ? width : (width + 1) >> 1, subsampling === '420' ? (height + 1) >> 1 : height];
}

/** Bytes of one picture. */
export function yuvBytes(layout: YuvLayout): number {
  const [cw, ch] = chromaSize(layout);
  return layout.width * layout.height + 2 * cw * ch;
}

/**
 * Planar YCbCr to rgb8 with the matrix of ITU-R BT.601, in 16-bit fixed point. Chroma is repeated, not interpolated:
 * where exactly it sits differs between the 4:2:0 flavours by half a pixel, and nobody's labels depend on it.
 */
export function yuvToRgb(planes: Uint8Array, layout: YuvLayout): Uint8Array {
  const { width, height, subsampling, fullRange } = layout;
  const [cw, ch] = chromaSize(layout);
  const uAt = width * height;
  const vAt = uAt + cw * ch;
  const yScale = fullRange ? 1 : 255 / 219;
  const cScale = fullRange ? 1 : 255 / 224;
  const fixed = (value: number): number => Math.round(value * 65536);
  const [ky, kr, kgu, kgv, kb] = [fixed(yScale), fixed(1.402 * cScale), fixed(0.344136 * cScale), fixed(0.714136 * cScale), fixed(1.772 * cScale)];
  const black = fullRange ? 0 : 16;
  const mono = subsampling === 'mono';
  const xs = subsampling === '444' || mono ? 0 : 1;
  const ys = subsampling === '420' ? 1 : 0;
  const out = new Uint8ClampedArray(width * height * 3);
  for (let y = 0, i = 0, o = 0; y < height; y += 1) {
    const row = (y >> ys) * cw;
    for (let x = 0; x < width; x += 1, i += 1, o += 3) {
      const c = row + (x >> xs);
      const u = mono ? 0 : planes[uAt + c] - 128;
      const v = mono ? 0 : planes[vAt + c] - 128;
      const luma = ky * (planes[i] - black) + 32768;
      out[o] = (luma + kr * v) >> 16;
      out[o + 1] = (luma - kgu * u - kgv * v) >> 16;
      out[o + 2] = (luma + kb * u) >> 16;
    }
  }
  return new Uint8Array(out.buffer);
}
