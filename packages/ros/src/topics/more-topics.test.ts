import { describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { pinhole, syntheticPerception } from '../../../../test/support/synthetic.js';
import { decodeCdr, encodeCdr } from '../encoding/cdr.js';
import { bodyId, bodyRegion, skeleton2d, trackedBodies } from './bodies.js';
import { compressDepth, compressImage } from './compressed.js';
import { depthImage } from './depth.js';
import { disparityImage } from './disparity.js';
import { limitDepth } from './limit-depth.js';
import { pointCloud } from './points.js';
import { rawCameraInfo, rawImage, rectImage } from './rgb.js';
import { segmentationInstances, segmentationMask } from './segmentation.js';
import { fromRollPitchYaw, staticTransforms } from './tf-static.js';

const seen = syntheticPerception(3);
const OPTIONS = { jpegQuality: 95, pngLevel: 1, depthMax: 10, depthQuantization: 100 };

describe('compressed pictures', () => {
  it('are what compressed_image_transport reads, close to or exactly the picture', async () => {
    const colour = await compressImage(rectImage(seen), OPTIONS);
    expect(colour.format).toBe('rgb8; jpeg compressed bgr8');
    const back = await sharp(colour.data).raw().toBuffer();
    const worst = back.reduce((sum, v, i) => sum + Math.abs(v - seen.frame.rgb[i]), 0) / back.length;
    expect(worst).toBeLessThan(6);
    const mask = await compressImage(segmentationMask(seen)!, OPTIONS);
    expect(mask.format).toBe('mono8; png compressed mono8');
    expect(new Uint8Array(await sharp(mask.data).toColourspace('b-w').raw().toBuffer())).toEqual(seen.segmentation?.labels);
    const ids = await compressImage(segmentationInstances(seen)!, OPTIONS);
    const { data } = await sharp(ids.data).toColourspace('grey16').raw({ depth: 'ushort' }).toBuffer({ resolveWithObject: true });
    expect([...new Uint16Array(data.buffer, data.byteOffset, data.length / 2)]).toEqual([...(seen.segmentation?.instances ?? [])]);
    await expect(compressImage({ ...mask, ...depthImage(seen, '32FC1')! }, OPTIONS)).rejects.toThrow('32FC1 has no compressed form');
  });

  /** As compressed_depth_image_transport's decoder does it: header, PNG, z = a / (v - b). */
  async function read(bytes: Uint8Array): Promise<Float64Array> {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const [a, b] = [view.getFloat32(4, true), view.getFloat32(8, true)];
    expect(view.getInt32(0, true)).toBe(0);
    const { data } = await sharp(bytes.subarray(12)).toColourspace('grey16').raw({ depth: 'ushort' }).toBuffer({ resolveWithObject: true });
    return Float64Array.from(new Uint16Array(data.buffer, data.byteOffset, data.length / 2), (v) => (v === 0 ? NaN : a / (v - b)));
  }

  it('keep depth within a percent up to depth_max and lose what is farther or nearer than 16 bits can say', async () => {
    const metres = Float32Array.of(0.1, 0.16, 0.5, 1, 2, 5, 9.9, 10, 50, NaN, 0, -1);
    const image = { ...depthImage(seen, '32FC1')!, width: 12, height: 1, step: 48, data: new Uint8Array(metres.buffer) };
    const { format, data } = await compressDepth(image, OPTIONS);
    expect(format).toBe('32FC1; compressedDepth png');
    const back = await read(data);
    [1, 2, 3, 4, 5, 6].forEach((i) => {
      expect(Math.abs(back[i] / metres[i] - 1)).toBeLessThan(0.01);
    });
    expect([0, 7, 8, 9, 10, 11].map((i) => back[i])).toEqual(Array(6).fill(NaN));
  });

  it('carry 16UC1 as it is', async () => {
    const { format, data } = await compressDepth(depthImage(seen, '16UC1')!, OPTIONS);
    expect(format).toBe('16UC1; compressedDepth png');
    const png = await sharp(data.subarray(12)).toColourspace('grey16').raw({ depth: 'ushort' }).toBuffer();
    expect(new Uint8Array(png)).toEqual(depthImage(seen, '16UC1')?.data);
  });
});

describe('depth/disparity', () => {
  it('is f t / z where there is depth, below min_disparity elsewhere', () => {
    const d = disparityImage(seen, 0.12)!;
    const values = new Float32Array(d.image.data.buffer, d.image.data.byteOffset, d.image.data.byteLength / 4);
    expect(d.f).toBeCloseTo(0.8 * 32);
    const metres = seen.depth!.metres;
    values.forEach((v, i) => {
      if (metres[i] > 0) expect((d.f * d.t) / v).toBeCloseTo(metres[i], 4);
      else expect(v).toBeLessThan(d.min_disparity);
    });
    expect(decodeCdr('stereo_msgs/msg/DisparityImage', encodeCdr('stereo_msgs/msg/DisparityImage', d))).toMatchObject({ image: { width: 32 }, valid_window: { width: 32 } });
    expect(disparityImage(syntheticPerception(0, { relative: true }), 0.12)).toBeUndefined();
    expect(disparityImage(syntheticPerception(0, { camera: false }), 0.12)).toBeUndefined();
  });
});

describe('limitDepth', () => {
  const confidence = Float32Array.from({ length: 32 * 24 }, (_, i) => (i % 2 === 0 ? 0.9 : 0.2));
  const sure = { ...seen, depth: { ...seen.depth!, confidence } };

  it('makes unsure and far depth NaN, and leaves the perception alone where nothing is asked', () => {
    expect(limitDepth(sure, 0, 0)).toBe(sure);
    const limited = limitDepth(sure, 0.5, 4).depth!.metres;
    limited.forEach((z, i) => {
      const kept = i % 2 === 0 && seen.depth!.metres[i] <= 4;
      expect(Number.isNaN(z)).toBe(!kept);
    });
    expect(limitDepth(seen, 0.5, 0)).toBe(seen); // a model that does not say how sure it is
  });

  it('knows no range without metres', () => {
    const relative = syntheticPerception(3, { relative: true });
    expect(limitDepth(relative, 0, 4)).toBe(relative);
  });
});

describe('depth/points', () => {
  it('unorganised has the valid points of the organised cloud, in order', () => {
    const [all, valid] = [pointCloud(seen, 2)!, pointCloud(seen, 2, false)!];
    const rows = (data: Uint8Array): string[] => Array.from({ length: data.length / 16 }, (_, i) => Buffer.from(data.subarray(16 * i, 16 * i + 16)).toString('hex'));
    const z = new Float32Array(all.data.buffer, all.data.byteOffset);
    expect(rows(valid.data)).toEqual(rows(all.data).filter((_, i) => z[4 * i + 2] > 0));
    expect(valid).toMatchObject({ height: 1, is_dense: true, width: valid.data.length / 16, row_step: valid.data.length });
    expect(all).toMatchObject({ height: 12, width: 16, is_dense: false });
  });

  it('has no points where a fisheye sees beyond the half sphere', () => {
    const fisheye = { ...pinhole(64, 48, 18), distortionModel: 'equidistant' as const, d: [0, 0, 0, 0] };
    const wide = { ...seen, frame: { ...seen.frame, camera: fisheye } };
    const [all, dense] = [pointCloud(wide, 1)!, pointCloud(wide, 1, false)!].map(({ data, width, height }) => ({ floats: new Float32Array(data.buffer, data.byteOffset, data.length / 4), count: width * height }));
    const coordinates = (floats: Float32Array): Float32Array => floats.filter((_, i) => i % 4 < 3);
    expect(dense.count).toBeGreaterThan(100);
    expect(coordinates(dense.floats).every(Number.isFinite)).toBe(true);
    expect(coordinates(all.floats).filter(Number.isFinite)).toEqual(coordinates(dense.floats)); // none has a part of its three only
  });
});

describe('the rectified picture', () => {
  it('is image_rect; the one before, with its lens, image_raw and camera_info', () => {
    const camera = { ...pinhole(64, 48), distortionModel: 'plumb_bob' as const, d: [-0.2, 0.01, 0, 0, 0] };
    const taken = new Uint8Array(64 * 48 * 3).fill(9);
    const rectified = { ...seen, frame: { ...seen.frame, raw: { rgb: taken, camera } } };
    expect(rawImage(rectified).data[0]).toBe(9);
    expect(rectImage(rectified).data).toEqual(seen.frame.rgb);
    expect([...rawCameraInfo(rectified)!.d]).toEqual(camera.d);
    expect(rawImage(seen).data).toEqual(rectImage(seen).data);
    expect([...rawCameraInfo(seen)!.d]).toEqual([0, 0, 0, 0, 0]);
  });
});

describe('/tf_static', () => {
  const mount = { baseFrame: 'base_link', cameraFrame: 'camera_link', xyz: [0.1, 0, 0.5], rpy: [0, 0.2, 0] } as const;
  const rotate = ({ x, y, z, w }: { x: number; y: number; z: number; w: number }, [a, b, c]: readonly number[]): number[] => {
    const [tx, ty, tz] = [2 * (y * c - z * b), 2 * (z * a - x * c), 2 * (x * b - y * a)];
    return [a + w * tx + y * tz - z * ty, b + w * ty + z * tx - x * tz, c + w * tz + x * ty - y * tx];
  };
  const near = (a: readonly number[], b: readonly number[]): void => {
    a.forEach((v, i) => {
      expect(v).toBeCloseTo(b[i], 9);
    });
  };

  it('turns the optical axes into forward, right and down (REP-103)', () => {
    const { transforms: [body, optical] } = staticTransforms(seen, mount);
    expect(body).toMatchObject({ header: { frame_id: 'base_link' }, child_frame_id: 'camera_link', transform: { translation: { x: 0.1, y: 0, z: 0.5 } } });
    expect(optical).toMatchObject({ header: { frame_id: 'camera_link' }, child_frame_id: 'camera_optical_frame' });
    near(rotate(optical.transform.rotation, [0, 0, 1]), [1, 0, 0]);
    near(rotate(optical.transform.rotation, [1, 0, 0]), [0, -1, 0]);
    near(rotate(optical.transform.rotation, [0, 1, 0]), [0, 0, -1]);
  });

  it('pitches the nose down for a positive pitch and turns left for a positive yaw', () => {
    near(rotate(fromRollPitchYaw(0, Math.PI / 2, 0), [1, 0, 0]), [0, 0, -1]);
    near(rotate(fromRollPitchYaw(0, 0, Math.PI / 2), [1, 0, 0]), [0, 1, 0]);
    near(rotate(fromRollPitchYaw(Math.PI / 2, 0, Math.PI / 2), [0, 1, 0]), [0, 0, 1]);
  });
});

describe('REP-155 bodies', () => {
  it('have the ids of the instances, 18 points with a neck, and a region in 0..1', () => {
    const [person] = seen.skeleton!.people;
    expect(trackedBodies(seen)?.ids).toEqual(['b00007']);
    expect(bodyId(person)).toBe('b00007');
    const { skeleton } = decodeCdr<{ skeleton: { x: number; y: number; c: number }[] }>('hri_msgs/msg/Skeleton2D', encodeCdr('hri_msgs/msg/Skeleton2D', skeleton2d(seen, person)!));
    expect(skeleton).toHaveLength(18);
    const [nose, neck, right, , , left] = skeleton;
    expect(neck.x).toBeCloseTo((left.x + right.x) / 2, 5);
    expect(nose.y).toBeLessThan(neck.y);
    expect(skeleton.every(({ x, y, c }) => x >= 0 && x <= 1 && y >= 0 && y <= 1 && Math.abs(c - 0.9) < 1e-6)).toBe(true);
    const unseen = { ...person, keypoints: person.keypoints.map((k, i) => (i === 5 ? { ...k, score: 0 } : k)) };
    expect(skeleton2d(seen, unseen)!.skeleton[1]).toEqual({ x: 0, y: 0, c: 0 });
    expect(bodyRegion(seen, person)).toMatchObject({ ymin: expect.closeTo(0.2, 5), ymax: expect.closeTo(0.9, 5) });
  });
});
