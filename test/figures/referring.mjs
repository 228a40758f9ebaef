// Figures of named things: how well does `sextant estimate --prompt` find what a phrase names, with words of training and with words that training never held?
//   node test/figures/referring.mjs <model folder> --assets ../shared/assets --seeds 200 [--first-seed 0] [--json]
//
// Worlds as `sextant eval --source world` renders them (256x192, no sensor, instant 11), each picture for itself. Every class in view (at least 12 pixels of the map's grid) is
// asked for once, in words of training (phrases.mjs); a number or pair that training held out is always said. Four trained nouns and one held-out noun of which no pixel is in view
// are asked for too: nothing should be found. Where the things of a class that are in view are of different colours, it is asked for in each of them ("the red car"): `colours`, and beside it
// `colourless`, the same pixels asked for without their colour; and in a colour that none of them has. A thing's colour is that nearest to the mean of its pixels. Groups (the supersets of several classes of which some are in view, and "objects") are asked for by their names. Masks are what `referredSegmentation` gives, brought to the picture's size by nearest sample, and beside them those of probability
// at least 0.5. `meanIoU` is the mean over prompts, `pooledIoU` of the pixels of all prompts together.
import { parseArgs } from 'node:util';
import { referredSegmentation, resampleNearest } from '../../packages/core/dist/index.js';
import { groupOf, loadModel, nearestColour } from '../../packages/model/dist/index.js';
import { KINDS, fixedDraw, kindOf, phraseFor, thingsInView } from './phrases.mjs';
import { worldsFor } from './worlds.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    assets: { type: 'string' }, seeds: { type: 'string', default: '200' }, 'first-seed': { type: 'string', default: '0' }, json: { type: 'boolean', default: false },
    device: { type: 'string', default: 'cpu' }, threads: { type: 'string' },
  },
});
const [seeds, first] = [Number(values.seeds), Number(values['first-seed'])];
const SIZE = { width: 256, height: 192 };
const INSTANT = 11; // the one that `sextant eval` scores
const LEAST_OF_A_COLOUR = 48; // pixels of a thing whose colour counts: as many as 12 of the map's grid
const COLOURS = ['red', 'blue', 'green', 'yellow', 'white', 'black'];
const ABSENT = { absentTrained: 4, absentHeldOut: 1 }; // prompts of a world
const model = await loadModel(positionals[0] ?? 'models/nano', { device: values.device, ...(values.threads && { threads: Number(values.threads) }) });
const held = model.manifest.training?.heldOut;
if (held === undefined) throw new Error(`the manifest of ${model.name} ${model.version} does not say what training held out (training.heldOut)`);
const { look, assets } = await worldsFor(model, SIZE, values.assets, INSTANT);
const named = model.classes.filter(({ id }) => id > 0);

/** Sums of the masks of one kind of decoding. */
class Score {
  ious = [];
  #both = 0;
  #either = 0;

  add(both, either) {
    this.ious.push(both / either);
    this.#both += both;
    this.#either += either;
  }

  result() {
    return { meanIoU: this.ious.reduce((a, b) => a + b, 0) / this.ious.length, pooledIoU: this.#both / this.#either };
  }
}

const present = new Map(KINDS.map((kind) => [kind, { decoded: new Score(), half: new Score() }]));
for (const kind of ['groups', 'colours', 'colourless']) present.set(kind, { decoded: new Score(), half: new Score() });
/** Ids of the classes by the group's name. */
const groups = new Map();
for (const name of new Set(['object', ...named.flatMap(({ superset }) => superset?.name ?? [])])) {
  const group = groupOf(name, model.classes);
  if (group) groups.set(name, group.classes);
}
const perClass = new Map(named.map(({ name }) => [name, { decoded: new Score(), half: new Score() }]));
const absent = new Map([...Object.keys(ABSENT), 'absentColour'].map((kind) => [kind, { decoded: [], half: [] }]));

/** The pixels that a phrase names, in the picture's size: as decoded, and where the probability is at least 0.5. */
async function masksOf(frame, phrase) {
  // Without a modality only what the phrase needs runs.
  const { referred } = await model.run(frame, [], { prompts: { segmentation: phrase } });
  const { probability, width, height } = referred;
  const full = (mask) => resampleNearest(mask, width, height, SIZE.width, SIZE.height);
  return { decoded: full(referredSegmentation(referred).labels), half: full(Uint8Array.from(probability, (p) => (p >= 0.5 ? 1 : 0))), grid: { width, height } };
}

/** Pixels of the map that are one of `ids` and in the mask, and that are either. */
function overlap(mask, map, ...ids) {
  const wanted = new Set(ids);
  let [both, either] = [0, 0];
  for (let i = 0; i < mask.length; i++) {
    const is = wanted.has(map[i]);
    if (is && mask[i] === 1) both++;
    if (is || mask[i] === 1) either++;
  }
  return [both, either];
}

/** Ids of the instances of a class by the colour that the mean of their pixels has. */
function byColour(frame, labels, instances, id) {
  const sums = new Map();
  for (let i = 0; i < labels.length; i++) {
    if (labels[i] !== id) continue;
    const sum = sums.get(instances[i]) ?? sums.set(instances[i], [0, 0, 0, 0]).get(instances[i]);
    for (let c = 0; c < 3; c++) sum[c] += frame.rgb[3 * i + c];
    sum[3]++;
  }
  const colours = new Map();
  for (const [instance, [r, g, b, n]] of sums) {
    if (n < LEAST_OF_A_COLOUR) continue;
    const colour = nearestColour([r / n, g / n, b / n]);
    colours.set(colour, [...(colours.get(colour) ?? []), instance]);
  }
  return colours;
}

let stopped = false;
process.once('SIGINT', () => (stopped = true)); // the figures of the worlds so far are told
let grid;
let seen = 0;
for (let seed = first; seed < first + seeds && !stopped; seed++) {
  const { frame, condition: { segmentation: { labels, instances } } } = look(seed);
  grid ??= (await masksOf(frame, phraseFor(named[0].name, 1, 0))).grid; // what counts as in view is counted on it
  const onGrid = (map) => resampleNearest(map, SIZE.width, SIZE.height, grid.width, grid.height);
  for (const [id, count] of thingsInView(onGrid(labels), onGrid(instances), model.classes)) {
    const { name } = model.classes.find((c) => c.id === id);
    if (groups.has(name)) continue; // "animal" is a class and a group: asked for below
    const kind = kindOf(name, count, held);
    const masks = await masksOf(frame, phraseFor(name, count, fixedDraw(seed, id), kind === 'heldOutNumbers' || kind === 'heldOutPairs'));
    for (const how of ['decoded', 'half']) {
      const sums = overlap(masks[how], labels, id);
      present.get(kind)[how].add(...sums);
      perClass.get(name)[how].add(...sums);
    }
  }
  for (const { id, name, thing } of named) {
    const colours = thing ? byColour(frame, labels, instances, id) : new Map();
    if (colours.size < 2) continue;
    const plain = await masksOf(frame, `the ${name}`);
    for (const [colour, ids] of colours) {
      const masks = await masksOf(frame, `the ${colour} ${name}`);
      for (const how of ['decoded', 'half']) {
        present.get('colours')[how].add(...overlap(masks[how], instances, ...ids));
        present.get('colourless')[how].add(...overlap(plain[how], instances, ...ids));
      }
    }
    const other = COLOURS.find((colour) => !colours.has(colour));
    const masks = await masksOf(frame, `the ${other} ${name}`);
    for (const how of ['decoded', 'half']) absent.get('absentColour')[how].push(masks[how].reduce((a, b) => a + b, 0) / masks[how].length);
  }
  const inView = new Set(labels);
  for (const [name, ids] of groups) {
    if (onGrid(labels).filter((id) => ids.includes(id)).length < 12) continue;
    const masks = await masksOf(frame, `the ${name}`);
    for (const how of ['decoded', 'half']) present.get('groups')[how].add(...overlap(masks[how], labels, ...ids));
  }
  for (const [kind, most] of Object.entries(ABSENT)) {
    const out = named.filter(({ id, name }) => !inView.has(id) && held.nouns.includes(name) === (kind === 'absentHeldOut'));
    out.sort((a, b) => fixedDraw(seed, a.id, 1) - fixedDraw(seed, b.id, 1));
    for (const { id, name } of out.slice(0, most)) {
      const masks = await masksOf(frame, phraseFor(name, 1, fixedDraw(seed, id)));
      for (const how of ['decoded', 'half']) absent.get(kind)[how].push(masks[how].reduce((a, b) => a + b, 0) / masks[how].length);
    }
  }
  seen++;
  if (seen % 10 === 0) process.stderr.write(`${seen} of ${seeds} worlds\n`);
}
await model.close();

const mean = (list) => list.reduce((a, b) => a + b, 0) / list.length;
const trained = present.get('trained');
const both = (score) => ({ prompts: score.decoded.ious.length, decoded: score.decoded.result(), half: score.half.result() });
const nothing = (shares) => ({ empty: mean(shares.map((s) => (s === 0 ? 1 : 0))), foundShare: mean(shares) });
const report = {
  model: `${model.name} ${model.version}`, seeds: seen, firstSeed: first, assets, size: SIZE,
  groups: Object.fromEntries([...present].filter(([, { decoded }]) => decoded.ious.length > 0).map(([kind, score]) => {
    const figures = both(score);
    return [kind, { ...figures, shareOfTrained: { decoded: figures.decoded.meanIoU / trained.decoded.result().meanIoU, half: figures.half.meanIoU / trained.half.result().meanIoU } }];
  })),
  absent: Object.fromEntries([...absent].map(([kind, { decoded, half }]) => [kind, { prompts: decoded.length, decoded: nothing(decoded), half: nothing(half) }])),
  classes: Object.fromEntries([...perClass].filter(([, { decoded }]) => decoded.ious.length > 0).map(([name, score]) => [name, { heldOut: held.nouns.includes(name), ...both(score) }])),
};
if (values.json) {
  console.log(JSON.stringify(report, null, 1));
} else {
  const row = (...cells) => console.log(cells.map((cell, i) => (i === 0 ? cell.padEnd(16) : String(cell).padStart(11))).join(''));
  const f = (value) => value.toFixed(3);
  console.log(`${report.model}, worlds ${first} to ${first + seen - 1}; beside each figure, in columns "at .5", that of the probability cut at 0.5`);
  row('in view', 'prompts', 'mean IoU', 'at .5', 'pooled IoU', 'at .5', 'of trained', 'at .5');
  for (const [kind, { prompts, decoded, half, shareOfTrained: share }] of Object.entries(report.groups)) row(kind, prompts, f(decoded.meanIoU), f(half.meanIoU), f(decoded.pooledIoU), f(half.pooledIoU), f(share.decoded), f(share.half));
  row('absent', 'prompts', 'found none', 'at .5', 'pixels', 'at .5');
  for (const [kind, { prompts, decoded, half }] of Object.entries(report.absent)) row(kind, prompts, f(decoded.empty), f(half.empty), f(decoded.foundShare), f(half.foundShare));
}
