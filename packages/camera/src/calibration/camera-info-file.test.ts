import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { CameraModel, SextantError } from '@sextant/core';
import { scratch } from '../../test/media.js';
import { formatCameraInfo, parseCameraInfo, readCameraInfo, writeCameraInfo } from './camera-info-file.js';

const root = scratch();
const calibration = join(import.meta.dirname, '../../../../calibration');

const TEXT = `image_width: 640
image_height: 480
camera_name: narrow
camera_matrix:
  rows: 3
  cols: 3
  data: [500, 0, 320, 0, 510, 240, 0, 0, 1]
distortion_model: plumb_bob
distortion_coefficients:
  rows: 1
  cols: 5
  data: [-0.2, 0.1, 0.001, -0.002, 0]
`;

function failure(text: string): SextantError {
  try {
    parseCameraInfo(text, 'cam.yaml');
  } catch (error) {
    return error as SextantError;
  }
  throw new Error('it was accepted');
}

describe('camera calibration files', () => {
  it.each(['19123456', '', '00e45', 'true'])('take %j for a name: a serial number, as drivers have it', (name) => {
    expect(parseCameraInfo(TEXT.replace('narrow', name), 'cam.yaml')).toEqual(parseCameraInfo(TEXT, 'cam.yaml'));
    expect(failure(TEXT.replace('narrow', '[left, right]')).message).toBe('cam.yaml:3: camera_name: must be a word');
  });

  it('are read as ROS writes them; R and P default to identity and K', () => {
    expect(parseCameraInfo(TEXT, 'cam.yaml')).toEqual({
      width: 640, height: 480, distortionModel: 'plumb_bob', d: [-0.2, 0.1, 0.001, -0.002, 0], k: [500, 0, 320, 0, 510, 240, 0, 0, 1],
      r: [1, 0, 0, 0, 1, 0, 0, 0, 1], p: [500, 0, 320, 0, 0, 510, 240, 0, 0, 0, 1, 0], provenance: 'calibrated',
    });
  });

  it.each([
    ['rational_polynomial', 8, 'rational_polynomial'],
    ['rational_polynomial', 12, 'rational_polynomial'],
    ['equidistant', 4, 'equidistant'],
    ['fisheye', 4, 'equidistant'],
    ['none', 0, 'none'],
  ])('know the lens %s', (word, count, model) => {
    const data = Array.from({ length: count }, (_, i) => i / 100);
    const camera = parseCameraInfo(TEXT.replace('plumb_bob', word).replace('cols: 5\n  data: [-0.2, 0.1, 0.001, -0.002, 0]', `cols: ${count}\n  data: [${data.join(', ')}]`), 'cam.yaml');
    expect([camera.distortionModel, camera.d]).toEqual([model, data]);
  });

  it.each([
    ['a missing field', TEXT.replace('image_height: 480\n', ''), /^cam\.yaml:1: image_height: is missing/],
    ['an empty field', TEXT.replace('image_height: 480', 'image_height:'), /^cam\.yaml:2: image_height: must be a whole number/],
    ['a word for a number', TEXT.replace('640', 'wide'), /^cam\.yaml:1: image_width: must be a whole number/],
    ['a size of nothing', TEXT.replace('480', '0'), /^cam\.yaml:2: image_height: must be above 0/],
    ['too few numbers', TEXT.replace('500, 0, 320, ', ''), /^cam\.yaml:7: camera_matrix\.data: must hold 9 numbers, holds 6/],
    ['a number that is none', TEXT.replace('510', '.nan'), /^cam\.yaml:7: camera_matrix\.data\.4: must be a finite number/],
    ['a focal length below 0', TEXT.replace('510', '-510'), /^cam\.yaml:7: camera_matrix\.data\.4: .*must be above 0, is -510/],
    ['an unknown lens', TEXT.replace('plumb_bob', 'toString'), /^cam\.yaml:8: distortion_model: must be one of plumb_bob, .* is 'toString'/],
    ['a lens with wrong coefficients', TEXT.replace('plumb_bob', 'equidistant'), /^cam\.yaml:10: distortion_coefficients: equidistant has 4 coefficients, here are 5/],
    ['a tilted sensor', TEXT.replace('plumb_bob', 'rational_polynomial').replace('cols: 5\n  data: [-0.2, 0.1, 0.001, -0.002, 0]', 'cols: 14\n  data: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0.1, 0]'), /^cam\.yaml:10: distortion_coefficients: it has a tilted sensor \(tau 0.1, 0\)/],
    ['broken YAML', TEXT.replace('[500', '[500, ['), /^cam\.yaml:\d+: /],
    ['something else', '- 1\n- 2\n', /^cam\.yaml:1: /],
    ['nothing', '', /^cam\.yaml:1: /],
  ])('report %s with file, line and field', (_, text, message) => {
    const error = failure(text);
    expect([error.code, error.details.file]).toEqual(['bad-config', 'cam.yaml']);
    expect(error.message).toMatch(message);
  });

  it('come back from writing as they were', async () => {
    const camera: CameraModel = {
      width: 640, height: 480, distortionModel: 'rational_polynomial', d: [0.1, -0.2, 0.001, 1e-7, 0.05, 0.3, -0.1, 0.02], k: [500.123456789, 0, 320, 0, 510, 240, 0, 0, 1],
      r: [0.999, 0.001, 0, -0.001, 0.999, 0, 0, 0, 1], p: [480, 0, 310, -57.6, 0, 480, 230, 0, 0, 0, 1, 0], provenance: 'calibrated',
    };
    const path = join(root, 'written.yaml');
    await writeCameraInfo(path, camera, 'left');
    expect(await readCameraInfo(path)).toEqual(camera);
    expect(await readFile(path, 'utf8')).toContain('camera_name: left\n');
    const none: CameraModel = { ...camera, distortionModel: 'none', d: [] };
    expect(parseCameraInfo(formatCameraInfo(none), 'x')).toEqual(none);
    const prism: CameraModel = { ...camera, d: [...camera.d, 0.02, 0.01, -0.02, 0.01] };
    expect(parseCameraInfo(formatCameraInfo(prism), 'x')).toEqual(prism);
  });

  it('say plumb_bob with zeros where there is no lens: ROS takes "none" for unknown', () => {
    const none: CameraModel = { ...parseCameraInfo(TEXT, 'x'), distortionModel: 'none', d: [] };
    expect(formatCameraInfo(none)).toContain(['distortion_model: plumb_bob', 'distortion_coefficients:', '  rows: 1', '  cols: 5', '  data: [ 0, 0, 0, 0, 0 ]', ''].join('\n'));
  });

  it('that cannot be read or written say so', async () => {
    await expect(readCameraInfo(join(root, 'nowhere.yaml'))).rejects.toMatchObject({ code: 'source-missing' });
    const camera = parseCameraInfo(TEXT, 'x');
    await expect(writeCameraInfo(join(root, 'no/folder.yaml'), camera)).rejects.toMatchObject({ code: 'io' });
  });

  it('in calibration/ are valid', async () => {
    expect((await readCameraInfo(join(calibration, 'sim.yaml'))).distortionModel).toBe('none');
    expect((await readCameraInfo(join(calibration, 'webcam.example.yaml'))).distortionModel).toBe('plumb_bob');
  });
});
