import { boxBetween, capsule, heightfield, merge, plane, sphere } from '../src/geometry/primitives.js';
import { lookAt, multiply, rotationZ, translation } from '../src/math/mat4.js';
import { Rng } from '../src/math/rng.js';
import type { Drawable, Geometry, Mat4, Pinhole, RenderScene, Texture } from '../src/render/types.js';

/** A noisy two-tone checkerboard. */
export function checker(rng: Rng, size: number, cells: number): Texture {
  const rgba = new Uint8Array(size * size * 4);
  const dark = [rng.int(20, 120), rng.int(20, 120), rng.int(20, 120)], light = [rng.int(120, 250), rng.int(120, 250), rng.int(120, 250)];
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const c = (Math.floor((x * cells) / size) + Math.floor((y * cells) / size)) % 2 === 0 ? dark : light;
      const n = rng.int(-15, 15);
      for (let k = 0; k < 3; k++) rgba[(y * size + x) * 4 + k] = Math.max(0, Math.min(255, c[k] + n));
      rgba[(y * size + x) * 4 + 3] = 255;
    }
  }
  return { width: size, height: size, rgba };
}

export interface BenchScene {
  readonly triangles: number;
  at(index: number): RenderScene;
}

/** A yard of `triangles` triangles or so: terrain, walls, blocks and round things, some moving, a moving camera, sun and a lamp. */
export function benchScene(triangles: number, width: number, height: number): BenchScene {
  const rng = new Rng(3);
  const textures = Array.from({ length: 6 }, () => checker(rng, 128, 4));
  const material = (): { color: [number, number, number]; texture: Texture; roughness: number } => ({ color: [1, 1, 1], texture: rng.pick(textures), roughness: rng.range(0.3, 1) });
  const segments = 26;
  const things: { geometry: Geometry; place: Mat4; spin: number }[] = [];
  const side = 41;
  const heights = Float32Array.from({ length: side * side }, () => rng.range(0, 0.08));
  const still: Geometry = merge([
    heightfield({ columns: side, rows: side, sizeX: 40, sizeY: 40, heights }, { material: material(), tile: 2 }),
    boxBetween([9, -20, -1], [9.3, 20, 4], { material: material(), tile: 2 }),
    plane(3, 3, { material: material() }),
  ]);
  let count = still.indices.length / 3;
  while (count < triangles) {
    const g = rng.chance(0.5) ? sphere(rng.range(0.15, 0.7), { segments, material: material(), tile: 0.7 }) : capsule(rng.range(0.1, 0.3), rng.range(0.3, 1.4), { segments, material: material(), tile: 0.5 });
    things.push({ geometry: g, place: translation(rng.range(-4, 8.5), rng.range(-6, 6), rng.range(0.2, 1.2)), spin: rng.chance(0.4) ? rng.range(-0.05, 0.05) : 0 });
    count += g.indices.length / 3;
  }
  const camera = (index: number): Pinhole => ({
    width, height, fx: width * 0.8, fy: width * 0.8, cx: (width - 1) / 2, cy: (height - 1) / 2,
    camToWorld: lookAt([-7 + index * 0.03, Math.abs((index % 40) - 20) * 0.05, 1.7], [4, 0, 0.7]),
  });
  const pose = (thing: { place: Mat4; spin: number }, index: number): Mat4 => multiply(translation(0, thing.spin * index, 0), thing.place, rotationZ(thing.spin * index));
  const origin = translation(0, 0, 0);
  return {
    triangles: count,
    at: (index) => {
      const drawables: Drawable[] = [{ geometry: still, transform: origin, previousTransform: origin, classId: 1, instanceId: 0 }];
      things.forEach((thing, i) => drawables.push({
        geometry: thing.geometry, transform: pose(thing, index), previousTransform: pose(thing, index - 1), classId: 2 + (i % 20), instanceId: i + 1,
      }));
      return {
        drawables, sun: { towards: [-0.48, 0.36, 0.8], radiance: [2.2, 2.1, 1.9] }, lights: [{ position: [2, 2, 3], intensity: [2, 1.6, 1.2] }],
        ambientUp: [0.5, 0.55, 0.65], ambientDown: [0.25, 0.22, 0.2],
        sky: { kind: 'gradient', zenith: [0.25, 0.45, 0.8], horizon: [0.75, 0.82, 0.9], ground: [0.4, 0.38, 0.35], clouds: 0.5 },
        fog: { density: 0.004, color: [0.6, 0.65, 0.7] }, camera: camera(index), ...(index > 0 ? { previousCamera: camera(index - 1) } : {}),
      };
    },
  };
}
