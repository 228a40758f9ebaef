import { describe, expect, it } from '@jest/globals';
import type { Perception, ReferredMap } from '@sextant/core';
import { VirtualTimeScheduler } from 'rxjs';
import { syntheticPerception } from '../../../../test/support/synthetic.js';
import type { IdsList, Log, TFMessage } from '../messages/types.js';
import { createBridge } from './bridge.js';
import type { Publication } from './publication.js';

/** Compression is done by threads of a machine that may be busy. */
const until = async (done: () => boolean): Promise<void> => {
  for (let i = 0; i < 2000 && !done(); i++) await new Promise((resolve) => setTimeout(resolve, 5));
};
/** With a confidence and something found by name. */
const sure = (index: number): Perception & { readonly referred: ReferredMap } => {
  const p = syntheticPerception(index);
  const { width, height, labels } = p.segmentation!;
  const referred = { width, height, phrase: 'the person', count: 1, probability: Float32Array.from(labels, (label) => (label === 1 ? 0.75 : 0.125)), threshold: 0.5, regions: Uint16Array.from(labels, (label) => (label === 1 ? 1 : 0)) };
  return { ...p, referred, depth: { ...p.depth!, confidence: new Float32Array(p.depth!.metres.length).fill(0.5) } };
};

describe('laziness', () => {
  const all = createBridge().topics.filter(({ name }) => !['/diagnostics', '/rosout'].includes(name)).map(({ name }) => name);

  it.each(all.filter((name) => name !== '/sextant/depth/relative'))('%s alone is built when it alone has a listener', async (name) => {
    const bridge = createBridge();
    const heard: Publication[] = [];
    bridge.subscribe(name, (p) => {
      p.cdr();
      heard.push(p);
    });
    for (let i = 0; i < 3; i++) bridge.publish(sure(i));
    await until(() => heard.length > 0);
    expect(heard.length).toBeGreaterThan(0);
    for (const [topic, { built, encoded }] of Object.entries(bridge.stats())) {
      if (topic === name) expect(Math.min(built, encoded)).toBeGreaterThan(0);
      else expect([topic, built, encoded]).toEqual([topic, 0, 0]);
    }
    await bridge.close();
  });

  it('publishes what the prompt names as a segmentation, and says whether somebody wants it', () => {
    const bridge = createBridge();
    const wanted: boolean[] = [];
    bridge.referredWanted$.subscribe((yes) => wanted.push(yes));
    const got = new Map<string, Record<string, unknown>>();
    const held = ['mask', 'instances', 'probability', 'label_info', 'detections'].map((name) => bridge.subscribe(`/sextant/referred/${name}`, ({ message }) => void got.set(name, message as Record<string, unknown>)));
    const perception = sure(0);
    const { regions, probability } = perception.referred;
    bridge.publish(perception);
    expect(got.get('mask')).toMatchObject({ encoding: 'mono8', data: Uint8Array.from(regions) });
    expect(got.get('instances')).toMatchObject({ encoding: '16UC1' });
    expect(got.get('probability')).toMatchObject({ encoding: '32FC1', data: new Uint8Array(probability.buffer) });
    expect(got.get('label_info')).toMatchObject({ class_map: [{ class_id: 0, class_name: 'background' }, { class_id: 1, class_name: 'the person' }] });
    expect(got.get('detections')).toMatchObject({ detections: [{ id: '1', results: [{ hypothesis: { class_id: '1', score: 0.75 } }] }] });
    // Another phrase is another class table.
    bridge.publish({ ...perception, referred: { ...perception.referred, phrase: 'a dog' } });
    expect(got.get('label_info')).toMatchObject({ class_map: [{}, { class_name: 'a dog' }] });
    for (const subscription of held) subscription.unsubscribe();
    expect(wanted).toEqual([false, true, false]);
  });

  it('wants no modality that nobody listens to', () => {
    const bridge = createBridge();
    let wanted: readonly string[] = [];
    bridge.wanted$.subscribe((modalities) => (wanted = [...modalities]));
    const held = [bridge.subscribe('/sextant/depth/image/compressedDepth', () => undefined), bridge.subscribe('/humans/bodies/tracked', () => undefined)];
    expect(wanted).toEqual(['depth', 'skeleton']);
    for (const subscription of held) subscription.unsubscribe();
    expect(wanted).toEqual([]);
  });
});

describe('compressed topics', () => {
  it('compress one picture at a time: the first and the newest, and count the rest', async () => {
    const bridge = createBridge();
    const stamps: bigint[] = [];
    bridge.subscribe('/sextant/rgb/image_raw/compressed', (p) => stamps.push(p.stamp));
    const sent = Array.from({ length: 6 }, (_, i) => syntheticPerception(i));
    for (const perception of sent) bridge.publish(perception);
    await until(() => stamps.length === 2);
    expect(stamps).toEqual([sent[0].frame.stamp, sent[5].frame.stamp]);
    expect(bridge.drops.snapshot()).toEqual({ compression: 4 });
    await bridge.close();
  });
});

describe('parameters while running', () => {
  it('change what is published from the next frame on', () => {
    const bridge = createBridge();
    const encodings: unknown[] = [];
    bridge.subscribe('/sextant/depth/image', (p) => encodings.push((p.message as { encoding: string }).encoding));
    bridge.publish(sure(0));
    bridge.parameters.set({ 'depth.encoding': '16UC1' });
    bridge.publish(sure(1));
    bridge.parameters.set({ 'depth.encoding': '32FC1', 'depth.confidence_threshold': 0.6 });
    bridge.subscribe('/sextant/depth/points', (p) => encodings.push((p.message as { width: number }).width));
    bridge.parameters.set({ 'points.organised': false });
    bridge.publish(sure(2));
    expect(encodings).toEqual(['32FC1', '16UC1', '32FC1', 0]);
  });

  it('hold clouds to their own rate, by stamps', () => {
    const bridge = createBridge({ parameters: { 'points.rate': 10 } });
    let clouds = 0;
    bridge.subscribe('/sextant/depth/points', () => clouds++);
    for (let i = 0; i < 90; i++) bridge.publish(syntheticPerception(i)); // 3 s at 30 Hz
    expect(clouds).toBeGreaterThanOrEqual(29);
    expect(clouds).toBeLessThanOrEqual(31);
  });

  it('move the camera in /tf_static, which is told once per place and to late listeners', () => {
    const bridge = createBridge({ parameters: { 'camera_pose.z': 0.5 } });
    for (let i = 0; i < 3; i++) bridge.publish(syntheticPerception(i));
    const heights: number[] = [];
    bridge.subscribe('/tf_static', (p) => heights.push((p.message as TFMessage).transforms[0].transform.translation.z));
    bridge.publish(syntheticPerception(3));
    bridge.parameters.set({ 'camera_pose.z': 1.5 });
    bridge.publish(syntheticPerception(4));
    bridge.parameters.set({ publish_tf: false });
    bridge.publish(syntheticPerception(5));
    expect(heights).toEqual([0.5, 1.5]);
  });
});

describe('/tf_static', () => {
  const framesOf = (parameters: Record<string, unknown>, frameId = 'camera_optical_frame'): { frames: string[]; warned: string[] } => {
    const bridge = createBridge({ parameters });
    const [frames, warned]: [string[], string[]] = [[], []];
    bridge.log$.subscribe(({ message }) => warned.push(message));
    bridge.subscribe('/tf_static', (p) => frames.push(...(p.message as TFMessage).transforms.map((t) => `${t.header.frame_id} -> ${t.child_frame_id}`)));
    for (let i = 0; i < 3; i++) {
      const perception = syntheticPerception(i);
      bridge.publish({ ...perception, frame: { ...perception.frame, frameId } });
    }
    return { frames, warned };
  };
  const optical = 'camera_link -> camera_optical_frame';

  it.each([
    ['the camera alone where nobody said where it sits', {}, [optical]],
    ['the base where a pose is given', { 'camera_pose.z': 0.3 }, ['base_link -> camera_link', optical]],
    ['the base where it is named, by its default too', { base_frame: 'base_link' }, ['base_link -> camera_link', optical]],
    ['nothing where it is off', { publish_tf: false, base_frame: 'base_link' }, []],
  ])('has %s', (_what, parameters, frames) => {
    expect(framesOf(parameters)).toEqual({ frames, warned: [] });
  });

  it('makes no frame its own parent, and says so once', () => {
    const warned = [expect.stringContaining('the frame camera_link would be its own parent')];
    expect(framesOf({ 'camera_pose.x': 1 }, 'camera_link')).toEqual({ frames: ['base_link -> camera_link'], warned });
    expect(framesOf({ base_frame: 'camera_link' })).toEqual({ frames: [optical], warned });
  });
});

describe('bodies (REP-155)', () => {
  it('have topics while they are seen and two seconds more', () => {
    const bridge = createBridge();
    const lists: (readonly string[])[] = [];
    bridge.topics$.subscribe((topics) => lists.push(topics.map(({ name }) => name).filter((name) => name.startsWith('/humans/bodies/b'))));
    const ids: string[][] = [];
    bridge.subscribe('/humans/bodies/tracked', (p) => ids.push((p.message as IdsList).ids));
    bridge.publish(syntheticPerception(0));
    expect(lists.at(-1)).toEqual(['/humans/bodies/b00007/skeleton2d', '/humans/bodies/b00007/roi']);
    let points = 0;
    const held = bridge.subscribe('/humans/bodies/b00007/skeleton2d', () => points++);
    bridge.publish(syntheticPerception(1));
    expect(points).toBe(1);
    const alone = (i: number): Perception => ({ ...syntheticPerception(i), skeleton: { width: 32, height: 24, people: [] } });
    bridge.publish(alone(30));
    expect(lists.at(-1)).toHaveLength(2);
    bridge.publish(alone(200)); // more than two seconds on
    expect(lists.at(-1)).toEqual([]);
    held.unsubscribe();
    expect(ids).toEqual([['b00007'], ['b00007'], [], []]);
    expect(bridge.isOwn('/humans/bodies/b00007/roi')).toBe(true);
  });
});

describe('listeners to a body', () => {
  const TOPIC = '/humans/bodies/b00007/skeleton2d';
  const alone = (i: number): Perception => ({ ...syntheticPerception(i), skeleton: { width: 32, height: 24, people: [] } });

  it('who came before the body hear it, and nothing is computed for them before it is there or after it went', () => {
    const bridge = createBridge();
    let [heard, wanted]: [number, readonly string[]] = [0, []];
    bridge.wanted$.subscribe((modalities) => (wanted = [...modalities]));
    bridge.ensureTopic(TOPIC, 'hri_msgs/msg/Skeleton2D');
    const held = bridge.subscribe(TOPIC, () => heard++);
    bridge.publish(syntheticPerception(0));
    expect([heard, wanted]).toEqual([1, ['skeleton']]);
    bridge.publish(alone(200)); // more than two seconds on
    expect(wanted).toEqual([]);
    expect(bridge.topics.some(({ name }) => name === TOPIC)).toBe(false);
    bridge.publish(syntheticPerception(201));
    expect([heard, wanted]).toEqual([2, ['skeleton']]);
    bridge.publish(alone(400));
    held.unsubscribe();
    expect(bridge.topic(TOPIC)).toBeUndefined();
  });

  it('a placeholder that nobody listens to any more goes', () => {
    const bridge = createBridge();
    bridge.ensureTopic(TOPIC, 'hri_msgs/msg/Skeleton2D');
    bridge.subscribe(TOPIC, () => undefined).unsubscribe();
    bridge.releaseTopic(TOPIC);
    expect(bridge.topic(TOPIC)).toBeUndefined();
  });
});

describe('the time of a replay', () => {
  it('is told before the frame\'s own messages, and is that of /diagnostics and /rosout', () => {
    const scheduler = new VirtualTimeScheduler();
    const bridge = createBridge({ clock: true, scheduler });
    const order: string[] = [];
    const stamps: unknown[] = [];
    for (const name of ['/sextant/depth/image', '/clock']) bridge.subscribe(name, () => order.push(name));
    bridge.subscribe('/rosout', ({ message }) => stamps.push((message as Log).stamp));
    const perception = syntheticPerception(3);
    bridge.publish(perception);
    bridge.log('warning', 'slow');
    expect(order).toEqual(['/clock', '/sextant/depth/image']);
    const { stamp } = perception.frame;
    const time = { sec: Number(stamp / 1_000_000_000n), nanosec: Number(stamp % 1_000_000_000n) };
    expect([...stamps, bridge.diagnosticsNow().header.stamp]).toEqual([time, time]);
  });
});

describe('stability of depth', () => {
  it('is measured along the flow: nothing for a still scene, the flicker where it flickers', () => {
    const flicker = (amount: number): number => {
      const bridge = createBridge();
      const listener = bridge.subscribe('/diagnostics', () => undefined);
      for (let i = 0; i < 40; i++) {
        const p = syntheticPerception(0);
        const metres = p.depth!.metres.map((z, k) => z * (1 + amount * (((k * 7919 + i * 104_729) % 1000) / 500 - 1)));
        bridge.publish({ ...p, depth: { ...p.depth!, metres }, flow: { ...p.flow!, pixels: new Float32Array(p.flow!.pixels.length) } });
      }
      listener.unsubscribe();
      const { values } = bridge.diagnosticsNow().status[0];
      return Number(values.find(({ key }) => key === 'depth change % per frame')?.value);
    };
    expect(flicker(0)).toBe(0);
    const [little, much] = [flicker(0.02), flicker(0.1)];
    expect(little).toBeGreaterThan(0.5);
    expect(little).toBeLessThan(3);
    expect(much / little).toBeGreaterThan(3.5);
  });
});
