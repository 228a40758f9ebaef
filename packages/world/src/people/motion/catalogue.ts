import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { SextantError } from '@sextant/core';
import { parseBvh } from './bvh.js';
import { createClip } from './clip.js';
import { retarget } from './retarget.js';
import type { MotionSource } from './motion.js';

export type ClipUse = 'walk' | 'run' | 'stand' | 'sit' | 'act';

/** What each clip shows, by the start of its file name; the first match counts. Clips not listed are acting on the spot. */
const USES: readonly (readonly [pattern: RegExp, use: ClipUse | 'none'])[] = [
  [/^(02_01|02_02|fbx_07_01|fbx_08_02|q_human_Walk|q_Female_Walk|walk1|03_01|03_02)/, 'walk'],
  [/^(02_03|fbx_09_11|q_human_Run|q_Female_Run\.|q_human_ArmatureAction)/, 'run'],
  [/^(q_human_Idle|q_Female_Idle|q_Female_Standing|standing0[1-4])/, 'stand'],
  [/^(q_Female_Sitting)/, 'sit'],
  [/^tpose/, 'none'],
];

/** Playback rates of clips that are not in real time. */
const RATES: Readonly<Record<string, number>> = { 'makehuman/walk1': 0.55 };

/** The motion files of a folder; each is parsed and fitted for looping when it is first asked for. */
export class ClipLibrary {
  private readonly ready = new Map<string, MotionSource>();

  constructor(private readonly texts: ReadonlyMap<string, string>) {}

  /** Names (e.g. `cmu/02_01`) of all clips of a use, sorted. */
  names(use: ClipUse): string[] {
    return [...this.texts.keys()].filter((name) => useOf(name) === use).sort();
  }

  /** The motion of that name. Throws RangeError for one that is not there. */
  motion(name: string): MotionSource {
    let source = this.ready.get(name);
    if (!source) {
      const text = this.texts.get(name);
      if (text === undefined) throw new RangeError(`no motion called ${name}`);
      const makehuman = name.startsWith('makehuman/');
      const today = makehuman && text.includes('upperarm01.L');
      const clip = createClip(name, parseBvh(text, name), makehuman ? 'z-up' : 'y-up', today);
      const use = useOf(name);
      source = retarget(clip, { travels: use === 'walk' || use === 'run', rate: RATES[name] ?? 1 });
      this.ready.set(name, source);
    }
    return source;
  }
}

function useOf(name: string): ClipUse | 'none' {
  const file = `${name.slice(name.indexOf('/') + 1)}.`;
  return USES.find(([pattern]) => pattern.test(file))?.[1] ?? 'act';
}

/** Reads every .bvh below `folder`, one level of subfolders. */
export async function loadClips(folder: string): Promise<ClipLibrary> {
  const texts = new Map<string, string>();
  try {
    for (const group of (await readdir(folder)).sort()) {
      for (const file of (await readdir(join(folder, group))).sort()) {
        if (file.endsWith('.bvh')) texts.set(`${group}/${file.slice(0, -4)}`, await readFile(join(folder, group, file), 'utf8'));
      }
    }
  } catch (cause) {
    throw new SextantError('source-missing', `cannot read motions below ${folder}`, { hint: 'The assets folder is incomplete; see its README.md.', cause });
  }
  return new ClipLibrary(texts);
}
