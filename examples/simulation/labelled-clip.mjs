// Renders a clip with its labels from a seed, and checks the depth by geometry: what stands still must be, seen from the frame
// before, where the flow says it was, and as far away as that frame's depth says.
//
//   node examples/simulation/labelled-clip.mjs <seed> <folder> [--frames 12] [--width 320] [--height 240]
//
// Writes <folder>/rgb/000000.png, depth/000000.png (16-bit millimetres, 0 none), labels/000000.png (class ids), and scene.json.
// Exits 1 when less than 99 % of the points agree, 2 for less than two frames. (`npx sextant world` writes every label; this shows the API.)
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createWorld } from '@sextant/world';
import { encode } from 'fast-png';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { frames: { type: 'string', default: '12' }, width: { type: 'string', default: '320' }, height: { type: 'string', default: '240' } },
});
const [seed = '7', folder = 'clip'] = positionals;
const [frames, width, height] = [values.frames, values.width, values.height].map(Number);
if (!Number.isInteger(frames) || frames < 2) {
  console.error(`--frames is ${values.frames}: give a whole number of at least 2, since depth is checked against the frame before`);
  process.exit(2);
}

const world = createWorld({ seed: Number(seed), width, height });
console.log(`seed ${seed}: ${world.caption}`);
for (const kind of ['rgb', 'depth', 'labels']) await mkdir(join(folder, kind), { recursive: true });

let [agree, compared] = [0, 0];
let before;
let caption;
for (let index = 0; index < frames; index += 1) {
  const now = world.render(index);
  caption ??= world.captionOf(now);
  const name = `${String(index).padStart(6, '0')}.png`;
  const millimetres = Uint16Array.from(now.depth, (z) => (z * 1000 < 65_535.5 ? Math.round(z * 1000) : 0)); // NaN: 0
  await writeFile(join(folder, 'rgb', name), encode({ width, height, data: now.rgb, channels: 3, depth: 8 }));
  await writeFile(join(folder, 'depth', name), encode({ width, height, data: millimetres, channels: 1, depth: 16 }));
  await writeFile(join(folder, 'labels', name), encode({ width, height, data: now.labels, channels: 1, depth: 8 }));
  if (before) check(before, now);
  before = now;
}
await writeFile(join(folder, 'scene.json'), `${JSON.stringify({ seed: Number(seed), caption, camera: world.camera, classes: world.classes }, null, 1)}\n`);
const share = agree / compared;
console.log(`${frames} frames in ${folder}; ${(100 * share).toFixed(2)} % of ${compared} reprojected points agree`);
process.exitCode = share >= 0.99 ? 0 : 1;

/** Counts the still points of `b` that lie in `a` where flow and depth say. */
function check(a, b) {
  const [fx, , cx, , fy, cy] = b.camera.k;
  const toA = invert(a.camToWorld);
  for (let y = 2; y < height - 2; y += 1) {
    for (let x = 2; x < width - 2; x += 1) {
      const i = y * width + x;
      const z = b.depth[i];
      // Things may move by themselves; stuff (walls, ground, ...) stands still. Hidden before: nothing to compare.
      if (!(z > 0) || b.instances[i] !== 0 || b.occlusion[i] !== 0) continue;
      const point = apply(toA, apply(b.camToWorld, [((x - cx) / fx) * z, ((y - cy) / fy) * z, z]));
      const [u, v] = [(fx * point[0]) / point[2] + cx, (fy * point[1]) / point[2] + cy];
      const [col, row] = [Math.floor(u), Math.floor(v)];
      if (col < 0 || row < 0 || col + 1 >= width || row + 1 >= height) continue;
      // Between four samples of one surface depth is known to lie within them; at an edge they say nothing.
      const near = [0, 1, width, width + 1].map((step) => a.depth[row * width + col + step]);
      const [least, most] = [Math.min(...near), Math.max(...near)];
      if (!(most < 1.05 * least)) continue;
      const moved = Math.hypot(x - u - b.flow[2 * i], y - v - b.flow[2 * i + 1]);
      compared += 1;
      if (moved < 0.05 && point[2] > least * 0.99 && point[2] < most * 1.01) agree += 1;
    }
  }
}

/** A point through a row-major 4x4 matrix. */
function apply(m, [x, y, z]) {
  return [0, 4, 8].map((row) => m[row] * x + m[row + 1] * y + m[row + 2] * z + m[row + 3]);
}

/** The inverse of a rigid motion. */
function invert(m) {
  const r = [m[0], m[4], m[8], m[1], m[5], m[9], m[2], m[6], m[10]];
  const t = [m[3], m[7], m[11]];
  return [0, 3, 6].flatMap((row) => [r[row], r[row + 1], r[row + 2], -(r[row] * t[0] + r[row + 1] * t[1] + r[row + 2] * t[2])]).concat(0, 0, 0, 1);
}
