import type { Modality } from '@sextant/core';
import { MODALITIES } from '@sextant/core';
import type { DeviceChoice } from '@sextant/model';
import type { PipelineConfig } from '../config/schema.js';

/** What `sextant run` does when nobody says otherwise. */
export const RUN_DEFAULTS = {
  source: 'sim:', model: 'nano', modalities: MODALITIES, device: 'auto', host: '127.0.0.1', port: 8420, ros: 'auto',
} as const;

/** The settings of one run: flags over the configuration file over the defaults. */
export interface RunSettings extends Omit<PipelineConfig, 'modalities' | 'device'> {
  readonly source: string;
  readonly model: string;
  /** The most that is ever computed. */
  readonly modalities: readonly Modality[];
  readonly device: DeviceChoice;
  readonly host: string;
  readonly port: number;
}

/** Flags that were given; absent ones leave the file's value. */
export type RunFlags = Partial<Omit<RunSettings, 'bridge' | 'camera'>> & { readonly width?: number; readonly height?: number };

/** The flags that mean what ROS parameters do, by the parameters' names. */
const FLAG_OF: Readonly<Record<string, keyof RunFlags>> = { modalities: 'modalities', scale: 'scale', prompt: 'prompt', frame_id: 'frameId', rate: 'rate' };

/** Merges flags, configuration file and defaults. A flag also wins over the file's `parameters` of that meaning; these win over the file's own keys, but for `modalities` and `rate`, the most of the whole run. */
export function settleRun(flags: RunFlags, config: PipelineConfig): RunSettings {
  const { width, height, ...rest } = flags;
  const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  const parameters = config.parameters && Object.fromEntries(Object.entries(config.parameters).filter(([name]) => !(Object.hasOwn(FLAG_OF, name) && FLAG_OF[name] in given)));
  const settings: RunSettings = { ...RUN_DEFAULTS, ...config, ...(parameters && { parameters }), ...given };
  const camera = { ...config.camera, ...(width !== undefined && { width }), ...(height !== undefined && { height }) };
  return { ...settings, camera };
}
