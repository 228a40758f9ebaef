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

/** Merges flags, configuration file and defaults. */
export function settleRun(flags: RunFlags, config: PipelineConfig): RunSettings {
  const { width, height, ...rest } = flags;
  const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  const settings: RunSettings = { ...RUN_DEFAULTS, ...config, ...given };
  const camera = { ...config.camera, ...(width !== undefined && { width }), ...(height !== undefined && { height }) };
  return { ...settings, camera };
}
