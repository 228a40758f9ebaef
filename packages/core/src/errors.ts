/** Every failure a user can meet, as a closed set; the command prints it as `code` in its error line. */
export const ERROR_CODES = [
  'bad-argument', // a flag, option or call with a value that cannot be
  'bad-config', // a configuration, recipe, calibration or manifest file that does not say what it must
  'source-missing', // the video, folder, device or topic is not there
  'source-corrupt', // it is there but cannot be decoded
  'source-ended', // it stopped before it should have
  'tool-missing', // an outside program or optional package is needed and absent
  'model-missing', // no such model, or a file of it is not there
  'model-damaged', // a model file does not match its hash or cannot be loaded
  'device-unavailable', // the requested inference device does not work here
  'inference-failed', // the model ran and failed
  'worker-lost', // the inference worker died and could not be restarted
  'port-in-use',
  'unauthorized',
  'protocol', // a peer sent what the protocol does not allow
  'too-large', // beyond a stated limit
  'io', // the operating system refused: permission, disk full
  'unsupported', // understood, and not done by this build
  'internal', // a bug of ours
] as const;
/** One of `ERROR_CODES`. */
export type ErrorCode = (typeof ERROR_CODES)[number];

const MARK = Symbol.for('sextant.error');

/** What an error carries beside its code and message. */
export interface SextantErrorOptions {
  /** What to do about it, one sentence. */
  readonly hint: string;
  /** The evidence, for programs. */
  readonly details?: Record<string, unknown>;
  /** The error this one explains. */
  readonly cause?: unknown;
}

/**
 * The one error class of Sextant. `message` says what was wrong and the value seen, `hint` what to do about it;
 * `details` carries the evidence as fields for programs.
 */
export class SextantError extends Error {
  /** Which of the failures it is. */
  readonly code: ErrorCode;
  /** What to do about it. */
  readonly hint: string;
  /** The evidence as fields; empty when there is none. */
  readonly details: Readonly<Record<string, unknown>>;
  /** Marks errors across bundles, where `instanceof` fails. */
  readonly [MARK] = true;

  constructor(code: ErrorCode, message: string, options: SextantErrorOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'SextantError';
    this.code = code;
    this.hint = options.hint;
    this.details = options.details ?? {};
  }

  /** True for an error of this class from any copy of the package. */
  static isInstance(value: unknown): value is SextantError {
    return typeof value === 'object' && value !== null && (value as Record<symbol, unknown>)[MARK] === true;
  }

  /** Turns anything thrown into a SextantError (`internal` unless it is one already). */
  static from(value: unknown, code: ErrorCode = 'internal', hint = 'Please report this with the command that led to it.'): SextantError {
    if (SextantError.isInstance(value)) return value;
    const message = value instanceof Error ? value.message : String(value);
    return new SextantError(code, message, { hint, cause: value });
  }
}
