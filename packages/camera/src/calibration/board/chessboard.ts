import { halve, refineCorner, saddlePoints } from './corners.js';
import type { Grey, Point } from './corners.js';

/** Detection works on pictures of at most so many pixels; corners are then refined in the whole one. */
const MOST_PIXELS = 1.3e6;
/** How far from where it is expected the next corner may be, in squares. */
const TOLERANCE = 0.28;
const SEEDS = 60;

interface Node {
  readonly index: number;
  readonly i: number;
  readonly j: number;
  readonly e1: Point;
  readonly e2: Point;
}

/**
 * The inner corners of a chessboard of `columns` x `rows` inner corners, row by row; undefined where the whole board is not seen. (The
 * OpenCV build for JavaScript has no findChessboardCorners.) Saddle points are joined to a grid from several seeds, each corner
 * predicting its neighbours by its own two sides, so that perspective and lens distortion are followed.
 */
export function findChessboard(picture: Grey, columns: number, rows: number): Point[] | undefined {
  let small = picture;
  let factor = 1;
  while (small.width * small.height > MOST_PIXELS) [small, factor] = [halve(small), 2 * factor];
  const candidates = saddlePoints(small);
  if (candidates.length < columns * rows) return undefined;
  const grid = assemble(candidates, columns, rows);
  if (!grid) return undefined;
  const side = Math.min(...grid.map(([x, y], i) => ((i + 1) % columns === 0 ? Infinity : Math.hypot(grid[i + 1][0] - x, grid[i + 1][1] - y))));
  const radius = Math.max(2, Math.min(11, Math.round(0.35 * side * factor)));
  return grid.map(([x, y]) => refineCorner(picture, [(x + 0.5) * factor - 0.5, (y + 0.5) * factor - 0.5], radius));
}

function assemble(points: readonly Point[], columns: number, rows: number): Point[] | undefined {
  const [mx, my] = [0, 1].map((axis) => points.map((p) => p[axis]).sort((a, b) => a - b)[points.length >> 1]);
  const seeds = points.map((p, index) => ({ index, far: Math.hypot(p[0] - mx, p[1] - my) })).sort((a, b) => a.far - b.far).slice(0, SEEDS);
  for (const { index } of seeds) {
    const grid = grow(points, index);
    const fitted = grid && fit(points, grid, columns, rows);
    if (fitted) return fitted;
  }
  return undefined;
}

function nearest(points: readonly Point[], x: number, y: number, within: number, ok: (index: number) => boolean = () => true): number {
  let [best, least] = [-1, within];
  points.forEach((p, index) => {
    const d = Math.hypot(p[0] - x, p[1] - y);
    if (d < least && ok(index)) [best, least] = [index, d];
  });
  return best;
}

function grow(points: readonly Point[], seed: number): Map<string, Node> | undefined {
  const [x, y] = points[seed];
  const first = nearest(points, x, y, Infinity, (index) => index !== seed);
  if (first < 0) return undefined;
  const e1: Point = [points[first][0] - x, points[first][1] - y];
  const side = Math.hypot(...e1);
  const second = nearest(points, x, y, 2.5 * side, (index) => {
    const [dx, dy] = [points[index][0] - x, points[index][1] - y];
    const length = Math.hypot(dx, dy);
    return index !== seed && length > 0 && Math.abs((dx * e1[0] + dy * e1[1]) / (length * side)) < 0.7;
  });
  if (second < 0) return undefined;
  const turn: Point = [points[second][0] - x, points[second][1] - y];
  const right = e1[0] * turn[1] - e1[1] * turn[0] > 0;
  const grid = new Map<string, Node>();
  const taken = new Set<number>([seed]);
  const queue: Node[] = [{ index: seed, i: 0, j: 0, e1, e2: right ? turn : [-turn[0], -turn[1]] }];
  grid.set('0,0', queue[0]);
  for (const node of queue) {
    for (const [di, dj] of [[1, 0], [-1, 0], [0, 1], [0, -1]] as const) {
      const key = `${node.i + di},${node.j + dj}`;
      if (grid.has(key)) continue;
      const step: Point = di === 0 ? [dj * node.e2[0], dj * node.e2[1]] : [di * node.e1[0], di * node.e1[1]];
      const [px, py] = points[node.index];
      const found = nearest(points, px + step[0], py + step[1], TOLERANCE * Math.hypot(...step), (index) => !taken.has(index));
      if (found < 0) continue;
      const real: Point = [points[found][0] - px, points[found][1] - py];
      const next: Node = { index: found, i: node.i + di, j: node.j + dj, e1: di === 0 ? node.e1 : [di * real[0], di * real[1]], e2: di === 0 ? [dj * real[0], dj * real[1]] : node.e2 };
      taken.add(found);
      grid.set(key, next);
      queue.push(next);
    }
  }
  return grid;
}

/** The grid as columns x rows, where it is exactly that; x to the right in the picture where the board leaves a choice. */
function fit(points: readonly Point[], grid: ReadonlyMap<string, Node>, columns: number, rows: number): Point[] | undefined {
  const nodes = [...grid.values()];
  if (nodes.length < columns * rows) return undefined;
  const [is, js] = [nodes.map(({ i }) => i), nodes.map(({ j }) => j)];
  const [i0, j0] = [Math.min(...is), Math.min(...js)];
  const [wide, high] = [Math.max(...is) - i0 + 1, Math.max(...js) - j0 + 1];
  const at = (i: number, j: number): Point | undefined => {
    const node = grid.get(`${i0 + i},${j0 + j}`);
    return node && points[node.index];
  };
  const read = (pick: (c: number, r: number) => Point | undefined): Point[] | undefined => {
    const out: Point[] = [];
    for (let r = 0; r < rows; r += 1) {
      for (let c = 0; c < columns; c += 1) {
        const p = pick(c, r);
        if (!p) return undefined;
        out.push(p);
      }
    }
    return out;
  };
  const turned: ((c: number, r: number) => Point | undefined)[] = [];
  if (wide === columns && high === rows) turned.push((c, r) => at(c, r), (c, r) => at(columns - 1 - c, rows - 1 - r));
  if (wide === rows && high === columns) turned.push((c, r) => at(rows - 1 - r, c), (c, r) => at(r, columns - 1 - c));
  const readings = turned.map(read).filter((list) => list !== undefined);
  return readings.sort((a, b) => b[columns - 1][0] - b[0][0] - (a[columns - 1][0] - a[0][0]))[0];
}
