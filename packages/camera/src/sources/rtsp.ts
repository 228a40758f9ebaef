import { SextantError } from '@sextant/core';
import type { Frame } from '@sextant/core';
import type { Observable } from 'rxjs';
import { LOW_LATENCY, liveStream } from '../ffmpeg/live.js';
import type { LiveOptions } from '../ffmpeg/live.js';
import { redactUrl } from '../redact-url.js';

/** Options of `rtsp`. */
export interface RtspOptions extends LiveOptions {
  /** `tcp` (default) loses nothing, `udp` waits for nothing. */
  readonly transport?: 'tcp' | 'udp';
}

/**
 * A network camera over RTSP, through the system's ffmpeg with low-latency flags. A camera that drops out is tried
 * again and the gap shows in `sequence`. Passwords in the address appear in no message.
 *
 * Errors: `source-missing` (cannot be opened), `source-ended` (lost and `reconnect` used up), `tool-missing`.
 * @throws SextantError `bad-argument` for what is no rtsp address.
 */
export function rtsp(url: string, options: RtspOptions = {}): Observable<Frame> {
  const { transport = 'tcp', ...live } = options;
  const name = redactUrl(url);
  if (!/^rtsps?:\/\/\S+$/i.test(url)) {
    throw new SextantError('bad-argument', `${name} is no rtsp address`, { hint: 'Write it as rtsp://host:port/path.', details: { url: name } });
  }
  const limit = String(Math.round((live.stallSeconds ?? 10) * 1e6));
  return liveStream({ name, redact: redactUrl, endsItself: true, input: (tool) => [...LOW_LATENCY, '-rtsp_transport', transport, tool.rtspTimeout, limit, '-i', url] }, live);
}
