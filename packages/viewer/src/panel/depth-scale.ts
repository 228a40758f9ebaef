import type { FrameResult } from '@sextant/client';
import { TURBO } from '@sextant/client';
import { make, setText } from '../dom.js';
import type { DepthSpan, Span } from '../draw/depth.js';
import { Raster, opaque } from '../draw/raster.js';
import type { Legend } from './layers-panel.js';
import { niceTicks } from './nice-ticks.js';

/** The colours of depth with distances at round numbers, and what the numbers are. */
export class DepthScale implements Legend {
  readonly element = make('div', 'depth-scale');
  readonly #span: DepthSpan;
  readonly #ticks = make('div', 'ticks');
  readonly #note = make('p', 'note');
  #shown = '';

  constructor(span: DepthSpan) {
    this.#span = span;
    const raster = new Raster();
    const out = raster.begin(256, 1);
    // As colorizeDepth: near is the red end.
    for (let i = 0; i < 256; i++) out[i] = opaque(TURBO[(255 - i) * 3], TURBO[(255 - i) * 3 + 1], TURBO[(255 - i) * 3 + 2]);
    raster.show().setAttribute('aria-hidden', 'true');
    this.element.append(raster.canvas, this.#ticks, this.#note);
  }

  update({ depth }: FrameResult): void {
    const span = this.#span.value;
    if (depth === undefined || span === undefined) return;
    const unit = depth.provenance === 'relative' ? '' : ' m';
    this.#showTicks(span, unit);
    setText(this.#note, NOTES[depth.provenance]);
  }

  #showTicks({ near, far }: Span, unit: string): void {
    const ticks = niceTicks(near, far);
    const place = (value: number): number => (100 * Math.log(value / near)) / Math.log(far / near);
    const key = ticks.map((tick) => `${tick}@${place(tick).toFixed(0)}`).join() + unit;
    if (key === this.#shown) return;
    this.#shown = key;
    this.#ticks.replaceChildren(
      ...ticks.map((tick) => {
        const label = make('span', '', {}, `${tick}${unit}`);
        label.style.left = `${place(tick).toFixed(1)}%`;
        return label;
      }),
    );
  }
}

const NOTES = {
  metric: 'Metres, from the camera\'s known intrinsics. Logarithmic.',
  scaled: 'Metres by a scale that was given. Logarithmic.',
  relative: 'Proportional to distance; the unit is unknown. Logarithmic.',
} as const;
