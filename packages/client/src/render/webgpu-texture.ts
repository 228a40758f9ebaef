import { texels } from './texels.js';
import type { TextureSource } from './texels.js';

/** The part of a WebGPU texture that is used here. */
export interface GpuTexture {
  readonly width: number;
  readonly height: number;
  readonly format: string;
  destroy(): void;
}

/** The part of a WebGPU device that is used here; a `GPUDevice` is one. */
export interface GpuDevice {
  createTexture(descriptor: { size: [number, number]; format: never; usage: number }): GpuTexture;
  readonly queue: {
    writeTexture(destination: { texture: never }, data: never, layout: { bytesPerRow: number }, size: [number, number]): void;
    copyExternalImageToTexture(source: { source: never }, destination: { texture: never }, size: [number, number]): void;
  };
}

const FORMATS = { r8ui: 'r8uint', rgba8ui: 'rgba8uint', r32f: 'r32float', rg32f: 'rg32float', rgba8: 'rgba8unorm' } as const;
const BYTES = { r8ui: 1, rgba8ui: 4, r32f: 4, rg32f: 8 } as const;
/** COPY_DST | TEXTURE_BINDING | RENDER_ATTACHMENT: what copying a bitmap needs. */
const USAGE = 0x02 | 0x04 | 0x10;

/**
 * Uploads a result to a WebGPU texture: masks and referred r8uint, depth r32float, flow rg32float, densePose rgba8uint, picture rgba8unorm. Give the texture of
 * the last call again: it is reused where size and format fit, else destroyed and replaced, so a program holds one.
 */
export function writeTexture(device: GpuDevice, result: TextureSource, texture?: GpuTexture): GpuTexture {
  const source = texels(result);
  const { width, height } = result;
  const format = FORMATS[source.layout];
  let target = texture;
  if (target?.width !== width || target.height !== height || target.format !== format) {
    target?.destroy();
    target = device.createTexture({ size: [width, height], format: format as never, usage: USAGE });
  }
  if ('bitmap' in source) device.queue.copyExternalImageToTexture({ source: source.bitmap as never }, { texture: target as never }, [width, height]);
  else device.queue.writeTexture({ texture: target as never }, source.data as never, { bytesPerRow: width * BYTES[source.layout] }, [width, height]);
  return target;
}
