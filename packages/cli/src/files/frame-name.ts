/** `000042.png`: the name of a frame's file, by its 0-based index. */
export function frameName(index: number, extension = 'png'): string {
  return `${String(index).padStart(6, '0')}.${extension}`;
}
