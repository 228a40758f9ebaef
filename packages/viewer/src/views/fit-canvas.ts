/** More pixels than this nobody sees, and each costs at every frame. */
const MOST_PIXELS_WIDE = 1600;

/** Gives a canvas as many pixels as it covers on the screen, in the frame's shape; its CSS size follows its box. */
export function fitCanvas(canvas: HTMLCanvasElement, box: HTMLElement, aspect: number): void {
  const wide = Math.min(MOST_PIXELS_WIDE, Math.max(160, Math.round(box.clientWidth * Math.min(2, devicePixelRatio))));
  const high = Math.max(1, Math.round(wide / aspect));
  if (canvas.width === wide && canvas.height === high) return;
  canvas.width = wide;
  canvas.height = high;
}
