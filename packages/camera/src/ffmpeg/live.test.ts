import { readFileSync } from 'node:fs';
import { describe, expect, it, jest } from '@jest/globals';
import type { Frame } from '@sextant/core';
import { fakeFfmpeg } from '../../test/ffmpeg.js';
import { ManualClock } from '../../test/manual-clock.js';
import { scratch } from '../../test/media.js';
import type { SourceIssue } from '../source-options.js';
import { redactUrl } from '../redact-url.js';
import { rtsp } from '../sources/rtsp.js';
import { v4l2 } from '../sources/v4l2.js';
import { video } from '../sources/video.js';
import type { LiveOptions, LiveSource } from './live.js';
import { liveStream } from './live.js';

jest.setTimeout(60_000); // they start processes, and machines are busy
const root = scratch();
const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};
const pids = (path: string): number[] => readFileSync(`${path}.log`, 'utf8').trim().split('\n').map((line) => Number(line.split(' ')[0]));

/** Runs a live source on a clock that does not wait until it ends or `count` frames came. */
function watch(script: string, count: number, options: LiveOptions = {}, source: Partial<LiveSource> = {}, taken: (frame: Frame) => void = () => {}): Promise<{ path: string; frames: Frame[]; issues: SourceIssue[]; error: unknown; clock: ManualClock }> {
  const path = fakeFfmpeg(root, script);
  const clock = new ManualClock();
  const [frames, issues]: [Frame[], SourceIssue[]] = [[], []];
  return new Promise((resolve) => {
    const end = (error: unknown): void => resolve({ path, frames, issues, error, clock });
    const subscription = liveStream({ name: 'cam', input: () => ['-i', 'cam'], ...source }, { ffmpeg: path, onIssue: (i) => issues.push(i), ...options }, clock).subscribe({
      next: (frame) => {
        frames.push(frame);
        clock.advance(40);
        taken(frame);
        if (frames.length < count) return;
        queueMicrotask(() => subscription.unsubscribe());
        end(undefined);
      },
      error: end,
      complete: () => end('completed'),
    });
  });
}

describe('live sources', () => {
  it('emit frames as they come, on the wall clock', async () => {
    const { frames } = await watch('for (let n = 0; n < 3; n += 1) frame(n, n + 1); await sleep(60000);', 3);
    expect(frames.map((f) => [f.width, f.height, f.rgb[0], f.rgb[23], f.sequence])).toEqual([[4, 2, 1, 1, 0], [4, 2, 2, 2, 1], [4, 2, 3, 3, 2]]);
    const start = 1_700_000_000_000_000_000n;
    for (const [i, frame] of frames.entries()) expect(frame.stamp - start).toBe(BigInt(i * 40) * 1_000_000n);
  });

  it('get a lost camera back, wait longer from try to try, and count the gap in sequence', async () => {
    const { frames, issues, clock } = await watch(
      'if (runs === 0 || runs === 3) { for (let n = 0; n < 20; n += 1) frame(n, 9); } else say("[error] cam: No such device"); if (runs === 3) await sleep(60000);',
      22,
    );
    expect(clock.sleeps).toEqual([500, 1000, 2000]);
    expect(issues.map((i) => i.kind)).toEqual(['disconnected', 'disconnected', 'disconnected']);
    expect(frames.slice(0, 20).map((f) => f.sequence)).toEqual([...Array(20).keys()]);
    const gap = frames[20].sequence - frames[19].sequence;
    expect(Math.abs(gap - (3500 + 40) / 40)).toBeLessThan(10); // by the rate measured before
    expect(frames[21].sequence - frames[20].sequence).toBe(1);
    expect(frames[20].stamp > frames[19].stamp).toBe(true);
  });

  it('give up after the tries allowed, with what ffmpeg said', async () => {
    const { error, clock } = await watch('if (runs === 0) frame(0, 1); else say("[error] cam: No such device");', 99, { reconnect: 2 });
    expect(error).toMatchObject({ code: 'source-ended', message: expect.stringContaining('No such device') });
    expect(clock.sleeps).toEqual([500, 1000]);
  });

  it('read the pictures of an old ffmpeg, which stretches all to the first one\'s size, by that size', async () => {
    const script = 'frame(0, 1); say("[Parsed_showinfo_1 @ 0x1] [info] n:0 pts: 40 pts_time:0 fmt:rgb24 sar:1/1 s:8x4 i:P"); fs.writeSync(1, Buffer.alloc(24, 2)); frame(2, 3); await sleep(60000);';
    const frames: Frame[] = [];
    const path = fakeFfmpeg(root, script, '4.2.7');
    await new Promise<void>((resolve, reject) => {
      const subscription = liveStream({ name: 'cam', input: () => ['-i', 'cam'] }, { ffmpeg: path }).subscribe({
        next: (frame) => { if (frames.push(frame) === 3) { subscription.unsubscribe(); resolve(); } },
        error: reject,
      });
    });
    expect(frames.map((f) => [f.width, f.height, f.rgb[0], f.rgb[23]])).toEqual([[4, 2, 1, 1], [4, 2, 2, 2], [4, 2, 3, 3]]);
    expect(readFileSync(`${path}.log`, 'utf8')).not.toContain('autoscale');
  });

  it('do not try again what never gave a picture', async () => {
    const { error } = await watch('say("[error] cam: Device or resource busy"); process.exitCode = 1;', 1);
    expect(error).toMatchObject({ code: 'source-missing', message: expect.stringContaining('busy'), details: { exitCode: 1 } });
  });

  it('take a silent camera for lost', async () => {
    const { error } = await watch('frame(0, 1); await sleep(60000);', 99, { stallSeconds: 2.5, reconnect: 0 });
    expect(error).toMatchObject({ code: 'source-ended', message: 'cam is lost: silent for 2.5 s', details: { signal: 'SIGKILL' } });
  });

  it.each([
    ['the last complaint of ffmpeg, whatever it said after', 'say("[v4l2 @ 0x1] [error] ioctl(VIDIOC_DQBUF): No such device"); say("[info] video:126kB audio:0kB");', /^cam is lost: \[v4l2 @ 0x1\] \[error\] .*No such device$/],
    ['how it ended, where it complained of nothing', 'say("[info] video:126kB audio:0kB"); process.exitCode = 3;', /^cam is lost: ffmpeg exited with 3$/],
    ['who ended it', 'process.kill(process.pid, "SIGTERM"); await sleep(60000);', /^cam is lost: ffmpeg was ended by SIGTERM$/],
  ])('name as the cause %s', async (_, script, message) => {
    const { error } = await watch(`frame(0, 1); ${script}`, 99, { reconnect: 0 });
    expect(error).toMatchObject({ code: 'source-ended', message: expect.stringMatching(message) });
  });

  it('leave the word to an ffmpeg that notices the silence itself', async () => {
    const { error } = await watch('frame(0, 1); await sleep(3200); say("[error] rtsp://cam: Connection timed out"); process.exit(1);', 99, { stallSeconds: 3, reconnect: 0 }, { endsItself: true });
    expect(error).toMatchObject({ message: expect.stringContaining('Connection timed out'), details: { exitCode: 1 } });
  });

  it('do not take a consumer that keeps the event loop busy for a silent camera', async () => {
    const busy = ({ sequence }: Frame): void => {
      if (sequence === 0) for (const start = performance.now(); performance.now() - start < 2500; );
    };
    const { error, frames, issues } = await watch('for (let n = 0; ; n += 1) { frame(n, 1); await sleep(100); }', 35, { stallSeconds: 2 }, {}, busy);
    expect([error, frames.length, issues]).toEqual([undefined, 35, []]);
  });

  it('name the cameras there are when one is missing', async () => {
    const error = await new Promise((resolve) => v4l2('/dev/video99', { ffmpeg: fakeFfmpeg(root, '') }).subscribe({ error: resolve }));
    expect(error).toMatchObject({ code: 'source-missing', details: { device: '/dev/video99', found: expect.any(Array) } });
  });

  it('ask a camera for a size of two numbers', async () => {
    for (const size of [{ width: 640 }, { height: 480 }]) {
      expect(() => v4l2('/dev/video0', size)).toThrow(expect.objectContaining({ code: 'bad-argument', message: expect.stringMatching(/asked for a (width of 640|height of 480) without/) }));
    }
    const path = fakeFfmpeg(root, '');
    await new Promise((resolve) => v4l2('/dev/null', { ffmpeg: path, width: 640, height: 480 }).subscribe({ error: resolve }));
    expect(readFileSync(`${path}.log`, 'utf8')).toContain('"-video_size","640x480"');
  });

  it('never show the password of an address', async () => {
    const path = fakeFfmpeg(root, 'say("[error] rtsp://me:secret@host/x: Connection refused"); process.exitCode = 1;');
    const error = await new Promise<Error>((resolve) => rtsp('rtsp://me:secret@host/x', { ffmpeg: path }).subscribe({ error: resolve }));
    expect(error).toMatchObject({ code: 'source-missing' });
    expect(JSON.stringify([error.message, error])).not.toContain('secret');
    expect(error.message).toContain('me:***@host');
    expect(redactUrl('rtsp://me:s3:cr@t@host:554/x and RTSPS://you:too@there')).toBe('rtsp://me:***@host:554/x and RTSPS://you:***@there');
    expect(redactUrl('rtsp://host:554/x?at=a@b')).toBe('rtsp://host:554/x?at=a@b');
    expect(redactUrl('rtps://me:secret@host http://host:80/')).toBe('rtps://me:***@host http://host:80/');
    expect(() => rtsp('http://x')).toThrow(expect.objectContaining({ code: 'bad-argument' }));
  });
});

describe('the ffmpeg process', () => {
  it('is killed on unsubscription', async () => {
    const { path } = await watch('frame(0, 1); await sleep(60000);', 1);
    const [pid] = pids(path);
    for (let i = 0; i < 100 && alive(pid); i += 1) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(alive(pid)).toBe(false);
  });

  it('waits while the consumer does: what is written ahead is bounded by the pipe', async () => {
    const path = fakeFfmpeg(root, 'const fs2 = require("fs"); for (let n = 0; n < 20000; n += 1) { frame(n, 1); fs2.writeFileSync(process.argv[1] + ".count", String(n)); }');
    const { FrameGate } = await import('../stream/frame-gate.js');
    const file = `${root}/any.bin`;
    (await import('node:fs')).writeFileSync(file, 'no format we read ourselves');
    const frames: Frame[] = [];
    const subscription = video(file, { ffmpeg: path, realtime: false, gate: new FrameGate(3) }).subscribe((frame) => frames.push(frame));
    const count = (): string => readFileSync(`${path}.count`, 'utf8');
    let [before, now] = ['', 'x'];
    for (let i = 0; i < 50 && (before !== now || frames.length < 3); i += 1) {
      before = now;
      await new Promise((resolve) => setTimeout(resolve, 200));
      now = frames.length < 3 ? `${i}` : count();
    }
    expect(frames).toHaveLength(3);
    expect(Number(now)).toBeLessThan(19_000); // it stopped: the pipes hold a few thousand of these tiny frames
    subscription.unsubscribe();
  });
});
