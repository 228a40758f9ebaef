import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { distortion } from '@sextant/core';
import type { CameraModel } from '@sextant/core';
import { openCv } from '../opencv.js';
import type { OpenCv } from '../opencv.js';
import { CharucoFinder } from './charuco.js';
import { findChessboard } from './chessboard.js';
import type { Grey, Point } from './corners.js';
import { solveCalibration } from './solve.js';
import type { BoardView } from './solve.js';

const [WIDTH, HEIGHT] = [480, 360];
/** Samples of a pixel, each way. */
const SAMPLES = 2;
jest.setTimeout(240_000); // pictures are drawn and OpenCV is started, on a machine that may be busy

const [COLUMNS, ROWS, SQUARE] = [9, 6, 0.03];

/** Ideal coordinates of every pixel's ray, by inverting the lens with Newton's method on a grid of the picture. */
function rays(camera: CameraModel): (x: number, y: number) => Point {
  const lens = distortion(camera);
  const [fx, , cx, , fy, cy] = camera.k;
  return (px, py) => {
    const [u, v] = [(px - cx) / fx, (py - cy) / fy];
    let [x, y] = [u, v];
    if (camera.distortionModel === 'equidistant') {
      const theta = Math.hypot(u, v);
      let t = theta;
      const [k1, k2, k3, k4] = camera.d;
      for (let i = 0; i < 20; i += 1) { const t2 = t * t; t -= (t * (1 + t2 * (k1 + t2 * (k2 + t2 * (k3 + t2 * k4)))) - theta) / (1 + t2 * (3 * k1 + t2 * (5 * k2 + t2 * (7 * k3 + t2 * 9 * k4)))); }
      return theta < 1e-9 ? [u, v] : [(u / theta) * Math.tan(t), (v / theta) * Math.tan(t)];
    }
    for (let i = 0; i < 12; i += 1) {
      const [a, b] = lens(x, y);
      x -= a - u;
      y -= b - v;
    }
    return [x, y];
  };
}

interface Pose { readonly turn: readonly [number, number, number]; readonly at: readonly [number, number, number] }

/** The board's plane at the camera's ray: board coordinates in metres. */
function plane({ turn: [rx, ry, rz], at }: Pose): (ray: Point) => Point {
  const [ca, sa, cb, sb, cc, sc] = [Math.cos(rx), Math.sin(rx), Math.cos(ry), Math.sin(ry), Math.cos(rz), Math.sin(rz)];
  const r = [cb * cc, sa * sb * cc - ca * sc, ca * sb * cc + sa * sc, cb * sc, sa * sb * sc + ca * cc, ca * sb * sc - sa * cc, -sb, sa * cb, ca * cb];
  return ([x, y]) => {
    const n = [r[2], r[5], r[8]];
    const s = (n[0] * at[0] + n[1] * at[1] + n[2] * at[2]) / (n[0] * x + n[1] * y + n[2]);
    const p = [s * x - at[0], s * y - at[1], s - at[2]];
    return [r[0] * p[0] + r[3] * p[1] + r[6] * p[2], r[1] * p[0] + r[4] * p[1] + r[7] * p[2]];
  };
}

const tables = new WeakMap<CameraModel, Float32Array>();

/** The rays of all samples of a camera, found once. */
function rayTable(camera: CameraModel): Float32Array {
  let table = tables.get(camera);
  if (!table) {
    const toRay = rays(camera);
    table = new Float32Array(2 * SAMPLES * SAMPLES * WIDTH * HEIGHT);
    const columns = SAMPLES * WIDTH;
    for (let y = 0; y < SAMPLES * HEIGHT; y += 1) {
      for (let x = 0; x < columns; x += 1) table.set(toRay((x + 0.5) / SAMPLES - 0.5, (y + 0.5) / SAMPLES - 0.5), 2 * (y * columns + x));
    }
    tables.set(camera, table);
  }
  return table;
}

/** What the camera sees of a flat pattern (0..255 at board metres), with a shade and noise. */
function shoot(camera: CameraModel, pose: Pose, pattern: (x: number, y: number) => number): Grey {
  const [table, toBoard] = [rayTable(camera), plane(pose)];
  let state = 7;
  const data = Float32Array.from({ length: WIDTH * HEIGHT }, (_, i) => {
    const [px, py] = [i % WIDTH, Math.floor(i / WIDTH)];
    let sum = 0;
    for (let s = 0; s < SAMPLES * SAMPLES; s += 1) {
      const at = 2 * ((SAMPLES * py + Math.floor(s / SAMPLES)) * SAMPLES * WIDTH + SAMPLES * px + (s % SAMPLES));
      sum += pattern(...toBoard([table[at], table[at + 1]]));
    }
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.min(255, Math.max(0, (sum / SAMPLES ** 2) * (0.75 + (0.25 * px) / WIDTH) + 6 * (state / 2 ** 32 - 0.5)));
  });
  return { width: WIDTH, height: HEIGHT, data };
}

/** A board of (COLUMNS + 1) x (ROWS + 1) squares with a white rim, its first inner corner at (0, 0). */
const chess = (x: number, y: number): number => {
  const [i, j] = [Math.floor(x / SQUARE), Math.floor(y / SQUARE)];
  if (i < -1 || j < -1 || i >= COLUMNS || j >= ROWS) return i < -2 || j < -2 || i > COLUMNS || j > ROWS ? 120 : 235;
  return (i + j) % 2 === 0 ? 30 : 225;
};

const poses = (far: number): Pose[] => Array.from({ length: 10 }, (_, i) => {
  const [a, b, c] = [0.45 * Math.sin(1 + 2.3 * i), 0.45 * Math.cos(2 + 1.7 * i), 0.3 * Math.sin(3 * i)];
  return { turn: [a, b, c], at: [-0.12 + 0.07 * Math.sin(2.1 * i), -0.075 + 0.05 * Math.cos(1.3 * i), far + 0.08 * Math.sin(i)] };
});

const base: CameraModel = { width: WIDTH, height: HEIGHT, distortionModel: 'plumb_bob', d: [-0.22, 0.09, 0.001, -0.0008, 0], k: [390, 0, 244.5, 0, 388.5, 177, 0, 0, 1], r: [], p: [], provenance: 'calibrated' };
const cornerPlaces: Point[] = Array.from({ length: COLUMNS * ROWS }, (_, i) => [(i % COLUMNS) * SQUARE, Math.floor(i / COLUMNS) * SQUARE]);

describe('calibration', () => {
  let cv: OpenCv;
  beforeAll(async () => { ({ cv } = await openCv()); });

  const chessViews = (camera: CameraModel, far: number): BoardView[] => poses(far).flatMap((pose, i) => {
    const points = findChessboard(shoot(camera, pose, chess), COLUMNS, ROWS);
    return points ? [{ name: `view ${i}`, board: cornerPlaces, points }] : [];
  });

  let plain: BoardView[] | undefined;
  const plainViews = (): BoardView[] => (plain ??= chessViews(base, 0.42));

  it('finds chessboards and the camera that saw them', () => {
    const views = plainViews();
    expect(views.length).toBeGreaterThanOrEqual(8);
    const { camera, rms, dropped } = solveCalibration(cv, views, base, 'plumb_bob');
    expect(rms).toBeLessThan(0.12);
    expect(dropped).toEqual([]);
    expect(Math.abs(camera.k[0] / 390 - 1)).toBeLessThan(0.005);
    expect(Math.abs(camera.k[4] / 388.5 - 1)).toBeLessThan(0.005);
    expect(Math.hypot(camera.k[2] - 244.5, camera.k[5] - 177)).toBeLessThan(3);
    expect(Math.abs(camera.d[0] + 0.22)).toBeLessThan(0.03);
  });

  it('finds a board with half squares at its edges in a dark frame before clutter, where it finds the same board without them', () => {
    const framed = (x: number, y: number): number => {
      const [i, j] = [x / SQUARE, y / SQUARE];
      if (i > -0.5 && j > -0.5 && i < COLUMNS - 0.5 && j < ROWS - 0.5) return (Math.floor(i) + Math.floor(j)) % 2 === 0 ? 30 : 225;
      if (i > -1 && j > -1 && i < COLUMNS && j < ROWS) return 45;
      return 60 + 120 * Math.abs(Math.sin(1e4 * Math.sin(12.9 * Math.floor(x / 0.02) + 78.2 * Math.floor(y / 0.013))));
    };
    for (const pose of poses(0.42).slice(0, 4)) {
      const [alone, among] = [chess, framed].map((pattern) => findChessboard(shoot(base, pose, pattern), COLUMNS, ROWS));
      expect(alone).toHaveLength(COLUMNS * ROWS);
      const off = among?.map(([x, y], i) => Math.hypot(x - (alone?.[i][0] ?? NaN), y - (alone?.[i][1] ?? NaN)));
      expect(Math.max(...(off ?? [NaN]))).toBeLessThan(0.3);
    }
  });

  it('drops a view whose corners are wrong', () => {
    const views = plainViews().slice(0, 8);
    const wrong = { ...views[4], points: views[4].points.map(([x, y], i): Point => [x + 9 * Math.sin(i), y]) };
    const { camera, dropped } = solveCalibration(cv, views.map((view, i) => (i === 4 ? wrong : view)), base, 'plumb_bob');
    expect(dropped.map(({ name }) => name)).toEqual([wrong.name]);
    expect(Math.abs(camera.k[0] / 390 - 1)).toBeLessThan(0.01);
  });

  it('calibrates a fisheye', () => {
    const fisheye: CameraModel = { ...base, distortionModel: 'equidistant', d: [0.03, -0.01, 0.002, 0], k: [195, 0, 241.5, 0, 194.2, 178.5, 0, 0, 1] };
    const { camera, rms } = solveCalibration(cv, chessViews(fisheye, 0.2), fisheye, 'equidistant');
    expect(rms).toBeLessThan(0.15);
    expect(Math.abs(camera.k[0] / 195 - 1)).toBeLessThan(0.005);
    expect(camera.distortionModel).toBe('equidistant');
  });

  it('finds ChArUco corners where only a part of the board is seen', () => {
    const spec = { squaresX: 8, squaresY: 6, square: 0.03, marker: 0.022, dictionary: 'DICT_5X5_100' } as const;
    const finder = new CharucoFinder(cv, spec);
    const dictionary = cv.getPredefinedDictionary(5);
    const board = new cv.aruco_CharucoBoard(new cv.Size(8, 6), spec.square, spec.marker, dictionary, new cv.Mat());
    const print = new cv.Mat();
    board.generateImage(new cv.Size(1600, 1200), print, 0, 1);
    const ink = (x: number, y: number): number => {
      const [i, j] = [Math.floor((x / 0.24) * 1600), Math.floor((y / 0.18) * 1200)];
      return i < 0 || j < 0 || i >= 1600 || j >= 1200 ? 230 : (print.data)[j * 1600 + i];
    };
    const views = poses(0.33).map((pose, i): BoardView => {
      const { ids, points } = finder.find(shoot(base, { ...pose, at: [pose.at[0] - 0.02, pose.at[1] - 0.02, pose.at[2]] }, ink));
      return { name: `view ${i}`, points, board: ids.map((id): Point => [((id % 7) + 1) * 0.03, (Math.floor(id / 7) + 1) * 0.03]) };
    });
    finder.close();
    expect(views.filter(({ points }) => points.length > 10).length).toBeGreaterThan(7);
    expect(views.some(({ points }) => points.length < 35)).toBe(true);
    const { camera, rms } = solveCalibration(cv, views, base, 'plumb_bob');
    expect(rms).toBeLessThan(0.25);
    expect(Math.abs(camera.k[0] / 390 - 1)).toBeLessThan(0.005);
  });

  it('says no to pictures without a board, to another board and to too few views', () => {
    const picture = shoot(base, poses(0.42)[0], chess);
    expect(findChessboard({ ...picture, data: picture.data.map((_, i) => 128 + 40 * Math.sin(i / 7) * Math.cos(i / 5000)) }, COLUMNS, ROWS)).toBeUndefined();
    expect(findChessboard(picture, 8, 6)).toBeUndefined();
    expect(() => solveCalibration(cv, [], base, 'plumb_bob')).toThrow(/0 usable views/);
    expect(() => new CharucoFinder(cv, { squaresX: 5, squaresY: 7, square: 0.02, marker: 0.03, dictionary: 'DICT_4X4_50' })).toThrow(/cannot be/);
  });
});
