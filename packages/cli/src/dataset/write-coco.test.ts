import { describe, expect, it } from '@jest/globals';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createWorld } from '@sextant/world';
import type { ClipRecord } from './clip-record.js';
import { cocoFrame } from './coco-frames.js';
import { writeCoco } from './write-coco.js';

describe('captions_<split>.json', () => {
  it('has a sentence for each picture, which says what that picture shows', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sextant-coco-'));
    const world = createWorld({ seed: 2000001, width: 48, height: 36, fps: 10, supersampling: 1 });
    const frames = [0, 15].map((n) => world.render(n));
    const captions = frames.map((frame) => world.captionOf(frame));
    expect(captions[0]).not.toBe(captions[1]);
    await writeFile(join(folder, 'frames.jsonl'), frames.map((frame, i) => `${JSON.stringify(cocoFrame(frame, world.classes, captions[i]))}\n`).join(''));
    const clip = { path: 'all/000000', seed: 2000001, caption: captions[0] } as ClipRecord;
    await writeCoco(folder, { split: 'all', clips: [clip], classes: world.classes, description: 'test', framesOf: () => join(folder, 'frames.jsonl') });
    const read = JSON.parse(await readFile(join(folder, 'captions_all.json'), 'utf8')) as Record<'images' | 'annotations', { id: number; image_id: number; file_name: string; caption: string }[]>;
    expect(read.images.map(({ file_name }) => file_name)).toEqual(['all/000000/rgb/000000.png', 'all/000000/rgb/000015.png']);
    expect(read.annotations.map(({ image_id, caption }) => [image_id, caption])).toEqual([[1, captions[0]], [2, captions[1]]]);
    await rm(folder, { recursive: true });
  });
});
