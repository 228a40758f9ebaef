import { build } from 'esbuild';
import { mkdirSync, mkdtempSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** This folder. */
export const here = dirname(fileURLToPath(import.meta.url));

/** Bundles TypeScript `source`, whose relative imports start in this folder, and imports it. Native packages stay outside. */
export async function bundle(source) {
  // Below node_modules, so that the packages left outside are found.
  const folder = join(here, '../../../node_modules/.cache/sextant-bench');
  mkdirSync(folder, { recursive: true });
  const file = join(mkdtempSync(join(folder, 'run-')), 'bench.mjs');
  await build({
    stdin: { contents: source, resolveDir: here, loader: 'ts' }, bundle: true, format: 'esm', platform: 'node', outfile: file, conditions: ['source'],
    external: ['sharp'], logLevel: 'error', banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  });
  return import(pathToFileURL(file).href);
}
