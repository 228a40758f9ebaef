import { resampleNearest } from '@sextant/core';
import { openDepthHead } from '@sextant/model';
import type { Size } from '@sextant/model';
import { createWorld, loadAssets } from '@sextant/world';
import type { Work } from '../cli/session.js';
import { FARTHEST } from '../eval/depth-tally.js';
import { toFrame } from '../eval/worlds.js';
import { DepthFit, bestSky } from './depth-fit.js';

/** The instants of a world that are looked at, as `sextant eval` does. */
const PAIR = [10, 11] as const;

/** Which worlds a model is fitted on. */
export interface FitSettings {
  readonly model: string;
  readonly seeds: number;
  readonly firstSeed: number;
  readonly size: Size;
  readonly assets?: string;
}

/**
 * `sextant model fit`: the values of the depth codec that are fitted and not learnt, on rendered worlds that neither training nor
 * `sextant eval` uses; beside them what the manifest says now. Changes no file.
 * @throws SextantError those of `openDepthHead` and `loadAssets`.
 */
export async function fitModel({ model, seeds, firstSeed, size, assets }: FitSettings, { output, signal }: Work): Promise<number> {
  const head = await openDepthHead(model, size);
  const library = assets === undefined ? undefined : await loadAssets(assets);
  const fit = new DepthFit();
  let told = Date.now();
  for (let seed = firstSeed; seed < firstSeed + seeds; seed += 1) {
    signal.throwIfAborted();
    const world = createWorld({ seed, ...size, ...(library && { assets: library }) });
    const frames = PAIR.map((index) => world.render(index));
    const raw = await head.run(frames.map(toFrame));
    const { depth, width, height } = frames[1];
    fit.add(raw, { metres: resampleNearest(depth, width, height, raw.width, raw.height), counts: (z) => z > 0 && z < FARTHEST });
    if (Date.now() - told > 2000) {
      told = Date.now();
      output.note(`${model}: ${seed - firstSeed + 1}/${seeds}`);
    }
    await new Promise(setImmediate); // let signals through: rendering is synchronous
  }
  const sky = fit.sky();
  const now = { confidenceScale: head.confidenceScale, relativeConfidenceScale: head.relativeConfidenceScale, skyThreshold: head.skyThreshold };
  const temperatures = ([['confidenceScale', fit.metres], ['relativeConfidenceScale', fit.relative]] as const).flatMap(([name, of]) => {
    const best = of.best();
    return best ? [{ name, now: of.at(now[name]), fitted: best }] : [];
  });
  const fitted = {
    ...Object.fromEntries(temperatures.map(({ name, fitted: { scale } }) => [name, Number(scale.toPrecision(3))])),
    ...(sky && { skyThreshold: bestSky(sky).threshold }),
  };
  output.event('fit', { model, frames: fit.frames, firstSeed, now, fitted, temperatures, ...(sky && { sky }) });
  output.print(`${fit.frames} worlds from seed ${firstSeed}`);
  for (const { name, ...each } of temperatures) {
    for (const word of ['now', 'fitted'] as const) {
      const { scale, nll, confidence, within10 } = each[word];
      output.print(`${name} ${word.padEnd(6)} ${scale.toPrecision(3)}: says ${confidence.toFixed(3)}, is ${within10.toFixed(3)}, ${nll.toFixed(4)} nats`);
    }
  }
  if (sky) {
    const best = bestSky(sky).threshold;
    for (const { threshold, precision, recall, iou } of sky) {
      const words = [threshold === now.skyThreshold ? 'now' : '', threshold === best ? 'fitted' : ''].filter((word) => word !== '').join(', ');
      output.print(`skyThreshold ${threshold.toFixed(2)}: precision ${precision.toFixed(3)}, recall ${recall.toFixed(3)}, IoU ${iou.toFixed(3)} ${words}`.trimEnd());
    }
  } else {
    output.note('no world showed any sky: skyThreshold is not fitted');
  }
  return 0;
}
