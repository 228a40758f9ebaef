import { execFile } from 'node:child_process';
import { rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Makes `clip.mp4` of a folder's pictures by the system's ffmpeg; false where that is absent or cannot, or `signal` came first. */
export async function encodeClip(folder: string, fps: number, signal: AbortSignal): Promise<boolean> {
  // A whole path: in one that begins with `2026-11-30T14:27/` ffmpeg sees a protocol, in one with `-` an option.
  const path = resolve(folder, 'clip.mp4');
  const part = `${path}.part`;
  const pictures = ['-framerate', String(fps), '-i', join(resolve(folder).replace(/%/g, '%%'), 'rgb', '%06d.png')];
  try {
    await run(process.env.SEXTANT_FFMPEG ?? 'ffmpeg', ['-v', 'error', '-nostdin', '-y', ...pictures, '-pix_fmt', 'yuv420p', '-crf', '16', '-movflags', '+faststart', '-f', 'mp4', part], { signal });
    await rename(part, path);
    return true;
  } catch {
    await rm(part, { force: true });
    return false;
  }
}
