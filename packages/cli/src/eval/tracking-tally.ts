import type { Person } from '@sextant/core';
import { OverlapLinks, SAME_THING, TrackingMetrics, boxIoU, compareMasks, maskOverlap, oks } from '@sextant/model';
import type { TrackedFrame, TrackingScores, TruePerson } from '@sextant/model';
import type { Figures, Report } from './report.js';

/** True masks below so many pixels of the picture (a square of 8) do not count, nor do people below it. */
export const LEAST_PIXELS = 64;

/** Instances of one frame at the picture's size: ids per pixel, 0 none. */
export interface MaskFrame {
  readonly truth: Uint16Array;
  /** 1 where there may be things whose id nobody knows. */
  readonly unknown?: Uint8Array;
  /** As the model numbers them in each frame, and after `track()`. */
  readonly predicted: Uint16Array;
  readonly tracked: Uint16Array;
}

/** A true person of a frame. */
export interface FollowedPerson {
  readonly id: number;
  readonly truth: TruePerson;
  /** False for people without a known skeleton or too small to count: what shows them is neither right nor wrong. */
  readonly counts: boolean;
}

/** The ways to give ids that are compared: the model's under its name, the others as baselines. */
const WAYS = ['tracked', 'frameOrder', 'overlap', 'truth'] as const;
type Way = (typeof WAYS)[number];

/** New id of each prediction of a frame, by its own. */
type Renaming = ReadonlyMap<number, number>;

/** One kind of thing, followed in several ways. */
class Followed {
  readonly #metrics = new Map(WAYS.map((way) => [way, new TrackingMetrics()]));
  #frames: Record<Way, TrackedFrame[]> = { tracked: [], frameOrder: [], overlap: [], truth: [] };
  #count = 0;

  add(frame: TrackedFrame, tracked: Renaming, overlap: Renaming): void {
    const renamed = (ids: Renaming): TrackedFrame => ({ ...frame, predicted: frame.predicted.map((id) => ids.get(id)!) });
    this.#frames.frameOrder.push(frame);
    this.#frames.tracked.push(renamed(tracked));
    this.#frames.overlap.push(renamed(overlap));
    this.#frames.truth.push(renamed(this.#byTruth(frame)));
    this.#count += 1;
  }

  /** What shows a true thing gets the id of that thing, what shows none a new one (below 0, where no true id is). */
  #byTruth({ truth, predicted, likeness }: TrackedFrame): Renaming {
    const shownBy = truth.map(() => -1);
    // One skeleton may fit two people, another one of them: whoever can give way does, so that as many as possible are shown (Kuhn 1955).
    const place = (p: number, tried: Set<number>): boolean => truth.some((_, t) => {
      if (tried.has(t) || !(likeness[t * predicted.length + p] >= SAME_THING)) return false;
      tried.add(t);
      if (shownBy[t] >= 0 && !place(shownBy[t], tried)) return false;
      shownBy[t] = p;
      return true;
    });
    for (const p of predicted.keys()) place(p, new Set());
    return new Map(predicted.map((id, p) => {
      const t = shownBy.indexOf(p);
      return [id, t >= 0 ? truth[t] : -1 - this.#frames.truth.length * 65_536 - p];
    }));
  }

  endSequence(): void {
    for (const way of WAYS) this.#metrics.get(way)!.addSequence(this.#frames[way]);
    this.#frames = { tracked: [], frameOrder: [], overlap: [], truth: [] };
  }

  report(kind: string): Report | undefined {
    const [ours, ...others] = WAYS.map((way) => this.#metrics.get(way)!.result());
    if (ours.tracks === 0) return undefined;
    const { tracks, sightings, sequences } = ours;
    return {
      task: 'tracking', set: `world-${kind}`, items: sequences, frames: this.#count,
      metrics: { ...figures(ours), tracks, sightings },
      baselines: Object.fromEntries(others.map((scores, i) => [WAYS[i + 1], figures(scores)])),
    };
  }
}

const figures = ({ idf1, idp, idr, mota, switches, fragmentations, missed, invented }: TrackingScores): Figures =>
  ({ idf1, idp, idr, mota, switches, fragmentations, missed, invented });

/** Masks of one kind: what `Followed` needs of them. */
class FollowedMasks {
  readonly followed = new Followed();
  #links = new OverlapLinks();
  #before: Uint16Array | undefined;

  add({ truth, unknown, predicted, tracked }: MaskFrame): void {
    const { columns, iou } = maskOverlap(this.#before ?? new Uint16Array(predicted.length), predicted);
    const links = this.#links.next(columns.length, iou);
    this.#before = predicted;
    const lasting = new Map<number, number>();
    predicted.forEach((id, i) => {
      if (id > 0) lasting.set(id, tracked[i]);
    });
    this.followed.add(compareMasks(truth, predicted, LEAST_PIXELS, unknown), lasting, new Map(columns.map((id, c) => [id, links[c]])));
  }

  endSequence(): void {
    this.#links = new OverlapLinks();
    this.#before = undefined;
    this.followed.endSequence();
  }
}

/**
 * How well ids last: of people's masks, of skeletons, of all things' masks. Beside `track()` (the model's row) stand ids in the order
 * of each frame, ids by the overlap of two frames alone, and ids given by the truth, the best that these masks and skeletons allow.
 */
export class TrackingTally {
  readonly #people = new FollowedMasks();
  readonly #things = new FollowedMasks();
  readonly #skeletons = new Followed();
  #links = new OverlapLinks();
  #before: readonly Person[] = [];

  /** Adds the masks of a frame: those of people alone, and of all things (people with them). */
  addMasks(people: MaskFrame, things: MaskFrame): void {
    this.#people.add(people);
    this.#things.add(things);
  }

  /** Adds the skeletons of a frame, in the picture's pixels: people as the model lists them, the ids that `track()` gave them, and the true ones. */
  addSkeletons(people: readonly Person[], tracked: readonly number[], truth: readonly FollowedPerson[]): void {
    const places = people.map((_, p) => p + 1); // the order of the frame is the place in its list
    const links = this.#links.next(people.length, this.#before.flatMap((before) => people.map((now) => boxIoU(before.box, now.box))));
    this.#before = people;
    this.#skeletons.add(compareSkeletons(people, truth), new Map(places.map((place, p) => [place, tracked[p]])), new Map(places.map((place, p) => [place, links[p]])));
  }

  /** Ends the frames of one world. */
  endSequence(): void {
    this.#people.endSequence();
    this.#things.endSequence();
    this.#skeletons.endSequence();
    this.#links = new OverlapLinks();
    this.#before = [];
  }

  /** A report of each kind of which the truth shows anything. */
  reports(): readonly Report[] {
    return [this.#people.followed.report('people'), this.#skeletons.report('skeletons'), this.#things.followed.report('things')].filter((report) => report !== undefined);
  }
}

/** Skeletons that count, as `compareMasks` decides for masks; likeness is OKS, ids of predictions are their places from 1 on. */
export function compareSkeletons(people: readonly Person[], truth: readonly FollowedPerson[]): TrackedFrame {
  const counted = truth.filter(({ counts }) => counts);
  const aside = truth.filter(({ counts }) => !counts);
  const kept = people.flatMap((person, p) => {
    const right = counted.some(({ truth: shown }) => oks(person, shown) >= SAME_THING);
    return right || !aside.some(({ truth: shown }) => shareInside(person.box, shown.box) > 0.5) ? [p] : [];
  });
  return {
    truth: counted.map(({ id }) => id), predicted: kept.map((p) => p + 1),
    likeness: counted.flatMap(({ truth: shown }) => kept.map((p) => oks(people[p], shown))),
  };
}

/** Share of a box that lies inside another, 0..1. */
function shareInside([x, y, width, height]: Person['box'], [left, top, w, h]: Person['box']): number {
  const across = Math.min(x + width, left + w) - Math.max(x, left);
  const down = Math.min(y + height, top + h) - Math.max(y, top);
  return across > 0 && down > 0 ? (across * down) / (width * height) : 0;
}
