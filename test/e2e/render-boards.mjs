// Pictures of a calibration board as a known camera sees it, drawn by the world's renderer: for the check of `sextant calibrate`.
//
//   node test/e2e/render-boards.mjs <folder> [--board chessboard|charuco] [--lens k1,k2,p1,p2,k3] [--views 16]
//
// Writes <folder>/000.png ... and prints the camera as JSON: {"width","height","fx","fy","cx","cy","d"}. The chessboard has 9x6 inner
// corners, the ChArUco board 9x7 squares of DICT_5X5_100 with markers of 0.75 of a square; squares are 30 mm.
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Lens, Renderer, Rng, applySensor } from '@sextant/world';
import { encode } from 'fast-png';

const { values, positionals: [folder = 'boards'] } = parseArgs({
  allowPositionals: true,
  options: { board: { type: 'string', default: 'chessboard' }, lens: { type: 'string' }, views: { type: 'string', default: '16' } },
});
const SQUARE = 0.03;
/** Neither square pixels nor a centre in the middle: a calibration must find both. */
const camera = { width: 640, height: 480, fx: 520, fy: 517, cx: 331.5, cy: 228.25 };
const d = values.lens?.split(',').map(Number) ?? [0, 0, 0, 0, 0];

const matte = (value) => ({ color: [value, value, value] });
const geometry = (quads, materials) => ({
  positions: Float32Array.from(quads.flatMap(({ x0, y0, x1, y1, z = 0 }) => [x0, y0, z, x1, y0, z, x1, y1, z, x0, y1, z])),
  normals: Float32Array.from(quads.flatMap(() => [0, 0, -1, 0, 0, -1, 0, 0, -1, 0, 0, -1])),
  uvs: Float32Array.from(quads.flatMap(() => [0, 0, 1, 0, 1, 1, 0, 1])),
  indices: Uint32Array.from(quads.flatMap((_, i) => [0, 1, 2, 0, 2, 3].map((n) => 4 * i + n))),
  groups: quads.map(({ material }, i) => ({ start: 6 * i, count: 6, material })),
  materials,
});

/** Squares with their edges exactly where they belong, and a white rim. Its middle is the origin. */
function chessboard() {
  const [columns, rows] = [10, 7];
  const at = (n, all) => (n - all / 2) * SQUARE;
  const quads = [];
  for (let j = -1; j <= rows; j += 1) {
    for (let i = -1; i <= columns; i += 1) {
      const rim = i < 0 || j < 0 || i === columns || j === rows;
      quads.push({ x0: at(i, columns), y0: at(j, rows), x1: at(i + 1, columns), y1: at(j + 1, rows), material: rim || (i + j) % 2 === 1 ? 1 : 0 });
    }
  }
  return geometry(quads, [matte(0.12), matte(0.92)]);
}

/** The board as OpenCV prints it, as a texture on one rectangle. */
async function charuco() {
  const cv = createRequire(import.meta.url)('@techstark/opencv-js');
  if (!cv.Mat) await new Promise((resolve) => (cv.onRuntimeInitialized = resolve));
  const board = new cv.aruco_CharucoBoard(new cv.Size(9, 7), SQUARE, 0.75 * SQUARE, cv.getPredefinedDictionary(5), new cv.Mat());
  const print = new cv.Mat();
  const [width, height] = [9 * 160, 7 * 160];
  board.generateImage(new cv.Size(width, height), print, 0, 1);
  const rgba = new Uint8Array(4 * width * height);
  for (let i = 0; i < width * height; i += 1) rgba.fill(30 + 0.8 * print.data[i], 4 * i, 4 * i + 3).fill(255, 4 * i + 3, 4 * i + 4);
  const [w, h] = [4.5 * SQUARE, 3.5 * SQUARE];
  return geometry([{ x0: -w, y0: -h, x1: w, y1: h, material: 0 }], [{ color: [1, 1, 1], texture: { width, height, rgba } }]);
}

/** Board -> optical frame: turned about x, y, z, its middle at (x, y, z). */
function pose([a, b, c], [x, y, z]) {
  const [ca, sa, cb, sb, cc, sc] = [Math.cos(a), Math.sin(a), Math.cos(b), Math.sin(b), Math.cos(c), Math.sin(c)];
  return Float64Array.of(cb * cc, sa * sb * cc - ca * sc, ca * sb * cc + sa * sc, x, cb * sc, sa * sb * sc + ca * cc, ca * sb * sc - sa * cc, y, -sb, sa * cb, ca * cb, z, 0, 0, 0, 1);
}

const IDENTITY = Float64Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1);
const board = values.board === 'charuco' ? await charuco() : chessboard();
const wall = geometry(Array.from({ length: 120 }, (_, i) => ({ x0: -2.4 + 0.4 * (i % 12), y0: -2 + 0.4 * Math.floor(i / 12), x1: -2 + 0.4 * (i % 12), y1: -1.6 + 0.4 * Math.floor(i / 12), material: (i * 7) % 5 })), [0.3, 0.42, 0.5, 0.36, 0.55].map(matte));
const lens = new Lens(camera, d);
const renderer = new Renderer();
const rng = new Rng(11);
mkdirSync(folder, { recursive: true });
for (let view = 0; view < Number(values.views); view += 1) {
  // Round the picture, near and far, tilted every way.
  const turn = [0.55 * Math.sin(1 + 2.3 * view), 0.55 * Math.cos(2 + 1.7 * view), 0.5 * Math.sin(3 * view)];
  const z = 0.5 + 0.14 * Math.sin(1.9 * view);
  const at = [0.11 * Math.sin(2.4 * view) * (z / 0.5), 0.08 * Math.cos(1.3 * view) * (z / 0.5), z];
  const transform = pose(turn, at);
  const drawable = (shape, place, classId, instanceId) => ({ geometry: shape, transform: place, previousTransform: place, classId, instanceId });
  const frame = lens.apply(renderer.render({
    drawables: [drawable(board, transform, 1, 1), drawable(wall, pose([0, 0.2, 0.1], [0, 0, 2.5]), 2, 0)],
    lights: [{ position: [0.6, -0.8, -0.2], intensity: [0.5, 0.5, 0.5] }],
    ambientUp: [0.7, 0.7, 0.7], ambientDown: [0.7, 0.7, 0.7],
    sky: { kind: 'gradient', zenith: [0.4, 0.4, 0.4], horizon: [0.4, 0.4, 0.4], ground: [0.4, 0.4, 0.4] },
    camera: lens.pinhole(IDENTITY),
  }));
  const rgb = applySensor(frame, { defocus: 0.5, shotNoise: 1e-4, readNoise: 2e-3, vignetting: 0.2 }, rng);
  writeFileSync(join(folder, `${String(view).padStart(3, '0')}.png`), encode({ width: frame.width, height: frame.height, data: rgb, channels: 3, depth: 8 }));
}
console.log(JSON.stringify({ ...camera, d }));
