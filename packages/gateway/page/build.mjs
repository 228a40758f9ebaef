import { build } from 'esbuild';
import { copyFile, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));

/**
 * Bundles the page into a folder of static files. The core package is taken from its sources, so that the page needs no
 * build but its own.
 * @param {string} folder where to write, created if missing
 */
export async function buildPage(folder) {
  await mkdir(folder, { recursive: true });
  await build({
    entryPoints: [join(here, 'src/main.ts')],
    outfile: join(folder, 'main.js'),
    bundle: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    minify: true,
    sourcemap: true,
    conditions: ['source'],
    logLevel: 'warning',
  });
  for (const file of ['index.html', 'style.css']) await copyFile(join(here, file), join(folder, file));
}
