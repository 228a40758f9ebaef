// Prints the distance straight ahead, in metres, from the depth stream of a running Sextant. This is all there is to it for
// any rosbridge client; in ROS 2 itself the same message comes on the same topic.
//
//   node examples/roboticist/distance-ahead.mjs [--url ws://127.0.0.1:8420] [--frames 0]
//
// --frames n ends after n messages; 0 goes on. A camera whose scale is not known publishes /sextant/depth/relative instead.
import { parseArgs } from 'node:util';
import { Ros, Topic } from 'roslib';

const { values } = parseArgs({ options: { url: { type: 'string', default: 'ws://127.0.0.1:8420' }, frames: { type: 'string', default: '0' } } });
const ros = new Ros();
await ros.connect(values.url);

const depth = new Topic({ ros, name: '/sextant/depth/image', messageType: 'sensor_msgs/Image', compression: 'cbor', throttle_rate: 100 });
let received = 0;
depth.subscribe(({ header, width, height, data }) => {
  // 32FC1, little endian, row-major; NaN where there is no depth. The bytes may lie at any offset: read through a view.
  const bytes = new DataView(data.buffer, data.byteOffset, data.byteLength);
  // The middle ninth: one pixel may be a hole. The median is not moved by the edge of something near.
  const ahead = [];
  for (let y = Math.floor(height / 3); y < Math.ceil((2 * height) / 3); y += 1) {
    for (let x = Math.floor(width / 3); x < Math.ceil((2 * width) / 3); x += 1) {
      const metres = bytes.getFloat32((y * width + x) * 4, true);
      if (metres > 0) ahead.push(metres);
    }
  }
  ahead.sort((a, b) => a - b);
  const stamp = (header.stamp.sec + header.stamp.nanosec / 1e9).toFixed(3);
  console.log(ahead.length > 0 ? `${stamp} s: ${ahead[ahead.length >> 1].toFixed(2)} m ahead` : `${stamp} s: nothing ahead`);
  received += 1;
  if (received === Number(values.frames)) {
    depth.unsubscribe();
    ros.close();
  }
});
