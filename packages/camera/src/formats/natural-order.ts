const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/** Orders names as people count: `frame2` before `frame10`; a tie by case or padding falls back to code order. */
export function naturalOrder(a: string, b: string): number {
  return collator.compare(a, b) || (a < b ? -1 : a > b ? 1 : 0);
}
