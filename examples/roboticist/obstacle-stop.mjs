// Holds a robot while something is near: forward speed of --in is passed on to --out only while Sextant's depth says that the way is
// clear. No depth, old depth, depth without a unit and a blinded camera are all a stop. Through rosbridge; the same decision
// (../sextant_obstacle_stop/src/decide.mjs) as a ROS 2 node is in ../sextant_obstacle_stop.
//
//   node examples/roboticist/obstacle-stop.mjs [--url ws://127.0.0.1:8420] [--robot ws://robot:9090] [--distance 0.6]
//        [--max-age 0.5] [--least-valid 0.3] [--foreign-clock] [--in /cmd_vel_nav] [--out /cmd_vel] [--duration 0]
//
// --least-valid: with depth in a smaller share of the pixels ahead the camera is taken for blind.
// --robot is the rosbridge the base listens at; without it the commands are exchanged on Sextant's own. --foreign-clock: stamps are not
// of this machine's clock (a bag, the simulated camera). Prints each change; --duration s ends it.
import { parseArgs } from 'node:util';
import { Ros, Topic } from 'roslib';
import { ObstacleStop, STILL, held } from '../sextant_obstacle_stop/src/decide.mjs';

const { values } = parseArgs({
  options: {
    url: { type: 'string', default: 'ws://127.0.0.1:8420' }, robot: { type: 'string' }, distance: { type: 'string', default: '0.6' },
    'max-age': { type: 'string', default: '0.5' }, 'least-valid': { type: 'string', default: '0.3' }, 'foreign-clock': { type: 'boolean', default: false },
    in: { type: 'string', default: '/cmd_vel_nav' }, out: { type: 'string', default: '/cmd_vel' }, duration: { type: 'string', default: '0' },
  },
});
const PERIOD_MS = 50;
/** A command older than this is none: a planner that died must not leave its last word standing. Seconds. */
const COMMAND_AGE = 0.5;
const now = () => Date.now() / 1000;

const guard = new ObstacleStop({ distance: Number(values.distance), maxAge: Number(values['max-age']), leastValid: Number(values['least-valid']), foreignClock: values['foreign-clock'] });
const camera = new Ros();
await camera.connect(values.url);
const robot = values.robot === undefined ? camera : new Ros();
if (robot !== camera) await robot.connect(values.robot);

const image = (name) => new Topic({ ros: camera, name: `/sextant/depth/${name}`, messageType: 'sensor_msgs/Image', compression: 'cbor', queue_length: 1 });
image('image').subscribe((message) => guard.depth(message, now()));
image('relative').subscribe(() => guard.relative(now()));

const twist = (name) => new Topic({ ros: robot, name, messageType: 'geometry_msgs/Twist' });
const command = { twist: STILL, at: -Infinity };
twist(values.in).subscribe((message) => Object.assign(command, { twist: message, at: now() }));
const output = twist(values.out);
output.advertise();

let said;
const timer = setInterval(() => {
  const { stop, reason } = guard.decide(now());
  const wanted = now() - command.at > COMMAND_AGE ? STILL : command.twist;
  output.publish(stop ? held(wanted) : wanted);
  // Said when it changes, not for every centimetre.
  const line = stop ? reason.replace(/[\d.]+/g, '#') : 'clear';
  if (line !== said) console.log(stop ? `stop: ${reason}` : reason);
  said = line;
}, PERIOD_MS);

function end() {
  clearInterval(timer);
  output.publish(STILL);
  // What is sent is sent before the socket closes.
  setTimeout(() => {
    camera.close();
    if (robot !== camera) robot.close();
  }, 100);
}
// A camera or a base that is gone: nothing more can be said to it, and who watches this process sees it end.
for (const ros of [camera, robot]) ros.on('close', () => clearInterval(timer));
process.once('SIGINT', end);
process.once('SIGTERM', end);
if (Number(values.duration) > 0) setTimeout(end, 1000 * Number(values.duration));
