import { SextantError } from '@sextant/core';
import type { CameraOptions } from '../requests.js';

/** Least and most of each option. A browser silently takes a quality of its own for one that cannot be, a rate of 0 would send every picture. */
const RANGES: Readonly<Record<keyof CameraOptions, readonly [number, number]>> = {
  rate: [0.01, Infinity], maxWidth: [1, Infinity], maxHeight: [1, Infinity], quality: [0, 1], fieldOfView: [1, 179],
};

/** @throws SextantError `bad-argument`, naming the option, the value seen and what may be given. */
export function checkCameraOptions(options: CameraOptions): void {
  for (const [name, [least, most]] of Object.entries(RANGES) as [keyof CameraOptions, readonly [number, number]][]) {
    const value: unknown = options[name];
    if (value === undefined || (typeof value === 'number' && value >= least && value <= most)) continue;
    const range = most === Infinity ? `a number of at least ${least}` : `a number from ${least} to ${most}`;
    throw new SextantError('bad-argument', `${name} of a camera is ${typeof value === 'number' ? value : JSON.stringify(value)}`, { hint: `Give ${range}.`, details: { [name]: value } });
  }
}
