import { SextantError } from '@sextant/core';
import type { Frame } from '@sextant/core';
import type { Observable } from 'rxjs';
import { readWithFfmpeg } from '../ffmpeg/file.js';
import { probeAvi, readAvi } from '../formats/avi.js';
import { openFile } from '../formats/byte-reader.js';
import { readMjpeg } from '../formats/mjpeg.js';
import { readY4m } from '../formats/y4m.js';
import { requireRate } from '../source-options.js';
import type { PlaybackOptions } from '../source-options.js';
import { frameStream } from '../stream/frame-stream.js';
import type { Picture, ReadContext } from '../stream/picture.js';

/** Options of `video`. */
export interface VideoOptions extends PlaybackOptions {
  /** Rate of files that do not know theirs (bare MJPEG). Default 30. */
  readonly fps?: number;
  /** Path of the ffmpeg to use; default the environment's SEXTANT_FFMPEG, else `ffmpeg`. */
  readonly ffmpeg?: string;
}

/** Who reads a file: ourselves, or ffmpeg. */
export type VideoFormat = 'y4m' | 'mjpeg' | 'avi-mjpeg' | 'ffmpeg';

/** Tells a video's format by its first bytes. @throws SextantError `source-missing`, `io`, `source-corrupt` (empty). */
export async function videoFormat(path: string): Promise<VideoFormat> {
  const file = await openFile(path);
  let head: string;
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(12), 0, 12, 0);
    head = buffer.toString('latin1', 0, bytesRead);
  } catch (cause) {
    throw new SextantError('io', `${path} cannot be read: ${(cause as Error).message}`, { hint: 'Give the path of a file.', details: { path }, cause });
  } finally {
    await file.close();
  }
  if (head.length === 0) throw new SextantError('source-corrupt', `${path} is empty`, { hint: 'Copy or record it again.', details: { path } });
  if (head.startsWith('YUV4MPEG2')) return 'y4m';
  if (head.startsWith('\xff\xd8\xff')) return 'mjpeg';
  if (head.startsWith('RIFF') && head.endsWith('AVI ') && (await probeAvi(path))?.codec === 'MJPG') return 'avi-mjpeg';
  return 'ffmpeg';
}

async function* readVideo(path: string, fps: number, ffmpeg: string | undefined, context: ReadContext): AsyncGenerator<Picture> {
  switch (await videoFormat(path)) {
    case 'y4m':
      yield* readY4m(path, context);
      break;
    case 'mjpeg':
      yield* readMjpeg(path, fps, context);
      break;
    case 'avi-mjpeg':
      yield* readAvi(path, context);
      break;
    case 'ffmpeg':
      yield* readWithFfmpeg(path, ffmpeg, context);
  }
}

/**
 * Plays a video file. MJPEG (bare or in AVI) and YUV4MPEG2 are read directly, everything else by the system's ffmpeg
 * in a child process, upright and with the file's own stamps; memory stays constant whatever the length.
 *
 * A file that ends early is told to `onIssue` when at least half of it came, and is an error otherwise.
 * Errors: `source-missing`, `source-corrupt`, `source-ended`, `tool-missing` (ffmpeg), `too-large`, `unsupported`,
 * `bad-argument` (`startSeconds` beyond the end).
 */
export function video(path: string, options: VideoOptions = {}): Observable<Frame> {
  const { fps = 30, ffmpeg, ...playback } = options;
  requireRate('fps', fps);
  return frameStream((context) => readVideo(path, fps, ffmpeg, context), { ...playback, fps });
}
