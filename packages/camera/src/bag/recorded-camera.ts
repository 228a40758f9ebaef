import { SextantError } from '@sextant/core';
import type { CameraModel, RgbImage } from '@sextant/core';
import { scaleCamera } from '../calibration/scale-camera.js';
import type { SourceIssue } from '../source-options.js';
import type { BagMessage } from './bag-file.js';
import type { Recording } from './recording.js';
import { cameraFromRos, cameraInfoTopic, cameraOfTopic } from './ros-camera.js';
import type { RosCameraInfo } from './ros-camera.js';

/** The camera of a topic's pictures by the camera_info recorded beside it. What cannot be used is left out and told once, as of a live topic. */
export class RecordedCamera {
  private newest: CameraModel | undefined;
  private told = '';

  private constructor(
    private readonly topic: string,
    private readonly onIssue: (issue: SourceIssue) => void,
  ) {}

  /** Knows the recording's first camera_info already, where the index leads to it: drivers may send it after the picture. */
  static async open(recording: Recording, topic: string, onIssue: (issue: SourceIssue) => void): Promise<RecordedCamera> {
    const camera = new RecordedCamera(topic, onIssue);
    const ends = await recording.ends(cameraInfoTopic(topic));
    if (ends) camera.add(ends.first);
    return camera;
  }

  /** By the newest camera_info that could be used. */
  get current(): CameraModel | undefined {
    return this.newest;
  }

  add(message: BagMessage): void {
    if (message.type !== 'sensor_msgs/msg/CameraInfo') return;
    try {
      this.newest = cameraFromRos(message.decode<RosCameraInfo>(), message.topic);
    } catch (error) {
      this.tell(error, 'it is left out');
    }
  }

  /** `camera` for this very picture; undefined where it is of another aspect. */
  fit(camera: CameraModel | undefined, { width, height }: RgbImage): CameraModel | undefined {
    if (camera === undefined) return undefined;
    try {
      return cameraOfTopic(scaleCamera(camera, width, height), this.topic);
    } catch (error) {
      this.tell(error, 'pictures come without a camera');
      return undefined;
    }
  }

  private tell(error: unknown, consequence: string): void {
    if (!SextantError.isInstance(error)) throw error;
    if (error.message === this.told) return;
    this.told = error.message;
    this.onIssue({ kind: 'no-camera', message: `${error.message}; ${consequence}`, details: { ...error.details, topic: cameraInfoTopic(this.topic) } });
  }
}
