import { byId, icon } from './dom.js';
import { setUpShortcuts } from './shortcuts.js';
import { VIEWS } from './settings.js';
import type { Settings, SettingsStore } from './settings.js';

/** What the buttons and keys do. */
export interface Actions {
  readonly pause: () => void;
  readonly step: () => void;
  readonly snapshot: () => void;
  readonly theme: () => void;
  /** Switches a layer by its number, 0 first. */
  readonly layer: (index: number) => void;
  readonly camera: () => void;
}

/** Connects the bar above the view, the request's size and rate, the point cloud's choices and the keys. */
export function setUpControls(settings: SettingsStore, actions: Actions): { showPlayer(paused: boolean, stepping: boolean): void } {
  const pause = byId('pause');
  pause.addEventListener('click', actions.pause);
  byId('step').addEventListener('click', actions.step);
  byId('snapshot').addEventListener('click', actions.snapshot);

  const views = document.querySelectorAll<HTMLInputElement>('input[name=view]');
  for (const input of views) {
    input.addEventListener('change', () => {
      settings.update({ view: input.value as Settings['view'] });
    });
  }
  const choice = (id: string, write: (value: string) => void): HTMLSelectElement => {
    const select = byId<HTMLSelectElement>(id);
    select.addEventListener('change', () => {
      write(select.value);
    });
    return select;
  };
  const size = choice('size', (value) => {
    settings.update({ size: Number(value) });
  });
  const rate = choice('max-rate', (value) => {
    settings.update({ rate: Number(value) });
  });
  const cloudColor = choice('cloud-color', (value) => {
    settings.update({ cloudColor: value as Settings['cloudColor'] });
  });
  const field = byId<HTMLInputElement>('field-of-view');
  field.addEventListener('input', () => {
    settings.update({ fieldOfView: Number(field.value) });
  });
  const show = (): void => {
    const now = settings.value;
    for (const input of views) input.checked = input.value === now.view;
    size.value = String(now.size);
    rate.value = String(now.rate);
    cloudColor.value = now.cloudColor;
    field.value = String(now.fieldOfView);
    byId('field-of-view-value').textContent = `${now.fieldOfView}°`;
    byId('cloud-options').hidden = now.view !== 'cloud';
    document.body.dataset['view'] = now.view;
  };
  settings.listen(show);
  show();

  const help = byId<HTMLDialogElement>('help');
  const openHelp = (): void => {
    help.showModal();
  };
  byId('open-help').addEventListener('click', openHelp);
  setUpShortcuts([
    { keys: [' '], run: actions.pause },
    { keys: ['.'], run: actions.step },
    { keys: ['s'], run: actions.snapshot },
    { keys: ['t'], run: actions.theme },
    { keys: ['c'], run: actions.camera },
    { keys: ['v'], run: () => { settings.update({ view: VIEWS[(VIEWS.indexOf(settings.value.view) + 1) % VIEWS.length] }); } },
    { keys: ['?'], run: openHelp },
    { keys: ['1', '2', '3', '4', '5', '6', '7'], run: (key) => { actions.layer(Number(key) - 1); } },
  ]);

  return {
    showPlayer: (paused, stepping) => {
      pause.replaceChildren(icon(paused ? 'play' : 'pause'), paused ? 'Play' : 'Pause');
      pause.setAttribute('aria-pressed', String(paused));
      byId('step').setAttribute('aria-busy', String(stepping));
    },
  };
}
