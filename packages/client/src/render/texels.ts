import { SextantError } from '@sextant/core';
import type { DensePoseResult, DepthResult, FlowResult, MaskResult, PictureResult, ReferredResult } from '../results.js';

/** Results that can be a texture. */
export type TextureSource = MaskResult | ReferredResult | DepthResult | FlowResult | DensePoseResult | PictureResult;

/** What is uploaded: numbers of one layout, or a decoded picture. */
export type Texels =
  | { readonly layout: 'r8ui'; readonly data: Uint8Array }
  | { readonly layout: 'r32f' | 'rg32f'; readonly data: Float32Array }
  | { readonly layout: 'rgba8ui'; readonly data: Uint8Array }
  | { readonly layout: 'rgba8'; readonly bitmap: ImageBitmap };

/**
 * masks, referred: class id per pixel; depth: metres, NaN none; flow: u, v in pixels; densePose: part, u, v, 255 where there is a part; picture: its pixels.
 * @throws SextantError `unsupported` for a picture without a bitmap; `bad-argument` for a result that is no map (plain JavaScript can give any).
 */
export function texels(result: TextureSource): Texels {
  switch (result.kind) {
    case 'masks':
    case 'referred':
      return { layout: 'r8ui', data: result.labels };
    case 'depth':
      return { layout: 'r32f', data: result.metres };
    case 'flow':
      return { layout: 'rg32f', data: result.pixels };
    case 'densePose': {
      const { part, u, v } = result;
      const data = new Uint8Array(part.length * 4);
      for (let i = 0; i < part.length; i += 1) {
        data[4 * i] = part[i];
        data[4 * i + 1] = u[i];
        data[4 * i + 2] = v[i];
        data[4 * i + 3] = part[i] === 0 ? 0 : 255;
      }
      return { layout: 'rgba8ui', data };
    }
    case 'picture':
      if (result.bitmap === undefined) throw new SextantError('unsupported', 'the picture has no bitmap here', { hint: 'Pictures are decoded in browsers only.' });
      return { layout: 'rgba8', bitmap: result.bitmap };
    default: {
      const { kind } = result as { readonly kind: string };
      throw new SextantError('bad-argument', `a result of kind ${kind} can be no texture`, { hint: 'Give one of masks, referred, depth, flow, densePose or pictures; of a frame, its parts.', details: { kind } });
    }
  }
}
