import { createWorld } from '@sextant/world';
import type { AssetLibrary, SceneKind, SimulatedWorld, WorldWishes } from '@sextant/world';

/** A world as flags or a recipe ask for it; what they do not say is the world's own default or the seed's choice. */
export interface AskedWorld {
  readonly seed: number;
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  readonly scene?: SceneKind | undefined;
  /** What only a recipe says, as the two below; a list without any wish is none. */
  readonly wishes?: WorldWishes | undefined;
  readonly fovDegrees?: number | undefined;
  readonly supersampling?: 1 | 2 | undefined;
}

/**
 * Composes the world that was asked for, of the assets' models where there are any.
 * @throws SextantError as `createWorld`: `bad-argument` for options out of range, `unsupported` where the seed cannot meet the wishes.
 */
export function composeWorld({ seed, width, height, fps, scene, wishes, fovDegrees, supersampling }: AskedWorld, assets?: AssetLibrary): SimulatedWorld {
  return createWorld({
    seed, width, height, fps, ...(scene !== undefined && { scene }), ...(wishes !== undefined && Object.keys(wishes).length > 0 && { wishes }), ...(fovDegrees !== undefined && { fovDegrees }),
    ...(supersampling !== undefined && { supersampling }), ...(assets && { assets }),
  });
}
