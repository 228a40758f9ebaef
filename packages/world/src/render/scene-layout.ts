import { geometryInfo, type GeometryInfo } from './geometry-info.js';
import { materialInfo, type MaterialInfo } from './material-info.js';
import type { Drawable, RenderScene } from './types.js';

/** Vertex slots kept free at the start of every vertex buffer for the corners that clipping makes. */
export const CLIP_SLOTS = 8;

/** Gives every triangle and vertex of a scene one number: those of drawable i start at triangleBase[i], vertexBase[i]. */
export class SceneLayout {
  drawables: readonly Drawable[] = [];
  infos: GeometryInfo[] = [];
  /** Per drawable, per material slot. */
  materials: MaterialInfo[][] = [];
  triangleBase: number[] = [];
  vertexBase: number[] = [];
  vertexCount = CLIP_SLOTS;
  /** Which drawable a triangle belongs to. */
  drawableOf = new Uint16Array(0);

  layOut(scene: RenderScene): void {
    this.drawables = scene.drawables;
    this.infos.length = this.materials.length = this.triangleBase.length = this.vertexBase.length = 0;
    let triangles = 0, vertices = CLIP_SLOTS;
    for (const { geometry, materials } of scene.drawables) {
      this.infos.push(geometryInfo(geometry));
      this.materials.push((materials ?? geometry.materials).map(materialInfo));
      this.triangleBase.push(triangles);
      this.vertexBase.push(vertices);
      triangles += geometry.indices.length / 3;
      vertices += geometry.positions.length / 3;
    }
    this.vertexCount = vertices;
    if (this.drawableOf.length < triangles) this.drawableOf = new Uint16Array(Math.ceil(triangles * 1.25));
    for (let i = 0; i < scene.drawables.length; i++) {
      this.drawableOf.fill(i, this.triangleBase[i], this.triangleBase[i + 1] ?? triangles);
    }
  }
}
