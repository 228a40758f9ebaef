import { link, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { McapRecorder, createBridge } from '@sextant/ros';
import { syntheticPerception } from '../../../../test/support/synthetic.js';
import { checkFiles } from './check-files.js';

describe('checkFiles', () => {
  let folder: string;
  let bag: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sextant-check-'));
    await mkdir(join(folder, 'split'));
    for (const name of ['run.mcap', 'split/split_0.mcap']) {
      const bridge = createBridge();
      bridge.attach(await McapRecorder.open(join(folder, name), { topics: ['/sextant/rgb/image_raw'] }));
      bridge.publish(syntheticPerception(0));
      await bridge.close();
    }
    bag = join(folder, 'run.mcap');
    await writeFile(join(folder, 'clip.y4m'), 'YUV4MPEG2');
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('refuses to record over what is played, by whatever name', async () => {
    const refused = { code: 'bad-argument', message: `the recording ${bag} would overwrite ${bag}, which is being played` };
    await expect(checkFiles(bag, bag)).rejects.toMatchObject(refused);
    await expect(checkFiles(`${bag}#/sextant/rgb/image_raw`, bag)).rejects.toMatchObject(refused);
    await symlink(bag, join(folder, 'soft.mcap'));
    await link(bag, join(folder, 'hard.mcap'));
    for (const name of ['soft.mcap', 'hard.mcap', './split/../run.mcap']) await expect(checkFiles(bag, `${folder}/${name}`)).rejects.toMatchObject({ code: 'bad-argument' });
    const split = join(folder, 'split');
    for (const source of [split, `bag:${split}`]) {
      await expect(checkFiles(source, join(split, 'split_0.mcap'))).rejects.toMatchObject({ message: expect.stringContaining('would overwrite') });
      await expect(checkFiles(source, join(split, 'more.mcap'))).rejects.toMatchObject({ message: expect.stringContaining('would become part of the bag') });
    }
  });

  it('finds out that a source, or its topic, is not there while an older recording is whole', async () => {
    const other = join(folder, 'other.mcap');
    for (const record of [undefined, other]) await expect(checkFiles(join(folder, 'typo.y4m'), record)).rejects.toMatchObject({ code: 'source-missing' });
    await expect(checkFiles(`${bag}#/typo`, other)).rejects.toMatchObject({ code: 'bad-argument', message: expect.stringContaining('has no topic /typo') });
  });

  it('lets pass what is apart', async () => {
    for (const [source, record] of [[bag, join(folder, 'new.mcap')], [bag, join(folder, 'new')], [join(folder, 'clip.y4m'), bag], ['sim:7', bag], ['rtsp://cam/x', bag], ['ros:/camera/image_raw', undefined], [bag, undefined]] as const) {
      await expect(checkFiles(source, record)).resolves.toBeUndefined();
    }
  });
});
