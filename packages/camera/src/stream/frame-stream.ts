import type { Frame } from '@sextant/core';
import { Observable } from 'rxjs';
import { cameraLookup } from '../calibration/camera-lookup.js';
import { DEFAULT_FRAME_ID, DEFAULT_MAX_PIXELS, checkOptions } from '../source-options.js';
import type { PlaybackOptions, SourceIssue } from '../source-options.js';
import { systemClock } from './clock.js';
import type { Clock } from './clock.js';
import { Pacer } from './pacer.js';
import type { PictureReader } from './picture.js';
import { rateCap } from './rate-cap.js';
import { startBeyondEnd } from './start-beyond-end.js';

/**
 * Turns a reader of recorded pictures into a cold observable of frames: pacing, rate cap, back-pressure, looping,
 * intrinsics. Unsubscribing aborts the reader, which lets go of its files and processes.
 *
 * `fps` is the nominal rate: how long a recording of one picture lasts when it loops.
 * Errors: the reader's, and `bad-argument` where pictures came and `startSeconds` leaves out all of them.
 * @throws SextantError `bad-argument` for options out of range.
 */
export function frameStream(read: PictureReader, options: PlaybackOptions & { readonly fps?: number }, clock: Clock = systemClock): Observable<Frame> {
  checkOptions(options);
  const { realtime = true, loop = false, start = 0, startSeconds = 0, speed = 1, frameId = DEFAULT_FRAME_ID, maxPixels = DEFAULT_MAX_PIXELS, onIssue = () => {} } = options;
  return new Observable<Frame>((subscriber) => {
    const abort = new AbortController();
    const { signal } = abort;
    const said = new Set<string>();
    /** Once: what a recording has, it has in every round. */
    const tell = (issue: SourceIssue): void => {
      if (loop && said.has(issue.message)) return;
      if (loop) said.add(issue.message);
      onIssue(issue);
    };

    const play = async (): Promise<void> => {
      const camera = await cameraLookup(options.calibration);
      const pacer = new Pacer(clock, speed);
      const keep = rateCap(options.rate);
      let [baseStamp, baseSequence] = [0n, 0];
      let next: bigint | undefined; // where the stamps of the next round begin
      const skip = BigInt(Math.round(startSeconds * 1e9));
      for (let from = start; ; from = 0) {
        let [last, interval, count, seen] = [-1n, BigInt(Math.round(1e9 / (options.fps ?? 30))), 0, false];
        let [origin, started, left]: [bigint | undefined, boolean, bigint | undefined] = [undefined, skip === 0n, undefined];
        for await (const picture of read({ start: from, skip, leftOut: (since) => { left = since; }, signal, maxPixels, onIssue: tell })) {
          if (signal.aborted) return;
          origin ??= picture.origin ?? (picture.index === 0 ? picture.stamp : 0n);
          started ||= picture.stamp - origin >= skip;
          if (!started) {
            left = picture.stamp - origin;
            continue;
          }
          if (next !== undefined) {
            [baseStamp, next] = [next - picture.stamp, undefined];
            if (skip > 0n) baseSequence -= picture.index; // nobody lost what startSeconds leaves out
          }
          if (seen && picture.stamp > last && !picture.clockSet) interval = picture.stamp - last;
          else if (!seen && picture.index > 0 && picture.stamp > origin) interval = (picture.stamp - origin) / BigInt(picture.index);
          [last, count, seen] = [picture.stamp, picture.index + 1, true];
          const stamp = baseStamp + picture.stamp;
          if (picture.clockSet) pacer.restart();
          if (!keep(stamp)) continue;
          const { width, height, rgb } = picture;
          const intrinsics = picture.camera ?? camera(width, height);
          if (realtime) await pacer.due(stamp, signal);
          await options.gate?.acquire(signal);
          if (signal.aborted) return;
          subscriber.next({ stamp, frameId, sequence: baseSequence + picture.index, width, height, rgb, ...(intrinsics && { camera: intrinsics }) });
        }
        if (signal.aborted) return;
        if (!started && left !== undefined) throw startBeyondEnd(skip, left);
        if (!loop || !seen) return;
        next = baseStamp + last + interval;
        baseSequence += count;
      }
    };

    play().then(
      () => subscriber.complete(),
      (error: unknown) => subscriber.error(error), // ignored by RxJS when nobody listens any more
    );
    return () => abort.abort();
  });
}
