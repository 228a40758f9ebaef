import sharp from 'sharp';
import { resampleRgb } from '@sextant/core';
import type { RgbImage } from '@sextant/core';

/** Height of a picture and of the line of text above it, pixels. */
const HEIGHT = 128;
const CAPTION = 18;
const QUALITIES = [85, 75, 65, 55, 45, 35, 25];

/** One row of a sheet. */
export interface SheetRow {
  readonly caption: string;
  readonly picture: RgbImage;
}

/**
 * A line that says what the columns are, and rows of captioned pictures, as a JPEG of at most `mostBytes`, in the best quality
 * that fits. Text needs a font on the machine.
 */
export async function contactSheet(columns: string, rows: readonly SheetRow[], mostBytes = 300_000): Promise<Uint8Array> {
  const scaled = rows.map(({ caption, picture }) => ({ caption, picture: resampleRgb(picture, Math.max(1, Math.round((picture.width * HEIGHT) / picture.height)), HEIGHT) }));
  const width = Math.max(...scaled.map(({ picture }) => picture.width));
  const rowHeight = HEIGHT + CAPTION;
  const layers = [{ input: Buffer.from(text(columns, width)), left: 0, top: 0 }, ...scaled.flatMap(({ caption, picture }, row) => [
    { input: Buffer.from(text(caption, width)), left: 0, top: CAPTION + row * rowHeight },
    { input: Buffer.from(picture.rgb), raw: { width: picture.width, height: HEIGHT, channels: 3 as const }, left: 0, top: 2 * CAPTION + row * rowHeight },
  ])];
  const sheet = await sharp({ create: { width, height: CAPTION + rows.length * rowHeight, channels: 3, background: { r: 24, g: 24, b: 24 } } }).composite(layers).png().toBuffer();
  let jpeg = await sharp(sheet).jpeg({ quality: 90, mozjpeg: true }).toBuffer();
  for (const quality of QUALITIES) {
    if (jpeg.length <= mostBytes) break;
    jpeg = await sharp(sheet).jpeg({ quality, mozjpeg: true }).toBuffer();
  }
  return jpeg;
}

/** A line of text as SVG. */
function text(line: string, width: number): string {
  const escaped = line.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${CAPTION}"><text x="4" y="13" font-family="sans-serif" font-size="11" fill="#fff">${escaped}</text></svg>`;
}
