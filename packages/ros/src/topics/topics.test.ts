import { describe, expect, it } from '@jest/globals';
import { scaleCamera } from '@sextant/core';
import { pinhole, syntheticPerception } from '../../../../test/support/synthetic.js';
import { cameraInfo } from './camera-info.js';
import { denseposeImage } from './densepose.js';
import { depthImage, relativeDepthImage, toMillimetres } from './depth.js';
import { detections } from './detections.js';
import { flowImage, flowTimeReference } from './flow.js';
import { toTime } from './header.js';
import { pointCloud } from './points.js';
import { labelInfo, segmentationInstances, segmentationMask } from './segmentation.js';
import { skeletonKeypoints, skeletonMarkers } from './skeleton.js';

const seen = syntheticPerception(3);
const relative = syntheticPerception(3, { relative: true });

describe('toTime', () => {
  it('keeps nanoseconds and never gives a negative nanosec', () => {
    expect(toTime(1_700_000_000_123_456_789n)).toEqual({ sec: 1_700_000_000, nanosec: 123_456_789 });
    expect(toTime(-1n)).toEqual({ sec: -1, nanosec: 999_999_999 });
  });
});

describe('depth', () => {
  it('is metres with NaN, or millimetres with 0 (REP-118)', () => {
    const image = depthImage(seen, '32FC1');
    expect(image).toMatchObject({ encoding: '32FC1', width: 32, height: 24, step: 128, header: { frame_id: 'camera_optical_frame' } });
    expect(image?.data.buffer).toBe(seen.depth?.metres.buffer);
    expect([...toMillimetres(Float32Array.of(NaN, 0, -1, 1.2344, 65.535, 65.6, Infinity))]).toEqual([0, 0, 0, 1234, 65535, 0, 0]);
    expect(depthImage(seen, '16UC1')).toMatchObject({ encoding: '16UC1', step: 64 });
  });

  it('never calls relative depth metres', () => {
    expect(depthImage(relative, '32FC1')).toBeUndefined();
    expect(depthImage(relative, '16UC1')).toBeUndefined();
    expect(pointCloud(relative, 1)).toBeUndefined();
    expect(relativeDepthImage(relative)).toMatchObject({ encoding: '32FC1' });
    expect(relativeDepthImage(seen)).toBeUndefined();
  });
});

describe('cameraInfo', () => {
  it('moves the principal point by half a pixel and keeps a projected point on its spot', () => {
    const camera = pinhole(640, 480, 500);
    const small = scaleCamera(camera, 320, 240);
    expect(small.k).toEqual([250, 0, 159.5, 0, 250, 119.5, 0, 0, 1]);
    const spot = (c: typeof camera): number => (((c.k[0]) * 0.3 + (c.k[2]) + 0.5) / c.width);
    expect(spot(small)).toBeCloseTo(spot(camera), 12);
    expect(scaleCamera({ ...camera, p: [500, 0, 319.5, -60, 0, 500, 239.5, 0, 0, 0, 1, 0] }, 320, 240).p[3]).toBe(-30);
  });

  it('has stamp and frame of the picture and an ideal lens as plumb_bob zeros', () => {
    const info = cameraInfo(seen.frame, 32, 24);
    expect(info).toMatchObject({ width: 32, height: 24, distortion_model: 'plumb_bob', header: depthImage(seen, '32FC1')?.header });
    expect([...(info?.d ?? [])]).toEqual([0, 0, 0, 0, 0]);
    expect(cameraInfo(syntheticPerception(0, { camera: false }).frame, 32, 24)).toBeUndefined();
  });
});

describe('a guessed field of view', () => {
  it('goes out neither as calibration nor as points', () => {
    const guessed = { ...seen, frame: { ...seen.frame, camera: { ...pinhole(64, 48), provenance: 'guessed' as const } } };
    expect(cameraInfo(guessed.frame, 64, 48)).toBeUndefined();
    expect(pointCloud(guessed, 1)).toBeUndefined();
    expect(skeletonMarkers(guessed)?.markers[1]?.ns).toBe('skeleton_plane');
  });
});

describe('pointCloud', () => {
  it('lifts pixels into the optical frame with their colour', () => {
    const cloud = pointCloud(seen, 2);
    expect(cloud).toMatchObject({ width: 16, height: 12, point_step: 16, row_step: 256, is_dense: false });
    const view = new DataView((cloud?.data as Uint8Array).buffer);
    const index = 10 * 16 + 0; // pixel (0, 20) of the map
    const z = seen.depth?.metres[20 * 32] as number;
    // The synthetic camera has f = 0.8 w and the map half the picture: f = 25.6, c = (15.5, 11.5).
    expect(view.getFloat32(index * 16, true)).toBeCloseTo(((0 - 15.5) / 25.6) * z, 5);
    expect(view.getFloat32(index * 16 + 4, true)).toBeCloseTo(((20 - 11.5) / 25.6) * z, 5);
    expect(view.getFloat32(index * 16 + 8, true)).toBe(z);
    const pixel = 3 * (41 * 64 + 1);
    expect(view.getUint32(index * 16 + 12, true)).toBe(
      ((seen.frame.rgb[pixel]) << 16) | ((seen.frame.rgb[pixel + 1]) << 8) | (seen.frame.rgb[pixel + 2]),
    );
    expect(view.getFloat32(0, true)).toBeNaN(); // sky
    expect(pointCloud(syntheticPerception(0, { camera: false }), 1)).toBeUndefined();
  });
});

describe('maps', () => {
  it('keep their values and names', () => {
    expect(flowImage(seen)).toMatchObject({ encoding: '32FC2', step: 256 });
    expect(flowTimeReference({ ...seen, flow: { width: 1, height: 1, pixels: new Float32Array(2) } })).toBeUndefined();
    expect(flowTimeReference({ ...seen, flow: { ...seen.flow!, since: 1_500_000_000n } })).toEqual({ header: flowImage(seen)!.header, time_ref: { sec: 1, nanosec: 500_000_000 }, source: 'sextant: frame before' });
    expect(segmentationMask(seen)?.data).toEqual(seen.segmentation?.labels);
    expect(segmentationInstances(seen)).toMatchObject({ encoding: '16UC1', step: 64 });
    expect(labelInfo(seen)?.class_map[1]).toEqual({ class_id: 1, class_name: 'person' });
    const densepose = denseposeImage(seen);
    const at = 12 * 32 + 16;
    expect([...(densepose?.data.subarray(at * 3, at * 3 + 3) ?? [])]).toEqual([seen.densepose?.part[at], seen.densepose?.u[at], seen.densepose?.v[at]]);
  });

  it('refuse a map whose buffer does not fit its size', () => {
    expect(() => flowImage({ ...seen, flow: { width: 32, height: 24, pixels: new Float32Array(3) } })).toThrow(/needs 6144 bytes, the map has 12/);
  });
});

describe('detections', () => {
  it('boxes each instance in pixels of the camera picture', () => {
    const labels = Uint8Array.of(0, 0, 0, 0, 0, 1, 1, 0, 0, 1, 2, 0);
    const instances = Uint16Array.of(0, 0, 0, 0, 0, 300, 300, 0, 0, 300, 300, 0);
    const message = detections({ ...seen, segmentation: { width: 4, height: 3, labels, instances, classes: [] } });
    expect(message?.detections).toHaveLength(1);
    // Map 4x3 on a 64x48 picture: 16 picture pixels for one of the map; columns 1..2, rows 1..2.
    expect(message?.detections[0]).toMatchObject({
      id: '300',
      bbox: { center: { position: { x: 32, y: 32 }, theta: 0 }, size_x: 32, size_y: 32 },
      results: [{ hypothesis: { class_id: '1', score: 1 } }],
    });
  });
});

describe('skeleton', () => {
  it('stands at its depth in metres', () => {
    const markers = skeletonMarkers(seen)?.markers ?? [];
    expect(markers.map((m) => [m.ns, m.type, m.action])).toEqual([['', 0, 3], ['skeleton', 5, 0], ['skeleton', 7, 0]]);
    expect(markers[2]?.points).toHaveLength(17);
    expect(markers[2]?.points.every((p) => Math.abs(p.z - 2) < 1)).toBe(true);
    expect(markers[1]?.points).toHaveLength(19 * 2);
  });

  it('is drawn on the plane z = 1 without a scale', () => {
    const markers = skeletonMarkers(relative)?.markers ?? [];
    expect(markers[2]?.ns).toBe('skeleton_plane');
    expect(markers[2]?.points.every((p) => p.z === 1)).toBe(true);
  });

  it('tells keypoints as JSON', () => {
    const told = JSON.parse(skeletonKeypoints(seen)?.data ?? '') as { width: number; people: { id: number; keypoints: number[][] }[] };
    expect(told.width).toBe(32);
    expect(told.people[0]?.id).toBe(7);
    expect(told.people[0]?.keypoints).toHaveLength(17);
    expect('front' in told.people[0]).toBe(false);
    const behind = { ...seen, skeleton: { ...seen.skeleton!, people: seen.skeleton!.people.map((person) => ({ ...person, front: 0.25 })) } };
    expect(JSON.parse(skeletonKeypoints(behind)?.data ?? '')).toMatchObject({ people: [{ id: 7, front: 0.25 }] });
  });
});
