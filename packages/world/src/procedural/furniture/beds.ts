import { carcass, cloth, grey } from '../finishes.js';
import type { Generator } from '../generator.js';
import { ModelBuilder } from '../model-builder.js';
import { box, cushion } from '../primitives.js';

/** Single to king-size bed, head board at -x, with mattress, pillows and a duvet. */
export const bed: Generator = (rng) => {
  const m = new ModelBuilder();
  const frame = m.slot(rng.chance(0.7) ? carcass(rng) : cloth(rng), 0.8);
  const sheet = m.slot(grey(rng.range(0.85, 0.96), 1));
  const duvet = m.slot(cloth(rng), 0.7);
  const pillow = m.slot(rng.chance(0.5) ? grey(0.94, 1) : cloth(rng), 0.5);
  const w = rng.pick([0.94, 1.24, 1.44, 1.64, 1.84]), length = rng.range(2, 2.12), rail = rng.range(0.24, 0.32), z = rail + rng.range(0.14, 0.22);
  const head = rng.range(0.75, 1.15);
  for (const sx of [-1, 1]) for (const sy of [-1, 1]) box(m, frame, [sx * (length / 2 - 0.05), sy * (w / 2 - 0.05), 0], [0.07, 0.07, 0.14]);
  box(m, frame, [0, 0, 0.13], [length, w, rail - 0.13]);
  box(m, frame, [-length / 2 - 0.03, 0, 0], [0.06, w, head]);
  if (rng.chance(0.3)) box(m, frame, [length / 2 + 0.02, 0, 0], [0.04, w, z + 0.12]);
  cushion(m, sheet, [0, 0, rail - 0.02], [length - 0.06, w - 0.05, z - rail + 0.02]);
  const cover = rng.range(0.6, 0.74);
  cushion(m, duvet, [(length * (1 - cover)) / 2 - 0.02, 0, z - 0.13], [length * cover, w + 0.06, 0.19]);
  const places = w > 1.3 ? 2 : 1;
  for (let i = 0; i < places; i++) {
    m.at({ x: -length / 2 + 0.26, y: (i - (places - 1) / 2) * (w / 2), z, pitch: -0.15, yaw: rng.range(-0.1, 0.1) }, () => cushion(m, pillow, [0, 0, 0], [0.42, Math.min(0.68, w / places - 0.1), 0.13]));
  }
  m.surface(z + 0.06, length * 0.25, w / 2 - 0.15);
  return m.finish('bed');
};
