import { SOURCE_TAKES } from '@sextant/camera';
import type { SourceOption, SourceOptions, SourceSpec } from '@sextant/camera';
import type { RunSettings } from './settings.js';

/** The options of a source by the keys of a pipeline file, which are the flags' names too. */
const KEY_OF: Readonly<Record<SourceOption, string>> = {
  calibration: 'calibration', frameId: 'frameId', rate: 'rate', loop: 'loop', startSeconds: 'start', speed: 'speed',
  width: 'width', height: 'height', assets: 'assets', sceneSeconds: 'sceneSeconds', lens: 'lens',
};

/** What a run asks of its source. */
export function sourceOptions({ calibration, frameId, rate, loop, start, speed, camera }: RunSettings, onIssue: (message: string, details: Readonly<Record<string, unknown>>) => void): SourceOptions {
  return {
    ...camera,
    ...(calibration !== undefined && { calibration }),
    ...(frameId !== undefined && { frameId }),
    ...(rate !== undefined && { rate }),
    ...(loop !== undefined && { loop }),
    ...(start !== undefined && { startSeconds: start }),
    ...(speed !== undefined && { speed }),
    onIssue: ({ kind, message, details }) => {
      onIssue(message, { kind, ...details });
    },
  };
}

/** Keys that were given and do nothing for this kind of source. No mistake: one pipeline file may serve several sources. */
export function unusedKeys({ kind }: SourceSpec, options: SourceOptions): string[] {
  const given = (Object.keys(KEY_OF) as SourceOption[]).filter((option) => options[option] !== undefined && options[option] !== false);
  return given.filter((option) => !SOURCE_TAKES[kind].includes(option)).map((option) => KEY_OF[option]);
}
