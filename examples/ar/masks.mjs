// The same client in Node: names what is in the picture, frame by frame; with --out cuts the people out of it.
//
//   node examples/ar/masks.mjs [--url ws://127.0.0.1:8420] [--frames 0] [--out folder]
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { connect } from '@sextant/client';
import sharp from 'sharp';

const { values } = parseArgs({
  options: { url: { type: 'string', default: 'ws://127.0.0.1:8420' }, frames: { type: 'string', default: '0' }, out: { type: 'string' } },
});
if (values.out !== undefined) mkdirSync(values.out, { recursive: true });

let client;
try {
  client = connect(values.url);
} catch ({ message, hint }) {
  console.error(`${message}. ${hint}`);
  process.exit(2);
}
// A server that is not there is tried again until it is: this says what is waited for.
client.errors$.subscribe(({ message, hint }) => console.error(`${message}. ${hint}`));
let frames = 0;
for await (const { masks, picture, stamp } of client.frames({ masks: { instances: false }, ...(values.out !== undefined && { picture: { quality: 90 } }) })) {
  const counts = new Map();
  for (const id of masks.labels) counts.set(id, (counts.get(id) ?? 0) + 1);
  const name = (id) => masks.classes.find((known) => known.id === id)?.name ?? `class ${id}`;
  const seen = [...counts].sort((a, b) => b[1] - a[1]).map(([id, n]) => `${name(id)} ${((100 * n) / masks.labels.length).toFixed(0)} %`);
  console.log(`${stamp / 1_000_000_000n}.${String(stamp % 1_000_000_000n).padStart(9, '0')}: ${seen.slice(0, 4).join(', ')}`);
  if (values.out !== undefined) await cutOut(masks, picture, join(values.out, `${String(frames).padStart(6, '0')}.png`));
  if (++frames === Number(values.frames)) break;
}
client.close();

/** Writes the picture with everything but people transparent. */
async function cutOut({ labels, width, height, classes }, picture, path) {
  const person = classes.find(({ name }) => name === 'person')?.id;
  const alpha = await sharp(labels.map((id) => (id === person ? 255 : 0)), { raw: { width, height, channels: 1 } })
    .resize(picture.width, picture.height, { fit: 'fill' })
    .extractChannel(0)
    .raw()
    .toBuffer();
  await sharp(picture.jpeg).joinChannel(alpha, { raw: { width: picture.width, height: picture.height, channels: 1 } }).png().toFile(path);
}
