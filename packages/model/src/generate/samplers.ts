import { noiseLevels } from './schedule.js';

/** Methods that follow the flow from noise (t = 1) to a signal (t = 0). */
export const SAMPLERS = ['euler', 'heun', 'renoise'] as const;
/** One of `SAMPLERS`. */
export type SamplerName = (typeof SAMPLERS)[number];

/** The clean signals that a network sees in what it is shown: one prediction of x for each tensor of `z`, at noise level `t`. */
export type Look = (z: readonly Float32Array[], t: number) => Promise<readonly Float32Array[]>;

/** How noise is taken away. */
export interface SamplePlan {
  readonly sampler: SamplerName;
  readonly steps: number;
  readonly shift: number;
  /** Noise level that `z` has: steps of higher levels are left out. @default 1 */
  readonly from?: number;
  /** Fills new noise for tensor `index`, for samplers that need some at every step. */
  readonly noise: (out: Float32Array, index: number, step: number) => void;
  /** After each step, with the signals as they would be now; a rejection ends the sampling with it. */
  readonly onStep?: (step: number, clean: readonly Float32Array[]) => Promise<void> | void;
}

/** Looks at the network that a plan costs. */
export function countLooks({ sampler, steps }: Pick<SamplePlan, 'sampler' | 'steps'>): number {
  return sampler === 'heun' ? 2 * steps - 1 : steps;
}

/**
 * Integrates dz/dt = noise - x from 1 (or `from`) to 0, in place: `z` holds noise first and the signals in the end. Velocity comes from the
 * prediction of x, (z - x) / t; a network that predicts velocity v gives x = z - t v, which is the same.
 */
export async function sample(z: readonly Float32Array[], look: Look, plan: SamplePlan): Promise<void> {
  const { sampler, steps, shift, from = 1, noise, onStep } = plan;
  const levels = noiseLevels(steps, shift);
  for (let step = 0; step < steps; step++) {
    const [now, then] = [Math.min(levels[step], from), levels[step + 1]];
    if (then >= from) continue;
    const clean = await look(z, now);
    if (sampler === 'heun' && then > 0) {
      const ahead = z.map((values, k) => along(values, clean[k], now, then));
      const later = await look(ahead, then);
      z.forEach((values, k) => {
        const [here, there, moved] = [clean[k], later[k], ahead[k]];
        for (let i = 0; i < values.length; i++) {
          values[i] += (then - now) * 0.5 * ((values[i] - here[i]) / now + (moved[i] - there[i]) / then);
        }
      });
    } else if (sampler === 'renoise') {
      z.forEach((values, k) => {
        if (then > 0) noise(values, k, step);
        const x = clean[k];
        for (let i = 0; i < values.length; i++) values[i] = (1 - then) * x[i] + (then > 0 ? then * values[i] : 0);
      });
    } else {
      z.forEach((values, k) => values.set(along(values, clean[k], now, then)));
    }
    await onStep?.(step + 1, clean);
  }
}

/** One Euler step. Returns a fresh array. */
function along(z: Float32Array, x: Float32Array, now: number, then: number): Float32Array {
  const out = new Float32Array(z.length);
  if (then === 0) out.set(x); // without the rounding of z + (0 - t) (z - x) / t
  else for (let i = 0; i < z.length; i++) out[i] = z[i] + (then - now) * ((z[i] - x[i]) / now);
  return out;
}
