import { defineConfig } from 'vite';
import { clientFromSource } from './client-source.js';

/** The client and core are taken from their sources, so that the page needs no build but its own. */
export default defineConfig({
  base: './',
  plugins: [clientFromSource()],
  resolve: { conditions: ['source', 'module', 'browser', 'import'] },
  worker: { format: 'es', plugins: () => [clientFromSource()] },
  build: {
    target: 'es2022',
    sourcemap: true,
    // three.js comes with the point cloud, in a file of its own that is fetched when that view is opened.
    chunkSizeWarningLimit: 900,
    // The gateway's policy allows no inline data beyond images.
    assetsInlineLimit: 0,
    rolldownOptions: { checks: { pluginTimings: false } },
  },
  server: { proxy: { '/masks': { target: 'ws://127.0.0.1:8420', ws: true } } },
});
