import { spawn, spawnSync } from 'node:child_process';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { readCameraInfo } from '@sextant/camera';
import { Ros, Topic } from 'roslib';
import sharp from 'sharp';
import { scratch, sextant, start } from '../../packages/cli/test/command.js';
import { CHESS, boards, expectCamera } from '../support/boards.js';
import type { Boards, Found } from '../support/boards.js';

// Boards are rendered and searched, on a machine that may be busy.
jest.setTimeout(400_000);
const root = scratch();
const LENS = [-0.28, 0.09, 0.001, -0.0006, 0];

describe('sextant calibrate, on boards that the world renders through a lens', () => {
  let lens: Boards;
  beforeAll(async () => {
    lens = await boards(join(root, 'lens'), '--views', '14', `--lens=${LENS.join(',')}`);
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
    const { folder, truth } = await boards(join(root, 'charuco'), '--board', 'charuco', '--views', '12', `--lens=${LENS.join(',')}`);
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
    expect(code).toBe(0); // that is how it is done
    const found = await readCameraInfo(out);
    expectCamera(found, lens.truth);
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
});
