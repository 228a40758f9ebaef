import { resampleNearest } from '@sextant/core';
import type { Frame, MapSize, Modality, Perception, Person, RgbImage } from '@sextant/core';
import { FullResolution, Steadier, Tracker, shiftPerson } from '@sextant/model';
import type { Model, RunOptions, TruePerson } from '@sextant/model';
import type { Resolution } from '../cli/choices.js';
import { toFrameSize } from '../files/to-frame-size.js';
import { crop, toFrame } from './pictures.js';
import { personInBox } from './skeleton-tally.js';

/** Sum of the margins around a true box that is cropped, as a share of its size. */
const MARGIN = 0.25;

let streams = 0;
const nextStream = (): string => `eval-${(streams += 1)}`;

/** What the model says of a frame of a sequence, in the ways whose steadiness is compared; at the frame's size. */
export interface Watched {
  /** As a stream, with all it carries over. */
  readonly streaming: Perception;
  /** The stream through `steady()` at the model's grid; absent without depth and flow. */
  readonly steady?: Perception;
  /** For itself (`memory: false`). */
  readonly perFrame: Perception;
}

/** What the model says of a frame of a sequence, at the frame's size: with the ids of that frame, and with those of `track()`. */
export interface FollowedFrame {
  readonly plain: Perception;
  readonly tracked: Perception;
}

/** The model under test, answering at the size of the picture it is shown. */
export class Examinee {
  readonly #edges: FullResolution | undefined;

  constructor(
    readonly model: Model,
    private readonly signal: AbortSignal,
    /** How each frame is looked at. */
    private readonly how: Pick<RunOptions, 'steps' | 'closeUps'> = {},
    /** How maps come to the picture's size: by nearest sample, or along its edges. */
    resolution: Resolution = 'model',
  ) {
    this.#edges = resolution === 'camera' ? new FullResolution() : undefined;
  }

  /** Those of the modalities that the model has. */
  able(modalities: readonly Modality[]): readonly Modality[] {
    return modalities.filter((modality) => this.model.modalities.includes(modality));
  }

  /** What the model says of one picture, or of the last of a sequence. */
  async look(frames: readonly Frame[], modalities: readonly Modality[]): Promise<Perception> {
    this.signal.throwIfAborted();
    const last = frames[frames.length - 1];
    if (frames.length === 1) return this.#atFrameSize(await this.model.run(last, modalities, this.how));
    const stream = nextStream();
    try {
      for (const frame of frames.slice(0, -1)) await this.model.run(frame, modalities, { stream, ...this.how });
      return this.#atFrameSize(await this.model.run(last, modalities, { stream, ...this.how }));
    } finally {
      this.model.forget(stream);
    }
  }

  /** What the model says of each frame of a sequence. Where depth is asked for it is asked for flow as well, which steady depth needs. */
  async *watch(frames: Iterable<Frame>, modalities: readonly Modality[]): AsyncGenerator<Watched> {
    const asked = modalities.includes('depth') ? this.able([...new Set<Modality>([...modalities, 'flow'])]) : modalities;
    const steadier = asked.includes('depth') && asked.includes('flow') ? new Steadier() : undefined;
    const [stream, forgetful] = [nextStream(), nextStream()];
    try {
      for (const frame of frames) {
        this.signal.throwIfAborted();
        const said = await this.model.run(frame, asked, { stream, ...this.how });
        const steady = steadier && { steady: this.#atFrameSize(steadier.update(said)) };
        yield { streaming: this.#atFrameSize(said), ...steady, perFrame: this.#atFrameSize(await this.model.run(frame, asked, { stream: forgetful, memory: false, ...this.how })) };
      }
    } finally {
      this.model.forget(stream);
      this.model.forget(forgetful);
    }
  }

  /** What the model says of each frame of a stream, before and after its people and things get ids that last (at the model's grid, as `sextant estimate` does). */
  async *follow(frames: Iterable<Frame>, modalities: readonly Modality[]): AsyncGenerator<FollowedFrame> {
    const [stream, tracker] = [nextStream(), new Tracker()];
    try {
      for (const frame of frames) {
        this.signal.throwIfAborted();
        const said = await this.model.run(frame, modalities, { stream, ...this.how });
        yield { plain: this.#atFrameSize(said), tracked: this.#atFrameSize(tracker.update(said)) };
      }
    } finally {
      this.model.forget(stream);
    }
  }

  /** The person the model finds when shown the surroundings of one true box alone, in the picture's pixels. */
  async lookInto(image: RgbImage, box: TruePerson['box']): Promise<Person | undefined> {
    const [x, y, width, height] = box;
    const part = crop(image, [x - (width * MARGIN) / 2, y - (height * MARGIN) / 2, width * (1 + MARGIN), height * (1 + MARGIN)]);
    if (part === undefined) return undefined;
    const { skeleton } = await this.look([toFrame({ width: part.width, height: part.height, rgb: part.rgb })], ['skeleton']);
    return personInBox((skeleton?.people ?? []).map((person) => shiftPerson(person, part)), box);
  }

  /** Maps at the frame's size: enlarged along its edges, or by nearest sample with the confidences of depth and flow and the visibility of flow. */
  #atFrameSize(said: Perception): Perception {
    return atFrameSize(this.#edges?.apply(said) ?? said);
  }
}

/** Maps at the frame's size, with the confidences of depth and flow and the visibility of flow, by nearest sample. */
function atFrameSize(perception: Perception): Perception {
  const { depth, flow, frame: { width, height } } = perception;
  const sized = toFrameSize(perception);
  const sure = ({ width: w, height: h, confidence, visibility }: MapSize & { readonly confidence?: Float32Array; readonly visibility?: Float32Array }): { confidence?: Float32Array; visibility?: Float32Array } => ({
    ...(confidence && { confidence: resampleNearest(confidence, w, h, width, height) }), ...(visibility && { visibility: resampleNearest(visibility, w, h, width, height) }),
  });
  return { ...sized, ...(sized.depth && depth && { depth: { ...sized.depth, ...sure(depth) } }), ...(sized.flow && flow && { flow: { ...sized.flow, ...sure(flow) } }) };
}
