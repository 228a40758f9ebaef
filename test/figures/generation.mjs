// Figures of generation (issue "Three tasks in one network"): is the condition found again in what was made from it?
//   node test/figures/generation.mjs <model folder> --assets ../shared/assets --seeds 200 --out runs/generation [--palette] [--guidance 1.5] [--condition-guidance 1] [--steps 16]
//        [--conditions depth,segmentation,skeleton,flow,densepose,depth+segmentation,depth+skeleton] [--first-seed 0] [--size 128x128] [--close-ups 8]
// then, for the likeness of features (needs training/requirements.txt):
//   cd training && python -m sextant_nano.frechet --real ../runs/generation/real-b --half ../runs/generation/real-a --made ../runs/generation/made-*
//
// Worlds have seeds below 1 000 000, which training never renders. Each condition (by default depth, segmentation and skeleton, each alone; several at once are joined by +) with the
// world's caption makes one picture (of 128x128, as training saw them, unless told otherwise); the model itself estimates the condition from it. Beside it stand the same figures of the true render (no picture can be
// expected to do better) and of the render of the next world (chance). Of several conditions each has its own figures. `--close-ups`: people are looked at again from nearby, as `sextant run --close-ups` does.
//
// Flow is seen between two pictures: with it the first two frames of a clip are made, each from its own condition, and what is estimated between them is compared with the
// flow of the second. `zero` is the error of no motion at all, which two pictures that hardly move come near to. Where the estimator sees no motion (it takes the second
// picture for a cut) none is what it says. DensePose: part accuracy over the pixels of bodies, and IoU of bodies whatever the part.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { lastValueFrom, toArray } from 'rxjs';
import { generate, loadModel } from '../../packages/model/dist/index.js';
import { conditionsOf, isWorth } from './conditions.mjs';
import { Comparison } from './comparison.mjs';
import { samplingOf, saverOf } from './pictures.mjs';
import { worldsFor } from './worlds.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    assets: { type: 'string' }, seeds: { type: 'string', default: '200' }, 'first-seed': { type: 'string', default: '0' }, out: { type: 'string', default: 'runs/generation' },
    palette: { type: 'boolean', default: false }, guidance: { type: 'string' }, 'condition-guidance': { type: 'string' }, steps: { type: 'string' }, sampler: { type: 'string' },
    conditions: { type: 'string', default: 'depth,segmentation,skeleton' }, device: { type: 'string', default: 'cpu' }, size: { type: 'string', default: '128x128' }, 'close-ups': { type: 'string', default: '0' },
  },
});
const [seeds, first] = [Number(values.seeds), Number(values['first-seed'])];
const closeUps = Number(values['close-ups']);
const [width, height] = values.size.split('x').map(Number);
const SIZE = { width, height };
const model = await loadModel(positionals[0] ?? 'models/nano', { device: values.device });
const { look, watch, assets } = await worldsFor(model, SIZE, values.assets);
const options = samplingOf(values);
const { tasks } = model.manifest;
const makes = tasks?.generate.available ? conditionsOf(values.conditions, model) : [];
const save = saverOf(values.out, SIZE);
const rows = makes.map(({ name, modalities }) => ({ name, modalities, frames: modalities.includes('flow') ? 2 : 1, compared: new Comparison(model, modalities, { closeUps }), pictures: 0 }));
const frames = Math.max(1, ...rows.map((row) => row.frames));

let before = [...watch(first + seeds, frames)]; // stands in for the render of another world, first
for (let i = 0; i < seeds; i++) {
  const seed = first + i;
  const scenes = [...watch(seed, frames)];
  await save('real-a', seed, scenes[0].frame.rgb);
  await save('real-b', seed + seeds, look(seed + seeds).frame.rgb);
  for (const row of rows) {
    const { name, modalities } = row;
    const [mine, others] = [scenes.slice(0, row.frames), before.slice(0, row.frames)];
    if (!isWorth(mine, modalities)) continue;
    const condition = (index) => ({ ...mine[index].condition, ...(values.palette && { palette: mine[index].palette() }) });
    const clip = await lastValueFrom(generate(model, { frames: row.frames, modalities, size: SIZE, prompt: scenes[0].caption, seed, condition, ...options }).pipe(toArray()));
    for (const [k, { frame }] of clip.entries()) await save(k === 0 ? `made-${name}` : `made-${name}-next`, seed, frame.rgb);
    await row.compared.add(mine, clip.map(({ frame }) => frame.rgb), others);
    row.pictures++;
  }
  before = scenes;
  if (i % 10 === 9) process.stderr.write(`${i + 1} of ${seeds} worlds\n`);
}
await model.close();
const report = {
  model: `${model.name} ${model.version}`, seeds, firstSeed: first, assets, palette: values.palette, closeUps, options,
  conditions: Object.fromEntries(rows.map(({ name, frames: made, pictures, compared }) => [name, { [made > 1 ? 'pairs' : 'pictures']: pictures, ...compared.result() }])),
};
await mkdir(values.out, { recursive: true });
await writeFile(join(values.out, 'generation.json'), `${JSON.stringify(report, null, 1)}\n`);
console.log(JSON.stringify(report, null, 1));
