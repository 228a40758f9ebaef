import { join } from 'node:path';
import { writeCameraInfo } from '@sextant/camera';
import type { CameraModel, Modality, Perception } from '@sextant/core';
import type { Recipe } from '@sextant/synth';
import { ClipCamera, Rng, randomLens } from '@sextant/world';
import type { ClipSensor, PlumbBob, SensorModel, SimulatedWorld, WorldFrame } from '@sextant/world';
import type { ClipFolder } from '../clip/clip-folder.js';
import { writeJson } from '../files/write-whole.js';
import { toPerception } from './to-perception.js';

/** What is rendered into a folder. */
export interface ClipRender {
  readonly world: SimulatedWorld;
  readonly frames: number;
  /** What is written beside the pictures. */
  readonly modalities: readonly Modality[];
  /** A real camera before the world; the ideal one when absent. */
  readonly camera?: ClipCamera | undefined;
}

/** The camera that a recipe's `sensor` puts before a world: one that the seed draws, or one of given faults; none for the ideal one. */
export function clipCamera(world: SimulatedWorld, sensor: Recipe['sensor']): ClipCamera | undefined {
  if (sensor === 'ideal') return undefined;
  const rng = new Rng(world.options.seed).fork('sensor');
  return new ClipCamera(world, rng, 1 / world.options.fps, sensor === 'random' ? undefined : clipSensor(world, rng, sensor));
}

function clipSensor({ camera: { width, height, k } }: SimulatedWorld, rng: Rng, { lens, readoutMs = 0, exposureMs = 0, drift, ...sensor }: Exclude<Recipe['sensor'], string>): ClipSensor {
  const drawn = lens === 'random' ? randomLens(rng.fork('lens'), { width, height, fx: k[0], fy: k[4], cx: k[2], cy: k[5] }) : (lens as PlumbBob | undefined);
  const given = Object.fromEntries(Object.entries(sensor).filter(([, value]) => value !== undefined));
  return { ...(drawn && { lens: drawn }), readout: readoutMs / 1000, exposure: exposureMs / 1000, sensor: given, ...(drift && { drift }) };
}

/** What a clip's camera was, drawn or given, in a recipe's words; times in milliseconds. */
export function usedSensor({ used: { lens, readout = 0, exposure = 0, sensor, drift } }: ClipCamera): Exclude<Recipe['sensor'], string> {
  // The shutter's share of a frame is the exposure's.
  const { shutter: _, whiteBalance, ...faults } = (sensor ?? {}) as SensorModel;
  return { ...(lens && { lens: [...lens] }), readoutMs: milliseconds(readout), exposureMs: milliseconds(exposure), ...faults, ...(whiteBalance && { whiteBalance: [...whiteBalance] }), ...(drift && { drift }) };
}

const milliseconds = (seconds: number): number => Math.round(seconds * 1e9) / 1e6;

/** What the first frame of a clip shows, in a sentence; renders that frame. A clip that is rendered anyway asks its first frame. */
export function clipCaption(world: SimulatedWorld, sensor: Recipe['sensor']): string {
  return world.captionOf(clipCamera(world, sensor)?.shoot(0, -1) ?? world.render(0));
}

/** Renders and writes all frames from where the folder stands; stops early when `signal` is aborted. */
export async function renderFrames(folder: ClipFolder, { world, frames, modalities, camera }: ClipRender, signal: AbortSignal, onFrame: (frame: WorldFrame) => void | Promise<void> = () => {}): Promise<void> {
  const first = folder.next;
  // A sensor's noise goes on from frame to frame: what an earlier call wrote is rendered again, and not written.
  for (let index = camera ? 0 : first; index < frames && !signal.aborted; index += 1) {
    const frame = camera ? camera.shoot(index, index - 1) : world.render(index);
    if (index < first) continue;
    const m = frame.camToWorld;
    await folder.add(index, only(toPerception(frame, world.classes), modalities), { cam2world: [0, 4, 8, 12].map((row) => [m[row], m[row + 1], m[row + 2], m[row + 3]]) });
    await onFrame(frame);
  }
}

/** Writes what is written once per clip: poses.json, camera_info.yaml, captions.json (`caption`, of the whole clip). Returns what the camera is. */
export async function writeClipFacts(folder: ClipFolder, { world, frames, camera }: ClipRender, caption: string): Promise<CameraModel> {
  const model = camera?.camera ?? world.camera;
  await writeJson(join(folder.path, 'poses.json'), folder.frames.map(({ stamp, cam2world }) => ({ stamp, cam2world })));
  await writeCameraInfo(join(folder.path, 'camera_info.yaml'), model, 'sim');
  await writeJson(join(folder.path, 'captions.json'), [{ start: 0, end: frames, caption }]);
  return model;
}

function only(perception: Perception, modalities: readonly Modality[]): Perception {
  const { frame, latencyMs } = perception;
  return { frame, latencyMs, ...Object.fromEntries(modalities.flatMap((m) => (perception[m] ? [[m, perception[m]]] : []))) };
}
