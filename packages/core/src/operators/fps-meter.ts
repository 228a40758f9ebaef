import { asyncScheduler, tap } from 'rxjs';
import type { MonoTypeOperatorFunction, SchedulerLike } from 'rxjs';
import type { RateMeter } from '../meters/rate-meter.js';

/**
 * Marks every value on `meter` by the scheduler's clock and passes it on unchanged; read the rate with
 * `meter.rate(scheduler.now())`.
 *
 * @param scheduler whose `now()` is read; default `asyncScheduler` (`Date.now`)
 */
export function fpsMeter<T>(meter: RateMeter, scheduler: SchedulerLike = asyncScheduler): MonoTypeOperatorFunction<T> {
  return tap(() => meter.mark(scheduler.now()));
}
