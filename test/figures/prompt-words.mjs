// How much do the words of a modality's prompt matter to estimation, beside `task.select`, which says the same? The model is shown worlds with its own prompts and with the prompts
// of the modalities exchanged (depth is asked for as "optical flow", and so on), everything else the same.
//   node test/figures/prompt-words.mjs <model folder> --assets ../shared/assets --seeds 40 [--first-seed 0]
import { mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { loadModel } from '../../packages/model/dist/index.js';
import { worldsFor } from './worlds.mjs';

const { values, positionals } = parseArgs({ allowPositionals: true, options: { assets: { type: 'string' }, seeds: { type: 'string', default: '40' }, 'first-seed': { type: 'string', default: '0' } } });
const [seeds, first] = [Number(values.seeds), Number(values['first-seed'])];
const folder = resolve(positionals[0] ?? 'models/nano');
const SIZE = { width: 256, height: 192 };

/** The same model with each modality's prompt given to the next one. */
const other = mkdtempSync(join(tmpdir(), 'sextant-prompts-'));
for (const name of readdirSync(folder)) if (name !== 'manifest.json') symlinkSync(join(folder, name), join(other, name));
const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));
const asked = Object.keys(manifest.modalities);
const prompts = asked.map((modality) => manifest.modalities[modality].prompt);
asked.forEach((modality, i) => (manifest.modalities[modality].prompt = prompts[(i + 1) % prompts.length]));
writeFileSync(join(other, 'manifest.json'), JSON.stringify(manifest));

const [own, exchanged] = await Promise.all([folder, other].map((path) => loadModel(path, { device: 'cpu', threads: 1 })));
const { look, assets } = await worldsFor(own, SIZE, values.assets, 11);
const mean = (list) => list.reduce((sum, v) => sum + v, 0) / list.length;
const sums = { depth: [], labels: [], people: [], parts: [] };
for (let seed = first; seed < first + seeds; seed++) {
  const { frame } = look(seed);
  const modalities = ['depth', 'segmentation', 'skeleton', 'densepose'];
  const [a, b] = await Promise.all([own, exchanged].map((model) => model.run(frame, modalities)));
  sums.depth.push(mean(Array.from(a.depth.metres, (z, i) => Math.abs(Math.log(z / b.depth.metres[i]))).filter(Number.isFinite)));
  sums.labels.push(mean(Array.from(a.segmentation.labels, (label, i) => Number(label !== b.segmentation.labels[i]))));
  sums.parts.push(mean(Array.from(a.densepose.part, (part, i) => Number(part !== b.densepose.part[i]))));
  sums.people.push(Math.abs(a.skeleton.people.length - b.skeleton.people.length));
}
await Promise.all([own.close(), exchanged.close()]);
rmSync(other, { recursive: true });
console.log(`${own.name} ${own.version}, worlds ${first} to ${first + seeds - 1}${assets === null ? '' : ` of ${assets}`}, prompts exchanged: ln depth changes by ${mean(sums.depth).toFixed(4)}, ${(100 * mean(sums.labels)).toFixed(2)} % of labels, ${(100 * mean(sums.parts)).toFixed(2)} % of body parts, people in view by ${mean(sums.people).toFixed(2)}`);
