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
console.log('triangles  picture    samples  cpu ms/frame  frames/s per core (processor time: the machine may be shared)');
for (const [triangles, width, height, supersampling] of [[20000, 160, 120, 2], [20000, 160, 120, 1], [75000, 128, 160, 2], [20000, 320, 240, 2]]) {
  const bench = benchScene(triangles, width, height);
  const renderer = new Renderer();
  for (let i = 1; i < 12; i++) renderer.render(bench.at(i), { supersampling });
  const scenes = Array.from({ length: 40 }, (_, i) => bench.at(i + 12));
  const start = process.cpuUsage();
  for (const scene of scenes) renderer.render(scene, { supersampling });
  const spent = process.cpuUsage(start);
  const each = (spent.user + spent.system) / 1000 / scenes.length;
  console.log(`${String(bench.triangles).padStart(9)}  ${`${width}x${height}`.padEnd(9)}  ${supersampling}x${supersampling}      ${each.toFixed(1).padStart(12)}  ${(1000 / each).toFixed(1).padStart(8)}`);
}
