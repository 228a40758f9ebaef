import type { Accessor, Document, Material as GltfMaterial, Primitive } from '@gltf-transform/core';
import { Logger, NodeIO } from '@gltf-transform/core';
import { pow } from '../math/deterministic.js';
import type { Geometry, Material, Texture, Vec3 } from '../render/types.js';
import { decodePicture } from './picture.js';

/** Longest side of a texture after decoding, pixels. */
export const TEXTURE_CAP = 256;

const SPECULAR_GLOSSINESS = 'KHR_materials_pbrSpecularGlossiness';

interface RawMaterial {
  pbrMetallicRoughness?: Record<string, unknown>;
  extensions?: Record<string, { diffuseFactor?: number[]; diffuseTexture?: unknown }>;
}

/** Parses a GLB; materials of the archived specular-glossiness extension are rewritten as base colours first. */
export async function readGlb(bytes: Uint8Array): Promise<Document> {
  const io = new NodeIO().setLogger(new Logger(Logger.Verbosity.ERROR));
  const json = await io.binaryToJSON(bytes);
  for (const material of (json.json.materials ?? []) as RawMaterial[]) {
    const old = material.extensions?.[SPECULAR_GLOSSINESS];
    if (!old) continue;
    material.pbrMetallicRoughness = {
      baseColorFactor: old.diffuseFactor ?? [1, 1, 1, 1],
      ...(old.diffuseTexture ? { baseColorTexture: old.diffuseTexture } : {}),
      metallicFactor: 0,
    };
    delete material.extensions![SPECULAR_GLOSSINESS];
  }
  for (const list of ['extensionsUsed', 'extensionsRequired'] as const) {
    if (json.json[list]) json.json[list] = json.json[list].filter((name) => name !== SPECULAR_GLOSSINESS);
  }
  return io.readJSON(json);
}

/** Which translucent (BLEND) materials are kept: glass of a car is a surface, glass of a window is a hole. */
export type GlassRule = 'surface' | 'hole';

/** Decodes every material of a document once, in `listMaterials` order. */
export async function readMaterials(document: Document): Promise<Map<GltfMaterial | null, Material>> {
  const textures = new Map<unknown, Texture>();
  const materials = new Map<GltfMaterial | null, Material>([[null, { color: [0.7, 0.7, 0.7] }]]);
  for (const source of document.getRoot().listMaterials()) {
    const [r, g, b] = source.getBaseColorFactor();
    const picture = source.getBaseColorTexture();
    const image = picture?.getImage();
    let texture: Texture | undefined;
    if (picture && image) {
      texture = textures.get(picture) ?? (await decodePicture(image, TEXTURE_CAP));
      textures.set(picture, texture);
    }
    const emission = Math.max(...source.getEmissiveFactor());
    materials.set(source, {
      color: [toSrgb(r), toSrgb(g), toSrgb(b)],
      ...(texture ? { texture } : {}),
      ...(source.getAlphaMode() === 'MASK' ? { alphaTest: Math.round(source.getAlphaCutoff() * 255) } : {}),
      roughness: Math.min(1, Math.max(0.35, source.getRoughnessFactor())),
      ...(emission > 0.5 ? { emissive: emission } : {}),
    });
  }
  return materials;
}

/** glTF colour factors are linear; our materials are sRGB. */
function toSrgb(linear: number): number {
  return pow(Math.min(1, Math.max(0, linear)), 1 / 2.2);
}

/** One primitive with the matrix (glTF column-major) that brings it into the file's world. */
export interface PlacedPrimitive {
  readonly primitive: Primitive;
  readonly matrix: ArrayLike<number>;
}

/** The triangle primitives of the document's meshes in the order of its nodes. */
export function listPrimitives(document: Document): PlacedPrimitive[] {
  const list: PlacedPrimitive[] = [];
  for (const node of document.getRoot().listNodes()) {
    const mesh = node.getMesh();
    if (!mesh) continue;
    const matrix = node.getSkin() ? IDENTITY : node.getWorldMatrix();
    for (const primitive of mesh.listPrimitives()) {
      if (primitive.getMode() === 4 && primitive.getAttribute('POSITION')) list.push({ primitive, matrix });
    }
  }
  return list;
}

const IDENTITY = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];

/** The values of an accessor, a view of the document's memory. */
export function numbers(accessor: Accessor | null): ArrayLike<number> | undefined {
  return (accessor?.getArray() ?? undefined) as ArrayLike<number> | undefined;
}

/** Merges primitives into one geometry in the axes of this package: (x, y, z) y-up -> (z, x, y) z-up. */
export function mergePrimitives(list: readonly PlacedPrimitive[], materials: Map<GltfMaterial | null, Material>): Geometry {
  let vertices = 0;
  let corners = 0;
  for (const { primitive } of list) {
    vertices += primitive.getAttribute('POSITION')!.getCount();
    corners += primitive.getIndices()?.getCount() ?? primitive.getAttribute('POSITION')!.getCount();
  }
  const positions = new Float32Array(vertices * 3);
  const normals = new Float32Array(vertices * 3);
  const uvs = new Float32Array(vertices * 2);
  const indices = new Uint32Array(corners);
  const slots: Material[] = [];
  const groups: { start: number; count: number; material: number }[] = [];
  let v0 = 0;
  let i0 = 0;
  for (const { primitive, matrix: m } of list) {
    const position = numbers(primitive.getAttribute('POSITION'))!;
    const normal = numbers(primitive.getAttribute('NORMAL'));
    const uv = numbers(primitive.getAttribute('TEXCOORD_0'));
    const count = position.length / 3;
    for (let v = 0; v < count; v++) {
      const x = position[v * 3], y = position[v * 3 + 1], z = position[v * 3 + 2];
      const to = (v0 + v) * 3;
      positions[to + 1] = m[0] * x + m[4] * y + m[8] * z + m[12];
      positions[to + 2] = m[1] * x + m[5] * y + m[9] * z + m[13];
      positions[to] = m[2] * x + m[6] * y + m[10] * z + m[14];
      if (normal) {
        // Uniformly scaled rotations are all that occurs here, so the matrix itself turns normals.
        const a = normal[v * 3], b = normal[v * 3 + 1], c = normal[v * 3 + 2];
        const nx = m[0] * a + m[4] * b + m[8] * c, ny = m[1] * a + m[5] * b + m[9] * c, nz = m[2] * a + m[6] * b + m[10] * c;
        const length = Math.hypot(nx, ny, nz) || 1;
        normals[to + 1] = nx / length;
        normals[to + 2] = ny / length;
        normals[to] = nz / length;
      }
      if (uv) {
        uvs[(v0 + v) * 2] = uv[v * 2]!;
        uvs[(v0 + v) * 2 + 1] = uv[v * 2 + 1]!;
      }
    }
    const source = numbers(primitive.getIndices());
    const n = source?.length ?? count;
    for (let i = 0; i < n; i++) indices[i0 + i] = v0 + (source ? source[i] : i);
    if (!normal) flatNormals(positions, normals, indices, i0, n);
    groups.push({ start: i0, count: n, material: slots.length });
    slots.push(materials.get(primitive.getMaterial())!);
    v0 += count;
    i0 += n;
  }
  return { positions, normals, uvs, indices, groups, materials: slots };
}

function flatNormals(positions: Float32Array, normals: Float32Array, indices: Uint32Array, start: number, count: number): void {
  for (let i = start; i < start + count; i += 3) {
    const a = indices[i] * 3, b = indices[i + 1] * 3, c = indices[i + 2] * 3;
    const ux = positions[b] - positions[a], uy = positions[b + 1] - positions[a + 1], uz = positions[b + 2] - positions[a + 2];
    const wx = positions[c] - positions[a], wy = positions[c + 1] - positions[a + 1], wz = positions[c + 2] - positions[a + 2];
    const nx = uy * wz - uz * wy, ny = uz * wx - ux * wz, nz = ux * wy - uy * wx;
    const length = Math.sqrt(nx * nx + ny * ny + nz * nz) || 1;
    for (let k = i; k < i + 3; k++) {
      const to = indices[k] * 3;
      normals[to] = nx / length;
      normals[to + 1] = ny / length;
      normals[to + 2] = nz / length;
    }
  }
}

/** Extent of a vertex array: lowest and highest x, y, z. */
export function bounds(positions: Float32Array): { low: Vec3; high: Vec3 } {
  const low: [number, number, number] = [Infinity, Infinity, Infinity];
  const high: [number, number, number] = [-Infinity, -Infinity, -Infinity];
  for (let i = 0; i < positions.length; i += 3) {
    for (let k = 0; k < 3; k++) {
      const value = positions[i + k];
      if (value < low[k]) low[k] = value;
      if (value > high[k]) high[k] = value;
    }
  }
  return { low, high };
}
