import { SextantError, type Modality } from '@sextant/core';
import { promptIds } from '../tasks.js';
import { planGraphs } from '../runtime/plan.js';
import type { CodecSpec, Manifest, ModalityStream } from './schema.js';
import { ESTIMATE_SOURCES, parseSource } from './sources.js';

/** Which modality each codec decodes, how many ONNX outputs it takes, and how many more it can. */
const CODECS: Record<CodecSpec['type'], { modality: string; outputs: number; more?: number }> = {
  'canonical-depth': { modality: 'depth', outputs: 1 },
  'grid-flow': { modality: 'flow', outputs: 1 },
  labels: { modality: 'segmentation', outputs: 2 },
  'centre-offset-pose': { modality: 'skeleton', outputs: 1, more: 2 },
  'part-uv': { modality: 'densepose', outputs: 2, more: 1 },
  'relative-depth': { modality: 'depth', outputs: 1 },
  'inverse-depth': { modality: 'depth', outputs: 1 },
  'metric-depth': { modality: 'depth', outputs: 1 },
  'label-logits': { modality: 'segmentation', outputs: 1 },
};

/**
 * What a schema cannot say: references between the parts of a manifest. Throws `bad-config` naming `file` and the first
 * reference that leads nowhere (or in a circle).
 */
export function checkReferences(manifest: Manifest, file: string): void {
  const fail = (where: string, message: string, hint: string): never => {
    throw new SextantError('bad-config', `${file}: ${where}: ${message}`, { hint, details: { file, where } });
  };
  checkInput(manifest, fail);
  const files = new Set(manifest.files.map((f) => f.path));
  if (files.size !== manifest.files.length) fail('files', 'a path is listed twice', 'List every file once.');
  for (const key of ['words', 'vectors'] as const) {
    const path = manifest.text?.meanings?.[key];
    if (path !== undefined && !files.has(path)) fail(`text.meanings.${key}`, `"${path}" is not listed under files`, 'Every file needs its size, hash and licence there.');
  }
  // Graphs are named by others: "constructor" is no graph, though every object has it.
  const has = (graph: string, output: string) => Object.hasOwn(manifest.graphs, graph) && manifest.graphs[graph].outputs.includes(output);

  for (const [name, graph] of Object.entries(manifest.graphs)) {
    if (name === 'frame' || name === 'task' || name === 'previous' || name === 'state') {
      fail(`graphs.${name}`, 'this word is reserved for sources', 'Rename the graph.');
    }
    if (!files.has(graph.file)) {
      fail(`graphs.${name}.file`, `"${graph.file}" is not listed under files`, 'Every file needs its size, hash and licence there.');
    }
    for (const [onnxInput, text] of Object.entries(graph.inputs)) {
      const where = `graphs.${name}.inputs.${onnxInput}`;
      const source = parseSource(text);
      if (!source) {
        fail(where, `unknown source "${text}"`, 'Sources: frame.rgb|focal|image, task.select|prompt|time|noise|z|z_streams|small|small_streams|beside|streams|caption, <graph>.<output>, previous.<graph>.<output>, state.<graph>.<output>.');
      } else if ('graph' in source && !has(source.graph, source.output)) {
        const known = Object.hasOwn(manifest.graphs, source.graph) && manifest.graphs[source.graph].outputs;
        fail(where, `"${text}" names no output of a graph`, known ? `${source.graph} has ${known.join(', ')}.` : `Graphs: ${Object.keys(manifest.graphs).join(', ')}.`);
      } else if (source.from === 'state' && !manifest.states[`${source.graph}.${source.output}`]) {
        fail(where, `"${text}" has no entry in states`, `Give the shape of the first frame's zeros: "states": {"${source.graph}.${source.output}": {"dims": [...]}}.`);
      } else if (text === 'frame.image' && !manifest.input.normalise) {
        fail(where, 'frame.image needs input.normalise', 'Give its layout, mean and std.');
      } else if (text === 'task.noise' && !manifest.streams) {
        fail(where, 'task.noise needs streams.stride', 'Give the side of the grid over the side of the noised streams.');
      } else if (text === 'task.noise' && manifest.streams && manifest.input.multipleOf % manifest.streams.stride !== 0) {
        fail('streams.stride', `${manifest.streams.stride} does not divide input.multipleOf, ${manifest.input.multipleOf}`, 'The noised streams must be whole on every grid.');
      } else if (text === 'task.prompt' && !manifest.text) {
        fail(where, 'task.prompt needs text', 'Give text.vocabulary and text.promptLength.');
      } else if (text === 'task.caption' && manifest.text?.captionLength === undefined) {
        fail(where, 'task.caption needs text.captionLength', 'Give the number of words that the graph takes.');
      }
    }
  }

  const streams = ({ modalities }: Pick<Manifest, 'modalities'>, within = ''): [string, string, ModalityStream][] =>
    Object.entries(modalities).map(([name, stream]) => [`${within}modalities.${name}`, name, stream]);
  for (const [where, name, stream] of [...streams(manifest), ...(manifest.closeUps ? streams(manifest.closeUps, 'closeUps.') : [])]) {
    for (const output of stream.outputs) {
      if (!has(stream.graph, output)) {
        fail(where, `graph "${stream.graph}" has no output "${output}"`, `Graphs: ${Object.keys(manifest.graphs).join(', ')}.`);
      }
    }
    const codec = CODECS[stream.codec.type];
    if (codec.modality !== name) fail(`${where}.codec`, `"${stream.codec.type}" decodes ${codec.modality}, not ${name}`, 'Use a codec of this modality.');
    const most = codec.outputs + (codec.more ?? 0);
    if (stream.outputs.length < codec.outputs || stream.outputs.length > most) {
      fail(`${where}.outputs`, `"${stream.codec.type}" takes ${codec.outputs}${most > codec.outputs ? ` to ${most}` : ''} outputs, found ${stream.outputs.length}`, 'See docs/manifest.md.');
    }
    if (manifest.text) {
      const unknown = promptIds(stream.prompt ?? '', manifest.text).unknown;
      if (unknown !== undefined) fail(`${where}.prompt`, `"${unknown}" is not in text.vocabulary`, 'Use words of the vocabulary, at most text.promptLength.');
    }
  }
  checkStates(manifest, has, fail);
  checkTasks(manifest, has, fail);
  checkCloseUps(manifest, fail);
  checkKind(manifest, fail);
  const plan = planGraphs(manifest, Object.keys(manifest.graphs));
  if ('cycle' in plan) fail('graphs', `these graphs wait for each other: ${plan.cycle.join(' -> ')}`, 'A previous.* output counts too: on a first frame the current one stands in for it.');
  checkFlow(manifest, fail);
  checkEstimating(manifest, fail);
}

type Fail = (where: string, message: string, hint: string) => never;

function checkInput({ input, closeUps }: Manifest, fail: Fail): void {
  const sides = (['width', 'height'] as const).flatMap((side) => [[`input.${side}`, input[side]] as const, ...(closeUps ? [[`closeUps.${side}`, closeUps[side]] as const] : [])]);
  for (const [where, pixels] of [...sides, ['input.min', input.min] as const, ['input.max', input.max] as const]) {
    if (pixels % input.multipleOf !== 0) fail(where, `${pixels} is not a multiple of ${input.multipleOf}`, 'Grid sides are multiples of input.multipleOf.');
  }
  for (const [where, pixels] of sides) {
    if (pixels < input.min || pixels > input.max) fail(where, `${pixels} is outside ${input.min}..${input.max}`, 'Keep it between input.min and input.max.');
  }
}

/** Whether a frame has one before it is told by `previous.*` alone: flow that reads none would be given of a first frame too, where nothing has moved yet. */
function checkFlow(manifest: Manifest, fail: Fail): void {
  const { flow } = manifest.modalities;
  if (!flow) return;
  const plan = planGraphs(manifest, [flow.graph]);
  const reads = 'order' in plan && plan.order.some((graph) => Object.values(manifest.graphs[graph].inputs).some((text) => parseSource(text)?.from === 'previous'));
  if (!reads) fail('modalities.flow', `graph "${flow.graph}" and those it reads from have no input from the frame before`, 'Give one of them a source previous.<graph>.<output>.');
}

/** Estimation has nothing to give for what only a picture is made from; graphs would fail when they are loaded. */
function checkEstimating({ modalities, closeUps, referring, graphs }: Manifest, fail: Fail): void {
  const streams = [modalities, closeUps?.modalities ?? {}].flatMap((of) => Object.values(of));
  const plan = planGraphs({ graphs }, [...streams.map(({ graph }) => graph), ...(referring ? [referring.graph] : [])]);
  for (const graph of 'order' in plan ? plan.order : []) {
    for (const [onnxInput, text] of Object.entries(graphs[graph].inputs)) {
      const source = parseSource(text);
      if (source?.from !== 'task' || ESTIMATE_SOURCES.includes(source.name)) continue;
      fail(`graphs.${graph}.inputs.${onnxInput}`, `"${text}" is given to graphs that make pictures only, and this one estimates`, `Estimation has task.${ESTIMATE_SOURCES.join('|')}.`);
    }
  }
}

function checkStates({ states, input }: Manifest, has: (graph: string, output: string) => boolean, fail: Fail): void {
  for (const [key, { dims }] of Object.entries(states)) {
    const [graph, output, ...more] = key.split('.');
    if (more.length > 0 || !output || !has(graph, output)) fail(`states.${key}`, 'names no output of a graph', 'Use <graph>.<output>.');
    dims.forEach((dim, i) => {
      const part = typeof dim === 'string' ? Number(dim.slice(2)) : 1;
      if (input.multipleOf % part !== 0) {
        fail(`states.${key}.dims.${i}`, `"${dim}" is not whole on every grid`, `Sides of the grid are multiples of ${input.multipleOf}: divide by a divisor of that.`);
      }
    });
  }
}

/** What generation needs beside graphs and states. */
function checkTasks({ tasks, graphs, referring, text, modalities, input }: Manifest, has: (graph: string, output: string) => boolean, fail: Fail): void {
  const known = (where: string, key: string): void => {
    const [graph, output, ...more] = key.split('.');
    if (more.length > 0 || !output || !has(graph, output)) fail(where, `"${key}" names no output of a graph`, 'Use <graph>.<output>.');
  };
  for (const name of ['generate', 'joint'] as const) {
    const task = tasks?.[name];
    if (!task?.available) continue;
    if (task.sampler.type === 'one-step') fail(`tasks.${name}.sampler`, 'what is made from noise takes steps', 'Use euler, heun or renoise.');
    if (!task.made) return fail(`tasks.${name}.made`, 'missing', 'Name the outputs that predict RGB and, for joint, the streams.');
    known(`tasks.${name}.made.rgb`, task.made.rgb);
    if (task.made.streams !== undefined) known(`tasks.${name}.made.streams`, task.made.streams);
    else if (name === 'joint') fail('tasks.joint.made.streams', 'missing', 'Joint generation makes RGB and the streams.');
    const { sampler, painted } = task;
    if (task.repaint && (name !== 'joint' || !tasks?.generate.available)) fail(`tasks.${name}.repaint`, 'the picture cannot be made from the streams', 'Only joint repaints, and only where task generate is available.');
    if (task.base && !painted) return fail(`tasks.${name}.base`, 'nobody paints larger frames', 'Name the outputs that paint the frame (painted), or leave base out.');
    if ('block' in sampler && sampler.block > 1) {
      if (!painted) return fail(`tasks.${name}.painted`, 'missing', `Noise in blocks of ${sampler.block} pixels gives a small picture: name the outputs that paint the frame.`);
      if (input.multipleOf % sampler.block !== 0) fail(`tasks.${name}.sampler.block`, `${sampler.block} does not divide input.multipleOf, ${input.multipleOf}`, 'Sides of frames must be whole blocks.');
      if (name === 'joint' && painted.streams === undefined) fail('tasks.joint.painted.streams', 'missing', 'Joint generation paints RGB and the streams.');
    }
    for (const [output, key] of Object.entries(painted ?? {})) if (key !== undefined) known(`tasks.${name}.painted.${output}`, key);
    const sharpener = painted?.streams?.split('.')[0];
    if (painted?.people !== undefined) {
      if (sharpener === undefined || painted.people.split('.')[0] !== sharpener) fail(`tasks.${name}.painted.people`, `"${painted.people}" is not of the graph of painted.streams`, 'One graph makes both.');
      if (modalities.skeleton?.codec.type !== 'centre-offset-pose') fail(`tasks.${name}.painted.people`, 'no modality has a codec for it', 'modalities.skeleton needs the codec centre-offset-pose.');
    }
    if (sharpener && Object.values(graphs[sharpener].inputs).includes('task.streams')) {
      fail(`tasks.${name}.painted.streams`, `graph "${sharpener}" reads task.streams, which it is to make`, 'Let it read task.small_streams.');
    }
  }
  if (referring) {
    known('referring', `${referring.graph}.${referring.output}`);
    if (!modalities[referring.modality]) fail('referring.modality', `this model has no ${referring.modality}`, 'Name a modality of the model.');
    if (!text) fail('referring', 'needs text', 'Give text.vocabulary and text.promptLength.');
  }
}

/** Close-ups find people again, and say of them what the model says. */
function checkCloseUps({ closeUps, modalities }: Manifest, fail: Fail): void {
  if (!closeUps) return;
  if (!closeUps.modalities.skeleton) fail('closeUps.modalities.skeleton', 'missing', 'Whom a close-up shows, its skeletons say.');
  for (const [name, { codec }] of Object.entries(closeUps.modalities)) {
    const own = modalities[name as Modality]?.codec.type;
    if (own !== codec.type) fail(`closeUps.modalities.${name}.codec`, `"${codec.type}" is not what the model itself has there, ${own === undefined ? 'which is nothing' : `"${own}"`}`, 'Both are read alike: use the same codec.');
  }
}

function checkKind(manifest: Manifest, fail: Fail): void {
  const modalities = Object.entries(manifest.modalities);
  if (modalities.length === 0) fail('modalities', 'there is none', 'A model gives at least one modality.');
  const segmentation = manifest.modalities.segmentation;
  if (segmentation && manifest.classes.length === 0) fail('classes', 'segmentation needs a class table', 'List id, name, color and thing of each class.');
  if (new Set(manifest.classes.map((c) => c.id)).size !== manifest.classes.length) fail('classes', 'an id is used twice', 'Give each class its own id.');
  if (manifest.kind === 'unified') {
    if (!manifest.tasks) fail('tasks', 'missing', 'A unified model says which of estimate, generate and joint it can do.');
    return;
  }
  if (modalities.length !== 1) fail('modalities', `an estimator has exactly one, found ${modalities.length}`, 'Use kind "unified" for several.');
  if (manifest.tasks) fail('tasks', 'an estimator can only estimate', 'Leave tasks out.');
}
