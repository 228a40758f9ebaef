import type { Rng } from '../../math/rng.js';
import type { Activity } from '../../scene/library.js';
import { gait, standing } from '../motion/gait.js';
import { carryLayer, gestureLayer, layered, swayLayer } from '../motion/layers.js';
import type { DrawnMotion, MotionSource } from '../motion/motion.js';
import { sitting } from '../motion/sitting.js';

/** Composes a motion for an activity; needs no recordings. */
export function composeMotion(rng: Rng, activity: Activity): DrawnMotion {
  const wanted = activity === 'any' ? rng.pick(['stand', 'walk', 'gesture', 'gesture', 'carry', 'carry'] as const) : activity;
  const base = { travels: false, seated: false, phase: rng.unit() };
  const stand = (): MotionSource => layered(standing(rng.fork('stand')), swayLayer(rng.fork('sway')));
  switch (wanted) {
    case 'walk': return { ...base, source: gait(rng.fork('gait'), false), travels: true, words: 'walking' };
    case 'run': return { ...base, source: gait(rng.fork('gait'), true), travels: true, words: 'running' };
    case 'stand': return { ...base, source: stand(), words: 'standing' };
    case 'sit': return { ...base, ...sitting(rng.fork('sit')), seated: true, words: 'sitting' };
    case 'gesture': {
      const { layer, ...told } = gestureLayer(rng.fork('gesture'));
      return { ...base, source: layered(stand(), layer), ...told, ...(told.grip && { emptyHanded: 'standing' }) };
    }
    case 'carry': {
      const { layer, words, grip } = carryLayer(rng.fork('carry'));
      const travels = rng.chance(0.5);
      return {
        ...base, source: layered(travels ? gait(rng.fork('gait'), false) : stand(), layer), travels, grip,
        words: travels ? `walking and ${words}` : words, emptyHanded: travels ? 'walking' : 'standing',
      };
    }
  }
}
