// When to stop: pure, so that the rosbridge and the ROS 2 node decide alike. Everything that is not known to be clear is a stop.

/** Sides of the part of the picture that is the way ahead: the middle third across, the middle half down. */
const AHEAD = { left: 1 / 3, right: 2 / 3, top: 1 / 4, bottom: 3 / 4 };
/** An obstacle is what this share of the valid pixels ahead is nearer than: one wrong pixel stops nobody, a chair leg does. */
const SHARE = 0.02;

/**
 * The distance to the nearest thing ahead in a depth image of sensor_msgs/Image (REP-118): 32FC1 metres with NaN and infinities
 * invalid, or 16UC1 millimetres with 0 invalid.
 * @returns {{metres: number, valid: number}} metres (Infinity where nothing valid is ahead), and the share of valid pixels, 0..1
 * @throws {Error} for another encoding, or data that does not fit the size
 */
export function nearestAhead({ width, height, encoding, is_bigendian: bigEndian, step, data }) {
  const bytes = { '32FC1': 4, '16UC1': 2 }[encoding];
  if (bytes === undefined) throw new Error(`depth in ${encoding}: 32FC1 or 16UC1 is needed`);
  if (!(width > 0 && height > 0) || step < width * bytes || data.byteLength < step * (height - 1) + width * bytes) {
    throw new Error(`a depth image of ${width}x${height} with rows of ${step} bytes does not fit ${data.byteLength} bytes`);
  }
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const found = [];
  let seen = 0;
  for (let y = Math.floor(AHEAD.top * height); y < Math.ceil(AHEAD.bottom * height); y += 1) {
    for (let x = Math.floor(AHEAD.left * width); x < Math.ceil(AHEAD.right * width); x += 1) {
      const at = y * step + x * bytes;
      const metres = bytes === 4 ? view.getFloat32(at, !bigEndian) : view.getUint16(at, !bigEndian) / 1000;
      seen += 1;
      if (metres > 0 && Number.isFinite(metres)) found.push(metres);
    }
  }
  found.sort((a, b) => a - b);
  return { metres: found.length === 0 ? Infinity : found[Math.floor(SHARE * found.length)], valid: found.length / seen };
}

/** Seconds since something came at `then`; no end of them where the clock was set back since (by NTP, or a bag that starts again): nobody knows how old it is. */
export function ageOf(then, now) {
  return now >= then ? now - then : Infinity;
}

/** Decides whether the robot may drive forward, from what came on the depth topics. Times are seconds. */
export class ObstacleStop {
  /**
   * @param {object} options
   * @param {number} options.distance stop for anything nearer, metres
   * @param {number} [options.maxAge] depth older than this says nothing any more
   * @param {number} [options.leastValid] share of pixels ahead that must have depth: a camera that sees nothing sees no obstacle either
   * @param {boolean} [options.foreignClock] stamps are not of this clock (a bag, the simulator): only their order and arrival count
   * @throws {Error} for a value that cannot be: NaN is no limit at all, with it nothing would ever be too old
   */
  constructor({ distance, maxAge = 0.5, leastValid = 0.3, foreignClock = false }) {
    if (!(distance > 0)) throw new Error(`a distance of ${distance} m to stop at is none`);
    if (!(maxAge > 0)) throw new Error(`depth cannot be at most ${maxAge} s old: give seconds above 0`);
    if (!(leastValid >= 0 && leastValid <= 1)) throw new Error(`a share of ${leastValid} of the pixels is none: give 0 to 1`);
    Object.assign(this, { distance, maxAge, leastValid, foreignClock });
  }

  /** Takes a metric depth image that arrived at `now` (this machine's clock). */
  depth(message, now) {
    const stamp = message.header.stamp.sec + message.header.stamp.nanosec / 1e9;
    // The same picture again, or one from before it, is no news. A bag that starts again is: its clock jumps far back.
    if (this.last !== undefined && stamp <= this.last.stamp && stamp > this.last.stamp - 1) return;
    try {
      this.last = { stamp, arrived: now, ...nearestAhead(message) };
    } catch (error) {
      this.last = { stamp, arrived: now, metres: NaN, valid: 0, problem: error.message };
    }
  }

  /** Depth of unknown unit arrived: there may be something ahead, and nobody knows how far. */
  relative(now) {
    this.relativeAt = now;
  }

  /** @returns {{stop: boolean, reason: string}} */
  decide(now) {
    const { last, distance, maxAge } = this;
    const age = last === undefined || this.foreignClock ? 0 : now - last.stamp;
    const old = last === undefined ? Infinity : Math.max(ageOf(last.arrived, now), age);
    if (old > maxAge) {
      if (this.relativeAt !== undefined && ageOf(this.relativeAt, now) <= maxAge) {
        return { stop: true, reason: 'depth is relative: calibrate the camera or give a scale' };
      }
      return { stop: true, reason: last === undefined ? 'no depth yet' : `depth is ${old < 1e4 ? `${old.toFixed(2)} s` : 'years'} old` };
    }
    if (age < -maxAge) return { stop: true, reason: `depth is ${(-age).toFixed(2)} s in the future: the clocks differ` };
    if (last.problem !== undefined) return { stop: true, reason: last.problem };
    if (last.valid < this.leastValid) return { stop: true, reason: `only ${Math.round(100 * last.valid)} % of the pixels ahead have depth` };
    if (last.metres < distance) return { stop: true, reason: `${last.metres.toFixed(2)} m ahead` };
    return { stop: false, reason: `clear, ${last.metres.toFixed(2)} m ahead` };
  }
}

/** A geometry_msgs/Twist that stands still. */
export const STILL = { linear: { x: 0, y: 0, z: 0 }, angular: { x: 0, y: 0, z: 0 } };

/** A geometry_msgs/Twist with 0 for what is missing or no finite number: a client of rosbridge may leave parts out, and NaN comes as null. */
export function whole(twist) {
  const part = (given) => Object.fromEntries(['x', 'y', 'z'].map((axis) => [axis, Number.isFinite(given?.[axis]) ? given[axis] : 0]));
  return { linear: part(twist?.linear), angular: part(twist?.angular) };
}

/** What is passed on of a whole command while there is something ahead: nothing forward; turning on the spot and backing off stay possible. */
export function held({ linear, angular }) {
  return { linear: { ...linear, x: Math.min(0, linear.x) }, angular };
}
