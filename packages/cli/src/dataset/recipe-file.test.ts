import { describe, expect, it } from '@jest/globals';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { recipeJsonSchema } from '@sextant/synth';
import { parseRecipe, readRecipe } from './recipe-file.js';

describe('parseRecipe', () => {
  it('fills in what is not said', () => {
    const { recipe, plan } = parseRecipe('clips: 2\nseeds: 2000000\n', 'f');
    expect(recipe).toMatchObject({ source: 'world', frames: 16, size: { width: 320, height: 240 }, fps: 30, tries: 8, sensor: 'ideal', layout: 'split', exports: ['coco'], modalities: ['depth', 'flow', 'segmentation', 'skeleton', 'densepose'] });
    expect(plan).toHaveLength(2);
  });

  it('takes what a list names twice once, in the order given', () => {
    const { recipe } = parseRecipe('clips: 2\nseeds: 2000000\nmodalities: [flow, depth, flow]\nexports: [tum, tum]\ngenerate: {conditions: [depth, depth]}\nsource: generate\n', 'f');
    expect(recipe).toMatchObject({ modalities: ['flow', 'depth'], exports: ['tum'], generate: { conditions: ['depth'] } });
  });

  it.each([
    ['broken YAML', 'clips: [1\nseeds: 2\n', /^f\.yaml:\d: /],
    ['no mapping', '- 1\n', /^f\.yaml:1: /],
    ['an unknown key, and says the nearest', 'clips: 2\nframs: 3\nseeds: 2000000\n', /^f\.yaml:2: frams: no such key; is frames meant\?$/],
    ['an unknown key inside', 'clips: 2\nseeds: 2000000\ngenerate:\n  pallete: none\n', /^f\.yaml:4: generate\.pallete: no such key; is palette meant\?$/],
    ['a key that is near nothing', 'clips: 2\nseeds: 2000000\nshares:\n  weather: {rain: 1}\n', /^f\.yaml:4: shares\.weather: no such key; there are place, rig, people, light, animals$/],
    ['a place that is none, and says the nearest', 'clips: 2\nseeds: 2000000\nshares:\n  place: {kitchn: 1}\n', /^f\.yaml:4: shares\.place\.kitchn: no such key; is kitchen meant\?$/],
    ['a size of no known form', 'size: big\nclips: 2\nseeds: 2000000\n', /^f\.yaml:1: size: must be WxH/],
    ['a size that cannot be', 'clips: 2\nsize: 4x4\nseeds: 2000000\n', /^f\.yaml:2: size: must be from 8 to 8192/],
    ['a sensor that is none', 'clips: 2\nseeds: 2000000\nsensor: good\n', /^f\.yaml:3: sensor: must be ideal, random/],
    ['a sensor with an unknown fault', 'clips: 2\nseeds: 2000000\nsensor:\n  noise: 1\n', /^f\.yaml:\d: sensor/],
    ['a list that is a word', 'clips: 2\nseeds: 2000000\nexports: yolo\n', /^f\.yaml:3: exports: must be a list of coco, tum, nerfstudio, for example \[coco, tum\]$/],
    ['a word that is none of a list', 'clips: 2\nseeds: 2000000\nexports: [yolo]\n', /^f\.yaml:3: exports\.0: must be one of coco, tum, nerfstudio$/],
    ['all that makes no sense', 'clips: 2\nseeds: 7\nfov: [90, 50]\nshares:\n  light: {day: 0}\n  people: {3-1: 1}\n',
      /^f\.yaml:3: fov: the range 90 to 50 is empty\nf\.yaml:6: shares\.people: .*from 3 to 1.*\nf\.yaml:5: shares\.light: all shares are 0\nf\.yaml:2: seeds: seed 7 is kept for evaluation .*$/],
    ['seeds that are kept for evaluation', 'clips: 2\n\nseeds: 7\n', /^f\.yaml:3: seeds: seed 7 is kept for evaluation/],
    ['what only the plan knows', 'clips: 2\nseeds: 2000000\nshares:\n  rig: {car: 1}\n  place: {kitchen: 1}\n', /^f\.yaml:4: shares\.rig: none of car goes with/],
  ])('names file, line and key of %s', (_, text, message) => {
    expect(() => parseRecipe(text, 'f.yaml')).toThrow(expect.objectContaining({ code: 'bad-config', message: expect.stringMatching(message), hint: expect.any(String) }));
  });
});

describe('readRecipe', () => {
  it('says when the file is not there', async () => {
    await expect(readRecipe('/nowhere/r.yaml')).rejects.toMatchObject({ code: 'source-missing', message: expect.stringContaining('the recipe /nowhere/r.yaml cannot be read') });
  });

  const examples = fileURLToPath(new URL('../../../../examples/simulation/', import.meta.url));
  it.each(['dataset.yaml', 'repainted.yaml'])('reads the example %s, with its paths relative to the file', async (name) => {
    const { recipe, plan, text, sha256 } = await readRecipe(`${examples}${name}`);
    expect(plan.length).toBe(recipe.clips);
    expect(sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(text).toMatch(/^# yaml-language-server: \$schema=recipe\.schema\.json\n/);
  });

  // Written anew with SEXTANT_WRITE_SCHEMA=1.
  it('recipe.schema.json, for editors, is what the command checks by', () => {
    const path = `${examples}recipe.schema.json`;
    if (process.env.SEXTANT_WRITE_SCHEMA === '1') writeFileSync(path, `${JSON.stringify(recipeJsonSchema(), null, 1)}\n`);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(JSON.parse(JSON.stringify(recipeJsonSchema())));
  });
});
