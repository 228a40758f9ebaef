// Is a condition found again? The figures of what was made beside those of the true render and of another world's (test/figures/generation.mjs).
import { FlowMetrics } from '../../packages/model/dist/index.js';
import { Agreement } from '../../packages/synth/dist/index.js';

/** Agreement of frames with the truth of one condition, one modality or several at once, world by world. */
export class Comparison {
  #modalities;
  #columns;
  #still = new FlowMetrics();

  constructor(model, modalities, how) {
    this.#modalities = modalities;
    this.#columns = Object.fromEntries(['made', 'render', 'chance'].map((column) => [column, new Agreement(model, modalities, how)]));
  }

  /**
   * Compares with the truth of `scenes`: `made`, rgb8 of the pictures made of them, their own renders, and those of `others`. With flow two frames each, one after another.
   */
  async add(scenes, made, others) {
    const { made: ours, render, chance } = this.#columns;
    await compare(ours, scenes.map(({ frame }, i) => ({ ...frame, rgb: made[i] })), scenes);
    await compare(render, scenes.map(({ frame }) => frame), scenes);
    await compare(chance, others.map(({ frame }) => frame), scenes);
    if (this.#modalities.includes('flow')) for (const { truth: { flow } } of scenes.slice(1)) this.#still.add(new Float32Array(flow.pixels.length), flow.pixels);
  }

  /** The columns: of one modality its figures, of several those of each; null where nothing could be compared. */
  result() {
    const [only, ...more] = this.#modalities;
    const figures = (scores) => (more.length === 0 ? (scores[only] ?? null) : Object.fromEntries(this.#modalities.map((modality) => [modality, scores[modality] ?? null])));
    const columns = Object.fromEntries(Object.entries(this.#columns).map(([column, agreement]) => [column, figures(agreement.result())]));
    const { epe, frames } = this.#still.result();
    return { ...columns, ...(frames > 0 && { zero: more.length === 0 ? { epe } : { flow: { epe } } }) };
  }
}

/** Frames of one clip, in order. The first one's flow leads to no frame that was shown: the estimator says none, and it is not counted. */
async function compare(agreement, frames, scenes) {
  for (const [i, frame] of frames.entries()) await agreement.add(frame, scenes[i].truth);
}
