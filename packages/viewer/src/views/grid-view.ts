import type { FrameResult } from '@sextant/client';
import { make } from '../dom.js';
import type { Painter } from '../draw/painter.js';
import { aspectOf } from '../draw/painter.js';
import { titleOf } from '../panel/layers.js';
import { LAYERS } from '../settings.js';
import type { LayerId, Settings } from '../settings.js';
import { fitCanvas } from './fit-canvas.js';
import type { View } from './view.js';

interface Panel {
  readonly element: HTMLElement;
  readonly canvas: HTMLCanvasElement;
  readonly context: CanvasRenderingContext2D | null;
}

/** Every stream that is on in a panel of its own, of one frame. */
export class GridView implements View {
  readonly element = make('div', 'grid-view');
  readonly #painter: Painter;
  readonly #panels = new Map<LayerId, Panel>();

  constructor(painter: Painter) {
    this.#painter = painter;
  }

  draw(frame: FrameResult, settings: Settings): void {
    // While nothing is looked for by name there is nothing to show of it.
    const ids = LAYERS.filter((id) => settings.on[id] && (id !== 'referred' || frame.referred !== undefined));
    this.#arrange(ids);
    this.element.style.setProperty('--aspect', aspectOf(frame).toFixed(4));
    for (const id of ids) {
      const { canvas, context, element } = this.#panel(id);
      fitCanvas(canvas, element, aspectOf(frame));
      if (context !== null) this.#painter.alone(context, id, frame, settings);
    }
  }

  /** The panels side by side with their names, as on the page. */
  snapshot(): Promise<HTMLCanvasElement> {
    const panels = [...this.#panels].sort(([a], [b]) => LAYERS.indexOf(a) - LAYERS.indexOf(b));
    const columns = Math.ceil(Math.sqrt(panels.length));
    const [width, height] = [panels[0]?.[1].canvas.width ?? 1, panels[0]?.[1].canvas.height ?? 1];
    const sheet = make('canvas');
    sheet.width = columns * width;
    sheet.height = Math.ceil(panels.length / columns) * height;
    const context = sheet.getContext('2d');
    panels.forEach(([id, { canvas }], i) => {
      const [x, y] = [(i % columns) * width, Math.floor(i / columns) * height];
      context?.drawImage(canvas, x, y, width, height);
      if (context === null) return;
      const size = Math.max(10, Math.round(width / 28));
      context.font = `600 ${size}px system-ui, sans-serif`;
      context.lineWidth = size / 5;
      context.strokeStyle = 'rgb(0 0 0 / 70%)';
      context.fillStyle = '#fff';
      context.strokeText(titleOf(id), x + size * 0.6, y + size * 1.4);
      context.fillText(titleOf(id), x + size * 0.6, y + size * 1.4);
    });
    return Promise.resolve(sheet);
  }

  close(): void {
    this.#panels.clear();
  }

  /** In the order of LAYERS, whenever they were switched on; the page is touched only when something changed. */
  #arrange(ids: readonly LayerId[]): void {
    if (ids.length === this.#panels.size && ids.every((id) => this.#panels.has(id))) return;
    for (const id of this.#panels.keys()) if (!ids.includes(id)) this.#panels.delete(id);
    this.element.dataset['count'] = String(ids.length);
    this.element.replaceChildren(...ids.map((id) => this.#panel(id).element));
  }

  #panel(id: LayerId): Panel {
    const known = this.#panels.get(id);
    if (known !== undefined) return known;
    const canvas = make('canvas', '', { role: 'img', 'aria-label': `${titleOf(id)}, live`, id: `panel-${id}` });
    const panel = { canvas, context: canvas.getContext('2d', { alpha: false }), element: make('figure', '', {}, canvas, make('figcaption', '', {}, titleOf(id))) };
    this.#panels.set(id, panel);
    return panel;
  }
}
