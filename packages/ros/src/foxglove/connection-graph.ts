import type { RosBridge } from '../bridge/bridge.js';
import { NODE_SERVICES } from '../services/node-services.js';

const NODE = '/sextant';

type Ids = ReadonlyMap<string, readonly string[]>;

/** What one client was told of the connection graph: of that each update says what is another now (ws-protocol, `connectionGraphUpdate`). */
export class ConnectionGraph {
  #published: Ids = new Map();
  #subscribed: Ids = new Map();
  #services: Ids = new Map();

  /** Sends the next update, unless the client knows all; the first one has everything. What `send` says was not sent is told the next time. */
  tell(bridge: RosBridge, send: (update: object) => boolean): void {
    const published: Ids = new Map(bridge.topics.filter(({ name }) => bridge.isOwn(name)).map(({ name }) => [name, [NODE]]));
    const subscribed: Ids = new Map(
      Object.entries(bridge.stats()).flatMap(([name, { subscribers }]) => (subscribers > 0 ? [[name, Array.from({ length: subscribers }, (_, i) => `client ${i + 1}`)] as const] : [])),
    );
    const services: Ids = new Map(NODE_SERVICES.map(({ name }) => [name, [NODE]]));
    const removedTopics = [...new Set([...this.#published.keys(), ...this.#subscribed.keys()])].filter((name) => !published.has(name) && !subscribed.has(name));
    const gone = new Set(removedTopics);
    const update = {
      op: 'connectionGraphUpdate',
      publishedTopics: changes(this.#published, published, gone).map(([name, publisherIds]) => ({ name, publisherIds })),
      subscribedTopics: changes(this.#subscribed, subscribed, gone).map(([name, subscriberIds]) => ({ name, subscriberIds })),
      advertisedServices: changes(this.#services, services, gone).map(([name, providerIds]) => ({ name, providerIds })),
      removedTopics,
      removedServices: [], // the node's stay
    };
    const known = update.publishedTopics.length + update.subscribedTopics.length + update.advertisedServices.length + removedTopics.length === 0;
    if (!known && send(update)) [this.#published, this.#subscribed, this.#services] = [published, subscribed, services];
  }
}

/** Names whose ids are others now, with these; none for one that lost all and is not gone altogether. */
function changes(before: Ids, now: Ids, gone: ReadonlySet<string>): (readonly [string, readonly string[]])[] {
  const lost = [...before.keys()].filter((name) => !now.has(name) && !gone.has(name));
  return [...[...now].filter(([name, ids]) => before.get(name)?.join() !== ids.join()), ...lost.map((name) => [name, []] as const)];
}
