import { MODALITIES } from '@sextant/core';
import type { Modality } from '@sextant/core';
import type { Recipe } from '@sextant/synth';
import { loadAssets } from '@sextant/world';
import type { Work } from '../cli/session.js';
import { ClipFolder } from '../clip/clip-folder.js';
import { readLicences } from '../dataset/assets.js';
import { Progress } from '../progress/progress.js';
import { version } from '../version.js';
import { composeWorld } from './compose-world.js';
import type { AskedWorld } from './compose-world.js';
import { clipCamera, clipCaption, renderFrames, usedSensor, writeClipFacts } from './render-clip.js';

/** What `sextant world` was asked for. */
export interface WorldSettings extends AskedWorld {
  readonly out: string;
  readonly frames: number;
  readonly assets?: string | undefined;
  readonly overwrite?: boolean | undefined;
  /** What only a recipe says. */
  readonly sensor?: Recipe['sensor'] | undefined;
  readonly modalities?: readonly Modality[] | undefined;
}

/**
 * `sextant world`: renders a scene with all its ground truth into typed files; goes on where an earlier call stopped.
 * Returns the exit code.
 * @throws SextantError of the world's options, the assets or the disk; `unsupported` where the seed cannot meet the wishes.
 */
export async function renderWorld(settings: WorldSettings, { output, signal, stoppedBy }: Work): Promise<number> {
  const { seed, out, frames, width, height, fps, scene, assets, wishes, fovDegrees, supersampling, sensor = 'ideal', modalities = MODALITIES } = settings;
  const library = assets === undefined ? undefined : await loadAssets(assets, { signal });
  const world = composeWorld(settings, library);
  const more = JSON.parse(JSON.stringify({ wishes, fovDegrees, supersampling, ...(sensor !== 'ideal' && { sensor }), ...(settings.modalities && { modalities }) })) as object;
  const identity = { command: 'world', seed, frames, width, height, fps, scene: scene ?? null, assets: assets === undefined ? null : await assetsIn(assets), ...more };
  const folder = await ClipFolder.open(out, { modalities, rgb: true, identity, overwrite: settings.overwrite, sources: assets === undefined ? [] : [assets] });
  if (folder === undefined) {
    output.note(`${out} is complete already (--overwrite makes it anew)`);
    output.event('end', { reason: 'complete', frames: 0, out });
    return 0;
  }
  // Also where an earlier call wrote the first frame: the clip says the same, however often it was stopped.
  const caption = clipCaption(world, sensor);
  output.event('ready', { seed, out, caption, pid: process.pid, resumedAt: folder.next });
  output.note(caption);
  const progress = new Progress(output, { done: folder.frames.length, total: frames });
  const render = { world, frames, modalities, camera: clipCamera(world, sensor) };
  try {
    await renderFrames(folder, render, signal, () => progress.step());
    await writeClipFacts(folder, render, caption);
  } catch (error) {
    await folder.abandon();
    throw error;
  } finally {
    progress.end();
  }
  const manifest = {
    createdBy: `sextant ${version()} world`, source: { spec: `sim:${seed}`, kind: 'world', ...world.options }, exact: true, fps, caption, facts: world.facts, ...(render.camera && { sensor, sensorUsed: usedSensor(render.camera) }),
  };
  const complete = await folder.close(manifest, { complete: folder.next >= frames, fps, signal });
  output.event('end', { reason: complete ? 'complete' : (stoppedBy() ?? 'stopped'), frames: folder.frames.length, out });
  output.note(complete ? `${folder.frames.length} frames in ${out}` : `stopped after ${folder.frames.length} frames; the same command goes on from there`);
  return 0;
}

/** Which assets a folder holds, wherever it lies, for the identity of a clip. */
async function assetsIn(folder: string): Promise<string> {
  const { files, sha256 } = (await readLicences(folder)).index;
  return `of ${files} files (${sha256.slice(0, 12)})`;
}
