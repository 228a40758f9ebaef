import { ENVELOPE_BYTES, SextantError, encodeCameraPicture } from '@sextant/core';
import type { CameraState } from '@sextant/core';
import { EMPTY, Observable, Subject, concatMap, filter, map } from 'rxjs';
import type { CameraLink, CameraStats } from '../client.js';
import type { Connection } from '../connection.js';
import type { CameraOptions, FrameOptions, PictureOptions } from '../requests.js';
import type { FrameResult, PictureResult } from '../results.js';
import { Stream } from '../stream.js';
import { StreamMaker } from '../stream-maker.js';
import type { Subscriptions } from '../subscriptions.js';
import { releaseFrame } from '../aligned.js';
import { request, requests } from '../wanted.js';
import { checkCameraOptions } from './check-options.js';
import { JpegEncoder } from './jpeg.js';
import { KeptPictures } from './kept-pictures.js';
import type { SentPicture } from './kept-pictures.js';
import { checkPictureSource, pictureSource } from './picture-source.js';
import type { PictureSource } from './picture-source.js';
import { PlaceWait } from './place-wait.js';

/** Pictures on their way that the server has not said to have received: one being sent, one being decoded there. */
const MAX_UNDERWAY = 2;

/** Pictures in a row that the camera does not give or the browser cannot encode; then it is broken. */
const MOST_FAILURES = 40;

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
  readonly #place = new PlaceWait(() => {
    if (this.connection.open) this.#open();
  });
  readonly #pictures = new Subject<{ readonly result: PictureResult; readonly sent: SentPicture }>();
  #source: PictureSource | undefined;
  #users = 0;
  /** Streams that give results with their pictures: what is sent is kept for these alone. */
  #attaching = 0;
  #running = false;
  #closed = false;
  #sequence = 0;
  #sent = 0;
  #skipped = 0;
  /** Sent on this connection, for comparison with what the server received. */
  #sentHere = 0;
  /** Whether it was said on this connection that the pictures are too large. */
  #toldTooLarge = false;
  #state: Omit<CameraState, 'camera'> = { received: 0, estimated: 0, dropped: 0 };

  constructor(
    readonly id: number, media: MediaStream | MediaStreamTrack, options: CameraOptions, subscriptions: Subscriptions,
    private readonly connection: Connection, private readonly events: CameraEvents,
  ) {
    super(subscriptions, id);
    const track = 'getVideoTracks' in media ? media.getVideoTracks()[0] : media;
    if (track?.kind !== 'video') throw new SextantError('bad-argument', 'the stream has no video track', { hint: 'Ask for one: getUserMedia({ video: true }).' });
    checkCameraOptions(options);
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

  /** The pictures as they are sent, at most `rate` per second of them; nothing comes back from the server for these. */
  override pictures({ rate }: PictureOptions = {}): Stream<PictureResult> {
    return new Stream(
      new Observable<PictureResult>((subscriber) => {
        if (!this.subscriptions.possible(request('picture', { rate }, this.id), subscriber)) return;
        const due = pacer(rate);
        const subscription = this.#pictures.pipe(filter(due), concatMap(async ({ result, sent }) => ({ ...result, bitmap: await decode(sent) }))).subscribe(subscriber);
        const stop = this.#use();
        return () => {
          subscription.unsubscribe();
          stop();
        };
      }),
      ({ bitmap }) => bitmap?.close(),
    );
  }

  protected override together(options: FrameOptions): Stream<FrameResult> {
    const { picture, ...others } = options;
    if (picture === undefined || picture === false) return super.together(options);
    const kinds = [...requests(options, this.id, 0).keys()].filter((kind) => kind !== 'picture');
    // Nothing is asked of the server.
    if (kinds.length === 0) return new Stream(this.pictures({ ...(picture !== true && picture), ...options }).pipe(map(asFrame)), releaseFrame);
    const results = super.together(others);
    const lost = (): void => {
      for (const kind of kinds) this.subscriptions.overtaken(kind, this.id);
    };
    const frames$ = new Observable<FrameResult>((subscriber) => {
      this.#attaching += 1;
      const withPictures$ = results.pipe(
        map((frame) => {
          const sent = this.#kept.get(frame.sequence);
          this.#kept.before(frame.sequence);
          return { frame, sent };
        }),
        concatMap(({ frame, sent }) => {
          if (sent !== undefined) return attach(frame, sent);
          lost();
          return EMPTY;
        }),
      );
      const subscription = withPictures$.subscribe({
        next: (frame) => {
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
        this.#attaching -= 1;
        if (this.#attaching === 0) this.#kept.clear();
      };
    });
    return new Stream(frames$, (frame) => {
      releaseFrame(frame);
      lost();
    });
  }

  /** The server is there (again). */
  opened(): void {
    this.#place.connected();
    this.#toldTooLarge = false;
    this.#open();
  }

  #open(): void {
    const { fieldOfView } = this.#options;
    const { width = 640, height = 480 } = this.#track.getSettings();
    const fx = fieldOfView === undefined ? undefined : width / 2 / Math.tan((fieldOfView * Math.PI) / 360);
    this.#sentHere = 0;
    this.#state = { received: 0, estimated: 0, dropped: 0 };
    this.connection.send('openCamera', { camera: this.id, ...(fx !== undefined && { intrinsics: { fx, fy: fx, cx: (width - 1) / 2, cy: (height - 1) / 2, width, height } }) });
  }

  state({ received, estimated, dropped }: CameraState): void {
    this.#place.taken();
    this.#state = { received, estimated, dropped };
  }

  /** The server has no place for it. True where it is asked again, which is told once; else it has ended. */
  waitsForPlace({ code, message, details }: SextantError): boolean {
    const told = this.#place.waiting;
    if (this.#closed || !this.#place.refused()) return false;
    if (!told) this.events.problem(new SextantError(code, message, { hint: 'It is asked again: for up to a minute it holds the places of a connection that was lost.', details }));
    return true;
  }

  /** The server refused or ended it, which whoever calls tells. */
  refused(): void {
    this.#end();
  }

  /** The connection failed for good: its pictures go nowhere. */
  failed(error: SextantError): void {
    this.#end(error);
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
    // A camera's frames jitter: one a little early is the one that was meant.
    const due = pacer(this.#options.rate ?? 15);
    try {
      const source = (this.#source = pictureSource(this.#track, this.#size));
      let failures = 0;
      while (this.#users > 0 && !this.#closed) {
        try {
          const taken = await source.take();
          if (taken === undefined) {
            // A track that the page itself stops fires no event.
            this.#trackEnded();
            break;
          }
          if (due()) {
            await this.#send(taken.bitmap, taken.takenMs);
            failures = 0;
          } else taken.bitmap.close();
        } catch (error) {
          // Between two frames, at the start, or while the browser starts its graphics anew there may be no picture; the next is.
          if (++failures === MOST_FAILURES) throw error;
        }
      }
    } catch (error) {
      this.#fail(SextantError.from(error, 'unsupported', 'The camera of this browser could not be read.'));
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
    const { width, height } = bitmap;
    const { value: state } = this.connection.state$;
    const { maxCameraPixels = Infinity, maxMessageBytes = Infinity } = state.kind === 'open' ? state.server.limits : {};
    if (width * height > maxCameraPixels) {
      bitmap.close();
      this.#tooLarge(`${width}x${height} pixels, the server takes ${maxCameraPixels}`);
      return;
    }
    let jpeg: Uint8Array<ArrayBuffer>;
    try {
      jpeg = await this.#jpeg.encode(bitmap);
    } catch (error) {
      this.#skipped += 1;
      throw error;
    } finally {
      bitmap.close();
    }
    const stamp = BigInt(Math.round(takenMs * 1e6));
    const message = encodeCameraPicture({ camera: this.id, stamp, sequence, width, height, mediaType: 'image/jpeg', data: jpeg });
    if (message.length - ENVELOPE_BYTES > maxMessageBytes) {
      this.#tooLarge(`${message.length - ENVELOPE_BYTES} bytes, the server takes ${maxMessageBytes}`);
      return;
    }
    const sent = { jpeg, width, height };
    if (this.#attaching > 0) this.#kept.add(sequence, sent);
    this.#sent += 1;
    this.#sentHere += 1;
    this.connection.sendBytes(message);
    const latency = { modelMs: 0, deliveryMs: 0, decodeMs: 0, totalMs: 0, captureMs: 0 };
    this.#pictures.next({ result: { kind: 'picture', stamp, sequence, clip: 0, latency, bytes: jpeg.length, width, height }, sent });
  }

  /** Leaves out a picture that the server would refuse; says so once. */
  #tooLarge(what: string): void {
    this.#skipped += 1;
    if (this.#toldTooLarge) return;
    this.#toldTooLarge = true;
    this.events.problem(new SextantError('too-large', `pictures of the camera are not sent: one has ${what}`, { hint: 'Send them smaller: maxWidth, maxHeight and quality of camera().', details: { camera: this.id } }));
  }

  /** No more pictures can be had of it: its streams fail. */
  #fail(error: SextantError): void {
    if (this.#closed) return;
    this.connection.send('closeCamera', { camera: this.id });
    this.#end(error);
    this.subscriptions.refused(error, undefined, this.id);
    this.subscriptions.cameraClosed(this.id);
    this.events.problem(error);
  }

  readonly #trackEnded = (): void => {
    if (this.#closed) return;
    this.events.problem(new SextantError('source-ended', 'the camera ended', { hint: 'It was unplugged, stopped by this page, or the permission was taken back.' }));
    this.close();
  };

  #end(error?: SextantError): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#place.stop();
    this.#track.removeEventListener('ended', this.#trackEnded);
    this.#source?.close();
    this.#kept.clear();
    if (error === undefined) this.#pictures.complete();
    else this.#pictures.error(error);
    this.events.closed();
  }
}

/** Decodes what was sent: what the model saw, too. The bitmap is the caller's to close. */
function decode({ jpeg }: SentPicture): Promise<ImageBitmap> {
  return createImageBitmap(new Blob([jpeg], { type: 'image/jpeg' }));
}

async function attach(frame: FrameResult, sent: SentPicture): Promise<FrameResult> {
  const { stamp, sequence, clip, latency } = frame;
  const { width, height } = sent;
  return { ...frame, picture: { kind: 'picture', stamp, sequence, clip, latency, bytes: 0, width, height, bitmap: await decode(sent) } };
}

function asFrame(picture: PictureResult): FrameResult {
  const { stamp, sequence, clip, latency, bytes } = picture;
  return { kind: 'frame', stamp, sequence, clip, latency, bytes, picture };
}

/** Says of each picture whether it is due at `rate` per second; without a rate each is. */
function pacer(rate: number | undefined): () => boolean {
  const period = rate === undefined ? 0 : 1000 / rate;
  let due = 0;
  return () => {
    const now = performance.now();
    if (now < due - period / 4) return false;
    due = Math.max(due + period, now);
    return true;
  };
}
