import { SextantError } from '@sextant/core';
import { texels } from './texels.js';
import type { TextureSource } from './texels.js';

const sizes = new WeakMap<WebGLTexture, string>();

/**
 * Uploads a result to a WebGL 2 texture: masks R8UI (`usampler2D`), depth R32F, flow RG32F, densePose RGBA8UI, picture RGBA8; nearest
 * samples, clamped. Row 0 is the top. Give the same texture again to reuse its memory: a program that passes it back keeps one texture.
 * It is left bound to TEXTURE_2D.
 * @throws SextantError `device-unavailable` where the context is lost.
 */
export function uploadTexture(gl: WebGL2RenderingContext, result: TextureSource, texture?: WebGLTexture | null): WebGLTexture {
  const target = texture ?? gl.createTexture();
  if (gl.isContextLost()) throw new SextantError('device-unavailable', 'the WebGL context is lost', { hint: 'Wait for webglcontextrestored and make a new texture.' });
  const source = texels(result);
  const { width, height } = result;
  const [internal, format, type] = {
    r8ui: [gl.R8UI, gl.RED_INTEGER, gl.UNSIGNED_BYTE] as const,
    rgba8ui: [gl.RGBA8UI, gl.RGBA_INTEGER, gl.UNSIGNED_BYTE] as const,
    r32f: [gl.R32F, gl.RED, gl.FLOAT] as const,
    rg32f: [gl.RG32F, gl.RG, gl.FLOAT] as const,
    rgba8: [gl.RGBA8, gl.RGBA, gl.UNSIGNED_BYTE] as const,
  }[source.layout];
  gl.bindTexture(gl.TEXTURE_2D, target);
  const size = `${source.layout} ${width} ${height}`;
  if (sizes.get(target) !== size) {
    gl.texImage2D(gl.TEXTURE_2D, 0, internal, width, height, 0, format, type, null);
    for (const filter of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER]) gl.texParameteri(gl.TEXTURE_2D, filter, gl.NEAREST);
    for (const wrap of [gl.TEXTURE_WRAP_S, gl.TEXTURE_WRAP_T]) gl.texParameteri(gl.TEXTURE_2D, wrap, gl.CLAMP_TO_EDGE);
    sizes.set(target, size);
  }
  if ('bitmap' in source) gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, format, type, source.bitmap);
  else {
    const alignment = gl.getParameter(gl.UNPACK_ALIGNMENT) as number;
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
    gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, width, height, format, type, source.data);
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, alignment);
  }
  return target;
}
