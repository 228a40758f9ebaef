/** Offers a canvas for download as PNG; false where the browser makes no picture of it. */
export async function savePng(canvas: HTMLCanvasElement, name: string): Promise<boolean> {
  const blob = await new Promise<Blob | null>((resolve) => {
    canvas.toBlob(resolve, 'image/png');
  });
  if (blob === null) return false;
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = `${name}.png`;
  link.click();
  // The download has its own hold by the next turn.
  setTimeout(() => {
    URL.revokeObjectURL(link.href);
  }, 1000);
  return true;
}
