import type { FrameResult } from '@sextant/client';
import { LAYERS } from '../settings.js';
import type { LayerId, Settings } from '../settings.js';
import { drawClasses } from './classes.js';
import { drawReferred } from './referred.js';
import { DepthSpan, drawDepth } from './depth.js';
import { drawDensePose } from './dense-pose.js';
import { FlowScale, drawFlow } from './flow.js';
import { Raster } from './raster.js';
import { drawSkeletons } from './skeletons.js';

/** Draws layers of a frame on canvases. */
export class Painter {
  readonly depthSpan = new DepthSpan();
  readonly flowScale = new FlowScale();
  readonly #rasters: Readonly<Record<LayerId, Raster>>;

  constructor() {
    this.#rasters = Object.fromEntries(LAYERS.map((id) => [id, new Raster()])) as Record<LayerId, Raster>;
  }

  /** Takes note of a new frame's ranges; once for each frame, however often it is drawn. */
  follow(frame: FrameResult): void {
    if (frame.depth !== undefined) this.depthSpan.follow(frame.depth);
    if (frame.flow !== undefined) this.flowScale.follow(frame.flow);
  }

  /** All layers that are on, over each other. */
  overlay(context: CanvasRenderingContext2D, frame: FrameResult, settings: Settings): void {
    this.#clear(context);
    for (const id of LAYERS) if (settings.on[id]) this.#draw(context, id, frame, settings, settings.opacity[id], true);
  }

  /** One layer by itself; a skeleton with the picture, darkened, behind it. */
  alone(context: CanvasRenderingContext2D, id: LayerId, frame: FrameResult, settings: Settings): void {
    this.#clear(context);
    if (id === 'skeletons') this.#draw(context, 'picture', frame, settings, 0.45, false);
    this.#draw(context, id, frame, settings, 1, false);
  }

  #clear(context: CanvasRenderingContext2D): void {
    const { width, height } = context.canvas;
    context.globalAlpha = 1;
    context.fillStyle = '#05070a';
    context.fillRect(0, 0, width, height);
  }

  #draw(context: CanvasRenderingContext2D, id: LayerId, frame: FrameResult, settings: Settings, alpha: number, over: boolean): void {
    const { width, height } = context.canvas;
    context.globalAlpha = alpha;
    if (id === 'skeletons') {
      if (frame.skeletons !== undefined) drawSkeletons(context, frame.skeletons, width, height);
    } else {
      const image = this.#image(id, frame, settings, over);
      // By themselves maps show their own pixels; over the picture their edges follow it better smoothed.
      context.imageSmoothingEnabled = over || id === 'picture';
      context.imageSmoothingQuality = 'medium';
      // A closed bitmap has no size: its frame was let go of between two drawings.
      if (image !== undefined && image.width > 0) context.drawImage(image, 0, 0, width, height);
    }
    context.globalAlpha = 1;
  }

  #image(id: Exclude<LayerId, 'skeletons'>, frame: FrameResult, settings: Settings, over: boolean): HTMLCanvasElement | OffscreenCanvas | ImageBitmap | undefined {
    const raster = this.#rasters[id];
    switch (id) {
      case 'picture':
        return frame.picture?.bitmap;
      case 'depth':
        return frame.depth && this.depthSpan.value && drawDepth(raster, frame.depth, this.depthSpan.value);
      case 'flow':
        return frame.flow && drawFlow(raster, frame.flow, this.flowScale.value, over);
      case 'masks':
        return frame.masks && drawClasses(raster, frame.masks, settings);
      case 'referred':
        return frame.referred && drawReferred(raster, frame.referred);
      case 'densePose':
        return frame.densePose && drawDensePose(raster, frame.densePose);
    }
  }
}

/** Width over height of a frame: of its picture, or of whatever map it has. */
export function aspectOf({ picture, masks, depth, flow, densePose, skeletons }: FrameResult): number {
  const sized = picture ?? masks ?? depth ?? flow ?? densePose ?? skeletons;
  return sized === undefined ? 4 / 3 : sized.width / sized.height;
}
