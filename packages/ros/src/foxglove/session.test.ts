import { describe, expect, it } from '@jest/globals';
import { createBridge } from '../bridge/bridge.js';
import type { RosBridge } from '../bridge/bridge.js';
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
