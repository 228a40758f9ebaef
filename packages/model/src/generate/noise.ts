/**
 * Standard normal noise from words that name it (seed, frame, step, ...): the same words give the same values on every machine
 * with the same JavaScript engine. xoshiro128** (Blackman and Vigna 2018), seeded by splitmix32, and the Box-Muller transform.
 */
export function fillNoise(out: Float32Array, ...words: readonly number[]): Float32Array {
  const next = uniform(words);
  for (let i = 0; i < out.length; i += 2) {
    const radius = Math.sqrt(-2 * Math.log(next()));
    const angle = 2 * Math.PI * next();
    out[i] = radius * Math.cos(angle);
    if (i + 1 < out.length) out[i + 1] = radius * Math.sin(angle);
  }
  return out;
}

/** Uniform numbers in (0, 1). */
function uniform(words: readonly number[]): () => number {
  let mixed = 0x9e3779b9;
  const mix = (): number => {
    mixed = (mixed + 0x9e3779b9) >>> 0;
    let z = mixed;
    z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
    return (z ^ (z >>> 16)) >>> 0;
  };
  for (const word of words) mixed = (Math.imul(mix() ^ (word >>> 0), 0x01000193) + Math.floor(word / 0x1_0000_0000)) >>> 0;
  const s = [mix(), mix(), mix(), mix() | 1];
  return () => {
    const result = Math.imul(rotl(Math.imul(s[1], 5), 7), 9) >>> 0;
    const t = s[1] << 9;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotl(s[3], 11);
    return (result + 0.5) / 0x1_0000_0000;
  };
}

function rotl(x: number, k: number): number {
  return (x << k) | (x >>> (32 - k));
}
