import type { SceneBuilder } from '../builder.js';
import { finish } from '../materials.js';
import { indoorLight } from '../light.js';
import type { Place, Rig } from '../place.js';
import type { Room } from '../room.js';
import { panels } from '../shapes.js';

/** Closes an indoor scene: ground outside the windows, light, bounds for cameras. */
export function indoorPlace(b: SceneBuilder, room: Room, words: string, rigs: readonly Rig[] = ['robot', 'hand', 'hand', 'head', 'ceiling', 'tabletop']): Place {
  if (room.windows.length > 0) {
    const far = 60;
    const drop = b.rng.chance(0.5) ? -0.25 : -b.rng.range(3, 9);
    const ground = b.rng.chance(0.6) ? 'grass' : 'road';
    const { material, tile } = finish(b.rng, b.library, ground === 'grass' ? 'grass' : 'asphalt');
    b.stuff(panels([{ corner: [-far, -far, drop], u: [2 * far, 0, 0], v: [0, 2 * far, 0] }], [material], tile), ground, { castsShadow: false });
  }
  return {
    kind: 'indoor', words, rigs, lighting: indoorLight(b, room),
    bounds: { minX: -room.halfX + 0.3, maxX: room.halfX - 0.3, minY: -room.halfY + 0.3, maxY: room.halfY - 0.3, minZ: 0.15, maxZ: room.height - 0.2 },
  };
}
