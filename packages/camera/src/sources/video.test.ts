import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, jest } from '@jest/globals';
import type { Frame } from '@sextant/core';
import { lastValueFrom, take, toArray } from 'rxjs';
import { describeWithFfmpeg, ffmpeg } from '../../test/ffmpeg.js';
import { avi, jpeg, mean, scratch, writeY4m } from '../../test/media.js';
import { probeSource } from '../probe-source.js';
import type { SourceIssue } from '../source-options.js';
import { video } from './video.js';
import type { VideoOptions } from './video.js';

jest.setTimeout(60_000); // they start processes, and machines are busy
const root = scratch();
const at = (name: string): string => join(root, name);

interface Played {
  readonly frames: Frame[];
  readonly issues: SourceIssue[];
  readonly error: unknown;
}

/** Everything a video gives until it ends, however it ends. */
function play(path: string, options: VideoOptions = {}): Promise<Played> {
  const [frames, issues]: [Frame[], SourceIssue[]] = [[], []];
  return new Promise((resolve) =>
    video(path, { realtime: false, onIssue: (issue) => issues.push(issue), ...options }).subscribe({
      next: (frame) => frames.push(frame),
      error: (error: unknown) => resolve({ frames, issues, error }),
      complete: () => resolve({ frames, issues, error: undefined }),
    }),
  );
}
const numbers = ({ frames }: Played): number[] => frames.map((f) => f.sequence);
/** A picture of one colour in planar 4:2:0, 4x2. */
const yuv = (y: number, u = 128, v = 128): Buffer => Buffer.concat([Buffer.alloc(8, y), Buffer.alloc(2, u), Buffer.alloc(2, v)]);
const red = [200, 20, 20] as const;

describe('video: YUV4MPEG2', () => {
  it('reads stamps from the rate and colours by BT.601, limited range', async () => {
    // The primaries of BT.601 in 8-bit limited range: white, black, red, green, blue.
    const colours = [[235, 128, 128], [16, 128, 128], [82, 90, 240], [145, 54, 34], [41, 240, 110]] as const;
    await writeY4m(at('a.y4m'), 'YUV4MPEG2 W4 H2 F30000:1001 Ip A1:1 C420jpeg', colours.map(([y, u, v]) => yuv(y, u, v)));
    const { frames, error } = await play(at('a.y4m'));
    expect(error).toBeUndefined();
    const expected = [[255, 255, 255], [0, 0, 0], [255, 0, 0], [0, 255, 0], [0, 0, 255]];
    frames.forEach((frame, i) => mean(frame.rgb).forEach((value, c) => expect(Math.abs(value - expected[i][c])).toBeLessThanOrEqual(2)));
    expect(frames.map((f) => f.stamp)).toEqual([0n, 33_366_666n, 66_733_333n, 100_100_000n, 133_466_666n]);
  });

  it('reads full range, 4:2:2, 4:4:4, grey and odd sizes', async () => {
    await writeY4m(at('full.y4m'), 'YUV4MPEG2 W4 H2 F25:1 C420 XCOLORRANGE=FULL', [yuv(76, 85, 255)]);
    expect(mean((await play(at('full.y4m'))).frames[0].rgb).map(Math.round)).toEqual([254, 0, 0]);
    await writeY4m(at('mono.y4m'), 'YUV4MPEG2 W3 H3 F25:1 Cmono', [Buffer.alloc(9, 126)]);
    expect([...(await play(at('mono.y4m'))).frames[0].rgb]).toEqual(Array(27).fill(128));
    await writeY4m(at('odd.y4m'), 'YUV4MPEG2 W3 H3 F25:1', [Buffer.concat([Buffer.alloc(9, 126), Buffer.alloc(8, 128)])]);
    expect([...(await play(at('odd.y4m'))).frames[0].rgb]).toEqual(Array(27).fill(128));
    // Left half red, right half blue: chroma must follow the pixels.
    await writeY4m(at('422.y4m'), 'YUV4MPEG2 W4 H1 F25:1 C422', [Buffer.from([82, 82, 41, 41, 90, 240, 240, 110])]);
    expect([...(await play(at('422.y4m'))).frames[0].rgb].map((v) => Math.round(v / 255))).toEqual([1, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 1]);
    await writeY4m(at('444.y4m'), 'YUV4MPEG2 W2 H1 F25:1 C444', [Buffer.from([82, 41, 90, 240, 240, 110])]);
    expect([...(await play(at('444.y4m'))).frames[0].rgb].map((v) => Math.round(v / 255))).toEqual([1, 0, 0, 0, 0, 1]);
  });

  it('refuses what it does not read and what is too large, and says so', async () => {
    await writeY4m(at('10bit.y4m'), 'YUV4MPEG2 W4 H2 F25:1 C420p10', [Buffer.alloc(24)]);
    expect((await play(at('10bit.y4m'))).error).toMatchObject({ code: 'unsupported', message: expect.stringContaining('C420p10') });
    await writeY4m(at('huge.y4m'), 'YUV4MPEG2 W100000 H100000 F25:1', []);
    expect((await play(at('huge.y4m'))).error).toMatchObject({ code: 'too-large' });
    await writeFile(at('lie.y4m'), 'YUV4MPEG2 width height\n');
    expect((await play(at('lie.y4m'))).error).toMatchObject({ code: 'source-corrupt' });
  });

  it('delivers what came before damage: an end too early is told, garbage is an error', async () => {
    const header = 'YUV4MPEG2 W4 H2 F25:1';
    await writeY4m(at('cut.y4m'), header, [yuv(50), yuv(60), yuv(70).subarray(0, 5)]);
    const cut = await play(at('cut.y4m'));
    expect([numbers(cut), cut.error, cut.issues.map((i) => [i.kind, i.index])]).toEqual([[0, 1], undefined, [['truncated', 2]]]);
    await writeY4m(at('garbage.y4m'), header, [yuv(50), yuv(60), Buffer.concat([yuv(70), Buffer.alloc(3000, 0x55)])]);
    const garbage = await play(at('garbage.y4m'));
    expect(numbers(garbage)).toEqual([0, 1, 2]);
    expect(garbage.error).toMatchObject({ code: 'source-corrupt', details: { index: 3 } });
    await writeY4m(at('none.y4m'), header, [yuv(50).subarray(0, 3)]);
    expect((await play(at('none.y4m'))).error).toMatchObject({ code: 'source-corrupt' });
  });
});

describe('video: MJPEG', () => {
  it('reads concatenated JPEGs, thumbnails inside and all', async () => {
    const thumb = await jpeg(8, 8, [0, 0, 255]);
    const app1 = Buffer.concat([Buffer.from([0xff, 0xe1, 0, 0]), thumb]);
    app1.writeUInt16BE(thumb.length + 2, 2);
    const first = await jpeg(48, 32, red);
    const withThumb = Buffer.concat([first.subarray(0, 2), app1, first.subarray(2)]);
    await writeFile(at('a.mjpeg'), Buffer.concat([withThumb, await jpeg(48, 32, [20, 200, 20]), await jpeg(48, 32, [20, 20, 200])]));
    const played = await play(at('a.mjpeg'), { fps: 20 });
    expect(played.error).toBeUndefined();
    expect(played.frames.map((f) => [f.width, f.height, f.stamp, mean(f.rgb).indexOf(Math.max(...mean(f.rgb)))])).toEqual([
      [48, 32, 0n, 0], [48, 32, 50_000_000n, 1], [48, 32, 100_000_000n, 2],
    ]);
  });

  it('leaves out damaged pictures, keeps their numbers free, and tells an early end', async () => {
    const pictures = await Promise.all([1, 2, 3, 4, 5].map((seed) => jpeg(48, 32, red, seed)));
    const broken = pictures[1].subarray(0, pictures[1].length * 0.6);
    await writeFile(at('damaged.mjpeg'), Buffer.concat([pictures[0], broken, pictures[2], pictures[3], pictures[4].subarray(0, 500)]));
    const played = await play(at('damaged.mjpeg'));
    expect([numbers(played), played.error]).toEqual([[0, 2, 3], undefined]);
    expect(played.issues.map((i) => [i.kind, i.index])).toEqual([['corrupt-picture', 1], ['truncated', 4]]);
  });

  it('is an error when most is lost, after what could be read', async () => {
    const whole = await jpeg(128, 96, red);
    const half = whole.subarray(0, whole.length / 2);
    await writeFile(at('bad.mjpeg'), Buffer.concat([whole, half, half, half]));
    const played = await play(at('bad.mjpeg'));
    expect([numbers(played), (played.error as { code: string }).code]).toEqual([[0], 'source-corrupt']);
  });

  it('goes on from a start without decoding what is before, and loops', async () => {
    const pictures = await Promise.all([1, 2, 3].map((seed) => jpeg(16, 16, red, seed)));
    await writeFile(at('loop.mjpeg'), Buffer.concat(pictures));
    const frames = await lastValueFrom(video(at('loop.mjpeg'), { realtime: false, loop: true, start: 2, fps: 10 }).pipe(take(4), toArray()));
    expect(frames.map((f) => [f.sequence, f.stamp / 1_000_000n])).toEqual([[2, 200n], [3, 300n], [4, 400n], [5, 500n]]);
  });

  it('decodes nothing of the seconds that are left out, and says where that is all', async () => {
    const [good, bad] = [await jpeg(16, 16, red), (await jpeg(16, 16, red)).fill(0, 20)];
    await writeFile(at('late.avi'), avi(16, 16, 10, [good, bad, bad, good, good]));
    const late = await play(at('late.avi'), { startSeconds: 0.3 });
    expect([numbers(late), late.issues, late.error]).toEqual([[3, 4], [], undefined]);
    expect((await play(at('late.avi'), { startSeconds: 3 })).error).toMatchObject({ code: 'bad-argument', message: expect.stringContaining('0.400 s after') });
  });

  it('reads MJPEG in AVI, with its rate; an AVI cut off is told or refused by how much is there', async () => {
    const pictures = await Promise.all([1, 2, 3, 4].map((seed) => jpeg(48, 32, red, seed)));
    const whole = avi(48, 32, 25, pictures);
    await writeFile(at('a.avi'), whole);
    const played = await play(at('a.avi'));
    expect([played.error, played.issues, played.frames.map((f) => [f.width, f.sequence, f.stamp / 1_000_000n])]).toEqual([
      undefined, [], [[48, 0, 0n], [48, 1, 40n], [48, 2, 80n], [48, 3, 120n]],
    ]);
    await writeFile(at('cut.avi'), whole.subarray(0, whole.length - 200));
    const cut = await play(at('cut.avi'));
    expect([numbers(cut), cut.error, cut.issues[0].kind]).toEqual([[0, 1, 2], undefined, 'truncated']);
    await writeFile(at('half.avi'), whole.subarray(0, whole.length * 0.4));
    const half = await play(at('half.avi'));
    expect([numbers(half), (half.error as { code: string }).code]).toEqual([[0], 'source-corrupt']);
  });
});

describe('video: what is not there', () => {
  it('says so', async () => {
    expect((await play(at('nowhere.mp4'))).error).toMatchObject({ code: 'source-missing' });
    await writeFile(at('empty.mp4'), '');
    expect((await play(at('empty.mp4'))).error).toMatchObject({ code: 'source-corrupt', message: expect.stringContaining('empty') });
    await writeFile(at('other.mp4'), 'something');
    const { error } = await play(at('other.mp4'), { ffmpeg: at('no-such-ffmpeg') });
    expect(error).toMatchObject({ code: 'tool-missing', hint: expect.stringMatching(/apt-get install ffmpeg.*PNG or JPEG.*y4m need nothing/) });
  });
});

describeWithFfmpeg('video: through ffmpeg', () => {
  const clip = (name: string, ...args: string[]): string => {
    ffmpeg('-f', 'lavfi', '-i', 'testsrc2=size=64x48:rate=25:duration=2', '-pix_fmt', 'yuv420p', ...args, at(name));
    return at(name);
  };

  it('delivers every frame with the stamps of the file, from any start', async () => {
    const path = clip('a.mp4', '-vf', "select='not(eq(n,3))'", '-fps_mode', 'passthrough'); // a gap in time, as of a camera that stalled
    const all = await play(path);
    expect([all.error, all.issues, all.frames.length, all.frames[0].width, all.frames[0].height]).toEqual([undefined, [], 49, 64, 48]);
    expect(all.frames.slice(0, 5).map((f) => f.stamp / 1_000_000n)).toEqual([0n, 40n, 80n, 160n, 200n]);
    const rest = await play(path, { start: 40 });
    expect(numbers(rest)).toEqual([40, 41, 42, 43, 44, 45, 46, 47, 48]);
    expect(rest.frames[0].stamp).toBe(all.frames[40].stamp);
    expect(Buffer.compare(rest.frames[0].rgb, all.frames[40].rgb)).toBe(0);
  });

  it('turns a rotated recording upright', async () => {
    const flat = clip('flat.mp4');
    try {
      ffmpeg('-display_rotation', '90', '-i', flat, '-c', 'copy', at('turned.mp4'));
    } catch {
      ffmpeg('-i', flat, '-c', 'copy', '-metadata:s:v', 'rotate=90', at('turned.mp4')); // ffmpeg before 6
    }
    const { frames } = await play(at('turned.mp4'));
    expect([frames[0].width, frames[0].height]).toEqual([48, 64]);
  });

  it('delivers each picture in its own size where a stream changes it', async () => {
    const part = (name: string, size: string): Promise<Buffer> => {
      ffmpeg('-f', 'lavfi', '-i', `color=red:size=${size}:rate=25:duration=0.2`, '-c:v', 'mpeg4', at(name));
      return readFile(at(name));
    };
    await writeFile(at('changing.ts'), Buffer.concat([await part('wide.ts', '64x48'), await part('high.ts', '48x80')]));
    const { frames, error } = await play(at('changing.ts'));
    expect([error, frames.map((f) => `${f.width}x${f.height}`)]).toEqual([undefined, [...Array<string>(5).fill('64x48'), ...Array<string>(5).fill('48x80')]]);
    for (const { rgb, width, height } of frames) expect([rgb.length, ...mean(rgb).map((v) => Math.round(v / 255))]).toEqual([width * height * 3, 1, 0, 0]);
  });

  it('agrees with our own readers', async () => {
    const path = clip('ref.mp4', '-qp', '0');
    ffmpeg('-i', path, '-pix_fmt', 'yuv420p', at('ref.y4m'));
    const [ours, theirs] = [await play(at('ref.y4m')), await play(path)];
    expect(ours.frames.length).toBe(theirs.frames.length);
    let sum = 0;
    ours.frames[7].rgb.forEach((value, i) => (sum += Math.abs(value - theirs.frames[7].rgb[i])));
    expect(sum / ours.frames[7].rgb.length).toBeLessThan(3); // chroma is interpolated there and repeated here
  });

  it('delivers what came before an early end: told when most is there, an error otherwise, with what ffmpeg said', async () => {
    const path = clip('fast.mp4', '-movflags', '+faststart', '-g', '5');
    const bytes = await readFile(path);
    await writeFile(at('cut.mp4'), bytes.subarray(0, bytes.length * 0.85));
    const cut = await play(at('cut.mp4'));
    expect([cut.error, cut.issues.map((i) => i.kind)]).toEqual([undefined, ['truncated']]);
    expect(cut.frames.length).toBeGreaterThan(25);
    await writeFile(at('stump.mp4'), bytes.subarray(0, bytes.length * 0.35));
    const stump = await play(at('stump.mp4'));
    expect(stump.frames.length).toBeGreaterThan(0);
    expect(stump.error).toMatchObject({ code: 'source-corrupt', details: { expected: 50, stderr: expect.stringContaining('error') } });
    await writeFile(at('junk.mp4'), Buffer.alloc(5000, 7));
    expect((await play(at('junk.mp4'))).error).toMatchObject({ code: 'source-corrupt', details: { stderr: expect.stringMatching(/Invalid data/) } });
  });

  /** Damages one picture in the last quarter of a file, so that the decoder complains and goes on. */
  const blemish = async (from: string, to: string): Promise<string> => {
    const bytes = await readFile(from);
    bytes.subarray(bytes.length * 0.8, bytes.length * 0.8 + 40).fill(0xff);
    await writeFile(at(to), bytes);
    return at(to);
  };

  it('takes a trimmed clip with a blemish for whole, by its stamps: its index counts pictures that are not shown', async () => {
    clip('long.mp4', '-c:v', 'mpeg4', '-g', '50');
    ffmpeg('-ss', '1.2', '-i', at('long.mp4'), '-c', 'copy', at('trimmed.mp4'));
    const whole = await play(at('trimmed.mp4'));
    expect([whole.frames.length, whole.error, whole.issues]).toEqual([20, undefined, []]);
    expect(await probeSource(at('trimmed.mp4'))).toMatchObject({ frames: 20, framesEstimated: true });
    expect(await probeSource(at('long.mp4'))).toEqual({ kind: 'video', live: false, codec: 'mpeg4', width: 64, height: 48, fps: 25, frames: 50 });
    const played = await play(await blemish(at('trimmed.mp4'), 'blemished.mp4'));
    expect([played.frames.length, played.error, played.issues.map((i) => i.kind)]).toEqual([20, undefined, ['decode-errors']]);
  });

  it('judges a file without a count by its last stamp: a variable rate is whole, a cut file is not', async () => {
    const path = clip('varying.mkv', '-c:v', 'mpeg4', '-vf', "select='not(mod(n,7))+lt(n,5)'", '-fps_mode', 'passthrough');
    const { framesEstimated, frames } = await probeSource(path);
    const shown = (await play(path)).frames.length;
    expect([framesEstimated, shown * 2 < frames!]).toEqual([true, true]); // what was taken for less than half
    const played = await play(await blemish(path, 'blemished.mkv'));
    expect([played.error, played.issues.map((i) => i.kind)]).toEqual([undefined, ['decode-errors']]);
    const bytes = await readFile(path);
    await writeFile(at('cut.mkv'), bytes.subarray(0, bytes.length * 0.9));
    const cut = await play(at('cut.mkv'));
    expect([cut.error, cut.issues.map((i) => [i.kind, i.message])]).toEqual([undefined, [['truncated', expect.stringMatching(/ends early: 1\.\d of 2\.0 s$/)]]]);
    await writeFile(at('stump.mkv'), bytes.subarray(0, bytes.length * 0.6));
    expect((await play(at('stump.mkv'))).error).toMatchObject({ code: 'source-corrupt', message: expect.stringMatching(/is damaged: 0\.\d of 2\.0 s decoded/) });
  });

  it('neither converts nor pipes the seconds that are left out, and keeps numbers and stamps', async () => {
    const path = clip('late.mkv');
    const all = (await play(path)).frames;
    const path2 = at('counting-ffmpeg');
    await writeFile(path2, `#!/bin/sh\ncase "$*" in *-version*) exec ffmpeg "$@";; *) ffmpeg "$@" | tee ${at('piped')};; esac\n`, { mode: 0o755 });
    const late = await play(path, { startSeconds: 1.6, ffmpeg: path2 });
    expect([late.error, late.frames.map((f) => [f.sequence, f.stamp])]).toEqual([undefined, all.slice(40).map((f) => [f.sequence, f.stamp])]);
    expect((await readFile(at('piped'))).length).toBe(10 * 64 * 48 * 3);
    expect((await play(path, { startSeconds: 1.6, start: 45 })).frames.map((f) => f.sequence)).toEqual([45, 46, 47, 48, 49]);
    expect((await play(path, { startSeconds: 9 })).error).toMatchObject({ code: 'bad-argument', message: expect.stringContaining('1.960 s after') });
  });

  it('refuses pictures beyond the limit', async () => {
    expect((await play(clip('limit.mp4'), { maxPixels: 1000 })).error).toMatchObject({ code: 'too-large' });
  });
});
