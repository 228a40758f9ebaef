/** Confidence is about a factor of 1.1. */
const WITHIN = Math.log(1.1);
/** Temperatures lie within this factor of 1. */
const MOST_TEMPERATURE = 20;

/** What a temperature of the confidence gives. */
export interface TemperatureScores {
  readonly scale: number;
  /** Mean negative log-likelihood of "within a factor of 1.1", nats. */
  readonly nll: number;
  /** Mean confidence, and the share it should equal. */
  readonly confidence: number;
  readonly within10: number;
}

/** Fits the temperature of a confidence (Guo et al. 2017): the largest likelihood of "within a factor of 1.1", every frame with the same weight. */
export class TemperatureFit {
  readonly #scale: number[] = [];
  readonly #hit: boolean[] = [];
  readonly #frame: number[] = [];
  #frames = 0;

  /** Adds the pixels of a frame. @param scale Laplace scale of each  @param error of ln z of each */
  add(scale: readonly number[], error: readonly number[]): void {
    scale.forEach((b, i) => {
      this.#scale.push(b);
      this.#hit.push(Math.abs(error[i]) < WITHIN);
      this.#frame.push(this.#frames);
    });
    this.#frames += 1;
  }

  /** Scores of one temperature; NaN without any pixel. */
  at(scale: number): TemperatureScores {
    const weight = this.#weights();
    let [nll, confidence, within10, all] = [0, 0, 0, 0];
    this.#scale.forEach((b, i) => {
      const w = weight[this.#frame[i]];
      const p = Math.min(1 - 1e-6, Math.max(1e-6, 1 - Math.exp(-WITHIN / (scale * b))));
      nll -= w * Math.log(this.#hit[i] ? p : 1 - p);
      confidence += w * p;
      if (this.#hit[i]) within10 += w;
      all += w;
    });
    return { scale, nll: nll / all, confidence: confidence / all, within10: within10 / all };
  }

  /** The temperature of the largest likelihood, by golden section: the likelihood has one maximum. Undefined without any pixel. */
  best(): TemperatureScores | undefined {
    if (this.#scale.length === 0) return undefined;
    const ratio = (Math.sqrt(5) - 1) / 2;
    let [low, high] = [-Math.log(MOST_TEMPERATURE), Math.log(MOST_TEMPERATURE)];
    const cost = (log: number): number => this.at(Math.exp(log)).nll;
    let [a, b] = [high - ratio * (high - low), low + ratio * (high - low)];
    let [costA, costB] = [cost(a), cost(b)];
    while (high - low > 1e-3) {
      if (costA < costB) {
        [high, b, costB] = [b, a, costA];
        a = high - ratio * (high - low);
        costA = cost(a);
      } else {
        [low, a, costA] = [a, b, costB];
        b = low + ratio * (high - low);
        costB = cost(b);
      }
    }
    return this.at(Math.exp((low + high) / 2));
  }

  /** Of a pixel of each frame, so that frames count alike. */
  #weights(): Float64Array {
    const counts = new Float64Array(this.#frames);
    for (const frame of this.#frame) counts[frame] += 1;
    return counts.map((count) => (count === 0 ? 0 : 1 / count));
  }
}
