// Frames per second of the renderer on one core, all outputs: node packages/world/bench/render.mjs
// With the open assets beside the repository (or --assets DIR), whole worlds and the training pipe as well.
import { existsSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { bundle, here } from './bundle.mjs';

const { benchScene, Renderer, createWorld, loadAssets, records } = await bundle(`
  export * from './render-scene.ts'; export { Renderer } from '../src/render/renderer.ts'; export { createWorld, loadAssets, records } from '../src/index.ts';`);
const { values } = parseArgs({ options: { assets: { type: 'string', default: join(here, '../../../../shared/assets') }, worlds: { type: 'string', default: '12' } } });

/** Milliseconds of processor time that `work` takes. */
function spent(work) {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}
console.log(`${cpus()[0].model}, Node ${process.version}`);
console.log('triangles  picture    samples  cpu ms/frame  frames/s per core (processor time: the machine may be shared)');
for (const [triangles, width, height, supersampling] of [[20000, 160, 120, 2], [20000, 160, 120, 1], [75000, 128, 160, 2], [20000, 320, 240, 2]]) {
  const bench = benchScene(triangles, width, height);
  const renderer = new Renderer();
  for (let i = 1; i < 12; i++) renderer.render(bench.at(i), { supersampling });
  const scenes = Array.from({ length: 40 }, (_, i) => bench.at(i + 12));
  const each = spent(() => scenes.forEach((scene) => renderer.render(scene, { supersampling }))) / scenes.length;
  console.log(`${String(bench.triangles).padStart(9)}  ${`${width}x${height}`.padEnd(9)}  ${supersampling}x${supersampling}      ${each.toFixed(1).padStart(12)}  ${(1000 / each).toFixed(1).padStart(8)}`);
}

if (!existsSync(values.assets)) console.log(`no assets at ${values.assets}: worlds are not measured`);
else {
  const assets = await loadAssets(values.assets);
  const count = Number(values.worlds);
  const make = (n) => createWorld({ seed: 6000000 + n, width: 160, height: 120, assets });
  for (let n = 0; n < 3; n++) make(100 + n).render(1); // the first ones compile the code
  const worlds = [];
  const composing = spent(() => { for (let n = 0; n < count; n++) worlds.push(make(n)); });
  const rendering = spent(() => worlds.forEach((world) => { for (let k = 0; k < 6; k++) world.renderStep(3 + 50 * k, 50 * k); }));
  console.log(`${count} worlds with assets, 160x120, 2x2 samples, all labels: ${(composing / count).toFixed(0)} ms to compose, ${(rendering / count / 6).toFixed(1)} ms per frame = ${((count * 6000) / rendering).toFixed(1)} frames/s per core`);
  for (const sensor of [false, true]) {
    let frames = 0;
    const time = spent(() => { for (const record of records({ seedStart: 6001000, count, sizes: [[160, 120]], frames: 3, frameStep: [1, 4], instants: 3, sensor, assets }, (seed, error) => console.error(seed, error))) frames += record.length > 0 ? 3 : 0; });
    console.log(`training pipe, 3 clips of 3 frames per world${sensor ? ', with the sensor' : ''}: ${(time / frames).toFixed(1)} ms per frame = ${((1000 * frames) / time).toFixed(1)} frames/s per core, everything counted`);
  }
}
