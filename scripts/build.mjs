// Builds every package with tsup (the viewer with Vite), two at a time: `node scripts/build.mjs [--fast] [package ...]`.
// `--fast` leaves the declarations out: they cost most of the build, and nobody reads them at run time.
// Type-checking and declarations read the other packages' sources (condition `source`), so the order does not matter.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, join } from 'node:path';
import { buildHash, root, stampBuilt, workspaces } from './stamps.mjs';

const fast = process.argv.includes('--fast');
const only = process.argv.slice(2).filter((word) => !word.startsWith('-'));
const unknown = only.filter((name) => !workspaces.some((workspace) => basename(workspace) === name));
if (unknown.length > 0) {
  console.error(`build: no package ${unknown.join(', ')}; there are ${workspaces.map((w) => basename(w)).join(', ')}`);
  process.exit(2);
}
const queue = workspaces.filter((workspace) => only.length === 0 || only.includes(basename(workspace)));
const hash = buildHash();
let failed = false;

const TSUP = [join(root, 'node_modules/tsup/dist/cli-default.js'), '--silent'];
const VITE = [join(root, 'node_modules/vite/bin/vite.js'), 'build', '--logLevel', 'warn'];

/** Builds one package; resolves when its bundler ended. */
function build(workspace) {
  const started = Date.now();
  const child = spawn(process.execPath, existsSync(join(root, workspace, 'vite.config.ts')) ? VITE : TSUP, {
    cwd: join(root, workspace),
    stdio: ['ignore', 2, 2],
    env: { ...process.env, ...(fast ? { SEXTANT_DTS: '0' } : {}) },
  });
  return new Promise((resolve) => {
    child.on('close', (code, signal) => {
      if (code === 0) {
        console.error(`built ${workspace} in ${((Date.now() - started) / 1000).toFixed(1)} s`);
      } else {
        failed = true;
        console.error(`build: ${workspace} failed (${signal ?? `exit ${code}`})`);
      }
      resolve();
    });
  });
}

async function work() {
  while (queue.length > 0 && !failed) await build(queue.shift());
}

await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, work));
if (failed) process.exit(1);
if (only.length === 0) stampBuilt(hash);
