/** Type tests of the operators: never run, checked by `npm run typecheck`. */
import { asyncScheduler, of } from 'rxjs';
import type { Observable } from 'rxjs';
import type { DropCounter } from '../meters/drop-counter.js';
import { RateMeter } from '../meters/rate-meter.js';
import type { Frame } from '../types/frame.js';
import { fpsMeter } from './fps-meter.js';
import { latestWins } from './latest-wins.js';
import { latest } from './latest.js';
import { stampOrder } from './stamp-order.js';
import { throttleRate } from './throttle-rate.js';
import { withPrevious } from './with-previous.js';
import type { WithPrevious } from './with-previous.js';

export function frames(source: Observable<Frame>, drops: DropCounter): void {
  // Frames stay frames through a chain of operators.
  const chain: Observable<Frame> = source.pipe(
    stampOrder({ drops }), throttleRate(30, { drops }), latest({ drops, where: 'viewer' }), fpsMeter(new RateMeter()),
  );
  const pairs: Observable<WithPrevious<Frame>> = chain.pipe(withPrevious());
  // The result's type is the projection's, whatever kind of input it is.
  const widths: Observable<number> = chain.pipe(latestWins(async (frame) => Promise.resolve(frame.width)));
  const stamps: Observable<bigint> = chain.pipe(latestWins((frame) => [frame.stamp], { onDrop: (frame) => frame.rgb, concurrency: 2 }));
  // @ts-expect-error the projection gives numbers
  const texts: Observable<string> = chain.pipe(latestWins((frame) => [frame.width]));
  void [pairs, widths, stamps, texts];
}

export function plain(): void {
  const capped: Observable<number> = of(1).pipe(throttleRate(10, { scheduler: asyncScheduler }));
  // @ts-expect-error numbers have no stamp to measure by
  const stampless: Observable<number> = of(1).pipe(throttleRate<number>(10));
  // @ts-expect-error nor a sequence number
  const numberless = of(1).pipe(withPrevious<number>());
  // @ts-expect-error nor an order in time
  const orderless = of(1).pipe(stampOrder<number>());
  void [capped, stampless, numberless, orderless];
}
