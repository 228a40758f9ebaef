import type { Manifest } from '../manifest/schema.js';
import type { PaintRequest, Painted, StreamKey } from '../runtime/messages.js';

/** What generation needs of a model; `loadModel` gives one. */
export interface PaintingModel {
  readonly manifest: Manifest;
  /** Where its files are. */
  readonly folder: string;
  /**
   * Makes one frame; `onStep` after every step. `undefined` where `signal` was aborted first: it resolves when the network has stopped.
   * @throws SextantError `inference-failed`, `worker-lost`.
   */
  paint(request: PaintRequest, onStep: (step: { readonly step: number; readonly preview?: Uint8Array }) => void, signal: AbortSignal): Promise<Painted | undefined>;
  /** Forgets a clip. */
  forget(clip: StreamKey): void;
}
