import { SextantError } from '@sextant/core';
import { BehaviorSubject, distinctUntilChanged, map } from 'rxjs';
import type { Observable } from 'rxjs';
import { checkParameter, type ParameterSpec, type ParameterValue } from './parameter.js';

/** Every parameter's value by name. */
export type ParameterValues = Readonly<Record<string, ParameterValue>>;

/**
 * The run's ROS parameters, one store for every transport: rclnodejs, rosapi and Foxglove read and set the same values, whoever
 * uses one listens to it here.
 */
export class ParameterStore {
  /** All values, now and after every change. */
  readonly values$: Observable<ParameterValues>;
  readonly #specs: ReadonlyMap<string, ParameterSpec>;
  readonly #values: BehaviorSubject<ParameterValues>;
  readonly #given: Set<string>;

  /**
   * @param initial values in place of the defaults.
   * @throws SextantError `bad-argument` for an initial value its parameter cannot have, or a name that is none.
   */
  constructor(specs: readonly ParameterSpec[], initial: Readonly<Record<string, unknown>> = {}) {
    this.#specs = new Map(specs.map((spec) => [spec.name, spec]));
    const given = Object.entries(initial).map(([name, value]) => [name, checkParameter(this.spec(name), value)] as const);
    this.#given = new Set(given.map(([name]) => name));
    this.#values = new BehaviorSubject<ParameterValues>({ ...Object.fromEntries(specs.map((spec) => [spec.name, spec.default])), ...Object.fromEntries(given) });
    this.values$ = this.#values.asObservable();
  }

  /** Every parameter's description, in the order they were declared. */
  get specs(): readonly ParameterSpec[] {
    return [...this.#specs.values()];
  }

  has(name: string): boolean {
    return this.#specs.has(name);
  }

  /** @throws SextantError `bad-argument` for a name that is none. */
  spec(name: string): ParameterSpec {
    const spec = this.#specs.get(name);
    if (spec !== undefined) return spec;
    throw new SextantError('bad-argument', `there is no parameter ${JSON.stringify(name)}`, { hint: `Parameters: ${[...this.#specs.keys()].join(', ')}.` });
  }

  /** True for a parameter that was given at the start or set since, to the value it has too: somebody asked for what it is. */
  given(name: string): boolean {
    return this.#given.has(name);
  }

  /** The value now. @throws SextantError `bad-argument` for a name that is none. */
  get(name: string): ParameterValue {
    return this.#values.value[this.spec(name).name];
  }

  /** The value of a number parameter. */
  number(name: string): number {
    return this.get(name) as number;
  }

  /** The value of a text parameter. */
  text(name: string): string {
    return this.get(name) as string;
  }

  /** The value of a bool parameter. */
  flag(name: string): boolean {
    return this.get(name) as boolean;
  }

  /** One parameter's value, now and whenever it becomes another. */
  watch(name: string): Observable<ParameterValue> {
    const { name: known } = this.spec(name);
    return this.#values.pipe(map((values) => values[known]), distinctUntilChanged(same));
  }

  /**
   * Sets several parameters at once: all of them or, where one is refused, none (rcl_interfaces/srv/SetParametersAtomically).
   * @throws SextantError `bad-argument` naming the first one refused.
   */
  set(values: Readonly<Record<string, unknown>>): void {
    const checked = Object.entries(values).map(([name, value]) => {
      const spec = this.spec(name);
      if (spec.readOnly === true && !same(this.get(name), value as ParameterValue))
        throw new SextantError('bad-argument', `parameter ${name} can be given at the start only`, { hint: 'Restart the run with the value in its configuration.', details: { parameter: name } });
      return [name, checkParameter(spec, value)] as const;
    });
    const changed = checked.filter(([name, value]) => !same(this.get(name), value));
    for (const [name] of checked) this.#given.add(name);
    if (changed.length > 0) this.#values.next({ ...this.#values.value, ...Object.fromEntries(changed) });
  }
}

function same(a: ParameterValue, b: ParameterValue): boolean {
  return a === b || (Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((v, i) => v === (b as readonly string[])[i]));
}
