import { defineConfig } from 'tsup';

/**
 * The one build configuration of every package: ESM and CJS for Node 20, declarations unless SEXTANT_DTS=0
 * (the first `npm start` skips them: they cost most of the build and nobody reads them at run time).
 * @param {import('tsup').Options} options what differs per package
 */
export function library(options) {
  return defineConfig({
    format: ['esm', 'cjs'],
    shims: true,
    splitting: false,
    sourcemap: true,
    clean: true,
    target: 'node20',
    dts: process.env.SEXTANT_DTS === '0' ? false : { compilerOptions: { composite: false, ignoreDeprecations: '6.0', noEmit: false } },
    ...options,
  });
}
