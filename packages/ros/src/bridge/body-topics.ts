import type { Perception, Person } from '@sextant/core';
import { bodies, bodyId, bodyRegion, skeleton2d } from '../topics/bodies.js';
import type { PublicationMaker } from './perception-topic.js';
import { BODIES, type TopicTable } from './topic-table.js';
import { Topic } from './topic.js';

/** A body that was not seen for so long, by the frames' stamps, loses its topics. */
const GONE_NS = 2_000_000_000n;

const KINDS = [
  { name: 'skeleton2d', type: 'hri_msgs/msg/Skeleton2D', convert: skeleton2d },
  { name: 'roi', type: 'hri_msgs/msg/NormalizedRegionOfInterest2D', convert: bodyRegion },
] as const;

/** `/humans/bodies/<id>/...` (REP-155): topics that come with a person and go with them, whoever listens: ids are not used again. */
export class BodyTopics {
  readonly #bodies = new Map<string, { seen: bigint; readonly topics: readonly Topic[] }>();

  constructor(private readonly table: TopicTable, private readonly maker: PublicationMaker) {}

  /** True while somebody listens to any body. */
  get wanted(): boolean {
    return [...this.#bodies.values()].some(({ topics }) => topics.some(({ wanted }) => wanted));
  }

  /** True when bodies came or went. */
  offer(perception: Perception): boolean {
    if (perception.skeleton === undefined) return false;
    const { stamp } = perception.frame;
    let changed = false;
    for (const person of bodies(perception)) changed = this.#offer(perception, person) || changed;
    for (const [id, { seen, topics }] of this.#bodies) {
      const age = stamp > seen ? stamp - seen : seen - stamp;
      if (age <= GONE_NS) continue;
      this.#bodies.delete(id);
      for (const topic of topics) this.table.disown(topic);
      changed = true;
    }
    return changed;
  }

  #offer(perception: Perception, person: Person): boolean {
    const id = bodyId(person);
    let body = this.#bodies.get(id);
    const came = body === undefined;
    if (body === undefined) {
      const topics = KINDS.map(({ name, type }) => this.table.addOwn(new Topic({ name: `${BODIES}${id}/${name}`, type, latched: false, large: false, modality: 'skeleton' })));
      this.#bodies.set(id, (body = { seen: 0n, topics }));
    }
    const { stamp } = perception.frame;
    body.seen = stamp;
    KINDS.forEach(({ convert }, i) => {
      const topic = body.topics[i];
      if (topic.wanted) topic.offer(this.maker.publication(topic, stamp, () => convert(perception, person) as object));
    });
    return came;
  }
}
