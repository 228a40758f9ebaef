import { join } from 'node:path';
import { WORK } from '../clip/folder-lock.js';

const named = (index: number): string => String(index).padStart(6, '0');

/** Where a clip is made before it is whole. */
export const makingFolder = (out: string, index: number): string => join(out, WORK, 'making', named(index));
/** A clip's things, for COCO: one frame a line, since a long clip's are more than a string holds. */
export const cocoFile = (out: string, index: number): string => join(out, WORK, 'coco', `${named(index)}.jsonl`);
/** A clip's lines of SHA256SUMS. */
export const sumsFile = (out: string, index: number): string => join(out, WORK, 'sums', `${named(index)}.txt`);
/** The list of clips that are done. */
export const journalFile = (out: string): string => join(out, WORK, 'clips.jsonl');
