import type { Person } from '@sextant/core';
import { SIZE_BANDS, sizeBand } from './size-bands.js';
import type { BySize } from './size-bands.js';
import type { TruePerson } from './skeleton.js';

/** Where the joints of the people who were found went; NaN when nothing could be compared. */
export interface SkeletonBreakdown {
  /** PCK@0.1 of seen joints, people who were not found left out. */
  readonly pck01Found: number;
  /** PCK@0.1 after the better of the skeleton and its mirror image (left for right), chosen for each person by the truth. */
  readonly pck01FoundMirrored: number;
  /** Share of the people found whose mirror image fits better. */
  readonly peopleMirrored: number;
  /** Share of the paired seen joints (all but the nose) that lie within reach of their counterpart's place and not of their own. */
  readonly leftRightSwapped: number;
  /** PCK@0.1 by the longer side of the true box, people who were not found counted as wrong. */
  readonly pck01BySize: BySize;
  /** Share of people found by the longer side of the true box. */
  readonly recallBySize: BySize;
  /** PCK@0.1 of each joint, people who were not found counted as wrong. */
  readonly pck01ByJoint: Readonly<Record<string, number>>;
}

/** COCO's joint on the other side of the body. */
const MIRROR: readonly number[] = [0, 2, 1, 4, 3, 6, 5, 8, 7, 10, 9, 12, 11, 14, 13, 16, 15];
/** Joints by kind, left and right together. */
const JOINTS = ['nose', 'eyes', 'ears', 'shoulders', 'elbows', 'wrists', 'hips', 'knees', 'ankles'] as const;
const REACH = 0.1;

interface Tally {
  hits: number;
  all: number;
}
const share = ({ hits, all }: Tally): number => hits / all;
const count = (tally: Tally, hit: boolean): void => {
  tally.all += 1;
  if (hit) tally.hits += 1;
};
const tally = (): Tally => ({ hits: 0, all: 0 });

/** Accumulates how joints are mistaken, person by person; seen joints (`visible` 2) only. */
export class SkeletonConfusion {
  readonly #found = tally();
  readonly #better = tally();
  readonly #people = tally();
  readonly #swapped = tally();
  readonly #bands = SIZE_BANDS.map(() => ({ joints: tally(), people: tally() }));
  readonly #joints = JOINTS.map(tally);

  /** Adds a true person and the prediction matched with them; undefined: nobody was found. */
  add(prediction: Pick<Person, 'keypoints'> | undefined, truth: TruePerson): void {
    const longer = Math.max(truth.box[2], truth.box[3]);
    const band = this.#bands[sizeBand(longer)];
    count(band.people, prediction !== undefined);
    let [given, mirrored, seen] = [0, 0, 0];
    truth.keypoints.forEach((place, j) => {
      if (place.visible !== 2) return;
      seen += 1;
      const near = (joint: number): boolean => {
        const said = prediction?.keypoints[joint];
        return said !== undefined && said.score > 0 && Math.hypot(said.x - place.x, said.y - place.y) <= REACH * longer;
      };
      const [hit, counterpart] = [near(j), near(MIRROR[j])];
      if (hit) given += 1;
      if (counterpart) mirrored += 1;
      count(band.joints, hit);
      count(this.#joints[(j + 1) >> 1], hit);
      if (prediction && MIRROR[j] !== j) count(this.#swapped, counterpart && !hit);
    });
    if (!prediction || seen === 0) return;
    count(this.#people, mirrored > given);
    this.#found.hits += given;
    this.#found.all += seen;
    this.#better.hits += Math.max(given, mirrored);
    this.#better.all += seen;
  }

  /** The breakdown so far. */
  result(): SkeletonBreakdown {
    const bands = (of: (band: { joints: Tally; people: Tally }) => Tally): BySize => Object.fromEntries(SIZE_BANDS.map(({ name }, b) => [name, share(of(this.#bands[b]))])) as BySize;
    return {
      pck01Found: share(this.#found), pck01FoundMirrored: share(this.#better), peopleMirrored: share(this.#people), leftRightSwapped: share(this.#swapped),
      pck01BySize: bands(({ joints }) => joints), recallBySize: bands(({ people }) => people),
      pck01ByJoint: Object.fromEntries(JOINTS.map((name, j) => [name, share(this.#joints[j])])),
    };
  }
}
