import { describe, expect, it } from '@jest/globals';
import { TopicTable } from './topic-table.js';
import { Topic } from './topic.js';

const POSE = 'geometry_msgs/msg/PoseStamped';
const own = (name: string): Topic => new Topic({ name, type: 'sensor_msgs/msg/Image', latched: false, large: true });

describe('TopicTable', () => {
  it('makes a client\'s topic once, and forgets it when nobody listens', () => {
    const table = new TopicTable();
    const names: string[][] = [];
    table.topics$.subscribe((topics) => names.push(topics.map(({ name }) => name)));
    const topic = table.ensure('/robot/pose', 'geometry_msgs/PoseStamped', true);
    expect(topic).toMatchObject({ name: '/robot/pose', type: POSE, latched: true, large: false });
    expect(table.ensure('/robot/pose', POSE, false)).toBe(topic);
    const stop = topic.listen(() => undefined);
    table.release('/robot/pose');
    expect(table.get('/robot/pose')).toBe(topic);
    stop();
    table.release('/robot/pose');
    table.release('/robot/pose');
    expect(names).toEqual([[], ['/robot/pose'], []]);
  });

  it('keeps a topic while somebody advertises it, also when listeners leave', () => {
    const table = new TopicTable();
    const topic = table.advertise('/robot/pose', POSE, false);
    expect(table.advertise('/robot/pose', POSE, false)).toBe(topic);
    topic.listen(() => undefined)();
    table.release('/robot/pose');
    table.unadvertise('/robot/pose');
    expect(table.get('/robot/pose')).toBe(topic);
    const stop = topic.listen(() => undefined);
    table.unadvertise('/robot/pose');
    expect(table.get('/robot/pose')).toBe(topic); // a listener waits for the next publisher
    stop();
    table.release('/robot/pose');
    expect(table.get('/robot/pose')).toBeUndefined();
    expect(() => table.advertise('/robot/pose', 'my_msgs/Pose', false)).toThrow(/not known/);
    table.ensure('/robot/pose', POSE, false);
    table.release('/robot/pose');
    expect(table.get('/robot/pose')).toBeUndefined(); // what was refused counts for nothing
  });

  it('keeps its own topics, and those of bodies until they are removed', () => {
    const table = new TopicTable();
    const [depth, body] = [own('/sextant/depth/image'), own('/humans/bodies/b1/roi')];
    table.addOwn(depth);
    table.addOwn(body);
    for (const { name } of [depth, body]) table.release(name);
    expect(table.all).toEqual([depth, body]);
    table.ensure('/robot/pose', POSE, false);
    expect([depth.name, body.name, '/humans/bodies/b2/roi', '/robot/pose'].map((name) => table.isOwn(name))).toEqual([true, true, true, false]);
    table.disown(body);
    expect(table.get(body.name)).toBeUndefined();
  });

  it('refuses another type, names that are none, unknown types and too many', () => {
    const table = new TopicTable();
    table.addOwn(own('/sextant/depth/image'));
    const refused = (name: string, type: string): unknown => {
      try {
        return table.ensure(name, type, false);
      } catch (error) {
        return error;
      }
    };
    expect(refused('/sextant/depth/image', POSE)).toMatchObject({ code: 'protocol', message: `topic /sextant/depth/image has type sensor_msgs/msg/Image, not ${POSE}` });
    expect(refused('robot/pose', POSE)).toMatchObject({ code: 'protocol', message: '"robot/pose" is not a topic name' });
    expect(refused('/robot/pose', 'my_msgs/Pose')).toMatchObject({ code: 'protocol', message: 'message type "my_msgs/Pose" is not known to this build' });
    for (let i = 1; i < 1000; i += 1) table.ensure(`/client/t${i}`, POSE, false);
    expect(refused('/client/one_more', POSE)).toMatchObject({ code: 'too-large', message: 'there are 1000 topics already' });
    expect(() => table.need('/nope')).toThrow(/unknown topic "\/nope"/);
  });

  it('ends its list with the bridge', () => {
    const table = new TopicTable();
    let ended = false;
    table.topics$.subscribe({ complete: () => (ended = true) });
    table.close();
    expect(ended).toBe(true);
  });
});
