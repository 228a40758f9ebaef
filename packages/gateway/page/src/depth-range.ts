/** How fast the range follows the scene, per frame. */
const FOLLOW = 0.15;
const SAMPLES = 2048;

/** The 2nd and 98th percentile of recent depth maps, smoothed so that colours do not flicker. */
export class DepthRange {
  #near: number | undefined;
  #far: number | undefined;

  /** Takes in one map; undefined until a valid depth was seen. */
  follow(metres: Float32Array): { near: number; far: number } | undefined {
    const step = Math.max(1, Math.floor(metres.length / SAMPLES));
    const sample = metres.filter((z, i) => i % step === 0 && z > 0 && z < Infinity).sort();
    const near = sample[Math.floor(0.02 * (sample.length - 1))];
    const far = sample[Math.ceil(0.98 * (sample.length - 1))];
    if (near !== undefined && far !== undefined) {
      this.#near = this.#near === undefined ? near : this.#near + FOLLOW * (near - this.#near);
      this.#far = this.#far === undefined ? far : this.#far + FOLLOW * (far - this.#far);
    }
    return this.#near === undefined || this.#far === undefined ? undefined : { near: this.#near, far: Math.max(this.#far, this.#near * 1.01) };
  }
}
