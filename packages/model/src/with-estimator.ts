import { MODALITIES, type Frame, type Modality, type Perception } from '@sextant/core';
import { parseModalities, type Model, type RunOptions } from './model.js';

/**
 * `model` with what `estimator` estimates taken from that one instead, so that a robot can swap one stream:
 * `withEstimator(await loadModel('nano'), await loadModel('./models/my-depth'))`. Both run side by side in their own
 * workers; people's ids are linked only between maps of the same model. Closing the result closes both.
 */
export function withEstimator(model: Model, estimator: Model): Model {
  const modalities = MODALITIES.filter((m) => model.modalities.includes(m) || estimator.modalities.includes(m));
  const replaced = (m: Modality): boolean => estimator.modalities.includes(m);
  return {
    name: `${model.name}+${estimator.name}`,
    version: `${model.version}+${estimator.version}`,
    modalities,
    classes: replaced('segmentation') ? estimator.classes : model.classes,
    device: model.device,
    get health() {
      const [a, b] = [model.health, estimator.health];
      const resets = { ...b.resets };
      for (const [reason, count] of Object.entries(a.resets) as [keyof typeof resets, number][]) resets[reason] = (resets[reason] ?? 0) + count;
      return { ...a, restarts: a.restarts + b.restarts, resets };
    },
    async run(frame: Frame, asked: readonly Modality[], options?: RunOptions): Promise<Perception> {
      const start = performance.now();
      const words = parseModalities(asked, modalities);
      const parts: [Model, readonly Modality[]][] = [
        [model, words.filter((m) => !replaced(m))],
        [estimator, words.filter(replaced)],
      ];
      const { prompts: _, closeUps: __, ...plain } = options ?? {}; // an estimator finds nothing by name, and people are the model's
      const sought = options?.prompts?.segmentation !== undefined; // by the model, whatever maps are the estimator's
      const results = await Promise.all(parts.flatMap(([m, part]) => (part.length > 0 || (sought && m === model) ? [m.run(frame, part, m === model ? options : plain)] : [])));
      return Object.assign({}, ...results, { frame, latencyMs: performance.now() - start }) as Perception;
    },
    forget(stream): void {
      model.forget(stream);
      estimator.forget(stream);
    },
    async close(): Promise<void> {
      await Promise.all([model.close(), estimator.close()]);
    },
  };
}
