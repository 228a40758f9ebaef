import { LINEAR_OF_BYTE } from './color.js';
import type { DepthBuffer } from './depth-buffer.js';
import type { MaterialInfo } from './material-info.js';
import type { MipLevel } from './mipmaps.js';
import type { SceneLayout } from './scene-layout.js';
import type { ShadowMap } from './shadow-map.js';
import { barycentricPlanes } from './surface-planes.js';
import type { RenderScene } from './types.js';
import type { VertexBuffer } from './vertex-buffer.js';
import type { View } from './view.js';

const planes = new Float64Array(13);
/** Planes of the world normal (xyz) and of u, v over sample coordinates. */
const surface = new Float64Array(15);

/** What one call shades from. */
export interface ShadeInput {
  readonly scene: RenderScene;
  readonly layout: SceneLayout;
  readonly view: View;
  readonly vertices: VertexBuffer;
  readonly buffer: DepthBuffer;
  readonly shadow: ShadowMap | null;
  /** Ambient occlusion per pixel. */
  readonly ambient: Float32Array;
}

/**
 * Writes the linear colour (3 floats) of every sample that shows a triangle: Lambert and a small highlight from the sun
 * (shadowed) and the lamps, hemisphere ambient, emission, fog. One long loop on purpose: calls with floating-point
 * arguments would put every number on the heap.
 */
export function shadeSurfaces(input: ShadeInput, out: Float32Array): void {
  const { scene, layout, view, vertices, buffer, shadow, ambient } = input;
  const m = view.camToWorld;
  const m0 = m[0], m1 = m[1], m2 = m[2], m4 = m[4], m5 = m[5], m6 = m[6], m8 = m[8], m9 = m[9], m10 = m[10];
  const eyeX = m[3], eyeY = m[7], eyeZ = m[11];
  const { width, height, supersampling } = view;
  const ix = 1 / view.fx, iy = 1 / view.fy;
  const pixelWidth = scene.camera.width, pixelHeight = scene.camera.height;
  const sun = scene.sun;
  const sunX = sun?.towards[0] ?? 0, sunY = sun?.towards[1] ?? 0, sunZ = sun?.towards[2] ?? 0;
  const sunR = sun?.radiance[0] ?? 0, sunG = sun?.radiance[1] ?? 0, sunB = sun?.radiance[2] ?? 0;
  const [upR, upG, upB] = scene.ambientUp, [downR, downG, downB] = scene.ambientDown;
  const fog = scene.fog?.density ?? 0;
  const [fogR, fogG, fogB] = scene.fog?.color ?? [0, 0, 0];
  const lampCount = scene.lights.length;
  const lamps = new Float64Array(lampCount * 6);
  scene.lights.forEach((light, i) => {
    lamps.set(light.position, i * 6);
    lamps.set(light.intensity, i * 6 + 3);
  });
  const map = shadow?.buffer.depth ?? new Float32Array(0);
  const mapSize = shadow?.size ?? 0;
  const s = shadow?.toMap ?? new Float64Array(16);
  const s0 = s[0], s1 = s[1], s2 = s[2], s3 = s[3], s4 = s[4], s5 = s[5], s6 = s[6], s7 = s[7], s8 = s[8], s9 = s[9], s10 = s[10];
  const lift = (shadow?.texel ?? 0) * 1.2 + 0.01;
  const bias = (shadow?.texel ?? 0) * 0.8 + 0.01;
  const ids = buffer.ids;
  let last = -1;
  let material: MaterialInfo = layout.materials[0]?.[0];
  let levels: readonly MipLevel[] | null = null;
  let texWidth = 0, texHeight = 0;
  for (let y = 0, o = 0; y < height; y++) {
    const py = Math.min(pixelHeight - 1, supersampling === 2 ? Math.max(0, (y - 1) >> 1) : y) * pixelWidth;
    const ry = (y - view.cy) * iy;
    for (let x = 0; x < width; x++, o++) {
      const id = ids[o];
      if (id < 0) continue;
      if (id !== last) {
        last = id;
        const d = layout.drawableOf[id];
        material = layout.materials[d][layout.infos[d].slots[id - layout.triangleBase[d]]]!;
        levels = material.levels;
        if (levels !== null) {
          texWidth = levels[0].width;
          texHeight = levels[0].height;
        }
        prepare(layout, d, id - layout.triangleBase[d], vertices, view);
      }
      const inverse = 1 / (planes[9] * x + planes[10] * y + planes[11]);
      const z = planes[12] * inverse;
      const rx = (x - view.cx) * ix;
      const dirX = m0 * rx + m1 * ry + m2, dirY = m4 * rx + m5 * ry + m6, dirZ = m8 * rx + m9 * ry + m10;
      const wx = eyeX + z * dirX, wy = eyeY + z * dirY, wz = eyeZ + z * dirZ;
      let nx = (surface[0] * x + surface[1] * y + surface[2]) * inverse;
      let ny = (surface[3] * x + surface[4] * y + surface[5]) * inverse;
      let nz = (surface[6] * x + surface[7] * y + surface[8]) * inverse;
      const unit = 1 / Math.sqrt(nx * nx + ny * ny + nz * nz + 1e-30);
      nx *= unit; ny *= unit; nz *= unit;

      // Albedo.
      let red = material.red, green = material.green, blue = material.blue;
      if (levels !== null) {
        const u = (surface[9] * x + surface[10] * y + surface[11]) * inverse;
        const v = (surface[12] * x + surface[13] * y + surface[14]) * inverse;
        const ux = (surface[9] - u * planes[9]) * inverse * texWidth, uy = (surface[10] - u * planes[10]) * inverse * texWidth;
        const vx = (surface[12] - v * planes[9]) * inverse * texHeight, vy = (surface[13] - v * planes[10]) * inverse * texHeight;
        const major = Math.max(ux * ux + vx * vx, uy * uy + vy * vy);
        const cross = ux * vy - uy * vx;
        // Between the short and the long axis of the sample's footprint: sharp at a slant, at most three texels skipped.
        let footprint = Math.max((cross * cross) / (major + 1e-30), major * 0.11);
        let l = 0;
        while (footprint > 2 && l < levels.length - 1) {
          footprint *= 0.25;
          l++;
        }
        const level = levels[l];
        const w = level.width, h = level.height, texels = level.texels;
        const tu = (u - Math.floor(u)) * w - 0.5, tv = (v - Math.floor(v)) * h - 0.5;
        const i = Math.floor(tu), j = Math.floor(tv);
        const fu = Math.floor((tu - i) * 256), fv = Math.floor((tv - j) * 256);
        const i0 = i < 0 ? w - 1 : i, j0 = (j < 0 ? h - 1 : j) * w;
        const i1 = i + 1 >= w ? 0 : i + 1, j1 = (j + 1 >= h ? 0 : j + 1) * w;
        const a = texels[j0 + i0], b = texels[j0 + i1], c = texels[j1 + i0], d = texels[j1 + i1];
        const wd = (fu * fv) >> 8, wb = fu - wd, wc = fv - wd, wa = 256 - fu - wc;
        // Red and blue share a word: 16 bits each.
        const rb = Math.imul(a & 0xff00ff, wa) + Math.imul(b & 0xff00ff, wb) + Math.imul(c & 0xff00ff, wc) + Math.imul(d & 0xff00ff, wd);
        const gg = ((a >> 8) & 255) * wa + ((b >> 8) & 255) * wb + ((c >> 8) & 255) * wc + ((d >> 8) & 255) * wd;
        let byteR = (rb >>> 8) & 255, byteG = (gg >>> 8) & 255, byteB = (rb >>> 24) & 255;
        if (material.turned) {
          const p = byteR, q = byteG, t = byteB;
          byteR = Math.max(0, Math.min(255, Math.floor(material.hueX * p + material.hueY * q + material.hueZ * t + 0.5)));
          byteG = Math.max(0, Math.min(255, Math.floor(material.hueZ * p + material.hueX * q + material.hueY * t + 0.5)));
          byteB = Math.max(0, Math.min(255, Math.floor(material.hueY * p + material.hueZ * q + material.hueX * t + 0.5)));
        }
        red *= LINEAR_OF_BYTE[byteR];
        green *= LINEAR_OF_BYTE[byteG];
        blue *= LINEAR_OF_BYTE[byteB];
      }

      // Ambient from above and below, darker in corners.
      const px = Math.min(pixelWidth - 1, supersampling === 2 ? Math.max(0, (x - 1) >> 1) : x);
      const open = ambient[py + px];
      const sky = 0.5 + 0.5 * nz;
      let lightR = (downR + (upR - downR) * sky) * open;
      let lightG = (downG + (upG - downG) * sky) * open;
      let lightB = (downB + (upB - downB) * sky) * open;
      let shineR = 0, shineG = 0, shineB = 0;
      const gloss = material.gloss;
      const distance = Math.sqrt(dirX * dirX + dirY * dirY + dirZ * dirZ);

      const facing = nx * sunX + ny * sunY + nz * sunZ;
      if (facing > 0) {
        let lit = 1;
        if (mapSize > 0) {
          const qx = wx + nx * lift, qy = wy + ny * lift, qz = wz + nz * lift;
          const tx = s0 * qx + s1 * qy + s2 * qz + s3, ty = s4 * qx + s5 * qy + s6 * qz + s7;
          const i = Math.floor(tx), j = Math.floor(ty);
          if (i >= 0 && j >= 0 && i < mapSize - 1 && j < mapSize - 1) {
            const td = s8 * qx + s9 * qy + s10 * qz + bias;
            const fu = tx - i, fv = ty - j;
            const at = j * mapSize + i;
            lit = (map[at] <= td ? (1 - fu) * (1 - fv) : 0) + (map[at + 1] <= td ? fu * (1 - fv) : 0)
              + (map[at + mapSize] <= td ? (1 - fu) * fv : 0) + (map[at + mapSize + 1] <= td ? fu * fv : 0);
          }
        }
        if (lit > 0) {
          const k = facing * lit;
          lightR += sunR * k;
          lightG += sunG * k;
          lightB += sunB * k;
          if (gloss > 0) {
            const hx = sunX - dirX / distance, hy = sunY - dirY / distance, hz = sunZ - dirZ / distance;
            let lobe = Math.max(0, (nx * hx + ny * hy + nz * hz) / Math.sqrt(hx * hx + hy * hy + hz * hz + 1e-30));
            for (let n = material.shininess; n > 0; n--) lobe *= lobe;
            lobe *= gloss * lit;
            shineR += sunR * lobe;
            shineG += sunG * lobe;
            shineB += sunB * lobe;
          }
        }
      }

      const half = 0.5 + 0.5 * open;
      for (let n = 0; n < lampCount * 6; n += 6) {
        const lx = lamps[n] - wx, ly = lamps[n + 1] - wy, lz = lamps[n + 2] - wz;
        const cosine = nx * lx + ny * ly + nz * lz;
        if (cosine <= 0) continue;
        const square = lx * lx + ly * ly + lz * lz;
        const near = 1 / Math.sqrt(square);
        const k = (cosine * near * half) / Math.max(square, 0.04);
        lightR += lamps[n + 3] * k;
        lightG += lamps[n + 4] * k;
        lightB += lamps[n + 5] * k;
        if (gloss > 0) {
          const hx = lx * near - dirX / distance, hy = ly * near - dirY / distance, hz = lz * near - dirZ / distance;
          let lobe = Math.max(0, (nx * hx + ny * hy + nz * hz) / Math.sqrt(hx * hx + hy * hy + hz * hz + 1e-30));
          for (let q = material.shininess; q > 0; q--) lobe *= lobe;
          lobe *= gloss / Math.max(square, 0.04);
          shineR += lamps[n + 3] * lobe;
          shineG += lamps[n + 4] * lobe;
          shineB += lamps[n + 5] * lobe;
        }
      }

      const emissive = material.emissive;
      let r = red * (lightR + emissive) + shineR, g = green * (lightG + emissive) + shineG, b = blue * (lightB + emissive) + shineB;
      if (fog > 0) {
        // 1 / (1 + t + t^2/2 + t^3/6) instead of e^-t: close enough, and the same on every machine.
        const t = fog * z * distance;
        const clear = 1 / (1 + t * (1 + t * (0.5 + t * 0.16666666666666666)));
        r = fogR + (r - fogR) * clear;
        g = fogG + (g - fogG) * clear;
        b = fogB + (b - fogB) * clear;
      }
      out[o * 3] = r;
      out[o * 3 + 1] = g;
      out[o * 3 + 2] = b;
    }
  }
}

/** Sets up the planes of one triangle's normal (turned towards the viewer) and texture coordinates. */
function prepare(layout: SceneLayout, d: number, local: number, vertices: VertexBuffer, view: View): void {
  const drawable = layout.drawables[d];
  const { indices, uvs } = drawable.geometry;
  const normals = drawable.normals ?? drawable.geometry.normals;
  const base = layout.vertexBase[d];
  const a = indices[local * 3], b = indices[local * 3 + 1], c = indices[local * 3 + 2];
  barycentricPlanes(vertices.camera, base + a, base + b, base + c, view, planes);
  const m = drawable.transform;
  const t0 = m[0], t1 = m[1], t2 = m[2], t4 = m[4], t5 = m[5], t6 = m[6], t8 = m[8], t9 = m[9], t10 = m[10];
  // Cofactors: the inverse transpose up to a factor, which normalising removes.
  const c0 = t5 * t10 - t6 * t9, c1 = t6 * t8 - t4 * t10, c2 = t4 * t9 - t5 * t8;
  const c3 = t2 * t9 - t1 * t10, c4 = t0 * t10 - t2 * t8, c5 = t1 * t8 - t0 * t9;
  const c6 = t1 * t6 - t2 * t5, c7 = t2 * t4 - t0 * t6, c8 = t0 * t5 - t1 * t4;
  surface.fill(0);
  let sumX = 0, sumY = 0, sumZ = 0;
  for (let k = 0; k < 3; k++) {
    const i = k === 0 ? a : k === 1 ? b : c;
    const nx = normals[i * 3], ny = normals[i * 3 + 1], nz = normals[i * 3 + 2];
    const x = c0 * nx + c1 * ny + c2 * nz, y = c3 * nx + c4 * ny + c5 * nz, z = c6 * nx + c7 * ny + c8 * nz;
    sumX += x;
    sumY += y;
    sumZ += z;
    const u = uvs[i * 2], v = uvs[i * 2 + 1];
    for (let q = 0; q < 3; q++) {
      const w = planes[k * 3 + q];
      surface[q] += w * x;
      surface[q + 3] += w * y;
      surface[q + 6] += w * z;
      surface[q + 9] += w * u;
      surface[q + 12] += w * v;
    }
  }
  // The facet's own normal, on the viewer's side, decides which way the interpolated one points.
  const p = vertices.camera, i = (base + a) * 3, j = (base + b) * 3, k = (base + c) * 3;
  const ux = p[j] - p[i], uy = p[j + 1] - p[i + 1], uz = p[j + 2] - p[i + 2];
  const vx = p[k] - p[i], vy = p[k + 1] - p[i + 1], vz = p[k + 2] - p[i + 2];
  const fx = uy * vz - uz * vy, fy = uz * vx - ux * vz, fz = ux * vy - uy * vx;
  const towards = -(fx * p[i] + fy * p[i + 1] + fz * p[i + 2]);
  const w = view.camToWorld;
  const agree = sumX * (w[0] * fx + w[1] * fy + w[2] * fz) + sumY * (w[4] * fx + w[5] * fy + w[6] * fz) + sumZ * (w[8] * fx + w[9] * fy + w[10] * fz);
  if (agree * towards < 0) for (let q = 0; q < 9; q++) surface[q] = -surface[q];
}
