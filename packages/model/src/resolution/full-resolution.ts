import type { DensePoseMap, DepthMap, FlowField, MapSize, Perception, ReferredMap, SegmentationMap } from '@sextant/core';
import { defer, map, type OperatorFunction } from 'rxjs';
import { scaleSkeletons } from '../codecs/scale-skeletons.js';
import { GuideMaker, checkGuideOptions, type Guide, type GuideOptions } from './guide.js';
import { upsampleField } from './upsample-field.js';
import { voteLabels } from './upsample-labels.js';

/** Neighbouring depths that differ more than this part lie on two surfaces. */
const ONE_SURFACE = Math.log(1.08);
/** Neighbouring motions that differ by more than this, pixels of the low-resolution map, are of two things. */
const ONE_MOTION = 0.75;
/** Neighbouring probabilities that differ by more than this are of what is named and of something else. */
const ONE_PROBABILITY = 0.3;

/** How the maps follow the picture. */
export type FullResolutionOptions = GuideOptions;

/**
 * Brings the maps of perceptions to the size of the camera's picture, along its edges: depth and its confidence over the
 * logarithm with holes kept, motion scaled to pixels of the picture, labels, instances, DensePose and the regions of what a phrase names by soft
 * voting (no id is invented), u and v within one part of one person, the probability of what is named with its jumps kept; skeletons are scaled.
 * Maps of that size are passed on.
 */
export class FullResolution {
  readonly #maker: GuideMaker;

  /** @throws SextantError `bad-argument` for options that are not above 0. */
  constructor(options: FullResolutionOptions = {}) {
    this.#maker = new GuideMaker(options);
  }

  /** The same perception at full resolution; its maps are new arrays where their size changed. */
  apply(perception: Perception): Perception {
    const { frame, depth, flow, segmentation, skeleton, densepose, referred } = perception;
    const guides = new Map<string, Guide>();
    const changed = <T extends MapSize>(low: T | undefined, enlarge: (low: T, guide: Guide) => T): T | undefined => {
      if (!low || (low.width === frame.width && low.height === frame.height)) return low;
      const key = `${low.width}x${low.height}`;
      const guide = guides.get(key) ?? this.#maker.make(frame, low);
      guides.set(key, guide);
      return enlarge(low, guide);
    };
    return {
      ...perception,
      ...(depth && { depth: changed(depth, enlargeDepth) }),
      ...(flow && { flow: changed(flow, enlargeFlow) }),
      ...(segmentation && { segmentation: changed(segmentation, enlargeSegmentation) }),
      ...(densepose && { densepose: changed(densepose, enlargeDensePose) }),
      ...(referred && { referred: changed(referred, enlargeReferred) }),
      ...(skeleton && { skeleton: scaleSkeletons(skeleton, frame) }),
    };
  }
}

/**
 * Every perception at the resolution of its camera picture: `estimate(model, ...), fullResolution()`. See `FullResolution`;
 * packages/model/test/bench/full-resolution.mjs measures quality and time. Put it after `track()` and `steady()`, which cost less before.
 * @throws SextantError `bad-argument` for options that are not above 0.
 */
export function fullResolution(options: FullResolutionOptions = {}): OperatorFunction<Perception, Perception> {
  checkGuideOptions(options);
  return (perceptions) =>
    defer(() => {
      const full = new FullResolution(options);
      return perceptions.pipe(map((perception) => full.apply(perception)));
    });
}

// Each of these keeps what it does not know of a map, and replaces what has the map's size.

function enlargeDepth(map: DepthMap, guide: Guide): DepthMap {
  const { metres, confidence } = map;
  const { width, height } = guide;
  const channels = confidence ? 2 : 1;
  const values = new Float32Array(metres.length * channels);
  for (let i = 0; i < metres.length; i++) {
    values[i * channels] = metres[i] > 0 ? Math.log(metres[i]) : NaN;
    if (confidence) values[i * channels + 1] = confidence[i];
  }
  const out = upsampleField({ values, channels, edges: 1, tolerance: ONE_SURFACE }, guide);
  const large = new Float32Array(width * height);
  const sure = confidence && new Float32Array(width * height);
  for (let i = 0; i < large.length; i++) {
    large[i] = Math.exp(out[i * channels]);
    if (sure) sure[i] = Number.isNaN(out[i * channels]) ? 0 : out[i * channels + 1];
  }
  return { ...map, width, height, metres: large, ...(sure && { confidence: sure }) };
}

function enlargeFlow(map: FlowField, guide: Guide): FlowField {
  const { width: w, height: h, pixels, confidence, visibility } = map;
  const { width, height } = guide;
  const beside = [confidence, visibility].filter((plane) => plane !== undefined);
  const channels = 2 + beside.length;
  const values = new Float32Array(w * h * channels);
  for (let i = 0; i < w * h; i++) {
    values[i * channels] = Number.isNaN(pixels[2 * i + 1]) ? NaN : pixels[2 * i];
    values[i * channels + 1] = pixels[2 * i + 1];
    for (let k = 2; k < channels; k++) values[i * channels + k] = beside[k - 2][i];
  }
  const out = upsampleField({ values, channels, edges: 2, tolerance: ONE_MOTION }, guide);
  const large = new Float32Array(2 * width * height);
  const sure = beside.map(() => new Float32Array(width * height));
  for (let i = 0; i < width * height; i++) {
    large[2 * i] = (out[i * channels] * width) / w;
    large[2 * i + 1] = (out[i * channels + 1] * height) / h;
    for (let k = 2; k < channels; k++) sure[k - 2][i] = Number.isNaN(out[i * channels]) ? 0 : out[i * channels + k];
  }
  return { ...map, width, height, pixels: large, ...(confidence && { confidence: sure[0] }), ...(visibility && { visibility: sure[beside.length - 1] }) };
}

function enlargeSegmentation(map: SegmentationMap, guide: Guide): SegmentationMap {
  const { labels, instances, confidence } = map;
  const { width, height } = guide;
  const from = voteLabels(Int32Array.from(labels, (label, i) => (instances[i] << 8) | label), guide, confidence);
  return {
    ...map, width, height, labels: Uint8Array.from(from, (i) => labels[i]), instances: Uint16Array.from(from, (i) => instances[i]),
    ...(confidence && { confidence: Float32Array.from(from, (i) => confidence[i]) }),
  };
}

function enlargeDensePose(map: DensePoseMap, guide: Guide): DensePoseMap {
  const { part, u, v, person } = map;
  const { width, height } = guide;
  const code = Int32Array.from(part, (p, i) => ((person?.[i] ?? 0) << 8) | p);
  const from = voteLabels(code, guide);
  // Charts run smoothly within a part of a person: there the coordinates are interpolated, elsewhere copied.
  const chart = (plane: Uint8Array): Uint8Array => {
    const out = new Uint8Array(from.length);
    const { low, x: ax, y: ay } = guide;
    for (let y = 0, i = 0; y < height; y++) {
      const [top, bottom, fy] = [ay.taps[4 * y + 1] * low.width, ay.taps[4 * y + 2] * low.width, ay.fraction[y]];
      for (let x = 0; x < width; x++, i++) {
        const own = from[i];
        if (part[own] === 0) continue;
        const [l, r, fx] = [ax.taps[4 * x + 1], ax.taps[4 * x + 2], ax.fraction[x]];
        const at = (q: number): number => plane[code[q] === code[own] ? q : own];
        const above = at(top + l) * (1 - fx) + at(top + r) * fx;
        const below = at(bottom + l) * (1 - fx) + at(bottom + r) * fx;
        out[i] = Math.round(above * (1 - fy) + below * fy);
      }
    }
    return out;
  };
  return {
    ...map, width, height, part: Uint8Array.from(from, (i) => part[i]), u: chart(u), v: chart(v), ...(person && { person: Uint16Array.from(from, (i) => person[i]) }),
  };
}

function enlargeReferred(map: ReferredMap, guide: Guide): ReferredMap {
  const { width, height } = guide;
  const { probability, regions } = map;
  const from = voteLabels(Int32Array.from(regions), guide);
  return {
    ...map, width, height, probability: upsampleField({ values: probability, channels: 1, edges: 1, tolerance: ONE_PROBABILITY }, guide),
    regions: Uint16Array.from(from, (i) => regions[i]),
  };
}
