import type { Perception } from '@sextant/core';
import { tap } from 'rxjs';
import type { MonoTypeOperatorFunction } from 'rxjs';
import type { RosBridge } from './bridge.js';

/** Publishes each perception on the bridge and passes it on unchanged. The bridge stays open when the stream ends. */
export function publish(bridge: RosBridge): MonoTypeOperatorFunction<Perception> {
  return tap((perception) => {
    bridge.publish(perception);
  });
}
