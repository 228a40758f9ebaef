import { SextantError, intrinsicsOf, pinholeCamera } from '@sextant/core';
import type { CameraModel, CameraPicture, CameraState, Frame, Modality, OpenCamera, Perception } from '@sextant/core';
import { BehaviorSubject, Subject } from 'rxjs';
import type { Observable, Subscription } from 'rxjs';
import { decodeJpeg } from './jpeg.js';
import type { ClassTables } from './mask-source.js';
import { MaskSource } from './mask-source.js';

/**
 * Runs frames of one camera through the model, as a stream of its own with a memory of its own: `estimate(model, wanted$)` and what follows
 * it. `referred$`: whether somebody listens to what the prompt names. Unsubscribing gives everything back.
 */
export type Perceive = (frames$: Observable<Frame>, wanted$: Observable<readonly Modality[]>, referred$: Observable<boolean>) => Observable<Perception>;

interface UplinkEvents {
  /** Something to tell the client; the camera goes on unless `final`. */
  problem(error: SextantError, final: boolean): void;
  state(state: CameraState): void;
}

/** One camera that a client sends: newest picture first, one being decoded, one waiting. */
export class UplinkCamera {
  readonly source: MaskSource;
  readonly #frames = new Subject<Frame>();
  readonly #wanted = new BehaviorSubject<readonly Modality[]>([]);
  readonly #referred = new BehaviorSubject(false);
  readonly #perceiving: Subscription;
  #waiting: CameraPicture | undefined;
  #decoding = false;
  #closed = false;
  #received = 0;
  #estimated = 0;
  #forwarded = 0;
  #overtaken = 0;
  #refused = 0;
  #shapeTold = false;

  constructor(
    private readonly opened: OpenCamera, perceive: Perceive, tables: ClassTables, private readonly maxPixels: number, private readonly events: UplinkEvents,
  ) {
    this.source = new MaskSource(tables);
    this.#perceiving = perceive(this.#frames, this.#wanted, this.#referred).subscribe({
      next: (perception) => {
        this.#estimated += 1;
        this.source.publish(perception);
      },
      error: (error: unknown) => {
        // It may come before whoever made this has it.
        queueMicrotask(() => {
          if (!this.#closed) this.events.problem(SextantError.from(error), true);
        });
      },
    });
    queueMicrotask(() => {
      this.#tell();
    });
  }

  want(modalities: readonly Modality[], referred: boolean): void {
    this.#wanted.next(modalities);
    this.#referred.next(referred);
  }

  /** A picture came. The newest wins. */
  picture(picture: CameraPicture): void {
    this.#received += 1;
    if (this.#waiting !== undefined) this.#overtaken += 1;
    this.#waiting = picture;
    if (!this.#decoding) void this.#decode();
    else this.#tell();
  }

  /** A picture came that is not taken: received all the same, as a client waits for the count of what it sent. */
  refuse(): void {
    this.#received += 1;
    this.#refused += 1;
    this.#tell();
  }

  close(): void {
    this.#closed = true;
    this.#waiting = undefined;
    this.#perceiving.unsubscribe();
    this.#frames.complete();
    this.#wanted.complete();
    this.#referred.complete();
  }

  async #decode(): Promise<void> {
    this.#decoding = true;
    while (this.#waiting !== undefined) {
      const picture = this.#waiting;
      this.#waiting = undefined;
      try {
        const image = await decodeJpeg(picture, this.maxPixels);
        if (this.#closed) break;
        this.#forwarded += 1;
        const camera = this.#camera(image.width, image.height);
        this.#frames.next({ ...image, stamp: picture.stamp, sequence: picture.sequence, frameId: 'camera_optical_frame', ...(camera && { camera }) });
      } catch (error) {
        this.#refused += 1;
        if (!this.#closed) this.events.problem(SextantError.from(error), false);
      }
      this.#tell();
    }
    this.#decoding = false;
  }

  #tell(): void {
    if (this.#closed) return;
    // What was handed to the model and is not back is either in it, or was overtaken there.
    const inModel = Math.min(1, this.#forwarded - this.#estimated);
    this.events.state({ camera: this.opened.camera, received: this.#received, estimated: this.#estimated, dropped: this.#overtaken + this.#refused + this.#forwarded - this.#estimated - inModel });
  }

  /** Intrinsics of the pictures' own size, if the client gave any of the same shape. */
  #camera(width: number, height: number): CameraModel | undefined {
    const { intrinsics } = this.opened;
    if (intrinsics === undefined) return undefined;
    const [sx, sy] = [width / intrinsics.width, height / intrinsics.height];
    if (Math.abs(sx / sy - 1) > 0.02) {
      this.#tellOfShape(width, height, intrinsics);
      return undefined;
    }
    const size = { width, height };
    const camera = pinholeCamera(intrinsics, { ...intrinsics, provenance: 'calibrated' });
    return pinholeCamera(size, intrinsicsOf({ ...size, camera }, size));
  }

  /** Once: a phone that is turned goes on being turned. */
  #tellOfShape(width: number, height: number, of: { readonly width: number; readonly height: number }): void {
    if (this.#shapeTold) return;
    this.#shapeTold = true;
    // Without `camera`, which would end its streams.
    this.events.problem(new SextantError('bad-argument', `camera ${this.opened.camera}: its intrinsics are of ${of.width}x${of.height} and do not fit its pictures of ${width}x${height}, which have none`, {
      hint: 'Open the camera anew with intrinsics of the pictures as they are, for a phone that was turned with those of the turned picture.', details: { camera: this.opened.camera, width, height },
    }), false);
  }
}
