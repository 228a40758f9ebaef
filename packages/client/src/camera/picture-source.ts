import { SextantError } from '@sextant/core';
import { fit } from './fit.js';

/** A picture of the camera and when it was taken. Whoever receives it closes it. */
export interface TakenPicture {
  readonly bitmap: ImageBitmap;
  /** Milliseconds since the epoch, this page's clock. */
  readonly takenMs: number;
}

/** Hands out the newest picture of a camera. */
export interface PictureSource {
  /** The next picture, no older than the call but for what the camera takes; undefined when the camera has ended. Rejects where there is none this time. */
  take(): Promise<TakenPicture | undefined>;
  close(): void;
}

/** Of WebCodecs, where the browser has it (Chromium); not in TypeScript's DOM types. */
interface TrackProcessor {
  readonly readable: ReadableStream<VideoFrame>;
}
declare const MediaStreamTrackProcessor: (new (init: { track: MediaStreamTrack; maxBufferSize?: number }) => TrackProcessor) | undefined;

/**
 * Pictures of a video track, made smaller to fit: by WebCodecs' track processor where there is one, else through a video element.
 * @throws SextantError `unsupported` where the browser has neither.
 */
export function pictureSource(track: MediaStreamTrack, size: { readonly maxWidth: number; readonly maxHeight: number }): PictureSource {
  checkPictureSource();
  if (typeof MediaStreamTrackProcessor !== 'undefined') return new ProcessorSource(new MediaStreamTrackProcessor({ track, maxBufferSize: 1 }), size);
  return new VideoSource(track, size);
}

/** @throws SextantError `unsupported` where the browser cannot make pictures of a camera. */
export function checkPictureSource(): void {
  const possible = typeof createImageBitmap === 'function' && (typeof MediaStreamTrackProcessor !== 'undefined' || typeof document !== 'undefined');
  if (!possible) throw new SextantError('unsupported', 'this browser cannot make pictures of a camera', { hint: 'It needs createImageBitmap, and a page rather than a worker unless it has MediaStreamTrackProcessor.' });
}

type Size = Parameters<typeof pictureSource>[1];

class ProcessorSource implements PictureSource {
  readonly #reader: ReadableStreamDefaultReader<VideoFrame>;

  constructor(
    processor: TrackProcessor,
    private readonly size: Size,
  ) {
    this.#reader = processor.readable.getReader();
  }

  async take(): Promise<TakenPicture | undefined> {
    const { value: frame, done } = await this.#reader.read();
    if (done) return undefined;
    const takenMs = performance.timeOrigin + performance.now();
    try {
      const { width, height } = fit(frame.displayWidth, frame.displayHeight, this.size);
      return { bitmap: await createImageBitmap(frame, { resizeWidth: width, resizeHeight: height }), takenMs };
    } finally {
      frame.close();
    }
  }

  close(): void {
    this.#reader.cancel().catch(() => undefined);
  }
}

class VideoSource implements PictureSource {
  readonly #video = document.createElement('video');
  #ended = false;

  constructor(
    private readonly track: MediaStreamTrack,
    private readonly size: Size,
  ) {
    const video = this.#video;
    video.muted = true;
    video.playsInline = true;
    video.srcObject = new MediaStream([track]);
    video.play().catch(() => undefined); // pictures come when it plays; until then take() waits
  }

  async take(): Promise<TakenPicture | undefined> {
    const video = this.#video;
    for (;;) {
      await this.#nextFrame();
      if (this.#ended || this.track.readyState === 'ended') return undefined;
      if (video.videoWidth === 0 || video.readyState < video.HAVE_CURRENT_DATA) continue;
      const { width, height } = fit(video.videoWidth, video.videoHeight, this.size);
      const takenMs = performance.timeOrigin + performance.now();
      // Between two frames, and at the start, the element may have none to give (Chromium: "not usable").
      return { bitmap: await createImageBitmap(video, { resizeWidth: width, resizeHeight: height }), takenMs };
    }
  }

  /** Waits for the element's next frame, or for the track's end. */
  #nextFrame(): Promise<void> {
    const video = this.#video;
    return new Promise((resolve) => {
      let waited = 0;
      const done = (): void => {
        clearInterval(watch);
        resolve();
      };
      const watch = setInterval(() => {
        // A browser calls back only for frames that it draws, and draws few of an element that is on no page when it is busy.
        if (this.#ended || this.track.readyState === 'ended' || ++waited >= 2) done();
        else if (video.paused) video.play().catch(() => undefined); // the first try may be interrupted
      }, 250);
      // Safari before 15.4 and Firefox before 132 have no requestVideoFrameCallback.
      if ('requestVideoFrameCallback' in video) video.requestVideoFrameCallback(done);
      else setTimeout(done, 33);
    });
  }

  close(): void {
    this.#ended = true;
    this.#video.srcObject = null;
  }
}
