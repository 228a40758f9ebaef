#!/usr/bin/env node
// Pictures of scans from all around, for training/scan_joints.py: binary records (src/record.ts) on stdout, what went wrong as a line of JSON on stderr.
// Needs the built package (npm run build). Exit code: 2 for a bad argument, 1 for a file that cannot be read or shown, else 0.
//   node turntable.mjs FILE.glb
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { SextantError } from '@sextant/core';
import { turntable } from '../dist/index.js';
import { endWithReader, fail } from './pipe.mjs';

endWithReader();

const [file] = process.argv.slice(2);
if (!file) fail('bad-argument', 'there is no file', 'usage: turntable.mjs FILE.glb');
const glb = await readFile(file).catch((error) => fail('source-missing', `cannot read ${file}: ${error.message}`, 'Give a GLB file.'));
let shown = 0;
try {
  for await (const record of turntable(glb)) {
    shown += 1;
    if (!process.stdout.write(record)) await once(process.stdout, 'drain');
  }
} catch (error) {
  const { code, message, hint } = SextantError.from(error);
  // The file is read before the first picture.
  if (shown === 0 && code === 'internal') fail('source-corrupt', `${file} is no GLB file, or damaged: ${error?.message ?? error}`, 'Give a GLB file; if it is one, fetch it again.');
  fail(code, code === 'internal' ? String(error?.stack ?? error) : message, hint);
}
