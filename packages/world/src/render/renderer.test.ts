import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { benchScene, checker } from '../../bench/render-scene.js';
import { box, merge, plane, sphere } from '../geometry/primitives.js';
import { identity, lookAt, multiply, rigidInverse, rotationX, rotationY, rotationZ, transformPoint, translation } from '../math/mat4.js';
import { Rng } from '../math/rng.js';
import { Renderer } from './renderer.js';
import type { Drawable, GBuffer, Geometry, Mat4, Pinhole, RenderScene } from './types.js';

const renderer = new Renderer();

function camera(camToWorld: Mat4, width = 96, height = 72): Pinhole {
  return { width, height, fx: width * 0.9, fy: width * 0.9, cx: (width - 1) / 2, cy: (height - 1) / 2, camToWorld };
}

function still(geometry: Geometry, transform = identity(), classId = 5, instanceId = 0): Drawable {
  return { geometry, transform, previousTransform: transform, classId, instanceId };
}

function scene(drawables: Drawable[], now: Pinhole, before?: Pinhole): RenderScene {
  return {
    drawables, lights: [], ambientUp: [1, 1, 1], ambientDown: [1, 1, 1], camera: now, ...(before ? { previousCamera: before } : {}),
    sky: { kind: 'gradient', zenith: [0.2, 0.4, 0.8], horizon: [0.8, 0.9, 1], ground: [0.4, 0.4, 0.4] },
  };
}

/** World point seen at a pixel centre. */
function worldPoint(c: Pinhole, g: GBuffer, x: number, y: number): [number, number, number] {
  const z = g.depth[y * g.width + x];
  return transformPoint(c.camToWorld, [((x - c.cx) / c.fx) * z, ((y - c.cy) / c.fy) * z, z]);
}

function project(c: Pinhole, p: readonly [number, number, number]): [number, number, number] {
  const [x, y, z] = transformPoint(rigidInverse(c.camToWorld), p);
  return [(c.fx * x) / z + c.cx, (c.fy * y) / z + c.cy, z];
}

function bilinear(rgb: Uint8Array, width: number, x: number, y: number, k: number): number {
  const i = Math.floor(x), j = Math.floor(y), u = x - i, v = y - j;
  const at = (a: number, b: number): number => rgb[(b * width + a) * 3 + k];
  return (at(i, j) * (1 - u) + at(i + 1, j) * u) * (1 - v) + (at(i, j + 1) * (1 - u) + at(i + 1, j + 1) * u) * v;
}

describe('depth', () => {
  it.each([1, 2] as const)('of the ground at a grazing angle is the formula at pixel centres (supersampling %d)', (supersampling) => {
    const eye = camera(lookAt([0, 0, 0.4], [10, 1, -0.3]));
    // The ground runs far behind the camera, so its triangles are cut at the near plane.
    const g = renderer.render(scene([still(plane(4000, 4000))], eye), { supersampling });
    let worst = 0, seen = 0;
    for (let y = 0; y < g.height; y++) {
      for (let x = 0; x < g.width; x++) {
        const ray = transformPoint(eye.camToWorld, [(x - eye.cx) / eye.fx, (y - eye.cy) / eye.fy, 1]);
        const expected = 0.4 / (0.4 - ray[2]);
        const got = g.depth[y * g.width + x];
        if (expected < 0 || expected > 1900) continue;
        seen++;
        worst = Math.max(worst, Math.abs(got / expected - 1));
      }
    }
    expect(seen).toBeGreaterThan(3000);
    expect(worst).toBeLessThan(1e-4);
  });

  it('is NaN and labelled sky where nothing is', () => {
    const g = renderer.render(scene([], camera(identity())));
    expect(g.depth.every(Number.isNaN)).toBe(true);
    expect(new Set(g.labels).size).toBe(1);
    expect(new Set(g.instances)).toEqual(new Set([0]));
  });

  it('leaves no cracks between the triangles of a closed surface, nor anything behind it', () => {
    const inside = renderer.render(scene([still(sphere(3, { segments: 60 }))], camera(lookAt([0.3, 0.2, 0.1], [1, 1, 0.2]), 200, 150)));
    expect(inside.depth.every((z) => z > 2 && z < 4)).toBe(true);
  });
});

describe('truth by geometry', () => {
  const bench = benchScene(6000, 128, 96);
  const earlier = bench.at(4), later = bench.at(5);
  const a = renderer.render(earlier), b = renderer.render(later);

  it('depth re-projected by the poses meets the next frame', () => {
    let agree = 0, compared = 0;
    for (let y = 0; y < a.height; y++) {
      for (let x = 0; x < a.width; x++) {
        if (!(a.depth[y * a.width + x] > 0) || a.instances[y * a.width + x] !== 0) continue;
        const [u, v, z] = project(later.camera, worldPoint(earlier.camera, a, x, y));
        const i = Math.round(u), j = Math.round(v);
        if (i < 0 || j < 0 || i >= b.width || j >= b.height || b.instances[j * b.width + i] !== 0) continue;
        compared++;
        if (Math.abs(b.depth[j * b.width + i] - z) < 0.02 * z) agree++;
      }
    }
    expect(compared).toBeGreaterThan(4000);
    expect(agree / compared).toBeGreaterThan(0.97);
  });

  it('flow points at the same surface: depths and instances of both frames agree', () => {
    let agree = 0, visible = 0;
    for (let y = 0; y < b.height; y++) {
      for (let x = 0; x < b.width; x++) {
        const o = y * b.width + x;
        if (b.occlusion[o] || !(b.depth[o] > 0)) continue;
        const i = Math.round(x - b.flow[o * 2]), j = Math.round(y - b.flow[o * 2 + 1]);
        visible++;
        if (i >= 0 && j >= 0 && i < a.width && j < a.height && a.instances[j * a.width + i] === b.instances[o]) agree++;
      }
    }
    expect(visible).toBeGreaterThan(6000);
    expect(agree / visible).toBeGreaterThan(0.98);
  });

  it('flow warps the previous picture onto the current one, far better than no flow', () => {
    // Eight frames apart, nearly four pixels of motion: the error that is left is that of resampling twice.
    const first = bench.at(4), jump = bench.at(12);
    const a = renderer.render(first);
    const b = renderer.render({
      ...jump, previousCamera: first.camera, drawables: jump.drawables.map((d, i) => ({ ...d, previousTransform: first.drawables[i].transform })),
    });
    let warped = 0, unmoved = 0;
    for (let y = 0; y < b.height; y++) {
      for (let x = 0; x < b.width; x++) {
        const o = y * b.width + x;
        if (b.occlusion[o]) continue;
        const u = x - b.flow[o * 2], v = y - b.flow[o * 2 + 1];
        if (u < 0 || v < 0 || u >= a.width - 1 || v >= a.height - 1) continue;
        for (let k = 0; k < 3; k++) {
          warped += Math.abs(bilinear(a.rgb, a.width, u, v, k) - b.rgb[o * 3 + k]);
          unmoved += Math.abs(a.rgb[o * 3 + k] - b.rgb[o * 3 + k]);
        }
      }
    }
    expect(warped).toBeLessThan(0.3 * unmoved);
  });

  it('moving things carry their own motion', () => {
    const ball = sphere(0.5);
    const eye = camera(lookAt([-4, 0, 0], [0, 0, 0]));
    const moved: Drawable = { ...still(ball), transform: translation(0, -0.2, 0), previousTransform: identity() };
    const g = renderer.render(scene([moved], eye, eye));
    let worst = 0, seen = 0;
    for (let o = 0; o < g.depth.length; o++) {
      if (!(g.depth[o] > 0)) continue;
      seen++;
      // y of the world is left in the picture: -0.2 m moves right by fx * 0.2 / z.
      worst = Math.max(worst, Math.abs(g.flow[o * 2] - (eye.fx * 0.2) / g.depth[o]), Math.abs(g.flow[o * 2 + 1]));
    }
    expect(seen).toBeGreaterThan(300);
    expect(worst).toBeLessThan(1e-4);
  });

  it('deformed bodies are followed vertex by vertex', () => {
    const ball = sphere(0.5);
    const shifted = ball.positions.map((p, i) => (i % 3 === 2 ? p + 0.1 : p));
    const eye = camera(lookAt([-4, 0, 0], [0, 0, 0]));
    const g = renderer.render(scene([{ ...still(ball), positions: shifted, previousPositions: ball.positions }], eye, eye));
    const centre = 36 * 96 + 48;
    expect(g.flow[centre * 2 + 1]).toBeCloseTo((-eye.fy * 0.1) / g.depth[centre], 3);
  });

  it('the sky moves with the rotation only, and has no flow on a first frame', () => {
    const now = camera(multiply(translation(3, 0, 0), rotationX(0.02), rotationY(0.03))), before = camera(identity());
    const g = renderer.render(scene([], now, before));
    const ray = transformPoint(multiply(rotationX(0.02), rotationY(0.03)), [(10 - now.cx) / now.fx, (20 - now.cy) / now.fy, 1]);
    const o = 20 * g.width + 10;
    expect(g.flow[o * 2]).toBeCloseTo(10 - ((now.fx * ray[0]) / ray[2] + now.cx), 4);
    expect(g.flow[o * 2 + 1]).toBeCloseTo(20 - ((now.fy * ray[1]) / ray[2] + now.cy), 4);
    expect(renderer.render(scene([], now)).flow.every(Number.isNaN)).toBe(true);
  });
});

describe('occlusion', () => {
  it('marks what a box hid before, and what was outside the picture', () => {
    const wall = still(plane(40, 40), multiply(translation(6, 0, 0), rotationY(-Math.PI / 2)), 1, 0);
    const block = still(box([0.2, 1, 1]), translation(3, 0, 0), 2, 1);
    const before = camera(lookAt([0, -0.2, 0], [10, -0.2, 0])), now = camera(lookAt([0, 0.2, 0], [10, 0.2, 0]));
    const g = renderer.render(scene([wall, block], now, before));
    let wrong = 0, hidden = 0, outside = 0;
    for (let y = 0; y < g.height; y++) {
      for (let x = 0; x < g.width; x++) {
        const o = y * g.width + x;
        const p = worldPoint(now, g, x, y);
        const [u, v] = project(before, p);
        const isOutside = u < -0.5 || v < -0.5 || u >= g.width - 0.5 || v >= g.height - 0.5;
        // Where the sight line from the old eye to a point of the wall crosses the block's front face x = 2.9 or back x = 3.1.
        const behind = g.instances[o] === 0 && [2.9, 3.1].some((plane) => {
          const t = plane / p[0];
          return Math.abs(-0.2 + t * (p[1] + 0.2)) < 0.5 && Math.abs(t * p[2]) < 0.5;
        });
        if (isOutside) outside++;
        else if (behind) hidden++;
        if ((g.occlusion[o] === 1) !== (isOutside || behind)) wrong++;
      }
    }
    expect(hidden).toBeGreaterThan(150);
    expect(outside).toBeGreaterThan(200);
    // Only the pixels on the block's outline may go either way.
    expect(wrong).toBeLessThan(0.2 * hidden);
  });

  it('marks nothing where nothing moves', () => {
    const bench = benchScene(2500, 96, 72).at(3);
    const frozen = { ...bench, drawables: bench.drawables.map((d) => ({ ...d, previousTransform: d.transform })), previousCamera: bench.camera };
    const g = renderer.render(frozen);
    expect(g.occlusion.reduce((sum, x) => sum + x, 0)).toBe(0);
    expect(g.flow.every((x) => Math.abs(x) < 1e-4)).toBe(true);
  });
});

describe('labels and colour', () => {
  it('holes of an alpha-tested texture show what is behind, in every output', () => {
    const rgba = new Uint8Array(64 * 64 * 4).fill(255);
    for (let i = 0; i < 64 * 64; i++) rgba[i * 4 + 3] = i % 64 < 32 ? 255 : 0;
    const leaf = plane(2, 2, { tile: 0, material: { color: [0, 1, 0], alphaTest: 128, texture: { width: 64, height: 64, rgba } } });
    const upright = multiply(translation(2, 0, 0), rotationZ(-Math.PI / 2), rotationX(Math.PI / 2));
    const wall = still(plane(40, 40), multiply(translation(6, 0, 0), rotationY(-Math.PI / 2)), 9, 0);
    const eye = camera(lookAt([0, 0, 0], [1, 0, 0]));
    const g = renderer.render(scene([still(leaf, upright, 7, 3), wall], eye));
    const row = 36 * g.width;
    const at = (x: number): [number, number, number] => [g.labels[row + x], g.instances[row + x], Math.round(g.depth[row + x])];
    expect(at(30)).toEqual([7, 3, 2]);
    expect(at(65)).toEqual([9, 0, 6]);
    expect(g.rgb[(row + 30) * 3 + 1]).toBeGreaterThan(2 * g.rgb[(row + 30) * 3]);
  });

  it('part charts are interpolated to bytes', () => {
    const quad = plane(2, 2);
    const uv = [0, 0, 1, 0, 1, 1, 0, 0, 1, 1, 0, 1];
    const body: Geometry = { ...quad, parts: Uint8Array.of(4, 4), partUvs: Float32Array.from(uv) };
    const eye = camera(lookAt([0, 0, 3], [0, 0, 0]), 97, 73);
    const g = renderer.render(scene([still(body, identity(), 1, 1)], eye));
    const centre = 36 * 97 + 48;
    expect(g.part[centre]).toBe(4);
    expect(Math.abs(g.partU[centre] - 127.5) + Math.abs(g.partV[centre] - 127.5)).toBe(1);
    // The camera's top is +x of the world, its right is -y.
    const above = centre - 15 * 97;
    expect(Math.abs(g.partU[above] - 255 * (0.5 + (15 * 3) / (97 * 0.9) / 2))).toBeLessThanOrEqual(1);
    expect(Math.abs(g.partV[above] - 127.5)).toBe(0.5);
    expect([g.part[0], g.partU[0]]).toEqual([0, 0]);
  });

  it('one-sided surfaces are open from behind', () => {
    const sheet: Geometry = { ...plane(2, 2), oneSided: true };
    const count = (z: number): number => renderer.render(scene([still(sheet)], camera(lookAt([0, 0, z], [0, 0, 0])))).depth.filter((d) => d > 0).length;
    expect(count(3)).toBeGreaterThan(500);
    expect(count(-3)).toBe(0);
  });

  it('the sun casts shadows where the geometry says, and lights the rest', () => {
    const ground = still(plane(20, 20)), block = still(box([1, 1, 1]), translation(0, 0, 2.5), 2, 1);
    const eye = camera(lookAt([0, 0, 12], [0, 0, 0]), 96, 96);
    const lit: RenderScene = { ...scene([ground, block], eye), ambientUp: [0.1, 0.1, 0.1], ambientDown: [0.1, 0.1, 0.1], sun: { towards: [0, 0.7071067811865476, 0.7071067811865476], radiance: [1, 1, 1] } };
    const g = renderer.render(lit);
    const brightness = (x: number, y: number): number => {
      const [u, v] = project(eye, [x, y, 0]);
      return g.rgb[(Math.round(v) * 96 + Math.round(u)) * 3];
    };
    // The block's centre is 2.5 m up and the sun stands at 45 degrees over +y: the shadow falls about y = -2.5.
    expect(brightness(0, -2.5)).toBeLessThan(0.5 * brightness(2, -2.5));
    expect(brightness(0, 2.5)).toBe(brightness(2, -2.5));
  });

  it('truth does not depend on supersampling, nor on what was rendered before', () => {
    const bench = benchScene(2500, 80, 60);
    const one = new Renderer().render(bench.at(7), { supersampling: 1 });
    renderer.render(scene([still(sphere(1))], camera(lookAt([4, 0, 0], [0, 0, 0]), 200, 30)));
    const again = renderer.render(bench.at(7), { supersampling: 1 }), fine = renderer.render(bench.at(7));
    expect(again).toEqual(one);
    const differs = (x: ArrayLike<number>, y: ArrayLike<number>): number => Array.from(x).filter((v, i) => v !== y[i] && !(Number.isNaN(v) && Number.isNaN(y[i]))).length;
    expect(differs(one.labels, fine.labels)).toBe(0);
    expect(differs(one.instances, fine.instances)).toBe(0);
    expect(Math.max(...Array.from(one.depth, (z, i) => (z > 0 ? Math.abs(z - fine.depth[i]) / z : 0)))).toBeLessThan(1e-6);
  });
});

describe('reproducibility', () => {
  it('gives the committed bytes', () => {
    const rng = new Rng(11);
    const yard = benchScene(2500, 64, 48).at(9);
    const panorama: RenderScene = {
      ...yard, sky: { kind: 'panorama', texture: checker(rng, 128, 16), yaw: 0.4, exposure: 1 },
      drawables: [...yard.drawables, still(merge([{ geometry: box([1, 1, 1]), material: { color: [1, 0.4, 0.2], roughness: 0.2, emissive: 0.3 } }]), translation(-3, 0, 1), 3, 900)],
    };
    const digest = (g: GBuffer): string => {
      const hash = createHash('sha256');
      for (const part of [g.rgb, g.depth, g.flow, g.occlusion, g.labels, g.instances]) hash.update(new Uint8Array(part.buffer, part.byteOffset, part.byteLength));
      return hash.digest('hex');
    };
    expect([digest(renderer.render(yard)), digest(renderer.render(panorama, { supersampling: 1 }))]).toEqual([
      'ffed32e2f6bade5abc80ad8dedaa18c88d41159825e3396a00f57aeb114d2cf5',
      '218d134a0359531b27aa773b8e6d55562f1fae345da6e1124029d316a6f8eaf2',
    ]);
  });
});
