import { icon, make } from './dom.js';

/** Something to press in a notice. */
export interface NoticeAction {
  readonly label: string;
  readonly run: () => void;
}

/** One thing to say. */
export interface Notice {
  readonly kind: 'info' | 'warning' | 'error';
  readonly text: string;
  /** What to do about it. */
  readonly hint?: string;
  readonly actions?: readonly NoticeAction[];
}

/** What went wrong or should be known, in words, above the view: one notice for each subject, the newest text of it. */
export class Notices {
  readonly #list: HTMLElement;
  readonly #shown = new Map<string, { readonly element: HTMLElement; readonly text: string; times: number }>();

  /** @param list an element with `aria-live` */
  constructor(list: HTMLElement) {
    this.#list = list;
  }

  /** Says it; saying the same again counts instead of flickering. */
  tell(subject: string, { kind, text, hint, actions = [] }: Notice): void {
    const before = this.#shown.get(subject);
    if (before?.text === text) {
      before.times += 1;
      const count = before.element.querySelector('.times');
      if (count !== null) count.textContent = ` (${before.times} times)`;
      return;
    }
    const dismiss = make('button', 'quiet', { type: 'button', 'aria-label': 'Dismiss' }, icon('close'));
    dismiss.addEventListener('click', () => {
      this.clear(subject);
    });
    const buttons = actions.map(({ label, run }) => {
      const button = make('button', '', { type: 'button' }, label);
      button.addEventListener('click', run);
      return button;
    });
    const words = make('p', '', {}, make('strong', '', {}, sentence(text)), ' ', hint ?? '', make('span', 'times'));
    const element = make('div', 'notice', { 'data-kind': kind, 'data-subject': subject }, words, ...buttons, dismiss);
    if (before === undefined) this.#list.append(element);
    else before.element.replaceWith(element);
    this.#shown.set(subject, { element, text, times: 1 });
  }

  /** Takes it away, if it is there. */
  clear(subject: string): void {
    this.#shown.get(subject)?.element.remove();
    this.#shown.delete(subject);
  }
}

/** Errors begin small and end without a stop, since they are often quoted; here they stand alone. */
function sentence(text: string): string {
  const whole = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(whole) ? whole : `${whole}.`;
}
