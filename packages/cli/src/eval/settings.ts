import type { Modality } from '@sextant/core';
import type { DeviceChoice, Size } from '@sextant/model';
import type { Resolution } from '../cli/choices.js';
import type { Gallery } from './gallery.js';
import type { Examinee } from './examinee.js';

/** What is measured, of any model. */
export interface Settings {
  readonly modalities: readonly Modality[];
  /** Items of a folder of real ones, if one is measured; at most so many of each task. */
  readonly folder?: string;
  readonly limit: number;
  /** Worlds to measure on. */
  readonly world?: WorldSettings;
  /** Clips whose steadiness is measured. */
  readonly clips?: ClipSettings;
}

/** Where the clips are, and the motion between their frames; the model's own motion without. */
export interface ClipSettings {
  readonly folder: string;
  /** At most so many of them. */
  readonly limit: number;
  readonly flow?: string;
}

/** Which simulated worlds are measured on: one pair of frames of each, or as many as `tracks` says. */
export interface WorldSettings {
  readonly seeds: number;
  readonly firstSeed: number;
  readonly size: Size;
  /** Folder of open assets; procedural scenes without. */
  readonly assets?: string;
  /** How ids last over so many frames is measured, and nothing else. */
  readonly tracks?: number;
}

/** How a model is loaded for a measurement. */
export interface ModelSettings {
  readonly model: string;
  readonly device: DeviceChoice;
  readonly size?: Size;
  /** Views of each frame that are averaged. @default 1 */
  readonly steps?: number;
  /** People of each frame that are looked at again from nearby. @default 0 */
  readonly closeUps?: number;
  /** How maps come to the picture's size. @default 'model' */
  readonly resolution?: Resolution;
}

/** What a task is given beside its items. */
export interface Exam {
  readonly examinee: Examinee;
  readonly modalities: readonly Modality[];
  readonly gallery?: Gallery;
  /** Says what is being done: a word and how far it is. */
  readonly progress: (what: string, done: number, all: number) => void;
}
