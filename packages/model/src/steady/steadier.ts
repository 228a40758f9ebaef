import { SextantError, type DepthMap, type Perception } from '@sextant/core';
import { laplaceScale } from '../codecs/laplace.js';
import { carryOver, type Carried } from './carry-over.js';
import { fitGlobalChange, type GlobalChange } from './global-change.js';

/** Time over which depth is averaged at a strength of 1, seconds. */
const LONGEST_S = 0.25;
/** A longer pause between two frames is another stream. */
const MAX_GAP_NS = 1_000_000_000n;
/** Old and new depth agree within this many standard deviations and this ratio; else the new one stands alone. */
const DEVIATIONS = 2;
const AGREE = Math.log(1.12);
/** Weight of the newest innovation in the tracking signal. */
const SIGNAL = 0.15;
/** Tracking signals up to the first are noise, from the second on the depth really changes. */
const [NOISE, CHANGE] = [0.4, 0.75];
/** Scales of a head below the first are not believed; above the second (confidences below .01, and 0 itself) they say no more than that depth is unknown. */
const [LEAST_B, MOST_B] = [0.01, 10];
/** Pixels that take part in the fit of the global change. */
const SAMPLES = 1200;

export interface SteadyOptions {
  /** 0 (every frame as inferred) to 1 (averaged over about a quarter of a second). @default 0.5 */
  readonly strength?: number;
}

/** The strength of the options. @throws SextantError `bad-argument` for one outside 0..1. */
export function checkStrength({ strength = 0.5 }: SteadyOptions): number {
  if (strength >= 0 && strength <= 1) return strength;
  throw new SextantError('bad-argument', `steady cannot have a strength of ${strength}`, { hint: 'Give a strength from 0 to 1.', details: { strength } });
}

/** What is kept of a frame. */
type Stamped = Carried & { readonly stamp: bigint };

/** All that a steadier knows, opaque: what `structuredClone` and `v8.serialize` take, for this version of the package only. */
export interface SteadierState {
  readonly state: Stamped | undefined;
  readonly last: bigint | undefined;
  readonly scale: { readonly signed: number; readonly absolute: number };
}

/** Averages depth over time along the flow. See `steady()`. */
export class Steadier {
  readonly #seconds: number;
  #state: Stamped | undefined;
  #last: bigint | undefined;
  /** Tracking signal of the whole picture's scale. */
  #scale = { signed: 0, absolute: 0 };

  /** @throws SextantError `bad-argument` for a strength outside 0..1. */
  constructor(options: SteadyOptions = {}) {
    this.#seconds = checkStrength(options) * LONGEST_S;
  }

  /** A steadier that goes on as the one whose state this is would; the state is its own from then on. @throws SextantError as the constructor. */
  static from({ state, last, scale }: SteadierState, options: SteadyOptions = {}): Steadier {
    const steadier = new Steadier(options);
    steadier.#state = state;
    steadier.#last = last;
    steadier.#scale = { ...scale };
    return steadier;
  }

  /** What it knows after the last update: a view, to be copied before the next one. */
  get state(): SteadierState {
    return { state: this.#state, last: this.#last, scale: this.#scale };
  }

  /** The same perception with depth averaged; a new map where it changed. Perceptions come in the order of their stamps. */
  update(perception: Perception): Perception {
    const { depth, flow, reset, frame: { stamp } } = perception;
    const last = this.#last;
    this.#last = stamp;
    if (!depth?.confidence || this.#seconds === 0) {
      this.#begin(undefined);
      return perception;
    }
    const measured = measurement(depth);
    const state = this.#state;
    const gap = state ? stamp - state.stamp : 0n;
    // Flow that is counted from another frame, as where perceptions are left out, leads nowhere.
    const continues = state && flow && !reset && state.stamp === last && (flow.since === undefined || flow.since === last) && gap > 0n && gap <= MAX_GAP_NS && state.width === depth.width && state.height === depth.height;
    if (!continues) {
      this.#begin({ ...measured, stamp });
      return perception;
    }
    const fused = this.#fuse(measured, carryOver(state, flow), Number(gap) / 1e9);
    this.#state = { ...fused, stamp };
    return { ...perception, depth: { ...depth, metres: fused.log.map(Math.exp) } };
  }

  /** Forgets all from before: the scale's signal is of what is no longer averaged, too. */
  #begin(state: Stamped | undefined): void {
    this.#state = state;
    this.#scale = { signed: 0, absolute: 0 };
  }

  #fuse(measured: Carried, expected: Carried, seconds: number): Carried {
    const { width, height, log } = measured;
    const change = globalChange(measured, expected);
    // Flicker of scale is held back unless it keeps going the same way.
    const steadyGain = seconds / (seconds + this.#seconds);
    const scaleGain = Math.max(steadyGain, trackingSignal(this.#scale, change.scale));
    const held = (1 - scaleGain) * change.scale;
    const out = { width, height, log: new Float32Array(log.length), variance: new Float32Array(log.length), signed: new Float32Array(log.length), absolute: new Float32Array(log.length) };
    const growth = (seconds / this.#seconds) ** 2;
    const signal = { signed: 0, absolute: 0 };
    for (let i = 0; i < log.length; i++) {
      const noise = measured.variance[i];
      const now = log[i] - held;
      const prior = expected.variance[i] + growth * noise;
      const before = expected.log[i] + change.motion(acrossOf(i, width), downOf(i, width, height), Math.exp(-expected.log[i])) + scaleGain * change.scale;
      const innovation = now - before;
      // NaN, where either is missing, disagrees.
      const agrees = Math.abs(innovation) <= Math.min(AGREE, DEVIATIONS * Math.sqrt(prior + noise));
      if (!agrees) {
        out.log[i] = now;
        out.variance[i] = noise;
        continue;
      }
      signal.signed = expected.signed[i];
      signal.absolute = expected.absolute[i];
      const gain = Math.max(prior / (prior + noise), trackingSignal(signal, innovation));
      out.log[i] = before + gain * innovation;
      out.variance[i] = gain * noise; // what a Kalman filter of that gain leaves
      out.signed[i] = signal.signed;
      out.absolute[i] = signal.absolute;
    }
    return out;
  }
}

/**
 * Trigg and Leach's tracking signal (1967): the size of the mean innovation against the mean size. Innovations that keep
 * their sign are change, not noise, and nothing may be averaged then: 1. Signs that alternate give 0. Updates `state`.
 */
function trackingSignal(state: { signed: number; absolute: number }, innovation: number): number {
  state.signed += SIGNAL * (innovation - state.signed);
  state.absolute += SIGNAL * (Math.abs(innovation) - state.absolute);
  const ratio = state.absolute > 0 ? Math.abs(state.signed) / state.absolute : 0;
  return Math.max(0, Math.min(1, (ratio - NOISE) / (CHANGE - NOISE)));
}

/** One inference as ln z with the variance of its Laplace error. */
function measurement({ width, height, metres, confidence }: DepthMap): Carried {
  const n = metres.length;
  const variance = Float32Array.from({ length: n }, (_, i) => 2 * Math.min(MOST_B, Math.max(LEAST_B, laplaceScale(confidence![i]))) ** 2);
  return { width, height, log: metres.map((z) => (z > 0 ? Math.log(z) : NaN)), variance, signed: new Float32Array(n), absolute: new Float32Array(n) };
}

function globalChange(measured: Carried, expected: Carried): GlobalChange {
  const { width, height, log, variance } = measured;
  const step = Math.max(1, Math.floor(log.length / SAMPLES));
  const rows: number[] = [];
  for (let i = 0; i < log.length; i += step) {
    const change = log[i] - expected.log[i];
    if (!(Math.abs(change) < 0.5)) continue;
    rows.push(change, acrossOf(i, width), downOf(i, width, height), Math.exp(-expected.log[i]), 1e-3 / (variance[i] + expected.variance[i]));
  }
  return fitGlobalChange(Float64Array.from(rows));
}

/** Place of a pixel from -1 to 1. */
const acrossOf = (i: number, width: number): number => (2 * (i % width) + 1) / width - 1;
const downOf = (i: number, width: number, height: number): number => (2 * Math.floor(i / width) + 1) / height - 1;
