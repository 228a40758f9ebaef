/** The size that fits into the largest, shape kept, never larger than it was. */
export function fit(width: number, height: number, { maxWidth, maxHeight }: { readonly maxWidth: number; readonly maxHeight: number }): { readonly width: number; readonly height: number } {
  const scale = Math.min(1, maxWidth / width, maxHeight / height);
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}
