import { SextantError } from '@sextant/core';
import { locateModel } from './locate.js';
import type { Manifest } from './manifest/schema.js';
import { readManifest } from './manifest/read.js';
import { verifyFiles, type VerifyProgress } from './manifest/verify.js';
import { WorkerModel } from './model.js';
import type { Isolation } from './runtime/channel.js';
import { DEVICES, parseDevice, parseThreads, refusal, type DeviceCheck, type DeviceChoice, type DeviceName, type DeviceReport } from './runtime/device.js';
import type { Size } from './runtime/grid.js';
import { WorkerHost, type RestartPolicy } from './runtime/host.js';
import { requireTask } from './tasks.js';

export interface LoadOptions {
  /** `auto` takes the first of cuda, webgpu and cpu that works, agrees with the CPU and is no slower. @default 'auto' */
  readonly device?: DeviceChoice;
  /**
   * Area (and aspect, for nothing but the area) of the grid that frames are resampled to; both sides multiples of the
   * manifest's `input.multipleOf`. @default the manifest's
   */
  readonly size?: Size;
  /** CPU threads of one run. @default the number of cores */
  readonly threads?: number;
  /** @default 'process' */
  readonly isolation?: Isolation;
  /** How the worker is started again after a death. @default 5 times a minute, 100 ms first */
  readonly restarts?: RestartPolicy;
  /** Called while the files are checked. */
  readonly onProgress?: (progress: VerifyProgress) => void;
}

/**
 * Loads a model by folder or by name (see `modelPaths`): checks manifest, sizes and hashes of its files, chooses a device,
 * starts the worker and runs every graph that an estimation can need once.
 * @throws SextantError `model-missing`, `model-damaged`, `bad-config`, `bad-argument`, `unsupported` (it cannot estimate),
 * `device-unavailable`, `worker-lost`.
 */
export async function loadModel(folderOrName: string, options: LoadOptions = {}): Promise<WorkerModel> {
  const choice = parseDevice(options.device ?? 'auto');
  const threads = parseThreads(options.threads);
  const folder = await locateModel(folderOrName);
  const manifest = await readManifest(folder);
  requireTask(manifest, 'estimate');
  checkSizeOption(options.size, manifest);
  await verifyFiles(folder, manifest, options.onProgress);

  const refused: { device: DeviceName; reason: string }[] = [];
  for (const device of choice === 'auto' ? DEVICES : [choice]) {
    const host = new WorkerHost(
      { folder, manifest, device, check: device !== 'cpu', threads, ...(options.size ? { size: options.size } : {}) },
      options.isolation ?? 'process',
      options.restarts,
      choice === 'auto' && device !== 'cpu',
    );
    try {
      const check = await checked(host, device, choice === 'auto');
      const report: DeviceReport = { name: device, refused, ...(check ? { check } : {}) };
      return new WorkerModel(manifest, report, host, folder);
    } catch (error) {
      await host.close();
      if (device === choice || device === 'cpu') throw error;
      refused.push({ device, reason: firstLine(error) });
    }
  }
  throw new SextantError('internal', 'no device was tried', { hint: 'Please report this.' });
}

async function checked(host: WorkerHost, device: DeviceName, needSpeed: boolean): Promise<DeviceCheck | undefined> {
  const reply = await host.opened();
  const check = reply.type === 'opened' ? reply.check : undefined;
  const reason = check && refusal(check, needSpeed);
  if (reason === undefined) return check;
  throw new SextantError('device-unavailable', `${device} is not usable: ${reason}`, { hint: 'Try --device auto or --device cpu.', details: { device, check } });
}

function firstLine(error: unknown): string {
  return (SextantError.from(error).message.split('\n')[0]).trim();
}

function checkSizeOption(size: Size | undefined, { input, name }: Manifest): void {
  if (!size) return;
  const { min, max, multipleOf } = input;
  const fail = (why: string): never => {
    const nearest = [size.width, size.height].map((side) => Math.max(min, Math.min(max, Math.round(side / multipleOf) * multipleOf || min)));
    throw new SextantError('bad-argument', `size ${size.width}x${size.height} does not suit model ${name}: ${why}`, {
      hint: `Sides are multiples of ${multipleOf} from ${min} to ${max}; near to it is ${nearest.join('x')}.`,
      details: { size, min, max, multipleOf },
    });
  };
  for (const side of [size.width, size.height]) {
    if (!Number.isInteger(side) || side < min || side > max) fail(`${side} is not a whole number from ${min} to ${max}`);
    if (side % multipleOf !== 0) fail(`${side} is not a multiple of ${multipleOf}`);
  }
}
