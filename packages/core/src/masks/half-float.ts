const FLOAT = new Float32Array(1);
const BITS = new Uint32Array(FLOAT.buffer);

/** The nearest IEEE 754 half float's bits, ties to even; too large becomes infinity. */
export function toHalf(value: number): number {
  FLOAT[0] = value;
  const bits = BITS[0];
  const sign = (bits >>> 16) & 0x8000;
  const exponent = (bits >>> 23) & 0xff;
  const mantissa = bits & 0x7fffff;
  if (exponent === 0xff) return sign | 0x7c00 | (mantissa === 0 ? 0 : 0x200);
  const shifted = exponent - 112;
  if (shifted >= 31) return sign | 0x7c00;
  if (shifted <= 0) {
    if (shifted < -10) return sign;
    const full = mantissa | 0x800000;
    const drop = 14 - shifted;
    const half = full >>> drop;
    const left = full & ((1 << drop) - 1);
    const middle = 1 << (drop - 1);
    return sign | (half + (left > middle || (left === middle && (half & 1) === 1) ? 1 : 0));
  }
  const half = (shifted << 10) | (mantissa >>> 13);
  const left = mantissa & 0x1fff;
  return sign | (half + (left > 0x1000 || (left === 0x1000 && (half & 1) === 1) ? 1 : 0)); // a carry into the exponent is right
}

/** The value of a half float's bits. */
export function fromHalf(half: number): number {
  const sign = (half & 0x8000) === 0 ? 1 : -1;
  const exponent = (half >>> 10) & 0x1f;
  const mantissa = half & 0x3ff;
  if (exponent === 0) return sign * mantissa * 2 ** -24;
  if (exponent === 31) return mantissa === 0 ? sign * Infinity : NaN;
  return sign * (1 + mantissa / 1024) * 2 ** (exponent - 15);
}
