// Does a generated clip stay what it was? Each frame sees the one before, so faults may grow from frame to frame.
//   node test/figures/drift.mjs <model folder> --assets ../shared/assets [--worlds 12] [--frames 24] [--conditions depth,segmentation,skeleton] [--out runs/drift]
//
// Clips of worlds with seeds below 1 000 000 are made from each condition. For the first and the last quarter of their frames:
//   agreement  of the condition estimated from the made frames, as test/figures/generation.mjs gives it;
//   contrast   standard deviation of luma, made over rendered;  colour: mean distance of channels from the grey of their pixel, made over rendered;
//   speckle    mean absolute difference of luma between neighbouring pixels, made over rendered.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { lastValueFrom, tap } from 'rxjs';
import { generate, loadModel } from '../../packages/model/dist/index.js';
import { Agreement } from '../../packages/synth/dist/index.js';
import { worldsFor } from './worlds.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    assets: { type: 'string' }, worlds: { type: 'string', default: '12' }, 'first-seed': { type: 'string', default: '0' }, frames: { type: 'string', default: '24' },
    conditions: { type: 'string', default: 'depth,segmentation,skeleton' }, out: { type: 'string' }, device: { type: 'string', default: 'cpu' },
  },
});
const [worlds, first, frames] = [values.worlds, values['first-seed'], values.frames].map(Number);
const quarter = Math.max(1, Math.floor(frames / 4));
const SIZE = { width: 128, height: 128 };
const model = await loadModel(positionals[0] ?? 'models/nano', { device: values.device });
const { watch, assets } = await worldsFor(model, SIZE, values.assets);

/** Contrast, colour and speckle of a picture. */
function looks(rgb) {
  const n = rgb.length / 3;
  const luma = Float64Array.from({ length: n }, (_, i) => 0.299 * rgb[3 * i] + 0.587 * rgb[3 * i + 1] + 0.114 * rgb[3 * i + 2]);
  const mean = luma.reduce((a, b) => a + b, 0) / n;
  let [contrast, colour, speckle] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    contrast += (luma[i] - mean) ** 2 / n;
    const grey = (rgb[3 * i] + rgb[3 * i + 1] + rgb[3 * i + 2]) / 3;
    for (let c = 0; c < 3; c++) colour += Math.abs(rgb[3 * i + c] - grey) / 3 / n;
    if ((i + 1) % SIZE.width !== 0) speckle += Math.abs(luma[i] - luma[i + 1]) / n;
  }
  return { contrast: Math.sqrt(contrast), colour, speckle };
}
const NAMES = ['contrast', 'colour', 'speckle'];
const mean = (list) => list.reduce((a, b) => a + b, 0) / list.length;

const report = { model: `${model.name} ${model.version}`, worlds, firstSeed: first, frames, assets, conditions: {} };
for (const modality of values.conditions.split(',')) {
  const parts = [0, 1].map(() => ({ agreement: new Agreement(model, [modality]), ratios: Object.fromEntries(NAMES.map((name) => [name, []])) }));
  for (let seed = first; seed < first + worlds; seed++) {
    const scenes = [...watch(seed, frames)];
    if (modality === 'skeleton' && !scenes[0].condition.skeleton.people.some(({ box }) => Math.max(box[2], box[3]) >= 24)) continue;
    const pictures = [];
    await lastValueFrom(generate(model, { frames, modalities: [modality], size: SIZE, prompt: scenes[0].caption, seed, condition: (i) => scenes[i].condition }).pipe(tap(({ frame }) => pictures.push(frame.rgb))));
    for (const [i, rgb] of pictures.entries()) {
      // Every frame is looked at, since flow leads from the one that was looked at before; those of the two quarters are compared.
      const frame = { ...scenes[i].frame, rgb };
      const said = await parts[0].agreement.look(frame);
      const part = i < quarter ? parts[0] : i >= frames - quarter ? parts[1] : undefined;
      if (!part) continue;
      await part.agreement.add(frame, scenes[i].truth, said);
      const [made, real] = [looks(rgb), looks(scenes[i].frame.rgb)];
      for (const name of NAMES) part.ratios[name].push(made[name] / Math.max(real[name], 0.1));
    }
    if (values.out !== undefined) await strip(pictures, `${modality}-${seed}`);
    process.stderr.write(`${modality}: world ${seed}\n`);
  }
  report.conditions[modality] = Object.fromEntries(['first', 'last'].map((when, k) => [when, {
    agreement: parts[k].agreement.result()[modality] ?? null, ...Object.fromEntries(NAMES.map((name) => [name, mean(parts[k].ratios[name])])),
  }]));
}
await model.close();
console.log(JSON.stringify(report, null, 1));

/** Four frames of a clip side by side: the first, two between, the last. */
async function strip(pictures, name) {
  await mkdir(values.out, { recursive: true });
  const shown = [0, 1 / 3, 2 / 3, 1].map((share) => pictures[Math.round(share * (pictures.length - 1))]);
  await sharp({ create: { width: 4 * SIZE.width, height: SIZE.height, channels: 3, background: 'black' } })
    .composite(shown.map((rgb, i) => ({ input: Buffer.from(rgb), raw: { ...SIZE, channels: 3 }, left: i * SIZE.width, top: 0 }))).png().toFile(join(values.out, `${name}.png`));
}
