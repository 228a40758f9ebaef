import { build } from 'esbuild';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));

/**
 * Builds what runs in a browser as it is, everything inside: the worker, the script-tag build (global `Sextant`) with a worker
 * of its own, and one ES module for pages without a bundler. core and rxjs are taken from their sources and packages.
 * @param {string} folder where to write
 */
export async function buildBrowser(folder) {
  const common = {
    bundle: true, platform: 'browser', target: 'es2022', minify: true, sourcemap: true, conditions: ['source'], logLevel: 'warning', legalComments: 'none',
  };
  const entry = (name) => [join(here, 'src', name)];
  await Promise.all([
    build({ ...common, entryPoints: entry('worker.ts'), format: 'esm', outfile: join(folder, 'worker.js') }),
    build({ ...common, entryPoints: entry('worker.ts'), format: 'iife', outfile: join(folder, 'sextant-worker.js') }),
    build({ ...common, entryPoints: entry('index.ts'), format: 'esm', outfile: join(folder, 'sextant.mjs') }),
    build({
      ...common, entryPoints: entry('index.ts'), format: 'iife', globalName: 'Sextant', outfile: join(folder, 'sextant.js'),
      define: { SEXTANT_SCRIPT_TAG: 'true', 'import.meta.url': '""' },
    }),
  ]);
}
