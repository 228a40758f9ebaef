import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from '@jest/globals';

/** The camera that the pictures were rendered with: pixels. */
export interface Truth { readonly width: number; readonly height: number; readonly fx: number; readonly fy: number; readonly cx: number; readonly cy: number }

/** Pictures of a board as the world's renderer shows it, and the camera that took them. */
export interface Boards { readonly folder: string; readonly truth: Truth; readonly pictures: readonly string[] }

/** Renders `render-boards.mjs ...args` into `folder`. */
export async function boards(folder: string, ...args: string[]): Promise<Boards> {
  const { stdout } = await promisify(execFile)(process.execPath, [fileURLToPath(new URL('../e2e/render-boards.mjs', import.meta.url)), folder, ...args]);
  return { folder, truth: JSON.parse(stdout) as Truth, pictures: (await readdir(folder)).sort().map((file) => join(folder, file)) };
}

/** What `sextant calibrate --json` says at its end. */
export interface Found { readonly rms: number; readonly k: readonly number[]; readonly d: readonly number[]; readonly views: readonly { name: string; rms: number }[]; readonly dropped: readonly { name: string }[] }

/** Focal lengths within half a percent of the truth, and the centre within two pixels. */
export function expectCamera({ k }: Pick<Found, 'k'>, { fx, fy, cx, cy }: Truth): void {
  expect(Math.abs(k[0] / fx - 1)).toBeLessThan(0.005);
  expect(Math.abs(k[4] / fy - 1)).toBeLessThan(0.005);
  expect(Math.hypot(k[2] - cx, k[5] - cy)).toBeLessThan(2);
}

/** Options for the boards that are rendered unless told otherwise. */
export const CHESS = ['--board', '9x6', '--square', '0.03'];
