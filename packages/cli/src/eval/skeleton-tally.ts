import type { Person } from '@sextant/core';
import { MeanPoseFit, SkeletonConfusion, boxIoU, matchPeople, meanPose, oks, pck } from '@sextant/model';
import type { TruePerson } from '@sextant/model';
import type { Report } from './report.js';

/** Found and labelled joints. */
class Share {
  found = 0;
  labelled = 0;

  add({ found, labelled }: { readonly found: number; readonly labelled: number }): void {
    this.found += found;
    this.labelled += labelled;
  }

  get value(): number {
    return this.labelled === 0 ? Number.NaN : this.found / this.labelled;
  }
}

/** A person with only the joints that can be seen (COCO's v = 2) labelled. */
const seen = (person: TruePerson): TruePerson => ({
  ...person, keypoints: person.keypoints.map((k) => (k.visible === 2 ? k : { ...k, visible: 0 })),
});

/** How a joint's place is scored: within 0.1 and 0.2 of the box's longer side, and 0.1 with the hidden joints too. */
class JointScores {
  readonly pck01 = new Share();
  readonly pck02 = new Share();
  readonly pck01All = new Share();

  add(prediction: Person | undefined, truth: TruePerson): { readonly found: number; readonly labelled: number } {
    const clear = pck(prediction, seen(truth));
    this.pck01.add(clear);
    this.pck02.add(pck(prediction, seen(truth), 0.2));
    this.pck01All.add(pck(prediction, truth));
    return clear;
  }
}

/** A true person of a picture, and what the model found when shown that person alone. */
export interface ScoredPerson {
  readonly truth: TruePerson;
  /** False for people too small to score, or without a labelled (or any known) joint: they only take their prediction. */
  readonly scored: boolean;
  /** Where one was looked for in a crop around the true box: in the picture's pixels, undefined when nobody was found. */
  readonly inBox?: Person | undefined;
}

/** The person of a crop that is most likely the one it was made for: the best overlap with the true box, then the score. */
export function personInBox(people: readonly Person[], box: TruePerson['box']): Person | undefined {
  const likeness = (person: Person): number => boxIoU(person.box, box) + 1e-3 * person.score;
  return people.reduce<Person | undefined>((best, person) => (best === undefined || likeness(person) > likeness(best) ? person : best), undefined);
}

/** Whether more than half of a box lies inside one of the crowds. */
function inCrowd([left, top, width, height]: Person['box'], crowds: readonly TruePerson['box'][]): boolean {
  return crowds.some(([x, y, w, h]) => {
    const [across, down] = [Math.min(left + width, x + w) - Math.max(left, x), Math.min(top + height, y + h) - Math.max(top, y)];
    return across > 0 && down > 0 && across * down > 0.5 * width * height;
  });
}

/** Skeleton scores of a set beside those of the mean pose put into each true box. Joints of all pictures are pooled. */
export class SkeletonTally {
  readonly #picture = new JointScores();
  readonly #box = new JointScores();
  readonly #confusion = new SkeletonConfusion();
  readonly #people: TruePerson[] = [];
  readonly #items = new Set<string>();
  #oks = 0;
  #oksBox = 0;
  #recalled = 0;
  #false = 0;
  #frames = 0;

  /**
   * Adds one picture; returns its share of seen joints found within 0.1, NaN where nobody is scored.
   *
   * @param crowds boxes of people whom nobody annotated one by one: who is found there, and matches nobody, is not invented (as COCO counts)
   */
  add(item: string, predictions: readonly Person[], people: readonly ScoredPerson[], crowds: readonly TruePerson['box'][] = []): number {
    this.#items.add(item);
    this.#frames += 1;
    const match = matchPeople(predictions, people.map(({ truth }) => truth));
    const here = new Share();
    people.forEach(({ truth, scored, inBox }, t) => {
      if (!scored) return;
      const prediction = match[t] === -1 ? undefined : predictions[match[t]];
      here.add(this.#picture.add(prediction, truth));
      this.#box.add(inBox, truth);
      this.#confusion.add(prediction, truth);
      this.#people.push(truth);
      this.#oks += prediction === undefined ? 0 : oks(prediction, truth);
      this.#oksBox += inBox === undefined ? 0 : oks(inBox, truth);
      if (prediction !== undefined) this.#recalled += 1;
    });
    this.#false += predictions.filter(({ box }, p) => !match.includes(p) && !inCrowd(box, crowds)).length;
    return here.value;
  }

  /** The report; undefined when nobody was scored. */
  report(set: string): Report | undefined {
    const people = this.#people.length;
    if (people === 0) return undefined;
    const mean = new JointScores();
    let meanOks = 0;
    this.#people.forEach((truth) => {
      // The mean of all the others: a person must not be their own baseline.
      const fit = new MeanPoseFit();
      for (const other of this.#people) if (other !== truth) fit.add(other);
      const pose = meanPose(fit.result(), truth.box);
      mean.add(pose, truth);
      meanOks += oks(pose, truth);
    });
    const shares = ({ pck01, pck02, pck01All }: JointScores): Readonly<Record<'pck01' | 'pck02' | 'pck01All', number>> =>
      ({ pck01: pck01.value, pck02: pck02.value, pck01All: pck01All.value });
    const box = shares(this.#box);
    return {
      task: 'skeleton', set, items: this.#items.size, frames: this.#frames,
      metrics: {
        ...shares(this.#picture), oks: this.#oks / people, pck01Box: box.pck01, pck02Box: box.pck02, pck01AllBox: box.pck01All, oksBox: this.#oksBox / people,
        recall: this.#recalled / people, falsePeople: this.#false / this.#frames, people, ...this.#confusion.result(),
      },
      baselines: { meanPose: { ...shares(mean), oks: meanOks / people } },
    };
  }
}
