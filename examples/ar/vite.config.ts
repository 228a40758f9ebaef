import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { clientFromSource } from '../../packages/viewer/client-source.js';

/** Serves the four pages of this folder; the client comes from its sources, its script-tag build (`/sextant.js`) from its dist. */
export default defineConfig({
  publicDir: process.env['SEXTANT_CLIENT_DIST'] ?? fileURLToPath(new URL('../../packages/client/dist', import.meta.url)),
  plugins: [clientFromSource()],
  resolve: { conditions: ['source', 'module', 'browser', 'import'] },
  // Found at the start, not while a page loads: it would be told to load again, and not hear it if it is not connected yet. rxjs is
  // named since the scan stops at what is excluded.
  optimizeDeps: { entries: ['*/index.html'], include: ['rxjs'], exclude: ['@sextant/client', '@sextant/core'] },
  worker: { format: 'es' },
});
