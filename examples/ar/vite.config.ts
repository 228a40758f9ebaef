import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import type { Plugin } from 'vite';
import { clientFromSource } from '../../packages/viewer/client-source.js';

/** Sends `/outline` to `/outline/`, from where a page finds what it names. */
function withSlash(): Plugin {
  return {
    name: 'pages-end-with-a-slash',
    configureServer({ middlewares }) {
      middlewares.use((request, response, next) => {
        const [path, ...query] = (request.url ?? '').split('?');
        if (/^\/(background|occlusion|outline|react)$/.test(path)) response.writeHead(302, { location: [`${path}/`, ...query].join('?') }).end();
        else next();
      });
    },
  };
}

/** Serves the four pages of this folder and one with links to them; the client comes from its sources, its script-tag build (`/sextant.js`) from its dist. */
export default defineConfig({
  publicDir: process.env['SEXTANT_CLIENT_DIST'] ?? fileURLToPath(new URL('../../packages/client/dist', import.meta.url)),
  plugins: [clientFromSource(), withSlash()],
  resolve: { conditions: ['source', 'module', 'browser', 'import'] },
  // Found at the start, not while a page loads: it would be told to load again, and not hear it if it is not connected yet. rxjs is
  // named since the scan stops at what is excluded.
  optimizeDeps: { entries: ['*/index.html'], include: ['rxjs'], exclude: ['@sextant/client', '@sextant/core'] },
  worker: { format: 'es' },
});
