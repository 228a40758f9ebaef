// What obstacle_stop.mjs uses of rclnodejs, without ROS 2: it plays a few messages to the node and prints what the node publishes, a
// line of JSON each, then sends the process SIGINT. For the order of calls and what is decided; it has no QoS and no wire. Parameters are
// set as ROS 2 sets them (`--ros-args -p name:=value`); with STANDIN_CLOCK=0 stamps begin at 0, as those of the simulated camera.
const MESSAGES = [
  // [after ms, topic, message]
  [100, 'cmd_vel_in', { linear: { x: 0.4, y: 0, z: 0 }, angular: { x: 0, y: 0, z: 0.2 } }],
  [150, '/sextant/depth/image', 3],
  [400, '/sextant/depth/image', 0.4],
];
const END_MS = 700;

const epoch = process.env.STANDIN_CLOCK === '0' ? Date.now() : 0;
const stamp = () => {
  const ms = Date.now() - epoch;
  return { sec: Math.floor(ms / 1000), nanosec: (ms % 1000) * 1e6 };
};
const given = new Map(process.argv.flatMap((word, i) => (word === '-p' ? [process.argv[i + 1].split(':=')] : [])));
const depth = (metres) => {
  const values = new Float32Array(12 * 8).fill(metres);
  return { header: { stamp: stamp(), frame_id: 'camera' }, width: 12, height: 8, encoding: '32FC1', is_bigendian: 0, step: 48, data: new Uint8Array(values.buffer) };
};
// As the real one does when it is imported; what is used after it is gone.
let gone = false;
const onSignal = () => { gone = true; };
process.on('SIGINT', onSignal);
const say = (what) => process.stdout.write(`${JSON.stringify(what)}\n`);

class Node {
  subscriptions = new Map();
  parameters = new Map();
  constructor(name) { say({ node: name }); }
  declareParameter({ name, type, value }) {
    if (typeof value !== { 1: 'boolean', 3: 'number' }[type]) throw new TypeError(`${name}: ${value} is not of parameter type ${type}`);
    this.parameters.set(name, given.has(name) ? JSON.parse(given.get(name)) : value);
  }
  getParameter(name) { return { value: this.parameters.get(name) }; }
  now() { return { nanoseconds: BigInt(Date.now()) * 1_000_000n }; }
  createSubscription(type, topic, options, callback) {
    this.subscriptions.set(topic, callback ?? options);
    say({ subscribed: topic, type });
  }
  createPublisher(type, topic) {
    say({ publisher: topic, type });
    return {
      publish: (message) => {
        if (gone) throw new Error('the node is destroyed: its publisher cannot publish');
        say({ published: message });
      },
    };
  }
  createTimer(period, callback) {
    if (typeof period !== 'bigint') throw new TypeError('the period of a timer is nanoseconds, a bigint');
    this.timer = setInterval(callback, Number(period / 1_000_000n));
  }
  getLogger() { return { info: (text) => say({ info: text }), warn: (text) => say({ warn: text }) }; }
  spin() {
    for (const [after, topic, message] of MESSAGES) setTimeout(() => this.subscriptions.get(topic)(typeof message === 'number' ? depth(message) : message), after);
    setTimeout(() => process.kill(process.pid, 'SIGINT'), END_MS);
  }
  destroy() { clearInterval(this.timer); say({ destroyed: true }); }
}

module.exports = {
  Node,
  QoS: { profileSensorData: 'sensor data' },
  Parameter: class { constructor(name, type, value) { Object.assign(this, { name, type, value }); } },
  ParameterType: { PARAMETER_BOOL: 1, PARAMETER_DOUBLE: 3 },
  init: () => Promise.resolve(),
  shutdown: () => say({ shutdown: true }),
  removeSignalHandlers: () => process.removeListener('SIGINT', onSignal),
};
