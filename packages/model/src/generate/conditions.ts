import { MODALITIES, SextantError, type DensePoseMap, type DepthMap, type FlowField, type Modality, type SegmentationClass, type Skeletons } from '@sextant/core';
import type { LabelMap } from '../codecs/segmentation.js';
import { JOINTS, PARTS, encodeDensePoseStream, encodeDepthStream, encodeFlowStream, encodeSegmentationStream, encodeSkeletonStream, type SkeletonDrawing, type StreamPicture } from '../codecs/streams.js';
import type { Manifest } from '../manifest/schema.js';
import type { Size } from '../runtime/grid.js';

/** What a frame shall agree with; every map on the grid that is made. */
export interface Condition {
  readonly depth?: Pick<DepthMap, 'width' | 'height' | 'metres'>;
  readonly flow?: Pick<FlowField, 'width' | 'height' | 'pixels'>;
  readonly segmentation?: Pick<LabelMap, 'width' | 'height' | 'labels'> & Partial<Pick<LabelMap, 'instances'>>;
  readonly skeleton?: Skeletons;
  readonly densepose?: DensePoseMap;
  /** rgb8: every region in the colour it shall have. */
  readonly palette?: { readonly width: number; readonly height: number; readonly rgb: Uint8Array };
  /** fx in pixels of the grid: what makes metres of depth comparable. @default 0.9 * width */
  readonly focal?: number;
}

/** How a model was taught to see skeletons. */
export function drawingOf({ streams }: Pick<Manifest, 'streams'>): SkeletonDrawing {
  return streams?.skeleton ?? 'joints';
}

/** What encoding needs of a model. */
export interface StreamContext {
  readonly classes: readonly SegmentationClass[];
  /** Focal length that depth is scaled to before it is drawn, pixels of the grid. */
  readonly referenceFocal: number;
  readonly focal: number;
  /** `drawingOf` the model. */
  readonly skeleton: SkeletonDrawing;
}

/**
 * A condition as the network sees it: float32 [15,H,W], three channels per modality in the order of MODALITIES, zeros for those that are
 * not given. Depth is scaled to the reference focal length. Returns a fresh array.
 * @throws SextantError `bad-argument` naming modality and frame: another size, values that are too few, NaN where no hole is meant, nothing known at all, body parts and joints that
 * there are not, a focal length that is none.
 */
export function encodeCondition(condition: Condition, chosen: readonly Modality[], grid: Size, index: number, context: StreamContext): Float32Array {
  const n = grid.width * grid.height;
  const out = new Float32Array(3 * MODALITIES.length * n);
  if (!(Number.isFinite(context.focal) && context.focal > 0)) throw refused('focal length', index, `is ${context.focal}`, 'Give fx in pixels of the grid, or leave it out where it is not known.');
  for (const modality of chosen) {
    const map = condition[modality];
    if (!map) throw refused(modality, index, 'is missing', 'Give one for every frame, or ask for fewer frames.');
    if (map.width !== grid.width || map.height !== grid.height) {
      throw refused(modality, index, `is ${map.width}x${map.height}, the frames are ${grid.width}x${grid.height}`, 'Resample it (synth does) or ask for its size.');
    }
    checkLengths(condition, modality, n, index);
    checkMap(condition, modality, index);
    out.set(checked(encode(modality, condition, context), modality, index).data, 3 * MODALITIES.indexOf(modality) * n);
  }
  return out;
}

function encode(modality: Modality, { depth, flow, segmentation, skeleton, densepose }: Condition, { classes, referenceFocal, focal, skeleton: drawing }: StreamContext): StreamPicture {
  switch (modality) {
    case 'depth':
      return encodeDepthStream({ ...depth!, metres: depth!.metres.map((z) => (z * referenceFocal) / focal) });
    case 'flow':
      return encodeFlowStream(flow!);
    case 'segmentation':
      return encodeSegmentationStream(segmentation!, classes);
    case 'skeleton':
      return encodeSkeletonStream(skeleton!, { drawing });
    case 'densepose':
      return encodeDensePoseStream(densepose!);
  }
}

/** Values that are missing would be read as holes, and further ones not at all. */
function checkLengths({ depth, flow, segmentation, densepose }: Condition, modality: Modality, n: number, index: number): void {
  const expect = (name: string, values: ArrayLike<number> | undefined, length = n): void => {
    if (values && values.length !== length) throw refused(modality, index, `has ${values.length} ${name}, its size needs ${length}`, 'Give a value (of flow two) for each pixel.');
  };
  if (modality === 'depth') expect('metres', depth?.metres);
  if (modality === 'flow') expect('pixels', flow?.pixels, 2 * n);
  if (modality === 'segmentation') expect('labels', segmentation?.labels);
  if (modality === 'densepose') for (const name of ['part', 'u', 'v'] as const) expect(`values of ${name}`, densepose?.[name]);
}

/** What the codec would pass over without a word. */
function checkMap({ depth, flow, skeleton, densepose }: Condition, modality: Modality, index: number): void {
  if (modality === 'depth' && depth && !depth.metres.some((z) => z > 0)) {
    throw refused(modality, index, 'holds no distance at all: every value is NaN, 0 or negative', 'Look at the file: 0 means "no depth", and NaN a hole.');
  }
  if (modality === 'flow' && flow?.pixels.some((value) => Math.abs(value) === Infinity)) {
    throw refused(modality, index, 'holds infinite motion', 'Motion that is not known is NaN.');
  }
  if (modality === 'skeleton' && skeleton?.people.some(({ keypoints }) => keypoints.some(({ x, y, score }) => score > 0 && !(Number.isFinite(x) && Number.isFinite(y))))) {
    throw refused(modality, index, 'has a joint at NaN or infinity', 'A joint that is not known has score 0.');
  }
  const other = modality === 'skeleton' ? skeleton?.people.find(({ keypoints }) => keypoints.length !== JOINTS) : undefined;
  if (other) throw refused(modality, index, `has a person of ${other.keypoints.length} joints`, `People have COCO's ${JOINTS}; one that is not known has score 0.`);
  const beyond = modality === 'densepose' ? densepose?.part.find((part) => part > PARTS) : undefined;
  if (beyond !== undefined) throw refused(modality, index, `has body part ${beyond}`, `Parts are 1 to ${PARTS}, and 0 where nobody is.`);
}

function checked(picture: StreamPicture, modality: Modality, index: number): StreamPicture {
  const bad = picture.data.reduce((count, value) => count + (Number.isFinite(value) ? 0 : 1), 0);
  if (bad > 0) throw refused(modality, index, `holds ${bad} values that are NaN or infinite`, 'NaN may stand for a hole in depth and flow, nowhere else: repair the file.');
  return picture;
}

/** The error for a condition that cannot be used. */
export function refused(modality: string, index: number, what: string, hint: string): SextantError {
  return new SextantError('bad-argument', `${modality} of frame ${index} ${what}`, { hint, details: { modality, frame: index } });
}
