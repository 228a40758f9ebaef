import { availableParallelism } from 'node:os';
import { SextantError } from '@sextant/core';
import type { InferenceSession } from 'onnxruntime-node';

/** Devices a model can run on, in the order `auto` tries them. */
export const DEVICES = ['cuda', 'webgpu', 'cpu'] as const;
export type DeviceName = (typeof DEVICES)[number];
/** What a user may ask for. */
export type DeviceChoice = DeviceName | 'auto';

/** How the first result of a device compared with the CPU's. */
export interface DeviceCheck {
  /** Largest difference of any float output. */
  readonly maxAbs: number;
  /** The largest difference over the output's largest magnitude, worst output. */
  readonly maxRel: number;
  /** Part of the values of integer outputs (labels) that differ, worst output. */
  readonly labelMismatch: number;
  /** Milliseconds of one warm run at the model's default size on the device and on the CPU. */
  readonly deviceMs: number;
  readonly cpuMs: number;
}

/** What a model runs on and why not on something else. */
export interface DeviceReport {
  readonly name: DeviceName;
  /** Absent on the CPU, which is the measure. */
  readonly check?: DeviceCheck;
  /** Devices that were tried before and the reason each was not taken. */
  readonly refused: readonly { readonly device: DeviceName; readonly reason: string }[];
}

/** TF32 and fp16 arithmetic stay within this; a wrong kernel does not. */
const MAX_REL = 0.03;
/** Arg max of nearly equal logits may fall either way. */
const MAX_LABEL_MISMATCH = 0.02;

/**
 * onnxruntime's session options of a device: the one place that maps devices to execution providers. One provider at
 * a time, since a list throws where its first is absent; WebGPU in NCHW, since its NHWC Conv is wrong for some channels.
 */
export function sessionOptions(device: DeviceName, threads: number): InferenceSession.SessionOptions {
  const provider: InferenceSession.ExecutionProviderConfig = device === 'webgpu' ? { name: 'webgpu', preferredLayout: 'NCHW' } : device;
  return {
    executionProviders: [provider],
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
    // A graph's idle pool threads would spin on and take the cores from the next graph and from the rest of the pipeline; within
    // a run they may, which is faster than never (73 against 88 ms for all of nano at 256x192 on 2 cores). The types call `extra` WebAssembly's; the Node binding of 1.30 reads it.
    extra: { session: { force_spinning_stop: '1' } },
    ...(threads > 0 ? { intraOpNumThreads: threads } : {}),
  };
}

/** Why a device's results cannot be used, `undefined` where they can. `needSpeed`: slower than the CPU is a reason too. */
export function refusal(check: DeviceCheck, needSpeed: boolean): string | undefined {
  if (!(check.maxRel <= MAX_REL)) return `its first result differs from the CPU's by ${check.maxRel.toPrecision(2)} (relative; allowed ${MAX_REL})`;
  if (!(check.labelMismatch <= MAX_LABEL_MISMATCH)) {
    return `${(100 * check.labelMismatch).toFixed(1)} % of its labels differ from the CPU's (allowed ${100 * MAX_LABEL_MISMATCH} %)`;
  }
  if (needSpeed && check.deviceMs > check.cpuMs) return `it is slower than the CPU here (${check.deviceMs.toFixed(1)} ms against ${check.cpuMs.toFixed(1)} ms)`;
  return undefined;
}

/** Checks a `--device` word. @throws SextantError `bad-argument` listing the valid ones. */
export function parseDevice(word: string): DeviceChoice {
  if (word === 'auto' || (DEVICES as readonly string[]).includes(word)) return word as DeviceChoice;
  throw new SextantError('bad-argument', `unknown device "${word}"`, { hint: `Devices: auto, ${DEVICES.join(', ')}.`, details: { device: word } });
}

/** CPU threads of one run, the number of cores where none are given. @throws SextantError `bad-argument` for what is no positive integer. */
export function parseThreads(threads = availableParallelism()): number {
  if (Number.isInteger(threads) && threads > 0) return threads;
  throw new SextantError('bad-argument', `threads is ${threads}`, { hint: 'Give a positive integer.', details: { threads } });
}

/** One line of `sextant doctor`: whether this build of onnxruntime can try a device at all. */
export interface DeviceListing {
  readonly device: DeviceName;
  /** In onnxruntime for this platform. Whether it works shows only when a model is loaded on it. */
  readonly supported: boolean;
  /** Its libraries came with the package (CUDA's do not). */
  readonly bundled: boolean;
}

/** The devices and what the installed onnxruntime says of them; loads onnxruntime into this process. */
export async function listDevices(): Promise<readonly DeviceListing[]> {
  const { listSupportedBackends } = await import('onnxruntime-node');
  const backends = listSupportedBackends();
  return DEVICES.map((device) => {
    const backend = backends.find((b) => b.name === device);
    return { device, supported: backend !== undefined, bundled: backend?.bundled ?? false };
  });
}
