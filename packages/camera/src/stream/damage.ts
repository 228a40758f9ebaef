import { SextantError } from '@sextant/core';
import type { ReadContext } from './picture.js';

/** Counts the pictures of one recording that could and could not be decoded, and draws the conclusion at its end. */
export class Damage {
  private good: number;
  private bad = 0;
  private firstError: unknown;

  /** @param name how to call the recording in messages */
  constructor(
    private readonly name: string,
    private readonly context: ReadContext,
  ) {
    this.good = context.start; // what an earlier run delivered counts as delivered
  }

  /** One picture was decoded. */
  decoded(): void {
    this.good += 1;
  }

  /** One picture was left out; the listener is told. */
  corrupt(index: number, what: string, error: unknown): void {
    this.bad += 1;
    this.firstError ??= error;
    const reason = error instanceof Error ? error.message : String(error);
    this.context.onIssue({ kind: 'corrupt-picture', message: `${what} cannot be decoded and is left out: ${reason}`, index, details: { file: this.name, reason } });
  }

  /** The recording stops in the middle of picture `index`, of `expected` in all where that is known. */
  truncated(index: number, expected?: number): void {
    const missing = expected === undefined ? 1 : Math.max(1, expected - index);
    this.bad += missing;
    this.firstError ??= new Error('the file ends in the middle of a picture');
    this.context.onIssue({
      kind: 'truncated',
      message: `${this.name} ends early, after ${index} ${expected === undefined ? 'pictures' : `of ${expected} pictures`}`,
      index,
      details: { file: this.name, decoded: this.good, expected },
    });
  }

  /**
   * To be called at the end of a video.
   * @throws SextantError `source-corrupt` when more was lost than delivered.
   */
  conclude(): void {
    if (this.bad > 0 && (this.good === 0 || this.bad > this.good)) this.fail();
  }

  /**
   * To be called at the end of a folder, whose files can be damaged independently.
   * @throws SextantError `source-corrupt` when nothing could be decoded.
   */
  concludeUnlessAny(): void {
    if (this.bad > 0 && this.good === 0) this.fail();
  }

  private fail(): never {
    throw new SextantError('source-corrupt', `${this.name} is damaged: ${this.good} pictures decoded, ${this.bad} lost`, {
      hint: 'Copy or record it again; the pictures before the damage were delivered.',
      details: { file: this.name, decoded: this.good, lost: this.bad },
      cause: this.firstError,
    });
  }
}
