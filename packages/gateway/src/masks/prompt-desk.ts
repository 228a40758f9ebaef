import type { Prompted } from '@sextant/core';
import type { Observable } from 'rxjs';

/** Where clients ask for something to be looked for by name, and hear what became of it. */
export interface PromptDesk {
  /** What is looked for, now and whenever that changes or a wish was refused. */
  readonly state$: Observable<Prompted>;
  /** A wish; never throws: what is wrong with it comes by `state$`. */
  ask(phrase: string): void;
}
