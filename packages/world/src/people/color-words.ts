import type { Vec3 } from '../render/types.js';

/** The everyday name of an sRGB colour (0..1), for captions. */
export function colorWord([r, g, b]: Vec3): string {
  const high = Math.max(r, g, b);
  const low = Math.min(r, g, b);
  const spread = high - low;
  if (high < 0.16) return 'black';
  if (spread < 0.12 * high + 0.03) return high > 0.78 ? 'white' : high < 0.3 ? 'dark grey' : 'grey';
  const hue = high === r ? ((g - b) / spread + 6) % 6 : high === g ? (b - r) / spread + 2 : (r - g) / spread + 4;
  const name = hue < 0.4 || hue >= 5.6 ? 'red' : hue < 0.85 ? 'orange' : hue < 1.25 ? 'yellow' : hue < 2.6 ? 'green'
    : hue < 3.3 ? 'turquoise' : hue < 4.35 ? 'blue' : hue < 4.9 ? 'purple' : 'pink';
  if ((name === 'orange' || name === 'yellow') && high < 0.6) return high < 0.35 ? 'dark brown' : 'brown';
  if (name === 'orange' && spread < 0.3) return 'beige';
  if (name === 'red' && high > 0.75 && low > 0.4) return 'pink';
  return high < 0.35 ? `dark ${name}` : name;
}
