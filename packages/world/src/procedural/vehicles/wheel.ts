import { grey, rubber } from '../finishes.js';
import type { ModelBuilder, Slot } from '../model-builder.js';
import { lathe, rod, torus } from '../primitives.js';
import { cos, sin } from '../../math/deterministic.js';

export interface WheelSlots {
  readonly tyre: Slot;
  readonly hub: Slot;
}

export function wheelSlots(m: ModelBuilder, hub = 0.6): WheelSlots {
  return { tyre: m.slot(rubber), hub: m.slot(grey(hub, 0.25)) };
}

/** A motor-vehicle wheel turning about y, standing on z = 0 with its middle at (x, y). */
export function wheel(m: ModelBuilder, { tyre, hub }: WheelSlots, x: number, y: number, radius: number, width: number): void {
  m.at({ x, y, z: radius, roll: Math.PI / 2 }, () => {
    const w = width / 2;
    lathe(m, tyre, [[radius * 0.62, -w], [radius * 0.93, -w], [radius, -w * 0.7], [radius, w * 0.7], [radius * 0.93, w], [radius * 0.62, w]], 16);
    for (const s of [-1, 1]) m.at({ z: s * w * 0.85, roll: s > 0 ? 0 : Math.PI }, () => lathe(m, hub, [[radius * 0.64, 0], [radius * 0.5, -0.02], [radius * 0.2, 0.012], [0, 0.015]], 10));
  });
}

/** A spoked wheel (bicycle, motor cycle) in the plane y = 0 about (x, 0, radius). */
export function spokedWheel(m: ModelBuilder, { tyre, hub }: WheelSlots, x: number, radius: number, tube: number, spokes: number): void {
  m.at({ x, z: radius, roll: Math.PI / 2 }, () => torus(m, tyre, radius - tube, tube, { segments: 24, around: 6 }));
  const reach = radius - 2 * tube;
  for (let i = 0; i < spokes; i++) {
    const a = (Math.PI * i) / spokes, c = cos(a) * reach, s = sin(a) * reach;
    rod(m, hub, [x - c, 0, radius - s], [x + c, 0, radius + s], tube * 0.15, { segments: 3, caps: false });
  }
  rod(m, hub, [x, -0.05, radius], [x, 0.05, radius], tube * 1.2, { segments: 8 });
}
