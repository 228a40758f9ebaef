// Figures of joint generation: do picture and modality, made together from a sentence alone, show the same scene, and the one that the sentence names?
//   node test/figures/joint.mjs <model folder> --assets ../shared/assets --seeds 60 --out runs/joint [--modalities depth,segmentation,skeleton] [--guidance 1.5] [--steps 20]
// then, for the likeness of features (needs training/requirements.txt; renders of 1 000 worlds on are another half's):
//   cd training && python -m sextant_nano.frechet --real ../runs/joint/real-b --half ../runs/joint/real-a --made ../runs/joint/made-*
//
// The sentences are the captions of worlds with seeds below 1 000 000, which training never renders; each makes one picture of 128x128 with each modality. Figures:
//   together  the modality as the model estimates it from the made picture, against the one made beside it; of no picture is this known to be right, only to agree;
//   chance    the same against the modality made with the picture before;
//   sentence  share of the picture whose classes (estimated from the made picture) the world's render has too, sum over classes of the smaller share; `others`: against the next world's;
//   people    share of pictures in which the made modality holds a person, where the world's render shows one (a hundredth of it at least), and where it shows none.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { lastValueFrom, toArray } from 'rxjs';
import { joint, loadModel, toRgb8 } from '../../packages/model/dist/index.js';
import { MODALITIES } from '../../packages/core/dist/index.js';
import { Agreement } from '../../packages/synth/dist/index.js';
import { samplingOf, saverOf } from './pictures.mjs';
import { worldsFor } from './worlds.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    assets: { type: 'string' }, seeds: { type: 'string', default: '60' }, 'first-seed': { type: 'string', default: '0' }, out: { type: 'string', default: 'runs/joint' },
    modalities: { type: 'string', default: 'depth,segmentation,skeleton' }, guidance: { type: 'string' }, steps: { type: 'string' }, sampler: { type: 'string' }, device: { type: 'string', default: 'cpu' },
  },
});
const [seeds, first] = [Number(values.seeds), Number(values['first-seed'])];
const SIZE = { width: 128, height: 128 };
const LEAST_SEEN = 0.01;
const model = await loadModel(positionals[0] ?? 'models/nano', { device: values.device });
const { look, assets } = await worldsFor(model, SIZE, values.assets);
const options = samplingOf(values);
const person = model.classes.find(({ name }) => name === 'person')?.id;

const save = saverOf(values.out, SIZE);
/** Which share of the picture each class has. */
function sharesOf(labels) {
  const shares = new Map();
  for (const label of labels) shares.set(label, (shares.get(label) ?? 0) + 1 / labels.length);
  return shares;
}
const common = (a, b) => [...a].reduce((sum, [id, share]) => sum + Math.min(share, b.get(id) ?? 0), 0);
const holdsPerson = {
  segmentation: ({ labels }) => (sharesOf(labels).get(person) ?? 0) >= LEAST_SEEN,
  skeleton: ({ people }) => people.some(({ keypoints }) => keypoints.filter(({ score }) => score > 0).length >= 4),
  densepose: ({ part }) => part.filter((p) => p > 0).length >= LEAST_SEEN * part.length,
};
const mean = (list) => (list.length === 0 ? null : list.reduce((a, b) => a + b, 0) / list.length);

const rows = Object.fromEntries(values.modalities.split(',').map((m) => [m, { together: new Agreement(model, [m]), chance: new Agreement(model, [m]), own: [], others: [], where: [], nowhere: [] }]));
let scene = look(first);
for (let i = 0; i < seeds; i++) {
  const [seed, next] = [first + i, look(first + i + 1)];
  await save('real-a', seed, scene.frame.rgb);
  await save('real-b', seed + 1000, look(seed + 1000).frame.rgb);
  const [here, there] = [scene, next].map(({ condition }) => sharesOf(condition.segmentation.labels));
  for (const [modality, row] of Object.entries(rows)) {
    const [{ frame, maps, streams }] = await lastValueFrom(joint(model, { frames: 1, modalities: [modality], size: SIZE, prompt: scene.caption, seed, ...options }).pipe(toArray()));
    await save(`made-${modality}`, seed, frame.rgb);
    await save(`streams-${modality}`, seed, streamPicture(streams, modality));
    const picture = { ...scene.frame, rgb: frame.rgb };
    const wanted = { [modality]: maps[modality] };
    const said = await row.together.look(picture);
    await row.together.add(picture, wanted, said);
    if (row.before) await row.chance.add(picture, row.before, said);
    row.before = wanted;
    const { segmentation } = await model.run(picture, ['segmentation'], { stream: 'sentence', memory: false });
    const shares = sharesOf(segmentation.labels);
    row.own.push(common(shares, here));
    row.others.push(common(shares, there));
    if (holdsPerson[modality]) (((here.get(person) ?? 0) >= LEAST_SEEN) ? row.where : row.nowhere).push(Number(holdsPerson[modality](maps[modality])));
  }
  scene = next;
  if (i % 10 === 9) process.stderr.write(`${i + 1} of ${seeds} worlds\n`);
}
await model.close();

/** The three planes of a modality's stream as a picture. */
function streamPicture(streams, modality) {
  const n = SIZE.width * SIZE.height;
  const at = 3 * MODALITIES.indexOf(modality) * n;
  return toRgb8(streams.subarray(at, at + 3 * n));
}

const report = {
  model: `${model.name} ${model.version}`, seeds, firstSeed: first, assets, options,
  modalities: Object.fromEntries(Object.entries(rows).map(([m, { together, chance, own, others, where, nowhere }]) => [m, {
    together: together.result()[m] ?? null, chance: chance.result()[m] ?? null, sentence: { own: mean(own), others: mean(others) },
    ...(holdsPerson[m] && { people: { shown: { pictures: where.length, found: mean(where) }, notShown: { pictures: nowhere.length, found: mean(nowhere) } } }),
  }])),
};
await mkdir(values.out, { recursive: true });
await writeFile(join(values.out, 'joint.json'), `${JSON.stringify(report, null, 1)}\n`);
console.log(JSON.stringify(report, null, 1));
