import type { FrameOptions, FrameResult, Streams } from '@sextant/client';

/** Who hears of frames. */
export interface PlayerEvents {
  /** A new frame; it belongs to the player, which closes its picture when the next one comes. */
  frame(frame: FrameResult): void;
  /** The stream ended with an error; it is tried again when something else is asked for. */
  error(error: unknown): void;
  /** Playing or paused, waiting for one frame or not. */
  state(): void;
}

/**
 * Holds the one subscription that the page has: asks for what is shown, and for nothing while paused or in the background,
 * so that the server stops computing it. Keeps the newest frame for redrawing.
 */
export class Player {
  readonly #events: PlayerEvents;
  #source: Streams | undefined;
  #options: FrameOptions | undefined;
  #subscription: { readonly key: string; readonly source: Streams; unsubscribe(): void } | undefined;
  #paused = false;
  #stepping = false;
  #hidden = false;
  #frame: FrameResult | undefined;

  constructor(events: PlayerEvents) {
    this.#events = events;
  }

  get frame(): FrameResult | undefined {
    return this.#frame;
  }

  get paused(): boolean {
    return this.#paused;
  }

  /** Waiting for the one frame of a step. */
  get stepping(): boolean {
    return this.#stepping;
  }

  /** Whose frames: the server's camera or one's own. */
  setSource(source: Streams | undefined): void {
    if (source === this.#source) return;
    this.#source = source;
    this.#keep(undefined);
    this.#update();
  }

  /** What is shown; undefined: nothing. */
  want(options: FrameOptions | undefined): void {
    this.#options = options;
    this.#update();
  }

  setHidden(hidden: boolean): void {
    this.#hidden = hidden;
    this.#update();
  }

  setPaused(paused: boolean): void {
    this.#paused = paused;
    this.#stepping = false;
    this.#update();
    this.#events.state();
  }

  /** Pauses, after one newer frame. */
  step(): void {
    this.#paused = true;
    this.#stepping = true;
    this.#update();
    this.#events.state();
  }

  #update(): void {
    const active = !this.#hidden && (!this.#paused || this.#stepping);
    const source = this.#source;
    const options = this.#options;
    if (!active || source === undefined || options === undefined) {
      this.#subscription?.unsubscribe();
      this.#subscription = undefined;
      return;
    }
    const key = JSON.stringify(options);
    const before = this.#subscription;
    if (before?.key === key && before.source === source) return;
    // The new one first: what both want goes on without a gap at the server.
    const mine = { key, source, unsubscribe: () => {} };
    this.#subscription = mine;
    const subscription = source.frames(options).subscribe({
      next: (frame) => {
        if (this.#subscription !== mine) frame.picture?.bitmap?.close();
        else this.#take(frame);
      },
      error: (error: unknown) => {
        if (this.#subscription !== mine) return;
        this.#subscription = undefined;
        this.#events.error(error);
      },
    });
    mine.unsubscribe = () => {
      subscription.unsubscribe();
    };
    before?.unsubscribe();
  }

  #take(frame: FrameResult): void {
    this.#keep(frame);
    this.#events.frame(frame);
    if (!this.#stepping) return;
    this.#stepping = false;
    this.#update();
    this.#events.state();
  }

  #keep(frame: FrameResult | undefined): void {
    if (this.#frame !== frame) this.#frame?.picture?.bitmap?.close();
    this.#frame = frame;
  }
}
