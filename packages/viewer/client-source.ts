import type { Plugin } from 'vite';

/**
 * Lets Vite bundle `@sextant/client` from its sources (condition `source`). There the worker is a TypeScript file in another
 * folder than beside the built module, and Vite finds workers by their literal path.
 */
export function clientFromSource(): Plugin {
  return {
    name: 'sextant-client-from-source',
    enforce: 'pre',
    transform(code, id) {
      if (!id.split('?')[0].endsWith('/client/src/decoder/open-worker.ts')) return undefined;
      if (!code.includes("'./worker.js'")) throw new Error(`${id} names no './worker.js' any more: adapt client-source.ts`);
      return { code: code.replace("'./worker.js'", "'../worker.ts'"), map: null };
    },
  };
}
