import { describe, expect, it } from '@jest/globals';
import type { Perception } from '@sextant/core';
import { createBridge } from '../bridge/bridge.js';
import type { RosBridge } from '../bridge/bridge.js';
import { syntheticPerception } from '../../../../test/support/synthetic.js';
import { FoxgloveSession } from './session.js';

interface Op {
  readonly op: string;
  readonly level?: number;
  readonly channels?: readonly { readonly id: number; readonly topic: string }[];
}

/** A client whose socket takes everything at once. */
function connect(bridge: RosBridge) {
  const ops: Op[] = [];
  const send = (data: Uint8Array | string, done: () => void): void => {
    if (typeof data === 'string') ops.push(JSON.parse(data) as Op);
    done();
  };
  const session = new FoxgloveSession(bridge, { bufferedAmount: 0, send }, { sessionId: 'test', sendBufferLimit: 1e6, clock: false });
  return {
    ops, session, tell: (op: unknown) => { session.receive(JSON.stringify(op)); },
    channel: (name: string) => ops.flatMap(({ op, channels }) => (op === 'advertise' ? (channels ?? []) : [])).findLast(({ topic }) => topic === name)?.id,
  };
}

describe('topics of Foxglove clients', () => {
  const chat = { topic: '/chat', encoding: 'json', schemaName: 'std_msgs/msg/String' };

  it('stay while one client advertises them, whoever stops listening or publishing', () => {
    const bridge = createBridge();
    const [a, b, c] = [connect(bridge), connect(bridge), connect(bridge)];
    for (const { tell } of [a, c]) tell({ op: 'advertise', channels: [{ id: 1, ...chat }] });
    b.tell({ op: 'subscribe', subscriptions: [{ id: 1, channelId: b.channel('/chat') }] });
    b.tell({ op: 'unsubscribe', subscriptionIds: [1] });
    c.tell({ op: 'unadvertise', channelIds: [1] });
    expect(bridge.topic('/chat')).toBeDefined();
    a.session.close();
    expect(bridge.topic('/chat')).toBeUndefined();
    expect([...a.ops, ...b.ops, ...c.ops].filter(({ op }) => op === 'status')).toEqual([]);
  });

  it('go with their last listener, where the publisher went before', () => {
    const bridge = createBridge();
    const [a, b] = [connect(bridge), connect(bridge)];
    a.tell({ op: 'advertise', channels: [{ id: 1, ...chat }] });
    b.tell({ op: 'subscribe', subscriptions: [{ id: 1, channelId: b.channel('/chat') }] });
    a.session.close();
    expect(bridge.topic('/chat')).toBeDefined();
    b.session.close();
    expect(bridge.topic('/chat')).toBeUndefined();
  });
});

describe('what Foxglove clients are told of changes', () => {
  it('the connection graph whole, then what is another, and what went', () => {
    const bridge = createBridge();
    const { ops, tell, channel } = connect(bridge);
    const updates = (): unknown[] => ops.filter(({ op }) => op === 'connectionGraphUpdate');
    const nothing = { op: 'connectionGraphUpdate', publishedTopics: [], subscribedTopics: [], advertisedServices: [], removedTopics: [], removedServices: [] };
    tell({ op: 'subscribeConnectionGraph' });
    expect(updates()).toEqual([expect.objectContaining({ subscribedTopics: [], removedTopics: [], publishedTopics: expect.arrayContaining([{ name: '/rosout', publisherIds: ['/sextant'] }]) })]);
    const topic = '/sextant/depth/image';
    tell({ op: 'subscribe', subscriptions: [{ id: 1, channelId: channel(topic) }] });
    tell({ op: 'unsubscribe', subscriptionIds: [1] });
    const alone = (i: number): Perception => ({ ...syntheticPerception(i), skeleton: { width: 32, height: 24, people: [] } });
    bridge.publish(syntheticPerception(0));
    bridge.publish(alone(200)); // the body is gone for more than two seconds
    const body = ['/humans/bodies/b00007/skeleton2d', '/humans/bodies/b00007/roi'];
    expect(updates().slice(1)).toEqual([
      { ...nothing, subscribedTopics: [{ name: topic, subscriberIds: ['client 1'] }] },
      { ...nothing, subscribedTopics: [{ name: topic, subscriberIds: [] }] },
      ...body.map((name) => ({ ...nothing, publishedTopics: [{ name, publisherIds: ['/sextant'] }] })),
      ...body.map((name) => ({ ...nothing, removedTopics: [name] })),
    ]);
    tell({ op: 'subscribeConnectionGraph' });
    expect(updates().at(-1)).toMatchObject({ publishedTopics: expect.arrayContaining([{ name: topic, publisherIds: ['/sextant'] }]) });
  });

  it('parameters until they unsubscribe from them, from all by naming none', () => {
    const bridge = createBridge();
    const { ops, tell } = connect(bridge);
    tell({ op: 'subscribeParameterUpdates', parameterNames: [] });
    bridge.parameters.set({ rate: 5 });
    tell({ op: 'unsubscribeParameterUpdates', parameterNames: [] });
    bridge.parameters.set({ rate: 6 });
    expect(ops.filter(({ op }) => op === 'parameterValues')).toEqual([{ op: 'parameterValues', parameters: [{ name: '/sextant.rate', value: 5, type: 'float64' }] }]);
  });
});
