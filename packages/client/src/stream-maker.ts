import { Observable } from 'rxjs';
import { Aligner, releaseFrame } from './aligned.js';
import type { Streams } from './client.js';
import type { DensePoseOptions, DepthOptions, FlowOptions, FrameOptions, MaskOptions, PictureOptions, ReferredOptions, StreamOptions } from './requests.js';
import type { AnyResult, DensePoseResult, DepthResult, FlowResult, FrameOf, FrameResult, MaskResult, PictureResult, ReferredResult, SkeletonResult } from './results.js';
import { Stream } from './stream.js';
import type { Subscriptions } from './subscriptions.js';
import { release } from './to-result.js';
import { request, requests } from './wanted.js';

/** The streams of one camera: 0 the server's own. */
export class StreamMaker implements Streams {
  constructor(
    protected readonly subscriptions: Subscriptions,
    private readonly source = 0,
  ) {}

  masks(options: MaskOptions = {}): Stream<MaskResult> {
    return this.one('masks', options);
  }

  depth(options: DepthOptions = {}): Stream<DepthResult> {
    return this.one('depth', options);
  }

  flow(options: FlowOptions = {}): Stream<FlowResult> {
    return this.one('flow', options);
  }

  skeletons(options: StreamOptions = {}): Stream<SkeletonResult> {
    return this.one('skeletons', options);
  }

  densePose(options: DensePoseOptions = {}): Stream<DensePoseResult> {
    return this.one('densePose', options);
  }

  referred(options: ReferredOptions = {}): Stream<ReferredResult> {
    return this.one('referred', options);
  }

  pictures(options: PictureOptions = {}): Stream<PictureResult> {
    return this.one('picture', options);
  }

  frames<const O extends FrameOptions>(options: O): Stream<FrameOf<O>> {
    return this.together(options) as unknown as Stream<FrameOf<O>>; // a frame has every part asked for (Aligner)
  }

  protected together(options: FrameOptions): Stream<FrameResult> {
    const kinds = requests(options, this.source, 0); // complains now, not when subscribed
    const frames$ = new Observable<FrameResult>((subscriber) => {
      const aligner = new Aligner(new Set(kinds.keys()), (frame) => {
        if (subscriber.closed) releaseFrame(frame);
        else subscriber.next(frame);
      });
      const wanted = requests(options, this.source, this.subscriptions.group());
      const handler = { next: (part: AnyResult) => { aligner.add(part); }, error: (error: unknown) => { subscriber.error(error); }, complete: () => { subscriber.complete(); } };
      const ends: (() => void)[] = [];
      const end = (): void => {
        for (const endOne of ends) endOne();
        aligner.clear();
      };
      for (const [kind, want] of wanted) if (!subscriber.closed) ends.push(this.subscriptions.add(kind, want, handler));
      if (subscriber.closed) return end; // one of them was refused at once
      const release = this.using();
      return () => {
        release();
        end();
      };
    });
    return new Stream(frames$, (frame) => {
      releaseFrame(frame);
      for (const kind of kinds.keys()) this.subscriptions.overtaken(kind, this.source);
    });
  }

  /** Called while a stream is subscribed to; returns what ends that. */
  protected using(): () => void {
    return () => undefined;
  }

  /** One kind alone. The caller names the kind's own result type. */
  protected one<T extends AnyResult>(kind: T['kind'], options: StreamOptions): Stream<T> {
    const results$ = new Observable<T>((subscriber) => {
      const end = this.subscriptions.add(kind, request(kind, options, this.source), {
        next: (result) => {
          subscriber.next(result as T);
        },
        error: (error) => {
          subscriber.error(error);
        },
        complete: () => {
          subscriber.complete();
        },
      });
      if (subscriber.closed) return;
      const release = this.using();
      return () => {
        release();
        end();
      };
    });
    return new Stream(results$, (result) => {
      release(result);
      this.subscriptions.overtaken(kind, this.source);
    });
  }
}
