import type { FrameResult, Prompted } from '@sextant/client';
import { make, setText } from '../dom.js';
import type { Legend } from './layers-panel.js';

const HINT = 'For everybody who watches. Words that the model does not know are replaced by the nearest, and said.';

/** Where the visitor says what to find, and is told what became of it. */
export class PromptForm implements Legend {
  readonly element = make('form', 'prompt-form');
  readonly #field = make('input', '', { type: 'text', name: 'prompt', maxlength: '2000', placeholder: 'the person, two dogs, the red car', 'aria-label': 'What to find', autocomplete: 'off' });
  readonly #note = make('p', 'note', { role: 'status' }, HINT);
  readonly #count = make('p', 'note');
  #phrase = '';

  constructor(ask: (phrase: string) => void) {
    const clear = make('button', 'quiet', { type: 'button' }, 'Clear');
    this.element.append(make('div', 'prompt-row', {}, this.#field, make('button', '', { type: 'submit' }, 'Find'), clear), this.#note, this.#count);
    this.element.addEventListener('submit', (event) => {
      event.preventDefault();
      ask(this.#field.value.trim());
    });
    clear.addEventListener('click', () => {
      this.#field.value = '';
      ask('');
    });
  }

  /** What the server says of it. */
  prompted({ phrase, note, refused }: Prompted): void {
    this.#phrase = phrase;
    // What somebody is typing, and what was refused and may be mended, stays.
    if (refused !== true && document.activeElement !== this.#field) this.#field.value = phrase;
    this.element.classList.toggle('refused', refused === true);
    setText(this.#note, note ?? (phrase === '' ? HINT : `"${phrase}" is looked for.`));
    if (phrase === '') setText(this.#count, '');
  }

  update({ referred }: FrameResult): void {
    if (referred === undefined || referred.phrase !== this.#phrase) return;
    const regions = referred.instances?.reduce((most, id) => Math.max(most, id), 0) ?? 0;
    let pixels = 0;
    for (const label of referred.labels) pixels += label;
    const share = (100 * pixels) / referred.labels.length;
    setText(this.#count, regions === 0 ? 'Not in view.' : `${regions} region${regions === 1 ? '' : 's'}, ${share < 1 ? '< 1' : share.toFixed(0)} % of the picture.`);
  }
}
