import { SextantError } from '@sextant/core';

/** A frame that is made, and the hash of the condition's files that it was made from, where that is known. */
interface MadeFrame {
  readonly index: number;
  readonly conditionSha256?: string | undefined;
}

/**
 * Reads the condition of every frame that is made already, and refuses to take it for the one that it was made from where its files have changed since.
 * @param hashOf hash of the condition's files of a frame, as they are now
 * @throws SextantError `bad-argument` naming the first frame that differs, and what reading throws.
 */
export async function checkConditions(out: string, frames: readonly MadeFrame[], hashOf: (index: number) => Promise<string | undefined>): Promise<void> {
  for (const { index, conditionSha256: made } of frames) {
    if (made === undefined) continue;
    const now = await hashOf(index);
    if (now === made) continue;
    throw new SextantError('bad-argument', `${out} holds a clip of another condition: the files of frame ${index} have changed since it was made`, {
      hint: 'Choose another folder, or give --overwrite to make the clip anew.', details: { out, frame: index, made, now },
    });
  }
}
