import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { cpSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MODALITIES } from '@sextant/core';
import { encodeDensePoseStream, encodeDepthStream, encodeFlowStream, encodeSegmentationStream, encodeSkeletonStream, type Condition } from '@sextant/model';
import { CLASSES } from '@sextant/world';
import { decode, encode } from 'fast-png';
import { regionColours } from '../palette/region-colours.js';
import { conditionRate } from './clip-file.js';
import { ConditionClip } from './condition-clip.js';

const FIXTURES = fileURLToPath(new URL('../../test/fixtures/', import.meta.url));
const CLIP = join(FIXTURES, 'clip');
const all = (path: string): Record<string, string> => Object.fromEntries(MODALITIES.map((m) => [m, path]));
const open = (folders: Record<string, string>): Promise<ConditionClip> => ConditionClip.open({ folders, classes: CLASSES });
const REFERENCE_FOCAL = 200;
/** A PNG of 2x3. */
const small = (depth: 8 | 16, channels: number): Uint8Array => encode({ width: 2, height: 3, depth, channels, data: depth === 8 ? new Uint8Array(6 * channels) : new Uint16Array(6 * channels) });

/** The streams of a condition as @sextant/model's codecs draw them. */
function streams({ depth, flow, segmentation, skeleton, densepose, focal }: Condition): Float32Array[] {
  return [
    encodeDepthStream({ ...depth!, metres: depth!.metres.map((z) => (z * REFERENCE_FOCAL) / focal!) }), encodeFlowStream(flow!), encodeSegmentationStream(segmentation!, CLASSES),
    encodeSkeletonStream(skeleton!), encodeDensePoseStream(densepose!),
  ].map(({ data }) => data);
}

describe('ConditionClip', () => {
  let copy = '';
  const copied = (): string => {
    copy = mkdtempSync(join(tmpdir(), 'sextant-synth-'));
    cpSync(CLIP, copy, { recursive: true });
    return copy;
  };
  afterEach(() => {
    if (copy !== '') rmSync(copy, { recursive: true, force: true });
    copy = '';
  });

  describe('draws what training drew, to the pixel', () => {
    let clip: ConditionClip;
    beforeAll(async () => {
      clip = await open(all(CLIP));
    });
    it.each([['same', 36, 24], ['half', 18, 12], ['square', 16, 16], ['larger', 32, 32]])('on the grid "%s"', async (name, width, height) => {
      const expected = new Float32Array(readFileSync(join(FIXTURES, `${name}.f32`)).buffer.slice(0));
      const n = width * height;
      for (let t = 0; t < 2; t++) {
        const ours = streams((await clip.at(t, { width, height })).condition);
        MODALITIES.forEach((modality, i) => {
          const theirs = expected.subarray((t * 15 + 3 * i) * n, (t * 15 + 3 * i + 3) * n);
          const wrong = ours[i].reduce((count, value, k) => count + (Math.abs(value - theirs[k]) > 1e-5 ? 1 : 0), 0);
          expect([modality, t, wrong]).toEqual([modality, t, 0]);
        });
      }
    });
  });

  it('knows length, size, focal length, and hashes what it read', async () => {
    const clip = await open({ depth: CLIP });
    expect([clip.frames, clip.size, clip.focalKnown]).toEqual([2, { width: 36, height: 24 }, true]);
    expect(clip.focal({ width: 72, height: 48 })).toBeCloseTo(60);
    const grid = { width: 36, height: 24 };
    const once = (await clip.at(1, grid)).sha256;
    expect((await clip.at(1, grid)).sha256).toBe(once);
    expect((await clip.at(0, grid)).sha256).not.toBe(once);
    await expect(clip.at(2, grid)).rejects.toMatchObject({ code: 'bad-argument', message: 'the condition has 2 frames, frame 2 is wanted' });
  });

  it.each<[string, (folder: string) => void]>([
    ['the scale of depth', (f) => writeFileSync(join(f, 'depth/meta.json'), '{"scale": 500}')],
    ['the class table', (f) => writeFileSync(join(f, 'classes.json'), readFileSync(join(f, 'classes.json'), 'utf8').replace(CLASSES[3].name, CLASSES[2].name))],
    ['instances', (f) => cpSync(join(f, 'depth/000001.png'), join(f, 'instances/000001.png'))],
    ['regions of the palette', (f) => cpSync(join(f, 'palette/segmentation/000000.png'), join(f, 'palette/segmentation/000001.png'))],
    ['instances of the palette', (f) => cpSync(join(f, 'depth/000001.png'), join(f, 'palette/instances/000001.png'))],
  ])('hashes %s', async (_, change) => {
    const folder = copied();
    cpSync(CLIP, join(folder, 'palette'), { recursive: true });
    const hash = async (): Promise<string> => {
      const clip = await ConditionClip.open({ folders: { depth: folder, segmentation: folder }, palette: { from: 'folder', path: join(folder, 'palette') }, classes: CLASSES });
      return (await clip.at(1, { width: 36, height: 24 })).sha256;
    };
    const before = await hash();
    change(folder);
    expect(await hash()).not.toBe(before);
  });

  it('has the rate that the manifest in the folder or beside it says', async () => {
    const folder = copied();
    expect(await conditionRate({ depth: folder })).toBeUndefined();
    writeFileSync(join(folder, 'manifest.json'), '{"fps": 10}');
    expect([await conditionRate({ depth: folder }), await conditionRate({ depth: join(folder, 'depth') }), await conditionRate({})]).toEqual([10, 10, undefined]);
    writeFileSync(join(folder, 'manifest.json'), '{"source": {"fps": 29.97}}');
    expect(await conditionRate({ skeleton: join(folder, 'skeleton/keypoints.json') })).toBe(29.97);
    writeFileSync(join(folder, 'manifest.json'), '{');
    expect(await conditionRate({ depth: folder })).toBeUndefined();
  });

  it.each<[string, string, (folder: string) => void]>([
    ['depth', 'depth of frame 1 is 2x3, the clip\'s maps are 36x24', (f) => writeFileSync(join(f, 'depth/000001.png'), small(16, 1))],
    ['flow', 'flow of frame 1 is 2x3', (f) => (cpSync(join(f, 'flow/000001.png'), join(f, 'flow/000000.png')), writeFileSync(join(f, 'flow/000001.png'), small(16, 3)))],
    ['segmentation', 'segmentation of frame 1 is 2x3', (f) => writeFileSync(join(f, 'segmentation/000001.png'), small(8, 1))],
    ['segmentation', 'instances of frame 1 is 2x3', (f) => writeFileSync(join(f, 'instances/000001.png'), small(16, 1))],
    ['densepose', 'densepose of frame 1 is 2x3', (f) => writeFileSync(join(f, 'densepose/000001.png'), small(8, 3))],
    ['skeleton', 'skeleton of frame 1 is of a picture of 18x12', (f) => writeFileSync(join(f, 'skeleton/keypoints.json'), '{"images": [{"id": 0, "width": 36, "height": 24}, {"id": 1, "width": 18, "height": 12}], "annotations": []}')],
  ])('refuses %s of another size within a clip: %s', async (modality, message, change) => {
    const folder = copied();
    change(folder);
    const work = async (): Promise<unknown> => (await open({ [modality]: folder })).at(1, { width: 36, height: 24 });
    await expect(work()).rejects.toMatchObject({ code: 'source-corrupt', message: expect.stringContaining(message), hint: expect.any(String) });
  });

  it('has the camera of the grid, with the lens of the condition', async () => {
    const folder = copied();
    const info = join(folder, 'camera_info.yaml');
    writeFileSync(info, readFileSync(info, 'utf8').replace('[0, 0, 0, 0, 0]', '[-0.2, 0.03, 0.001, 0, 0]'));
    const seen = (await open({ depth: folder })).camera({ width: 48, height: 48 })!;
    // The middle 24x24 of 36x24, twice as large.
    expect(seen).toMatchObject({ width: 48, height: 48, distortionModel: 'plumb_bob', d: [-0.2, 0.03, 0.001, 0, 0], k: [60, 0, 23.5, 0, 60, 23.5, 0, 0, 1] });
    // It lies beside a modality's own folder.
    expect((await open({ depth: join(folder, 'depth') })).camera({ width: 48, height: 48 })).toEqual(seen);
    rmSync(info);
    const guessed = await open({ depth: join(folder, 'depth') });
    expect([guessed.camera({ width: 48, height: 48 }), guessed.focal({ width: 36, height: 24 }), guessed.notes]).toEqual([undefined, 0.9 * 36, [expect.stringContaining('the focal length is guessed')]]);
    expect((await open({ segmentation: folder })).notes).toEqual([]);
  });

  it('takes a modality\'s own folder too', async () => {
    const clip = await open({ depth: join(CLIP, 'depth'), segmentation: join(CLIP, 'segmentation') });
    expect(clip.modalities).toEqual(['depth', 'segmentation']);
    expect(clip.focalKnown).toBe(true);
  });

  describe('flow without the first frame', () => {
    const grid = { width: 36, height: 24 };
    const unknown = async (clip: ConditionClip): Promise<boolean> => (await clip.at(0, grid)).condition.flow!.pixels.every(Number.isNaN);
    /** Frames 0 and 1 become 1 and 2. */
    const fromOne = (folder: string, ...names: string[]): void => {
      for (const name of names) for (const i of [1, 0]) if (existsSync(join(folder, name, `00000${i}.png`))) renameSync(join(folder, name, `00000${i}.png`), join(folder, name, `00000${i + 1}.png`));
    };

    it('begins where the others do', async () => {
      const clip = await open({ depth: CLIP, flow: CLIP });
      expect([clip.frames, await unknown(clip)]).toEqual([2, true]);
      const folder = copied();
      fromOne(folder, 'depth', 'flow');
      expect((await open({ depth: folder, flow: folder })).frames).toBe(2); // flow has only 2, depth 1 and 2
    });

    it('is complete where it is numbered from 1 as the others are', async () => {
      const folder = copied();
      fromOne(folder, 'depth');
      cpSync(join(folder, 'flow/000001.png'), join(folder, 'flow/000002.png'));
      const clip = await open({ depth: folder, flow: folder });
      expect([clip.frames, await unknown(clip)]).toEqual([2, false]);
    });

    it.each<[string, (folder: string) => void, number]>([
      ['pictures beside it', () => {}, 2],
      ['the manifest beside it', (f) => (rmSync(join(f, 'rgb'), { recursive: true }), writeFileSync(join(f, 'manifest.json'), '{"frames": [{"index": 0}, {"index": 1}]}')), 2],
      ['nothing beside it', (f) => rmSync(join(f, 'rgb'), { recursive: true }), 1],
      ['a damaged manifest beside it', (f) => (rmSync(join(f, 'rgb'), { recursive: true }), writeFileSync(join(f, 'manifest.json'), '{')), 1],
    ])('goes, alone, by %s', async (_, change, frames) => {
      const folder = copied();
      for (const name of ['depth', 'segmentation', 'instances', 'densepose']) rmSync(join(folder, name), { recursive: true });
      change(folder);
      for (const path of [folder, join(folder, 'flow')]) {
        const clip = await open({ flow: path });
        expect([path, clip.frames, await unknown(clip)]).toEqual([path, frames, frames === 2]);
      }
    });
  });

  it('matches classes by name and says which the model lacks', async () => {
    const clip = await ConditionClip.open({ folders: { segmentation: CLIP }, classes: [{ ...CLASSES[0] }, { ...CLASSES[3], id: 9 }] });
    const { condition } = await clip.at(0, { width: 36, height: 24 });
    expect([...new Set(condition.segmentation!.labels)].sort()).toEqual([0, 9]);
    expect(clip.notes[0]).toContain(`the model has no class ${CLASSES[1].name}`);
    // What is background now is nobody's.
    const { labels, instances } = condition.segmentation!;
    const whole = (await (await open({ segmentation: CLIP })).at(0, { width: 36, height: 24 })).condition.segmentation!;
    const lost = (i: number): boolean => labels[i] === 0 && whole.labels[i] !== CLASSES[0].id;
    expect(whole.instances!.some((id, i) => id > 0 && lost(i))).toBe(true);
    expect(instances).toEqual(whole.instances!.map((id, i) => (lost(i) ? 0 : id)));
  });

  it.each<[string, (folder: string) => void, Record<string, string>, string]>([
    ['a frame that is missing', (f) => writeFileSync(join(f, 'depth/000003.png'), readFileSync(join(f, 'depth/000001.png'))), { depth: '' }, 'depth of frame 2 is missing'],
    ['a folder of another modality', (f) => rmSync(join(f, 'depth'), { recursive: true }), { depth: 'flow' }, 'is not depth: it has 3 channel(s) of 16 bits'],
    ['a picture as densepose', () => {}, { densepose: 'rgb' }, 'is not densepose: red holds'],
    ['nothing there', () => {}, { depth: 'skeleton' }, 'holds no depth: there is no 000000.png'],
    ['other lengths', (f) => rmSync(join(f, 'segmentation/000001.png')), { depth: '', segmentation: '' }, 'conditions are not of one length: depth has frames 0 to 1, segmentation has frames 0 to 0'],
    ['a damaged file', (f) => writeFileSync(join(f, 'depth/000000.png'), 'no picture'), { depth: '' }, '000000.png is no readable PNG'],
    ['NaN in keypoints', (f) => writeFileSync(join(f, 'skeleton/keypoints.json'), readFileSync(join(f, 'skeleton/keypoints.json'), 'utf8').replace('"keypoints": [', '"keypoints": [NaN, ')), { skeleton: '' }, 'is no COCO keypoint file'],
    ['a box of three numbers', (f) => writeFileSync(join(f, 'skeleton/keypoints.json'), readFileSync(join(f, 'skeleton/keypoints.json'), 'utf8').replace('"keypoints": [', '"bbox": [1, 2, 3], "keypoints": [')), { skeleton: '' }, 'bbox of annotation 0 (image 0) is not 4 finite numbers'],
    ['an id of no class', (f) => writeFileSync(join(f, 'classes.json'), '[{"id": 0, "name": "background"}]'), { segmentation: '' }, 'which its classes.json does not list'],
    ['a scale of nothing', (f) => writeFileSync(join(f, 'depth/meta.json'), '{"scale": 0}'), { depth: '' }, 'does not say what depth values mean: scale is 0'],
  ])('refuses %s', async (_, damage, folders, message) => {
    const folder = copied();
    damage(folder);
    const work = async (): Promise<unknown> => {
      const clip = await open(Object.fromEntries(Object.entries(folders).map(([m, sub]) => [m, join(folder, sub)])));
      return clip.at(0, { width: 36, height: 24 });
    };
    await expect(work()).rejects.toThrow(message);
  });

  it('has the boxes of the file on the grid, and those round the joints where it has none', async () => {
    const folder = copied();
    const joints = [[2, 5], [30, 5], [2, 20], [30, 20]].flatMap(([x, y]) => [x, y, 2]).concat(new Array(39).fill(0) as number[]);
    const people = [{ bbox: [0, 3, 34, 19] }, { bbox: [0, 3, 5, 19] }, {}].map((box, id) => ({ id, image_id: 0, keypoints: joints, ...box }));
    writeFileSync(join(folder, 'skeleton/keypoints.json'), JSON.stringify({ images: [{ id: 0, width: 36, height: 24 }], annotations: people }));
    // The middle 24x24 of 36x24, twice as large: 6 columns are cut away on either side.
    const { condition } = await (await open({ skeleton: folder })).at(0, { width: 48, height: 48 });
    expect(condition.skeleton!.people.map(({ box }) => box)).toEqual([[0, 6, 48, 38], [0, 0, 0, 0], [0, 11, 48, 30]]);
  });

  it('notes people beyond those that can be drawn, of the fullest frame, where it is told how many those are', async () => {
    const folder = copied();
    const people = [1, 4, 3].flatMap((count, image_id) => Array.from({ length: count }, () => ({ image_id, keypoints: new Array(51).fill(2) as number[] })));
    writeFileSync(join(folder, 'skeleton/keypoints.json'), JSON.stringify({ images: [0, 1, 2].map((id) => ({ id, width: 36, height: 24 })), annotations: people }));
    const notes = async (mostPeople?: number): Promise<readonly string[]> => (await ConditionClip.open({ folders: { skeleton: folder }, classes: CLASSES, ...(mostPeople !== undefined && { mostPeople }) })).notes;
    expect(await notes(2)).toEqual(['skeletons of 2 frames have more than 2 people, at most 4 (frame 1): the 2 largest are drawn']);
    expect(await notes(3)).toEqual(['skeleton of frame 1 has 4 people: the 3 largest are drawn']);
    expect([await notes(4), await notes()]).toEqual([[], []]);
  });

  it.each<[string, (coco: { images: unknown[]; annotations: unknown[] }) => void, string]>([
    ['an image without a size', (coco) => (coco.images[0] = { id: 0 }), 'the size of image 0 is undefinedxundefined'],
    ['an image without an id', (coco) => (coco.images[0] = { width: 36, height: 24 }), 'the id of image 0 is undefined'],
    ['ids beyond what can be counted', (coco) => (coco.images = [{ id: 2 ** 60, width: 36, height: 24 }]), 'which is no number of a frame'],
    ['an image twice', (coco) => (coco.images = [coco.images[0], coco.images[0]]), 'two of its images have the id 0'],
    ['no image where one should be', (coco) => (coco.images[0] = null), 'the id of image 0 is undefined'],
    ['no annotation where one should be', (coco) => coco.annotations.unshift(null), 'keypoints of annotation 0 (image undefined) are not 51 finite numbers'],
  ])('refuses keypoints with %s', async (_, damage, message) => {
    const folder = copied();
    const path = join(folder, 'skeleton/keypoints.json');
    const coco = JSON.parse(readFileSync(path, 'utf8')) as Parameters<typeof damage>[0];
    damage(coco);
    writeFileSync(path, JSON.stringify(coco));
    await expect(open({ skeleton: folder })).rejects.toMatchObject({ code: 'source-corrupt', message: expect.stringContaining(message) });
  });

  it('finds classes and instances beside a folder of segmentation that is called .', async () => {
    const before = process.cwd();
    try {
      process.chdir(join(CLIP, 'segmentation'));
      const clip = await open({ segmentation: '.' });
      expect([clip.notes, (await clip.at(0, { width: 36, height: 24 })).condition.segmentation!.instances]).toEqual([[], expect.any(Uint16Array)]);
    } finally {
      process.chdir(before);
    }
  });

  it('refuses views of other aspects', async () => {
    const folder = copied();
    renameSync(join(folder, 'skeleton/keypoints.json'), join(folder, 'keypoints.json'));
    const coco = JSON.parse(readFileSync(join(folder, 'keypoints.json'), 'utf8')) as { images: { width: number }[] };
    coco.images.forEach((image) => (image.width = 99));
    writeFileSync(join(folder, 'keypoints.json'), JSON.stringify(coco));
    await expect(open({ depth: CLIP, skeleton: folder })).rejects.toThrow('not the same view');
  });

  it('has region colours as training made them', async () => {
    const clip = await ConditionClip.open({ folders: { depth: CLIP }, palette: { from: 'folder', path: CLIP }, classes: CLASSES });
    const { condition } = await clip.at(0, { width: 36, height: 24 });
    expect(condition.palette!.rgb).toEqual(new Uint8Array(readFileSync(join(FIXTURES, 'palette.u8'))));
    // Pictures twice as large have the same means.
    const folder = copied();
    const { data, width, height, channels } = decode(readFileSync(join(folder, 'rgb/000000.png')));
    const twice = Uint8Array.from({ length: 4 * width * height * channels }, (_, i) => {
      const [x, y] = [Math.floor(i / channels) % (2 * width), Math.floor(i / channels / (2 * width))];
      return data[((y >> 1) * width + (x >> 1)) * channels + (i % channels)];
    });
    writeFileSync(join(folder, 'rgb/000000.png'), encode({ width: 2 * width, height: 2 * height, channels, depth: 8, data: twice }));
    const large = await ConditionClip.open({ folders: { depth: CLIP }, palette: { from: 'folder', path: folder }, classes: CLASSES });
    expect((await large.at(0, { width: 36, height: 24 })).condition.palette!.rgb).toEqual(condition.palette!.rgb);
    const classes = await ConditionClip.open({ folders: { segmentation: CLIP }, palette: { from: 'classes' }, classes: CLASSES });
    expect((await classes.at(0, { width: 36, height: 24 })).condition.palette!.rgb.subarray(0, 3)).toEqual(Uint8Array.from(CLASSES[0].color));
    await expect(ConditionClip.open({ folders: { depth: CLIP }, palette: { from: 'classes' }, classes: CLASSES })).rejects.toThrow('needs segmentation');
    expect(regionColours(Uint8Array.of(10, 0, 0, 21, 0, 0), Uint8Array.of(1, 1), Uint16Array.of(2, 2))).toEqual(Uint8Array.of(16, 0, 0, 16, 0, 0));
  });
});
