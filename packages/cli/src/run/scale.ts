import { SextantError } from '@sextant/core';
import type { Modality, Perception } from '@sextant/core';
import { checkScale, parseScale, scaleNeeds, scaled } from '@sextant/model';
import type { RangeSample, ScaleSpec } from '@sextant/model';
import type { ParameterCheck, RosBridge } from '@sextant/ros';
import type { Observable, OperatorFunction, SchedulerLike } from 'rxjs';
import { EMPTY, asyncScheduler, catchError, combineLatest, map, merge, mergeMap, of, shareReplay, switchMap, timer } from 'rxjs';
import type { TopicInput } from './ros-source.js';

interface Range {
  readonly field_of_view: number;
  readonly min_range: number;
  readonly max_range: number;
  readonly range: number;
}

interface LaserScan {
  readonly angle_min: number;
  readonly angle_increment: number;
  readonly range_min: number;
  readonly range_max: number;
  readonly ranges: ArrayLike<number>;
}

/**
 * The parameter `scale` of a run: whoever sets it, a text that is no scale is refused, and once the model is there one by a class that it
 * does not know.
 */
export class RunScale {
  #classes: readonly { readonly name: string }[] | undefined;

  /** For the bridge. @throws SextantError `bad-argument`. */
  readonly check: ParameterCheck = (value) => {
    const spec = parseScale(String(value));
    if (this.#classes !== undefined) checkScale(spec, this.#classes);
  };

  /**
   * Follows the parameter from now on. What a client set meanwhile and the model has no class for is told and taken back.
   * @param given what the run was started with
   * @throws SextantError `bad-argument` where that is by a class that the model does not know.
   */
  follow({ parameters }: RosBridge, given: string, classes: readonly { readonly name: string }[], told: (message: string) => void): Observable<ScaleSpec | undefined> {
    this.#classes = classes;
    this.check(given);
    try {
      this.check(parameters.get('scale'));
    } catch (error) {
      const { message, hint } = SextantError.from(error);
      told(`${message}. ${hint} The scale is ${given === '' ? 'the model\'s' : given} again.`);
      parameters.set({ scale: given });
    }
    return parameters.watch('scale').pipe(map((text) => parseScale(String(text))), shareReplay({ bufferSize: 1, refCount: true }));
  }
}

/** Adds what the scale is taken from to what is computed, while depth is. */
export function withScaleNeeds(spec$: Observable<ScaleSpec | undefined>, modalities: readonly Modality[]): OperatorFunction<readonly Modality[], readonly Modality[]> {
  return (wanted$) => combineLatest([wanted$, spec$]).pipe(
    map(([wanted, spec]) => (wanted.includes('depth') ? modalities.filter((m) => wanted.includes(m) || scaleNeeds(spec).includes(m)) : wanted)),
  );
}

/** A topic on which nothing came for so long is told of. */
const SILENT_MS = 5000;

/**
 * Depth at the scale of the parameter. sensor_msgs/Range is taken to look along the optical axis, sensor_msgs/LaserScan to turn in the
 * horizontal plane through the camera, both at the camera's place: no TF is read. A message that cannot be read is told once and left out, and so is a topic on which nothing comes.
 */
export function atScale(spec$: Observable<ScaleSpec | undefined>, input: TopicInput, told: (message: string) => void, scheduler: SchedulerLike = asyncScheduler): OperatorFunction<Perception, Perception> {
  const ranges$ = spec$.pipe(
    switchMap((spec) => {
      if (spec?.kind !== 'ranges') return EMPTY;
      const type = `sensor_msgs/msg/${spec.message}`;
      let said = '';
      let heard = false;
      const warn = (what: string, error: unknown): Observable<never> => {
        const message = `${what} ${spec.topic}: ${SextantError.from(error).message}`;
        if (message !== said) told(message);
        said = message;
        return EMPTY;
      };
      const read = (message: object): Observable<readonly RangeSample[]> => {
        heard = true;
        try {
          return of(spec.message === 'Range' ? fromRange(message as Range) : fromScan(message as LaserScan));
        } catch (error) {
          return warn('no distance can be read from a message of', error);
        }
      };
      const silent = (): Observable<never> => {
        if (!heard && said === '') told(`nothing has come on ${spec.topic} in ${SILENT_MS / 1000} s: depth goes on as the model gives it until a ${type} does. What a recording holds beside its pictures is not played.`);
        return EMPTY;
      };
      return merge(
        input.incoming(spec.topic, type).pipe(
          mergeMap(read),
          catchError((error: unknown) => warn('the scale cannot be taken from', error)),
        ),
        timer(SILENT_MS, scheduler).pipe(mergeMap(silent)),
      );
    }),
  );
  return scaled(spec$, {
    ranges$,
    onIssue: (error) => {
      const { message, hint } = SextantError.from(error);
      told(`${message}. ${hint} Depth goes on as the model gives it.`);
    },
  });
}

/** Out of range, NaN and zero say nothing (REP-117: +Inf is "nothing there", -Inf "too close"). */
export function fromRange({ range, min_range, max_range, field_of_view }: Range): readonly RangeSample[] {
  return range > 0 && range >= min_range && range <= max_range ? [{ x: 0, y: 0, metres: range, halfAngle: Math.min(0.5, field_of_view / 2) }] : [];
}

/** The most that a ray of a scan may be off the optical axis, radians. */
const WIDEST = Math.PI / 3;

/**
 * Rays within 60 degrees of the optical axis; bearings are positive to the left, x of the optical frame to the right. They may be counted from any
 * side: lidars that turn all the way round go from 0 to 2 pi as often as from -pi to pi.
 */
export function fromScan({ angle_min, angle_increment, range_min, range_max, ranges }: LaserScan): readonly RangeSample[] {
  const samples: RangeSample[] = [];
  for (let i = 0; i < ranges.length; i += 1) {
    const [range, angle] = [ranges[i], angle_min + i * angle_increment];
    const bearing = Math.atan2(Math.sin(angle), Math.cos(angle)); // -pi..pi
    if (!(range > 0) || range < range_min || range > range_max || Math.abs(bearing) > WIDEST) continue;
    samples.push({ x: -Math.tan(bearing), y: 0, metres: range * Math.cos(bearing) });
  }
  return samples;
}
