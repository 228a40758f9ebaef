import { MODALITIES, resampleNearest, type Frame, type Keypoint, type MapSize, type Modality, type Perception, type Person } from '@sextant/core';
import { DensePoseMetrics, DepthMetrics, FlowMetrics, SegmentationMetrics, SkeletonMetrics, VOID_PART, scaleSkeletons, zeroFlow, type Condition, type Model, type RunOptions, type TruePerson } from '@sextant/model';

/** How well pictures agree with what they were made from (or together with), by modality; absent where nothing could be compared. */
export interface AgreementScores {
  /** Mean relative error of depth after the scale of each frame, and share within 1.25. */
  readonly depth?: { readonly absRelScale: number; readonly delta1Scale: number };
  /** End-point error, pixels of the frames; of frames that the estimator took for a cut, that of no motion. */
  readonly flow?: { readonly epe: number };
  /** `mIoU`: mean over the classes that the conditions show, as `sextant eval` takes it. */
  readonly segmentation?: { readonly mIoU: number; readonly pixelAccuracy: number; readonly personIoU: number };
  /** Share of the joints inside the picture that are within 0.1 of the person box's longer side. */
  readonly skeleton?: { readonly pck01: number; readonly people: number };
  /** Of the pixels of true bodies, the share with the right part; intersection over union of all bodies' pixels. Scans, whose parts nobody knows, are left out where masks with instances are compared too. */
  readonly densepose?: { readonly partAccuracy: number; readonly bodyIoU: number };
  /** Frames looked at. */
  readonly frames: number;
}

/**
 * Checks what was made: each picture is estimated anew by a model (its own or another), and the result is compared with the condition.
 * The better a picture shows what was asked for, the better the agreement; the estimator's own faults are in the figures too.
 */
export class Agreement {
  readonly #depth = new DepthMetrics();
  readonly #flow = new FlowMetrics();
  readonly #segmentation: SegmentationMetrics;
  readonly #skeleton = new SkeletonMetrics();
  readonly #densepose = new DensePoseMetrics();
  readonly #modalities: readonly Modality[];
  readonly #person: number | undefined;
  #frames = 0;
  #flowFrames = 0;
  #depthFrames = 0;

  /** @param how closely the model looks: `closeUps` people again from nearby, `steps` views of each picture; by default once, as `Model.run` does */
  constructor(private readonly model: Pick<Model, 'run' | 'modalities' | 'classes'>, modalities: readonly Modality[], private readonly how: Pick<RunOptions, 'closeUps' | 'steps'> = {}) {
    this.#modalities = MODALITIES.filter((m) => modalities.includes(m) && model.modalities.includes(m));
    this.#segmentation = new SegmentationMetrics(model.classes);
    this.#person = model.classes.find(({ name }) => name === 'person')?.id;
  }

  /** What the model says of a picture, as {@link add} asks it. */
  async look(frame: Frame): Promise<Perception> {
    return this.model.run(frame, this.#modalities, { ...this.how, stream: 'agreement', memory: false });
  }

  /** Estimates one picture of a clip, in order, and compares. `said`: what {@link look} said of it, where it is compared with several conditions. */
  async add(frame: Frame, wanted: Condition, said?: Perception): Promise<void> {
    said ??= await this.look(frame);
    const { width, height } = frame;
    this.#frames++;
    if (said.depth && wanted.depth && this.#depth.add(resampleNearest(said.depth.metres, said.depth.width, said.depth.height, width, height), wanted.depth.metres)) this.#depthFrames++;
    const motion = this.#motion(said, width, height);
    if (motion && wanted.flow && this.#flow.add(motion, wanted.flow.pixels)) this.#flowFrames++;
    if (said.segmentation && wanted.segmentation) this.#segmentation.add(resampleNearest(said.segmentation.labels, said.segmentation.width, said.segmentation.height, width, height), wanted.segmentation.labels);
    if (said.skeleton && wanted.skeleton) this.#skeleton.add(scaleSkeletons(said.skeleton, { width, height }).people, wanted.skeleton.people.map((person) => toTruth(person, frame)).filter(isSeen));
    if (said.densepose && wanted.densepose) {
      this.#densepose.add({ part: resampleNearest(said.densepose.part, said.densepose.width, said.densepose.height, width, height) }, { part: knownParts(wanted.densepose.part, wanted.segmentation, this.#person) });
    }
  }

  /**
   * What was said of motion, in pixels of the frame. A frame that was taken for a cut has none: it shows none of the motion that was asked for, so
   * nothing moved, else the worst frames would not count. Undefined for the first of a clip, and without flow.
   */
  #motion({ flow, reset }: Perception, width: number, height: number): Float32Array | undefined {
    if (!flow) return reset === 'cut' && this.#modalities.includes('flow') ? zeroFlow(width, height) : undefined;
    const pixels = resampleNearest(flow.pixels, flow.width, flow.height, width, height, 2);
    for (let i = 0; i < pixels.length; i += 2) {
      pixels[i] *= width / flow.width;
      pixels[i + 1] *= height / flow.height;
    }
    return pixels;
  }

  /** The scores so far. */
  result(): AgreementScores {
    const depth = this.#depth.result();
    const flow = this.#flow.result();
    const segmentation = this.#segmentation.result();
    const skeleton = this.#skeleton.result();
    const densepose = this.#densepose.result();
    return {
      ...(this.#depthFrames > 0 && { depth: { absRelScale: depth.absRelScale, delta1Scale: depth.delta1Scale } }),
      ...(this.#flowFrames > 0 && { flow: { epe: flow.epe } }),
      ...(segmentation.frames > 0 && { segmentation: { mIoU: segmentation.mIoUShown, pixelAccuracy: segmentation.pixelAccuracy, personIoU: segmentation.personIoU } }),
      ...(skeleton.people > 0 && { skeleton: { pck01: skeleton.pck01, people: skeleton.people } }),
      ...(densepose.frames > 0 && !Number.isNaN(densepose.partAccuracy) && { densepose: { partAccuracy: densepose.partAccuracy, bodyIoU: densepose.bodyIoU } }),
      frames: this.#frames,
    };
  }
}

/**
 * What is counted of bodies. People without a pixel that has a part are those whose surface nobody knows (static scans): who finds them has invented
 * nobody. Told by instances; without them every pixel counts.
 */
function knownParts(part: Uint8Array, masks: Condition['segmentation'], person: number | undefined): Uint8Array {
  const { labels, instances } = masks ?? {};
  if (!labels || !instances) return part;
  const known = new Set(instances.filter((_, i) => part[i] > 0));
  return part.map((id, i) => (labels[i] === person && instances[i] > 0 && !known.has(instances[i]) ? VOID_PART : id));
}

/** People of whom at least four joints are known in the picture: fewer make no box. */
function isSeen({ keypoints, box }: TruePerson): boolean {
  return keypoints.filter(({ visible }) => visible > 0).length >= 4 && box[2] > 0 && box[3] > 0;
}

/**
 * What is counted of a person. Conditions keep the joints that the grid's aspect cut away, since limbs are drawn towards them; no picture shows
 * them, so they do not count.
 */
function toTruth({ keypoints, box }: Person, { width, height }: MapSize): TruePerson {
  const inside = ({ x, y }: Keypoint): boolean => x >= -0.5 && x < width - 0.5 && y >= -0.5 && y < height - 0.5;
  return { box, keypoints: keypoints.map((joint) => ({ x: joint.x, y: joint.y, visible: joint.score > 0 && inside(joint) ? 2 : 0 })) };
}
