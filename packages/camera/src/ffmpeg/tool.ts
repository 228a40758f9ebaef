import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { SextantError } from '@sextant/core';

const run = promisify(execFile);

/** The ffmpeg that is used, and how this version wants to be told things. */
export interface FfmpegTool {
  readonly path: string;
  /** Beside `path`, or on the PATH like it. */
  readonly probePath: string;
  /** Flags for "every frame as it comes, none repeated or left out". */
  readonly passthrough: readonly string[];
  /** Flags for "every picture in its own size"; empty where this version stretches all to the first one's, whatever showinfo says. */
  readonly ownSize: readonly string[];
  /** Flag for the time limit of RTSP sockets (microseconds). */
  readonly rtspTimeout: string;
}

/** The error for a program that is not installed. */
export function toolMissing(path: string, cause: unknown): SextantError {
  return new SextantError('tool-missing', `this source needs ffmpeg, and '${path}' cannot be run`, {
    hint: 'Install it (Debian and Ubuntu: apt-get install ffmpeg, macOS: brew install ffmpeg); folders of PNG or JPEG, MJPEG (.mjpeg, .avi) and .y4m need nothing.',
    details: { path },
    cause,
  });
}

const found = new Map<string, Promise<FfmpegTool>>();

async function inspect(path: string): Promise<FfmpegTool> {
  let text: string;
  try {
    text = (await run(path, ['-hide_banner', '-version'], { timeout: 20_000 })).stdout;
  } catch (cause) {
    found.delete(path);
    throw toolMissing(path, cause);
  }
  const version = /version n?(\d+)\.(\d+)/.exec(text);
  // Builds of a branch head have no number; they are newer than all of this.
  const at = version ? Number(version[1]) * 100 + Number(version[2]) : Infinity;
  const folder = dirname(path);
  return {
    path,
    probePath: folder === '.' && !path.startsWith('.') ? 'ffprobe' : join(folder, 'ffprobe'),
    passthrough: at >= 501 ? ['-fps_mode', 'passthrough'] : ['-vsync', '0'],
    ownSize: at >= 404 ? ['-autoscale', '0'] : [],
    rtspTimeout: at >= 500 ? '-timeout' : '-stimeout',
  };
}

/**
 * Finds ffmpeg: `path`, else the environment's SEXTANT_FFMPEG, else `ffmpeg` on the PATH.
 * @throws SextantError `tool-missing`.
 */
export function ffmpegTool(path = process.env.SEXTANT_FFMPEG ?? 'ffmpeg'): Promise<FfmpegTool> {
  let tool = found.get(path);
  if (tool === undefined) {
    tool = inspect(path);
    found.set(path, tool);
  }
  return tool;
}
