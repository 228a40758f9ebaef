import type { Frame } from '@sextant/core';
import type { Header, Time } from '../messages/types.js';

/** Nanoseconds as builtin_interfaces/Time; nanosec is never negative. */
export function toTime(stamp: bigint): Time {
  const billion = 1_000_000_000n;
  const nanosec = ((stamp % billion) + billion) % billion;
  return { sec: Number((stamp - nanosec) / billion), nanosec: Number(nanosec) };
}

/** The one header of everything made from a frame: same stamp, same frame_id. */
export function headerOf(frame: Frame): Header {
  return { stamp: toTime(frame.stamp), frame_id: frame.frameId };
}
