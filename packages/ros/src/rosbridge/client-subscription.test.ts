import { describe, expect, it } from '@jest/globals';
import { VirtualTimeScheduler } from 'rxjs';
import { createBridge } from '../bridge/bridge.js';
import { syntheticPerception } from '../../../../test/support/synthetic.js';
import { RosbridgeSession } from './session.js';

const TOPIC = '/sextant/skeleton/keypoints';

/** Frames every 100 ms from t = 0 for `frames` frames; returns [time, frame number] of what arrived. */
function run(options: object, frames: number, more?: (session: RosbridgeSession, at: (ms: number, act: () => void) => void) => void): { got: [number, number][]; dropped: number } {
  const scheduler = new VirtualTimeScheduler(undefined, 60_000);
  const bridge = createBridge({ scheduler });
  const got: [number, number][] = [];
  const first = syntheticPerception(0).frame.stamp;
  const session = new RosbridgeSession(bridge, {
    bufferedAmount: 0,
    send(data, done) {
      const message = JSON.parse(data as string) as { op: string; msg: { data: string } };
      if (message.op === 'publish') {
        const { stamp } = JSON.parse(message.msg.data) as { stamp: { sec: number; nanosec: number } };
        const ns = BigInt(stamp.sec) * 1_000_000_000n + BigInt(stamp.nanosec);
        got.push([scheduler.now(), Number((ns - first) / 33_333_333n)]);
      }
      done();
    },
  });
  session.receive(JSON.stringify({ op: 'subscribe', id: 'a', topic: TOPIC, ...options }));
  more?.(session, (ms, act) => scheduler.schedule(act, ms));
  for (let i = 0; i < frames; i++) {
    scheduler.schedule(() => {
      bridge.publish(syntheticPerception(i));
    }, i * 100);
  }
  scheduler.flush();
  return { got, dropped: bridge.stats()[TOPIC]?.dropped ?? -1 };
}

describe('subscribe in virtual time', () => {
  it('sends every message without a throttle', () => {
    expect(run({}, 3)).toEqual({ got: [[0, 0], [100, 1], [200, 2]], dropped: 0 });
  });

  it('throttle_rate skips what comes too early', () => {
    expect(run({ throttle_rate: 250 }, 8).got).toEqual([[0, 0], [300, 3], [600, 6]]);
  });

  it('queue_length 1 sends the newest when the throttle ends, also after the last frame', () => {
    expect(run({ throttle_rate: 250, queue_length: 1 }, 5).got).toEqual([[0, 0], [250, 2], [500, 4]]);
  });

  it('queue_length n keeps order and loses the oldest; wished-for losses are no drops', () => {
    expect(run({ throttle_rate: 1000, queue_length: 2 }, 5)).toEqual({ got: [[0, 0], [1000, 3], [2000, 4]], dropped: 0 });
  });

  it('merges the ids of one client: one message, the smallest throttle; unsubscribing one id keeps the other', () => {
    const second = { op: 'subscribe', id: 'b', topic: TOPIC, throttle_rate: 200 };
    expect(run({ throttle_rate: 1000 }, 5, (s) => { s.receive(JSON.stringify(second)); }).got.map(([t]) => t)).toEqual([0, 200, 400]);
    const gone = run({ throttle_rate: 1000 }, 12, (s) => {
      s.receive(JSON.stringify(second));
      s.receive(JSON.stringify({ op: 'unsubscribe', id: 'b', topic: TOPIC }));
    });
    expect(gone.got.map(([t]) => t)).toEqual([0, 1000]);
  });

  it.each([
    ['without a queue', {}, [[0, 0], [300, 3], [400, 4]]],
    ['with a queue, whose message it does not let wait', { queue_length: 1 }, [[0, 0], [250, 2], [300, 3], [400, 4]]],
  ])('a faster subscription does not wait out the throttle of the first, %s', (_what, queue, got) => {
    const fast = { op: 'subscribe', id: 'fast', topic: TOPIC, throttle_rate: 0, ...queue };
    expect(run({ throttle_rate: 60_000, ...queue }, 5, (session, at) => {
      at(250, () => { session.receive(JSON.stringify(fast)); });
    })).toEqual({ got, dropped: 0 });
  });

  it('a message waits longer where the faster subscription goes', () => {
    const fast = { op: 'subscribe', id: 'fast', topic: TOPIC, throttle_rate: 150, queue_length: 1 };
    expect(run({ throttle_rate: 1000, queue_length: 1 }, 5, (session, at) => {
      session.receive(JSON.stringify(fast));
      at(120, () => { session.receive(JSON.stringify({ op: 'unsubscribe', id: 'fast', topic: TOPIC })); });
    }).got).toEqual([[0, 0], [1000, 4]]);
  });
});
