import { SextantError } from '@sextant/core';
import type { Prompted } from '@sextant/core';
import type { PromptDesk } from '@sextant/gateway';
import type { ReadPhrase, RunOptions, WorkerModel } from '@sextant/model';
import type { RosBridge } from '@sextant/ros';
import type { Observable, Subscription } from 'rxjs';
import { BehaviorSubject, combineLatest, concatMap, distinctUntilChanged, map } from 'rxjs';

/**
 * What a run looks for by name. It is the parameter `prompt`, whoever sets it: a flag, a ROS client, a page. A phrase that cannot be read is told and the one before
 * stays; which words stand in for others is told too.
 */
export class RunPrompt implements PromptDesk {
  readonly #state = new BehaviorSubject<Prompted>({ phrase: '' });
  readonly state$: Observable<Prompted> = this.#state.asObservable();
  /** What the run was started with. */
  readonly #given: string;

  constructor(private readonly bridge: RosBridge, private readonly told: (message: string, details: Readonly<Record<string, unknown>>) => void) {
    this.#given = bridge.parameters.text('prompt');
  }

  ask(phrase: string): void {
    // Asked for again after it was refused: the parameter has it already, and the answer is wanted once more.
    if (this.bridge.parameters.get('prompt') === phrase) this.bridge.parameters.set({ prompt: '' });
    this.bridge.parameters.set({ prompt: phrase });
  }

  /**
   * Follows the parameter from now on.
   * @throws SextantError (rejects) where the phrase that the run was started with cannot be read.
   */
  async follow(model: Pick<WorkerModel, 'phraseOf'>): Promise<Subscription> {
    if (this.#given !== '') this.#found(this.#given, await model.phraseOf(this.#given));
    return this.bridge.parameters.watch('prompt').pipe(concatMap(async (value) => {
      const phrase = String(value);
      if (phrase === this.#state.value.phrase) return;
      try {
        this.#found(phrase, phrase === '' ? undefined : await model.phraseOf(phrase));
      } catch (error) {
        const { message, hint } = SextantError.from(error);
        const stays = this.#state.value.phrase;
        const note = `${message}. ${hint} ${stays === '' ? 'Nothing is looked for.' : `"${stays}" is looked for as before.`}`;
        this.told(note, { prompt: phrase });
        this.#state.next({ phrase: stays, note, refused: true });
      }
    })).subscribe();
  }

  /** The prompts of the frames: none while nobody listens. */
  prompts$(listened$: readonly Observable<boolean>[]): Observable<RunOptions['prompts']> {
    return combineLatest([this.#state, combineLatest(listened$).pipe(map((all) => all.includes(true)))]).pipe(
      map(([{ phrase }, listened]) => (listened ? phrase : '')),
      distinctUntilChanged(),
      map((phrase) => (phrase === '' ? undefined : { segmentation: phrase })),
    );
  }

  close(): void {
    this.#state.complete();
  }

  #found(phrase: string, read: ReadPhrase | undefined): void {
    const note = read === undefined ? '' : noteOf(read);
    if (note !== '') this.told(note, { prompt: phrase });
    this.#state.next({ phrase, ...(note !== '' && { note }) });
  }
}

/** Which words stand in for others, and which are not used, each with what a program reads of it; empty where all is as it was said. */
export function notesOf({ replaced, cut }: ReadPhrase): { readonly message: string; readonly details: Readonly<Record<string, unknown>> }[] {
  const instead = replaced.map(({ word, by, likeness }) => ({
    message: `the prompt says "${word}": "${by}" is used${likeness < 1 ? `, the nearest word that the model knows (${likeness.toFixed(2)})` : ''}`,
    details: { word, by, likeness },
  }));
  return [...instead, ...(cut.length > 0 ? [{ message: `the prompt is too long: ${cut.length} words are not used, from "${cut[0]}" on`, details: { cut: cut.length } }] : [])];
}

/** All of `notesOf` as one line. */
export function noteOf(phrase: ReadPhrase): string {
  return notesOf(phrase).map(({ message }) => message).join('; ');
}
