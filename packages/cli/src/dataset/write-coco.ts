import { open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { COCO_KEYPOINTS, COCO_LIMBS } from '@sextant/core';
import type { SegmentationClass } from '@sextant/core';
import { SUPERSETS, SUPERSET_OF } from '@sextant/world';
import { frameName } from '../files/frame-name.js';
import { makeFolder, writeError } from '../files/write-whole.js';
import type { ClipRecord } from './clip-record.js';
import type { CocoFrame } from './coco-frames.js';

/** What a split's annotation files are made of. */
export interface CocoSplit {
  readonly split: string;
  readonly clips: readonly ClipRecord[];
  readonly classes: readonly SegmentationClass[];
  /** For `info`. */
  readonly description: string;
  /** The file with the frames of a clip, one a line. */
  readonly framesOf: (clip: ClipRecord) => string;
}

/** Characters that are gathered before they are written. */
const PIECE = 1 << 20;

/**
 * Writes a split in COCO's format: `instances_<split>.json` (all things, masks as uncompressed run-length code), `person_keypoints_<split>.json`
 * (people with 17 joints) and `captions_<split>.json`. Category ids are the class ids of `segmentation/`; `file_name` is relative to the data
 * set's folder; ids of images are the same in all three. One frame is in memory at a time.
 * @throws SextantError `io`.
 */
export async function writeCoco(folder: string, { split, clips, classes, description, framesOf }: CocoSplit): Promise<void> {
  const person = classes.find(({ name }) => name === 'person')!;
  const categories = classes.filter(({ id }) => id > 0).map(({ id, name }) => ({ id, name, supercategory: SUPERSETS[SUPERSET_OF[id]] }));
  const persons = [{ id: person.id, name: 'person', supercategory: 'person', keypoints: COCO_KEYPOINTS, skeleton: COCO_LIMBS.map(([a, b]) => [a + 1, b + 1]) }];
  const info = { description, version: '1' };
  const [instances, keypoints, captions] = await Promise.all(['instances', 'person_keypoints', 'captions'].map((name) => CocoFile.begin(join(folder, `${name}_${split}.json`), info)));
  const files = [instances, keypoints, captions];
  try {
    let image = 0, thing = 0;
    for (const clip of clips) {
      const lines = await open(framesOf(clip));
      for await (const line of lines.readLines()) {
        const { frame, width, height, caption, things } = JSON.parse(line) as CocoFrame;
        image += 1;
        const about = { id: image, file_name: `${clip.path}/rgb/${frameName(frame)}`, width, height, clip: clip.path, frame, seed: clip.seed };
        for (const file of files) file.image(about);
        captions.annotation({ id: image, image_id: image, caption });
        for (const { keypoints: joints, num_keypoints, ...rest } of things) {
          thing += 1;
          instances.annotation({ id: thing, image_id: image, ...rest });
          if (joints) keypoints.annotation({ id: thing, image_id: image, ...rest, keypoints: joints, num_keypoints });
        }
        for (const file of files) await file.flush(PIECE);
      }
    }
    await instances.end(categories);
    await keypoints.end(persons);
    await captions.end(undefined);
  } catch (error) {
    for (const file of files) await file.abandon();
    throw error;
  }
}

/** A COCO file that is written piece by piece: images go to the file at once, annotations to a second one that is appended at the end. */
class CocoFile {
  #images = '';
  #annotations = '';
  #first = { image: true, annotation: true };

  private constructor(private readonly path: string, private readonly file: Awaited<ReturnType<typeof open>>, private readonly later: Awaited<ReturnType<typeof open>>) {}

  static async begin(path: string, info: unknown): Promise<CocoFile> {
    await makeFolder(dirname(path));
    try {
      const file = await open(`${path}.part`, 'w');
      await file.write(`{"info":${JSON.stringify(info)},"licenses":[],\n"images":[`);
      return new CocoFile(path, file, await open(`${path}.later.part`, 'w+'));
    } catch (cause) {
      throw writeError(path, cause);
    }
  }

  image(value: unknown): void {
    this.#images += `${this.#first.image ? '' : ','}\n${JSON.stringify(value)}`;
    this.#first.image = false;
  }

  annotation(value: unknown): void {
    this.#annotations += `${this.#first.annotation ? '' : ','}\n${JSON.stringify(value)}`;
    this.#first.annotation = false;
  }

  /** Writes what is gathered, where it has come to `least` characters. */
  async flush(least = 0): Promise<void> {
    if (this.#images.length + this.#annotations.length < least) return;
    await this.#writing(async () => {
      await this.file.write(this.#images);
      await this.later.write(this.#annotations);
    });
    this.#images = this.#annotations = '';
  }

  async end(categories: unknown): Promise<void> {
    await this.flush();
    await this.#writing(async () => {
      await this.file.write('],\n"annotations":[');
      const chunk = Buffer.alloc(1 << 20);
      for (let at = 0; ; ) {
        const { bytesRead } = await this.later.read(chunk, 0, chunk.length, at);
        if (bytesRead === 0) break;
        await this.file.write(chunk, 0, bytesRead);
        at += bytesRead;
      }
      await this.file.write(`]${categories === undefined ? '' : `,\n"categories":${JSON.stringify(categories)}`}}\n`);
      await this.file.close();
      await rename(`${this.path}.part`, this.path);
    });
    await this.later.close();
    await rm(`${this.path}.later.part`, { force: true });
  }

  async abandon(): Promise<void> {
    for (const file of [this.file, this.later]) await file.close().catch(() => {});
    for (const part of [`${this.path}.part`, `${this.path}.later.part`]) await rm(part, { force: true }).catch(() => {});
  }

  async #writing(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (cause) {
      throw writeError(this.path, cause);
    }
  }
}
