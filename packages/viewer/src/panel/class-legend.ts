import type { FrameResult } from '@sextant/client';
import { make, setText } from '../dom.js';
import { legendOf } from '../draw/classes.js';
import type { LegendEntry } from '../draw/classes.js';
import type { Settings, SettingsStore } from '../settings.js';
import type { Legend } from './layers-panel.js';

const MODES: readonly (readonly [Settings['colorBy'], string])[] = [['class', 'Class'], ['superset', 'Superset'], ['instance', 'Instance']];

interface Item {
  readonly element: HTMLElement;
  readonly button: HTMLButtonElement;
  readonly share: HTMLElement;
  readonly swatch: HTMLElement;
  entry: LegendEntry;
}

/** The classes in view with their colours and shares; pressing one hides or shows it. */
export class ClassLegend implements Legend {
  readonly element = make('div', 'class-legend');
  readonly #settings: SettingsStore;
  readonly #list = make('ul', 'classes', { 'aria-label': 'Classes in view; press to hide or show' });
  readonly #all = make('button', 'quiet', { type: 'button' }, 'Show all');
  readonly #items = new Map<string, Item>();
  readonly #modes: readonly HTMLInputElement[];

  constructor(settings: SettingsStore) {
    this.#settings = settings;
    const group = make('fieldset', 'segmented small', {}, make('legend', '', {}, 'Colour by'));
    this.#modes = MODES.map(([mode, label]) => {
      const input = make('input', '', { type: 'radio', name: 'color-by', value: mode });
      input.addEventListener('change', () => {
        settings.update({ colorBy: mode });
      });
      group.append(make('label', '', {}, input, make('span', '', {}, label)));
      return input;
    });
    this.#all.addEventListener('click', () => {
      settings.update({ hidden: [] });
    });
    this.element.append(group, this.#list, this.#all);
    settings.listen(() => {
      this.#show();
    });
    this.#show();
  }

  update({ masks }: FrameResult, settings: Settings): void {
    if (masks === undefined) return;
    const entries = legendOf(masks, settings.colorBy);
    const names = new Set(entries.map(({ name }) => name));
    for (const [name, item] of this.#items) {
      // What somebody is about to press must not vanish from under the finger.
      if (names.has(name) || item.element.contains(document.activeElement)) continue;
      item.element.remove();
      this.#items.delete(name);
    }
    for (const entry of entries) this.#place(entry);
    this.#show();
  }

  #place(entry: LegendEntry): void {
    let item = this.#items.get(entry.name);
    if (item === undefined) {
      item = this.#item(entry);
      this.#items.set(entry.name, item);
      this.#list.append(item.element);
    }
    item.entry = entry;
    item.swatch.style.backgroundColor = `rgb(${entry.color.join(' ')})`;
    const percent = 100 * entry.share;
    setText(item.share, percent < 1 ? '< 1 %' : `${percent.toFixed(0)} %`);
  }

  #item(entry: LegendEntry): Item {
    const [swatch, share] = [make('span', 'swatch', { 'aria-hidden': 'true' }), make('span', 'share')];
    const button = make('button', 'class', { type: 'button' }, swatch, make('span', 'name', {}, entry.name), share);
    const item: Item = { element: make('li', '', {}, button), button, share, swatch, entry };
    button.addEventListener('click', () => {
      const { classes } = item.entry;
      const { hidden } = this.#settings.value;
      const off = classes.every((name) => hidden.includes(name));
      this.#settings.update({ hidden: off ? hidden.filter((name) => !classes.includes(name)) : [...new Set([...hidden, ...classes])] });
    });
    return item;
  }

  #show(): void {
    const { hidden, colorBy } = this.#settings.value;
    for (const { button, entry } of this.#items.values()) button.setAttribute('aria-pressed', String(!entry.classes.every((name) => hidden.includes(name))));
    for (const mode of this.#modes) mode.checked = mode.value === colorBy;
    this.#all.hidden = hidden.length === 0;
    this.element.classList.toggle('by-instance', colorBy === 'instance');
  }
}
