import { execFile, spawn, spawnSync } from 'node:child_process';
import { chmod, cp, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { readCameraInfo } from '@sextant/camera';
import { Ros, Topic } from 'roslib';
import sharp from 'sharp';
import { scratch, sextant, start } from '../../packages/cli/test/command.js';

// Boards are rendered and searched, on a machine that may be busy.
jest.setTimeout(400_000);
const root = scratch();
const LENS = [-0.28, 0.09, 0.001, -0.0006, 0];

interface Truth { readonly width: number; readonly height: number; readonly fx: number; readonly fy: number; readonly cx: number; readonly cy: number }

/** A folder of pictures of a board as the world's renderer shows it, and the camera that took them. */
async function boards(name: string, ...args: string[]): Promise<{ folder: string; truth: Truth; pictures: string[] }> {
  const folder = join(root, name);
  const { stdout } = await promisify(execFile)(process.execPath, [fileURLToPath(new URL('render-boards.mjs', import.meta.url)), folder, ...args]);
  return { folder, truth: JSON.parse(stdout) as Truth, pictures: (await readdir(folder)).sort().map((file) => join(folder, file)) };
}

interface Found { readonly rms: number; readonly k: readonly number[]; readonly d: readonly number[]; readonly views: readonly { name: string; rms: number }[]; readonly dropped: readonly { name: string }[] }

/** Within half a percent of the focal lengths, and the centre within two pixels. */
function expectCamera({ k }: Found, { fx, fy, cx, cy }: Truth): void {
  expect(Math.abs(k[0] / fx - 1)).toBeLessThan(0.005);
  expect(Math.abs(k[4] / fy - 1)).toBeLessThan(0.005);
  expect(Math.hypot(k[2] - cx, k[5] - cy)).toBeLessThan(2);
}

const CHESS = ['--board', '9x6', '--square', '0.03'];

describe('sextant calibrate, on boards that the world renders', () => {
  let plain: Awaited<ReturnType<typeof boards>>;
  let lens: Awaited<ReturnType<typeof boards>>;
  beforeAll(async () => {
    plain = await boards('plain', '--views', '10');
    lens = await boards('lens', '--views', '14', `--lens=${LENS.join(',')}`);
  });

  it('finds a camera without a lens from pictures named one by one', async () => {
    const { code, lines } = await sextant('calibrate', ...plain.pictures, ...CHESS, '--out', join(root, 'plain.yaml'), '--json');
    expect(code).toBe(0);
    const found = lines.find(({ event }) => event === 'calibration') as unknown as Found;
    expectCamera(found, plain.truth);
    expect(found.rms).toBeLessThan(0.2);
    expect(Math.max(...found.d.slice(0, 4).map(Math.abs))).toBeLessThan(0.05);
    expect(found.views.length + found.dropped.length).toBe(lines.filter((line) => line.event === 'view' && line.outcome === 'kept').length);
  });

  it('finds a camera and its lens from a folder, and writes a file that is read back', async () => {
    const out = join(root, 'lens.yaml');
    const { code, lines } = await sextant('calibrate', lens.folder, ...CHESS, '--out', out, '--name', 'front', '--json');
    expect(code).toBe(0);
    const found = lines.find(({ event }) => event === 'calibration') as unknown as Found;
    expectCamera(found, lens.truth);
    expect(found.rms).toBeLessThan(0.2);
    for (const i of [0, 2, 3]) expect(Math.abs(found.d[i] - LENS[i])).toBeLessThan(0.01);
    const covered = lines.filter(({ event }) => event === 'view').map(({ coverage }) => (coverage as { x: number }).x);
    expect(covered).toEqual([...covered].sort((a, b) => a - b)); // it only grows
    expect(covered.at(-1)).toBeGreaterThan(0.3);
    expect(await readFile(out, 'utf8')).toContain('camera_name: front');
    expect(await readCameraInfo(out)).toMatchObject({ width: 640, height: 480, distortionModel: 'plumb_bob', k: found.k, d: found.d });
  });

  it('finds the same camera from a ChArUco board', async () => {
    const { folder, truth } = await boards('charuco', '--board', 'charuco', '--views', '12', `--lens=${LENS.join(',')}`);
    const { code, lines } = await sextant('calibrate', folder, '--charuco', '--board', '9x7', '--square', '0.03', '--out', join(root, 'charuco.yaml'), '--json');
    expect(code).toBe(0);
    expectCamera(lines.find(({ event }) => event === 'calibration') as unknown as Found, truth);
  });

  it('drops and names a picture that no camera of the others can have taken', async () => {
    const stretched = join(root, 'stretched.png');
    await sharp(lens.pictures[5]).resize(704, 480, { fit: 'fill' }).extract({ left: 32, top: 0, width: 640, height: 480 }).toFile(stretched);
    const { code, lines } = await sextant('calibrate', ...lens.pictures.slice(0, 5), stretched, ...lens.pictures.slice(6, 10), ...CHESS, '--out', join(root, 'dropped.yaml'), '--json');
    expect(code).toBe(0);
    const found = lines.find(({ event }) => event === 'calibration') as unknown as Found;
    expect(found.dropped.map(({ name }) => name)).toEqual([stretched]);
    expectCamera(found, lens.truth);
  });

  it('watches a live camera, says what is covered, and ends the collecting at Ctrl-C', async () => {
    if (spawnSync('ffmpeg', ['-version']).error) {
      console.warn('skipped: no ffmpeg');
      return;
    }
    // ffmpeg itself, which is given the pictures where it was told a V4L2 device: the machines of the tests have no camera.
    const ffmpeg = join(root, 'ffmpeg');
    await writeFile(ffmpeg, `#!/bin/sh\ncase "$*" in *-version*) exec ffmpeg "$@";; esac\nexec ffmpeg -hide_banner -nostdin -nostats -loglevel level+info -re -framerate 2 -stream_loop -1 -i '${lens.folder}/%03d.png' -map 0:V:0 -vf format=rgb24,showinfo=checksum=0 -f rawvideo -pix_fmt rgb24 pipe:1\n`);
    await chmod(ffmpeg, 0o755);
    const out = join(root, 'live.yaml');
    const command = fileURLToPath(new URL('../../packages/cli/bin/sextant.js', import.meta.url));
    const live = spawn(process.execPath, [command, 'calibrate', 'v4l2:/dev/null', ...CHESS, '--out', out], { env: { ...process.env, SEXTANT_FFMPEG: ffmpeg }, stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    let stopped = false;
    live.stderr.on('data', (data: Buffer) => {
      said += data.toString();
      if (/kept; 8 views/.test(said) && !stopped) stopped = live.kill('SIGINT'); // a second one would end it at once
    });
    const code = await new Promise((resolve) => live.once('close', resolve));
    expect(said).toMatch(/corners, kept; 8 views, covered: x \d+ %, y \d+ %, size \d+ %, tilt \d+ %/);
    expect(said).toMatch(/reprojection error 0\.\d+ px \(root mean square\) over \d+ views/);
    expect(code).toBe(130);
    const found = await readCameraInfo(out);
    expectCamera({ k: found.k } as Found, lens.truth);
  });

  it('takes the pictures that a rosbridge client publishes, until they are enough', async () => {
    const out = join(root, 'topic.yaml');
    const run = start('calibrate', 'rosbridge:/camera/image_raw/compressed', ...CHESS, '--views', '7', '--port', '0', '--out', out, '--json');
    const ros = new Ros();
    await ros.connect(String((await run.line(({ event }) => event === 'ready')).url).replace('http', 'ws'));
    const topic = new Topic<object>({ ros, name: '/camera/image_raw/compressed', messageType: 'sensor_msgs/CompressedImage' });
    for (const [i, path] of lens.pictures.entries()) {
      topic.publish({ header: { stamp: { sec: i + 1, nanosec: 0 }, frame_id: 'camera' }, format: 'png', data: (await readFile(path)).toString('base64') });
      // As a camera would, no faster than they are searched.
      await run.line(() => run.lines.some(({ event }) => event === 'calibration') || run.lines.filter(({ event }) => event === 'view').length > i);
      if (run.lines.filter(({ outcome }) => outcome === 'kept').length === 7) break;
    }
    const { code, lines } = await run.end();
    ros.close();
    expect(code).toBe(0);
    expectCamera(lines.find(({ event }) => event === 'calibration') as unknown as Found, lens.truth);
  });

  it('says what is missing for a topic of ROS 2 where that is not sourced', async () => {
    const { code, stderr } = await sextant('calibrate', 'ros:/camera/image_raw', ...CHESS, '--out', join(root, 'no.yaml'));
    expect(code).toBe(1);
    expect(stderr).toMatch(/AMENT_PREFIX_PATH/);
  });

  it('says what is wrong with pictures of two sizes, with another board and with too few views', async () => {
    const small = join(root, 'small.png');
    await sharp(plain.pictures[0]).resize(320, 240).toFile(small);
    const sizes = await sextant('calibrate', plain.pictures[0], small, ...CHESS, '--out', join(root, 'no.yaml'));
    expect(sizes.code).toBe(2);
    expect(sizes.stderr).toMatch(/small\.png is 320x240, the pictures before it are 640x480/);
    const two = join(root, 'two');
    await cp(plain.pictures[0], join(two, '0.png'));
    const other = await sextant('calibrate', two, '--board', '7x5', '--square', '0.03', '--out', join(root, 'no.yaml'));
    expect(other.code).toBe(2);
    expect(other.stderr).toMatch(/0 usable views of the board are too few/);
    await expect(readCameraInfo(join(root, 'no.yaml'))).rejects.toMatchObject({ code: 'source-missing' });
  });
});
