// The server side of the mask benches, a process of its own: a gateway whose "model" is a clip of one world at 640x480, played at 30 Hz.
// Messages to the parent once a second: results published, event-loop delay, memory. Arguments: port, Hz, frames of the clip.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { startGateway } from '../../packages/gateway/dist/index.js';
import { map, withLatestFrom } from 'rxjs';
import { createBridge } from '../../packages/ros/dist/index.js';
import { CLASSES, createWorld } from '../../packages/world/dist/index.js';

const [port, hz, count] = process.argv.slice(2).map(Number);
const [width, height] = [640, 480];
const world = createWorld({ seed: 36, width, height });
const classes = CLASSES.map(({ id, name, color, thing }, index) => ({ id: id ?? index, name, color: color ?? [index, 255 - index, 128], thing: thing ?? true }));
const clip = Array.from({ length: count }, (_, i) => {
  const { rgb, labels, instances, depth } = world.render(i);
  return { rgb, depth: depth && { width, height, metres: depth, provenance: 'metric' }, segmentation: { width, height, labels, instances, classes } };
});
const bridge = createBridge();
// Clients' cameras get the clip's first masks back: what is measured is the bridge, not a model.
const perceive = (frames$, wanted$) =>
  frames$.pipe(withLatestFrom(wanted$), map(([frame, asked]) => ({ frame, latencyMs: 0, ...(asked.includes('segmentation') && { segmentation: clip[0].segmentation }) })));
const gateway = await startGateway({ bridge, port, perceive });
let wanted = new Set();
gateway.wanted$.subscribe((set) => (wanted = set));
const delay = monitorEventLoopDelay({ resolution: 10 });
delay.enable();
let sequence = 0;
let published = 0;
const started = performance.now();
const tick = () => {
  // Forwards and backwards, so that the camera never jumps.
  const at = sequence % (2 * count - 2);
  const { rgb, segmentation, depth } = clip[at < count ? at : 2 * count - 2 - at];
  const stamp = BigInt(Math.round((performance.timeOrigin + performance.now()) * 1e6));
  const maps = { ...(wanted.has('segmentation') && { segmentation }), ...(wanted.has('depth') && depth && { depth }) };
  bridge.publish({ frame: { stamp, frameId: 'camera_optical_frame', sequence, width, height, rgb }, ...maps, latencyMs: 0 });
  sequence += 1;
  published += 1;
  setTimeout(tick, Math.max(0, started + (sequence * 1000) / hz - performance.now()));
};
setInterval(() => {
  const usage = process.cpuUsage();
  process.send?.({ type: 'stats', published, cpuMs: (usage.user + usage.system) / 1000, delayP99Ms: Math.max(0, delay.percentile(99) / 1e6 - 10), rssMiB: process.memoryUsage.rss() / 2 ** 20, heapMiB: process.memoryUsage().heapUsed / 2 ** 20, externalMiB: process.memoryUsage().external / 2 ** 20, clients: gateway.clients });
  published = 0;
  delay.reset();
}, 1000);
process.on('disconnect', () => process.exit());
tick();
process.send?.({ type: 'ready', url: gateway.url });
