import { SextantError } from '@sextant/core';
import { texels } from './texels.js';
import type { TextureSource } from './texels.js';

const sizes = new WeakMap<WebGLTexture, string>();

/**
 * Uploads a result to a WebGL 2 texture: masks and referred R8UI (`usampler2D`), depth R32F, flow RG32F, densePose RGBA8UI, picture RGBA8; nearest
 * samples, clamped. Row 0 is the top. Give the same texture again to reuse its memory: a program that passes it back keeps one texture.
 * It is left bound to TEXTURE_2D; how the caller unpacks pixels (`pixelStorei`, PIXEL_UNPACK_BUFFER) does not matter and stays.
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
  withPlainStore(gl, () => {
    const size = `${source.layout} ${width} ${height}`;
    if (sizes.get(target) !== size) {
      gl.texImage2D(gl.TEXTURE_2D, 0, internal, width, height, 0, format, type, null);
      for (const filter of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER]) gl.texParameteri(gl.TEXTURE_2D, filter, gl.NEAREST);
      for (const wrap of [gl.TEXTURE_WRAP_S, gl.TEXTURE_WRAP_T]) gl.texParameteri(gl.TEXTURE_2D, wrap, gl.CLAMP_TO_EDGE);
      sizes.set(target, size);
    }
    if ('bitmap' in source) gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, format, type, source.bitmap);
    else gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, width, height, format, type, source.data);
  });
  return target;
}

/** Uploads rows as they lie in memory, from the top, whatever the caller has set up (three.js leaves FLIP_Y on), and leaves it as it was. */
function withPlainStore(gl: WebGL2RenderingContext, upload: () => void): void {
  const plain = [
    [gl.UNPACK_ALIGNMENT, 1], [gl.UNPACK_ROW_LENGTH, 0], [gl.UNPACK_SKIP_ROWS, 0], [gl.UNPACK_SKIP_PIXELS, 0],
    [gl.UNPACK_FLIP_Y_WEBGL, false], [gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, false],
  ] as const;
  const before = plain.map(([name]) => gl.getParameter(name) as number | boolean);
  const buffer = gl.getParameter(gl.PIXEL_UNPACK_BUFFER_BINDING) as WebGLBuffer | null;
  gl.bindBuffer(gl.PIXEL_UNPACK_BUFFER, null);
  for (const [name, value] of plain) gl.pixelStorei(name, value);
  upload();
  plain.forEach(([name], index) => {
    gl.pixelStorei(name, before[index]);
  });
  gl.bindBuffer(gl.PIXEL_UNPACK_BUFFER, buffer);
}
