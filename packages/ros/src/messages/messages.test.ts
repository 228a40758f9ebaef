import { describe, expect, it } from '@jest/globals';
import { parse } from '@foxglove/rosmsg';
import { decodeCdr, encodeCdr } from '../encoding/cdr.js';
import { encodeJson } from '../encoding/json.js';
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
    expect(message).toMatchObject({ header: { stamp: { sec: 1, nanosec: 2 }, frame_id: 'x' }, data: Uint8Array.of(1, 2) });
    expect(messageFromJson('sensor_msgs/msg/Image', { data: [3] })).toMatchObject({ data: Uint8Array.of(3) });
  });

  it('gives missing fields their defaults, also inside of other messages', () => {
    expect(messageFromJson('geometry_msgs/msg/Twist', { angular: { z: 0.3 } })).toEqual({ linear: { x: 0, y: 0, z: 0 }, angular: { x: 0, y: 0, z: 0.3 } });
    const header = { stamp: { sec: 0, nanosec: 0 }, frame_id: '' };
    expect(messageFromJson('sensor_msgs/msg/Image', {})).toEqual({ header, height: 0, width: 0, encoding: '', is_bigendian: 0, step: 0, data: new Uint8Array(0) });
    const info = messageFromJson('sensor_msgs/msg/CameraInfo', {});
    expect(info).toMatchObject({ header, d: [], k: Array(9).fill(0), roi: { x_offset: 0, do_rectify: false } });
    // Declared defaults: the rotation that is none, and a status that nobody knows.
    expect(messageFromJson('geometry_msgs/msg/Pose', { position: { x: 1 } })).toEqual({ position: { x: 1, y: 0, z: 0 }, orientation: { x: 0, y: 0, z: 0, w: 1 } });
    expect(messageFromJson('sensor_msgs/msg/NavSatFix', {})).toMatchObject({ status: { status: -2 }, position_covariance: Array(9).fill(0) });
    expect(messageFromJson('vision_msgs/msg/Detection2DArray', { detections: [{ id: 'a' }] })).toMatchObject({ detections: [{ id: 'a', header, results: [], bbox: { center: { theta: 0 } } }] });
  });

  it('gives the message that is read back from its CDR', () => {
    for (const { type } of PERCEPTION_TOPICS) {
      const message = messageFromJson(type, {});
      expect(JSON.parse(encodeJson(decodeCdr(type, encodeCdr(type, message))))).toEqual(JSON.parse(encodeJson(message)));
    }
  });

  it('takes lists of 64-bit integers', () => {
    const parameter = messageFromJson('rcl_interfaces/msg/ParameterValue', { integer_value: -3, integer_array_value: [1, -2] });
    expect(parameter).toMatchObject({ integer_value: -3n, integer_array_value: BigInt64Array.of(1n, -2n) });
    expect(decodeCdr('rcl_interfaces/msg/ParameterValue', encodeCdr('rcl_interfaces/msg/ParameterValue', parameter))).toMatchObject({ integer_array_value: BigInt64Array.of(1n, -2n) });
    expect(messageFromJson('std_msgs/msg/UInt64MultiArray', { data: [5] })).toMatchObject({ layout: { dim: [], data_offset: 0 }, data: BigUint64Array.of(5n) });
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
    ['sensor_msgs/msg/Image', { header: { stamp: { sec: 2 ** 31, nanosec: 0 } } }, /stamp\.sec must be int32, got 2147483648/],
    ['sensor_msgs/msg/Image', { header: { stamp: { secs: 1, nsecs: -1 } } }, /stamp\.nanosec must be uint32, got -1/],
  ])('refuses %s %j', (type, json, message) => {
    expect(() => messageFromJson(type, json)).toThrow(message);
  });

  it('refuses a small message that would fill the memory', () => {
    expect(() => messageFromJson('visualization_msgs/msg/MarkerArray', { markers: Array(30_000).fill({}) })).toThrow(/more than 1000000 fields are missing/);
  });
});
