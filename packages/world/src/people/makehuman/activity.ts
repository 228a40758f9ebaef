import type { Rng } from '../../math/rng.js';
import type { Activity } from '../../scene/library.js';
import type { ClipLibrary, ClipUse } from '../motion/catalogue.js';
import { carryLayer, gestureLayer, layered, paced, swayLayer } from '../motion/layers.js';
import type { DrawnMotion, MotionSource } from '../motion/motion.js';
import { sitting } from '../motion/sitting.js';

/** Picks a recorded or composed motion for an activity. */
export function drawMotion(clips: ClipLibrary, rng: Rng, activity: Activity): DrawnMotion {
  const wanted = activity === 'any' ? rng.pick(['stand', 'walk', 'gesture', 'gesture', 'carry', 'act', 'act'] as const) : activity;
  const rate = rng.range(0.88, 1.12);
  const clip = (use: ClipUse): MotionSource => paced(clips.motion(rng.pick(clips.names(use))), rate);
  const stand = (): MotionSource => layered(clip('stand'), swayLayer(rng.fork('sway')));
  const base = { travels: false, seated: false, phase: rng.unit() };
  switch (wanted) {
    case 'walk': return { ...base, source: clip('walk'), travels: true, words: 'walking' };
    case 'run': return { ...base, source: clip('run'), travels: true, words: 'running' };
    case 'stand': return { ...base, source: stand(), words: 'standing' };
    case 'sit': return { ...base, ...(rng.chance(0.12) ? { source: clip('sit') } : sitting(rng.fork('sit'))), seated: true, words: 'sitting' };
    case 'act': return { ...base, source: clip('act'), words: 'moving' };
    case 'gesture': {
      if (rng.chance(0.25)) return { ...base, source: clip('act'), words: 'moving' };
      const { layer, ...told } = gestureLayer(rng.fork('gesture'));
      return { ...base, source: layered(stand(), layer), ...told, ...(told.grip && { emptyHanded: 'standing' }) };
    }
    case 'carry': {
      const { layer, words, grip } = carryLayer(rng.fork('carry'));
      const travels = rng.chance(0.5);
      return { ...base, source: layered(travels ? clip('walk') : stand(), layer), travels, grip, words: travels ? `walking and ${words}` : words, emptyHanded: travels ? 'walking' : 'standing' };
    }
  }
}
