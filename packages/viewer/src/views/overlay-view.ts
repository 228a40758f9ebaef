import type { FrameResult } from '@sextant/client';
import { make } from '../dom.js';
import type { Painter } from '../draw/painter.js';
import { aspectOf } from '../draw/painter.js';
import type { Settings } from '../settings.js';
import { fitCanvas } from './fit-canvas.js';
import { probeText } from './probe.js';
import type { View } from './view.js';

/** Everything over the picture, with the values under the pointer in words. */
export class OverlayView implements View {
  readonly element = make('div', 'overlay-view');
  readonly #canvas = make('canvas', '', { role: 'img', 'aria-label': 'Camera with its layers, live', id: 'overlay' });
  readonly #probe = make('p', 'probe', { 'aria-hidden': 'true' });
  readonly #context = this.#canvas.getContext('2d', { alpha: false });
  readonly #painter: Painter;
  #pointer: readonly [number, number] | undefined;
  #frame: FrameResult | undefined;

  constructor(painter: Painter) {
    this.#painter = painter;
    this.element.append(this.#canvas, this.#probe);
    this.#canvas.addEventListener('pointermove', (event) => {
      const box = this.#canvas.getBoundingClientRect();
      this.#pointer = [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
      this.#showProbe();
    });
    this.#canvas.addEventListener('pointerleave', () => {
      this.#pointer = undefined;
      this.#showProbe();
    });
  }

  draw(frame: FrameResult, settings: Settings): void {
    this.#frame = frame;
    const aspect = aspectOf(frame);
    // The style sheet makes it no wider than the window is high enough for: a phone's picture is taller than wide.
    this.element.style.setProperty('--aspect', aspect.toFixed(4));
    fitCanvas(this.#canvas, this.element, aspect);
    if (this.#context !== null) this.#painter.overlay(this.#context, frame, settings);
    this.#showProbe();
  }

  snapshot(): Promise<HTMLCanvasElement> {
    return Promise.resolve(this.#canvas);
  }

  close(): void {
    this.#frame = undefined;
  }

  #showProbe(): void {
    const text = this.#pointer === undefined || this.#frame === undefined ? '' : probeText(this.#frame, ...this.#pointer);
    if (this.#probe.textContent !== text) this.#probe.textContent = text;
  }
}
