// Prints the distance straight ahead, in metres, from the depth stream of a running Sextant. This is all there is to it for
// any rosbridge client; in ROS 2 itself the same message comes on the same topic.
//
//   node examples/roboticist/distance-ahead.mjs [--url ws://127.0.0.1:8420] [--frames 0]
//
// --frames n ends after n messages; 0 goes on. Says so where depth has no unit (the camera is not calibrated and has no scale). Ends with
// exit code 1 where no Sextant answers, or the connection is lost; 2 for a --url that is none.
import { parseArgs } from 'node:util';
import { Ros, Topic } from 'roslib';

/** Of each depth encoding (REP-118): bytes a pixel, how one is read, and metres per unit. */
const ENCODINGS = {
  '32FC1': { size: 4, read: (view, at, little) => view.getFloat32(at, little), unit: 1 },
  '16UC1': { size: 2, read: (view, at, little) => view.getUint16(at, little), unit: 0.001 },
};

/** The median of the middle ninth, or undefined where nothing there is valid (NaN, infinities, 0). One pixel may be a hole, and the edge of something near moves no median. */
function metresAhead({ width, height, encoding, is_bigendian, step, data }) {
  if (!Object.hasOwn(ENCODINGS, encoding)) throw new Error(`depth is ${encoding}: known are ${Object.keys(ENCODINGS).join(', ')}`);
  const { size, read, unit } = ENCODINGS[encoding];
  // The bytes may lie at any offset: read through a view. Rows are `step` bytes apart.
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const ahead = [];
  for (let y = Math.floor(height / 3); y < Math.ceil((2 * height) / 3); y += 1) {
    for (let x = Math.floor(width / 3); x < Math.ceil((2 * width) / 3); x += 1) {
      const metres = unit * read(view, y * step + x * size, !is_bigendian);
      if (metres > 0 && metres < Infinity) ahead.push(metres);
    }
  }
  return ahead.sort((a, b) => a - b)[ahead.length >> 1];
}

const { values } = parseArgs({ options: { url: { type: 'string', default: 'ws://127.0.0.1:8420' }, frames: { type: 'string', default: '0' } } });
if (!/^wss?:\/\//.test(values.url) || !URL.canParse(values.url)) {
  console.error(`--url is ${values.url}: give an address such as ws://127.0.0.1:8420`);
  process.exit(2);
}
const ros = new Ros();
let [opened, ending] = [false, false];
ros.on('connection', () => (opened = true));
ros.on('close', () => {
  if (ending) return;
  console.error(opened ? `the connection to Sextant at ${values.url} was lost` : `no Sextant answers at ${values.url}`);
  process.exit(1);
});
await ros.connect(values.url);
const image = (name) => new Topic({ ros, name: `/sextant/depth/${name}`, messageType: 'sensor_msgs/Image', compression: 'cbor', throttle_rate: 100 });

const [depth, relative] = [image('image'), image('relative')];
let received = 0;
depth.subscribe((message) => {
  const { stamp } = message.header;
  const metres = metresAhead(message);
  console.log(`${(stamp.sec + stamp.nanosec / 1e9).toFixed(3)} s: ${metres === undefined ? 'nothing' : `${metres.toFixed(2)} m`} ahead`);
  received += 1;
  if (received === Number(values.frames)) {
    depth.unsubscribe();
    relative.unsubscribe();
    ending = true;
    ros.close();
  }
});
relative.subscribe(() => {
  console.log('depth is relative: calibrate the camera or give a scale (sextant run --scale ...)');
  relative.unsubscribe(); // said once
});
