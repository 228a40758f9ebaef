/** The streams that can be shown, as the client's `frames()` calls them, in the order in which they are drawn. */
export const LAYERS = ['picture', 'depth', 'flow', 'masks', 'densePose', 'skeletons', 'referred'] as const;
/** One of `LAYERS`. */
export type LayerId = (typeof LAYERS)[number];

/** How the streams are laid out. */
export const VIEWS = ['overlay', 'grid', 'cloud'] as const;
/** One of `VIEWS`. */
export type ViewId = (typeof VIEWS)[number];

/** What the visitor chose; kept in the browser. */
export interface Settings {
  readonly view: ViewId;
  readonly on: Readonly<Record<LayerId, boolean>>;
  /** 0..1 in the overlay. */
  readonly opacity: Readonly<Record<LayerId, number>>;
  /** Longest side asked for, pixels; 0 the server's own. */
  readonly size: number;
  /** Most frames per second; 0 all. */
  readonly rate: number;
  readonly colorBy: 'class' | 'superset' | 'instance';
  /** Names of classes that are not drawn. */
  readonly hidden: readonly string[];
  readonly cloudColor: 'picture' | 'depth' | 'masks';
  /** Horizontal, degrees; for cameras whose intrinsics nobody told. */
  readonly fieldOfView: number;
  readonly theme: 'auto' | 'dark' | 'light';
}

const DEFAULTS: Settings = {
  view: 'overlay',
  on: { picture: true, depth: false, flow: false, masks: true, referred: true, densePose: false, skeletons: true },
  opacity: { picture: 1, depth: 0.6, flow: 0.8, masks: 0.55, referred: 0.75, densePose: 0.7, skeletons: 1 },
  size: 0,
  rate: 0,
  colorBy: 'class',
  hidden: [],
  cloudColor: 'picture',
  // The model's own guess where it knows no focal length: fx = 0.9 of the width.
  fieldOfView: 58,
  theme: 'auto',
};
const KEY = 'sextant:settings';

/** The settings and who wants to know of changes. */
export class SettingsStore {
  #value: Settings;
  readonly #listeners: ((now: Settings, before: Settings) => void)[] = [];

  constructor() {
    this.#value = merge(read());
  }

  get value(): Settings {
    return this.#value;
  }

  /** Changes some of it, keeps it and tells everybody. */
  update(change: Partial<Settings>): void {
    const before = this.#value;
    this.#value = { ...before, ...change };
    try {
      localStorage.setItem(KEY, JSON.stringify(this.#value));
    } catch {
      // A browser that keeps nothing for this page: the choice holds until it is closed.
    }
    for (const listener of this.#listeners) listener(this.#value, before);
  }

  setOn(id: LayerId, on: boolean): void {
    this.update({ on: { ...this.#value.on, [id]: on } });
  }

  setOpacity(id: LayerId, opacity: number): void {
    this.update({ opacity: { ...this.#value.opacity, [id]: opacity } });
  }

  listen(listener: (now: Settings, before: Settings) => void): void {
    this.#listeners.push(listener);
  }
}

function read(): Partial<Settings> {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    return typeof kept === 'object' && kept !== null ? kept : {};
  } catch {
    return {};
  }
}

/** Settings of an older page may lack fields or hold what is no choice any more. */
function merge(kept: Partial<Settings>): Settings {
  const known = Object.fromEntries(
    Object.entries(kept).filter(([name, value]) => name in DEFAULTS && typeof value === typeof DEFAULTS[name as keyof Settings]),
  ) as Partial<Settings>;
  const merged = { ...DEFAULTS, ...known, on: { ...DEFAULTS.on, ...known.on }, opacity: { ...DEFAULTS.opacity, ...known.opacity } };
  return { ...merged, view: VIEWS.includes(merged.view) ? merged.view : 'overlay', hidden: Array.isArray(merged.hidden) ? merged.hidden : [] };
}
