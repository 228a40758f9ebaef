/* eslint-disable @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-return,
   @typescript-eslint/no-unsafe-call -- manifests are broken here in ways that no type allows */
import { afterEach, describe, expect, it } from '@jest/globals';
import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fixture, fixtureCopy } from '../../test/helpers.js';
import { parseManifest, readManifest } from './read.js';
import { verifyFiles } from './verify.js';

type Json = Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any -- a manifest about to be broken
const json = (name: 'tiny-unified' | 'tiny-depth-estimator' = 'tiny-unified'): Json => JSON.parse(readFileSync(join(fixture(name), 'manifest.json'), 'utf8')) as Json;
const broken = (change: (m: Json) => void, name?: 'tiny-depth-estimator') => {
  const m = json(name);
  change(m);
  return () => parseManifest(m, 'm.json');
};

describe('parseManifest', () => {
  it('reads both kinds', async () => {
    const unified = await readManifest(fixture('tiny-unified'));
    expect(Object.keys(unified.modalities)).toEqual(['depth', 'flow', 'segmentation', 'skeleton', 'densepose']);
    expect(unified.modalities.segmentation?.codec).toEqual({ type: 'labels', minArea: 12 });
    expect((await readManifest(fixture('tiny-depth-estimator'))).kind).toBe('estimator');
  });

  it.each<[string, (m: Json) => void, string]>([
    ['an unknown key', (m) => (m.colour = 1), 'unknown key "colour"'],
    ['an unknown key inside', (m) => (m.graphs.rgb.threads = 2), 'unknown key "graphs.rgb.threads"'],
    ['another format', (m) => (m.format = 2), 'format'],
    ['a missing key', (m) => delete m.licence, 'licence'],
    ['an unknown modality', (m) => (m.modalities.normals = m.modalities.depth), 'normals'],
    ['a path outside', (m) => (m.files[0].path = '../x.onnx'), 'files.0.path: must be a relative path'],
    ['a bad hash', (m) => (m.files[0].sha256 = 'abc'), 'files.0.sha256: must be 64'],
    ['a file that is not listed', (m) => (m.graphs.rgb.file = 'x.onnx'), 'graphs.rgb.file: "x.onnx" is not listed'],
    ['a source of no known form', (m) => (m.graphs.rgb.inputs.rgb = 'frame.alpha'), 'graphs.rgb.inputs.rgb: unknown source "frame.alpha"'],
    ['a graph that is not there', (m) => (m.graphs.depth.inputs.features = 'trunk.features'), '"trunk.features" names no output of a graph'],
    ['an output that is not there', (m) => (m.graphs.flow.inputs.before = 'previous.match.tokens'), '"previous.match.tokens" names no output'],
    ['a circle', (m) => (m.graphs.rgb.inputs.more = 'depth.depth'), 'these graphs wait for each other: rgb -> depth -> modality -> rgb'],
    ['a circle over time', (m) => (m.graphs.match.inputs.more = 'previous.match.features'), 'match -> match'],
    ['a reserved graph name', (m) => (m.graphs.task = m.graphs.rgb), 'graphs.task: this word is reserved'],
    ['a modality without its output', (m) => (m.modalities.depth.outputs = ['z']), 'modalities.depth: graph "depth" has no output "z"'],
    ['a codec of another modality', (m) => (m.modalities.depth.codec = { type: 'grid-flow' }), '"grid-flow" decodes flow, not depth'],
    ['too few outputs for a codec', (m) => (m.modalities.segmentation.outputs = ['labels']), '"labels" takes 2 outputs, found 1'],
    ['a prompt beyond the vocabulary', (m) => (m.modalities.depth.prompt = 'depth chart'), '"chart" is not in text.vocabulary'],
    ['noise without streams', (m) => delete m.streams, 'task.noise needs streams.stride'],
    ['streams that are not whole on every grid', (m) => (m.streams.stride = 5), 'streams.stride: 5 does not divide input.multipleOf, 16'],
    ['flow that looks at one frame', (m) => (m.graphs.flow.inputs.before = 'match.features'), 'modalities.flow: graph "flow" and those it reads from have no input from the frame before'],
    ['prompts without text', (m) => delete m.text, 'task.prompt needs text'],
    ['a grid off its multiple', (m) => (m.input.width = 100), 'input.width: 100 is not a multiple of 16'],
    ['state of an output that is not there', (m) => (m.graphs.flow.inputs.before = 'state.match.tokens'), '"state.match.tokens" names no output'],
    ['state without its shape', (m) => (m.graphs.flow.inputs.before = 'state.match.features'), '"state.match.features" has no entry in states'],
    ['a shape for no output', (m) => (m.states = { 'match.tokens': { dims: [1] } }), 'states.match.tokens: names no output of a graph'],
    ['a side of no size', (m) => (m.states = { 'match.features': { dims: [1, 0] } }), 'states.match.features.dims.1: must be a positive whole number, "H/k" or "W/k"'],
    ['a side of no known form', (m) => (m.states = { 'match.features': { dims: ['W*2'] } }), 'states.match.features.dims.0: must be'],
    ['a side that no grid has', (m) => (m.states = { 'match.features': { dims: [1, 'H/12'] } }), '"H/12" is not whole on every grid'],
    ['a graph named like a source', (m) => (m.graphs.state = m.graphs.rgb), 'graphs.state: this word is reserved'],
    ['segmentation without classes', (m) => (m.classes = []), 'classes: segmentation needs a class table'],
    ['close-ups off the multiple', (m) => (m.closeUps = { width: 100, height: 64, modalities: { skeleton: m.modalities.skeleton } }), 'closeUps.width: 100 is not a multiple of 16'],
    ['close-ups that find nobody', (m) => (m.closeUps = { width: 64, height: 64, modalities: { segmentation: m.modalities.segmentation } }), 'closeUps.modalities.skeleton: missing'],
    ['close-ups of a graph without the output', (m) => (m.closeUps = { width: 64, height: 64, modalities: { skeleton: { ...m.modalities.skeleton, outputs: ['bones'] } } }), 'closeUps.modalities.skeleton: graph "skeleton" has no output "bones"'],
    ['close-ups of what the model says otherwise', (m) => (m.closeUps = { width: 64, height: 64, modalities: { skeleton: m.modalities.skeleton, segmentation: { graph: 'depth', outputs: ['depth'], codec: { type: 'label-logits' } } } }), 'closeUps.modalities.segmentation.codec: "label-logits" is not what the model itself has there, "labels"'],
    ['a source named like what every object has', (m) => (m.graphs.depth.inputs.features = 'constructor.y'), '"constructor.y" names no output of a graph'],
    ['a modality of a graph named so', (m) => (m.modalities.depth.graph = 'toString'), 'modalities.depth: graph "toString" has no output "depth"'],
    ['an estimating graph that reads a sentence', (m) => ((m.graphs.modality.inputs.more = 'task.caption'), (m.text.captionLength = 8)), 'graphs.modality.inputs.more: "task.caption" is given to graphs that make pictures only'],
    ['one that reads noise of a picture', (m) => (m.graphs.depth.inputs.z = 'task.z'), 'graphs.depth.inputs.z: "task.z" is given'],
    ['a graph of close-ups that reads it', (m) => ((m.graphs.near = { ...m.graphs.skeleton, inputs: { ...m.graphs.skeleton.inputs, z: 'task.beside' } }), (m.closeUps = { width: 64, height: 64, modalities: { skeleton: { ...m.modalities.skeleton, graph: 'near' } } })), 'graphs.near.inputs.z: "task.beside" is given'],
    ['one that finds by name and reads it', (m) => ((m.graphs.refer = { ...m.graphs.depth, inputs: { ...m.graphs.depth.inputs, z: 'task.streams' } }), (m.referring = { graph: 'refer', output: 'depth', modality: 'segmentation' })), 'graphs.refer.inputs.z: "task.streams" is given'],
    ['a unified model without tasks', (m) => delete m.tasks, 'tasks: missing'],
  ])('names %s', (_, change, message) => {
    expect(broken(change)).toThrow(expect.objectContaining({ code: 'bad-config', message: expect.stringContaining(message) }));
  });

  it('lets a graph read its own state, which is no circle', () => {
    const m = json();
    m.graphs.match.inputs.more = 'state.match.features';
    m.states = { 'match.features': { dims: [1, 4, 'H/2', 'W/2'] } };
    expect(parseManifest(m, 'm.json').states).toEqual(m.states);
    expect(parseManifest(json(), 'm.json').states).toEqual({});
  });

  it('takes flow whose graph has the frame before by another graph', () => {
    const m = json();
    m.graphs.pair = { ...m.graphs.flow, outputs: ['both'] };
    m.graphs.flow.inputs = { now: 'match.features', before: 'pair.both' };
    expect(parseManifest(m, 'm.json').modalities.flow?.graph).toBe('flow');
  });

  it('holds an estimator to one modality and a normalised picture', () => {
    expect(broken((m) => delete m.input.normalise, 'tiny-depth-estimator')).toThrow('frame.image needs input.normalise');
    expect(broken((m) => (m.tasks = json().tasks), 'tiny-depth-estimator')).toThrow('an estimator can only estimate');
  });
});

describe('readManifest', () => {
  it('says where there is none', async () => {
    await expect(readManifest('/nowhere')).rejects.toMatchObject({ code: 'model-missing' });
  });
});

describe('verifyFiles', () => {
  let remove: () => void = () => {};
  afterEach(() => remove());
  const copy = () => {
    const c = fixtureCopy('tiny-unified');
    remove = c.remove;
    return c.folder;
  };

  it('passes whole files and tells how far it is', async () => {
    const manifest = await readManifest(fixture('tiny-unified'));
    const seen: number[] = [];
    await verifyFiles(fixture('tiny-unified'), manifest, ({ bytes }) => seen.push(bytes));
    expect(seen.at(-1)).toBe(manifest.files.reduce((sum, f) => sum + f.bytes, 0));
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
  });

  it('names a missing file', async () => {
    const folder = copy();
    rmSync(join(folder, 'flow.onnx'));
    await expect(verifyFiles(folder, await readManifest(folder))).rejects.toMatchObject({ code: 'model-missing', details: { file: join(folder, 'flow.onnx') } });
  });

  it('names a file of another size, expected and found', async () => {
    const folder = copy();
    appendFileSync(join(folder, 'depth.onnx'), 'x');
    const expected = json().files.find((f: Json) => f.path === 'depth.onnx').bytes as number;
    await expect(verifyFiles(folder, await readManifest(folder))).rejects.toMatchObject({ code: 'model-damaged', details: { what: 'bytes', expected, found: expected + 1 } });
  });

  it('names a changed file by both hashes', async () => {
    const folder = copy();
    const file = join(folder, 'rgb.onnx');
    const bytes = readFileSync(file);
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1]) ^ 1;
    writeFileSync(file, bytes);
    const manifest = await readManifest(folder);
    const expected = manifest.files.find((f) => f.path === 'rgb.onnx')?.sha256;
    await expect(verifyFiles(folder, manifest)).rejects.toMatchObject({ code: 'model-damaged', details: { file, what: 'SHA-256', expected, found: expect.stringMatching(/^[0-9a-f]{64}$/) } });
  });
});
