import { SextantError } from '@sextant/core';

/**
 * The error for a recording of which `startSeconds` leaves out every picture.
 * @param skip what was to be left out, nanoseconds
 * @param length stamp of the last picture since the first, nanoseconds
 */
export function startBeyondEnd(skip: bigint, length: bigint): SextantError {
  const [startSeconds, lengthSeconds] = [Number(skip) / 1e9, Number(length) / 1e9];
  return new SextantError('bad-argument', `startSeconds of ${startSeconds} leaves out the whole recording: its last picture is ${lengthSeconds.toFixed(3)} s after its first`, {
    hint: 'Leave out fewer seconds (--start).', details: { startSeconds, lengthSeconds },
  });
}
