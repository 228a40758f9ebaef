import { intrinsicsOf, pinholeCamera, scaleCamera, type CameraModel, type DepthMap, type MapSize, type Modality, type Perception } from '@sextant/core';
import { Observable, map } from 'rxjs';
import type { OperatorFunction } from 'rxjs';
import { cameraHeight } from './ground-height.js';
import { objectHeights } from './known-object.js';
import { metresOf, RangeFit, scaleOnly } from './range-fit.js';
import type { DepthFit, RangeSample } from './range-fit.js';
import { checkScale } from './scale-spec.js';
import type { ScaleSpec } from './scale-spec.js';

/** Options of {@link scaled}. */
export interface ScaledOptions {
  /** True distances as they come; with `ranges` only. Those since the frame before belong to the next frame. */
  readonly ranges$?: Observable<readonly RangeSample[]>;
  /**
   * Told once per scale why it cannot be applied; depth then passes as it was.
   * @default the stream fails with the error
   */
  readonly onIssue?: (error: unknown) => void;
}

/** Share of a new frame's scale in the running one (of logarithms): a plane or an outline found badly once must not jump. */
const BLEND = 0.1;

/** What a scale needs besides depth. */
export function scaleNeeds(spec: ScaleSpec | undefined): readonly Modality[] {
  return spec?.kind === 'object' || spec?.kind === 'camera-height' ? ['segmentation'] : [];
}

/**
 * Gives depth a scale from outside: its metres are multiplied (and shifted, with `ranges`; what is nearer than all ranges goes on
 * in proportion, so that it never becomes a hole), its provenance becomes `scaled`. Until
 * there is something to scale by (a floor in view, a thing of the class, a range) depth passes as it was; none is taken where the confidence of depth
 * is 0 (a lens cap, full glare). `spec$` may change
 * while it runs, or end: the last scale stays; undefined leaves depth alone. Where `Perception.reset` is set (a cut, a zoom, another size, a gap) the scale is sought
 * anew, and ranges that came before that frame count for none.
 */
export function scaled(spec$: Observable<ScaleSpec | undefined>, options: ScaledOptions = {}): OperatorFunction<Perception, Perception> {
  return (perceptions) =>
    new Observable((subscriber) => {
      let scaler: Scaler | undefined;
      let pending: RangeSample[] = [];
      let begun = false;
      let told = false;
      const apply = (perception: Perception): Perception => {
        // They may be of the scene before; before the first frame there is none.
        const samples = begun && perception.reset ? [] : pending;
        begun = true;
        pending = [];
        try {
          return scaler ? scaler.apply(perception, samples) : perception;
        } catch (error) {
          if (options.onIssue === undefined) throw error;
          if (!told) options.onIssue(error);
          told = true; // not with every frame
          return perception;
        }
      };
      // Each on the subscriber: on one another, the end of a scale that never changes would end the depth.
      subscriber.add(spec$.subscribe({
        next: (spec) => {
          scaler = spec && new Scaler(spec);
          told = false;
        },
        error: (error: unknown) => { subscriber.error(error); },
      }));
      subscriber.add(options.ranges$?.subscribe({
        next: (samples) => { pending = [...pending, ...samples].slice(-10_000); },
        error: (error: unknown) => { subscriber.error(error); },
      }));
      if (subscriber.closed) return;
      subscriber.add(perceptions.pipe(map(apply)).subscribe({
        next: (perception) => { subscriber.next(perception); },
        error: (error: unknown) => { subscriber.error(error); },
        complete: () => { subscriber.complete(); },
      }));
    });
}

/** One scale over a stream, from reset to reset. */
export class Scaler {
  private ranges = new RangeFit();
  private logScale: number | undefined;

  constructor(private readonly spec: ScaleSpec) {}

  apply(perception: Perception, samples: readonly RangeSample[] = []): Perception {
    const { depth, reset } = perception;
    if (reset) {
      // The model's own scale is another one in every scene.
      this.logScale = undefined;
      this.ranges = new RangeFit();
    }
    if (depth === undefined) return perception;
    const found = this.find(perception, depth, samples);
    return found === undefined ? perception : { ...perception, depth: apply(depth, found) };
  }

  private find(perception: Perception, depth: DepthMap, samples: readonly RangeSample[]): DepthFit | undefined {
    const { spec } = this;
    const { segmentation } = perception;
    switch (spec.kind) {
      case 'factor':
        return scaleOnly(spec.factor);
      case 'ranges':
        this.ranges.add(believed(depth), cameraOf(perception, depth), samples);
        return this.ranges.fit;
      case 'camera-height': {
        const height = cameraHeight(believed(depth), cameraOf(perception, depth), segmentation);
        return this.blend(height === undefined ? [] : [spec.metres / height]);
      }
      case 'object': {
        if (segmentation === undefined) return this.blend([]);
        checkScale(spec, segmentation.classes);
        return this.blend(objectHeights(believed(depth), segmentation, cameraOf(perception, segmentation), spec.name).map((height) => spec.metres / height));
      }
    }
  }

  private blend(scales: readonly number[]): DepthFit | undefined {
    if (scales.length > 0) {
      const logs = scales.map(Math.log).sort((a, b) => a - b);
      const now = logs[logs.length >> 1];
      this.logScale = this.logScale === undefined ? now : this.logScale + BLEND * (now - this.logScale);
    }
    return this.logScale === undefined ? undefined : scaleOnly(Math.exp(this.logScale));
  }
}

/** The camera of a map over the whole of the picture, with its lens where none was taken out, as points are made by it; guessed where nobody knows it. */
function cameraOf({ frame }: Perception, { width, height }: MapSize): CameraModel {
  return scaleCamera(frame.camera ?? pinholeCamera(frame, intrinsicsOf(frame, frame)), width, height);
}

/** Depth without what its confidence denies altogether, as behind a lens cap: a scale taken from there would outlast it. */
function believed(depth: DepthMap): DepthMap {
  const { metres, confidence } = depth;
  return confidence ? { ...depth, metres: metres.map((z, i) => (confidence[i] > 0 ? z : NaN)) } : depth;
}

function apply(depth: DepthMap, fit: DepthFit): DepthMap {
  // Holes stay holes, and nothing else becomes one.
  return { ...depth, metres: depth.metres.map((z) => (z > 0 ? metresOf(fit, z) : NaN)), provenance: 'scaled' };
}
