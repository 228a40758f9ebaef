import { describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { contactSheet } from './contact-sheet.js';
import { OWN, isRedistributable } from './licence.js';

/** A picture that JPEG cannot compress well. */
function noise(width: number, height: number): { width: number; height: number; rgb: Uint8Array } {
  let state = 1;
  const rgb = Uint8Array.from({ length: width * height * 3 }, () => (state = (state * 48_271) % 0x7fff_ffff) & 255);
  return { width, height, rgb };
}

describe('contactSheet', () => {
  it('is as wide as its widest row, has the captions above, and fits', async () => {
    const white = { width: 64, height: 64, rgb: new Uint8Array(64 * 64 * 3).fill(255) };
    const jpeg = await contactSheet('input, truth', [{ caption: 'a < b & c', picture: white }, { caption: '', picture: noise(256, 64) }], 40_000);
    expect(jpeg.length).toBeLessThanOrEqual(40_000);
    const { data, info } = await sharp(jpeg).raw().toBuffer({ resolveWithObject: true });
    expect([info.width, info.height, info.channels]).toEqual([512, 18 + 2 * 146, 3]);
    const at = (x: number, y: number): number => data[(y * info.width + x) * 3];
    expect(at(64, 80)).toBeGreaterThan(240);
    expect(at(400, 80)).toBeLessThan(60); // nothing right of the narrower row
    const caption = Array.from({ length: 60 * 18 }, (_, i) => at(i % 60, 18 + Math.floor(i / 60)));
    expect(Math.max(...caption)).toBeGreaterThan(120);
  }, 60_000); // the first text may have to wait for the machine's font cache
});

describe('isRedistributable', () => {
  it.each([OWN, 'MIT', 'repository Apache-2.0', 'CC BY 4.0', 'BSD-2', 'Apache-2.0/MIT'])('shows %s', (licence) => expect(isRedistributable(licence)).toBe(true));

  it.each([
    'CC BY-NC 4.0', 'MIT (DAVIS)', 'CC BY-NC-SA 3.0', 'NYU Depth V2 (research); repository MIT', 'COCO 2017: annotations CC BY 4.0, images Flickr (various CC)',
    'repository MIT (frames look like NYU Depth V2 raw data: research)', '', undefined,
  ])('does not show %s', (licence) => expect(isRedistributable(licence)).toBe(false));
});
