import type { FrameResult, MaskKind } from '@sextant/client';
import { SextantError } from '@sextant/client';
import { byId, make, setText } from './dom.js';
import type { Painter } from './draw/painter.js';
import type { Notices } from './notices.js';
import type { Settings, ViewId } from './settings.js';
import { GridView } from './views/grid-view.js';
import { OverlayView } from './views/overlay-view.js';
import type { View } from './views/view.js';
import { cloudFailedWords, errorWords } from './words.js';

/** Holds the one view that is open and redraws it, once for each displayed frame. */
export class Stage {
  readonly #root = byId('stage');
  readonly #message = make('p', 'stage-message', { role: 'status' });
  readonly #painter: Painter;
  readonly #notices: Notices;
  #view: View | undefined;
  #kind: ViewId | undefined;
  #kinds: readonly MaskKind[] = [];
  #scheduled = false;
  #pending: readonly [FrameResult, Settings] | undefined;

  constructor(painter: Painter, notices: Notices) {
    this.#painter = painter;
    this.#notices = notices;
    this.#root.append(this.#message);
  }

  /** Opens a view; the point cloud's code is fetched when it is first wanted. */
  async open(kind: ViewId): Promise<void> {
    if (kind === this.#kind) return;
    this.#kind = kind;
    this.#view?.close();
    this.#view?.element.remove();
    this.#view = undefined;
    this.#root.dataset['view'] = kind;
    this.#notices.clear('view');
    try {
      const view = await this.#make(kind);
      if (this.#kind !== kind) {
        view.close();
        return;
      }
      this.#view = view;
      this.#root.prepend(view.element);
      this.#schedule();
    } catch (error) {
      this.#notices.tell('view', { kind: 'error', ...(kind === 'cloud' ? cloudFailedWords(error) : errorWords(error)) });
      this.say('The point cloud cannot be shown.');
    }
  }

  /** Draws, soon; calls in between are one. The newest frame wins. */
  draw(frame: FrameResult | undefined, settings: Settings): void {
    this.#pending = frame === undefined ? undefined : [frame, settings];
    this.#schedule();
  }

  /** What the server offers now. */
  offer(kinds: readonly MaskKind[]): void {
    this.#kinds = kinds;
    this.#schedule();
  }

  /** Text in the middle of the stage, for as long as there is no picture. */
  say(text: string): void {
    setText(this.#message, text);
  }

  snapshot(): Promise<HTMLCanvasElement> | undefined {
    return this.#view?.snapshot();
  }

  async #make(kind: ViewId): Promise<View> {
    switch (kind) {
      case 'overlay':
        return new OverlayView(this.#painter);
      case 'grid':
        return new GridView(this.#painter);
      case 'cloud': {
        const { CloudView } = await import('./views/cloud-view.js').catch((cause: unknown) => {
          throw new SextantError('io', 'the code of the point cloud could not be fetched', { hint: 'Is the server still there? Then reload this page.', cause });
        });
        return new CloudView(this.#painter, () => this.#kinds.includes('depth'));
      }
    }
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    requestAnimationFrame(() => {
      this.#scheduled = false;
      if (this.#pending === undefined || this.#view === undefined) return;
      this.#view.draw(...this.#pending);
    });
  }
}
