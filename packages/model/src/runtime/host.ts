import { SextantError } from '@sextant/core';
import { openChannel, type Channel, type Isolation } from './channel.js';
import type { FromWorker, OpenOptions, PaintRequest, StreamKey, ToWorker, WireError } from './messages.js';

/** A request without its id. */
type Request = ToWorker extends infer M ? (M extends { id: number } ? Omit<M, 'id'> : never) : never;

interface Pending {
  readonly onProgress?: ((reply: Extract<FromWorker, { type: 'progress' }>) => void) | undefined;
  readonly resolve: (reply: FromWorker) => void;
  readonly reject: (error: unknown) => void;
}

/** How often a dead worker is started again. */
export interface RestartPolicy {
  /** Restarts within any minute; one more death is final. */
  readonly perMinute: number;
  /** Wait before the first restart of a minute, doubled for each further one. */
  readonly firstDelayMs: number;
}

const RESTARTS: RestartPolicy = { perMinute: 5, firstDelayMs: 100 };

/**
 * Owns the worker: requests with answers, restart after a death, end. A worker that dies takes its running requests with
 * it (`worker-lost`, `details.restarting` true); requests made meanwhile wait for the next worker.
 */
export class WorkerHost {
  #channel: Channel | undefined;
  #ready: Promise<FromWorker>;
  #end: SextantError | undefined;
  #opened = false;
  #nextId = 1;
  readonly #pending = new Map<number, Pending>();
  readonly #deaths: number[] = [];
  #restarts = 0;
  /** Ends the wait before a restart. */
  #wake: (() => void) | undefined;

  constructor(
    private readonly options: OpenOptions,
    private readonly isolation: Isolation,
    private readonly policy: RestartPolicy = RESTARTS,
    private readonly quiet = false,
  ) {
    this.#ready = this.#start();
  }

  /** The first worker's answer to `open`. A death before it is an error, not a reason to start again. */
  opened(): Promise<FromWorker> {
    return this.#ready;
  }

  /** Process id of the worker, absent for a thread or between two workers. */
  get pid(): number | undefined {
    return this.#channel?.pid;
  }

  /** Workers started again after a death. */
  get restarts(): number {
    return this.#restarts;
  }

  async request(request: Request): Promise<FromWorker> {
    if (this.#end) throw this.#end;
    await this.#ready;
    return this.#send(request);
  }

  /** A request that tells of its steps and can be cancelled; `cancelled` is its answer then, when the worker has stopped. What `onProgress` throws cancels it and is its error. */
  async paint(request: PaintRequest, onProgress: (reply: Extract<FromWorker, { type: 'progress' }>) => void, signal: AbortSignal): Promise<FromWorker> {
    if (this.#end) throw this.#end;
    await this.#ready;
    if (signal.aborted) return { type: 'cancelled', id: 0 };
    const target = this.#nextId;
    const cancel = (): void => {
      if (!this.#end) this.#channel?.post({ type: 'cancel', target });
    };
    let thrown: { readonly error: unknown } | undefined;
    const reply = this.#send({ type: 'paint', request }, (progress) => {
      // The worker hears of the end a step or two later.
      if (thrown || signal.aborted) return;
      try {
        onProgress(progress);
      } catch (error) {
        thrown = { error }; // left to the channel's event it would end the process
        cancel();
      }
    });
    signal.addEventListener('abort', cancel, { once: true });
    const end = (): void => {
      signal.removeEventListener('abort', cancel);
      if (thrown) throw thrown.error;
    };
    return reply.finally(end);
  }

  /** Has the worker forget a stream, after the requests that were made before. */
  async forget(stream: StreamKey): Promise<void> {
    // As requests wait; a worker that does not come knows no streams.
    const came = await this.#ready.then(() => true, () => false);
    if (came && !this.#end) this.#channel?.post({ type: 'forget', stream });
  }

  /** Ends the worker; running and later requests fail with `bad-argument`. */
  async close(): Promise<void> {
    this.#finish(
      new SextantError('bad-argument', `model ${this.options.manifest.name} is closed`, { hint: 'Load it again to use it again.', details: { closed: true } }),
    );
    await this.#channel?.stop();
  }

  #start(): Promise<FromWorker> {
    const channel = openChannel(this.isolation, this.quiet, {
      onMessage: (message) => this.#receive(message),
      onGone: (why) => this.#gone(channel, why),
    });
    this.#channel = channel;
    const ready = this.#send({ type: 'open', options: this.#opened ? { ...this.options, check: false } : this.options }).then((reply) => {
      this.#opened = true;
      return reply;
    });
    ready.catch(() => {}); // whoever awaits it hears of it
    return ready;
  }

  #send(request: Request, onProgress?: Pending['onProgress']): Promise<FromWorker> {
    return new Promise((resolve, reject) => {
      const channel = this.#channel;
      if (this.#end || !channel) {
        reject(this.#end ?? this.#lost('it is being started again', true));
        return;
      }
      const id = this.#nextId++;
      this.#pending.set(id, { resolve, reject, onProgress });
      channel.hold(true);
      channel.post({ ...request, id });
    });
  }

  #receive(message: FromWorker): void {
    const pending = this.#pending.get(message.id);
    if (!pending) return;
    if (message.type === 'progress') return pending.onProgress?.(message);
    this.#pending.delete(message.id);
    if (this.#pending.size === 0) this.#channel?.hold(false);
    if (message.type === 'failed') pending.reject(errorOf(message.error));
    else pending.resolve(message);
  }

  #gone(channel: Channel, why: string): void {
    if (channel !== this.#channel || this.#end) return;
    this.#channel = undefined;
    const now = Date.now();
    while (this.#deaths.length > 0 && now - (this.#deaths[0]) > 60_000) this.#deaths.shift();
    this.#deaths.push(now);
    if (!this.#opened || this.#deaths.length > this.policy.perMinute) {
      this.#finish(this.#lost(why, false));
      return;
    }
    const delay = this.policy.firstDelayMs * 2 ** (this.#deaths.length - 1);
    this.#ready = new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, delay);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    }).then(() => {
      if (this.#end) throw this.#end;
      this.#restarts++;
      return this.#start();
    });
    this.#ready.catch((error: unknown) => {
      // Dying again while starting is handled by its own exit; anything else will not get better by waiting.
      if (!isRestarting(error)) this.#finish(SextantError.from(error));
    });
    this.#rejectAll(this.#lost(why, true));
  }

  #finish(error: SextantError): void {
    this.#end ??= error;
    this.#wake?.(); // requests that wait for the next worker hear of it too
    this.#rejectAll(this.#end);
  }

  #rejectAll(error: SextantError): void {
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    this.#channel?.hold(false);
    for (const { reject } of pending) reject(error);
  }

  #lost(why: string, restarting: boolean): SextantError {
    const times = this.#deaths.length > 1 ? `, the ${this.#deaths.length}th time within a minute` : '';
    return new SextantError('worker-lost', `the inference worker is gone: ${why}${times}`, {
      hint: restarting ? 'It is started again; this frame is lost.' : 'Look for a lack of memory, or try --device cpu.',
      details: { why, restarting },
    });
  }
}

/** Whether an error means that one frame died with a worker that is being replaced. */
export function isRestarting(error: unknown): boolean {
  return SextantError.isInstance(error) && error.code === 'worker-lost' && error.details.restarting === true;
}

function errorOf({ code, message, hint, details }: WireError): SextantError {
  return new SextantError(code, message, { hint, details: { ...details } });
}
