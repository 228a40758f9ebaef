/**
 * What the scene half of this package hands to the renderer.
 *
 * Axes: world and every model's local frame follow REP-103 (x forward, y left, z up, metres); cameras use the optical
 * frame (z forward, x right, y down). Matrices are column-vector 4x4, stored row-major in Float64Array(16).
 */

export type Mat4 = Float64Array;
export type Vec3 = readonly [number, number, number];

/** sRGB picture with straight alpha, row-major rgba8, row 0 at the top (v = 0), wrapped by repetition. */
export interface Texture {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8Array;
}

export interface Material {
  /** sRGB 0..1 factor on the texture (or the colour itself without one). */
  readonly color: Vec3;
  readonly texture?: Texture;
  /**
   * Turns the texture's colours: of sRGB bytes r, g, b it makes x r + y g + z b, z r + x g + y b, y r + z g + x b (clamped), so that
   * many recoloured copies share one texture. Default (1, 0, 0).
   */
  readonly hue?: Vec3;
  /** Alpha test threshold 0..255; absent = opaque. */
  readonly alphaTest?: number;
  /** 0 mirror-like .. 1 matte; only scales a small specular lobe. Default 1. */
  readonly roughness?: number;
  /** Light it gives off itself, linear multiple of its colour. Default 0. */
  readonly emissive?: number;
}

/** Triangles in a local frame. Never written after construction: geometries are shared between drawables and worlds. */
export interface Geometry {
  /** xyz per vertex. */
  readonly positions: Float32Array;
  /** Unit normals per vertex. */
  readonly normals: Float32Array;
  /** uv per vertex. */
  readonly uvs: Float32Array;
  /** Three vertex indices per triangle, both sides visible unless `oneSided`. */
  readonly indices: Uint32Array;
  /** Index ranges (in indices, multiples of 3) and the material slot each uses. */
  readonly groups: readonly { readonly start: number; readonly count: number; readonly material: number }[];
  readonly materials: readonly Material[];
  readonly oneSided?: boolean;
  /** DensePose part 1..24 per triangle (0 = clothing or hair carrying none). Only people have it. */
  readonly parts?: Uint8Array;
  /** Part chart coordinates 0..1, (u, v) for each of a triangle's three corners: 6 per triangle. Goes with `parts`. */
  readonly partUvs?: Float32Array;
}

/** One thing in the scene at one instant, with where it was one frame before (for exact flow). */
export interface Drawable {
  readonly geometry: Geometry;
  /** local -> world now, and one frame earlier. */
  readonly transform: Mat4;
  readonly previousTransform: Mat4;
  /** Deformed local vertices (skinned bodies): replace the geometry's own. */
  readonly positions?: Float32Array;
  readonly normals?: Float32Array;
  readonly previousPositions?: Float32Array;
  /** Replaces `geometry.materials`, slot by slot (recoloured copies share one geometry). */
  readonly materials?: readonly Material[];
  /** Fine class (see classes.ts). */
  readonly classId: number;
  /** 1..65535 for countable things, 0 for stuff. Unique per thing in the world, constant over time. */
  readonly instanceId: number;
  /** Default true. */
  readonly castsShadow?: boolean;
}

export interface SunLight {
  /** Unit vector from the scene towards the sun, world frame. */
  readonly towards: Vec3;
  /** Linear RGB irradiance; about 1..4 outdoors at exposure 1. */
  readonly radiance: Vec3;
}

/** A lamp or a bright window. */
export interface PointLight {
  readonly position: Vec3;
  /** Linear RGB intensity; light at distance d is intensity / max(d*d, 0.04). */
  readonly intensity: Vec3;
}

export type Sky =
  | { readonly kind: 'gradient'; readonly zenith: Vec3; readonly horizon: Vec3; readonly ground: Vec3; readonly clouds?: number }
  /** Equirectangular panorama; its row 0 is straight up, `yaw` turns it about z. */
  | { readonly kind: 'panorama'; readonly texture: Texture; readonly yaw: number; readonly exposure: number };

/** Ideal pinhole; the sensor model (sensor/) adds distortion afterwards. Pixel centres are at integer coordinates. */
export interface Pinhole {
  readonly width: number;
  readonly height: number;
  readonly fx: number;
  readonly fy: number;
  readonly cx: number;
  readonly cy: number;
  /** optical frame -> world. */
  readonly camToWorld: Mat4;
}

export interface RenderScene {
  readonly drawables: readonly Drawable[];
  readonly sun?: SunLight;
  readonly lights: readonly PointLight[];
  /** Linear RGB ambient from above and from below (hemisphere light). */
  readonly ambientUp: Vec3;
  readonly ambientDown: Vec3;
  readonly sky: Sky;
  /** Fog density per metre (0 none) and linear colour. */
  readonly fog?: { readonly density: number; readonly color: Vec3 };
  readonly camera: Pinhole;
  /** The camera one frame earlier; absent on a clip's first frame (no flow then). */
  readonly previousCamera?: Pinhole;
  /** Linear gain before the tone curve; default 1. */
  readonly exposure?: number;
}

/** One rendered instant. Labels are sampled at pixel centres, colour is averaged over `samples`. All arrays are fresh. */
export interface GBuffer {
  readonly width: number;
  readonly height: number;
  /** rgb8, sRGB. */
  readonly rgb: Uint8Array;
  /** z in the optical frame, metres; NaN for sky. */
  readonly depth: Float32Array;
  /** (u, v) = position now - position in the previous frame, pixels, on this frame's grid; NaN on a first frame. Sky moves with the camera's rotation. */
  readonly flow: Float32Array;
  /** 1 where the surface seen now was hidden or outside the picture in the previous frame. */
  readonly occlusion: Uint8Array;
  readonly labels: Uint8Array;
  readonly instances: Uint16Array;
  readonly part: Uint8Array;
  readonly partU: Uint8Array;
  readonly partV: Uint8Array;
}
