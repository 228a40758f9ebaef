import { describe, expect, it } from '@jest/globals';
import { parseSourceSpec } from './source-spec.js';

describe('parseSourceSpec', () => {
  it.each([
    ['sim:', { kind: 'sim', seed: 36 }],
    ['sim', { kind: 'sim', seed: 36 }],
    ['sim:4294967295', { kind: 'sim', seed: 4294967295 }],
    ['clip.mp4', { kind: 'path', path: 'clip.mp4' }],
    ['a folder/with: colon', { kind: 'path', path: 'a folder/with: colon' }],
    ['C:\\clips\\a.mp4', { kind: 'path', path: 'C:\\clips\\a.mp4' }],
    ['file:///tmp/a.mp4', { kind: 'path', path: '/tmp/a.mp4' }],
    ['dir:shots', { kind: 'pictures', path: 'shots' }],
    ['v4l2:/dev/video2', { kind: 'v4l2', device: '/dev/video2' }],
    ['/dev/video2', { kind: 'v4l2', device: '/dev/video2' }],
    ['/dev/v4l/by-id/usb-Maker_Camera-video-index0', { kind: 'v4l2', device: '/dev/v4l/by-id/usb-Maker_Camera-video-index0' }],
    ['/data/rosbag2_a#/camera/image_raw', { kind: 'bag', path: '/data/rosbag2_a', topic: '/camera/image_raw' }],
    ['bag:/data/rosbag2_a', { kind: 'bag', path: '/data/rosbag2_a' }],
    ['bag:/data/run#1#/camera/image_raw', { kind: 'bag', path: '/data/run#1', topic: '/camera/image_raw' }],
    ['bag:rec/bag.mcap#/camera/image_raw', { kind: 'bag', path: 'rec/bag.mcap', topic: '/camera/image_raw' }],
    ['clip#1/a.mp4', { kind: 'path', path: 'clip#1/a.mp4' }],
    ['bag.mcap', { kind: 'bag', path: 'bag.mcap' }],
    ['/data/run 1/bag.mcap#/camera/image_raw', { kind: 'bag', path: '/data/run 1/bag.mcap', topic: '/camera/image_raw' }],
    ['ros:camera/image_raw', { kind: 'ros', transport: 'native', topic: '/camera/image_raw' }],
    ['rosbridge:/camera/image_raw/compressed', { kind: 'ros', transport: 'rosbridge', topic: '/camera/image_raw/compressed' }],
    ['rtsp://host:554/x', { kind: 'rtsp', url: 'rtsp://host:554/x' }],
  ])('%s', (text, expected) => expect(parseSourceSpec(text)).toEqual(expected));

  it.each([
    ['', 'bad-argument'],
    ['sim:seven', 'bad-argument'],
    ['sim:-1', 'bad-argument'],
    ['sim:4294967296', 'bad-argument'],
    ['sim:1e3', 'bad-argument'],
    ['dir:', 'bad-argument'],
    ['bag:', 'bad-argument'],
    ['bag:#/a', 'bad-argument'],
    ['file:', 'bad-argument'],
    ['http://host/x', 'bad-argument'],
    ['bag.db3', 'unsupported'],
    ['ros:', 'bad-argument'],
    ['ros:/a//b', 'bad-argument'],
  ])('refuses "%s": %s', (text, code) => expect(() => parseSourceSpec(text)).toThrow(expect.objectContaining({ code })));

  it('shows no password in what it refuses', () => {
    expect(() => parseSourceSpec('rtps://me:secret@host/x')).toThrow(expect.objectContaining({ message: expect.stringContaining("'rtps://me:***@host/x'"), details: { spec: 'rtps://me:***@host/x' } }));
  });

  it.each([
    ['/data/run.mcap.zstd', /^Decompress it: zstd -d \/data\/run\.mcap\.zstd\. /],
    ['bags/run.mcap.zst#/camera/image_raw', /^Decompress it: zstd -d bags\/run\.mcap\.zst\. /],
    ['run.db3.zstd', /^Decompress it: zstd -d run\.db3\.zstd, then make an MCAP of it: ros2 bag convert\. /],
  ])('says how to decompress "%s"', (text, hint) =>
    expect(() => parseSourceSpec(text)).toThrow(expect.objectContaining({ code: 'unsupported', message: `the source '${text}' is a recording that is compressed as a whole`, hint: expect.stringMatching(hint) })));
});
