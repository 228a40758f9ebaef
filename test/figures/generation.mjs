// Figures of generation (issue "Three tasks in one network"): is the condition found again in what was made from it?
//   node test/figures/generation.mjs <model folder> --assets ../shared/assets --seeds 200 --out runs/generation [--palette] [--guidance 1.5] [--condition-guidance 1] [--steps 16]
// then, for the likeness of features (needs training/requirements.txt):
//   cd training && python -m sextant_nano.frechet --real ../runs/generation/real-b --half ../runs/generation/real-a --made ../runs/generation/made-*
//
// Worlds have seeds below 1 000 000, which training never renders. Each condition (depth, segmentation, skeleton) with the world's caption makes one picture
// of 128x128; the model itself estimates the condition from it. Beside it stand the same figures of the true render (no picture can be expected to do better)
// and of the render of the next world (chance).
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { lastValueFrom, toArray } from 'rxjs';
import { generate, loadModel } from '../../packages/model/dist/index.js';
import { Agreement } from '../../packages/synth/dist/index.js';
import { samplingOf, saverOf } from './pictures.mjs';
import { worldsFor } from './worlds.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    assets: { type: 'string' }, seeds: { type: 'string', default: '200' }, 'first-seed': { type: 'string', default: '0' }, out: { type: 'string', default: 'runs/generation' },
    palette: { type: 'boolean', default: false }, guidance: { type: 'string' }, 'condition-guidance': { type: 'string' }, steps: { type: 'string' }, sampler: { type: 'string' },
    conditions: { type: 'string', default: 'depth,segmentation,skeleton' }, device: { type: 'string', default: 'cpu' },
  },
});
const [seeds, first] = [Number(values.seeds), Number(values['first-seed'])];
const SIZE = { width: 128, height: 128 };
const model = await loadModel(positionals[0] ?? 'models/nano', { device: values.device });
const { look, assets } = await worldsFor(model, SIZE, values.assets);
const options = samplingOf(values);
const { tasks } = model.manifest;
const makes = tasks?.generate.available ? values.conditions.split(',') : [];

const worth = { depth: () => true, segmentation: () => true, skeleton: ({ condition }) => condition.skeleton.people.some(({ keypoints, box }) => keypoints.filter(({ score }) => score > 0).length >= 8 && Math.max(box[2], box[3]) >= 24) };
const save = saverOf(values.out, SIZE);

const rows = Object.fromEntries(makes.map((m) => [m, { made: new Agreement(model, [m]), render: new Agreement(model, [m]), chance: new Agreement(model, [m]), pictures: 0 }]));

let before = look(first + seeds); // stands in for the render of another world, first
for (let i = 0; i < seeds; i++) {
  const seed = first + i;
  const scene = look(seed);
  await save('real-a', seed, scene.frame.rgb);
  await save('real-b', seed + seeds, look(seed + seeds).frame.rgb);
  for (const modality of makes) {
    if (!worth[modality](scene)) continue;
    const row = rows[modality];
    const condition = { ...scene.condition, ...(values.palette && { palette: scene.palette() }) };
    const [made] = await lastValueFrom(generate(model, { frames: 1, modalities: [modality], size: SIZE, prompt: scene.caption, seed, condition: () => condition, ...options }).pipe(toArray()));
    await save(`made-${modality}`, seed, made.frame.rgb);
    await row.made.add({ ...scene.frame, rgb: made.frame.rgb }, scene.condition);
    await row.render.add(scene.frame, scene.condition);
    await row.chance.add(before.frame, scene.condition);
    row.pictures++;
  }
  before = scene;
  if (i % 10 === 9) process.stderr.write(`${i + 1} of ${seeds} worlds\n`);
}
await model.close();
const report = {
  model: `${model.name} ${model.version}`, seeds, firstSeed: first, assets, palette: values.palette, options,
  conditions: Object.fromEntries(Object.entries(rows).map(([m, { made, render, chance, pictures }]) => [m, { pictures, made: made.result()[m] ?? null, render: render.result()[m] ?? null, chance: chance.result()[m] ?? null }])),
};
await mkdir(values.out, { recursive: true });
await writeFile(join(values.out, 'generation.json'), `${JSON.stringify(report, null, 1)}\n`);
console.log(JSON.stringify(report, null, 1));
