// Holds a robot while something is near: forward speed of --in is passed on to --out only while Sextant's depth says that the way is
// clear. No depth, old depth, depth without a unit and a blinded camera are all a stop. Through rosbridge; the same decision
// (../sextant_obstacle_stop/src/decide.mjs) as a ROS 2 node is in ../sextant_obstacle_stop.
//
//   node examples/roboticist/obstacle-stop.mjs [--url ws://127.0.0.1:8420] [--robot ws://robot:9090] [--distance 0.6]
//        [--max-age 0.5] [--least-valid 0.3] [--foreign-clock] [--in /cmd_vel_nav] [--out /cmd_vel] [--duration 0]
//
// --least-valid: with depth in a smaller share of the pixels ahead the camera is taken for blind.
// --robot is the rosbridge the base listens at; without it the commands are exchanged on Sextant's own. --foreign-clock: stamps are not
// of this machine's clock (a bag, the simulated camera). Prints each change; --duration s ends it. When a connection is lost, or this program fails, it
// tells the base to stand still and ends with exit code 1; with 2, before anything, for an address that is none.
import { parseArgs } from 'node:util';
import { Ros, Topic } from 'roslib';
import { ObstacleStop, STILL, ageOf, held, whole } from '../sextant_obstacle_stop/src/decide.mjs';

const { values } = parseArgs({
  options: {
    url: { type: 'string', default: 'ws://127.0.0.1:8420' }, robot: { type: 'string' }, distance: { type: 'string', default: '0.6' },
    'max-age': { type: 'string', default: '0.5' }, 'least-valid': { type: 'string', default: '0.3' }, 'foreign-clock': { type: 'boolean', default: false },
    in: { type: 'string', default: '/cmd_vel_nav' }, out: { type: 'string', default: '/cmd_vel' }, duration: { type: 'string', default: '0' },
  },
});
for (const name of ['url', 'robot']) {
  const url = values[name];
  if (url === undefined || (/^wss?:\/\//.test(url) && URL.canParse(url))) continue;
  console.error(`--${name} is ${url}: give an address such as ws://127.0.0.1:8420`);
  process.exit(2);
}
const PERIOD_MS = 50;
/** A command older than this is none: a planner that died must not leave its last word standing. Seconds. */
const COMMAND_AGE = 0.5;
const now = () => Date.now() / 1000;

const guard = new ObstacleStop({ distance: Number(values.distance), maxAge: Number(values['max-age']), leastValid: Number(values['least-valid']), foreignClock: values['foreign-clock'] });
const camera = new Ros();
const robot = values.robot === undefined ? camera : new Ros();

const image = (name) => new Topic({ ros: camera, name: `/sextant/depth/${name}`, messageType: 'sensor_msgs/Image', compression: 'cbor', queue_length: 1 });
image('image').subscribe((message) => guard.depth(message, now()));
image('relative').subscribe(() => guard.relative(now()));

const twist = (name) => new Topic({ ros: robot, name, messageType: 'geometry_msgs/Twist' });
const command = { twist: STILL, at: -Infinity };
twist(values.in).subscribe((message) => Object.assign(command, { twist: whole(message), at: now() }));
const output = twist(values.out);
output.advertise();

let said;
const timer = setInterval(() => {
  const { stop, reason } = guard.decide(now());
  const wanted = ageOf(command.at, now()) > COMMAND_AGE ? STILL : command.twist;
  if (robot.isConnected) output.publish(stop ? held(wanted) : wanted);
  // Said when it changes, not for every centimetre.
  const line = stop ? reason.replace(/[\d.]+/g, '#') : 'clear';
  if (line !== said) console.log(stop ? `stop: ${reason}` : reason);
  said = line;
}, PERIOD_MS);

let ending = false;
/** The last word to the base is to stand still, whatever the reason for the end; 100 ms are for it to be sent before the sockets close. */
function end(code) {
  if (ending) return;
  ending = true;
  clearInterval(timer);
  setTimeout(() => {
    // A socket whose other side is gone would keep this process for its half minute.
    setTimeout(() => process.exit(code), 100);
    for (const ros of new Set([camera, robot])) ros.close();
  }, 100);
  if (robot.isConnected) output.publish(STILL);
}
for (const failure of ['uncaughtException', 'unhandledRejection']) {
  process.on(failure, (error) => {
    if (!ending) console.error(`this program failed${robot.isConnected ? '; the base is told to stand still' : ''}:`, error);
    end(1);
  });
}
process.once('SIGINT', () => end(0));
process.once('SIGTERM', () => end(0));
if (Number(values.duration) > 0) setTimeout(() => end(0), 1000 * Number(values.duration));

/** Without the camera there is nothing to decide by, without the base nobody to hold; who watches this process sees it end. */
async function keep(ros, url, what) {
  let opened = false;
  ros.on('connection', () => (opened = true));
  ros.on('close', () => {
    if (ending) return;
    const last = robot.isConnected ? '; the base is told to stand still' : '';
    console.error(`${opened ? `the connection to ${what} at ${url} was lost` : `no ${what} answers at ${url}`}${last}. Start this again when it is there.`);
    end(1);
  });
  await ros.connect(url);
}
await keep(camera, values.url, 'Sextant');
if (robot !== camera) await keep(robot, values.robot, 'base');
