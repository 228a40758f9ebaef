// roslib 1.x as most pages still have it, the script build in a script tag, in Chromium: from a page of another port of this machine and
// from a file that has the token. Every compression, services, parameters, throttling, publishing. Needs npm's registry, Chromium, built packages.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const executablePath = [process.env.SEXTANT_CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) => path && existsSync(path));
const folder = mkdtempSync(join(process.env.SEXTANT_CI_WORK ?? tmpdir(), 'roslib1-'));

/** In the page: everything a roslib 1.x page does with a camera. */
async function useRoslib(url) {
  const { ROSLIB } = globalThis;
  const ros = new ROSLIB.Ros({ url });
  await new Promise((resolve, reject) => { ros.on('connection', resolve); ros.on('error', () => reject(new Error('no connection'))); });
  const call = (method, ...args) => new Promise((resolve, reject) => ros[method](...args, resolve, reject));
  const found = { origin: globalThis.location.origin, depth: {} };
  const name = '/sextant/depth/image';
  for (const compression of ['none', 'png', 'cbor', 'cbor-raw']) {
    const topic = new ROSLIB.Topic({ ros, name, messageType: 'sensor_msgs/Image', compression });
    // A message of the subscription before may still be under way.
    const fits = (m) => (compression === 'cbor-raw') === (m.bytes !== undefined) && (compression === 'cbor') === (m.data instanceof Uint8Array);
    const message = await new Promise((resolve) => topic.subscribe((m) => { if (fits(m)) resolve(m); }));
    topic.unsubscribe();
    if (compression === 'cbor-raw') found.depth[compression] = message.bytes.byteLength;
    else found.depth[compression] = { encoding: message.encoding, bytes: typeof message.data === 'string' ? globalThis.atob(message.data).length : message.data.length };
  }
  const fragments = new ROSLIB.Topic({ ros, name, messageType: 'sensor_msgs/Image', throttle_rate: 300, queue_length: 1 });
  const times = [];
  await new Promise((resolve) => fragments.subscribe(() => { if (times.push(performance.now()) === 4) resolve(); }));
  fragments.unsubscribe();
  found.throttled = (times[3] - times[0]) / 3;
  const topics = await call('getTopics');
  found.type = topics.types[topics.topics.indexOf(name)];
  found.topicType = await call('getTopicType', name);
  found.nodes = await call('getNodes');
  found.details = (await call('getMessageDetails', 'sensor_msgs/Image')).map(({ type }) => type);
  found.services = await call('getServices');
  const parameter = new ROSLIB.Param({ ros, name: '/sextant:points.decimation' });
  found.before = await new Promise((resolve) => parameter.get(resolve));
  await new Promise((resolve) => parameter.set(4, resolve));
  found.after = await new Promise((resolve) => parameter.get(resolve));
  await new Promise((resolve) => parameter.set(1, resolve));
  new ROSLIB.Topic({ ros, name: '/robot/camera/compressed', messageType: 'sensor_msgs/CompressedImage' }).publish(new ROSLIB.Message({
    header: { stamp: { sec: 1, nanosec: 2 }, frame_id: 'from the page' }, format: 'jpeg', data: globalThis.btoa('\xff\xd8\xff'),
  }));
  await new Promise((resolve) => setTimeout(resolve, 300));
  ros.close();
  return found;
}

function check(found, where) {
  const expected = {
    depth: { none: { encoding: '32FC1', bytes: 3072 }, png: { encoding: '32FC1', bytes: 3072 }, cbor: { encoding: '32FC1', bytes: 3072 } },
    type: 'sensor_msgs/msg/Image', topicType: 'sensor_msgs/msg/Image', nodes: ['/sextant'], details: ['sensor_msgs/Image', 'std_msgs/Header'], before: 1, after: 4,
  };
  const { 'cbor-raw': raw, ...depth } = found.depth;
  const seen = JSON.stringify({ depth, ...Object.fromEntries(Object.keys(expected).slice(1).map((key) => [key, found[key]])) });
  if (seen !== JSON.stringify(expected) || !(raw > 3072) || !(found.throttled > 250) || !found.services.includes('/rosapi/topics')) {
    throw new Error(`roslib 1.x ${where} saw ${JSON.stringify(found)}`);
  }
  console.log(`roslib1: ${where} (origin ${found.origin}): none, png, cbor, cbor-raw, services, parameters; throttle_rate 300 gives one in ${found.throttled.toFixed(0)} ms`);
}

const servers = [];
let browser;
let site;

async function serve(...args) {
  const server = spawn(process.execPath, ['test/e2e/ros-server.mjs', ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  servers.push(server);
  const lines = createInterface({ input: server.stdout });
  const [port] = await once(lines, 'line');
  lines.on('line', (line) => pictures.push(JSON.parse(line)));
  return `ws://127.0.0.1:${port}`;
}

const pictures = [];
try {
  execFileSync('npm', ['pack', '--silent', 'roslib@1.4.1'], { cwd: folder });
  execFileSync('tar', ['xzf', 'roslib-1.4.1.tgz'], { cwd: folder });
  const script = readFileSync(join(folder, 'package/build/roslib.min.js'));
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>roslib 1</title><script src="package/build/roslib.min.js"></script>');
  const [open, guarded] = [await serve(), await serve('--token', 'secret')];
  site = createServer((request, response) => {
    if (request.url.endsWith('.js')) response.setHeader('content-type', 'text/javascript').end(script);
    else response.setHeader('content-type', 'text/html').end('<!doctype html><script src="/roslib.min.js"></script>');
  }).listen(0, '127.0.0.1');
  await once(site, 'listening');
  browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  const file = pathToFileURL(join(folder, 'index.html')).href;
  for (const [where, page, url] of [['on a page of another port', `http://localhost:${site.address().port}/`, open], ['on a file, with the token', file, `${guarded}/?token=secret`]]) {
    const tab = await browser.newPage();
    await tab.goto(page);
    check(await tab.evaluate(useRoslib, url), where);
    await tab.close();
  }
  if (pictures.length !== 2 || pictures.some(({ frameId, bytes, first }) => frameId !== 'from the page' || bytes !== 3 || first[0] !== 255)) throw new Error(`published pictures arrived as ${JSON.stringify(pictures)}`);
  console.log('roslib1: what the pages published arrived');
} finally {
  await browser?.close();
  site?.close();
  for (const server of servers) server.kill();
  rmSync(folder, { recursive: true, force: true });
}
