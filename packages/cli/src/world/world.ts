import { join } from 'node:path';
import { writeCameraInfo } from '@sextant/camera';
import { MODALITIES } from '@sextant/core';
import { createWorld, loadAssets } from '@sextant/world';
import type { SceneKind } from '@sextant/world';
import type { Work } from '../cli/session.js';
import { ClipFolder } from '../clip/clip-folder.js';
import { writeJson } from '../files/write-whole.js';
import { Progress } from '../progress/progress.js';
import { version } from '../version.js';
import { toPerception } from './to-perception.js';

/** What `sextant world` was asked for. */
export interface WorldSettings {
  readonly seed: number;
  readonly out: string;
  readonly frames: number;
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  readonly scene?: SceneKind | undefined;
  readonly assets?: string | undefined;
  readonly overwrite?: boolean | undefined;
}

/**
 * `sextant world`: renders a scene with all its ground truth into typed files; goes on where an earlier call stopped.
 * Returns the exit code.
 * @throws SextantError of the world's options, the assets or the disk.
 */
export async function renderWorld(settings: WorldSettings, { output, signal, stoppedBy }: Work): Promise<number> {
  const { seed, out, frames, width, height, fps, scene, assets } = settings;
  const library = assets === undefined ? undefined : await loadAssets(assets, { signal });
  const world = createWorld({ seed, width, height, fps, ...(scene !== undefined && { scene }), ...(library && { assets: library }) });
  const identity = { command: 'world', seed, frames, width, height, fps, scene: scene ?? null, assets: library?.name ?? null };
  const folder = await ClipFolder.open(out, { modalities: MODALITIES, rgb: true, identity, ...(settings.overwrite === true && { overwrite: true }) });
  if (folder === undefined) {
    output.note(`${out} is complete already (--overwrite makes it anew)`);
    output.event('end', { reason: 'complete', frames: 0, out });
    return 0;
  }
  output.event('ready', { seed, out, caption: world.caption, pid: process.pid, resumedAt: folder.next });
  output.note(`${world.caption}`);
  const progress = new Progress(output, { done: folder.frames.length, total: frames });
  try {
    for (let index = folder.next; index < frames && !signal.aborted; index += 1) {
      const frame = world.render(index);
      const m = frame.camToWorld;
      await folder.add(index, toPerception(frame, world.classes), { cam2world: [0, 4, 8, 12].map((row) => [m[row], m[row + 1], m[row + 2], m[row + 3]]) });
      progress.step();
    }
    await writeJson(join(out, 'poses.json'), folder.frames.map(({ stamp, cam2world }) => ({ stamp, cam2world })));
    await writeCameraInfo(join(out, 'camera_info.yaml'), world.camera, 'sim');
    await writeJson(join(out, 'captions.json'), [{ start: 0, end: frames, caption: world.caption }]);
  } catch (error) {
    await folder.abandon();
    throw error;
  } finally {
    progress.end();
  }
  const complete = folder.next >= frames;
  const manifest = {
    createdBy: `sextant ${version()} world`, source: { spec: `sim:${seed}`, kind: 'world', ...world.options }, exact: true, fps, caption: world.caption,
  };
  await folder.close(manifest, { complete, fps, signal });
  output.event('end', { reason: complete ? 'complete' : (stoppedBy() ?? 'stopped'), frames: folder.frames.length, out });
  output.note(complete ? `${folder.frames.length} frames in ${out}` : `stopped after ${folder.frames.length} frames; the same command goes on from there`);
  return 0;
}
