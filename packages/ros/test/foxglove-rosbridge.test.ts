import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { parse } from '@foxglove/rosmsg';
import { MessageReader } from '@foxglove/rosmsg2-serialization';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { Ros, Topic } from 'roslib';
import { WebSocketServer } from 'ws';
import { RosbridgeServer, createBridge } from '../src/index.js';
import type { RosBridge } from '../src/index.js';
import { syntheticPerception } from '../../../test/support/synthetic.js';

jest.setTimeout(60_000);

/** What Foxglove and Lichtblick do when one opens a "Rosbridge" connection, in their order, by the libraries they use. */
describe('the rosbridge connection of Foxglove', () => {
  let bridge: RosBridge;
  let server: WebSocketServer;
  let ros: Ros;

  beforeEach(async () => {
    bridge = createBridge({ clock: true });
    const rosbridge = bridge.attach(new RosbridgeServer());
    server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    server.on('connection', (socket) => {
      rosbridge.accept(socket);
    });
    await once(server, 'listening');
    ros = new Ros();
    await ros.connect(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  });
  afterEach(async () => {
    ros.close();
    await bridge.close();
    await new Promise((resolve) => server.close(resolve));
  });

  it('learns that this is ROS 2, reads every definition, and every topic by it', async () => {
    const { topics, types, typedefs_full_text } = await new Promise<{ topics: string[]; types: string[]; typedefs_full_text: string[] }>((resolve, reject) => {
      ros.getTopicsAndRawTypes(resolve, reject);
    });
    expect(types).toContain('rcl_interfaces/msg/Log'); // else it takes us for ROS 1 and reads nothing
    expect(new Set([topics.length, types.length, typedefs_full_text.length]).size).toBe(1);
    const messages = new Map<string, Record<string, unknown>>();
    const silent = ['/diagnostics', '/rosout', '/sextant/depth/relative', '/sextant/depth/confidence'];
    const spoken = topics.filter((name) => !silent.includes(name) && !name.startsWith('/sextant/referred/')); // nothing is looked for by name here
    const all = Promise.all(spoken.map((name) => new Promise<void>((resolve) => {
      const reader = new MessageReader(parse(typedefs_full_text[topics.indexOf(name)], { ros2: true }));
      new Topic<{ bytes: Uint8Array }>({ ros, name, compression: 'cbor-raw' }).subscribe(({ bytes }) => {
        messages.set(name, reader.readMessage(new Uint8Array(bytes)));
        resolve();
      });
    })));
    while (spoken.some((name) => bridge.stats()[name].subscribers === 0)) await new Promise((resolve) => setTimeout(resolve, 5));
    bridge.publish(syntheticPerception(3));
    await all;
    expect(messages.get('/sextant/depth/image')).toMatchObject({ encoding: '32FC1', header: { frame_id: 'camera_optical_frame' } });
    expect(messages.get('/clock')).toMatchObject({ clock: { sec: 1_700_000_000 } });
    expect(messages.get('/humans/bodies/tracked')).toMatchObject({ ids: ['b00007'] });
    expect(messages.size).toBe(spoken.length);
  });

  it('draws the graph from nodes and their details', async () => {
    const nodes = await new Promise<string[]>((resolve, reject) => { ros.getNodes(resolve, reject); });
    const { publishing, services } = await new Promise<{ publishing: string[]; services: string[] }>((resolve, reject) => {
      ros.getNodeDetails(nodes[0], resolve, reject);
    });
    expect(publishing).toContain('/sextant/depth/points');
    expect(services).toContain('/rosapi/topics');
  });
});
