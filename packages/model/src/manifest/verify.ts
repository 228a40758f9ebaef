import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { SextantError } from '@sextant/core';
import type { Manifest } from './schema.js';

/** How far the check of a model's files has come; `totalBytes` is constant, `bytes` only grows. */
export interface VerifyProgress {
  readonly file: string;
  readonly bytes: number;
  readonly totalBytes: number;
}

/**
 * Checks size and SHA-256 of every file of a model, streaming.
 * @throws SextantError `model-missing` or `model-damaged`, with `file`, `expected` and `found` in its details.
 */
export async function verifyFiles(folder: string, manifest: Pick<Manifest, 'files' | 'name'>, onProgress?: (progress: VerifyProgress) => void): Promise<void> {
  const totalBytes = manifest.files.reduce((sum, file) => sum + file.bytes, 0);
  let bytes = 0;
  for (const entry of manifest.files) {
    const path = join(folder, entry.path);
    const size = await sizeOf(path, manifest.name);
    if (size !== entry.bytes) throw damaged(manifest.name, path, 'bytes', entry.bytes, size);
    const hash = createHash('sha256');
    await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), async (chunks: AsyncIterable<Buffer>) => {
      for await (const chunk of chunks) {
        hash.update(chunk);
        bytes += chunk.length;
        onProgress?.({ file: entry.path, bytes, totalBytes });
      }
    });
    const found = hash.digest('hex');
    if (found !== entry.sha256) throw damaged(manifest.name, path, 'SHA-256', entry.sha256, found);
  }
}

async function sizeOf(path: string, model: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (cause) {
    throw new SextantError('model-missing', `file ${path} of model ${model} is not there`, {
      hint: 'Fetch the model again (in a checkout: git checkout of the models folder).',
      details: { file: path, model },
      cause,
    });
  }
}

function damaged(model: string, file: string, what: string, expected: number | string, found: number | string): SextantError {
  return new SextantError('model-damaged', `file ${file} of model ${model} is damaged: ${what} is ${found}, expected ${expected}`, {
    hint: 'Fetch the file again; if it was replaced on purpose, write its size and SHA-256 into manifest.json.',
    details: { file, model, what, expected, found },
  });
}
