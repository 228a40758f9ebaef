import { SextantError } from '@sextant/core';
import type { CameraModel } from '@sextant/core';
import type { Damage } from '../stream/damage.js';
import type { ReadContext } from '../stream/picture.js';
import type { BagMessage } from './bag-file.js';
import type { RecordedCamera } from './recorded-camera.js';
import type { Recording } from './recording.js';
import { cameraInfoTopic } from './ros-camera.js';
import { headerStamp } from './ros-header.js';
import type { Stamped } from './ros-header.js';
import type { RosCompressedImage, RosImage } from './ros-picture.js';

/** A sensor_msgs/Image or CompressedImage. */
type RosPicture = Stamped & RosImage & RosCompressedImage;

/** A picture of a recording, not decoded yet. */
export interface RecordedPicture {
  /** 0-based place among the topic's pictures. */
  readonly index: number;
  readonly message: RosPicture;
  /** Nanoseconds. */
  readonly stamp: bigint;
  readonly logTime: bigint;
  /** Stamp of the topic's first picture. */
  readonly origin: bigint;
  readonly camera: CameraModel | undefined;
}

/** Pictures per second between a topic's first and last, to a thousandth; undefined where the index does not lead to two. */
export async function pictureRate(recording: Recording, topic: string): Promise<number | undefined> {
  const { first, last, messages } = (await recording.ends(topic)) ?? {};
  if (first === undefined || last === undefined || messages === undefined) return undefined;
  let stamps: readonly bigint[];
  try {
    stamps = [first, last].map((message) => headerStamp(message.decode<RosPicture>()));
  } catch {
    return undefined; // damaged: playing tells
  }
  const [from, to] = stamps.every((stamp) => stamp === 0n) ? [first.logTime, last.logTime] : stamps;
  return to > from ? Math.round(((messages - 1) * 1e12) / Number(to - from)) / 1000 : undefined;
}

/** A message that waits for its stamp. */
interface Unstamped {
  readonly index: number;
  readonly message: RosPicture;
  readonly logTime: bigint;
  readonly camera: CameraModel | undefined;
}

/**
 * The pictures of `topic` from `context.start` on, stamped by their headers; by the log where the first two have no stamp, as of a driver that
 * does not stamp (one at 0 before others is of a clock that begins there: a simulation's). So the first one waits for the second, and for
 * a camera_info between them. What cannot be read is told to `damage` and left out.
 *
 * @throws SextantError `source-missing` where the topic has no message, `unsupported` for messages that are no CDR.
 */
export async function* recordedPictures(recording: Recording, topic: string, camera: RecordedCamera | undefined, damage: Damage, context: ReadContext): AsyncGenerator<RecordedPicture> {
  const infoTopic = cameraInfoTopic(topic);
  let count = 0;
  let first: Unstamped | undefined;
  let origin: bigint | undefined;
  let byLog = false;
  const stamped = ({ index, message, logTime, camera: known }: Unstamped): RecordedPicture => {
    const header = headerStamp(message);
    const stamp = header === 0n && byLog ? logTime : header;
    origin ??= stamp;
    return { index, message, stamp, logTime, origin, camera: known ?? camera?.current };
  };
  for await (const message of recording.read(camera === undefined ? [topic] : [topic, infoTopic], context)) {
    if (message.topic === infoTopic) {
      camera?.add(message);
      continue;
    }
    const index = count;
    count += 1;
    if (origin !== undefined && index < context.start) continue;
    const picture = read(message, index, damage, context);
    if (picture === undefined) continue;
    const next = { index, message: picture, logTime: message.logTime, camera: camera?.current };
    if (first === undefined) {
      first = next;
      continue;
    }
    if (origin === undefined) {
      byLog = headerStamp(first.message) === 0n && headerStamp(picture) === 0n;
      yield stamped(first);
    }
    yield stamped(next);
  }
  if (context.signal.aborted) return;
  if (count === 0) throw new SextantError('source-missing', `${topic} of ${recording.path} gave no pictures`, { hint: 'Name another topic, or record it again.', details: { path: recording.path, topic } });
  if (first !== undefined && origin === undefined) {
    byLog = true;
    yield stamped(first);
  }
}

function read(message: BagMessage, index: number, damage: Damage, { start }: ReadContext): RosPicture | undefined {
  try {
    return message.decode<RosPicture>();
  } catch (error) {
    if (!SextantError.isInstance(error) || error.code !== 'source-corrupt') throw error;
    if (index >= start) damage.corrupt(index, `picture ${index} of ${message.topic}`, error);
    return undefined;
  }
}
