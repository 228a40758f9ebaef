import { SextantError } from '@sextant/core';

/** A value of a ROS 2 parameter of the kinds Sextant uses. */
export type ParameterValue = boolean | number | string | readonly string[];

/** Throws a SextantError for a value of the right type that cannot be. */
export type ParameterCheck = (value: ParameterValue) => void;

interface Common {
  /** Dotted lower-case name, e.g. `depth.confidence_threshold`. */
  readonly name: string;
  readonly description: string;
  /** Can be given at the start only. */
  readonly readOnly?: boolean;
  /** What type, range and choices cannot say. @throws SextantError for a value that the parameter cannot have. */
  readonly check?: ParameterCheck;
}

/** What rcl_interfaces/msg/ParameterDescriptor says of a parameter, with its default. */
export type ParameterSpec =
  | (Common & { readonly type: 'bool'; readonly default: boolean })
  /** `range` is inclusive. */
  | (Common & { readonly type: 'integer' | 'double'; readonly default: number; readonly range: readonly [number, number] })
  | (Common & { readonly type: 'string'; readonly default: string; readonly choices?: readonly string[]; readonly pattern?: RegExp })
  | (Common & { readonly type: 'string_array'; readonly default: readonly string[]; readonly choices?: readonly string[] });

/** The same parameters, those that are named in `checks` with their check. */
export function withChecks(specs: readonly ParameterSpec[], checks: Readonly<Record<string, ParameterCheck>>): readonly ParameterSpec[] {
  return specs.map((spec) => (Object.hasOwn(checks, spec.name) ? { ...spec, check: checks[spec.name] } : spec));
}

/**
 * The value as its parameter keeps it; numbers and words that clients send as text are not guessed at.
 * @throws SextantError `bad-argument` for another type, a value out of range, none of the choices, or one that its `check` refuses.
 */
export function checkParameter(spec: ParameterSpec, value: unknown): ParameterValue {
  const kept = typed(spec, value);
  try {
    spec.check?.(kept);
  } catch (error) {
    const { message, hint } = SextantError.from(error);
    throw refused(spec, value, `${message[0].toUpperCase()}${message.slice(1)}. ${hint}`, error);
  }
  return kept;
}

function typed(spec: ParameterSpec, value: unknown): ParameterValue {
  switch (spec.type) {
    case 'bool':
      if (typeof value === 'boolean') return value;
      throw refused(spec, value, 'Give true or false.');
    case 'integer':
    case 'double': {
      const [least, most] = spec.range;
      const whole = spec.type === 'integer';
      if (typeof value === 'number' && value >= least && value <= most && (!whole || Number.isInteger(value))) return value;
      throw refused(spec, value, `Give a ${whole ? 'whole number' : 'number'} from ${least} to ${most}.`);
    }
    case 'string':
      if (typeof value === 'string' && (spec.choices?.includes(value) ?? true) && (spec.pattern?.test(value) ?? true)) return value;
      throw refused(spec, value, spec.choices === undefined ? `Give a text${spec.pattern ? ` that fits ${String(spec.pattern)}` : ''}.` : `Give one of ${spec.choices.join(', ')}.`);
    case 'string_array': {
      const { choices } = spec;
      if (Array.isArray(value) && value.every((v) => typeof v === 'string' && (choices?.includes(v) ?? true))) return [...new Set(value as string[])];
      throw refused(spec, value, `Give a list of texts${choices === undefined ? '' : ` out of ${choices.join(', ')}`}.`);
    }
  }
}

function refused(spec: ParameterSpec, value: unknown, hint: string, cause?: unknown): SextantError {
  const shown = typeof value === 'bigint' ? String(value) : (JSON.stringify(value) ?? String(value)).slice(0, 100);
  return new SextantError('bad-argument', `parameter ${spec.name} cannot be ${shown}`, { hint, details: { parameter: spec.name }, ...(cause !== undefined && { cause }) });
}
