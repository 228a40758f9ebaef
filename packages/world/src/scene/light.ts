import { TAU, cos, sin } from '../math/deterministic.js';
import type { Rng } from '../math/rng.js';
import type { Sky, Texture, Vec3 } from '../render/types.js';
import type { SceneBuilder } from './builder.js';
import type { ModelLibrary, SkyLook } from './library.js';
import type { Room } from './room.js';
import { standing } from './pose.js';
import type { Lighting } from './scene.js';
import type { Panel } from './shapes.js';
import { boxPanels, panels } from './shapes.js';

/** Mean sRGB of the upper half of a panorama, 0..1. */
function skyColour(texture: Texture): [number, number, number] {
  const sum: [number, number, number] = [0, 0, 0];
  const step = 16;
  const pixels = (texture.width * texture.height) / 2;
  let count = 0;
  for (let i = 0; i < pixels; i += step, count++) for (let k = 0; k < 3; k++) sum[k] += texture.rgba[i * 4 + k] / 255;
  return [sum[0] / count, sum[1] / count, sum[2] / count];
}

const colours = new WeakMap<Texture, [number, number, number]>();

/** Mean colour of a sky's upper half, sRGB. */
function meanSky(sky: Sky): readonly [number, number, number] {
  if (sky.kind === 'gradient') return [0, 1, 2].map((i) => (sky.zenith[i] + sky.horizon[i]) / 2) as [number, number, number];
  let colour = colours.get(sky.texture);
  if (!colour) colours.set(sky.texture, (colour = skyColour(sky.texture)));
  return colour;
}

function sunTowards(azimuth: number, elevation: number): Vec3 {
  return [cos(azimuth) * cos(elevation), sin(azimuth) * cos(elevation), sin(elevation)];
}

const scaled = (v: readonly number[], gain: number): Vec3 => [v[0] * gain, v[1] * gain, v[2] * gain];

/**
 * Words for the light of a day. Light and sky are drawn apart (each picture keeps its bytes): weather is named only where both show it, and
 * nothing where the sky is the night's.
 */
export function daylightWords(look: SkyLook | undefined, overcast: boolean, low: boolean): string {
  if (look === 'night') return '';
  if (overcast) return look === 'overcast' ? 'on an overcast day' : 'in daylight';
  if (low) return look === 'clear' || look === 'low sun' ? 'in low sun' : 'in daylight';
  return look === 'clear' ? 'on a sunny day' : 'in daylight';
}

/** Sun, sky light, sometimes fog; night one time in ten. Brightness follows the sky's own. */
export function outdoorLight(rng: Rng, library: ModelLibrary): Lighting & { readonly night: boolean } {
  const sky = library.sky(rng, 'outdoor');
  const colour = meanSky(sky);
  const luminance = 0.3 * colour[0] + 0.6 * colour[1] + 0.1 * colour[2];
  const night = luminance < 0.16 || rng.chance(0.06);
  const shade = [0, 1, 2].map((i) => 0.55 + 0.45 * (colour[i] / Math.max(0.05, luminance)));
  const azimuth = rng.range(-Math.PI, Math.PI);
  if (night) {
    const dark: Sky = sky.kind === 'panorama' ? { ...sky, exposure: luminance < 0.16 ? 1 : 0.12 } : { kind: 'gradient', zenith: [0.01, 0.015, 0.04], horizon: [0.05, 0.05, 0.08], ground: [0.03, 0.03, 0.03] };
    return {
      night, sky: dark, words: 'at night', exposure: rng.range(1.3, 2.2), ambientUp: scaled([0.8, 0.9, 1.2], rng.range(0.08, 0.18)), ambientDown: [0.05, 0.05, 0.06],
      sun: { towards: sunTowards(azimuth, rng.range(0.6, 1.2)), radiance: scaled([0.8, 0.9, 1.2], rng.range(0.05, 0.25)) },
    };
  }
  const overcast = rng.chance(0.35);
  const elevation = rng.range(0.2, 1.25);
  const low = 1 - Math.min(1, elevation / 0.6);
  const strength = overcast ? rng.range(0.1, 0.5) : rng.range(1.3, 2.6);
  const ambient = overcast ? rng.range(0.75, 1.2) : rng.range(0.3, 0.65);
  const hazy = rng.chance(0.18);
  return {
    night, sky, words: daylightWords(sky.look, overcast, low > 0.3), exposure: rng.range(0.75, 1.15),
    sun: { towards: sunTowards(azimuth, elevation), radiance: [strength, strength * (1 - 0.15 * low), strength * (1 - 0.4 * low)] },
    ambientUp: scaled(shade, ambient), ambientDown: scaled([0.9, 0.85, 0.75], ambient * rng.range(0.35, 0.6)),
    ...(hazy ? { fog: { density: rng.range(0.002, 0.018), color: scaled(colour, 0.7) } } : {}),
  };
}

/** Daylight through the windows, lamps, and what the walls give back. Night (dark windows, lamps only) one time in five. */
export function indoorLight(b: SceneBuilder, room: Room): Lighting {
  const { rng, library } = b;
  const night = rng.chance(0.2);
  const sky = library.sky(rng, 'outdoor');
  const warm = rng.chance(0.5) ? [1, 0.86, 0.66] : [1, 0.97, 0.92];
  const lamps = night || room.windows.length === 0 || rng.chance(0.55);
  const size = room.halfX * room.halfY;
  if (lamps) {
    const nx = Math.max(1, Math.min(3, Math.round(room.halfX / 2.2))), ny = Math.max(1, Math.min(2, Math.round(room.halfY / 2.2)));
    const each = (rng.range(2.2, 4.5) * Math.max(1, size / 5)) / (nx * ny);
    for (let i = 0; i < nx; i++) {
      for (let k = 0; k < ny; k++) {
        const x = -room.halfX + (2 * room.halfX * (i + 0.5)) / nx, y = -room.halfY + (2 * room.halfY * (k + 0.5)) / ny;
        ceilingLamp(b, x, y, room.height, scaled(warm, each * (night ? 1.3 : 0.8)));
      }
    }
  }
  if (!night) {
    for (const window of room.windows) {
      const p = window.position;
      b.light([p[0] + window.inward[0] * 0.5, p[1] + window.inward[1] * 0.5, p[2]], scaled([0.85, 0.95, 1.1], window.area * rng.range(0.35, 0.8)));
    }
  }
  const ambient = (night ? 0.22 : lamps ? 0.42 : 0.38) * rng.range(0.7, 1.4);
  return {
    sky: sky.kind === 'panorama' ? { ...sky, exposure: night ? 0.06 : rng.range(1, 1.6) } : night ? { kind: 'gradient', zenith: [0, 0, 0.02], horizon: [0.03, 0.03, 0.05], ground: [0.02, 0.02, 0.02] } : sky,
    ambientUp: scaled(warm, ambient), ambientDown: scaled(warm, ambient * rng.range(0.6, 0.9)),
    ...(night ? {} : { sun: { towards: sunTowards(rng.range(-Math.PI, Math.PI), rng.range(0.25, 0.9)), radiance: scaled([1, 0.95, 0.85], rng.range(0.5, 2.4)) } }),
    exposure: rng.range(0.8, 1.25), words: night ? 'in the evening' : lamps ? 'with the lights on' : 'in daylight',
  };
}

/** A lamp under the ceiling and its light: a flat panel, or a shade on a cord. */
function ceilingLamp(b: SceneBuilder, x: number, y: number, height: number, intensity: Vec3): void {
  const { rng } = b;
  b.light([x, y, height - 0.4], intensity);
  if (rng.chance(0.2)) return; // somewhere out of view
  const glow = { color: [1, 0.96, 0.88] as Vec3, emissive: 1.2 };
  const body = { color: rng.pick([[0.9, 0.9, 0.9], [0.12, 0.12, 0.12], [0.6, 0.45, 0.25]] as const) };
  if (rng.chance(0.5)) {
    const halfX = rng.range(0.15, 0.6), halfY = rng.range(0.1, 0.3), deep = 0.06;
    const list: Panel[] = [...boxPanels([-halfX, -halfY, -deep], [halfX, halfY, 0], 1), { corner: [-halfX, halfY, -deep - 0.002], u: [2 * halfX, 0, 0], v: [0, -2 * halfY, 0] }];
    b.stuff(panels(list, [glow, body], 1), 'lamp', { transform: standing(x, y, height - 0.005, 0), instance: true, castsShadow: false });
    return;
  }
  const drop = rng.range(0.3, 0.8), r = rng.range(0.12, 0.25), tall = rng.range(0.12, 0.25), sides = 8;
  const list: Panel[] = boxPanels([-0.008, -0.008, -drop], [0.008, 0.008, 0], 1);
  for (let i = 0; i < sides; i++) {
    const p = (TAU * i) / sides, q = (TAU * (i + 1)) / sides;
    list.push({ corner: [r * cos(p), r * sin(p), -drop - tall], u: [r * (cos(q) - cos(p)), r * (sin(q) - sin(p)), 0], v: [0, 0, tall] });
  }
  list.push({ corner: [-r * 0.7, r * 0.7, -drop], u: [r * 1.4, 0, 0], v: [0, -r * 1.4, 0] });
  b.stuff(panels(list, [glow, body], 1), 'lamp', { transform: standing(x, y, height, rng.range(0, 1)), instance: true, castsShadow: false });
}
