import { SextantError } from '@sextant/core';
import type { OpenCv } from '../opencv.js';
import { refineCorner } from './corners.js';
import type { Grey, Point } from './corners.js';

/** OpenCV's predefined dictionaries by their names, in its numbering (objdetect/aruco_dictionary.hpp). */
export const DICTIONARIES = [
  'DICT_4X4_50', 'DICT_4X4_100', 'DICT_4X4_250', 'DICT_4X4_1000', 'DICT_5X5_50', 'DICT_5X5_100', 'DICT_5X5_250', 'DICT_5X5_1000', 'DICT_6X6_50',
  'DICT_6X6_100', 'DICT_6X6_250', 'DICT_6X6_1000', 'DICT_7X7_50', 'DICT_7X7_100', 'DICT_7X7_250', 'DICT_7X7_1000', 'DICT_ARUCO_ORIGINAL',
] as const;

/** A ChArUco board of `squaresX` x `squaresY` squares; lengths in metres. */
export interface CharucoSpec {
  readonly squaresX: number;
  readonly squaresY: number;
  readonly square: number;
  readonly marker: number;
  readonly dictionary: (typeof DICTIONARIES)[number];
}

/** Corners found, and which of the board's they are (row by row, from 0). */
export interface FoundCorners {
  readonly ids: readonly number[];
  readonly points: readonly Point[];
}

/** Finds the corners of one ChArUco board; keeps OpenCV's objects until `close`. */
export class CharucoFinder {
  private readonly owned: { delete(): void }[] = [];
  private readonly detector: InstanceType<OpenCv['aruco_CharucoDetector']>;

  /** @throws SextantError `bad-argument` for a board that cannot be. */
  constructor(private readonly cv: OpenCv, readonly spec: CharucoSpec) {
    const { squaresX, squaresY, square, marker, dictionary } = spec;
    if (!(marker > 0 && marker < square) || squaresX < 3 || squaresY < 3) {
      throw new SextantError('bad-argument', `a ChArUco board of ${squaresX}x${squaresY} squares of ${square} m with markers of ${marker} m cannot be`, { hint: 'It has at least 3x3 squares, and markers smaller than squares.', details: { ...spec } });
    }
    const none = this.own(new cv.Mat());
    const words = this.own(cv.getPredefinedDictionary(DICTIONARIES.indexOf(dictionary)));
    const board = this.own(new cv.aruco_CharucoBoard(new cv.Size(squaresX, squaresY), square, marker, words, none));
    const parameters = this.own(new cv.aruco_DetectorParameters());
    this.detector = this.own(new cv.aruco_CharucoDetector(board, this.own(new cv.aruco_CharucoParameters()), parameters, this.own(new cv.aruco_RefineParameters(10, 3, true))));
  }

  /** Corners of the board that are seen, to a fraction of a pixel. */
  find(picture: Grey): FoundCorners {
    const { cv } = this;
    const [grey, corners, ids, markers, markerIds] = [new cv.Mat(picture.height, picture.width, cv.CV_8UC1), new cv.Mat(), new cv.Mat(), new cv.MatVector(), new cv.Mat()];
    try {
      picture.data.forEach((v, i) => { grey.data[i] = v + 0.5; });
      this.detector.detectBoard(grey, corners, ids, markers, markerIds);
      const found = Array.from({ length: ids.rows }, (_, i): Point => [corners.data32F[2 * i], corners.data32F[2 * i + 1]]);
      return { ids: Array.from(ids.data32S.subarray(0, ids.rows)), points: found.map((p) => refineCorner(picture, p, 4)) };
    } finally {
      for (const mat of [grey, corners, ids, markers, markerIds]) mat.delete();
    }
  }

  close(): void {
    for (const object of this.owned.reverse()) object.delete();
  }

  private own<T extends { delete(): void }>(object: T): T {
    this.owned.push(object);
    return object;
  }
}
