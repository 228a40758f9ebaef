import { colorizeDensepose, colorizeDepth, colorizeFlow, colorizeSegmentation, createRgbResampler, drawSkeleton, resampleNearest } from '@sextant/core';
import type { DepthRange, Modality, Perception, RgbImage } from '@sextant/core';

/** Widest panel of a preview, pixels. */
const PANEL_WIDTH = 320;
/** How much of a class's colour covers the picture. */
const COVER = 0.6;

/** Draws the picture beside the colour-mapped modalities, always the same panels in the same places, three in a row. */
export class PreviewComposer {
  #range: DepthRange | undefined;

  /** @param modalities which panels there are beside the picture */
  constructor(private readonly modalities: readonly Modality[]) {}

  /** One preview picture; sides are even, as video encoders want them. */
  compose(perception: Perception): RgbImage {
    const { frame } = perception;
    const scale = Math.min(1, PANEL_WIDTH / frame.width);
    const width = even(frame.width * scale);
    const height = even(frame.height * scale);
    const picture = { width, height, rgb: createRgbResampler(frame.width, frame.height, width, height)(frame.rgb) };
    const panels = [picture, ...this.modalities.map((m) => this.#panel(m, perception, picture))];
    const columns = panels.length === 4 ? 2 : Math.min(3, panels.length);
    const sheet = { width: columns * width, height: Math.ceil(panels.length / columns) * height, rgb: new Uint8Array(columns * width * Math.ceil(panels.length / columns) * height * 3) };
    panels.forEach((panel, i) => {
      paste(panel, sheet, (i % columns) * width, Math.floor(i / columns) * height);
    });
    return sheet;
  }

  #panel(modality: Modality, perception: Perception, picture: RgbImage): RgbImage {
    const { width, height } = picture;
    const fitted = (map: RgbImage): RgbImage => ({ width, height, rgb: resampleNearest(map.rgb, map.width, map.height, width, height, 3) });
    switch (modality) {
      case 'depth':
        return perception.depth ? fitted(colorizeDepth(perception.depth, this.#steady(perception.depth.metres))) : blank(picture);
      case 'flow':
        return perception.flow ? fitted(colorizeFlow(perception.flow)) : blank(picture);
      case 'segmentation':
        return perception.segmentation ? blended(fitted(colorizeSegmentation(perception.segmentation)), picture) : blank(picture);
      case 'skeleton':
        return perception.skeleton ? drawSkeleton(perception.skeleton, { background: dimmed(picture) }) : blank(picture);
      case 'densepose':
        return perception.densepose ? over(fitted(colorizeDensepose(perception.densepose)), dimmed(picture)) : blank(picture);
    }
  }

  /** A range that follows the depth slowly, so that colours do not flicker. */
  #steady(metres: Float32Array): DepthRange {
    const step = Math.max(1, Math.floor(metres.length / 4096));
    const sample = metres.filter((z, i) => i % step === 0 && z > 0 && z < Infinity).sort();
    if (sample.length === 0) return this.#range ?? {};
    const now = { near: sample[Math.floor(0.02 * (sample.length - 1))], far: sample[Math.ceil(0.98 * (sample.length - 1))] };
    const before = this.#range ?? now;
    const follow = (from: number, to: number): number => Math.exp(0.9 * Math.log(from) + 0.1 * Math.log(to));
    return (this.#range = { near: follow(before.near ?? now.near, now.near), far: follow(before.far ?? now.far, now.far) });
  }
}

const even = (side: number): number => Math.max(2, Math.round(side / 2) * 2);
const blank = ({ width, height }: RgbImage): RgbImage => ({ width, height, rgb: new Uint8Array(width * height * 3) });
const dimmed = ({ width, height, rgb }: RgbImage): RgbImage => ({ width, height, rgb: rgb.map((v) => v >> 1) });

/** Colours over the grey of a picture: what is of which class is seen, and whether it is where the thing is. */
function blended(top: RgbImage, { rgb: below }: RgbImage): RgbImage {
  const rgb = new Uint8Array(top.rgb.length);
  for (let i = 0; i < rgb.length; i += 3) {
    const grey = (1 - COVER) * (0.299 * below[i] + 0.587 * below[i + 1] + 0.114 * below[i + 2]);
    for (let c = 0; c < 3; c += 1) rgb[i + c] = Math.round(COVER * top.rgb[i + c] + grey);
  }
  return { ...top, rgb };
}

/** `top` where it is not black, else `below`. */
function over(top: RgbImage, below: RgbImage): RgbImage {
  const rgb = new Uint8Array(below.rgb);
  for (let i = 0; i < rgb.length; i += 3) {
    if (top.rgb[i] !== 0 || top.rgb[i + 1] !== 0 || top.rgb[i + 2] !== 0) rgb.set(top.rgb.subarray(i, i + 3), i);
  }
  return { ...below, rgb };
}

function paste(panel: RgbImage, sheet: { width: number; rgb: Uint8Array }, left: number, top: number): void {
  for (let y = 0; y < panel.height; y += 1) {
    sheet.rgb.set(panel.rgb.subarray(y * panel.width * 3, (y + 1) * panel.width * 3), ((top + y) * sheet.width + left) * 3);
  }
}
