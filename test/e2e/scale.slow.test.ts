import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FoxgloveClient } from '@foxglove/ws-protocol';
import { afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { readMcap } from '@sextant/ros';
import { Ros, Service, Topic } from 'roslib';
import { WebSocket } from 'ws';
import { TINY, pictureFolder, scratch, sextant, start } from '../../packages/cli/test/command.js';
import type { Started } from '../../packages/cli/test/command.js';

// Where metres may be called metres, on every transport, by the real command.
jest.setTimeout(240_000);
const root = scratch();
const calibration = (name: string): string => fileURLToPath(new URL(`../../calibration/${name}`, import.meta.url));
/** Topics that speak in metres, and those that never do. */
const METRIC = ['image', 'image/compressedDepth', 'points', 'disparity'] as const;
const TYPES: Readonly<Record<string, string>> = {
  image: 'sensor_msgs/Image', relative: 'sensor_msgs/Image', 'image/compressedDepth': 'sensor_msgs/CompressedImage', points: 'sensor_msgs/PointCloud2', disparity: 'stereo_msgs/DisparityImage', camera_info: 'sensor_msgs/CameraInfo',
};

async function until(what: () => boolean, seconds = 90): Promise<void> {
  for (const end = Date.now() + 1000 * seconds; !what();) {
    if (Date.now() > end) throw new Error('waited in vain');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Counts of depth topics as they come, by transport. */
class Ears {
  readonly rosbridge = new Map<string, number>();
  readonly foxglove = new Map<string, number>();
  readonly last = new Map<string, Record<string, unknown>>();
  readonly ros = new Ros();
  #client: FoxgloveClient | undefined;

  async listen(url: string): Promise<void> {
    await this.ros.connect(url);
    for (const [name, messageType] of Object.entries(TYPES)) {
      new Topic<Record<string, unknown>>({ ros: this.ros, name: `/sextant/depth/${name}`, messageType, compression: 'cbor' }).subscribe((message) => {
        this.rosbridge.set(name, (this.rosbridge.get(name) ?? 0) + 1);
        this.last.set(name, message);
      });
    }
    const client = new FoxgloveClient({ ws: new WebSocket(`${url}/foxglove`, FoxgloveClient.SUPPORTED_SUBPROTOCOL) });
    const names = new Map<number, string>();
    client.on('advertise', (channels) => {
      for (const { id, topic } of channels) if (topic.startsWith('/sextant/depth/')) names.set(client.subscribe(id), topic.slice('/sextant/depth/'.length));
    });
    client.on('message', ({ subscriptionId }) => {
      const name = names.get(subscriptionId);
      if (name !== undefined) this.foxglove.set(name, (this.foxglove.get(name) ?? 0) + 1);
    });
    this.#client = client;
  }

  /** Both heard this topic at least so often. */
  heard(name: string, times = 2): boolean {
    return [this.rosbridge, this.foxglove].every((counts) => (counts.get(name) ?? 0) >= times);
  }

  close(): void {
    this.ros.close();
    this.#client?.close();
  }
}

const open = new Set<Ears>();
afterEach(() => {
  for (const ears of open) ears.close();
  open.clear();
});

async function listenTo(run: Started): Promise<Ears> {
  const ears = new Ears();
  open.add(ears);
  await ears.listen(String((await run.line((line) => line.event === 'ready')).url).replace('http', 'ws'));
  return ears;
}

async function end(run: Started): Promise<void> {
  run.kill('SIGTERM');
  await run.end();
}

/** The middle value of a 32FC1 message in a square in the middle, a third of the width wide: what the sonar below sees. */
function middle({ width, height, step, data }: Record<string, unknown>): number {
  const [w, h, bytes] = [Number(width), Number(height), data as Uint8Array];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const values: number[] = [];
  const [cx, cy] = [(w - 1) / 2, (h - 1) / 2];
  for (let y = Math.ceil(cy - w / 6); y <= cy + w / 6; y += 1) for (let x = Math.ceil(cx - w / 6); x <= cx + w / 6; x += 1) values.push(view.getFloat32(y * Number(step) + 4 * x, true));
  const valid = values.filter((v) => v > 0).sort((a, b) => a - b);
  return valid[valid.length >> 1];
}

describe('metres', () => {
  let folder: string;
  const run = (...args: string[]): Started => start('run', '--json', '--port', '0', '--ros', 'off', '--source', `dir:${folder}`, '--loop', '--rate', '5', '--model', TINY, '--device', 'cpu', '--modalities', 'depth', '--no-memory', ...args);
  beforeAll(async () => {
    folder = await pictureFolder(join(root, 'pictures'), 1); // 64x48, from nobody knows which camera, the same again and again
  });

  it('are on no transport without a calibration, until somebody gives a scale', async () => {
    const bag = join(root, 'relative.mcap');
    const started = run('--record', bag);
    const ears = await listenTo(started);
    await until(() => ears.heard('relative', 3));
    for (const name of METRIC) expect([name, ears.rosbridge.get(name), ears.foxglove.get(name)]).toEqual([name, undefined, undefined]);
    const relative = middle(ears.last.get('relative') ?? {});

    const set = new Service<object, object>({ ros: ears.ros, name: '/rosapi/set_param', serviceType: 'rosapi/SetParam' });
    await new Promise((resolve, reject) => { set.callService({ name: '/sextant:scale', value: '"2"' }, resolve, reject); });
    await until(() => ears.heard('image') && ears.heard('image/compressedDepth'));
    expect(middle(ears.last.get('image') ?? {}) / relative).toBeCloseTo(2, 5);
    // Metres, but of an unknown camera: no cloud, no disparity, no intrinsics.
    for (const name of ['points', 'disparity', 'camera_info']) expect(ears.heard(name, 1)).toBe(false);
    const before = ears.rosbridge.get('relative');
    await until(() => (ears.rosbridge.get('image') ?? 0) > 4);
    expect((ears.rosbridge.get('relative') ?? 0) - (before ?? 0)).toBeLessThanOrEqual(1); // one may have been under way
    await end(started);

    const recorded: string[] = [];
    for await (const { topic } of readMcap(bag)) if (/depth\/(relative|image)$/.test(topic)) recorded.push(topic.endsWith('relative') ? 'r' : 'm');
    expect(recorded.join('')).toMatch(/^r+m+$/); // never both of one frame
  });

  it('are on all of them with a calibration, for pictures of another size of its aspect scaled', async () => {
    const started = run('--calibration', calibration('sim.yaml')); // of 320x240
    const ears = await listenTo(started);
    await until(() => METRIC.every((name) => ears.heard(name)) && ears.heard('camera_info'));
    expect(ears.rosbridge.get('relative')).toBeUndefined();
    expect(ears.foxglove.get('relative')).toBeUndefined();
    const { width, k } = ears.last.get('camera_info') as { width: number; k: Float64Array };
    expect(k[0] / width).toBeCloseTo(228.50368 / 320, 5);
    expect((k[2] + 0.5) / width).toBeCloseTo(0.5, 5);
    await end(started);
  });

  it('are refused with the sizes named where the calibration is of another aspect', async () => {
    const { code, lines } = await sextant('run', '--json', '--port', '0', '--ros', 'off', '--source', `dir:${folder}`, '--model', TINY, '--device', 'cpu', '--calibration', calibration('webcam.example.yaml'));
    expect(code).toBe(1);
    expect(lines.at(-1)).toMatchObject({ event: 'error', code: 'bad-config', message: expect.stringMatching(/1280x720.*64x48/) });
  });

  it('come from a sonar while the robot runs', async () => {
    const started = run('--scale', 'range:/sonar');
    const ears = await listenTo(started);
    await until(() => ears.heard('relative'));
    const sonar = new Topic<object>({ ros: ears.ros, name: '/sonar', messageType: 'sensor_msgs/Range' });
    let metres = NaN; // a sonar that sees nothing says nothing
    const timer = setInterval(() => {
      sonar.publish({ header: { stamp: { sec: 0, nanosec: 0 }, frame_id: 'sonar' }, radiation_type: 0, field_of_view: 2 * Math.atan(1 / 6 / 0.9), // with the focal length that is taken where none is known
         min_range: 0.02, max_range: 4, range: metres });
    }, 100);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    expect(ears.rosbridge.get('image')).toBeUndefined();
    metres = 2.5;
    await until(() => ears.heard('image', 3));
    expect(Math.abs(middle(ears.last.get('image') ?? {}) / 2.5 - 1)).toBeLessThan(0.03);
    clearInterval(timer);
    await end(started);
  });
});
