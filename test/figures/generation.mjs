// Figures of generation (issue "Three tasks in one network"): is the condition found again in what was made from it, and are named things found?
//   node test/figures/generation.mjs <model folder> --assets ../shared/assets --seeds 200 --out runs/generation [--palette] [--guidance 1.5] [--condition-guidance 1] [--steps 16]
// then, for the likeness of features (needs training/requirements.txt):
//   cd training && python -m sextant_nano.frechet --real ../runs/generation/real-b --half ../runs/generation/real-a --made ../runs/generation/made-*
//
// Worlds have seeds below 1 000 000, which training never renders. Each condition (depth, segmentation, skeleton) with the world's caption makes one picture
// of 128x128; the model itself estimates the condition from it. Beside it stand the same figures of the true render (no picture can be expected to do better)
// and of the render of the next world (chance). Things are named as training names them; nouns, numbers and pairs that it never named are counted apart.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { lastValueFrom, toArray } from 'rxjs';
import { generate, loadModel } from '../../packages/model/dist/index.js';
import { Agreement, regionColours } from '../../packages/synth/dist/index.js';
import { createWorld, loadAssets } from '../../packages/world/dist/index.js';

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
const INSTANT = 10; // by then what moves is moving
const model = await loadModel(positionals[0] ?? 'models/nano', { device: values.device });
const library = values.assets === undefined ? undefined : await loadAssets(values.assets);
const names = new Map(model.classes.map(({ name, id }) => [name, id]));
const options = { ...(values.guidance && { guidance: Number(values.guidance) }), ...(values['condition-guidance'] && { conditionGuidance: Number(values['condition-guidance']) }), ...(values.steps && { steps: Number(values.steps) }), ...(values.sampler && { sampler: values.sampler }) };
const { tasks, training } = model.manifest;
const makes = tasks?.generate.available ? values.conditions.split(',') : [];

/** A world's instant: the picture, every condition, the caption. */
function look(seed) {
  const world = createWorld({ seed, ...SIZE, ...(library && { assets: library }) });
  const now = world.render(INSTANT);
  const labels = now.labels.map((id) => names.get(world.classes[id].name) ?? 0);
  const people = now.people.filter(({ labelled, box }) => labelled && box[2] > 0).map(({ instanceId, box, keypoints }) => ({
    id: instanceId, score: 1, box, keypoints: keypoints.map(({ x, y, visibility }) => ({ x, y, score: visibility > 0 ? 1 : 0 })),
  }));
  const frame = { rgb: now.rgb, ...SIZE, stamp: now.stamp, frameId: 'camera', sequence: seed, camera: now.camera };
  const condition = { depth: { ...SIZE, metres: now.depth }, segmentation: { ...SIZE, labels, instances: now.instances }, skeleton: { ...SIZE, people }, focal: now.camera.k[0] };
  return { frame, condition, caption: world.caption, instances: now.instances, palette: { ...SIZE, rgb: regionColours(now.rgb, labels, now.instances) } };
}
const worth = { depth: () => true, segmentation: () => true, skeleton: ({ condition }) => condition.skeleton.people.some(({ keypoints, box }) => keypoints.filter(({ score }) => score > 0).length >= 8 && Math.max(box[2], box[3]) >= 24) };
const save = async (folder, seed, rgb) => {
  await mkdir(join(values.out, folder), { recursive: true });
  await sharp(rgb, { raw: { ...SIZE, channels: 3 } }).png().toFile(join(values.out, folder, `${String(seed).padStart(6, '0')}.png`));
};

const rows = Object.fromEntries(makes.map((m) => [m, { made: new Agreement(model, [m]), render: new Agreement(model, [m]), chance: new Agreement(model, [m]), pictures: 0 }]));
const named = { trained: [], heldOutNouns: [], heldOutNumbers: [], heldOutPairs: [] };
const held = training?.heldOut ?? { nouns: [], counts: [], pairs: [] };
const NUMBERS = { 1: 'one', 2: 'two', 3: 'three', 4: 'several' };
const plural = (noun) => (noun === 'person' ? 'people' : /(s|sh|ch|x)$/.test(noun) ? `${noun}es` : noun.endsWith('shelf') ? `${noun.slice(0, -5)}shelves` : `${noun}s`);

/** Which figures a prompt counts for. */
function kindOf(noun, count) {
  if (held.nouns.includes(noun)) return 'heldOutNouns';
  if (held.counts.includes(NUMBERS[count])) return 'heldOutNumbers';
  return held.pairs.some(([n, c]) => n === NUMBERS[count] && c === noun) ? 'heldOutPairs' : 'trained';
}

/** Asks for everything in view by name and number. */
async function nameThings({ frame, condition: { segmentation }, instances }) {
  for (const { id, name, thing } of model.classes) {
    if (id === 0 || !/^[a-z]+$/.test(name)) continue;
    const sizes = new Map();
    segmentation.labels.forEach((label, i) => label === id && sizes.set(instances[i], (sizes.get(instances[i]) ?? 0) + 1));
    const pixels = [...sizes.values()].reduce((a, b) => a + b, 0);
    if (pixels < 48) continue; // 12 on the half grid, as in training
    const count = Math.min(4, thing ? Math.max(1, [...sizes.values()].filter((n) => n >= 48).length) : 1);
    const phrase = `segmentation of ${NUMBERS[count]} ${count === 1 ? name : plural(name)}`;
    const { referred } = await model.run(frame, ['segmentation'], { prompts: { segmentation: phrase } });
    let [both, either] = [0, 0];
    for (let y = 0; y < SIZE.height; y++) {
      for (let x = 0; x < SIZE.width; x++) {
        const at = Math.floor(((y + 0.5) * referred.height) / SIZE.height) * referred.width + Math.floor(((x + 0.5) * referred.width) / SIZE.width);
        const [is, says] = [segmentation.labels[y * SIZE.width + x] === id, referred.probability[at] >= 0.5];
        if (is && says) both++;
        if (is || says) either++;
      }
    }
    named[kindOf(name, count)].push(both / either);
  }
}

let before = look(first + seeds); // stands in for the render of another world, first
for (let i = 0; i < seeds; i++) {
  const seed = first + i;
  const scene = look(seed);
  await save('real-a', seed, scene.frame.rgb);
  await save('real-b', seed + seeds, look(seed + seeds).frame.rgb);
  for (const modality of makes) {
    if (!worth[modality](scene)) continue;
    const row = rows[modality];
    const condition = { ...scene.condition, ...(values.palette && { palette: scene.palette }) };
    const [made] = await lastValueFrom(generate(model, { frames: 1, modalities: [modality], size: SIZE, prompt: scene.caption, seed, condition: () => condition, ...options }).pipe(toArray()));
    await save(`made-${modality}`, seed, made.frame.rgb);
    await row.made.add({ ...scene.frame, rgb: made.frame.rgb }, scene.condition);
    await row.render.add(scene.frame, scene.condition);
    await row.chance.add(before.frame, scene.condition);
    row.pictures++;
  }
  if (model.manifest.referring) await nameThings(scene);
  before = scene;
  if (i % 10 === 9) process.stderr.write(`${i + 1} of ${seeds} worlds\n`);
}
await model.close();
const mean = (list) => (list.length === 0 ? null : list.reduce((a, b) => a + b, 0) / list.length);
const report = {
  model: `${model.name} ${model.version}`, seeds, firstSeed: first, assets: library?.name ?? null, palette: values.palette, options,
  conditions: Object.fromEntries(Object.entries(rows).map(([m, { made, render, chance, pictures }]) => [m, { pictures, made: made.result()[m] ?? null, render: render.result()[m] ?? null, chance: chance.result()[m] ?? null }])),
  named: Object.fromEntries(Object.entries(named).map(([kind, list]) => [kind, { prompts: list.length, meanIoU: mean(list) }])),
};
await mkdir(values.out, { recursive: true });
await writeFile(join(values.out, 'generation.json'), `${JSON.stringify(report, null, 1)}\n`);
console.log(JSON.stringify(report, null, 1));
