import { SextantError } from '@sextant/core';
import type { RgbImage } from '@sextant/core';
import { openCv } from '../opencv.js';
import type { OpenCv } from '../opencv.js';
import { CharucoFinder } from './charuco.js';
import type { CharucoSpec } from './charuco.js';
import { findChessboard } from './chessboard.js';
import { toGrey } from './corners.js';
import type { Point } from './corners.js';
import { solveCalibration } from './solve.js';
import type { BoardView, Calibration, CalibrationModel } from './solve.js';

/** A chessboard by its inner corners, as OpenCV and ROS count; metres. */
export interface ChessboardSpec {
  readonly columns: number;
  readonly rows: number;
  readonly square: number;
}

/** The board to look for. */
export type BoardSpec = ({ readonly kind: 'chessboard' } & ChessboardSpec) | ({ readonly kind: 'charuco' } & CharucoSpec);

/**
 * How well the views cover what a calibration needs, each 0..1, as ROS's camera_calibration shows it: positions across and down the
 * picture, sizes (distances) and tilts.
 */
export interface Coverage {
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly skew: number;
}

/** What became of one picture. */
export interface Collected {
  /** `kept`, `similar` to one that was kept, or no board (`absent`). */
  readonly outcome: 'kept' | 'similar' | 'absent';
  readonly corners: number;
  readonly coverage: Coverage;
}

interface Place {
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly skew: number;
}

/** The spans of position, size and skew that camera_calibration calls enough. */
const ENOUGH = { x: 0.7, y: 0.7, size: 0.4, skew: 0.5 } as const;
/** Views closer than this in position + size + skew tell nothing new. */
const DIFFERENT = 0.2;
const LEAST_CORNERS = 8;

/** Collects views of a calibration board and solves for the camera. */
export class BoardCollector {
  private readonly kept: { readonly view: BoardView; readonly place: Place }[] = [];
  private size: { readonly width: number; readonly height: number } | undefined;

  private constructor(private readonly cv: OpenCv, private readonly board: BoardSpec, private readonly charuco: CharucoFinder | undefined) {}

  /** Loads OpenCV. @throws SextantError `bad-argument` for a board that cannot be. */
  static async create(board: BoardSpec): Promise<BoardCollector> {
    const { cv } = await openCv();
    if (board.kind === 'charuco') return new BoardCollector(cv, board, new CharucoFinder(cv, board));
    if (!(board.columns >= 3 && board.rows >= 3 && board.square > 0)) {
      throw new SextantError('bad-argument', `a chessboard of ${board.columns}x${board.rows} inner corners with squares of ${board.square} m cannot be`, { hint: 'Count the inner corners (at least 3x3), not the squares, and give the square\'s side in metres.', details: { ...board } });
    }
    return new BoardCollector(cv, board, undefined);
  }

  /** Views kept so far. */
  get views(): number {
    return this.kept.length;
  }

  /** Enough views, well spread: more change little. */
  get complete(): boolean {
    const { x, y, size, skew } = this.coverage;
    return this.kept.length >= 12 && Math.min(x, y, size, skew) >= 1;
  }

  get coverage(): Coverage {
    const span = (key: keyof Place, from: number): number => {
      const values = this.kept.map(({ place }) => place[key]);
      return values.length === 0 ? 0 : Math.min(1, (Math.max(...values) - Math.min(from, ...values)) / ENOUGH[key]);
    };
    return { x: span('x', Infinity), y: span('y', Infinity), size: span('size', Infinity), skew: span('skew', 0) };
  }

  /**
   * Looks for the board in a picture and keeps the view unless one much like it is kept already (`always` keeps it anyway).
   * @throws SextantError `bad-argument` for a picture of another size than the first.
   */
  add(picture: RgbImage, name: string, always = false): Collected {
    const { width, height } = picture;
    this.size ??= { width, height };
    if (width !== this.size.width || height !== this.size.height) {
      throw new SextantError('bad-argument', `${name} is ${width}x${height}, the pictures before it are ${this.size.width}x${this.size.height}`, { hint: 'Calibrate from pictures of one camera at one resolution.', details: { name } });
    }
    const view = this.find(picture, name);
    if (view === undefined) return { outcome: 'absent', corners: 0, coverage: this.coverage };
    const place = placeOf(view, this.size);
    const near = this.kept.some((k) => Math.abs(k.place.x - place.x) + Math.abs(k.place.y - place.y) + Math.abs(k.place.size - place.size) + Math.abs(k.place.skew - place.skew) < DIFFERENT);
    if (near && !always) return { outcome: 'similar', corners: view.points.length, coverage: this.coverage };
    this.kept.push({ view, place });
    return { outcome: 'kept', corners: view.points.length, coverage: this.coverage };
  }

  /** The camera that saw the kept views. @throws SextantError as `solveCalibration`. */
  solve(model: CalibrationModel): Calibration {
    return solveCalibration(this.cv, this.kept.map(({ view }) => view), this.size ?? { width: 0, height: 0 }, model);
  }

  /** Gives back OpenCV's memory. */
  close(): void {
    this.charuco?.close();
  }

  private find(picture: RgbImage, name: string): BoardView | undefined {
    const grey = toGrey(picture);
    if (this.board.kind === 'charuco') {
      const { squaresX, square } = this.board;
      const { ids, points } = (this.charuco as CharucoFinder).find(grey);
      if (points.length < LEAST_CORNERS) return undefined;
      return { name, points, board: ids.map((id): Point => [((id % (squaresX - 1)) + 1) * square, (Math.floor(id / (squaresX - 1)) + 1) * square]) };
    }
    const { columns, rows, square } = this.board;
    const points = findChessboard(grey, columns, rows);
    return points && { name, points, board: points.map((_, i): Point => [(i % columns) * square, Math.floor(i / columns) * square]) };
  }
}

/** Where a view's board is: centre and size as parts of the picture; skew from the ratio of the spans of its corners along its own axes. */
function placeOf({ points, board }: BoardView, { width, height }: { readonly width: number; readonly height: number }): Place {
  const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  const area = (Math.max(...xs) - Math.min(...xs)) * (Math.max(...ys) - Math.min(...ys));
  // Perspective: how much the picture's scale changes from one side of the board to the other, by least squares of an affine map's residual.
  const [bx, by] = [mean(board.map(([x]) => x)), mean(board.map(([, y]) => y))];
  const [px, py] = [mean(xs), mean(ys)];
  const far = Math.max(...board.map(([x, y]) => Math.hypot(x - bx, y - by)));
  const spread = points.map(([x, y], i) => ({ side: (board[i][0] - bx) / far, down: (board[i][1] - by) / far, r: Math.hypot(x - px, y - py) / (Math.hypot(board[i][0] - bx, board[i][1] - by) / far + 1e-9) })).filter(({ side, down }) => Math.hypot(side, down) > 0.3);
  const middle = mean(spread.map(({ r }) => r)) || 1;
  const skew = Math.abs(mean(spread.map(({ side, r }) => side * (r / middle - 1)))) + Math.abs(mean(spread.map(({ down, r }) => down * (r / middle - 1))));
  return { x: px / width, y: py / height, size: Math.sqrt(area / (width * height)), skew: Math.min(1, 12 * skew) };
}
