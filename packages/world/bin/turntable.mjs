#!/usr/bin/env node
// Pictures of scans from all around, for training/scan_joints.py: binary records (src/record.ts) on stdout. Needs the built package (npm run build).
//   node turntable.mjs FILE.glb
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { turntable } from '../dist/index.js';

const [file] = process.argv.slice(2);
if (!file) {
  process.stderr.write('usage: turntable.mjs FILE.glb\n');
  process.exit(2);
}
for await (const record of turntable(await readFile(file))) {
  if (!process.stdout.write(record)) await once(process.stdout, 'drain');
}
