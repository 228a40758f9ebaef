import { halve, refineCorner, saddlePoints } from './corners.js';
import type { Corner, Grey, Point } from './corners.js';

/** Detection works on pictures of at most so many pixels; corners are then refined in the whole one. */
const MOST_PIXELS = 1.3e6;
/** A picture out of focus or a board close by is looked at again at half the size, down to this. */
const LEAST_PIXELS = 60e3;
/** How far from where it is expected the next corner may be, in squares. */
const TOLERANCE = 0.22;
/** How much the edges of neighbours may differ, radians: perspective and the lens turn them from square to square. */
const TURN = 0.4;
/** Half the angle in which a first neighbour is looked for, radians. */
const CONE = 0.3;
/** A corner that was part of so many grids that did not fit is no seed any more: it would give the same one again. */
const TRIES = 3;
/** A line beside the board with more than this part of its corners belongs to the board, which then is another one. */
const LINE = 0.6;

interface Node {
  readonly index: number;
  readonly i: number;
  readonly j: number;
  /** Steps to the next corners along i and along j, as far as they are known. */
  readonly steps: readonly [Point | undefined, Point | undefined];
  /** Direction of the edges along i and j, radians. */
  readonly angles: readonly [number, number];
}

/**
 * The inner corners of a chessboard of `columns` x `rows` inner corners, row by row; undefined where the whole board is not seen. (The
 * OpenCV build for JavaScript has no findChessboardCorners.) Corners are joined to a grid from several seeds: neighbours lie along
 * each other's edges, have edges of the same directions and bright quarters where the other has dark ones, and each step predicts
 * the next, so that perspective and lens distortion are followed.
 */
export function findChessboard(picture: Grey, columns: number, rows: number): Point[] | undefined {
  let small = picture;
  let factor = 1;
  while (small.width * small.height > MOST_PIXELS) [small, factor] = [halve(small), 2 * factor];
  for (;;) {
    const grid = assemble(saddlePoints(small), columns, rows);
    if (grid) {
      const side = Math.min(...grid.map(([x, y], i) => ((i + 1) % columns === 0 ? Infinity : Math.hypot(grid[i + 1][0] - x, grid[i + 1][1] - y))));
      const radius = Math.max(2, Math.min(11, Math.round(0.35 * side * factor)));
      return grid.map(([x, y]) => refineCorner(picture, [(x + 0.5) * factor - 0.5, (y + 0.5) * factor - 0.5], radius));
    }
    if (small.width * small.height < 4 * LEAST_PIXELS) return undefined;
    [small, factor] = [halve(small), 2 * factor];
  }
}

function assemble(corners: readonly Corner[], columns: number, rows: number): Point[] | undefined {
  if (corners.length < columns * rows) return undefined;
  const [mx, my] = [0, 1].map((axis) => corners.map(({ at }) => at[axis]).sort((a, b) => a - b)[corners.length >> 1]);
  const seeds = corners.map(({ at }, index) => ({ index, far: Math.hypot(at[0] - mx, at[1] - my) })).sort((a, b) => a.far - b.far);
  const tries = new Uint8Array(corners.length);
  for (const { index } of seeds) {
    if (tries[index] >= TRIES) continue;
    const grid = grow(corners, index);
    const fitted = fit(corners, grid, columns, rows);
    if (fitted) return fitted;
    for (const node of grid.values()) tries[node.index] += 1;
  }
  return undefined;
}

/** The difference of two lines' directions, 0..pi/2. */
function between(a: number, b: number): number {
  const d = Math.abs(a - b) % Math.PI;
  return Math.min(d, Math.PI - d);
}

/** Whether the quarters between directions `a` and `b` (b less than pi after a) are the bright ones. */
function brightBetween({ edges: [low, high], bright }: Corner, a: number, b: number): boolean {
  const middle = (((a + b) / 2) % Math.PI + Math.PI) % Math.PI;
  return middle > low && middle < high ? bright : !bright;
}

/** The corner's own directions nearest to those of its neighbour, each turned to point the same way. */
function directions({ edges }: Corner, [a, b]: readonly [number, number]): readonly [number, number] | undefined {
  const straight = between(edges[0], a) + between(edges[1], b);
  const [first, second] = straight <= between(edges[1], a) + between(edges[0], b) ? edges : [edges[1], edges[0]];
  if (between(first, a) > TURN || between(second, b) > TURN) return undefined;
  const along = (line: number, way: number): number => line + Math.PI * Math.round((way - line) / Math.PI);
  return [along(first, a), along(second, b)];
}

function grow(corners: readonly Corner[], seed: number): ReadonlyMap<string, Node> {
  const { edges } = corners[seed];
  const grid = new Map<string, Node>();
  const taken = new Set<number>([seed]);
  const queue: Node[] = [{ index: seed, i: 0, j: 0, steps: [undefined, undefined], angles: edges }];
  grid.set('0,0', queue[0]);
  for (const node of queue) {
    for (const [axis, sign] of [[0, 1], [0, -1], [1, 1], [1, -1]] as const) {
      const [i, j] = [node.i + (axis === 0 ? sign : 0), node.j + (axis === 1 ? sign : 0)];
      const key = `${i},${j}`;
      if (grid.has(key)) continue;
      const found = neighbour(corners, node, axis, sign, taken);
      if (!found) continue;
      const { at } = corners[node.index];
      const to = corners[found.index].at;
      const step: Point = [sign * (to[0] - at[0]), sign * (to[1] - at[1])];
      const next: Node = { index: found.index, i, j, steps: axis === 0 ? [step, node.steps[1]] : [node.steps[0], step], angles: found.angles };
      taken.add(found.index);
      grid.set(key, next);
      queue.push(next);
    }
  }
  return grid;
}

/** The next corner from a node, one step along an axis. */
function neighbour(corners: readonly Corner[], node: Node, axis: 0 | 1, sign: 1 | -1, taken: ReadonlySet<number>): { readonly index: number; readonly angles: readonly [number, number] } | undefined {
  const here = corners[node.index];
  const bright = brightBetween(here, ...node.angles);
  const known = node.steps[axis];
  const other = node.steps[1 - axis];
  const way: Point = [sign * Math.cos(node.angles[axis]), sign * Math.sin(node.angles[axis])];
  let best: { readonly index: number; readonly angles: readonly [number, number] } | undefined;
  let least = known ? TOLERANCE * Math.hypot(...known) : other ? 3 * Math.hypot(...other) : Infinity;
  for (let index = 0; index < corners.length; index += 1) {
    if (taken.has(index)) continue;
    const [dx, dy] = [corners[index].at[0] - here.at[0], corners[index].at[1] - here.at[1]];
    // Without a step to go by, the nearest in the direction of the edge.
    const far = known ? Math.hypot(dx - sign * known[0], dy - sign * known[1]) : Math.hypot(dx, dy);
    if (far >= least || (!known && dx * way[0] + dy * way[1] < Math.cos(CONE) * far)) continue;
    const angles = directions(corners[index], node.angles);
    if (!angles || brightBetween(corners[index], ...angles) === bright) continue;
    [best, least] = [{ index, angles }, far];
  }
  return best;
}

/** The board in the grid: the one place where all its corners are, with no further line of corners beside it. */
function fit(corners: readonly Corner[], grid: ReadonlyMap<string, Node>, columns: number, rows: number): Point[] | undefined {
  const nodes = [...grid.values()];
  if (nodes.length < columns * rows) return undefined;
  const readings = (columns === rows ? [[columns, rows]] : [[columns, rows], [rows, columns]]).flatMap(([wide, high]) => {
    const places = nodes.filter(({ i, j }) => isBoard(grid, i, j, wide, high));
    if (places.length !== 1) return [];
    const [{ i: i0, j: j0 }] = places;
    const at = (i: number, j: number): Point => corners[grid.get(`${i0 + i},${j0 + j}`)?.index ?? 0].at;
    // The four turns of a board; i and j are as x and y, so none of them is mirrored.
    const turns: ((c: number, r: number) => Point)[] = [];
    if (wide === columns) turns.push(at, (c, r) => at(columns - 1 - c, rows - 1 - r));
    if (wide === rows) turns.push((c, r) => at(rows - 1 - r, c), (c, r) => at(r, columns - 1 - c));
    return turns.map((turn) => Array.from({ length: columns * rows }, (_, n) => turn(n % columns, Math.floor(n / columns))));
  });
  // x to the right in the picture where the board leaves a choice.
  return readings.sort((a, b) => b[columns - 1][0] - b[0][0] - (a[columns - 1][0] - a[0][0]))[0];
}

function isBoard(grid: ReadonlyMap<string, Node>, i0: number, j0: number, wide: number, high: number): boolean {
  const has = (i: number, j: number): boolean => grid.has(`${i0 + i},${j0 + j}`);
  for (let j = 0; j < high; j += 1) for (let i = 0; i < wide; i += 1) if (!has(i, j)) return false;
  const share = (length: number, cell: (n: number) => boolean): number => Array.from({ length }, (_, n) => cell(n)).filter(Boolean).length / length;
  return [share(wide, (n) => has(n, -1)), share(wide, (n) => has(n, high)), share(high, (n) => has(-1, n)), share(high, (n) => has(wide, n))].every((part) => part <= LINE);
}
