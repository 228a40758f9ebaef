import type { DropSink, MaskKind, MaskLimits } from '@sextant/core';
import type { BehaviorSubject } from 'rxjs';
import type { MaskSession } from './mask-session.js';
import type { ClassTables, MaskSource } from './mask-source.js';
import type { PromptDesk } from './prompt-desk.js';
import type { Perceive } from './uplink-camera.js';

/** What a session gets from its server. */
export interface SessionHost {
  readonly source: MaskSource;
  readonly tables: ClassTables;
  readonly limits: MaskLimits;
  /** What can be asked for, now and whenever that changes. */
  readonly kinds$: BehaviorSubject<readonly MaskKind[]>;
  readonly server: string;
  readonly perceive: Perceive | undefined;
  readonly prompt: PromptDesk | undefined;
  /** Constant-time comparison; undefined where no token is asked for. */
  readonly checkToken: ((token: string) => boolean) | undefined;
  readonly drops: DropSink;
  /** Reserves a place for one more camera on the server; false when there is none. */
  takeCamera(): boolean;
  releaseCamera(): void;
  /** Subscriptions to the server's own source changed. */
  wantedChanged(): void;
  readonly log: (message: string) => void;
  ended(session: MaskSession): void;
}
