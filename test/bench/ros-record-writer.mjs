// The process that ros-record.mjs kills: records every topic of made-up perceptions. Arguments: file, frames per second.
import { McapRecorder, createBridge } from '../../packages/ros/dist/index.js';
import { everyTick, nowNs, perceptionRing } from './wire-perceptions.mjs';

const [path, hz] = [process.argv[2], Number(process.argv[3])];
const bridge = createBridge();
const recorder = bridge.attach(await McapRecorder.open(path, { compression: 'zstd' }));
recorder.errors$.subscribe((error) => {
  console.error(`${error.message}. ${error.hint}`);
  process.exit(1);
});
const next = perceptionRing({ maps: [256, 192], depth: [256, 192] });
let frames = 0;
let stamp = 0n;
everyTick(hz, () => {
  stamp = nowNs();
  bridge.publish(next(stamp));
  frames++;
});
setInterval(() => {
  process.send({ frames, stamp: Number(stamp), messages: recorder.messages, bytes: Number(recorder.bytes), rss: process.memoryUsage.rss(), dropped: bridge.drops.snapshot() });
}, 250);
