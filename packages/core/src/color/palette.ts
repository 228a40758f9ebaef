/**
 * A colour for any label, by the bit-reversal scheme of the PASCAL VOC development kit: 0 is black, neighbours differ
 * strongly, ids 0..255 are all distinct. sRGB 0..255.
 */
export function labelColor(id: number): readonly [number, number, number] {
  let [red, green, blue] = [0, 0, 0];
  let rest = id & 0xff;
  for (let bit = 7; rest !== 0; bit -= 1, rest >>= 3) {
    red |= (rest & 1) << bit;
    green |= ((rest >> 1) & 1) << bit;
    blue |= ((rest >> 2) & 1) << bit;
  }
  return [red, green, blue];
}
