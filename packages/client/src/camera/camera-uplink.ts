import { SextantError, encodeCameraPicture } from '@sextant/core';
import type { CameraState } from '@sextant/core';
import { EMPTY, Observable, Subject, concatMap, of } from 'rxjs';
import type { CameraLink, CameraStats } from '../client.js';
import type { Connection } from '../connection.js';
import type { CameraOptions, FrameOptions, PictureOptions } from '../requests.js';
import type { FrameResult, PictureResult } from '../results.js';
import { Stream } from '../stream.js';
import { StreamMaker } from '../stream-maker.js';
import type { Subscriptions } from '../subscriptions.js';
import { releaseFrame } from '../aligned.js';
import { JpegEncoder } from './jpeg.js';
import { KeptPictures } from './kept-pictures.js';
import { checkPictureSource, pictureSource } from './picture-source.js';
import type { PictureSource } from './picture-source.js';

/** Pictures on their way that the server has not said to have received: one being sent, one being decoded there. */
const MAX_UNDERWAY = 2;

interface CameraEvents {
  problem(error: SextantError): void;
  closed(): void;
}

/** One camera of this page on its way to the server. */
export class CameraUplink extends StreamMaker implements CameraLink {
  readonly #track: MediaStreamTrack;
  readonly #options: CameraOptions;
  readonly #kept = new KeptPictures();
  readonly #jpeg: JpegEncoder;
  readonly #pictures = new Subject<PictureResult>();
  #source: PictureSource | undefined;
  #users = 0;
  #running = false;
  #closed = false;
  #sequence = 0;
  #sent = 0;
  #skipped = 0;
  /** Sent on this connection, for comparison with what the server received. */
  #sentHere = 0;
  #state: Omit<CameraState, 'camera'> = { received: 0, estimated: 0, dropped: 0 };

  constructor(
    readonly id: number, media: MediaStream | MediaStreamTrack, options: CameraOptions, subscriptions: Subscriptions,
    private readonly connection: Connection, private readonly events: CameraEvents,
  ) {
    super(subscriptions, id);
    const track = 'getVideoTracks' in media ? media.getVideoTracks()[0] : media;
    if (track?.kind !== 'video') throw new SextantError('bad-argument', 'the stream has no video track', { hint: 'Ask for one: getUserMedia({ video: true }).' });
    this.#track = track;
    this.#options = options;
    this.#jpeg = new JpegEncoder(options.quality ?? 0.8);
    checkPictureSource();
    track.addEventListener('ended', this.#trackEnded);
  }

  get stats(): CameraStats {
    const { received, estimated, dropped } = this.#state;
    return { sent: this.#sent, skipped: this.#skipped, received, estimated, dropped };
  }

  /** The pictures as they are sent; nothing comes back from the server for these. */
  override pictures(_options: PictureOptions = {}): Stream<PictureResult> {
    return new Stream(
      new Observable<PictureResult>((subscriber) => {
        const subscription = this.#pictures.pipe(concatMap(async (picture) => ({ ...picture, bitmap: await createImageBitmap(picture.bitmap!) }))).subscribe(subscriber);
        const stop = this.#use();
        return () => {
          subscription.unsubscribe();
          stop();
        };
      }),
      ({ bitmap }) => bitmap?.close(),
    );
  }

  override frames(options: FrameOptions): Stream<FrameResult> {
    const { picture, ...others } = options;
    const results = super.frames(others);
    const withPicture = picture !== undefined && picture !== false;
    const frames$ = new Observable<FrameResult>((subscriber) => {
      const attached = results.pipe(concatMap(async (frame) => (withPicture ? this.#attach(frame) : frame)), concatMap((frame) => (frame === undefined ? EMPTY : of(frame))));
      const subscription = attached.subscribe({
        next: (frame) => {
          this.#kept.before(frame.sequence);
          if (subscriber.closed) releaseFrame(frame);
          else subscriber.next(frame);
        },
        error: (error: unknown) => {
          subscriber.error(error);
        },
        complete: () => {
          subscriber.complete();
        },
      });
      return () => {
        subscription.unsubscribe();
      };
    });
    return new Stream(frames$, releaseFrame);
  }

  /** The server is there (again). */
  opened(): void {
    const { fieldOfView } = this.#options;
    const { width = 640, height = 480 } = this.#track.getSettings();
    const fx = fieldOfView === undefined ? undefined : width / 2 / Math.tan((fieldOfView * Math.PI) / 360);
    this.#sentHere = 0;
    this.#state = { received: 0, estimated: 0, dropped: 0 };
    this.connection.send('openCamera', { camera: this.id, ...(fx !== undefined && { intrinsics: { fx, fy: fx, cx: (width - 1) / 2, cy: (height - 1) / 2, width, height } }) });
  }

  state({ received, estimated, dropped }: CameraState): void {
    this.#state = { received, estimated, dropped };
  }

  /** The server refused or ended it, which whoever calls tells. */
  refused(): void {
    this.#end();
  }

  close(): void {
    if (this.#closed) return;
    this.connection.send('closeCamera', { camera: this.id });
    this.#end();
    this.subscriptions.cameraClosed(this.id);
  }

  /** Somebody wants results: pictures are sent until the last one is gone. */
  #use(): () => void {
    this.#users += 1;
    if (!this.#running && !this.#closed) void this.#run();
    return () => {
      this.#users -= 1;
    };
  }

  protected override using(): () => void {
    return this.#use();
  }

  get #size(): { readonly maxWidth: number; readonly maxHeight: number } {
    return { maxWidth: this.#options.maxWidth ?? 640, maxHeight: this.#options.maxHeight ?? 480 };
  }

  async #run(): Promise<void> {
    this.#running = true;
    const period = 1000 / (this.#options.rate ?? 15);
    let due = 0;
    try {
      const source = (this.#source = pictureSource(this.#track, this.#size));
      while (this.#users > 0 && !this.#closed) {
        const taken = await source.take();
        if (taken === undefined) break;
        const now = performance.now();
        // A camera's frames jitter: one a little early is the one that was meant.
        if (now < due - period / 4) taken.bitmap.close();
        else {
          due = Math.max(due + period, now);
          await this.#send(taken.bitmap, taken.takenMs);
        }
      }
    } catch (error) {
      this.events.problem(SextantError.from(error, 'unsupported', 'The camera of this browser could not be read.'));
    } finally {
      this.#source?.close();
      this.#source = undefined;
      this.#running = false;
    }
  }

  async #send(bitmap: ImageBitmap, takenMs: number): Promise<void> {
    const sequence = ++this.#sequence;
    const behind = this.#sentHere - this.#state.received >= MAX_UNDERWAY || this.connection.bufferedAmount > 0;
    if (!this.connection.open || behind) {
      this.#skipped += 1;
      bitmap.close();
      return;
    }
    const data = await this.#jpeg.encode(bitmap);
    const { width, height } = bitmap;
    const stamp = BigInt(Math.round(takenMs * 1e6));
    this.#kept.add(sequence, bitmap);
    this.#sent += 1;
    this.#sentHere += 1;
    this.connection.sendBytes(encodeCameraPicture({ camera: this.id, stamp, sequence, width, height, mediaType: 'image/jpeg', data }));
    const latency = { modelMs: 0, deliveryMs: 0, decodeMs: 0, totalMs: 0, captureMs: 0 };
    this.#pictures.next({ kind: 'picture', stamp, sequence, clip: 0, latency, bytes: data.length, width, height, bitmap });
  }

  async #attach(frame: FrameResult): Promise<FrameResult | undefined> {
    const bitmap = await this.#kept.copy(frame.sequence);
    if (bitmap === undefined) return undefined;
    const { stamp, sequence, clip, latency } = frame;
    return { ...frame, picture: { kind: 'picture', stamp, sequence, clip, latency, bytes: 0, width: bitmap.width, height: bitmap.height, bitmap } };
  }

  readonly #trackEnded = (): void => {
    this.events.problem(new SextantError('source-ended', 'the camera ended', { hint: 'It was unplugged, or the permission was taken back.' }));
    this.close();
  };

  #end(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#track.removeEventListener('ended', this.#trackEnded);
    this.#source?.close();
    this.#kept.clear();
    this.#pictures.complete();
    this.events.closed();
  }
}
