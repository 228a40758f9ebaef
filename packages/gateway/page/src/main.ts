import { Panel } from './panel.js';
import { RosbridgeClient, type ConnectionState } from './rosbridge-client.js';
import { streams } from './streams.js';

interface DiagnosticsMessage {
  readonly status: readonly { readonly level: number; readonly message: string; readonly values: readonly { key: string; value: string }[] }[];
}

function byId(id: string): HTMLElement {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`the page has no #${id}`);
  return element;
}

const TOKEN_KEY = 'token';
const token = new URL(location.href).searchParams.get('token') ?? sessionStorage.getItem(TOKEN_KEY);
const connection = byId('connection');
const tokenForm = byId('token-form');
const figures = { fps: byId('fps'), latency: byId('latency'), drops: byId('drops') };

function showState({ kind, text }: ConnectionState): void {
  connection.dataset['state'] = kind;
  connection.textContent = text;
  tokenForm.hidden = kind !== 'token';
  if (kind === 'token') byId('token').focus();
  if (kind !== 'live') for (const figure of Object.values(figures)) figure.textContent = '-';
}

const client = new RosbridgeClient(token, showState);

tokenForm.addEventListener('submit', (event) => {
  event.preventDefault();
  const given = (byId('token') as HTMLInputElement).value;
  sessionStorage.setItem(TOKEN_KEY, given);
  client.useToken(given);
});

client.listen('/diagnostics', 0, (message) => {
  const [status] = (message as DiagnosticsMessage).status;
  if (status === undefined) return;
  const values = new Map(status.values.map(({ key, value }) => [key, value]));
  connection.dataset['state'] = status.level === 0 ? 'live' : 'stale';
  connection.textContent = status.level === 0 ? 'Live' : `Connected, ${status.message}`;
  figures.fps.textContent = `${Number(values.get('fps') ?? 0).toFixed(1)} fps`;
  figures.latency.textContent = `${Number(values.get('latency p50 ms') ?? 0).toFixed(0)} ms`;
  figures.drops.textContent = values.get('dropped total') ?? '-';
  figures.drops.title = [...values].filter(([key]) => key.startsWith('dropped ')).map(([key, value]) => `${key.slice(8)} ${value}`).join(', ');
});

const panels = streams().map((spec) => new Panel(spec, client));
byId('panels').append(...panels.map((panel) => panel.element));
document.addEventListener('visibilitychange', () => {
  for (const panel of panels) panel.setHidden(document.hidden);
});

const theme = byId('theme');
function useTheme(name: string): void {
  document.documentElement.dataset['theme'] = name;
  localStorage.setItem('theme', name);
  theme.textContent = name === 'light' ? 'Dark theme' : 'Light theme';
}
useTheme(localStorage.getItem('theme') ?? (matchMedia('(prefers-color-scheme: light)').matches ? 'light' : 'dark'));
theme.addEventListener('click', () => {
  useTheme(document.documentElement.dataset['theme'] === 'light' ? 'dark' : 'light');
});
