// Frames per second of the renderer on one core, all outputs: node packages/world/bench/render.mjs
import { build } from 'esbuild';
import { mkdtempSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const file = join(mkdtempSync(join(tmpdir(), 'sextant-bench-')), 'bench.mjs');
await build({
  stdin: { contents: `export * from './render-scene.ts'; export { Renderer } from '../src/render/renderer.ts';`, resolveDir: here, loader: 'ts' },
  bundle: true, format: 'esm', platform: 'node', outfile: file, conditions: ['source'], logLevel: 'error',
});
const { benchScene, Renderer } = await import(pathToFileURL(file).href);
console.log(`${cpus()[0].model}, Node ${process.version}`);
console.log('triangles  picture    samples  ms/frame  frames/s');
for (const [triangles, width, height, supersampling] of [[20000, 160, 120, 2], [20000, 160, 120, 1], [75000, 128, 160, 2], [20000, 320, 240, 2]]) {
  const bench = benchScene(triangles, width, height);
  const renderer = new Renderer();
  for (let i = 1; i < 12; i++) renderer.render(bench.at(i), { supersampling });
  const times = [];
  for (let i = 12; i < 52; i++) {
    const scene = bench.at(i);
    const start = performance.now();
    renderer.render(scene, { supersampling });
    times.push(performance.now() - start);
  }
  const median = times.sort((a, b) => a - b)[times.length >> 1];
  console.log(`${String(bench.triangles).padStart(9)}  ${`${width}x${height}`.padEnd(9)}  ${supersampling}x${supersampling}      ${median.toFixed(1).padStart(8)}  ${(1000 / median).toFixed(1).padStart(8)}`);
}
