/** Columns of the fit: a constant, across, down, inverse depth. */
const TERMS = 4;
const ROUNDS = 3;
/** Residuals count by their square up to this, beyond it by their size (Huber's loss): ln of a ratio. */
const HUBER = 0.03;
/**
 * Prior on the constant (in the unit of the sum of weights): where the scene cannot tell a change of scale from a camera
 * that moves (everything equally far), it counts as motion, which is never held back.
 */
const PRIOR = 0.02;

/** A change of ln z of a whole picture: the part that is a change of scale, and what the camera's motion explains. */
export interface GlobalChange {
  /** Change of the estimate's scale, the same everywhere: no camera motion does that. */
  readonly scale: number;
  /** Change by motion at a pixel: turning (across, down) and going along the optical axis (by inverse depth). */
  motion(x: number, y: number, inverseDepth: number): number;
}

/**
 * Fits ln z now - ln z before = scale + ax + by + c / z over pixels of one surface each, robustly (iteratively reweighted
 * least squares). For a camera that goes along its axis by d, ln z changes by -d / z; when it turns by small angles, linearly
 * across the picture; only a change of the estimate's own scale is constant.
 *
 * @param rows change, x, y (-1..1), 1 / z, weight per pixel
 */
export function fitGlobalChange(rows: Float64Array): GlobalChange {
  const beta = new Float64Array(TERMS);
  for (let round = 0; round < ROUNDS; round++) {
    const a = new Float64Array(TERMS * TERMS);
    const b = new Float64Array(TERMS);
    let total = 0;
    for (let r = 0; r < rows.length; r += 5) {
      const [change, x, y, inverse] = [rows[r], rows[r + 1], rows[r + 2], rows[r + 3]];
      const terms = [1, x, y, inverse];
      const residual = Math.abs(change - beta[0] - beta[1] * x - beta[2] * y - beta[3] * inverse);
      const weight = rows[r + 4] * (round === 0 || residual <= HUBER ? 1 : HUBER / residual);
      total += weight;
      for (let i = 0; i < TERMS; i++) {
        b[i] += weight * terms[i] * change;
        for (let j = 0; j < TERMS; j++) a[i * TERMS + j] += weight * terms[i] * terms[j];
      }
    }
    if (total === 0) break;
    a[0] += PRIOR * total;
    for (let i = 1; i < TERMS; i++) a[i * TERMS + i] += 1e-6 * total;
    beta.set(solve(a, b));
  }
  return { scale: beta[0], motion: (x, y, inverse) => beta[1] * x + beta[2] * y + beta[3] * inverse };
}

/** Solves a symmetric positive definite system (Cholesky). */
function solve(a: Float64Array, b: Float64Array): Float64Array {
  const n = b.length;
  const l = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a[i * n + j];
      for (let k = 0; k < j; k++) sum -= l[i * n + k] * l[j * n + k];
      l[i * n + j] = i === j ? Math.sqrt(Math.max(sum, 1e-12)) : sum / l[j * n + j];
    }
  }
  const x = new Float64Array(b);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) x[i] -= l[i * n + k] * x[k];
    x[i] /= l[i * n + i];
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) x[i] -= l[k * n + i] * x[k];
    x[i] /= l[i * n + i];
  }
  return x;
}
