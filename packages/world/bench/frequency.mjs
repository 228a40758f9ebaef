// What the worlds of many seeds show, with the open assets: per fine class the share of scenes that have it and of pixels.
// node packages/world/bench/frequency.mjs [--assets DIR] [--count 300] [--first 5000000] [--json]
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { bundle, here } from './bundle.mjs';

const { values } = parseArgs({ options: { assets: { type: 'string' }, count: { type: 'string', default: '300' }, first: { type: 'string', default: '5000000' }, json: { type: 'boolean', default: false } } });
const folder = values.assets ?? join(here, '../../../../shared/assets');
const { CLASSES, createWorld, loadAssets } = await bundle("export * from '../src/index.ts';");
const assets = existsSync(folder) ? await loadAssets(folder) : undefined;
if (!assets) console.error(`no assets at ${folder}: the procedural world is counted`);
const count = Number(values.count), width = 80, height = 60, pixels = width * height;
/** A thing counts as present where it covers this share of the picture: below that nobody could name it. */
const VISIBLE = 4 / 4800;
const scenes = new Float64Array(CLASSES.length), area = new Float64Array(CLASSES.length);
const animal = [0, 0], places = new Map(), people = [];
const motion = [];
const spent = process.cpuUsage();
for (let n = 0; n < count; n++) {
  const world = createWorld({ seed: Number(values.first) + n, width, height, fps: 10, supersampling: 1, ...(assets ? { assets } : {}) });
  places.set(world.place, (places.get(world.place) ?? 0) + 1);
  const frame = world.renderStep(20, 19);
  const seen = new Uint32Array(CLASSES.length);
  frame.labels.forEach((label) => seen[label]++);
  seen.forEach((many, id) => {
    if (many >= VISIBLE * pixels) scenes[id]++;
    area[id] += many / pixels;
  });
  const animals = [2, 3, 4, 5, 6, 7, 8].reduce((sum, id) => sum + seen[id], 0) / pixels;
  if (animals > 0.002) animal[0]++;
  if (animals > 0.01) animal[1]++;
  people.push(Math.max(0, ...frame.people.map((p) => p.box[3] / height)));
  let fastest = [];
  for (let i = 0; i < frame.flow.length; i += 2) if (frame.flow[i] === frame.flow[i]) fastest.push(Math.hypot(frame.flow[i], frame.flow[i + 1]) / width);
  fastest.sort((a, b) => a - b);
  motion.push(fastest[Math.floor(fastest.length / 2)] ?? 0);
}
const cpu = process.cpuUsage(spent);
const list = CLASSES.map(({ name }, id) => ({ name, scenes: scenes[id] / count, pixels: area[id] / count }));
if (values.json) console.log(JSON.stringify(list));
else {
  for (const { name, scenes: share, pixels: p } of [...list].sort((a, b) => b.scenes - a.scenes)) console.log(`${name.padEnd(14)} ${(100 * share).toFixed(1).padStart(5)} % of scenes  ${(100 * p).toFixed(3).padStart(7)} % of pixels`);
  console.log(`${list.filter((c) => c.scenes >= 0.015).length} classes in at least 1.5 % of ${count} scenes; animals over 0.2 % of the picture in ${((100 * animal[0]) / count).toFixed(1)} %, over 1 % in ${((100 * animal[1]) / count).toFixed(1)} %`);
  const tall = (low) => ((100 * people.filter((h) => h > low).length) / count).toFixed(0);
  console.log(`largest person taller than 10/30/60/95 % of the picture: ${[0.1, 0.3, 0.6, 0.95].map(tall).join(' / ')} % of scenes`);
  motion.sort((a, b) => a - b);
  console.log(`median motion at 10 Hz, share of the picture's width, percentiles 10/50/75/90/97: ${[0.1, 0.5, 0.75, 0.9, 0.97].map((q) => (100 * motion[Math.floor(q * count)]).toFixed(1)).join(' / ')} %`);
  console.log([...places].sort((a, b) => b[1] - a[1]).map(([name, n]) => `${name} ${n}`).join(', '));
  console.log(`${((cpu.user + cpu.system) / 1000 / count).toFixed(0)} ms of processor time per world and frame`);
}
