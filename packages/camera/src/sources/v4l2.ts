import { access, readdir } from 'node:fs/promises';
import { SextantError } from '@sextant/core';
import type { Frame } from '@sextant/core';
import type { Observable } from 'rxjs';
import { LOW_LATENCY, liveStream } from '../ffmpeg/live.js';
import type { LiveOptions } from '../ffmpeg/live.js';
import { naturalOrder } from '../formats/natural-order.js';

/** Options of `v4l2`. */
export interface V4l2Options extends LiveOptions {
  /** Picture size asked of the camera, both or neither; without it the camera chooses. */
  readonly width?: number;
  readonly height?: number;
  /** Frames per second asked of the camera; without it the camera chooses. (`rate` thins what it gives.) */
  readonly fps?: number;
  /** Pixel format asked of the camera, in ffmpeg's words: `mjpeg`, `yuyv422`, ... */
  readonly pixelFormat?: string;
}

async function checkDevice(device: string): Promise<void> {
  try {
    await access(device);
  } catch (cause) {
    const devices = (await readdir('/dev').catch(() => [])).filter((name) => /^video\d+$/.test(name)).sort(naturalOrder);
    const found = devices.map((name) => `/dev/${name}`);
    throw new SextantError('source-missing', `there is no camera ${device}; found: ${found.length > 0 ? found.join(', ') : 'no /dev/video* at all'}`, {
      hint: 'Plug the camera in, or name one of those found; in a container the device must be passed in.',
      details: { device, found },
      cause,
    });
  }
}

/**
 * A camera of Video4Linux2, through the system's ffmpeg with low-latency flags. Stamps are wall-clock capture times; a
 * camera that drops out is tried again and the gap shows in `sequence`.
 *
 * Errors: `source-missing` (no device; lists those there are), `source-ended` (lost and `reconnect` used up),
 * `tool-missing`.
 * @throws SextantError `bad-argument` for a width without a height, or the reverse.
 */
export function v4l2(device = '/dev/video0', options: V4l2Options = {}): Observable<Frame> {
  const { width, height, fps, pixelFormat, ...live } = options;
  if ((width === undefined) !== (height === undefined)) {
    const [given, value, lacking] = width === undefined ? ['height', height, 'width'] : ['width', width, 'height'];
    throw new SextantError('bad-argument', `${device} was asked for a ${given} of ${value} without a ${lacking}`, {
      hint: 'Give both, or neither: then the camera chooses. `ffmpeg -f v4l2 -list_formats all -i <device>` lists its sizes.',
      details: { device, width, height },
    });
  }
  const flags = [
    ...LOW_LATENCY,
    '-f', 'v4l2',
    ...(pixelFormat === undefined ? [] : ['-input_format', pixelFormat]),
    ...(width === undefined ? [] : ['-video_size', `${width}x${height}`]),
    ...(fps === undefined ? [] : ['-framerate', String(fps)]),
    '-i', device,
  ];
  return liveStream({ name: device, check: () => checkDevice(device), input: () => flags }, live);
}
