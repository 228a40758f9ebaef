/** One key and what it does. */
export interface Shortcut {
  /** As `KeyboardEvent.key`. */
  readonly keys: readonly string[];
  readonly run: (key: string) => void;
}

/** Runs shortcuts, unless the key means something where the focus is: text, sliders, buttons, the cloud's arrow keys. */
export function setUpShortcuts(shortcuts: readonly Shortcut[]): void {
  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    const { target } = event;
    if (target instanceof Element) {
      if (target.closest('dialog, input[type=text], input[type=password], select, textarea') !== null) return;
      if (event.key === ' ' && target.closest('button, a, summary, input') !== null) return;
    }
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const shortcut = shortcuts.find(({ keys }) => keys.includes(key));
    if (shortcut === undefined) return;
    event.preventDefault();
    shortcut.run(key);
  });
}
