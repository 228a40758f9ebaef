// Does the sentence do anything in generation? The same worlds, the same condition (depth) and the same noise, with
//   own: the world's caption with the colours of up to three of the largest classes before it, as most captions of training;  sentence: the caption alone;
//   none: no caption;  other: what `own` is of the next world.
//   node test/figures/generation-text.mjs <model folder> --assets ../shared/assets [--seeds 60] [--first-seed 0] [--json]
//
// Figures: `rgb`, mean absolute difference of the made picture from the true render (levels of 255); `colour`, distance in CIELAB of the mean colours of made picture and
// render in the regions of the classes whose colour `own` says, mean of those classes. Beside the means of each arm the mean of its paired differences from `own` with a 95 %
// interval (Student's t over worlds): above 0 the true caption is better, and an interval that holds 0 says that nothing was seen.
import { parseArgs } from 'node:util';
import { lastValueFrom, toArray } from 'rxjs';
import { generate, loadModel } from '../../packages/model/dist/index.js';
import { samplingOf } from './pictures.mjs';
import { worldsFor } from './worlds.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    assets: { type: 'string' }, seeds: { type: 'string', default: '60' }, 'first-seed': { type: 'string', default: '0' }, json: { type: 'boolean', default: false },
    guidance: { type: 'string' }, steps: { type: 'string' }, device: { type: 'string', default: 'cpu' },
  },
});
const [seeds, first] = [Number(values.seeds), Number(values['first-seed'])];
const SIZE = { width: 128, height: 128 };
const [NAMED, LEAST_AREA] = [3, 0.02]; // as training/sextant_nano/paint_data.py
// sRGB of its colour words.
const COLOURS = {
  black: [20, 20, 20], white: [235, 235, 235], grey: [128, 128, 128], red: [190, 40, 40], green: [60, 130, 60], blue: [50, 80, 170],
  yellow: [215, 190, 60], orange: [220, 120, 40], brown: [110, 75, 45], pink: [220, 150, 165], purple: [120, 60, 140],
};
const model = await loadModel(positionals[0] ?? 'models/nano', { device: values.device });
const { look, assets } = await worldsFor(model, SIZE, values.assets);
const hidden = new Set(model.manifest.training?.heldOut?.nouns ?? []);
const options = samplingOf(values);

/** CIELAB (D65) of an sRGB colour of 0..255. */
function lab(rgb) {
  const [r, g, b] = rgb.map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
  const f = (t) => (t > 216 / 24389 ? Math.cbrt(t) : (24389 / 27 * t + 16) / 116);
  const [x, y, z] = [(0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505, 0.2126 * r + 0.7152 * g + 0.0722 * b, (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089].map(f);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}
const distance = (a, b) => Math.hypot(...a.map((v, i) => v - b[i]));

function meanColour(rgb, labels, id) {
  const sum = [0, 0, 0, 0];
  labels.forEach((label, i) => {
    if (label !== id) return;
    for (let c = 0; c < 3; c++) sum[c] += rgb[3 * i + c];
    sum[3]++;
  });
  return sum.slice(0, 3).map((v) => v / sum[3]);
}

/** The largest classes in view whose colours are said, and the words: "red couch, blue wall". */
function coloursOf({ frame, condition: { segmentation: { labels } } }) {
  const sizes = new Map();
  for (const label of labels) sizes.set(label, (sizes.get(label) ?? 0) + 1);
  const said = model.classes.filter(({ id, name }) => id > 0 && (sizes.get(id) ?? 0) >= LEAST_AREA * labels.length && !hidden.has(name))
    .sort((a, b) => sizes.get(b.id) - sizes.get(a.id)).slice(0, NAMED);
  const words = said.map(({ id, name }) => {
    const mean = lab(meanColour(frame.rgb, labels, id));
    const [word] = Object.entries(COLOURS).map(([colour, rgb]) => [colour, distance(lab(rgb), mean)]).sort((a, b) => a[1] - b[1])[0];
    return `${word} ${name}`;
  });
  return { ids: said.map(({ id }) => id), words: words.join(', ') };
}

/** What is measured of the picture that a caption makes. */
async function measure(scene, seed, prompt, ids) {
  const { frame, condition } = scene;
  const given = { depth: condition.depth, focal: condition.focal };
  const [{ frame: made }] = await lastValueFrom(generate(model, { frames: 1, modalities: ['depth'], size: SIZE, seed, condition: () => given, ...(prompt !== '' && { prompt }), ...options }).pipe(toArray()));
  const { labels } = condition.segmentation;
  const away = ids.map((id) => distance(lab(meanColour(made.rgb, labels, id)), lab(meanColour(frame.rgb, labels, id))));
  return { rgb: made.rgb.reduce((sum, v, i) => sum + Math.abs(v - frame.rgb[i]), 0) / made.rgb.length, ...(ids.length > 0 && { colour: away.reduce((a, b) => a + b, 0) / ids.length }) };
}

const rows = [];
for (let seed = first; seed < first + seeds; seed++) {
  const [scene, next] = [look(seed), look(seed + 1)];
  const [mine, others] = [coloursOf(scene), coloursOf(next)];
  const captions = { own: `${mine.words} ${scene.caption}`, sentence: scene.caption, none: '', other: `${others.words} ${next.caption}` };
  const row = { seed };
  for (const [arm, caption] of Object.entries(captions)) row[arm] = await measure(scene, seed, caption, mine.ids);
  rows.push(row);
  process.stderr.write(`${rows.length} of ${seeds} worlds: ${captions.own}\n`);
}
await model.close();

const mean = (list) => list.reduce((a, b) => a + b, 0) / list.length;
/** Half the width of the 95 % interval of a mean; the quantile of Student's t by its expansion (error below 0.01 from 5 degrees of freedom on). */
function halfWidth(list) {
  const [n, m] = [list.length, mean(list)];
  const [z, df] = [1.959964, n - 1];
  const t = z + (z ** 3 + z) / (4 * df) + (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * df ** 2) + (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / (384 * df ** 3);
  return t * Math.sqrt(list.reduce((sum, v) => sum + (v - m) ** 2, 0) / df / n);
}
const figures = {};
for (const arm of ['own', 'sentence', 'none', 'other']) {
  figures[arm] = {};
  for (const figure of ['rgb', 'colour']) {
    const pairs = rows.filter((row) => row.own[figure] !== undefined).map((row) => [row[arm][figure], row.own[figure]]);
    const differences = pairs.map(([value, own]) => value - own);
    figures[arm][figure] = { worlds: pairs.length, mean: mean(pairs.map(([value]) => value)), ...(arm !== 'own' && { moreThanOwn: mean(differences), halfWidth: halfWidth(differences) }) };
  }
}
const report = { model: `${model.name} ${model.version}`, seeds, firstSeed: first, assets, options, figures, worlds: rows };
if (values.json) {
  console.log(JSON.stringify(report, null, 1));
} else {
  console.log(`${report.model}, worlds ${first} to ${first + seeds - 1}, made from depth; differences from "own" with 95 % intervals`);
  for (const [arm, { rgb, colour }] of Object.entries(figures)) {
    const cell = ({ mean: m, moreThanOwn: d, halfWidth: h }) => `${m.toFixed(2).padStart(7)}${d === undefined ? ' '.repeat(17) : `  ${d >= 0 ? '+' : ''}${d.toFixed(2)} +- ${h.toFixed(2)}`.padEnd(17)}`;
    console.log(`${arm.padEnd(10)} rgb ${cell(rgb)}  colour of named regions ${cell(colour)}`);
  }
}
