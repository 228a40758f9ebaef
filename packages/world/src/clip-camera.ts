import type { CameraModel } from '@sextant/core';
import { tan } from './math/deterministic.js';
import type { Rng } from './math/rng.js';
import { tightBoxes } from './people/visibility.js';
import type { GBuffer, Pinhole } from './render/types.js';
import { applySensor } from './sensor/apply-sensor.js';
import { Lens } from './sensor/lens.js';
import type { PlumbBob } from './sensor/plumb-bob.js';
import { rolledPoint, rollingShutter } from './sensor/rolling-shutter.js';
import type { SensorModel } from './sensor/sensor-model.js';
import { randomSensor } from './sensor/sensor-model.js';
import type { WorldFrame, WorldKeypoint } from './types.js';
import { wander } from './wander.js';
import type { SimulatedWorld } from './world.js';

/** How fast a clip's exposure and white balance wander, stops and linear gain per frame: to one side, back and to the other one (`wander`). */
export interface Drift {
  readonly stops: number;
  readonly warmth: number;
}

/** A camera between a world and its clip: what is left out is ideal. */
export interface ClipSensor {
  /** Distortion; all truth goes through it. */
  readonly lens?: PlumbBob;
  /** Seconds from the first row's reading to the last one's, at most those between two frames; 0: all at once. */
  readonly readout?: number;
  /** Seconds that the shutter is open, at most those between two frames. */
  readonly exposure?: number;
  /** Optics and electronics; the shutter is `exposure`'s. */
  readonly sensor?: Omit<SensorModel, 'shutter'>;
  readonly drift?: Drift;
}

/** Draws a camera between a good one and a poor one. @param camera intrinsics of the picture, pixels */
export function drawClipSensor(rng: Rng, camera: Omit<Pinhole, 'camToWorld'>): ClipSensor {
  const lens = rng.chance(0.35) ? randomLens(rng.fork('lens'), camera) : undefined;
  // Sensors of phones and webcams read their rows in 8 to 30 ms.
  const readout = rng.chance(0.6) ? rng.range(0.008, 0.03) : 0;
  const exposure = rng.chance(0.5) ? rng.range(0.001, 0.01) : rng.range(0.01, 0.03);
  const sensor = { ...randomSensor(rng.fork('sensor')), bayer: rng.chance(0.15) };
  const lively = rng.unit();
  const drift = lively < 0.6 ? { stops: 0, warmth: 0 } : { stops: rng.range(-1, 1) * (lively < 0.88 ? 0.12 : 0.5), warmth: rng.range(-0.03, 0.03) };
  return { ...(lens ? { lens } : {}), readout, exposure, sensor, drift };
}

/**
 * A real camera before a world, for one clip: lens distortion, rolling shutter, motion blur, exposure and white
 * balance that adapt, noise. All truth goes through the lens and the shutter too: behind a lens depth and flow are interpolated within a
 * surface, and what has nothing between its values is that of a sample up to half a pixel away; behind a rolling shutter everything is.
 */
export class ClipCamera {
  /** What it is, given or drawn; a readout or an exposure longer than the time between two frames is cut to that. */
  readonly used: ClipSensor;
  private readonly lens: Lens | undefined;
  private readonly readout: number;
  private readonly sensor: SensorModel;
  private readonly drift: Drift;
  private readonly noise: Rng;
  private shot = 0;

  /**
   * @param interval seconds between the frames of the clip.
   * @param given the camera; drawn from `rng` when absent.
   */
  constructor(private readonly world: SimulatedWorld, rng: Rng, interval: number, given?: ClipSensor) {
    const { k, width, height } = world.camera;
    const camera = { width, height, fx: k[0], fy: k[4], cx: k[2], cy: k[5] };
    const { lens, readout = 0, exposure = 0, sensor = {}, drift = { stops: 0, warmth: 0 } } = given ?? drawClipSensor(rng, camera);
    this.lens = lens && new Lens(camera, lens);
    this.used = { ...(lens && { lens }), readout: Math.min(interval, readout), exposure: Math.min(interval, exposure), sensor, drift };
    this.readout = Math.min(1, readout / interval);
    this.sensor = { ...sensor, shutter: Math.min(1, exposure / interval) };
    this.drift = drift;
    this.noise = rng.fork('noise');
  }

  /** What the camera says about itself. */
  get camera(): CameraModel {
    return this.lens ? { ...this.world.camera, distortionModel: 'plumb_bob', d: [...this.lens.coefficients] } : this.world.camera;
  }

  /** The frame at instant `index` with flow from instant `previous`; call it once per frame, in order. */
  shoot(index: number, previous: number): WorldFrame {
    const ideal = this.world.renderStep(index, previous, this.lens?.ideal);
    const through: GBuffer = this.lens ? this.lens.apply(ideal) : ideal;
    const buffer = this.readout > 0 ? rollingShutter(through, this.readout) : through;
    const [r, g, b] = this.sensor.whiteBalance ?? [1, 1, 1];
    const n = this.shot++;
    const warmth = wander(n, this.drift.warmth, 'warmth');
    const rgb = applySensor(buffer, {
      ...this.sensor, exposureStops: (this.sensor.exposureStops ?? 0) + wander(n, this.drift.stops, 'stops'),
      whiteBalance: [r * (1 + warmth), g, b * (1 - warmth)],
    }, this.noise);
    const boxes = tightBoxes(buffer, ideal.people.map((person) => person.instanceId));
    return {
      ...ideal, ...buffer, rgb,
      camera: this.camera,
      people: ideal.people.map(({ previousKeypoints = [], ...person }) => ({
        ...person, keypoints: person.keypoints.map((point, i) => this.recorded(point, previousKeypoints[i])), box: boxes.get(person.instanceId)!,
      })),
    };
  }

  /** Where a keypoint of the ideal picture is recorded that was at `before` in the previous one (NaN: behind the camera). */
  private recorded(point: WorldKeypoint, before: readonly [x: number, y: number, depth: number] | undefined): WorldKeypoint {
    const { width, height } = this.world.camera;
    let { x, y } = point;
    // Behind the camera (0, 0, 0): stays.
    if (point.visibility === 0 && x === 0 && y === 0) return point;
    [x, y] = this.throughLens(x, y);
    // Farther out than the lens' model holds: as behind the camera.
    if (Number.isNaN(x)) return { x: 0, y: 0, visibility: 0 };
    const inside = (px: number, py: number): boolean => px >= -0.5 && py >= -0.5 && px < width - 0.5 && py < height - 0.5;
    // By its own motion, not by that of the surface in front of it.
    if (this.readout > 0 && before && !Number.isNaN(before[0]) && inside(x, y)) {
      const [wasX, wasY] = this.throughLens(before[0], before[1]);
      if (!Number.isNaN(wasX)) [x, y] = rolledPoint(x, y, x - wasX, y - wasY, height, this.readout);
    }
    return { x, y, visibility: inside(x, y) ? point.visibility : 0 };
  }

  private throughLens(x: number, y: number): [x: number, y: number] {
    if (!this.lens) return [x, y];
    const out = new Float64Array(2);
    this.lens.toDistorted(x, y, out);
    return [out[0], out[1]];
  }
}

/** Barrel distortion of up to 15 % at the corners, sometimes a little pincushion; never folds, whatever the field of view. */
export function randomLens(rng: Rng, { width, height, fx, fy }: Omit<Pinhole, 'camToWorld'>): PlumbBob {
  const corner = Math.hypot(width / 2 / fx, height / 2 / fy);
  const squeeze = rng.chance(0.8) ? rng.range(0.02, 0.15) : rng.range(-0.05, 0.02);
  // The corner's ray at radius `reach` appears at `corner`: reach * (1 + k1 * reach^2) = corner. A picture that is wider than that already is not squeezed.
  const reach = Math.min(corner / (1 - squeeze), Math.max(corner, tan(1.2)));
  const k1 = (corner / reach - 1) / (reach * reach);
  return [k1, 0, rng.range(-0.0005, 0.0005), rng.range(-0.0005, 0.0005), 0];
}
