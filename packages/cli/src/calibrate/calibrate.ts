import { access, constants, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { BoardCollector, openSource, parseSourceSpec, probeSource, redactUrl, writeCameraInfo } from '@sextant/camera';
import type { BoardSpec, Calibration, CalibrationModel, Coverage } from '@sextant/camera';
import { SextantError, latestWins } from '@sextant/core';
import type { Frame } from '@sextant/core';
import { Observable, concat, concatMap, lastValueFrom, map, of, takeUntil, takeWhile } from 'rxjs';
import type { Work } from '../cli/session.js';
import { TopicCameras } from './topic-cameras.js';

/** Settings of `sextant calibrate`. */
export interface CalibrateSettings {
  /** Pictures, a folder, a video, a bag or a live camera. */
  readonly sources: readonly string[];
  readonly board: BoardSpec;
  readonly model: CalibrationModel;
  /** Where the camera_info file goes. */
  readonly out: string;
  /** Its `camera_name`. */
  readonly name: string;
  /** Stop collecting after so many views. */
  readonly views: number;
  /** Where rosbridge clients find it that publish a `rosbridge:` source. */
  readonly port: number;
}

/** A picture that is looked at. */
interface Seen {
  readonly frame: Frame;
  readonly label: string;
  /** It is given by its own name: it counts though another is much like it. */
  readonly chosen: boolean;
}

/**
 * Collects views of a board and writes the camera that saw them. Several pictures by name are all used; of a folder, a video or a live
 * camera only views that differ. A live camera is watched until the views cover enough, or Ctrl-C, which ends the collecting only.
 * @throws SextantError of sources and boards; `bad-argument` for too few views; `io`, before anything is looked at, where the file cannot be written.
 */
export async function calibrate({ sources, board, model, out, name, views, port }: CalibrateSettings, { output, signal }: Work): Promise<number> {
  await checkPlace(out);
  const kinds = sources.map((source) => parseSourceSpec(source).kind);
  const live = kinds.some((kind) => kind === 'v4l2' || kind === 'rtsp' || kind === 'sim' || kind === 'ros');
  const collector = await BoardCollector.create(board);
  const topics = new TopicCameras(port, output);
  try {
    if (live) output.note('Show the board near and far, at every side of the picture, tilted both ways. Ctrl-C ends the collecting.');
    const look = ({ frame, label, chosen }: Seen): boolean => {
      const { outcome, corners, coverage } = collector.add(frame, label, chosen);
      output.event('view', { name: label, outcome, corners, views: collector.views, coverage });
      if (!live || outcome === 'kept') output.note(`${label}: ${outcome === 'absent' ? 'no board' : `${corners} corners, ${outcome}`}; ${collector.views} views, ${describe(coverage)}`);
      return collector.views < views && !(live && collector.complete);
    };
    const seen$ = concat(...(await Promise.all(sources.map((source) => open(source, { several: sources.length > 1, live }, topics, output)))));
    await lastValueFrom(
      seen$.pipe(
        // A live camera goes on while a picture is searched; of a recording every picture is.
        live ? latestWins((seen) => of(look(seen))) : concatMap((seen) => of(look(seen))),
        takeWhile(Boolean),
        takeUntil(aborts(signal)),
      ),
      { defaultValue: true },
    );
    const found = collector.solve(model);
    report(found, output);
    await writeCameraInfo(out, found.camera, name);
    const { camera, rms, views: used, dropped } = found;
    output.event('calibration', { file: out, rms, views: used, dropped, model: camera.distortionModel, k: camera.k, d: camera.d, width: camera.width, height: camera.height });
    output.print(out);
    return 0;
  } finally {
    await topics.close();
    collector.close();
  }
}

/** What somebody held a board up for must not be lost to a folder that is not there. @throws SextantError `io`. */
async function checkPlace(out: string): Promise<void> {
  const fail = (reason: string, cause?: unknown): SextantError =>
    new SextantError('io', `the calibration ${out} cannot be written: ${reason}`, { hint: 'Check that the folder exists and may be written to.', details: { path: out }, cause });
  await access(dirname(out), constants.W_OK).catch((cause: unknown) => { throw fail((cause as Error).message, cause); });
  if ((await stat(out).catch(() => undefined))?.isDirectory()) throw fail('it is a folder');
}

async function open(source: string, { several, live }: { readonly several: boolean; readonly live: boolean }, topics: TopicCameras, output: Work['output']): Promise<Observable<Seen>> {
  const spec = parseSourceSpec(source);
  const name = redactUrl(source);
  const { kind, frames } = await probeSource(source);
  const chosen = several && kind === 'pictures' && frames === 1;
  const frames$ = spec.kind === 'ros' ? await topics.open(spec) : openSource(source, { realtime: live, onIssue: ({ message }) => { output.warn(message); } });
  return frames$.pipe(map((frame) => ({ frame, chosen, label: chosen ? name : `${several ? `${name}, ` : ''}picture ${frame.sequence}` })));
}

const describe = ({ x, y, size, skew }: Coverage): string => `covered: x ${percent(x)}, y ${percent(y)}, size ${percent(size)}, tilt ${percent(skew)}`;
const percent = (part: number): string => `${Math.round(100 * part)} %`;

function report({ camera: { k, d, distortionModel, width, height }, rms, views, dropped }: Calibration, output: Work['output']): void {
  for (const { name, rms: error } of views) output.note(`${name}: ${error.toFixed(3)} px`);
  for (const { name, rms: error } of dropped) output.note(`${name}: ${error.toFixed(3)} px, dropped as an outlier`);
  output.note(`${width}x${height}, ${distortionModel}: fx ${k[0].toFixed(2)} fy ${k[4].toFixed(2)} cx ${k[2].toFixed(2)} cy ${k[5].toFixed(2)}, d ${d.map((v) => v.toPrecision(4)).join(' ')}`);
  output.note(`reprojection error ${rms.toFixed(3)} px (root mean square) over ${views.length} views${rms > 1 ? ': more than a pixel, which a good calibration does not leave' : ''}`);
}

function aborts(signal: AbortSignal): Observable<void> {
  return new Observable((subscriber) => {
    const stop = (): void => { subscriber.next(); };
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    return () => { signal.removeEventListener('abort', stop); };
  });
}
