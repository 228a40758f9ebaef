import { describe, expect, it } from '@jest/globals';
import { chooseGrid, gridFocal } from './grid.js';

const input = { multipleOf: 32, min: 64, max: 512, width: 256, height: 192, channels: 'rgb' as const };

describe('chooseGrid', () => {
  it.each([
    [{ width: 640, height: 480 }, undefined, { width: 256, height: 192 }],
    [{ width: 480, height: 640 }, undefined, { width: 192, height: 256 }],
    [{ width: 1920, height: 1080 }, undefined, { width: 288, height: 160 }],
    [{ width: 640, height: 480 }, { width: 128, height: 96 }, { width: 128, height: 96 }],
    [{ width: 1, height: 1 }, undefined, { width: 224, height: 224 }],
    [{ width: 7680, height: 4320 }, undefined, { width: 288, height: 160 }],
    [{ width: 10000, height: 10 }, undefined, { width: 512, height: 64 }],
  ])('%j at %j is %j', (frame, size, expected) => expect(chooseGrid(frame, input, size)).toEqual(expected));
});

describe('gridFocal', () => {
  it('scales what is known and guesses the rest', () => {
    expect(gridFocal({ width: 640, focal: 500, focalKnown: true }, { width: 256, height: 192 })).toEqual({ focal: 200, focalKnown: true });
    expect(gridFocal({ width: 640, focalKnown: false }, { width: 100, height: 100 })).toEqual({ focal: 90, focalKnown: false });
  });
});
