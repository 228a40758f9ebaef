import { SextantError } from '@sextant/core';
import type { Frame, RgbImage } from '@sextant/core';
import type { Observable } from 'rxjs';
import { defer, map } from 'rxjs';
import type { BagTopic } from '../bag/bag-file.js';
import { RecordedCamera } from '../bag/recorded-camera.js';
import { recordedPictures } from '../bag/recorded-pictures.js';
import { Recording } from '../bag/recording.js';
import { cameraOfTopic } from '../bag/ros-camera.js';
import { decodeRosCompressedImage, decodeRosImage } from '../bag/ros-picture.js';
import { cameraLookup } from '../calibration/camera-lookup.js';
import type { PlaybackOptions } from '../source-options.js';
import { frameStream } from '../stream/frame-stream.js';
import { Damage } from '../stream/damage.js';
import type { Picture, ReadContext } from '../stream/picture.js';
import { startBeyondEnd } from '../stream/start-beyond-end.js';

const IMAGE = 'sensor_msgs/msg/Image';
const COMPRESSED = 'sensor_msgs/msg/CompressedImage';

/** Names under which drivers publish the colour picture, best first; a bag with several image topics is asked for these. */
const USUAL = [/image_rect_color$/, /rgb\/image_raw$/, /color\/image_raw$/, /image_raw$/, /image_raw\/compressed$/];

/** Stamps that run so much further ahead than the log, nanoseconds, are of a clock that was set. */
const CLOCK_SET = 10_000_000_000n;

const isPicture = ({ type, topic }: BagTopic): boolean => type === IMAGE || (type === COMPRESSED && !/compressedDepth$/.test(topic));

/** By these names ROS 1 calls its messages, also in an MCAP file. */
const isRos1Picture = ({ type }: BagTopic): boolean => /^sensor_msgs\/(Compressed)?Image$/.test(type);

/**
 * The topic of pictures to play: the one asked for, the only one, or the usual one.
 * @throws SextantError `bad-argument` naming the topics there are, `source-missing` where there is no picture, `unsupported` for those of ROS 1.
 */
export function chooseTopic(path: string, topics: readonly BagTopic[], wanted: string | undefined): BagTopic {
  const found = topics.filter(isPicture).filter(({ messages }) => messages !== 0);
  const list = found.map(({ topic }) => topic).join(', ') || 'none';
  if (wanted !== undefined) {
    const name = wanted.startsWith('/') ? wanted : `/${wanted}`;
    const chosen = topics.find(({ topic }) => topic === name);
    if (chosen && isPicture(chosen)) return chosen;
    if (chosen && isRos1Picture(chosen)) throw ros1(path, chosen);
    throw new SextantError('bad-argument', chosen ? `${name} of ${path} holds ${chosen.type}, not pictures` : `${path} has no topic ${name}`, {
      hint: `Topics with pictures: ${list}.`, details: { path, topic: name, topics: found.map(({ topic }) => topic) },
    });
  }
  if (found.length === 0) {
    const old = topics.find(isRos1Picture);
    if (old) throw ros1(path, old);
    throw new SextantError('source-missing', `${path} holds no pictures`, { hint: `Its topics: ${topics.map(({ topic }) => topic).join(', ') || 'none'}.`, details: { path } });
  }
  const usual = USUAL.map((pattern) => found.filter(({ topic }) => pattern.test(topic))).find((matches) => matches.length === 1)?.[0];
  if (found.length === 1 || usual) return usual ?? found[0];
  throw new SextantError('bad-argument', `${path} holds ${found.length} topics with pictures`, { hint: `Name one: '${path}#${found[0].topic}'. There are: ${list}.`, details: { path, topics: found.map(({ topic }) => topic) } });
}

function ros1(path: string, { topic, type }: BagTopic): SextantError {
  return new SextantError('unsupported', `${path} is a recording of ROS 1: ${topic} holds ${type}`, { hint: 'Make a ROS 2 bag of it: rosbags-convert.', details: { path, topic, type } });
}

async function* readBag(path: string, wanted: string | undefined, { calibration }: PlaybackOptions, told: (frameId: string) => void, context: ReadContext): AsyncGenerator<Picture> {
  const recording = await Recording.open(path);
  const { topic, type } = chooseTopic(path, recording.topics, wanted);
  const damage = new Damage(path, context);
  const given = calibration === undefined ? undefined : await cameraLookup(calibration);
  const recorded = given ? undefined : await RecordedCamera.open(recording, topic, context.onIssue);
  const decode = type === IMAGE ? decodeRosImage : decodeRosCompressedImage;
  let last: { readonly stamp: bigint; readonly logTime: bigint } | undefined;
  let [started, left]: [boolean, bigint | undefined] = [false, undefined];
  for await (const { index, message, stamp, logTime, origin, camera } of recordedPictures(recording, topic, recorded, damage, context)) {
    started ||= stamp - origin >= context.skip;
    if (index < context.start) continue;
    if (!started) {
      left = stamp - origin;
      continue;
    }
    let image: RgbImage;
    try {
      image = await decode(message, topic, context.maxPixels);
    } catch (error) {
      if (!SextantError.isInstance(error) || error.code !== 'source-corrupt') throw error;
      damage.corrupt(index, `picture ${index} of ${topic}`, error);
      continue;
    }
    damage.decoded();
    const step = last === undefined ? 0n : stamp - last.stamp;
    const clockSet = last !== undefined && step > logTime - last.logTime + CLOCK_SET;
    if (last !== undefined && (step < 0n || clockSet)) {
      const seconds = (Math.abs(Number(step)) / 1e9).toFixed(3);
      context.onIssue({ kind: 'clock-jump', message: `${topic}: the clock of ${path} jumps ${clockSet ? 'ahead' : 'back'} by ${seconds} s at picture ${index}`, index, details: { file: path, before: String(last.stamp), stamp: String(stamp) } });
    }
    last = { stamp, logTime };
    told(message.header.frame_id);
    const own = given?.(image.width, image.height);
    const intrinsics = own ? cameraOfTopic(own, topic) : recorded?.fit(camera, image);
    yield { ...image, index, stamp, origin, ...(clockSet && { clockSet }), ...(intrinsics && { camera: intrinsics }) };
  }
  if (!started && left !== undefined && !context.signal.aborted) throw startBeyondEnd(context.skip, left);
  damage.concludeUnlessAny();
}

/**
 * Plays the pictures of an MCAP recording, a file or a rosbag2 folder (ros2 profile: rosbag2's and this project's): sensor_msgs/Image and CompressedImage with the
 * camera_info beside it, of `image_rect*` topics its P, or with `calibration`, which overrides it. Stamps are the recording's own (header stamps; of a driver that
 * does not stamp, log times), not counted from its start; frame ids are its own unless `frameId` is given. A damaged chunk or picture is told to `onIssue` and
 * left out, so is a camera_info that cannot be used; a clock that was set (stamps jump back, or ahead of the log) is told and not waited for, and a file without an index.
 *
 * Errors: `source-missing` (no pictures), `source-corrupt` (no MCAP), `bad-argument` (no such topic, or several; `startSeconds` beyond the end), `unsupported` (encoding,
 * ROS 1, another kind of bag), `bad-config` (`calibration` for another aspect).
 */
export function bag(path: string, topic?: string, options: PlaybackOptions = {}): Observable<Frame> {
  return defer(() => {
    let recorded: string | undefined;
    const frames$ = frameStream((context) => readBag(path, topic, options, (id) => { recorded = id; }, context), options);
    return options.frameId === undefined ? frames$.pipe(map((frame) => (recorded ? { ...frame, frameId: recorded } : frame))) : frames$;
  });
}
