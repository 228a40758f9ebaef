import type { SextantError } from '@sextant/core';

/** Where a command writes: JSON lines on stdout with `--json`, text for people otherwise. */
export class Output {
  /** @param json one JSON object per line on stdout and nothing else there */
  constructor(readonly json: boolean) {}

  /** A machine-readable line; nothing without `--json`. bigint becomes a number. */
  event(event: string, fields: Readonly<Record<string, unknown>> = {}): void {
    if (!this.json) return;
    process.stdout.write(`${JSON.stringify({ event, ...fields }, (_key, value: unknown) => (typeof value === 'bigint' ? Number(value) : value))}\n`);
  }

  /** What a person asked for, on stdout; nothing with `--json`. */
  print(line: string): void {
    if (!this.json) process.stdout.write(`${line}\n`);
  }

  /** Something for people beside the result, on stderr; nothing with `--json`. */
  note(line: string): void {
    if (!this.json) process.stderr.write(`${line}\n`);
  }

  /** Something that went wrong and did not end the command: a `warning` event, or text on stderr. */
  warn(message: string, details: Readonly<Record<string, unknown>> = {}): void {
    this.event('warning', { message, ...details });
    this.note(`warning: ${message}`);
  }

  /** An `error` event on stdout, or the message with its hint on stderr. */
  error(error: SextantError): void {
    const { code, message, hint } = error;
    this.event('error', { code, message, hint });
    this.note(`error (${code}): ${message}\n  ${hint}`);
    if (code === 'internal' && error.stack !== undefined) this.note(error.cause instanceof Error ? String(error.cause.stack) : error.stack);
  }
}
