import { pinholeCamera } from '@sextant/core';
import type { CameraModel, Frame, Perception } from '@sextant/core';

/** A pinhole camera with its principal point in the middle. */
export function pinhole(width: number, height: number, f = 0.8 * width): CameraModel {
  return pinholeCamera({ width, height }, { fx: f, provenance: 'simulated' });
}

const CLASSES = [
  { id: 0, name: 'background', color: [0, 0, 0], thing: false },
  { id: 1, name: 'person', color: [220, 20, 60], thing: true },
  { id: 2, name: 'floor', color: [120, 90, 60], thing: false },
] as const;

/** What {@link syntheticPerception} may be told. */
export interface SyntheticOptions {
  readonly width?: number;
  readonly height?: number;
  /** Size of the maps. */
  readonly mapWidth?: number;
  readonly mapHeight?: number;
  readonly relative?: boolean;
  readonly camera?: boolean;
}

/** A person-shaped box walking over a floor, in every modality: number `index` of an endless clip. Test data only. */
export function syntheticPerception(index: number, options: SyntheticOptions = {}): Perception {
  const { width = 64, height = 48, mapWidth = 32, mapHeight = 24, relative = false, camera = true } = options;
  const rgb = new Uint8Array(width * height * 3);
  const left = 0.2 + 0.4 * (0.5 + 0.5 * Math.sin(index / 12));
  const inBox = (x: number, y: number): boolean => x >= left && x < left + 0.2 && y >= 0.2 && y < 0.9;
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i += 3) {
      const person = inBox(x / width, y / height);
      rgb[i] = person ? 200 : Math.round((255 * x) / width);
      rgb[i + 1] = person ? 80 : Math.round((255 * y) / height);
      rgb[i + 2] = person ? 90 : (index * 4) & 255;
    }
  }
  const n = mapWidth * mapHeight;
  const metres = new Float32Array(n);
  const pixels = new Float32Array(n * 2);
  const labels = new Uint8Array(n);
  const instances = new Uint16Array(n);
  const part = new Uint8Array(n);
  const u = new Uint8Array(n);
  const v = new Uint8Array(n);
  const speed = (0.4 * 0.5 * Math.cos(index / 12) * mapWidth) / 12;
  for (let y = 0, i = 0; y < mapHeight; y++) {
    for (let x = 0; x < mapWidth; x++, i++) {
      const person = inBox(x / mapWidth, y / mapHeight);
      const sky = y < mapHeight * 0.15;
      metres[i] = sky ? NaN : person ? 2 : 8 - (6 * y) / mapHeight;
      pixels[2 * i] = sky ? NaN : person ? speed : 0;
      pixels[2 * i + 1] = sky ? NaN : 0;
      labels[i] = person ? 1 : y > mapHeight / 2 ? 2 : 0;
      instances[i] = person ? 7 : 0;
      part[i] = person ? 1 + Math.floor((24 * y) / mapHeight) : 0;
      u[i] = person ? (x * 16) & 255 : 0;
      v[i] = person ? (y * 8) & 255 : 0;
    }
  }
  const frame: Frame = {
    stamp: 1_700_000_000_123_456_789n + BigInt(index) * 33_333_333n,
    frameId: 'camera_optical_frame',
    sequence: index,
    width,
    height,
    rgb,
    ...(camera ? { camera: pinhole(width, height) } : {}),
  };
  const shape: readonly (readonly [number, number])[] = [
    [0.5, 0.05], [0.55, 0.03], [0.45, 0.03], [0.6, 0.05], [0.4, 0.05], [0.75, 0.2], [0.25, 0.2], [0.9, 0.35], [0.1, 0.35],
    [0.95, 0.5], [0.05, 0.5], [0.65, 0.55], [0.35, 0.55], [0.65, 0.75], [0.35, 0.75], [0.65, 0.97], [0.35, 0.97],
  ];
  const keypoints = shape.map(([x, y]) => ({ x: (left + 0.2 * x) * mapWidth, y: (0.2 + 0.7 * y) * mapHeight, score: 0.9 }));
  return {
    frame,
    depth: { width: mapWidth, height: mapHeight, metres, provenance: relative ? 'relative' : 'metric' },
    flow: { width: mapWidth, height: mapHeight, pixels, since: frame.stamp - 33_333_333n },
    segmentation: { width: mapWidth, height: mapHeight, labels, instances, classes: CLASSES },
    skeleton: {
      width: mapWidth,
      height: mapHeight,
      people: [{ id: 7, score: 0.9, box: [left * mapWidth, 0.2 * mapHeight, 0.2 * mapWidth, 0.7 * mapHeight], keypoints }],
    },
    densepose: { width: mapWidth, height: mapHeight, part, u, v },
    latencyMs: 20,
  };
}
