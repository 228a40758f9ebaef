import type { RosbridgeClient } from './rosbridge-client.js';

/** What a panel's drawing code gets. */
export interface PanelView {
  readonly canvas: HTMLCanvasElement;
  readonly footer: HTMLElement;
  /** Shows a word beside the title, e.g. what the depth values mean. */
  badge(kind: string, text: string): void;
}

/** One stream shown on the page. */
export interface PanelSpec {
  readonly id: string;
  readonly title: string;
  /** Topics below /sextant; the drawing starts when any of them arrives. */
  readonly topics: readonly string[];
  /** Pixels are shown as they are, not smoothed. */
  readonly map: boolean;
  readonly draw: (view: PanelView, messages: ReadonlyMap<string, unknown>) => void;
}

const NAMESPACE = '/sextant';
/** The page shows at most so many pictures a second: more cannot be told apart and cost the network. */
const THROTTLE_MS = 40;

/** A panel with its switch: off means unsubscribed, so that the server stops computing it. */
export class Panel {
  readonly element: HTMLElement;
  readonly #spec: PanelSpec;
  readonly #client: RosbridgeClient;
  readonly #view: PanelView;
  readonly #note: HTMLElement;
  readonly #messages = new Map<string, unknown>();
  #stops: (() => void)[] = [];
  #scheduled = false;
  #on: boolean;
  #hidden = false;

  constructor(spec: PanelSpec, client: RosbridgeClient) {
    this.#spec = spec;
    this.#client = client;
    this.#on = localStorage.getItem(`panel:${spec.id}`) !== 'off';
    const section = document.createElement('section');
    section.className = 'panel';
    section.id = spec.id;
    section.setAttribute('aria-labelledby', `${spec.id}-title`);
    section.innerHTML = `<header><h2></h2><span class="badge"></span><label class="switch"><span>Show</span><input type="checkbox" role="switch"></label></header>
      <div class="stage"><canvas width="4" height="3" role="img"></canvas><p></p></div><footer class="caption"></footer>`;
    const find = <T extends HTMLElement>(selector: string): T => section.querySelector(selector) as T;
    const heading = find('h2');
    heading.id = `${spec.id}-title`;
    heading.textContent = spec.title;
    const canvas = find<HTMLCanvasElement>('canvas');
    canvas.setAttribute('aria-label', `${spec.title}, live`);
    canvas.classList.toggle('map', spec.map);
    const toggle = find<HTMLInputElement>('input');
    toggle.checked = this.#on;
    toggle.setAttribute('aria-label', `Show ${spec.title}`);
    toggle.addEventListener('change', () => {
      this.#on = toggle.checked;
      localStorage.setItem(`panel:${spec.id}`, this.#on ? 'on' : 'off');
      this.#update();
    });
    const badge = find('.badge');
    this.#note = find('.stage p');
    this.#view = {
      canvas,
      footer: find('footer'),
      badge: (kind, text) => {
        badge.dataset['kind'] = kind;
        badge.textContent = text;
      },
    };
    this.element = section;
    this.#update();
  }

  /** A page in the background listens to nothing. */
  setHidden(hidden: boolean): void {
    this.#hidden = hidden;
    this.#update();
  }

  #update(): void {
    for (const stop of this.#stops) stop();
    this.#stops = [];
    this.#messages.clear();
    this.#view.canvas.hidden = !this.#on;
    this.#note.textContent = this.#on ? 'Waiting for the first picture' : 'Off: not computed for this page';
    if (!this.#on || this.#hidden) return;
    this.#stops = this.#spec.topics.map((name) =>
      this.#client.listen(`${NAMESPACE}/${name}`, THROTTLE_MS, (message) => {
        this.#messages.set(name, message);
        this.#schedule();
      }),
    );
  }

  /** Draws once per displayed frame, whatever arrived meanwhile. */
  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    requestAnimationFrame(() => {
      this.#scheduled = false;
      if (!this.#on || this.#messages.size === 0) return;
      this.#note.textContent = '';
      this.#spec.draw(this.#view, this.#messages);
    });
  }
}
