import type { FrameResult } from '@sextant/client';
import type { Settings } from '../settings.js';

/** One way to look at frames. */
export interface View {
  readonly element: HTMLElement;
  /** Draws a frame, new or again with other settings. */
  draw(frame: FrameResult, settings: Settings): void;
  /** What is seen now, for saving. */
  snapshot(): Promise<HTMLCanvasElement>;
  /** Gives back what it holds; it is not used again. */
  close(): void;
}
