import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync } from 'node:fs';
import { cp, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll } from '@jest/globals';
import sharp from 'sharp';

const repository = fileURLToPath(new URL('../../../', import.meta.url));
const bin = join(repository, 'packages/cli/bin/sextant.js');
/** A model with the shapes of the contract and random weights: it starts in a moment. */
export const TINY = join(repository, 'packages/model/test/fixtures/tiny-unified');

/** One that also paints, and finds what a phrase names. */
export const PAINTER = join(repository, 'packages/model/test/fixtures/tiny-generator');

/** A line of `--json`. */
export interface Line extends Readonly<Record<string, unknown>> {
  readonly event: string;
}

/** How a command ended. */
export interface Ended {
  readonly code: number | null;
  readonly lines: readonly Line[];
  readonly stderr: string;
}

/** A started command whose JSON lines can be waited for. */
export class Started {
  readonly lines: Line[] = [];
  stderr = '';
  readonly #ended: Promise<number | null>;
  #wake = (): void => {};

  constructor(readonly child: ChildProcess) {
    createInterface({ input: child.stdout! }).on('line', (line) => {
      this.lines.push(JSON.parse(line) as Line);
      this.#wake();
    });
    child.stderr!.on('data', (data: Buffer) => (this.stderr += data.toString()));
    this.#ended = new Promise((resolve) => {
      child.once('close', (code) => {
        resolve(code);
        this.#wake();
      });
    });
  }

  /** The first line (from now or before) for which `match` is true. */
  async line(match: (line: Line) => boolean): Promise<Line> {
    for (;;) {
      const found = this.lines.find(match);
      if (found) return found;
      if (this.child.exitCode !== null) throw new Error(`the command ended (${this.child.exitCode}) without that line: ${JSON.stringify(this.lines)} ${this.stderr}`);
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  async end(): Promise<Ended> {
    const code = await this.#ended;
    return { code, lines: this.lines, stderr: this.stderr };
  }
}

const running = new Set<ChildProcess>();
afterAll(() => {
  for (const child of running) child.kill('SIGKILL');
});

/** Starts the built `sextant` command. */
export function start(...args: string[]): Started {
  return startWith({}, ...args);
}

/** Starts it with more in its environment. */
export function startWith(env: NodeJS.ProcessEnv, ...args: string[]): Started {
  if (!existsSync(join(repository, 'packages/cli/dist/main.js'))) throw new Error('the command is not built: npm run build');
  const child = spawn(process.execPath, [bin, ...args], { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } });
  running.add(child);
  child.once('close', () => running.delete(child));
  return new Started(child);
}

/** Runs the built `sextant` command to its end. */
export function sextant(...args: string[]): Promise<Ended> {
  return start(...args).end();
}

/** A folder that is gone when the test file is done; to be called at the file's top level. */
export function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sextant-cli-'));
  afterAll(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A square that moves over a gradient: pictures with something in them. */
function picture(width: number, height: number, t: number): Buffer {
  const rgb = Buffer.alloc(width * height * 3);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const inside = Math.abs(x - 10 - t * 2) < 8 && Math.abs(y - height / 2) < 8;
      rgb.set(inside ? [230, 60, 40] : [(x * 255) / width, (y * 255) / height, 90], (y * width + x) * 3);
    }
  }
  return rgb;
}

/** A folder of numbered PNGs. */
export async function pictureFolder(path: string, frames: number, width = 64, height = 48): Promise<string> {
  await mkdir(path, { recursive: true });
  for (let t = 0; t < frames; t += 1) {
    const png = await sharp(picture(width, height, t), { raw: { width, height, channels: 3 } }).png().toBuffer();
    await writeFile(join(path, `${String(t).padStart(4, '0')}.png`), png);
  }
  return path;
}

/** A YUV4MPEG2 video (4:4:4, so that nothing depends on chroma siting). */
export async function y4m(path: string, frames: number, fps = 20, width = 64, height = 48): Promise<string> {
  const parts = [Buffer.from(`YUV4MPEG2 W${width} H${height} F${fps}:1 Ip A1:1 C444\n`)];
  for (let t = 0; t < frames; t += 1) {
    const rgb = picture(width, height, t);
    const planes = Buffer.alloc(width * height * 3, 128);
    for (let i = 0; i < width * height; i += 1) planes[i] = (rgb[i * 3] + rgb[i * 3 + 1] + rgb[i * 3 + 2]) / 3;
    parts.push(Buffer.from('FRAME\n'), planes);
  }
  await writeFile(path, Buffer.concat(parts));
  return path;
}

/** A camera_calibration file of an ideal camera. */
export async function calibration(path: string, width = 64, height = 48): Promise<string> {
  const k = `[50, 0, ${(width - 1) / 2}, 0, 50, ${(height - 1) / 2}, 0, 0, 1]`;
  const p = `[50, 0, ${(width - 1) / 2}, 0, 0, 50, ${(height - 1) / 2}, 0, 0, 0, 1, 0]`;
  await writeFile(path, `image_width: ${width}
image_height: ${height}
camera_name: test
camera_matrix: {rows: 3, cols: 3, data: ${k}}
distortion_model: plumb_bob
distortion_coefficients: {rows: 1, cols: 5, data: [0, 0, 0, 0, 0]}
rectification_matrix: {rows: 3, cols: 3, data: [1, 0, 0, 0, 1, 0, 0, 0, 1]}
projection_matrix: {rows: 3, cols: 4, data: ${p}}
`);
  return path;
}

/** A copy of the tiny model that a test may damage. */
export async function modelCopy(path: string): Promise<string> {
  await cp(TINY, path, { recursive: true });
  return path;
}

/** Whether a recording was closed, not cut off: it ends with the magic of MCAP. */
export async function closed(recording: string): Promise<boolean> {
  return (await readFile(recording)).subarray(-8).equals(Buffer.from([0x89, 0x4d, 0x43, 0x41, 0x50, 0x30, 0x0d, 0x0a]));
}

/** A clip of 20 frames and its calibration, made before the tests of a file. */
export function filmed(root: string): { readonly clip: string; readonly camera: string } {
  const paths = { clip: join(root, 'clip.y4m'), camera: join(root, 'camera.yaml') };
  beforeAll(async () => {
    await y4m(paths.clip, 20);
    await calibration(paths.camera);
  });
  return paths;
}

/** How many frames a line of `stats` says were overtaken. */
export const dropped = (line: Line): number => Object.values(line.dropped as Record<string, number>).reduce((sum, n) => sum + n, 0);

/** SHA-256 of the pixels of each picture in a folder, in the order of their names. */
export async function pictureHashes(folder: string): Promise<string[]> {
  const names = (await readdir(folder)).sort();
  return Promise.all(names.map(async (name) => createHash('sha256').update(await sharp(join(folder, name)).raw().toBuffer()).digest('hex')));
}

/** A JSON file. */
export const readJson = async (...path: string[]): Promise<Record<string, unknown>> => JSON.parse(await readFile(join(...path), 'utf8')) as Record<string, unknown>;
