/** Encodes bitmaps as JPEG, on one canvas that is kept. */
export class JpegEncoder {
  #canvas: OffscreenCanvas | HTMLCanvasElement | undefined;

  constructor(private readonly quality: number) {}

  async encode(bitmap: ImageBitmap): Promise<Uint8Array<ArrayBuffer>> {
    const { width, height } = bitmap;
    const canvas = (this.#canvas ??= typeof OffscreenCanvas === 'function' ? new OffscreenCanvas(width, height) : document.createElement('canvas'));
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
    // asked of each kind apart: only then do both know what comes back
    const context = 'convertToBlob' in canvas ? canvas.getContext('2d', { alpha: false }) : canvas.getContext('2d', { alpha: false });
    if (context === null) throw new Error('this browser gives no canvas');
    context.drawImage(bitmap, 0, 0);
    return new Uint8Array(await (await this.#blob(canvas)).arrayBuffer());
  }

  #blob(canvas: OffscreenCanvas | HTMLCanvasElement): Promise<Blob> {
    const options = { type: 'image/jpeg', quality: this.quality };
    if ('convertToBlob' in canvas) return canvas.convertToBlob(options);
    return new Promise((resolve, reject) => {
      canvas.toBlob((blob) => {
        if (blob === null) reject(new Error('the picture cannot be encoded'));
        else resolve(blob);
      }, options.type, options.quality);
    });
  }
}
