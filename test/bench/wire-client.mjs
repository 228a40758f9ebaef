// The clients of wire.mjs, in a process of their own: two of rosbridge (CBOR) and one of Foxglove, or one that stops reading. Tells
// latencies (stamp to arrival, milliseconds) by client on the IPC channel when asked.
import { decode } from 'cbor-x';
import { WebSocket } from 'ws';
import { nowNs } from './wire-perceptions.mjs';

const [url, kind, topicList] = process.argv.slice(2);
const topics = topicList.split(',');
const TIMED = '/sextant/depth/image';
const samples = {};
const counts = {};

function heard(name, topic, stamp) {
  counts[name] = (counts[name] ?? 0) + 1;
  if (topic === TIMED) (samples[name] ??= []).push(Number(nowNs() - stamp) / 1e6);
}

async function rosbridge(name) {
  const socket = new WebSocket(`${url}/rosbridge`);
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  socket.on('message', (data, binary) => {
    if (!binary) return;
    const { topic, msg } = decode(data);
    const stamp = msg.header?.stamp;
    heard(name, topic, stamp === undefined ? 0n : BigInt(stamp.sec) * 1_000_000_000n + BigInt(stamp.nanosec));
  });
  for (const topic of topics) socket.send(JSON.stringify({ op: 'subscribe', topic, compression: 'cbor' }));
  return socket;
}

async function foxglove(name) {
  const socket = new WebSocket(`${url}/foxglove`, 'foxglove.sdk.v1');
  socket.binaryType = 'nodebuffer';
  const topicOf = new Map();
  socket.on('message', (data, binary) => {
    if (binary) {
      if (data[0] === 1) heard(name, topicOf.get(data.readUInt32LE(1)), data.readBigUInt64LE(5));
      return;
    }
    const message = JSON.parse(data.toString());
    if (message.op !== 'advertise') return;
    const wanted = message.channels.filter(({ topic }) => topics.includes(topic));
    for (const { id, topic } of wanted) topicOf.set(id, topic);
    if (wanted.length > 0) socket.send(JSON.stringify({ op: 'subscribe', subscriptions: wanted.map(({ id }) => ({ id, channelId: id })) }));
  });
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  return socket;
}

if (kind === 'stalled') {
  const sockets = [await rosbridge('stalled rosbridge'), await foxglove('stalled foxglove')];
  setTimeout(() => sockets.forEach((socket) => socket.pause()), 300);
} else {
  await rosbridge('rosbridge 1');
  await rosbridge('rosbridge 2');
  await foxglove('foxglove');
}
process.on('message', () => {
  process.send({ samples, counts });
  for (const name of Object.keys(samples)) samples[name].length = 0;
  for (const name of Object.keys(counts)) counts[name] = 0;
});
process.send('ready');
