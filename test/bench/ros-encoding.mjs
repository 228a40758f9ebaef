// What it costs to put a picture on the wire: our CDR fast path beside a plain copy of the bytes and the library's
// generic writer, and the rosbridge encodings. Prints medians and ratios. Needs built packages (npm run build).
//   node test/bench/ros-encoding.mjs [--json]
import { cpus } from 'node:os';
import { encodeCbor, encodeCdrGeneric, encodeImageCdr, encodeJson, encodeTextAsPng } from '../../packages/ros/dist/index.js';

const json = process.argv.includes('--json');
const [width, height] = [640, 480];

/** Median milliseconds of `run` over at least `rounds` rounds, after a warm-up. */
async function median(run, rounds = 200) {
  for (let i = 0; i < rounds / 10; i++) await run();
  const times = [];
  for (let i = 0; i < rounds; i++) {
    const start = performance.now();
    await run();
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[rounds >> 1];
}

for (const [encoding, bytesPerPixel] of [['rgb8', 3], ['32FC1', 4]]) {
  const data = Uint8Array.from({ length: width * height * bytesPerPixel }, (_, i) => (i * 31) >> 3);
  const header = { stamp: { sec: 1, nanosec: 2 }, frame_id: 'camera_optical_frame' };
  const image = { header, height, width, encoding, is_bigendian: 0, step: width * bytesPerPixel, data };
  const operation = { op: 'publish', topic: '/sextant/rgb/image_raw', msg: image };
  const cases = {
    'plain copy': () => data.slice(),
    'cdr (ours)': () => encodeImageCdr(image),
    'cdr (rosmsg2-serialization)': () => encodeCdrGeneric('sensor_msgs/msg/Image', image),
    'rosbridge cbor': () => encodeCbor(operation),
    'rosbridge cbor-raw': () => encodeCbor({ ...operation, msg: { secs: 1, nsecs: 2, bytes: encodeImageCdr(image) } }),
    'rosbridge json': () => encodeJson(operation),
  };
  const times = {};
  for (const [name, run] of Object.entries(cases)) times[name] = await median(run);
  times['rosbridge png'] = await median(() => encodeTextAsPng(encodeJson(operation)), 20);
  const copy = times['plain copy'];
  const rows = Object.entries(times).map(([name, ms]) => ({ encoding, name, ms: Number(ms.toFixed(4)), ratioToCopy: Number((ms / copy).toFixed(2)) }));
  if (json) for (const row of rows) console.log(JSON.stringify({ event: 'bench', bench: 'ros-encoding', width, height, ...row }));
  else {
    console.log(`\n${encoding} ${width}x${height}, ${(data.length / 1e6).toFixed(2)} MB, ${cpus()[0].model} x ${cpus().length}, Node ${process.version}`);
    for (const { name, ms, ratioToCopy } of rows) console.log(`${name.padEnd(30)}${ms.toFixed(3).padStart(9)} ms ${ratioToCopy.toFixed(2).padStart(8)} x copy`);
    console.log(`the library's generic writer takes ${(times['cdr (rosmsg2-serialization)'] / times['cdr (ours)']).toFixed(1)} times as long as ours`);
  }
}
