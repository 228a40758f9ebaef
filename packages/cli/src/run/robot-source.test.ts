import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseSourceSpec } from '@sextant/camera';
import { McapRecorder, createBridge } from '@sextant/ros';
import { syntheticPerception } from '../../../../test/support/synthetic.js';
import { robotSource } from './robot-source.js';

describe('robotSource', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sextant-robot-'));
    for (const [name, ...topics] of [['bare', '/sextant/rgb/image_raw'], ['whole', '/sextant/rgb/image_raw', '/tf_static']]) {
      await mkdir(join(folder, name));
      const bridge = createBridge();
      bridge.attach(await McapRecorder.open(join(folder, name, `${name}_0.mcap`), { topics }));
      bridge.publish(syntheticPerception(0));
      await bridge.close();
    }
  });
  afterAll(() => rm(folder, { recursive: true }));

  it.each([
    ['FOLDER/bare', true, false],
    ['FOLDER/bare#/sextant/rgb/image_raw', true, false],
    ['bag:FOLDER/bare', true, false],
    ['FOLDER/bare/bare_0.mcap', true, false],
    ['FOLDER/whole', true, true],
    ['FOLDER', false, false],
    ['sim:', false, false],
    ['ros:/camera/image_raw', false, true],
    ['rosbridge:/camera/image_raw', false, true],
  ])('%s: clock %p, its own TF %p', async (source, clock, ownTf) => {
    expect(await robotSource(parseSourceSpec(source.replace('FOLDER', folder)))).toEqual({ clock, ownTf });
  });
});
