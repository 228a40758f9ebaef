import { SextantError } from '@sextant/core';
import type { Frame } from '@sextant/core';
import { Observable } from 'rxjs';
import { cameraLookup } from '../calibration/camera-lookup.js';
import { DEFAULT_FRAME_ID, DEFAULT_MAX_PIXELS, checkOptions, requirePositive } from '../source-options.js';
import type { CommonOptions } from '../source-options.js';
import { systemClock } from '../stream/clock.js';
import type { Clock } from '../stream/clock.js';
import { LiveClock } from '../stream/live-clock.js';
import { rateCap } from '../stream/rate-cap.js';
import { FfmpegReader, RGB_FILTER } from './reader.js';
import type { FfmpegOutcome } from './reader.js';
import { StallTimer } from './stall-timer.js';
import { ffmpegTool } from './tool.js';
import type { FfmpegTool } from './tool.js';

/** Options of the sources that are live. */
export interface LiveOptions extends CommonOptions {
  /** Largest picture accepted, in pixels; default 64e6. */
  readonly maxPixels?: number;
  /** Path of the ffmpeg to use; default the environment's SEXTANT_FFMPEG, else `ffmpeg`. */
  readonly ffmpeg?: string;
  /** A camera that is silent for this long is taken for lost. Default 10 s. */
  readonly stallSeconds?: number;
  /**
   * Tries in a row to get a lost camera back, 0.5 s after the loss, then 1 s, 2 s ... up to 10 s apart. Default:
   * no end. A camera that never gave a frame is not tried again.
   */
  readonly reconnect?: number;
}

/** What one kind of live source has to say for itself. */
export interface LiveSource {
  /** What to call it in messages; no secrets. */
  readonly name: string;
  /** Words that must not be seen in logs, and what stands for them. */
  readonly redact?: (text: string) => string;
  /** Checks that it can be there at all, before ffmpeg is asked. */
  readonly check?: () => Promise<void>;
  /** True where `input` makes ffmpeg itself give up after `stallSeconds` of silence: it is given time to say why. */
  readonly endsItself?: boolean;
  /** Flags of ffmpeg up to and with `-i`. */
  readonly input: (tool: FfmpegTool) => readonly string[];
}

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 10_000;
/** How much longer an ffmpeg that ends itself may be silent, seconds. */
const GRACE = 1;

/** What ffmpeg is told so that a picture is out as soon as it is in. */
export const LOW_LATENCY = ['-fflags', 'nobuffer', '-flags', 'low_delay'];

/**
 * A live camera through ffmpeg: frames go out as they come, stamped on the wall clock. A lost camera is tried again;
 * the frames that passed meanwhile are missing from `sequence`, counted by the rate the camera had.
 */
export function liveStream(source: LiveSource, options: LiveOptions, clock: Clock = systemClock): Observable<Frame> {
  checkOptions(options);
  const { frameId = DEFAULT_FRAME_ID, maxPixels = DEFAULT_MAX_PIXELS, onIssue = () => {}, stallSeconds = 10, reconnect = Infinity } = options;
  requirePositive('stallSeconds', stallSeconds);
  const redact = source.redact ?? ((text: string) => text);
  return new Observable<Frame>((subscriber) => {
    const abort = new AbortController();
    const { signal } = abort;

    const watch = async (): Promise<void> => {
      const camera = await cameraLookup(options.calibration);
      const tool = await ffmpegTool(options.ffmpeg);
      const keep = rateCap(options.rate);
      let [sequence, attempt, lastAt, period] = [-1, 0, -1, 33];
      for (;;) {
        if (lastAt < 0) await source.check?.();
        const stall = new StallTimer(source.endsItself ? stallSeconds + GRACE : stallSeconds, () => reader.kill());
        const reader = new FfmpegReader(tool, [...source.input(tool), '-map', '0:V:0', '-vf', RGB_FILTER], { name: source.name, maxPixels, signal, onData: () => stall.heard() });
        const times = new LiveClock();
        let fresh = true;
        let outcome: FfmpegOutcome;
        try {
          for await (const { stamp, width, height, rgb } of reader.frames()) {
            if (signal.aborted) return;
            const now = clock.now();
            const passed = lastAt < 0 ? 0 : now - lastAt;
            if (fresh && lastAt >= 0) sequence += Math.max(1, Math.round(passed / period)); // what was missed, and this one
            else sequence += 1;
            if (!fresh) period += (passed - period) / 16;
            [fresh, lastAt, attempt] = [false, now, 0];
            const at = times.stamp(stamp, BigInt(Math.round(clock.epoch() * 1e6)));
            if (!keep(at)) continue;
            const intrinsics = camera(width, height);
            subscriber.next({ stamp: at, frameId, sequence, width, height, rgb, ...(intrinsics && { camera: intrinsics }) });
          }
          outcome = await reader.outcome; // it may still have to say why
        } finally {
          stall.close();
          reader.kill();
        }
        if (signal.aborted) return;
        const why = stall.stalled ? `silent for ${stall.seconds} s` : redact(reasonOf(outcome));
        const details = evidence(source.name, outcome, redact);
        if (lastAt < 0 || attempt >= reconnect) throw lost(source.name, lastAt >= 0, why, details);
        const wait = Math.min(FIRST_WAIT_MS * 2 ** attempt, LONGEST_WAIT_MS);
        attempt += 1;
        onIssue({ kind: 'disconnected', message: `${source.name} stopped: ${why}; try ${attempt} to get it back in ${wait / 1000} s`, details: { ...details, attempt, waitMs: wait } });
        await clock.sleep(wait, signal);
        if (signal.aborted) return;
      }
    };

    watch().then(
      () => subscriber.complete(),
      (error: unknown) => subscriber.error(error),
    );
    return () => abort.abort();
  });
}

function evidence(name: string, outcome: FfmpegOutcome, redact: (text: string) => string): Record<string, unknown> {
  return { source: name, exitCode: outcome.code, signal: outcome.signal, stderr: redact(outcome.tail.join('\n')) };
}

/** Why ffmpeg ended by itself, in its own words where it has any. */
function reasonOf({ tail, code, signal }: FfmpegOutcome): string {
  return tail.findLast((line) => /\[(error|fatal|panic)\]/.test(line)) ?? (signal === null ? `ffmpeg exited with ${code}` : `ffmpeg was ended by ${signal}`);
}

function lost(name: string, ran: boolean, why: string, details: Record<string, unknown>): SextantError {
  return new SextantError(ran ? 'source-ended' : 'source-missing', ran ? `${name} is lost: ${why}` : `${name} gives no picture: ${why}`, {
    hint: 'Check that it is plugged in, switched on and not in use by another program; details.stderr has what ffmpeg said.',
    details,
  });
}
