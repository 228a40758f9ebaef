import { MODALITIES, SextantError } from '@sextant/core';
import type { Tensor } from 'onnxruntime-node';
import { carried } from '../generate/carried.js';
import type { Variant } from '../generate/guidance.js';
import { fromRgb8 } from '../generate/pixels.js';
import type { Manifest } from '../manifest/schema.js';
import type { Source } from '../manifest/sources.js';
import { promptTensor, selectTensor, type TaskTensor } from '../tasks.js';
import type { PaintRequest } from './messages.js';
import type { Sessions } from './sessions.js';
import { stateDims } from './states.js';

/** Channels of the five modality streams. */
export const STREAMS = 3 * MODALITIES.length;

/** What a clip keeps of its frames so far. */
export interface Kept {
  readonly states: Map<string, Tensor>;
  /** rgb8 of the newest, at the size at which frames are sampled. */
  readonly rgb: Uint8Array;
  /** And as it was painted. */
  readonly painted: Uint8Array;
  /** It and its streams, small, where the next one is made of them. */
  readonly small?: readonly Float32Array[];
}

/** Everything that a frame's graphs may read. */
export interface Sight {
  readonly request: PaintRequest;
  readonly variant: Variant;
  readonly kept: Kept | undefined;
  /** `frameBefore`, where it is known already: every look of a frame sees the same. */
  readonly before?: Float32Array | undefined;
  /** What is made: noised RGB and, for joint, the noised streams; absent once all noise is gone. */
  readonly z?: readonly Float32Array[];
  /** The small picture without noise, of which the frame is painted. */
  readonly small?: Float32Array;
  /** Joint: the small streams without noise. */
  readonly smallStreams?: Float32Array;
  readonly time: number;
  /** The clean streams: the condition, or what joint generation made. */
  readonly streams?: Float32Array;
  /** The finished picture. */
  readonly rgb?: Uint8Array;
}

/** The frame before as the network is shown it, RGB in [-1, 1] and 1 where it is known, [4,H,W]: moved along the flow that is given; `undefined` for the first. */
export function frameBefore({ task, modalities, streams, width, height }: PaintRequest, kept: Pick<Kept, 'rgb'> | undefined): Float32Array | undefined {
  if (!kept) return undefined;
  const n = width * height;
  const out = new Float32Array(4 * n);
  if (streams && task === 'generate' && modalities.includes('flow')) {
    const flow = 3 * n * MODALITIES.indexOf('flow');
    return carried(kept.rgb, streams.subarray(flow, flow + 3 * n), { width, height }, out);
  }
  fromRgb8(kept.rgb, out);
  return out.fill(1, 3 * n);
}

/** The value of a graph's input. `taskGraphs`: those whose outputs depend on the condition. */
export function valueOf(source: Source, sight: Sight, values: ReadonlyMap<string, Tensor>, sessions: Sessions, taskGraphs: ReadonlySet<string>): Tensor {
  const { manifest, ort } = sessions;
  const { width, height } = sight.request;
  if (source.from === 'state') {
    const key = `${source.graph}.${source.output}`;
    // Without the condition there is no memory of it either.
    const forgotten = sight.variant === 'nothing' && taskGraphs.has(source.graph);
    const known = forgotten ? undefined : sight.kept?.states.get(key);
    if (known) return known;
    const dims = stateDims(manifest.states[key], sight.request);
    return new ort.Tensor('float32', new Float32Array(dims.reduce((n, side) => n * side, 1)), dims);
  }
  if ('graph' in source) return values.get(`${source.graph}.${source.output}`) as Tensor;
  if (source.from === 'frame') {
    if (source.name === 'focal') return new ort.Tensor('float32', Float32Array.of(sight.request.focal), [1]);
    if (source.name === 'rgb' && sight.rgb) return new ort.Tensor('uint8', sight.rgb, [1, height, width, 3]);
    throw new SextantError('internal', `frame.${source.name} is read by a graph that makes it`, { hint: 'The manifest does not fit the task.' });
  }
  const { type, data, dims } = taskTensor(source.name, sight, manifest);
  return new ort.Tensor(type, data as Float32Array, dims);
}

function taskTensor(name: string, { request, variant, kept, before, z, small, smallStreams, time, streams }: Sight, manifest: Manifest): TaskTensor {
  const { width, height, caption, negative, modalities, palette } = request;
  const sampler = manifest.tasks?.[request.task].sampler;
  const block = sampler && 'block' in sampler ? sampler.block : 1;
  const plane = (data: Float32Array, channels: number, per = 1): TaskTensor => ({ type: 'float32', data, dims: [1, channels, height / per, width / per] });
  const n = width * height;
  const cells = n / block ** 2;
  const picture = (data: Float32Array = new Float32Array(3 * cells)): TaskTensor => plane(data, 3, block);
  const chosenStreams = (data: Float32Array = new Float32Array(STREAMS * cells)): TaskTensor => plane(onlyChosen(data, asked, cells), STREAMS, block);
  const told = variant !== 'nothing';
  const asked = new Set(told ? modalities : []);
  switch (name) {
    case 'z':
      return picture(z?.[0]);
    case 'z_streams':
      return chosenStreams(z?.[1]);
    case 'small':
      return picture(small);
    case 'small_streams':
      return chosenStreams(smallStreams);
    case 'time':
      return { type: 'float32', data: Float32Array.of(time), dims: [1] };
    case 'streams':
      return plane(told && streams ? onlyChosen(streams, asked, n) : new Float32Array(STREAMS * n), STREAMS);
    case 'beside': {
      const beside = new Float32Array(8 * n);
      const seen = before ?? frameBefore(request, kept);
      if (seen) beside.set(seen);
      if (palette && told) {
        fromRgb8(palette, beside, 4 * n);
        beside.fill(1, 7 * n);
      }
      return plane(beside, 8);
    }
    case 'select':
      return selectTensor(asked);
    case 'prompt':
      return promptTensor(manifest, asked);
    case 'caption':
      return { type: 'int64', data: BigInt64Array.from(variant === 'full' ? caption : negative, BigInt), dims: [1, caption.length] };
    default:
      throw new SextantError('internal', `task.${name} has no value while generating`, { hint: 'The manifest does not fit the task.' });
  }
}

/** The streams of the modalities asked for; zeros for the others, as in training. */
function onlyChosen(streams: Float32Array, asked: ReadonlySet<string>, n: number): Float32Array {
  const out = new Float32Array(streams.length);
  MODALITIES.forEach((modality, i) => {
    if (asked.has(modality)) out.set(streams.subarray(3 * i * n, 3 * (i + 1) * n), 3 * i * n);
  });
  return out;
}
