import type { CameraLink, ClientStats, FrameResult, MaskKind, Prompted } from '@sextant/client';
import { make, setText } from '../dom.js';
import type { Painter } from '../draw/painter.js';
import { LAYERS } from '../settings.js';
import type { LayerId, Settings, SettingsStore } from '../settings.js';
import { ClassLegend } from './class-legend.js';
import { DepthScale } from './depth-scale.js';
import { shownLayers } from '../wanted.js';
import { wordsOf } from './layers.js';
import { PromptForm } from './prompt-form.js';
import { flowLegend, peopleLegend, partsLegend, pictureLegend } from './small-legends.js';
import { figuresOf, ms } from './stream-figures.js';

/** What a card shows below its switch. */
export interface Legend {
  readonly element: HTMLElement;
  update(frame: FrameResult, settings: Settings): void;
}

interface Card {
  readonly id: LayerId;
  readonly element: HTMLElement;
  readonly toggle: HTMLInputElement;
  readonly slider: HTMLInputElement;
  readonly percent: HTMLElement;
  readonly badge: HTMLElement;
  readonly legend: Legend;
  readonly stats: Readonly<Record<'rate' | 'latency' | 'drops' | 'data', HTMLElement>>;
}

/** A card for each stream: its switch, opacity, legend and figures. */
export class LayersPanel {
  readonly #settings: SettingsStore;
  readonly #cards: readonly Card[];
  #offered: readonly MaskKind[] = [];

  readonly #prompt: PromptForm;
  #prompts = false;

  /** @param ask asks the server to look for something by name */
  constructor(root: HTMLElement, settings: SettingsStore, painter: Painter, ask: (phrase: string) => void) {
    this.#settings = settings;
    this.#prompt = new PromptForm(ask);
    this.#cards = LAYERS.map((id, index) => this.#card(id, index, id === 'referred' ? this.#prompt : legendFor(id, settings, painter)));
    root.append(...this.#cards.map(({ element }) => element));
    settings.listen(() => {
      this.#show();
    });
    this.#show();
  }

  /** Switches a layer by its number, 0 first. */
  toggle(index: number): void {
    const id = LAYERS[index] as LayerId | undefined;
    if (id !== undefined && this.#settings.value.view !== 'cloud') this.#settings.setOn(id, !this.#settings.value.on[id]);
  }

  /** What the server says of what is looked for by name. */
  prompted(state: Prompted): void {
    this.#prompt.prompted(state);
  }

  /** What the server offers: the rest cannot be switched on. */
  offer(kinds: readonly MaskKind[], prompts: boolean): void {
    this.#offered = kinds;
    this.#prompts = prompts;
    for (const { id, element } of this.#cards) {
      const offered = this.#offers(id);
      element.classList.toggle('absent', !offered);
      element.title = offered ? '' : 'This server does not offer this stream';
    }
    this.#show();
  }

  /** A new frame. */
  update(frame: FrameResult): void {
    const shown = shownLayers(this.#settings.value);
    for (const { id, legend, badge } of this.#cards) {
      if (!shown.includes(id)) continue;
      legend.update(frame, this.#settings.value);
      if (id === 'depth' && frame.depth !== undefined) {
        badge.dataset['kind'] = frame.depth.provenance;
        setText(badge, frame.depth.provenance === 'relative' ? 'relative, no unit' : frame.depth.provenance);
      }
    }
  }

  /** Figures of the server's streams, or of those of a camera of one's own; undefined while there are none. */
  figures(stats: ClientStats | undefined, own: CameraLink | undefined): void {
    const camera = own?.id ?? 0;
    for (const { id, stats: cells } of this.#cards) {
      const stream = stats?.streams.filter((s) => s.camera === camera && s.kind === wordsOf(id).stats).at(-1);
      const figures = figuresOf(stream);
      for (const name of ['rate', 'latency', 'drops', 'data'] as const) setText(cells[name], figures[name]);
      cells.latency.title = stream === undefined ? '' : `99 % within ${ms(stream.totalMs.p99)}; decoding ${ms(stream.decodeMs.p50)}`;
      // One's own pictures never come back: what counts is how they went out.
      if (id === 'picture' && own !== undefined) setText(cells.drops, String(own.stats.skipped + own.stats.dropped));
      cells.drops.title = stream === undefined ? '' : `${stream.droppedByServer} not sent by the server, ${stream.droppedHere} overtaken here`;
    }
  }

  #show(): void {
    const { opacity, view } = this.#settings.value;
    const shown = shownLayers(this.#settings.value);
    for (const { id, element, toggle, slider, percent } of this.#cards) {
      toggle.checked = shown.includes(id);
      // The cloud is made of what it is made of.
      toggle.disabled = view === 'cloud' || !this.#offers(id);
      element.classList.toggle('on', toggle.checked);
      element.classList.toggle('overlaid', view === 'overlay');
      slider.value = String(Math.round(opacity[id] * 100));
      setText(percent, `${slider.value} %`);
    }
  }

  #offers(id: LayerId): boolean {
    return this.#offered.includes(wordsOf(id).kind) && (id !== 'referred' || this.#prompts);
  }

  #card(id: LayerId, index: number, legend: Legend): Card {
    const { title } = wordsOf(id);
    const toggle = make('input', '', { type: 'checkbox', role: 'switch', id: `layer-${id}-on`, 'aria-keyshortcuts': String(index + 1) });
    toggle.addEventListener('change', () => {
      this.#settings.setOn(id, toggle.checked);
    });
    const slider = make('input', '', { type: 'range', min: '0', max: '100', step: '5', 'aria-label': `Opacity of ${title}` });
    slider.addEventListener('input', () => {
      this.#settings.setOpacity(id, Number(slider.value) / 100);
    });
    const percent = make('output', '', { 'aria-hidden': 'true' });
    const badge = make('span', 'badge');
    const cell = (name: string): [HTMLElement, HTMLElement] => {
      const value = make('dd', '', {}, '-');
      return [make('div', '', {}, make('dt', '', {}, name), value), value];
    };
    const [[rateCell, rate], [latencyCell, latency], [dropsCell, drops], [dataCell, data]] = [cell('Rate'), cell('Latency'), cell('Dropped'), cell('Data')];
    const element = make(
      'section', 'card layer', { id: `layer-${id}`, 'aria-label': title },
      make('div', 'card-head', {}, make('label', 'switch', {}, toggle, make('span', 'name', {}, title)), badge, make('kbd', '', { 'aria-hidden': 'true' }, String(index + 1))),
      make(
        'div', 'card-body', {},
        make('label', 'opacity', {}, make('span', '', {}, 'Opacity'), slider, percent),
        legend.element,
        make('dl', 'figures', { 'aria-label': `Figures of ${title}` }, rateCell, latencyCell, dropsCell, dataCell),
      ),
    );
    return { id, element, toggle, slider, percent, badge, legend, stats: { rate, latency, drops, data } };
  }
}

function legendFor(id: Exclude<LayerId, 'referred'>, settings: SettingsStore, painter: Painter): Legend {
  switch (id) {
    case 'picture':
      return pictureLegend();
    case 'depth':
      return new DepthScale(painter.depthSpan);
    case 'flow':
      return flowLegend(painter.flowScale);
    case 'masks':
      return new ClassLegend(settings);
    case 'densePose':
      return partsLegend();
    case 'skeletons':
      return peopleLegend();
  }
}
