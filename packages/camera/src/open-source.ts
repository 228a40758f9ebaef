import { readdir, stat } from 'node:fs/promises';
import { SextantError } from '@sextant/core';
import type { Frame } from '@sextant/core';
import { defer, from, switchMap } from 'rxjs';
import type { Observable } from 'rxjs';
import { isBagName } from './bag/recording.js';
import { fileError } from './formats/byte-reader.js';
import type { MixedSizes } from './formats/picture-decoder.js';
import type { SimLens } from './sim/protocol.js';
import { checkOptions } from './source-options.js';
import type { PlaybackOptions } from './source-options.js';
import { parseSourceSpec } from './source-spec.js';
import { bag } from './sources/bag.js';
import { isPictureName, pictures } from './sources/pictures.js';
import { rtsp } from './sources/rtsp.js';
import { simulated } from './sources/simulated.js';
import type { SimulatedOptions } from './sources/simulated.js';
import { v4l2 } from './sources/v4l2.js';
import { video } from './sources/video.js';

/** Options of `openSource`; those that make no sense for a source are ignored by it (`SOURCE_TAKES`). */
export interface SourceOptions extends PlaybackOptions {
  /** Size asked of a simulated or V4L2 camera. */
  readonly width?: number;
  readonly height?: number;
  /** Folders: what to do with pictures of several sizes. Default `error`. */
  readonly mixedSizes?: MixedSizes;
  /** Path of the ffmpeg to use; default the environment's SEXTANT_FFMPEG, else `ffmpeg`. */
  readonly ffmpeg?: string;
  /** Simulated camera: folder of open assets. */
  readonly assets?: string;
  /** Simulated camera: another world every so many seconds. */
  readonly sceneSeconds?: number;
  /** Simulated camera: a lens for `rectify()` to take out. */
  readonly lens?: SimLens;
  /** Simulated camera: noise, blur, exposure and colour; default `random`, drawn from the seed. */
  readonly sensor?: SimulatedOptions['sensor'];
  /** Lost cameras: tries in a row to get one back. Default: no end. */
  readonly reconnect?: number;
}

/** What a path on disk is played as. @throws SextantError `source-missing`, `io`. */
export async function pathKind(path: string): Promise<'pictures' | 'video' | 'bag'> {
  try {
    if ((await stat(path)).isDirectory()) {
      const names = await readdir(path);
      // metadata.yaml alone says little: folders of pictures have such files too.
      return names.some(isBagName) || (names.includes('metadata.yaml') && !names.some(isPictureName)) ? 'bag' : 'pictures';
    }
    return isPictureName(path) ? 'pictures' : 'video';
  } catch (cause) {
    throw fileError(path, cause);
  }
}

/**
 * Opens any source by the words of the `sextant` command: `sim:`, `sim:<seed>`, a video file, `dir:<folder>` or a
 * folder of pictures, `v4l2:/dev/video0`, `rtsp://...`. Cold: nothing is touched before somebody subscribes, each
 * subscription plays by itself, and unsubscribing releases files, processes and workers.
 *
 * `rate` caps videos and cameras, and is the pace of a folder and of the simulated camera.
 * @throws SextantError `bad-argument` for words that name no source or options out of range, `unsupported` for
 * live ROS topics.
 */
export function openSource(spec: string, options: SourceOptions = {}): Observable<Frame> {
  checkOptions(options);
  const source = parseSourceSpec(spec);
  switch (source.kind) {
    case 'sim': {
      const { rate, ...rest } = options;
      return simulated({ ...rest, seed: source.seed, ...(rate !== undefined && { fps: rate }) });
    }
    case 'pictures':
      return pictures(source.path, options);
    case 'v4l2':
      return v4l2(source.device, options);
    case 'rtsp':
      return rtsp(source.url, options);
    case 'bag':
      return bag(source.path, source.topic, options);
    case 'ros':
      throw new SextantError('unsupported', `the source '${spec}' is a live ROS topic, which openSource alone cannot reach`, {
        hint: 'Take the frames from a bridge: rosbridgeCamera or nativeCamera of @sextant/ros; `sextant run` does.', details: { spec },
      });
    case 'path':
      return defer(() => from(pathKind(source.path))).pipe(
        switchMap((kind) => kind === 'bag' ? bag(source.path, undefined, options) : (kind === 'pictures' ? pictures : video)(source.path, options)),
      );
  }
}
