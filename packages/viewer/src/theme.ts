import { byId, icon } from './dom.js';
import type { SettingsStore } from './settings.js';

/** Follows the system until the visitor chooses; the button changes between dark and light. */
export function setUpTheme(settings: SettingsStore): { readonly toggle: () => void } {
  const light = matchMedia('(prefers-color-scheme: light)');
  const button = byId('theme');
  const current = (): 'dark' | 'light' => (settings.value.theme !== 'auto' ? settings.value.theme : light.matches ? 'light' : 'dark');
  const apply = (): void => {
    const now = current();
    document.documentElement.dataset['theme'] = now;
    const words = now === 'light' ? 'Dark theme' : 'Light theme';
    button.replaceChildren(icon(now === 'light' ? 'moon' : 'sun'));
    button.setAttribute('aria-label', words);
    button.title = `${words} (T)`;
  };
  const toggle = (): void => {
    settings.update({ theme: current() === 'light' ? 'dark' : 'light' });
  };
  light.addEventListener('change', apply);
  settings.listen(apply);
  button.addEventListener('click', toggle);
  apply();
  return { toggle };
}
