import { ambientOcclusion } from './ambient-occlusion.js';
import { DepthBuffer } from './depth-buffer.js';
import { drawScene } from './draw.js';
import { resolve } from './resolve.js';
import { SceneLayout } from './scene-layout.js';
import { shadeSurfaces } from './shade.js';
import { ShadowMap } from './shadow-map.js';
import { shadeSky } from './sky.js';
import { writeTruth } from './truth.js';
import type { GBuffer, RenderScene } from './types.js';
import { VertexBuffer } from './vertex-buffer.js';
import { viewOf } from './view.js';

export interface RenderOptions {
  /** Colour samples per pixel side: 1, or 2 (a grid of half pixels, filtered 1 2 1). Truth is the same for both. Default 2. */
  readonly supersampling?: 1 | 2;
}

/**
 * Draws scenes in pure arithmetic: the same scene gives the same bytes on every machine and in any order of calls. Keeps
 * its scratch memory between calls, so use one per thread; it holds nothing of a scene that changes the next picture.
 */
export class Renderer {
  private readonly layout = new SceneLayout();
  private readonly vertices = new VertexBuffer();
  private readonly buffer = new DepthBuffer();
  private readonly previousVertices = new VertexBuffer();
  private readonly previousBuffer = new DepthBuffer();
  private readonly shadow = new ShadowMap();
  private samples = new Float32Array(0);
  private ambient = new Float32Array(0);

  /** One instant with all its truth. The arrays of the result are fresh and belong to the caller. */
  render(scene: RenderScene, options: RenderOptions = {}): GBuffer {
    const { width, height } = scene.camera;
    const pixels = width * height;
    const view = viewOf(scene.camera, options.supersampling ?? 2);
    const { layout, vertices, buffer } = this;
    const out: GBuffer = {
      width, height,
      rgb: new Uint8Array(pixels * 3),
      depth: new Float32Array(pixels),
      flow: new Float32Array(pixels * 2).fill(NaN),
      occlusion: new Uint8Array(pixels).fill(1),
      labels: new Uint8Array(pixels),
      instances: new Uint16Array(pixels),
      part: new Uint8Array(pixels),
      partU: new Uint8Array(pixels),
      partV: new Uint8Array(pixels),
    };
    layout.layOut(scene);
    drawScene(layout, view, vertices, buffer, false);
    const previous = scene.previousCamera
      ? { view: viewOf(scene.previousCamera, 1), vertices: this.previousVertices, buffer: this.previousBuffer }
      : null;
    if (previous) drawScene(layout, previous.view, previous.vertices, previous.buffer, true);
    writeTruth(layout, view, vertices, buffer, previous, out);

    if (this.ambient.length < pixels) this.ambient = new Float32Array(pixels);
    if (this.samples.length < view.width * view.height * 3) this.samples = new Float32Array(view.width * view.height * 3);
    ambientOcclusion(out.depth, width, height, scene.camera.fx, this.ambient);
    const shadow = this.shadow.draw(scene, layout, view, out.depth) ? this.shadow : null;
    shadeSurfaces({ scene, layout, view, vertices, buffer, shadow, ambient: this.ambient }, this.samples);
    shadeSky(scene, view, buffer, this.samples);
    resolve(this.samples, view, scene.exposure ?? 1, width, height, out.rgb);
    return out;
  }
}

let shared: Renderer | undefined;

/** Renders one instant with a renderer kept for this thread; see `Renderer`. */
export function renderScene(scene: RenderScene, options: RenderOptions = {}): GBuffer {
  shared ??= new Renderer();
  return shared.render(scene, options);
}
