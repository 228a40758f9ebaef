// What the figures of generation share beside worlds: the settings that a command may name, and pictures as files.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';

/** Of a command's options those that were given, as `generate` and `joint` take them. */
export function samplingOf({ guidance, 'condition-guidance': condition, steps, sampler }) {
  return { ...(guidance && { guidance: Number(guidance) }), ...(condition && { conditionGuidance: Number(condition) }), ...(steps && { steps: Number(steps) }), ...(sampler && { sampler }) };
}

/** Returns `save(folder, seed, rgb)`: writes rgb8 of `size` as <out>/<folder>/<seed>.png. */
export function saverOf(out, size) {
  return async (folder, seed, rgb) => {
    await mkdir(join(out, folder), { recursive: true });
    await sharp(rgb, { raw: { ...size, channels: 3 } }).png().toFile(join(out, folder, `${String(seed).padStart(6, '0')}.png`));
  };
}
