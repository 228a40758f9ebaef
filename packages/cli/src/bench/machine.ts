import { createRequire } from 'node:module';
import { availableParallelism, cpus, platform, release, totalmem } from 'node:os';

/** What a figure of speed was measured on. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly os: string;
  readonly node: string;
  readonly onnxruntime: string;
}

/** This machine. */
export function machine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGiB: Math.round((totalmem() / 2 ** 30) * 10) / 10,
    os: `${platform()} ${release()}`,
    node: process.versions.node,
    onnxruntime: onnxruntimeVersion(),
  };
}

/** The version of the runtime that the model package uses. */
function onnxruntimeVersion(): string {
  try {
    const model = createRequire(createRequire(import.meta.url).resolve('@sextant/model'));
    return (model('onnxruntime-node/package.json') as { version: string }).version;
  } catch {
    return 'unknown';
  }
}

/** One line for people. */
export function machineLine({ cpu, cores, memoryGiB, os, node, onnxruntime }: Machine): string {
  return `${cpu}, ${cores} cores, ${memoryGiB} GiB; ${os}; Node ${node}, onnxruntime ${onnxruntime}`;
}
