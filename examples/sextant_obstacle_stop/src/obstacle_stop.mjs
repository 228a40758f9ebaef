#!/usr/bin/env node
// A ROS 2 node that holds the robot while something is near, by Sextant's depth. Between a source of commands and the base:
//
//   cmd_vel_in (geometry_msgs/Twist)  ->  obstacle_stop  ->  cmd_vel
//
// Forward speed is passed on only while depth says that the way is clear; without news of it, and without a command for half a
// second, the robot stands. Parameters: distance (m), max_age (s), least_valid (0..1), foreign_clock (bool: stamps are of no clock that this
// node has, as those of `sim:` and of videos, which begin at 0; a replayed bag has /clock: use_sim_time). Topics are remapped as usual.
import { createRequire } from 'node:module';
import { ObstacleStop, STILL, ageOf, held, whole } from './decide.mjs';

const rclnodejs = createRequire(import.meta.url)('rclnodejs');
const PERIOD_MS = 50;
const COMMAND_AGE = 0.5;

await rclnodejs.init();
const node = new rclnodejs.Node('obstacle_stop');
const { PARAMETER_BOOL, PARAMETER_DOUBLE } = rclnodejs.ParameterType;
const parameter = (name, value) => {
  node.declareParameter(new rclnodejs.Parameter(name, typeof value === 'boolean' ? PARAMETER_BOOL : PARAMETER_DOUBLE, value));
  return node.getParameter(name).value;
};
const guard = new ObstacleStop({
  distance: Number(parameter('distance', 0.6)), maxAge: Number(parameter('max_age', 0.5)), leastValid: Number(parameter('least_valid', 0.3)),
  foreignClock: parameter('foreign_clock', false) === true,
});
// The node's clock: with use_sim_time that of /clock. Seconds.
const now = () => Number(node.now().nanoseconds) / 1e9;

const sensorData = { qos: rclnodejs.QoS.profileSensorData };
node.createSubscription('sensor_msgs/msg/Image', '/sextant/depth/image', sensorData, (message) => guard.depth(message, now()));
node.createSubscription('sensor_msgs/msg/Image', '/sextant/depth/relative', sensorData, () => guard.relative(now()));
const command = { twist: STILL, at: -Infinity };
node.createSubscription('geometry_msgs/msg/Twist', 'cmd_vel_in', (twist) => Object.assign(command, { twist: whole(twist), at: now() }));
const publisher = node.createPublisher('geometry_msgs/msg/Twist', 'cmd_vel');

let said = '';
node.createTimer(BigInt(PERIOD_MS * 1e6), () => {
  const { stop, reason } = guard.decide(now());
  const twist = ageOf(command.at, now()) > COMMAND_AGE ? STILL : command.twist;
  publisher.publish(stop ? held(twist) : twist);
  const line = stop ? `stop: ${reason.replace(/[\d.]+/g, '#')}` : 'clear';
  if (line !== said) node.getLogger()[stop ? 'warn' : 'info'](stop ? `stop: ${reason}` : reason);
  said = line;
});
// The last word to the base, before the node is gone: rclnodejs would destroy it first.
rclnodejs.removeSignalHandlers();
function end(code) {
  try {
    publisher.publish(STILL);
    node.destroy();
    rclnodejs.shutdown();
  } finally {
    process.exit(code);
  }
}
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => end(0));
for (const failure of ['uncaughtException', 'unhandledRejection']) {
  process.once(failure, (error) => {
    console.error('obstacle_stop failed; the base is told to stand still:', error);
    end(1);
  });
}
node.spin();
