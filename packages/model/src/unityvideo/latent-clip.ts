import { SextantError, type RgbImage } from '@sextant/core';
import { Observable } from 'rxjs';
import { locateModel } from '../locate.js';
import { verifyFiles, type VerifyProgress } from '../manifest/verify.js';
import { parseDevice, parseThreads, type DeviceChoice, type DeviceName } from '../runtime/device.js';
import { TASKS } from '../tasks.js';
import { probeInProcess, runClip } from './clip-process.js';
import type { ClipProgress } from './make-clip.js';
import { readLatentManifest } from './read-manifest.js';
import type { LatentManifest } from './schema.js';
import { settleLatents, type LatentSettings } from './settings.js';

/** A model over latents whose files were found whole. Its weights are loaded for each clip, one graph at a time. */
export interface LatentModel {
  readonly folder: string;
  readonly manifest: LatentManifest;
  readonly device: DeviceName;
  readonly threads: number;
}

export interface LatentLoadOptions {
  /** `auto`: CUDA where it works, else the CPU; WebGPU is not used. @default 'auto' */
  readonly device?: DeviceChoice;
  /** CPU threads. @default the number of cores */
  readonly threads?: number;
  /** Called while the files are checked. */
  readonly onProgress?: (progress: VerifyProgress) => void;
}

/**
 * Opens a model over latents by folder or name and checks the hashes of its files.
 * @throws SextantError `model-missing`, `model-damaged`, `bad-config`, `unsupported` (another kind of model), `device-unavailable`, `bad-argument`.
 */
export async function openLatentModel(folderOrName: string, { device = 'auto', threads, onProgress }: LatentLoadOptions = {}): Promise<LatentModel> {
  const cpuThreads = parseThreads(threads);
  const folder = await locateModel(folderOrName);
  const manifest = await readLatentManifest(folder);
  if (!manifest) throw new SextantError('unsupported', `${folder} holds no model over latents`, { hint: 'loadModel is for the other kinds.', details: { folder } });
  const chosen = await chooseDevice(parseDevice(device));
  await verifyFiles(folder, manifest, onProgress);
  return { folder, manifest, device: chosen, threads: cpuThreads };
}

async function chooseDevice(choice: DeviceChoice): Promise<DeviceName> {
  if (choice === 'cpu') return choice;
  if (choice === 'webgpu') {
    throw new SextantError('device-unavailable', 'webgpu is not used for models over latents: it was never tried with graphs like these', { hint: 'Use --device cuda or cpu.', details: { device: choice } });
  }
  try {
    await probeInProcess('cuda');
    return 'cuda';
  } catch (error) {
    if (choice === 'cuda') throw error;
    return 'cpu';
  }
}

export interface LatentClipOptions extends LatentSettings {
  /** generate: the modality's pictures, coloured; estimate: the camera's. Called for each frame in order; at the clip's size. */
  readonly clean?: (index: number) => RgbImage | Promise<RgbImage>;
  readonly onProgress?: (progress: ClipProgress) => void;
  /** Ends the work like unsubscribing, and completes. */
  readonly signal?: AbortSignal;
}

/** A frame that was made: `rgb` by generate, `modality` by estimate, both by joint. */
export interface LatentFrame {
  readonly index: number;
  readonly rgb?: RgbImage;
  /** Coloured, as the model was trained. */
  readonly modality?: RgbImage;
}

/**
 * A clip by a model over latents: `latentClip(model, {task: 'generate', modality: 'depth', prompt: 'a red sofa', clean: (i) => depth[i]})`. Cold. The network sees all
 * frames at once, so they come together, at the end; unsubscribing ends the process that makes them. The same settings give the same bytes on the same build.
 * @throws (as an error of the observable) SextantError of `settleLatents`, `bad-argument` (pictures), `inference-failed`, `worker-lost`.
 */
export function latentClip(model: LatentModel, options: LatentClipOptions): Observable<LatentFrame> {
  return new Observable<LatentFrame>((subscriber) => {
    const abort = new AbortController();
    const stop = (): void => abort.abort();
    if (options.signal?.aborted) stop();
    else options.signal?.addEventListener('abort', stop, { once: true });
    const work = async (): Promise<void> => {
      const { folder, manifest, device, threads } = model;
      const settled = await settleLatents(folder, manifest, options);
      const needsClean = Object.values(TASKS[settled.task]).includes('clean');
      if (needsClean && !options.clean) throw new SextantError('bad-argument', `${settled.task} has no pictures to begin with`, { hint: 'Give `clean`.' });
      const clean: Uint8Array[] = [];
      for (let i = 0; needsClean && options.clean && i < settled.frames && !abort.signal.aborted; i++) clean.push(checked(await options.clean(i), i, settled.size));
      const result = await runClip({ folder, manifest, device, threads, settled, clean }, (progress) => options.onProgress?.(progress), abort.signal);
      if (!result) return;
      for (let index = 0; index < settled.frames && !abort.signal.aborted; index++) {
        subscriber.next({ index, ...(result.rgb && { rgb: result.rgb[index] }), ...(result.modality && { modality: result.modality[index] }) });
      }
    };
    work().then(() => subscriber.complete(), (error: unknown) => subscriber.error(error));
    return () => {
      options.signal?.removeEventListener('abort', stop);
      stop();
    };
  });
}

function checked({ width, height, rgb }: RgbImage, index: number, size: { readonly width: number; readonly height: number }): Uint8Array {
  if (width === size.width && height === size.height && rgb.length === 3 * width * height) return rgb;
  throw new SextantError('bad-argument', `picture ${index} is ${width}x${height} of ${rgb.length} bytes, the clip is ${size.width}x${size.height}`, { hint: 'Resample it first.', details: { index, found: { width, height }, needed: size } });
}
