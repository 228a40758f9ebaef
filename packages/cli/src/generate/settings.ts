import type { Modality } from '@sextant/core';
import type { DeviceChoice, SamplerName, Size, WorkerModel } from '@sextant/model';
import type { PaletteSource, Threshold } from '@sextant/synth';

/** What `sextant generate` and `sextant joint` were asked for; a manifest keeps it, so that it can be replayed. */
export interface MakeSettings {
  readonly task: 'generate' | 'joint';
  /** generate: folder by modality. */
  readonly conditions: Readonly<Partial<Record<Modality, string>>>;
  readonly palette?: PaletteSource | undefined;
  /** joint: what is made beside the picture. */
  readonly modalities: readonly Modality[];
  readonly prompt: string;
  readonly negative: string;
  readonly frames?: number | undefined;
  readonly size?: Size | undefined;
  readonly steps?: number | undefined;
  readonly shift?: number | undefined;
  readonly sampler?: SamplerName | undefined;
  readonly guidance?: number | undefined;
  readonly conditionGuidance?: number | undefined;
  readonly seed: number;
  readonly fps: number;
  readonly model: string;
  readonly device: DeviceChoice;
}

/** Where to and how, which changes nothing of what is made. */
export interface MakeOptions {
  readonly out: string;
  readonly overwrite?: boolean | undefined;
  /** Estimate what was made anew and compare. */
  readonly check?: boolean | undefined;
  /** What the comparison must reach; not empty: compare too. */
  readonly reject?: readonly Threshold[] | undefined;
  /** The model, where the caller has loaded it already (and closes it). */
  readonly loaded?: WorkerModel | undefined;
  /** Keep `now.png`, the frame under way, up to date. */
  readonly previews?: boolean | undefined;
}
