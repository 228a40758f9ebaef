import type { DepthMap } from '@sextant/core';
import type { CodecSpec } from '../manifest/schema.js';
import { readOutput, type NamedTensor } from '../runtime/tensor.js';
import { depthConfidence } from './laplace.js';

/** Codecs that give depth. */
export type DepthCodec = Extract<CodecSpec, { type: 'canonical-depth' | 'metric-depth' | 'relative-depth' | 'inverse-depth' }>;

/** What depth needs to know of the camera. */
export interface DepthContext {
  /** fx in pixels of the model's grid. */
  readonly focal: number;
  /** Whether that focal length is known (simulated or calibrated) rather than guessed. */
  readonly focalKnown: boolean;
}

/**
 * Decodes depth. Returns fresh arrays; pixels without depth (sky) are NaN.
 *
 * - `canonical-depth` float32 [1,3,h,w]: 0: ln of z at the reference focal length, so z = exp(.) * focal / reference
 *   (the canonical camera of Metric3D, arXiv 2307.10984); 1: ln of the Laplace scale b of channel 0's error;
 *   2: logit of "no depth". Confidence is P(relative error < 10 %) = 1 - exp(-ln 1.1 / (confidenceScale * b)), 0 in the
 *   sky; `confidenceScale` is the temperature fitted on held-out pictures, `relativeConfidenceScale` that for maps whose one scale is not known. Sky is where that logit's probability exceeds
 *   `skyThreshold`.
 * - `metric-depth` [1,h,w] or [1,1,h,w]: z in metres; `referenceFocal` scales it by the focal length the same way.
 * - `relative-depth`: z up to an unknown factor. `inverse-depth`: 1/z up to an unknown factor; zero and less are NaN.
 *
 * Metres are claimed (`metric`) only by the first two and only with known intrinsics.
 */
export function decodeDepth(codec: DepthCodec, [output]: readonly NamedTensor[], { focal, focalKnown }: DepthContext): DepthMap {
  const tensor = output;
  if (codec.type === 'canonical-depth') return canonical(tensor, focal / codec.referenceFocal, focalKnown, codec);
  const { data, h, w } = readOutput(tensor, 'float32', tensor.dims.length === 3 ? [1, 'h', 'w'] : [1, 1, 'h', 'w']);
  const scale = codec.type === 'metric-depth' && codec.referenceFocal ? focal / codec.referenceFocal : 1;
  const metres = new Float32Array(h * w);
  for (let i = 0; i < metres.length; i++) {
    const value = data[i];
    metres[i] = value > 0 ? (codec.type === 'inverse-depth' ? 1 / value : value * scale) : NaN;
  }
  return { width: w, height: h, metres, provenance: codec.type === 'metric-depth' && focalKnown ? 'metric' : 'relative' };
}

function canonical(
  tensor: NamedTensor,
  scale: number,
  focalKnown: boolean,
  { confidenceScale = 1, relativeConfidenceScale = confidenceScale, skyThreshold }: Extract<DepthCodec, { type: 'canonical-depth' }>,
): DepthMap {
  const { data, h, w } = readOutput(tensor, 'float32', [1, 3, 'h', 'w']);
  const n = h * w;
  const temperature = focalKnown ? confidenceScale : relativeConfidenceScale;
  const skyLogit = Math.log(skyThreshold / (1 - skyThreshold));
  const metres = new Float32Array(n);
  const confidence = new Float32Array(n);
  for (let i = 0; i < n; i++) {
    const sky = data[2 * n + i] > skyLogit;
    metres[i] = sky ? NaN : Math.exp(data[i]) * scale;
    confidence[i] = sky ? 0 : depthConfidence(temperature * Math.exp(data[n + i]));
  }
  return { width: w, height: h, metres, provenance: focalKnown ? 'metric' : 'relative', confidence };
}

/** The codec names of `DepthCodec`, for narrowing. */
export function isDepthCodec(codec: CodecSpec): codec is DepthCodec {
  const types: readonly CodecSpec['type'][] = ['canonical-depth', 'metric-depth', 'relative-depth', 'inverse-depth'];
  return types.includes(codec.type);
}
