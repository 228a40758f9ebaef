/**
 * Elementary functions from + - * / and sqrt only. IEEE 754 fixes the result of those bit by bit, while Math.sin and
 * friends differ between engines and processors, and a seed must give the same bytes everywhere.
 * Polynomials are those of fdlibm (Sun Microsystems, freely distributable); errors are within a few units in the last place.
 */
 

export const PI = 3.141592653589793;
export const TAU = 6.283185307179586;
/** Radians per degree. */
export const RADIANS = PI / 180;

// pi/2 in three pieces, so that k * piece is exact for |k| < 2^20 (Cody and Waite's reduction).
const HALF_PI_1 = 1.57079632673412561417e0;
const HALF_PI_2 = 6.07710050630396597660e-11;
const HALF_PI_3 = 2.02226624879595063154e-21;

function sinKernel(x: number): number {
  const z = x * x;
  return x + x * z * (-1.66666666666666324348e-1 + z * (8.33333333332248946124e-3 + z * (-1.98412698298579493134e-4
    + z * (2.75573137070700676789e-6 + z * (-2.50507602534068634195e-8 + z * 1.58969099521155010221e-10)))));
}

function cosKernel(x: number): number {
  const z = x * x;
  const tail = z * z * (4.16666666666666019037e-2 + z * (-1.38888888888741095749e-3 + z * (2.48015872894767294178e-5
    + z * (-2.75573143513906633035e-7 + z * (2.08757232129817482790e-9 + z * -1.13596475577881948265e-11)))));
  return 1 - (0.5 * z - tail);
}

/** The sine of x + quarter * pi/2. */
function sinQuarter(x: number, quarter: number): number {
  const k = Math.floor(x / (PI / 2) + 0.5);
  const r = x - k * HALF_PI_1 - k * HALF_PI_2 - k * HALF_PI_3;
  const q = (((k + quarter) % 4) + 4) % 4;
  if (q === 0) return sinKernel(r);
  if (q === 1) return cosKernel(r);
  return q === 2 ? -sinKernel(r) : -cosKernel(r);
}

/** Sine of radians, |x| < 1e6; error below 1e-15 there. */
export function sin(x: number): number {
  return sinQuarter(x, 0);
}

/** Cosine of radians, |x| < 1e6. */
export function cos(x: number): number {
  return sinQuarter(x, 1);
}

/** Tangent of radians, |x| < 1e6. */
export function tan(x: number): number {
  return sinQuarter(x, 0) / sinQuarter(x, 1);
}

const ATAN_HIGH = [4.63647609000806093515e-1, 7.85398163397448278999e-1, 9.82793723247329054082e-1, 1.57079632679489655800e0];
const ATAN_LOW = [2.26987774529616870924e-17, 3.06161699786838301793e-17, 1.39033110312309984516e-17, 6.12323399573676603587e-17];

/** Arc tangent, -pi/2 .. pi/2. */
export function atan(value: number): number {
  let x = value < 0 ? -value : value;
  if (x > 1e19) return value < 0 ? -PI / 2 : PI / 2;
  let piece = -1;
  if (x >= 2.4375) { piece = 3; x = -1 / x; }
  else if (x >= 1.1875) { piece = 2; x = (x - 1.5) / (1 + 1.5 * x); }
  else if (x >= 0.6875) { piece = 1; x = (x - 1) / (x + 1); }
  else if (x >= 0.4375) { piece = 0; x = (2 * x - 1) / (2 + x); }
  const z = x * x;
  const w = z * z;
  const odd = z * (3.33333333333329318027e-1 + w * (1.42857142725034663711e-1 + w * (9.09088713343650656196e-2
    + w * (6.66107313738753120669e-2 + w * (4.97687799461593236017e-2 + w * 1.62858201153657823623e-2)))));
  const even = w * (-1.99999999998764832476e-1 + w * (-1.11111104054623557880e-1 + w * (-7.69187620504482999495e-2
    + w * (-5.83357013379057348645e-2 + w * -3.65315727442169155270e-2))));
  const result = piece < 0 ? x - x * (odd + even) : ATAN_HIGH[piece] - (x * (odd + even) - ATAN_LOW[piece] - x);
  return value < 0 ? -result : result;
}

/** The angle of (x, y), -pi .. pi; 0 for the origin. */
export function atan2(y: number, x: number): number {
  if (x > 0) return atan(y / x);
  if (x < 0) return y >= 0 ? atan(y / x) + PI : atan(y / x) - PI;
  return y > 0 ? PI / 2 : y < 0 ? -PI / 2 : 0;
}

/** Arc cosine, 0 .. pi; x is clamped to [-1, 1]. */
export function acos(x: number): number {
  if (x >= 1) return 0;
  if (x <= -1) return PI;
  return 2 * atan2(Math.sqrt(1 - x), Math.sqrt(1 + x));
}

/** Arc sine, -pi/2 .. pi/2; x is clamped to [-1, 1]. */
export function asin(x: number): number {
  if (x >= 1) return PI / 2;
  if (x <= -1) return -PI / 2;
  return atan2(x, Math.sqrt((1 - x) * (1 + x)));
}

const LN2_HIGH = 6.93147180369123816490e-1;
const LN2_LOW = 1.90821492927058770002e-10;

/** 2^k for an integer k; exact while the result is a normal number. */
function powerOfTwo(k: number): number {
  let result = 1;
  let base = k < 0 ? 0.5 : 2;
  for (let n = k < 0 ? -k : k; n > 0; n = Math.floor(n / 2)) {
    if (n % 2 === 1) result *= base;
    base *= base;
  }
  return result;
}

/** e^x; 0 below -745, Infinity above 709.78. */
export function exp(x: number): number {
  if (x > 709.782712893384) return Infinity;
  if (x < -745.1332191019412) return 0;
  const k = Math.floor(x / (LN2_HIGH + LN2_LOW) + 0.5);
  const high = x - k * LN2_HIGH;
  const low = k * LN2_LOW;
  const r = high - low;
  const t = r * r;
  const c = r - t * (1.66666666666666019037e-1 + t * (-2.77777777770155933842e-3 + t * (6.61375632143793436117e-5
    + t * (-1.65339022054652515390e-6 + t * 4.13813679705723846039e-8))));
  const y = 1 - (low - (r * c) / (2 - c) - high);
  // In two steps, so that neither factor leaves the range of normal numbers.
  const half = Math.floor(k / 2);
  return y * powerOfTwo(half) * powerOfTwo(k - half);
}

const BITS = new DataView(new ArrayBuffer(8));

/** Natural logarithm; -Infinity at 0, NaN below. */
export function ln(x: number): number {
  if (!(x > 0)) return x === 0 ? -Infinity : NaN;
  if (x === Infinity) return Infinity;
  let k = 0;
  let m = x;
  if (m < 2.2250738585072014e-308) { m *= 18014398509481984; k = -54; }
  BITS.setFloat64(0, m);
  const word = BITS.getUint32(0);
  k += (word >>> 20) - 1023;
  BITS.setUint32(0, (word & 0xfffff) | 0x3ff00000);
  m = BITS.getFloat64(0);
  if (m > 1.4142135623730951) { m /= 2; k += 1; }
  const f = m - 1;
  const s = f / (2 + f);
  const z = s * s;
  const w = z * z;
  const r = w * (3.999999999940941908e-1 + w * (2.222219843214978396e-1 + w * 1.531383769920937332e-1))
    + z * (6.666666666666735130e-1 + w * (2.857142874366239149e-1 + w * (1.818357216161805012e-1 + w * 1.479819860511658591e-1)));
  const half = 0.5 * f * f;
  return k * LN2_HIGH - (half - (s * (half + r) + k * LN2_LOW) - f);
}

/** x^y for x >= 0 by exp(y ln x): relative error grows with |y ln x|, below 1e-13 for results within 1e-40..1e40. */
export function pow(x: number, y: number): number {
  if (y === 0) return 1;
  if (x === 0) return y > 0 ? 0 : Infinity;
  return exp(y * ln(x));
}
