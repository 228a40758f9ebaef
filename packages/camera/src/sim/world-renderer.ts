import { SextantError } from '@sextant/core';
import { createWorld, loadAssets } from '@sextant/world';
import type { AssetLibrary, World } from '@sextant/world';
import { planLens } from './lens.js';
import type { LensPlan } from './lens.js';
import type { SimRenderer } from './protocol.js';

/** Renders worlds where it stands; in the worker, or in a test. It blocks its thread for the time of a rendering. */
export function worldRenderer(): SimRenderer {
  let world: World | undefined;
  let lens: LensPlan | undefined;
  let library: { readonly folder: string; readonly assets: AssetLibrary } | undefined;
  return {
    async open({ assets, lens: wanted, ...scene }) {
      if (assets !== undefined && library?.folder !== assets) library = { folder: assets, assets: await loadAssets(assets) };
      lens = wanted && planLens(wanted, scene.width, scene.height, scene.fovDegrees);
      world = createWorld({ ...scene, ...lens?.render, ...(assets !== undefined && library && { assets: library.assets }) });
      return { camera: lens?.camera ?? world.camera, caption: world.caption };
    },
    // eslint-disable-next-line @typescript-eslint/require-await -- what is thrown must reject
    render: async (index) => {
      if (world === undefined) throw new SextantError('internal', 'a rendering was asked for before a scene was opened', { hint: 'Please report this.' });
      const { rgb } = world.render(index);
      return lens === undefined ? rgb : lens.remap(rgb);
    },
    close() {
      world = undefined;
    },
  };
}
