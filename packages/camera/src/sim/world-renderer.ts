import { SextantError } from '@sextant/core';
import { Rng, applySensor, createWorld, loadAssets, randomSensor } from '@sextant/world';
import type { AssetLibrary, SensorModel, World } from '@sextant/world';
import { planLens } from './lens.js';
import type { LensPlan } from './lens.js';
import type { SimRenderer } from './protocol.js';

/** Renders worlds where it stands; in the worker, or in a test. It blocks its thread for the time of a rendering. */
export function worldRenderer(): SimRenderer {
  let world: World | undefined;
  let lens: LensPlan | undefined;
  let sensor: { readonly model: SensorModel; readonly seed: number } | undefined;
  let library: { readonly folder: string; readonly assets: AssetLibrary } | undefined;
  return {
    async open({ assets, lens: wanted, sensor: electronics, ...scene }) {
      const model = electronics === 'random' ? randomSensor(new Rng(scene.seed).fork('sensor')) : electronics;
      sensor = model && { model, seed: scene.seed };
      if (assets !== undefined && library?.folder !== assets) library = { folder: assets, assets: await loadAssets(assets) };
      lens = wanted && planLens(wanted, scene.width, scene.height, scene.fovDegrees);
      world = createWorld({ ...scene, ...lens?.render, ...(assets !== undefined && library && { assets: library.assets }) });
      return { camera: lens?.camera ?? world.camera, caption: world.caption };
    },
    // eslint-disable-next-line @typescript-eslint/require-await -- what is thrown must reject
    render: async (index) => {
      if (world === undefined) throw new SextantError('internal', 'a rendering was asked for before a scene was opened', { hint: 'Please report this.' });
      const frame = world.render(index);
      // Noise of its own per instant, so that any instant can be rendered alone and looks the same.
      const rgb = sensor === undefined ? frame.rgb : applySensor(frame, sensor.model, new Rng(sensor.seed).fork(`noise ${index}`));
      return lens === undefined ? rgb : lens.remap(rgb);
    },
    close() {
      world = undefined;
    },
  };
}
