import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Frame } from '@sextant/core';

/** The committed tiny models (see fixtures/make.py). */
export type FixtureName = 'tiny-unified' | 'tiny-memory' | 'tiny-generator' | 'tiny-painter' | 'tiny-depth-estimator';

/** The folder of a tiny model. */
export function fixture(name: FixtureName): string {
  return fileURLToPath(new URL(`./fixtures/${name}`, import.meta.url));
}

/** A copy of a tiny model that a test may damage, and how to remove it. */
export function fixtureCopy(name: FixtureName): { folder: string; remove: () => void } {
  const base = mkdtempSync(join(tmpdir(), 'sextant-model-'));
  const folder = join(base, name);
  cpSync(fixture(name), folder, { recursive: true });
  return { folder, remove: () => rmSync(base, { recursive: true, force: true }) };
}

/** A frame of one grey value, or of a pattern that moves with the sequence number. */
export function frame(sequence: number, options: { width?: number; height?: number; grey?: number; camera?: Frame['camera'] } = {}): Frame {
  const { width = 96, height = 64, grey, camera } = options;
  const rgb = new Uint8Array(width * height * 3);
  if (grey !== undefined) rgb.fill(grey);
  else for (let i = 0; i < rgb.length; i++) rgb[i] = ((Math.floor(i / 3) % width) * 5 + Math.floor(i / 3 / width) * 3 + sequence * 9 + (i % 3) * 40) & 255;
  return { stamp: BigInt(sequence) * 33_000_000n, frameId: 'camera', sequence, width, height, rgb, ...(camera ? { camera } : {}) };
}
