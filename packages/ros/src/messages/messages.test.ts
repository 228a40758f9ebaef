import { describe, expect, it } from '@jest/globals';
import { parse } from '@foxglove/rosmsg';
import { PERCEPTION_TOPICS } from '../topics/registry.js';
import { definitionText } from './definition-text.js';
import { definitionsOf, normaliseType } from './definitions.js';
import { messageFromJson } from './from-json.js';

describe('definitionText', () => {
  it('carries a type with its dependencies', () => {
    const bar = '='.repeat(80);
    expect(definitionText('sensor_msgs/msg/Image')).toBe(
      `std_msgs/Header header\nuint32 height\nuint32 width\nstring encoding\nuint8 is_bigendian\nuint32 step\nuint8[] data\n${bar}\n` +
        `MSG: std_msgs/Header\nbuiltin_interfaces/Time stamp\nstring frame_id\n${bar}\nMSG: builtin_interfaces/Time\nint32 sec\nuint32 nanosec\n`,
    );
  });

  it('parses back to the definitions it came from, for every topic', () => {
    for (const { type } of PERCEPTION_TOPICS) {
      const parsed = parse(definitionText(type), { ros2: true });
      const [root] = definitionsOf(type);
      expect(parsed[0]?.definitions.map((f) => [f.name, f.isArray])).toEqual(root?.definitions.map((f) => [f.name, f.isArray ?? undefined]));
      expect(parsed.length).toBeGreaterThanOrEqual(definitionsOf(type).length);
    }
  });
});

describe('normaliseType', () => {
  it('takes ROS 1 and ROS 2 spellings', () => {
    expect(normaliseType('sensor_msgs/Image')).toBe('sensor_msgs/msg/Image');
    expect(normaliseType('sensor_msgs/msg/Image')).toBe('sensor_msgs/msg/Image');
    expect(normaliseType('nonsense')).toBe('nonsense');
  });
});

describe('messageFromJson', () => {
  it('turns base64 and number arrays into bytes, and takes both spellings of time', () => {
    const message = messageFromJson('sensor_msgs/msg/Image', { header: { stamp: { secs: 1, nsecs: 2 }, frame_id: 'x' }, data: 'AQI=' });
    expect(message).toEqual({ header: { stamp: { sec: 1, nanosec: 2 }, frame_id: 'x' }, data: Uint8Array.of(1, 2) });
    expect(messageFromJson('sensor_msgs/msg/Image', { data: [3] })).toEqual({ data: Uint8Array.of(3) });
  });

  it.each<[string, unknown, RegExp]>([
    ['std_msgs/msg/String', { data: 5 }, /msg\.data must be string, got 5/],
    ['std_msgs/msg/String', 'hello', /must be std_msgs\/String, got "hello"/],
    ['std_msgs/msg/String', { text: 'x' }, /no field "text" \(fields: data\)/],
    ['sensor_msgs/msg/Image', { width: -1 }, /width must be uint32, got -1/],
    ['sensor_msgs/msg/Image', { width: 1.5 }, /width must be uint32/],
    ['sensor_msgs/msg/Image', { data: [256] }, /data\[0\] must be uint8, got 256/],
    ['sensor_msgs/msg/CameraInfo', { k: [1, 2] }, /k must have 9 items, got 2/],
    ['sensor_msgs/msg/Image', { header: { stamp: 3 } }, /stamp must be time/],
  ])('refuses %s %j', (type, json, message) => {
    expect(() => messageFromJson(type, json)).toThrow(message);
  });
});
