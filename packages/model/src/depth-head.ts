import { SextantError, createRgbResampler, type Frame } from '@sextant/core';
import { availableParallelism } from 'node:os';
import { readOutput } from './runtime/tensor.js';
import { Dataflow, type Past } from './runtime/dataflow.js';
import { chooseGrid, focalOf, gridFocal, type Size } from './runtime/grid.js';
import { Sessions } from './runtime/sessions.js';
import { locateModel } from './locate.js';
import { readManifest } from './manifest/read.js';

/** What a `canonical-depth` head says of a frame, before its codec's fitted values are applied. */
export interface RawDepth {
  readonly width: number;
  readonly height: number;
  /** ln of z in metres at the frame's focal length. */
  readonly logMetres: Float32Array;
  /** ln of the Laplace scale of its error. */
  readonly logScale: Float32Array;
  /** Logit of "no depth". */
  readonly noDepth: Float32Array;
}

/** The depth head of a model, and the values of its codec that are fitted (`sextant model fit`). */
export interface DepthHead {
  readonly confidenceScale: number;
  readonly relativeConfidenceScale: number;
  readonly skyThreshold: number;
  /** Runs successive frames as a stream on the CPU, in the calling thread, and returns what the last of them gave: a copy. */
  run(frames: readonly Frame[]): Promise<RawDepth>;
}

/**
 * Opens the depth head of a model for fitting. `size` is the area of the grid, the model's by default.
 * @throws SextantError `unsupported` where the model has no `canonical-depth`; those of `locateModel` and `readManifest`.
 */
export async function openDepthHead(folderOrName: string, size?: Size): Promise<DepthHead> {
  const folder = await locateModel(folderOrName);
  const manifest = await readManifest(folder);
  const stream = manifest.modalities.depth;
  if (stream?.codec.type !== 'canonical-depth') {
    throw new SextantError('unsupported', `model ${manifest.name} has no canonical-depth (${stream ? `its depth is ${stream.codec.type}` : 'no depth at all'})`, {
      hint: 'Only canonical-depth has a confidence and a "no depth" that are fitted.',
    });
  }
  const { codec, graph, outputs } = stream;
  const dataflow = new Dataflow(new Sessions(await import('onnxruntime-node'), folder, manifest, 'cpu', availableParallelism()));
  return {
    confidenceScale: codec.confidenceScale ?? 1,
    relativeConfidenceScale: codec.relativeConfidenceScale ?? codec.confidenceScale ?? 1,
    skyThreshold: codec.skyThreshold,
    run: async (frames) => {
      let past: Past = {};
      let raw: RawDepth | undefined;
      for (const frame of frames) {
        const grid = chooseGrid(frame, manifest.input, size);
        const rgb = createRgbResampler(frame.width, frame.height, grid.width, grid.height)(frame.rgb);
        const known = focalOf(frame);
        const { focal } = gridFocal({ width: frame.width, ...(known !== undefined && { focal: known }), focalKnown: true }, grid);
        const { values } = await dataflow.run({ ...grid, rgb, focal }, ['depth'], past);
        past = { previous: values, state: values };
        const tensor = values.get(`${graph}.${outputs[0]}`);
        const { data, h, w } = readOutput({ name: `${graph}.${outputs[0]}`, type: tensor!.type, data: tensor!.data, dims: tensor!.dims }, 'float32', [1, 3, 'h', 'w']);
        const shift = Math.log(focal / codec.referenceFocal);
        raw = { width: w, height: h, logMetres: data.slice(0, h * w).map((z) => z + shift), logScale: data.slice(h * w, 2 * h * w), noDepth: data.slice(2 * h * w) };
      }
      if (!raw) throw new SextantError('bad-argument', 'no frame to run', { hint: 'Give at least one.' });
      return raw;
    },
  };
}
