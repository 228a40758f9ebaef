// What eight clients of /masks cost the model: `sextant run` on the simulated camera, its own frames per second with one client and with eight
// that ask for the same masks, in turns. The clients are one Node process of lowest priority, so that the server is measured and not they.
//
//   node test/bench/masks-model-rate.mjs [--rounds 4] [--seconds 8] [--clients 8]
import { fork } from 'node:child_process';
import { cpus, loadavg, setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startRun } from './start-run.mjs';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '4' }, seconds: { type: 'string', default: '8' }, clients: { type: 'string', default: '8' }, url: { type: 'string' } } });
const [rounds, seconds, many] = [values.rounds, values.seconds, values.clients].map(Number);

if (values.url !== undefined) {
  // The clients' process: as many as the parent says.
  const { default: WebSocket } = await import('ws');
  const { connect } = await import('../../packages/client/dist/node.js');
  setPriority(19);
  const clients = [];
  let received = 0;
  process.on('message', (count) => {
    while (clients.length > count) clients.pop().close();
    while (clients.length < count) {
      const client = connect(values.url, { webSocket: WebSocket });
      client.frames({ masks: true, depth: true, skeletons: true }).subscribe(() => (received += 1));
      clients.push(client);
    }
  });
  setInterval(() => {
    process.send(received);
    received = 0;
  }, 1000);
} else {
  const { server, url, stats } = await startRun();
  const clients = fork(fileURLToPath(import.meta.url), ['--url', url]);
  const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
  let received = [];
  clients.on('message', (count) => received.push(count));
  const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
  const results = { 1: [], [many]: [] };
  const got = [];
  for (let round = 0; round < rounds; round += 1) {
    for (const count of round % 2 === 0 ? [1, many] : [many, 1]) {
      clients.send(count);
      await sleep(3000);
      stats.length = 0;
      received = [];
      await sleep(seconds * 1000);
      results[count].push(median(stats.map(({ fps }) => fps)));
      if (count === many) got.push(received.reduce((a, b) => a + b, 0) / received.length / many);
    }
  }
  const ratios = results[many].map((fps, i) => fps / results[1][i]);
  console.log(`${cpus().length} x ${cpus()[0].model}, Node ${process.version}, load ${loadavg()[0].toFixed(1)}; masks + depth + skeletons, model nano on cpu`);
  console.log(`model fps with 1 client: ${results[1].map((v) => v.toFixed(1)).join(' ')}; with ${many}: ${results[many].map((v) => v.toFixed(1)).join(' ')}; frames/s per client ${got.map((v) => v.toFixed(1)).join(' ')}`);
  console.log(`ratio: ${ratios.map((ratio) => ratio.toFixed(3)).join(' ')}, median ${median(ratios).toFixed(3)}`);
  clients.kill();
  server.kill('SIGINT');
}
