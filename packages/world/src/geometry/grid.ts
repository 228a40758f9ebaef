import type { Geometry } from '../render/types.js';
import { MeshBuilder, type SurfaceOptions } from './builder.js';

export interface PlaneOptions extends SurfaceOptions {
  /** Quads along x and y. Default 1. */
  readonly segmentsX?: number;
  readonly segmentsY?: number;
}

/** A rectangle in z = 0, `sizeX` by `sizeY` metres, centred on the origin, facing up. */
export function plane(sizeX: number, sizeY: number, options: PlaneOptions = {}): Geometry {
  const columns = (options.segmentsX ?? 1) + 1, rows = (options.segmentsY ?? 1) + 1;
  return heightfield({ columns, rows, sizeX, sizeY, heights: new Float32Array(columns * rows) }, options);
}

/** Heights (metres) on a grid of `columns` x `rows` points that spans sizeX x sizeY metres about the origin; index = row * columns + column, row 0 at the lowest y. */
export interface HeightGrid {
  readonly columns: number;
  readonly rows: number;
  readonly sizeX: number;
  readonly sizeY: number;
  readonly heights: ArrayLike<number>;
}

/** The surface over a height grid, facing up, with smooth normals. */
export function heightfield(grid: HeightGrid, options: SurfaceOptions = {}): Geometry {
  const { columns, rows, sizeX, sizeY, heights } = grid;
  const tile = options.tile ?? 1;
  const mesh = new MeshBuilder();
  const dx = sizeX / (columns - 1), dy = sizeY / (rows - 1);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const left = Math.max(0, column - 1), right = Math.min(columns - 1, column + 1);
      const below = Math.max(0, row - 1), above = Math.min(rows - 1, row + 1);
      const nx = -(heights[row * columns + right] - heights[row * columns + left]) / ((right - left) * dx);
      const ny = -(heights[above * columns + column] - heights[below * columns + column]) / ((above - below) * dy);
      const length = Math.sqrt(nx * nx + ny * ny + 1);
      const u = tile > 0 ? (column * dx) / tile : column / (columns - 1);
      const v = tile > 0 ? (-row * dy) / tile : 1 - row / (rows - 1);
      mesh.vertex(column * dx - sizeX / 2, row * dy - sizeY / 2, heights[row * columns + column], nx / length, ny / length, 1 / length, u, v);
    }
  }
  for (let row = 0; row + 1 < rows; row++) {
    for (let column = 0; column + 1 < columns; column++) {
      const a = row * columns + column;
      mesh.quad(a, a + 1, a + 1 + columns, a + columns);
    }
  }
  return mesh.build(options.material);
}
