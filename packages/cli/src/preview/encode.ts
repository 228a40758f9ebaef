import { execFile } from 'node:child_process';
import { readFile, readdir, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { writeWhole } from '../files/write-whole.js';

const run = promisify(execFile);

/** Pictures of a contact sheet. */
const SHEET_PICTURES = 12;
const SHEET_COLUMNS = 2;

/**
 * Makes a preview of numbered JPEGs: `<out>.mp4` by the system's ffmpeg where it is there and can, else `<out>.png`, a contact
 * sheet of at most 12 of them. Returns the file's path, `undefined` for no pictures and where `signal` came first; nothing is left half made.
 *
 * @param out path without an extension
 * @param fps pictures per second of the video
 */
export async function encodePreview(pictures: string, out: string, fps: number, signal?: AbortSignal): Promise<string | undefined> {
  const names = (await readdir(pictures).catch(() => [] as string[])).filter((name) => name.endsWith('.jpg')).sort();
  if (names.length === 0) return undefined;
  const video = await encodeVideo(pictures, `${out}.mp4`, fps, signal);
  // A contact sheet stands in for an ffmpeg that cannot, not for one that was stopped.
  return video ?? (signal?.aborted === true ? undefined : contactSheet(names.map((name) => join(pictures, name)), `${out}.png`));
}

async function encodeVideo(pictures: string, path: string, fps: number, signal?: AbortSignal): Promise<string | undefined> {
  // Whole paths: in one that begins with `2026-11-30T14:27/` ffmpeg sees a protocol, in one with `-` an option.
  const part = resolve(`${path}.part`);
  const input = ['-framerate', String(fps), '-pattern_type', 'glob', '-i', join(resolve(pictures).replace(/[*?[\]{}\\]/g, '\\$&'), '*.jpg')];
  try {
    await run(process.env.SEXTANT_FFMPEG ?? 'ffmpeg', ['-v', 'error', '-nostdin', '-y', ...input, '-pix_fmt', 'yuv420p', '-movflags', '+faststart', '-f', 'mp4', part], { signal });
    await rename(part, path);
    return path;
  } catch {
    // Absent, or built without what this needs: the contact sheet serves.
    await rm(part, { force: true });
    return undefined;
  }
}

async function contactSheet(paths: readonly string[], out: string): Promise<string> {
  const count = Math.min(SHEET_PICTURES, paths.length);
  const chosen = Array.from({ length: count }, (_, i) => paths[count === 1 ? 0 : Math.round((i * (paths.length - 1)) / (count - 1))]);
  const { width = 1, height = 1 } = await sharp(await readFile(chosen[0])).metadata();
  const columns = Math.min(SHEET_COLUMNS, count);
  const sheet = sharp({ create: { width: columns * width, height: Math.ceil(count / columns) * height, channels: 3, background: 'black' } });
  const tiles = chosen.map((input, i) => ({ input, left: (i % columns) * width, top: Math.floor(i / columns) * height }));
  await writeWhole(out, await sheet.composite(tiles).removeAlpha().png().toBuffer());
  return out;
}
