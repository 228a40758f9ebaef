import type { ConnectionState } from '@sextant/client';
import { SextantError } from '@sextant/client';

/** The state of the connection as the header shows it. */
export interface StateWords {
  readonly tone: 'good' | 'waiting' | 'bad';
  readonly text: string;
}

/** Seconds without a frame that are worth saying: each word is read aloud to some. */
const SILENT_S = [3, 10, 30, 60, 300] as const;

/** @param silentMs since the newest frame; undefined before the first and while nothing is asked for */
export function stateWords(state: ConnectionState, silentMs: number | undefined, asking: boolean): StateWords {
  switch (state.kind) {
    case 'connecting':
      return { tone: 'waiting', text: state.attempt > 1 ? `Connecting, attempt ${state.attempt}` : 'Connecting' };
    case 'waiting':
      return { tone: 'bad', text: 'Connection lost, trying again' };
    case 'failed':
      return { tone: 'bad', text: state.error.code === 'unauthorized' ? 'A token is needed' : 'No connection' };
    case 'closed':
      return { tone: 'bad', text: 'Closed' };
    case 'open':
      if (!asking) return { tone: 'good', text: 'Connected' };
      if (silentMs === undefined) return { tone: 'waiting', text: 'Connected, waiting for a frame' };
      if (silentMs > SILENT_S[0] * 1000) return { tone: 'waiting', text: `No frame for over ${SILENT_S.findLast((s) => silentMs > s * 1000)} s` };
      return { tone: 'good', text: 'Live' };
  }
}

/** Why there is no cloud of a frame without depth. @param offered whether the server offers depth: then it was only not asked for */
export function noCloudWords(offered: boolean): string {
  return offered ? 'This picture came without depth, so it has no cloud: the next one has. Play on, or take one step.' : 'This server offers no depth: there is no cloud to show.';
}

/** Why nothing is on the stage while nothing is asked for. */
export function idleWords(paused: boolean): string {
  return paused ? 'Paused before the first frame: play on, or take one step.' : 'Every stream is switched off: nothing is computed for this page.';
}

/** Why the point cloud cannot be shown. @param error what was thrown: a SextantError, or what three.js throws where there is no WebGL */
export function cloudFailedWords(error: unknown): { text: string; hint: string } {
  if (SextantError.isInstance(error)) return errorWords(error);
  return { text: 'The point cloud needs WebGL, which this browser does not give', hint: 'Switch on hardware acceleration, or look at depth in the overlay: everything else works.' };
}

/** What was thrown, as text and what to do. */
export function errorWords(error: unknown): { text: string; hint: string } {
  if (SextantError.isInstance(error)) return { text: error.message, hint: error.hint };
  return { text: error instanceof Error ? error.message : String(error), hint: '' };
}

/** Why a browser gave no camera (names of the Media Capture specification). */
export function cameraWords(error: unknown): { text: string; hint: string } {
  const name = error instanceof Error || error instanceof DOMException ? error.name : '';
  switch (name) {
    case 'NotAllowedError':
    case 'SecurityError':
      return { text: 'The browser may not use the camera: permission was refused', hint: 'Allow the camera for this page (the icon beside the address) and press the button again. Everything else goes on.' };
    case 'NotFoundError':
    case 'OverconstrainedError':
      return { text: 'This device has no camera that the browser could use', hint: 'Connect one and press the button again.' };
    case 'NotReadableError':
    case 'AbortError':
      return { text: 'The camera did not start', hint: 'Another program may be using it: close that and press the button again.' };
    default:
      return errorWords(error);
  }
}
