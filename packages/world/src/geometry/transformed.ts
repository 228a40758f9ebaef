import type { Geometry, Mat4 } from '../render/types.js';

/** A copy of `geometry` with `matrix` (affine, may scale or mirror) applied to positions and normals; uvs and labels are shared. */
export function transformed(geometry: Geometry, matrix: Mat4): Geometry {
  const m = matrix;
  const positions = new Float32Array(geometry.positions.length);
  const normals = new Float32Array(geometry.normals.length);
  // Normals follow the cofactors, which is the inverse transpose up to a factor (and right for mirrors too).
  const c = [
    m[5] * m[10] - m[6] * m[9], m[6] * m[8] - m[4] * m[10], m[4] * m[9] - m[5] * m[8],
    m[2] * m[9] - m[1] * m[10], m[0] * m[10] - m[2] * m[8], m[1] * m[8] - m[0] * m[9],
    m[1] * m[6] - m[2] * m[5], m[2] * m[4] - m[0] * m[6], m[0] * m[5] - m[1] * m[4],
  ] as const;
  const determinant = m[0] * c[0] + m[1] * c[1] + m[2] * c[2];
  const sign = determinant < 0 ? -1 : 1;
  for (let i = 0; i < positions.length; i += 3) {
    const x = geometry.positions[i], y = geometry.positions[i + 1], z = geometry.positions[i + 2];
    positions[i] = m[0] * x + m[1] * y + m[2] * z + m[3];
    positions[i + 1] = m[4] * x + m[5] * y + m[6] * z + m[7];
    positions[i + 2] = m[8] * x + m[9] * y + m[10] * z + m[11];
    const p = geometry.normals[i], q = geometry.normals[i + 1], r = geometry.normals[i + 2];
    const nx = c[0] * p + c[1] * q + c[2] * r, ny = c[3] * p + c[4] * q + c[5] * r, nz = c[6] * p + c[7] * q + c[8] * r;
    const scale = sign / (Math.sqrt(nx * nx + ny * ny + nz * nz) || 1);
    normals[i] = nx * scale;
    normals[i + 1] = ny * scale;
    normals[i + 2] = nz * scale;
  }
  if (sign > 0) return { ...geometry, positions, normals };
  // A mirror turns triangles inside out: swap two corners, in the chart coordinates as well.
  const indices = geometry.indices.slice();
  for (let i = 0; i < indices.length; i += 3) {
    const swap = indices[i + 1];
    indices[i + 1] = indices[i + 2]!;
    indices[i + 2] = swap;
  }
  const partUvs = geometry.partUvs?.slice();
  if (partUvs) {
    for (let i = 0; i < partUvs.length; i += 6) {
      partUvs.copyWithin(i + 2, i + 4, i + 6);
      partUvs[i + 4] = geometry.partUvs![i + 2]!;
      partUvs[i + 5] = geometry.partUvs![i + 3]!;
    }
  }
  return partUvs ? { ...geometry, positions, normals, indices, partUvs } : { ...geometry, positions, normals, indices };
}
