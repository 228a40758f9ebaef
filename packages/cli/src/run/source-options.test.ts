import { describe, expect, it } from '@jest/globals';
import { parseSourceSpec } from '@sextant/camera';
import { RUN_DEFAULTS } from './settings.js';
import type { RunSettings } from './settings.js';
import { sourceOptions, unusedKeys } from './source-options.js';

const unused = (source: string, settings: Partial<RunSettings>): string[] =>
  unusedKeys(parseSourceSpec(source), sourceOptions({ ...RUN_DEFAULTS, ...settings }, () => {}));

describe('unusedKeys', () => {
  const playback = { loop: true, start: 2, speed: 2 };
  const all = { calibration: 'c.yaml', frameId: 'left', rate: 5, ...playback, camera: { width: 64, height: 48, assets: 'a', sceneSeconds: 3, lens: { model: 'plumb_bob' as const, d: [] } } };

  it.each([
    ['sim:7', ['loop', 'start', 'speed']],
    ['clip.mp4', ['width', 'height', 'assets', 'sceneSeconds', 'lens']],
    ['dir:shots', ['width', 'height', 'assets', 'sceneSeconds', 'lens']],
    ['rec.mcap', ['width', 'height', 'assets', 'sceneSeconds', 'lens']],
    ['v4l2:', ['loop', 'start', 'speed', 'assets', 'sceneSeconds', 'lens']],
    ['rtsp://host/x', ['loop', 'start', 'speed', 'width', 'height', 'assets', 'sceneSeconds', 'lens']],
    ['ros:/camera/image_raw', ['loop', 'start', 'speed', 'width', 'height', 'assets', 'sceneSeconds', 'lens']],
  ])('of %s', (source, keys) => {
    expect(unused(source, all)).toEqual(keys);
  });

  it('are none where nothing was given, or what happens anyway', () => {
    expect(unused('sim:', { loop: false, camera: {} })).toEqual([]);
    expect(unused('clip.mp4', playback)).toEqual([]);
  });
});
