/** What a check found: `warn` is something that only some uses need. */
export interface Finding {
  readonly name: string;
  readonly status: 'ok' | 'warn' | 'fail';
  /** One line: what there is. */
  readonly message: string;
  /** What to do about it; absent for `ok`. */
  readonly hint?: string;
}

/** One thing that the doctor looks at; may find several. Never throws for what it is meant to find. */
export type Check = () => Promise<readonly Finding[]>;

/** A finding that all is well. */
export const ok = (name: string, message: string): Finding => ({ name, status: 'ok', message });
