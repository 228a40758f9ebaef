import { DEFAULT_FRAME_ID, DEFAULT_MAX_PIXELS, cameraFromRos, cameraInfoTopic, cameraOfTopic, decodeRosCompressedImage, decodeRosImage, headerStamp, readCameraInfo, scaleCamera } from '@sextant/camera';
import type { RosCameraInfo, RosCompressedImage, RosImage, Stamped } from '@sextant/camera';
import { SextantError, latestWins } from '@sextant/core';
import type { CameraModel, DropCounter, Frame, RgbImage } from '@sextant/core';
import { Observable, defer, from, mergeMap, of, switchMap } from 'rxjs';
import { capRate } from './cap-rate.js';

/** Where topics come from: the bridge (clients of rosbridge and Foxglove publish them) or the ROS graph. */
export interface TopicInput {
  incoming(topic: string, type: string): Observable<object>;
}

/** Options of `rosSource`. */
export interface RosSourceOptions {
  /** Overrides the messages' frame ids. */
  readonly frameId?: string;
  /** A camera_calibration file that overrides the camera_info beside the pictures. */
  readonly calibration?: string;
  /** Pictures per second at most, by their stamps; those beyond are not even decoded. Default: all. */
  readonly rate?: number;
  /** Where pictures that came too fast are counted, under `source`. */
  readonly drops: DropCounter;
  /** Told of a picture that could not be used; the stream goes on. */
  readonly onIssue: (message: string, details: Readonly<Record<string, unknown>>) => void;
}

type Picture = Stamped & RosImage & RosCompressedImage;

/** The camera_info of the newest stamp not after a picture's; drivers send it just before, with or just after the picture. */
class CameraInfos {
  private newest: { readonly stamp: bigint; readonly camera: CameraModel | undefined } | undefined;
  private before: CameraModel | undefined;

  add(message: Stamped & RosCameraInfo, topic: string): void {
    if (this.newest) this.before = this.newest.camera;
    this.newest = { stamp: headerStamp(message), camera: cameraFromRos(message, topic) };
  }

  at(stamp: bigint): CameraModel | undefined {
    return this.newest && this.newest.stamp <= stamp ? this.newest.camera : (this.before ?? this.newest?.camera);
  }
}

/**
 * Pictures of a ROS topic (raw, rectified, or `.../compressed`) with the camera_info beside it, as frames. Latest wins: a picture that comes while
 * another is being decoded replaces the one that waits. One without a stamp gets the time when it came. What cannot be decoded is told and left out; a
 * camera_info of another aspect is told, and pictures come without a camera, as of a recording.
 */
export function rosSource(input: TopicInput, topic: string, options: RosSourceOptions): Observable<Frame> {
  const compressed = /\/compressed$/.test(topic);
  const infoTopic = cameraInfoTopic(topic);
  const { calibration, rate = 0, drops, onIssue } = options;
  return defer(() => (calibration === undefined ? of(undefined) : from(readCameraInfo(calibration)))).pipe(
    switchMap((given) => {
      const infos = new CameraInfos();
      let sequence = 0;
      let told = '';
      const warn = (error: unknown, consequence = ''): void => {
        const { message, details, hint } = SextantError.from(error);
        // Once, not with every picture: a camera_info of another camera stays one.
        if (message === told) return;
        told = message;
        onIssue(`${message}. ${hint}${consequence}`, { ...details, topic });
      };
      const stamped = (message: Picture): readonly { readonly message: Picture; readonly stamp: bigint }[] => {
        try {
          return [{ message, stamp: headerStamp(message) || BigInt(Date.now()) * 1_000_000n }];
        } catch (error) {
          warn(new SextantError('source-corrupt', `a picture of ${topic} has no header with a stamp (${(error as Error).message})`, { hint: 'It is left out: see who else publishes there.', cause: error }));
          return [];
        }
      };
      const cameraFor = (sent: CameraModel | undefined, { width, height }: RgbImage): CameraModel | undefined => {
        const fit = (camera: CameraModel | undefined): CameraModel | undefined => camera && cameraOfTopic(scaleCamera(camera, width, height), topic);
        if (given) return fit(given); // what was asked for must fit
        try {
          return fit(sent);
        } catch (error) {
          warn(error, ' Pictures come without a camera.');
          return undefined;
        }
      };
      const toFrame = async (message: Picture, stamp: bigint, at: number): Promise<Frame | undefined> => {
        try {
          const image = await (compressed ? decodeRosCompressedImage(message, topic, DEFAULT_MAX_PIXELS) : decodeRosImage(message, topic, DEFAULT_MAX_PIXELS));
          const camera = cameraFor(infos.at(stamp), image);
          const { frame_id } = message.header;
          const frameId = options.frameId ?? (frame_id === '' ? DEFAULT_FRAME_ID : frame_id);
          return { ...image, stamp, frameId, sequence: at, ...(camera && { camera }) };
        } catch (error) {
          warn(error);
          return undefined;
        }
      };
      const pictures$ = input.incoming(topic, compressed ? 'sensor_msgs/msg/CompressedImage' : 'sensor_msgs/msg/Image').pipe(
        mergeMap((message) => stamped(message as Picture)),
        capRate(of(rate)),
        latestWins(({ message, stamp }) => from(toFrame(message, stamp, sequence++)), { drops, where: 'source' }),
      );
      return new Observable<Frame>((subscriber) => {
        // Each on the subscriber: pictures go on where no camera_info comes any more.
        subscriber.add(input.incoming(infoTopic, 'sensor_msgs/msg/CameraInfo').subscribe({
          next: (message) => {
            try {
              infos.add(message as Stamped & RosCameraInfo, infoTopic);
            } catch (error) {
              warn(error);
            }
          },
          error: (error: unknown) => { warn(error); },
        }));
        subscriber.add(pictures$.subscribe({
          next: (frame) => { if (frame) subscriber.next(frame); },
          error: (error: unknown) => { subscriber.error(error); },
        }));
      });
    }),
  );
}
