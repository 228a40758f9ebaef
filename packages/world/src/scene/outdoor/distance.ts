import { TAU, cos, sin } from '../../math/deterministic.js';
import type { Panel } from '../shapes.js';
import { boxPanels, panels } from '../shapes.js';
import type { SceneBuilder } from '../builder.js';
import { finish } from '../materials.js';
import { standing } from '../pose.js';
import { hedge } from './vegetation.js';

export type Distance = 'trees' | 'skyline' | 'mixed' | 'open';

/**
 * What closes the view at 45 to 120 metres: woods, houses, hills. `open` leaves the horizon free on most sides.
 * `clear` is half the width of a corridor along x (a road) that stays free.
 */
export function distance(b: SceneBuilder, kind: Distance, clear = 0): void {
  const { rng } = b;
  const sides = rng.int(7, 11);
  for (let i = 0; i < sides; i++) {
    const angle = (2 * Math.PI * i) / sides + rng.range(-0.15, 0.15);
    const radius = rng.range(45, 110);
    const x = cos(angle) * radius, y = sin(angle) * radius;
    if (clear > 0 && Math.abs(y) < clear + 12) continue;
    const what = kind === 'mixed' ? rng.pick(['trees', 'skyline', 'none'] as const) : kind === 'open' ? (rng.chance(0.3) ? 'trees' : 'none') : kind;
    if (what === 'trees') hedge(b, x, y, angle + Math.PI / 2, rng.range(30, 60), rng.range(6, 15), rng.range(5, 12), 'tree', false);
    else if (what === 'skyline') block(b, x, y, angle + rng.range(-0.4, 0.4), rng.range(10, 22), rng.range(8, 16), rng.range(8, 40));
  }
  if (rng.chance(kind === 'open' ? 0.6 : 0.25)) hills(b);
}

/** A building as a plain block with a grid of windows; its front looks along local -x and +x. */
export function block(b: SceneBuilder, x: number, y: number, yaw: number, length: number, deep: number, height: number): void {
  const { rng, library } = b;
  const wall = finish(rng, library, rng.pick(['brick', 'plaster', 'concrete', 'stone']), 0.4);
  const glass = { color: rng.pick([[0.12, 0.15, 0.2], [0.3, 0.36, 0.42], [0.05, 0.06, 0.08]] as const), roughness: 0.35 };
  const frame = { color: rng.pick([[0.9, 0.9, 0.88], [0.25, 0.2, 0.16], [0.5, 0.5, 0.5]] as const) };
  const list: Panel[] = boxPanels([-deep / 2, -length / 2, 0], [deep / 2, length / 2, height]);
  const floors = Math.max(1, Math.min(9, Math.floor(height / 3.1)));
  const step = rng.range(2.2, 3.4), wide = rng.range(0.9, step * 0.7), tall = rng.range(1.1, 2);
  const columns = Math.min(9, Math.max(1, Math.floor(length / step)));
  const rows = Math.min(5, Math.max(1, Math.floor(deep / step)));
  const shopFront = rng.chance(0.5);
  for (let f = 0; f < floors; f++) {
    const ground = f === 0 && shopFront;
    const z = (height * (f + 0.5)) / floors - tall / 2 - (ground ? 0.4 : 0), h = ground ? tall + 0.5 : tall, w = ground ? Math.min(step * 0.85, wide * 1.6) : wide;
    for (const side of [-1, 1]) {
      for (let c = 0; c < columns; c++) {
        const at = -length / 2 + (length * (c + 0.5)) / columns;
        windowPanel(list, [side * (deep / 2), at], side, 'x', w, z, h);
      }
      for (let c = 0; c < rows; c++) {
        const at = -deep / 2 + (deep * (c + 0.5)) / rows;
        windowPanel(list, [at, side * (length / 2)], side, 'y', w, z, h);
      }
    }
  }
  if (rng.chance(0.5)) list.push(...boxPanels([-deep / 2 - 0.25, -length / 2 - 0.25, height], [deep / 2 + 0.25, length / 2 + 0.25, height + rng.range(0.2, 0.6)], 2, true));
  b.stuff(panels(list, [wall.material, glass, frame], wall.tile), 'building', { transform: standing(x, y, 0, yaw) });
}

function windowPanel(list: Panel[], [x, y]: readonly [number, number], side: number, axis: 'x' | 'y', width: number, z: number, height: number): void {
  const out = 0.03, rim = 0.08;
  for (const [grow, away, material] of [[rim, out, 2], [0, out * 2, 1]] as const) {
    const w = width + 2 * grow, h = height + 2 * grow, zz = Math.max(0.05, z - grow);
    if (axis === 'x') list.push({ corner: [x + side * away, y - (side * w) / 2, zz], u: [0, side * w, 0], v: [0, 0, h], material });
    else list.push({ corner: [x + (side * w) / 2, y + side * away, zz], u: [-side * w, 0, 0], v: [0, 0, h], material });
  }
}

/** Long low hills on the horizon, as one ring of ground. */
function hills(b: SceneBuilder): void {
  const { rng, library } = b;
  const grass = finish(rng, library, rng.chance(0.7) ? 'grass' : 'soil', 0.3);
  const near = 220, far = 320, count = 48, tile = 30;
  let z = rng.range(4, 18);
  const heights = Array.from({ length: count }, () => (z = Math.max(1, Math.min(40, z + rng.range(-6, 6)))));
  const positions = new Float32Array(count * 6), normals = new Float32Array(count * 6), uvs = new Float32Array(count * 4);
  const indices = new Uint32Array(count * 6);
  for (let i = 0; i < count; i++) {
    const angle = (TAU * i) / count, c = cos(angle), s = sin(angle);
    positions.set([c * near, s * near, -0.5, c * far, s * far, heights[i]], i * 6);
    normals.set([-c * 0.3, -s * 0.3, 0.95, -c * 0.3, -s * 0.3, 0.95], i * 6);
    uvs.set([(angle * near) / tile, 0, (angle * near) / tile, (far - near) / tile], i * 4);
    const next = (i + 1) % count;
    indices.set([2 * i, 2 * next, 2 * next + 1, 2 * i, 2 * next + 1, 2 * i + 1], i * 6);
  }
  b.stuff(
    { positions, normals, uvs, indices, groups: [{ start: 0, count: indices.length, material: 0 }], materials: [{ ...grass.material, color: [0.6, 0.7, 0.55] }] },
    'grass', { castsShadow: false },
  );
}
