import { quaternionOf } from './quaternion.js';

/** One frame of a clip with its pose. */
export interface PosedFrame {
  readonly index: number;
  /** Nanoseconds. */
  readonly stamp: number;
  /** 4x4 rows, metres, from the optical frame to the world. */
  readonly cam2world: readonly (readonly number[])[];
}

/**
 * A clip's lists in the TUM RGB-D benchmark's format: `rgb.txt`, `depth.txt` (values are millimetres: factor 1000, where TUM's own files
 * have 5000) and `groundtruth.txt` (time, position in metres, quaternion x y z w of the optical frame in the world). Paths are relative to the clip.
 */
export function tumLists(frames: readonly PosedFrame[], hasDepth: boolean): Readonly<Record<string, string>> {
  const time = (stamp: number): string => (stamp / 1e9).toFixed(6);
  const list = (head: string, line: (frame: PosedFrame) => string): string => `# ${head}\n${frames.map(line).join('\n')}\n`;
  const file = (folder: string) => ({ index, stamp }: PosedFrame): string => `${time(stamp)} ${folder}/${String(index).padStart(6, '0')}.png`;
  return {
    'rgb.txt': list('timestamp filename', file('rgb')),
    ...(hasDepth && { 'depth.txt': list('timestamp filename (16-bit PNG, 1000 per metre, 0 none)', file('depth')) }),
    'groundtruth.txt': list('timestamp tx ty tz qx qy qz qw', ({ stamp, cam2world }) => {
      const position = [0, 1, 2].map((row) => cam2world[row][3].toFixed(6));
      return `${time(stamp)} ${[...position, ...quaternionOf(cam2world).map((q) => q.toFixed(7))].join(' ')}`;
    }),
  };
}
