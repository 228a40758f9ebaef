// What it costs to put a picture on the wire: a message as the transports encode it beside a plain copy of its bytes and the library's
// generic writer (@foxglove/rosmsg2-serialization). "in pieces" is what rosbridge and Foxglove clients are sent, whose pixels are not
// copied; "in one" is what ROS 2 and recordings get. Prints medians and ratios. Needs built packages (npm run build).
//   node test/bench/ros-encoding.mjs [--json]
import { cpus } from 'node:os';
import { Publication, encodeCdrGeneric, encodeJson, encodeTextAsPng } from '../../packages/ros/dist/index.js';

const json = process.argv.includes('--json');
const [width, height] = [640, 480];
const ROUNDS = 400;

/** Median milliseconds of each case; the cases take turns, so that a busy machine is as hard on all. */
async function medians(cases, rounds) {
  const times = Object.fromEntries(Object.keys(cases).map((name) => [name, []]));
  for (let i = 0; i < rounds * 1.1; i++) {
    for (const [name, run] of Object.entries(cases)) {
      const start = performance.now();
      await run();
      times[name].push(performance.now() - start);
    }
  }
  return Object.fromEntries(Object.entries(times).map(([name, all]) => [name, all.slice(Math.round(rounds / 10)).sort((a, b) => a - b)[rounds >> 1]]));
}

const observer = { built: () => undefined, encoded: () => undefined };

for (const [encoding, bytesPerPixel] of [['rgb8', 3], ['32FC1', 4]]) {
  const data = Uint8Array.from({ length: width * height * bytesPerPixel }, (_, i) => (i * 31) >> 3);
  const header = { stamp: { sec: 1, nanosec: 2 }, frame_id: 'camera_optical_frame' };
  const image = { header, height, width, encoding, is_bigendian: 0, step: width * bytesPerPixel, data };
  const type = 'sensor_msgs/msg/Image';
  const publication = () => new Publication({ topic: '/sextant/rgb/image_raw', type, stamp: 1n, receivedMs: 1.7e12, build: () => image, observer });
  const times = await medians({
    'plain copy': () => data.slice(),
    'cdr in one': () => publication().encode('cdr'),
    'cdr by rosmsg2-serialization': () => encodeCdrGeneric(type, image),
    'cbor in one': () => publication().encode('cbor'),
    'cbor-raw in one': () => publication().encode('cbor-raw'),
    'cdr in pieces': () => publication().pieces('cdr'),
    'cbor in pieces': () => publication().pieces('cbor'),
    'cbor-raw in pieces': () => publication().pieces('cbor-raw'),
  }, ROUNDS);
  const text = { op: 'publish', topic: '/sextant/rgb/image_raw', msg: image };
  Object.assign(times, await medians({ json: () => encodeJson(text), png: () => encodeTextAsPng(encodeJson(text)) }, 20));
  const copy = times['plain copy'];
  const rows = Object.entries(times).map(([name, ms]) => ({ encoding, name, ms: Number(ms.toFixed(4)), ratioToCopy: Number((ms / copy).toFixed(2)) }));
  if (json) for (const row of rows) console.log(JSON.stringify({ event: 'bench', bench: 'ros-encoding', hardware: `${cpus()[0].model} x ${cpus().length}`, width, height, ...row }));
  else {
    console.log(`\n${encoding} ${width}x${height}, ${(data.length / 1e6).toFixed(2)} MB, ${cpus()[0].model} x ${cpus().length}, Node ${process.version}`);
    for (const { name, ms, ratioToCopy } of rows) console.log(`${name.padEnd(30)}${ms.toFixed(4).padStart(10)} ms ${ratioToCopy.toFixed(2).padStart(8)} x copy`);
  }
}
