import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from '@jest/globals';
import { formatCameraInfo, rectify } from '@sextant/camera';
import type { CameraModel, Frame } from '@sextant/core';
import { createBridge } from '@sextant/ros';
import { firstValueFrom, of } from 'rxjs';
import { Recording } from './recording.js';

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

/** The text of the recording of one frame; attachments are in it as they are. */
async function recorded(frame: Frame): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sextant-recording-'));
  folders.push(folder);
  const bridge = createBridge();
  const recording = await Recording.start(join(folder, 'a.mcap'), 'none', bridge, (error) => { throw error; });
  recording!.calibration(frame);
  await bridge.close();
  return readFile(join(folder, 'a.mcap'), 'latin1');
}

it('has the camera of the pictures as they were taken, though the model sees rectified ones', async () => {
  const camera: CameraModel = {
    width: 16, height: 12, distortionModel: 'plumb_bob', d: [-0.2, 0.05, 0, 0, 0], k: [14, 0, 7.5, 0, 14, 5.5, 0, 0, 1],
    r: [1, 0, 0, 0, 1, 0, 0, 0, 1], p: [12, 0, 7.5, 0, 0, 12, 5.5, 0, 0, 0, 1, 0], provenance: 'calibrated',
  };
  const frame: Frame = { stamp: 1n, frameId: 'c', sequence: 0, width: 16, height: 12, rgb: new Uint8Array(16 * 12 * 3), camera };
  const rectified = await firstValueFrom(of(frame).pipe(rectify()));
  expect(rectified.camera!.distortionModel).toBe('none');
  expect(await recorded(rectified)).toContain(formatCameraInfo(camera));
  const ideal = rectified.camera!; // of a source whose pictures are rectified
  expect(await recorded({ ...frame, camera: ideal })).toContain(formatCameraInfo(ideal));
});
