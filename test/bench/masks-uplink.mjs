// Shares of the one model: `sextant run` on the simulated camera with clients of /masks that send cameras of their own, at different rates, and ask for
// depth. Prints what the run's own camera and each client got per second. The clients are one process of low priority.
//
//   node test/bench/masks-uplink.mjs [--rates 30,30,10] [--seconds 10]
import { fork } from 'node:child_process';
import { cpus, loadavg, setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startRun } from './start-run.mjs';

const { values } = parseArgs({ options: { rates: { type: 'string', default: '30,30,10' }, seconds: { type: 'string', default: '10' }, url: { type: 'string' } } });
const rates = values.rates.split(',').map(Number);
const seconds = Number(values.seconds);

if (values.url !== undefined) {
  const { default: WebSocket } = await import('ws');
  const { default: sharp } = await import('sharp');
  const { encodeAck, encodeCameraPicture, encodeControl, decodeControl, isControl, openData, openEnvelope } = await import('../../packages/core/dist/index.js');
  const { createWorld } = await import('../../packages/world/dist/index.js');
  setPriority(5);
  const users = await Promise.all(rates.map(async (rate, index) => {
    const world = createWorld({ seed: 10 + index, width: 320, height: 240 });
    const jpegs = await Promise.all([0, 1, 2, 3].map((at) => sharp(world.render(at).rgb, { raw: { width: 320, height: 240, channels: 3 } }).jpeg().toBuffer()));
    const user = { rate, received: 0, ages: [], state: undefined };
    const socket = new WebSocket(`${values.url.replace('http', 'ws')}/masks`, ['sextant.masks.v1', 'sextant.masks']);
    let consumed = 0;
    socket.on('message', (bytes) => {
      const opened = openEnvelope(bytes);
      if (opened.name === 'data') {
        user.received += 1;
        user.ages.push(Date.now() - Number(openData(opened).header.stamp / 1_000_000n));
        socket.send(encodeAck(++consumed));
      } else if (isControl(opened.name)) {
        const message = decodeControl(opened);
        if (message.type === 'cameraState') {
          if (user.state === undefined) socket.send(encodeControl('subscribe', { id: 1, want: { kind: 'depth', camera: 1 } }));
          user.state = message;
        } else if (message.type === 'error') console.error(message);
      }
    });
    await new Promise((resolve) => socket.once('open', resolve));
    socket.send(encodeControl('hello', { version: 1, flow: 'ack' }));
    socket.send(encodeControl('openCamera', { camera: 1 }));
    let sequence = 0;
    setInterval(() => {
      sequence += 1;
      socket.send(encodeCameraPicture({ camera: 1, stamp: BigInt(Date.now()) * 1_000_000n, sequence, width: 320, height: 240, mediaType: 'image/jpeg', data: jpegs[Math.abs((sequence % 6) - 3)] }));
    }, 1000 / rate);
    return user;
  }));
  setInterval(() => {
    process.send(users.map(({ received, ages, state }) => ({ received, ages, state })));
    for (const user of users) {
      user.received = 0;
      user.ages = [];
    }
  }, 1000);
} else {
  const { server, url, stats } = await startRun();
  const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
  const { default: WebSocket } = await import('ws');
  const { connect } = await import('../../packages/client/dist/node.js');
  const own = connect(url, { webSocket: WebSocket });
  own.depth().subscribe(); // the run's own camera wants the model too
  await sleep(4000);
  const alone = stats.slice(-3).reduce((sum, { fps }) => sum + fps, 0) / 3;
  const clients = fork(fileURLToPath(import.meta.url), ['--url', url, '--rates', values.rates]);
  const seconds$ = [];
  clients.on('message', (users) => seconds$.push(users));
  while (!(seconds$.at(-1)?.every(({ received }) => received > 0) ?? false)) await sleep(200); // everybody is served
  await sleep(2000);
  stats.length = seconds$.length = 0;
  await sleep(seconds * 1000);
  const own$ = stats.reduce((sum, { fps }) => sum + fps, 0) / stats.length;
  const each = rates.map((_, i) => seconds$.reduce((sum, users) => sum + users[i].received, 0) / seconds$.length);
  const ages = rates.map((_, i) => seconds$.flatMap((users) => users[i].ages).sort((a, b) => a - b));
  console.log(`${cpus().length} x ${cpus()[0].model}, Node ${process.version}, load ${loadavg()[0].toFixed(1)}; nano on cpu, depth`);
  console.log(`the run alone ${alone.toFixed(1)} frames/s; shared: ${own$.toFixed(1)}; clients that send ${rates.join(', ')} pictures/s get ${each.map((v) => v.toFixed(1)).join(', ')}; capture to result p50 ${ages.map((list) => list[list.length >> 1] ?? '-').join(', ')} ms`);
  console.log(`overtaken before the model was free: ${seconds$.at(-1).map(({ state }) => `${state.dropped} of ${state.received}`).join(', ')}; counted by the run as client-cameras: ${stats.at(-1).dropped['client-cameras'] ?? 0}`);
  own.close();
  clients.kill();
  server.kill('SIGINT');
}
