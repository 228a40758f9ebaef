import { SextantError } from '@sextant/core';

export interface BvhJoint {
  readonly name: string;
  /** Index of the parent joint, -1 for the root. */
  readonly parent: number;
  /** Rest offset from the parent, file units and axes. */
  readonly offset: readonly [number, number, number];
  /** Channel names in file order, e.g. `Zrotation`. */
  readonly channels: readonly string[];
  /** Position of its first value in a frame. */
  readonly firstChannel: number;
  /** Offset of its end site, if the chain ends here. */
  endSite?: readonly [number, number, number];
}

/** A Biovision hierarchy file: joints (parents first) and one row of channel values per frame. */
export interface Bvh {
  readonly joints: readonly BvhJoint[];
  readonly frameCount: number;
  /** Seconds per frame. */
  readonly frameTime: number;
  readonly channelCount: number;
  /** frameCount x channelCount; degrees and file units. */
  readonly values: Float32Array;
}

/** Reads a BVH file. Throws SextantError `source-corrupt` naming `name` where the text is not one. */
export function parseBvh(text: string, name = 'BVH'): Bvh {
  const broken = (what: string): SextantError =>
    new SextantError('source-corrupt', `${name}: ${what}`, { hint: 'The motion file is damaged; fetch it again.' });
  const tokens = text.split(/\s+/);
  let at = tokens[0] === '' ? 1 : 0;
  const number = (): number => {
    const value = Number(tokens[at++]);
    if (!Number.isFinite(value)) throw broken(`a number was expected, found ${JSON.stringify(tokens[at - 1])}`);
    return value;
  };
  if (tokens[at] !== 'HIERARCHY') throw broken(`does not start with HIERARCHY but ${JSON.stringify(tokens[at])}`);
  at++;
  const joints: BvhJoint[] = [];
  const stack: number[] = [];
  let channelCount = 0;
  let pending: 'joint' | 'end' = 'joint';
  let pendingName = '';
  for (;;) {
    const token = tokens[at++];
    if (token === undefined) throw broken('ends inside the hierarchy');
    if (token === 'MOTION') break;
    if (token === 'ROOT' || token === 'JOINT') {
      pending = 'joint';
      pendingName = tokens[at++]!;
    } else if (token === 'End') {
      pending = 'end';
      at++;
    } else if (token === '{') {
      if (tokens[at++] !== 'OFFSET') throw broken(`joint ${pendingName} has no OFFSET`);
      const offset: [number, number, number] = [number(), number(), number()];
      const parent = stack.at(-1) ?? -1;
      if (pending === 'end') {
        joints[parent].endSite = offset;
        stack.push(-1);
        continue;
      }
      const channels: string[] = [];
      if (tokens[at] === 'CHANNELS') {
        at++;
        const count = number();
        for (let i = 0; i < count; i++) channels.push(tokens[at++]);
      }
      joints.push({ name: pendingName, parent, offset, channels, firstChannel: channelCount });
      channelCount += channels.length;
      stack.push(joints.length - 1);
    } else if (token === '}') {
      stack.pop();
    }
  }
  if (tokens[at++] !== 'Frames:') throw broken('has no frame count');
  const frameCount = number();
  at += 2; // "Frame Time:"
  const frameTime = number();
  const values = new Float32Array(frameCount * channelCount);
  for (let i = 0; i < values.length; i++) values[i] = number();
  return { joints, frameCount, frameTime, channelCount, values };
}
