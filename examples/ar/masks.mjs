// Receives what an augmented-reality scene needs to put things behind people: for every frame a mask of class ids, with the
// names of the classes. Prints what is in the picture; with --out writes each frame's people as a picture with alpha.
// In a page the same lines work with the same library (see packages/gateway/page for one).
//
//   node examples/ar/masks.mjs [--url ws://127.0.0.1:8420] [--frames 0] [--out folder]
import { mkdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { encode } from 'fast-png';
import { Ros, Topic } from 'roslib';

const { values } = parseArgs({
  options: { url: { type: 'string', default: 'ws://127.0.0.1:8420' }, frames: { type: 'string', default: '0' }, out: { type: 'string' } },
});
if (values.out !== undefined) mkdirSync(values.out, { recursive: true });
const ros = new Ros();
await ros.connect(values.url);
const topic = (name, messageType) => new Topic({ ros, name: `/sextant/${name}`, messageType, compression: 'cbor' });

const names = new Map();
const info = topic('segmentation/label_info', 'vision_msgs/LabelInfo'); // latched: comes at once
const masks = topic('segmentation/mask', 'sensor_msgs/Image');
const pictures = topic('rgb/image_raw', 'sensor_msgs/Image');

info.subscribe(({ class_map }) => {
  for (const { class_id, class_name } of class_map) names.set(class_id, class_name);
});

/** A mask waits for the picture of the same stamp, and the other way round; older ones are let go. */
const waiting = { mask: undefined, picture: undefined };
const key = ({ header: { stamp } }) => `${stamp.sec}.${String(stamp.nanosec).padStart(9, '0')}`;
let frames = 0;

function together() {
  const { mask, picture } = waiting;
  if (!mask || names.size === 0 || (values.out !== undefined && (!picture || key(picture) !== key(mask)))) return;
  waiting.mask = undefined;
  const counts = new Map();
  for (const id of mask.data) counts.set(id, (counts.get(id) ?? 0) + 1);
  const seen = [...counts].sort((a, b) => b[1] - a[1]).map(([id, n]) => `${names.get(id) ?? id} ${((100 * n) / mask.data.length).toFixed(0)} %`);
  console.log(`${key(mask)}: ${seen.slice(0, 4).join(', ')}`);
  if (values.out !== undefined) void writeFile(join(values.out, `${String(frames).padStart(6, '0')}.png`), cutOut(mask, picture));
  frames += 1;
  if (frames === Number(values.frames)) {
    for (const subscribed of [info, masks, pictures]) subscribed.unsubscribe();
    ros.close();
  }
}

/** The picture with everything but people transparent. */
function cutOut(mask, { width, height, data }) {
  const person = [...names].find(([, name]) => name === 'person')?.[0];
  const rgba = new Uint8Array(width * height * 4);
  for (let y = 0; y < height; y += 1) {
    const row = Math.floor(((y + 0.5) * mask.height) / height) * mask.width;
    for (let x = 0; x < width; x += 1) {
      const id = mask.data[row + Math.floor(((x + 0.5) * mask.width) / width)];
      const [from, to] = [(y * width + x) * 3, (y * width + x) * 4];
      rgba.set(data.subarray(from, from + 3), to);
      rgba[to + 3] = id === person ? 255 : 0;
    }
  }
  return encode({ width, height, data: rgba, channels: 4, depth: 8 });
}

masks.subscribe((message) => {
  waiting.mask = message;
  together();
});
if (values.out !== undefined) {
  pictures.subscribe((message) => {
    waiting.picture = message;
    together();
  });
}
