import { describe, expect, it } from '@jest/globals';
import { cut, regionAround } from './region.js';

const frame = { width: 640, height: 480 };

describe('what is looked at again', () => {
  it('is upright around somebody who stands, lying around somebody who lies, with room around', () => {
    expect(regionAround([300, 200, 40, 100], frame)).toEqual({ x: 268, y: 180, width: 105, height: 140 });
    expect(regionAround([300, 200, 100, 40], frame)).toEqual({ x: 280, y: 168, width: 140, height: 105 });
  });

  it('is upright around somebody nearly as wide as tall', () => {
    expect(regionAround([300, 200, 90, 100], frame)).toEqual({ x: 282, y: 166, width: 126, height: 168 });
    expect(regionAround([300, 200, 100, 90], frame)).toEqual({ x: 266, y: 182, width: 168, height: 126 });
    // Lying, it would be too much of an upright frame.
    expect(regionAround([60, 100, 270, 325], { width: 480, height: 640 })).toEqual({ x: 6, y: 11, width: 378, height: 504 });
  });

  it('is of the shape that is asked for', () => {
    expect(regionAround([300, 200, 40, 100], frame, 5 / 6)).toEqual({ x: 262, y: 180, width: 117, height: 140 });
    expect(regionAround([300, 200, 100, 40], frame, 5 / 6)).toEqual({ x: 280, y: 162, width: 140, height: 117 });
  });

  it('stays within the frame', () => {
    expect(regionAround([0, 400, 40, 80], frame)).toEqual({ x: 0, y: 368, width: 84, height: 112 });
    expect(regionAround([600, -10, 60, 400], frame)).toEqual({ x: 220, y: 0, width: 420, height: 480 });
  });

  it('is nothing where the person fills the frame', () => {
    expect(regionAround([20, 10, 600, 460], frame)).toBeUndefined();
    expect(regionAround([0, 0, 30, 40], { width: 40, height: 44 })).toBeUndefined();
  });

  it('has at least a pixel', () => {
    expect(regionAround([10, 10, 0, 0], frame)).toEqual({ x: 10, y: 10, width: 1, height: 1 });
  });

  it('is cut out of the picture', () => {
    const rgb = Uint8Array.from({ length: 4 * 3 * 3 }, (_, i) => i);
    expect(cut(rgb, 4, { x: 1, y: 1, width: 2, height: 2 })).toEqual(Uint8Array.of(15, 16, 17, 18, 19, 20, 27, 28, 29, 30, 31, 32));
  });
});
