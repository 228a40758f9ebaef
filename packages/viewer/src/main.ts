import type { CameraLink, Client, ClientStats, ConnectionState, FrameOptions } from '@sextant/client';
import { Connection } from './connection.js';
import { setUpControls } from './controls.js';
import { byId, setText } from './dom.js';
import { Painter } from './draw/painter.js';
import { HeaderFigures } from './header-figures.js';
import { Notices } from './notices.js';
import { OwnCamera } from './own-camera.js';
import { LayersPanel } from './panel/layers-panel.js';
import { Player } from './player.js';
import { SettingsStore } from './settings.js';
import { savePng } from './snapshot.js';
import { Stage } from './stage.js';
import { setUpTheme } from './theme.js';
import { wanted } from './wanted.js';
import { errorWords, idleWords, stateWords } from './words.js';

const settings = new SettingsStore();
const theme = setUpTheme(settings);
const notices = new Notices(byId('notices'));
const painter = new Painter();
const stage = new Stage(painter, notices);
const panel = new LayersPanel(byId('layers'), settings, painter, (phrase) => {
  client?.prompt(phrase);
});
const figures = new HeaderFigures();

let client: Client | undefined;
let state: ConnectionState = { kind: 'connecting', attempt: 1 };
let stats: ClientStats | undefined;
let lookedFor = '';
let saidOff = false;

const player = new Player({
  frame: (frame) => {
    figures.add(frame);
    painter.follow(frame);
    panel.update(frame);
    stage.say('');
    stage.draw(frame, settings.value);
    notices.clear('stream');
  },
  error: (error) => {
    notices.tell('stream', { kind: 'error', ...errorWords(error), actions: [{ label: 'Try again', run: retry }] });
  },
  state: () => {
    controls.showPlayer(player.paused, player.stepping);
  },
});

const ownCamera = new OwnCamera(notices, (link) => {
  useSource(link);
});

const controls = setUpControls(settings, {
  pause: () => {
    player.setPaused(!player.paused);
  },
  step: () => {
    player.step();
  },
  snapshot: () => void saveSnapshot(),
  theme: theme.toggle,
  layer: (index) => {
    panel.toggle(index);
  },
  camera: () => void ownCamera.toggle(),
});

const connection = new Connection({
  client: (next) => {
    client = next;
    stats = undefined;
    next.stats$.subscribe((newest) => {
      stats = newest;
      showFigures();
    });
    lookedFor = '';
    next.prompt$.subscribe((prompted) => {
      lookedFor = prompted.phrase;
      panel.prompted(prompted);
      ask();
    });
    ownCamera.setClient(next);
    if (ownCamera.link === undefined) useSource(undefined);
  },
  state: (next) => {
    state = next;
    showState();
  },
  error: (error) => {
    // A lost connection is said by the state, and goes away with it.
    if (state.kind === 'open') notices.tell(`error ${error.code}`, { kind: 'warning', ...errorWords(error) });
  },
});

/** Shows the server's camera or one's own. */
function useSource(link: CameraLink | undefined): void {
  figures.reset();
  player.setSource(link ?? client);
  stage.say(link === undefined ? 'Waiting for the first frame' : 'Your camera is on its way');
  ask();
}

/** What is shown of what the server offers; nothing while there is no connection. */
function shown(): FrameOptions | undefined {
  return wanted(settings.value, state.kind === 'open' ? state.server.kinds : [], lookedFor !== '');
}

/** Asks for what is shown. */
function ask(): void {
  if (state.kind === 'open') player.want(shown());
}

function retry(): void {
  notices.clear('stream');
  notices.clear('connection');
  connection.open();
}

function showState(): void {
  const token = byId('token-form');
  token.hidden = !(state.kind === 'failed' && state.error.code === 'unauthorized');
  switch (state.kind) {
    case 'open':
      notices.clear('connection');
      notices.clear('stream');
      panel.offer(state.server.kinds, state.server.prompts);
      stage.offer(state.server.kinds);
      ownCamera.offer(state.server.limits.maxCameras > 0);
      byId('server').textContent = `${state.server.server}, mask protocol ${state.server.version}`;
      ask();
      break;
    case 'waiting': {
      const { text, hint } = errorWords(state.error);
      // The same was told as an error a moment before.
      notices.clear(`error ${state.error.code}`);
      notices.tell('connection', { kind: 'warning', text, hint: `${hint} Trying again by itself.`, actions: [{ label: 'Try now', run: retry }] });
      break;
    }
    case 'failed':
      if (state.error.code === 'unauthorized') {
        setText(byId('token-reason'), errorWords(state.error).text);
        byId('token').focus();
      } else notices.tell('connection', { kind: 'error', ...errorWords(state.error), actions: [{ label: 'Try again', run: retry }] });
      break;
    case 'connecting':
    case 'closed':
  }
  showFigures();
}

function showFigures(): void {
  const asking = (!player.paused || player.stepping) && shown() !== undefined;
  const { tone, text } = stateWords(state, figures.silentMs(), asking);
  const element = byId('connection');
  element.dataset['state'] = tone;
  setText(element, player.paused && state.kind === 'open' ? 'Paused' : text);
  const camera = ownCamera.link?.id ?? 0;
  const streams = stats?.streams.filter((stream) => stream.camera === camera);
  // Streams of one frame are dropped together: the largest count is that of frames.
  figures.show(streams && Math.max(0, ...streams.map((s) => s.droppedByServer + s.droppedHere)));
  panel.figures(state.kind === 'open' ? stats : undefined, ownCamera.link);
  const off = !asking && state.kind === 'open' && player.frame === undefined;
  if (off) stage.say(idleWords(player.paused && shown() !== undefined));
  else if (saidOff && player.frame === undefined) stage.say('Waiting for the first frame');
  saidOff = off;
}

async function saveSnapshot(): Promise<void> {
  const canvas = await stage.snapshot();
  const stamp = player.frame?.stamp;
  if (canvas === undefined || stamp === undefined) notices.tell('snapshot', { kind: 'info', text: 'There is no picture to save yet' });
  else if (!(await savePng(canvas, `sextant-${settings.value.view}-${stamp}`))) notices.tell('snapshot', { kind: 'error', text: 'The browser could not make a PNG of this picture' });
}

settings.listen((now, before) => {
  if (now.view !== before.view) void stage.open(now.view);
  ask();
  stage.draw(player.frame, now);
  showFigures();
});
byId<HTMLFormElement>('token-form').addEventListener('submit', (event) => {
  event.preventDefault();
  const field = byId<HTMLInputElement>('token');
  connection.open(field.value);
  field.value = '';
});
document.addEventListener('visibilitychange', () => {
  player.setHidden(document.hidden);
});
addEventListener('resize', () => {
  stage.draw(player.frame, settings.value);
});
addEventListener('pagehide', () => {
  ownCamera.stop();
});
player.setHidden(document.hidden);
setInterval(showFigures, 500);
void stage.open(settings.value.view);
connection.open();
