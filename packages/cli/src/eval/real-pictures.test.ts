import { afterEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { COCO_KEYPOINTS } from '@sextant/core';
import type { Item } from './items.js';
import { evaluatePictures } from './real-pictures.js';
import type { Exam } from './settings.js';

const SIZE = { width: 200, height: 100 };
const keypoints = (left: number): { x: number; y: number; score: number }[] => COCO_KEYPOINTS.map((_, j) => ({ x: left + j, y: 3 * j, score: 1 }));

describe('evaluatePictures', () => {
  let folder = '';
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('takes nobody found in a crowd for false', async () => {
    folder = mkdtempSync(join(tmpdir(), 'sextant-pictures-'));
    await sharp({ create: { ...SIZE, channels: 3, background: 'grey' } }).jpeg().toFile(join(folder, 'frame00.jpg'));
    const joints = keypoints(10).map(({ x, y }) => [x, y, 2]);
    writeFileSync(join(folder, 'keypoints.json'), JSON.stringify({
      joint_names: COCO_KEYPOINTS,
      people: [{ keypoints: joints, bbox_xywh: [0, 0, 40, 80] }, { keypoints: joints.map(() => [0, 0, 0]), bbox_xywh: [100, 0, 90, 90], iscrowd: 1 }],
    }));
    const people = [0, 120, 60].map((left) => ({ id: 1, score: 1, box: [left, 0, 40, 80], keypoints: keypoints(10 + left) })); // the person, one of the crowd, nobody
    const examinee = { model: { classes: [] }, look: () => Promise.resolve({ skeleton: { ...SIZE, people } }), lookInto: () => Promise.resolve(undefined) };
    const exam = { examinee, modalities: ['skeleton'], progress: () => undefined } as unknown as Exam;
    const [report] = await evaluatePictures(exam, [{ folder, name: 'pose_a', task: 'pose' } as Item]);
    expect(report.metrics).toMatchObject({ pck01: 1, recall: 1, falsePeople: 1, people: 1 });
  });
});
