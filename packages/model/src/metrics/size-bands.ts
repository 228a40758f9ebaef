/** Bands of a person's size: the longer side of the box, in pixels of the picture. */
export const SIZE_BANDS = [{ name: 'under64', below: 64 }, { name: 'from64to128', below: 128 }, { name: 'over128', below: Infinity }] as const;

/** A figure for each band of sizes; NaN for a band without people. */
export type BySize = Readonly<Record<(typeof SIZE_BANDS)[number]['name'], number>>;

/** The position in `SIZE_BANDS` of a size in pixels. */
export function sizeBand(size: number): number {
  return SIZE_BANDS.findIndex(({ below }) => size < below);
}
