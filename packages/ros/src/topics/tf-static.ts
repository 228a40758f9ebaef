import type { Perception } from '@sextant/core';
import type { Quaternion, TFMessage, TransformStamped } from '../messages/types.js';
import { toTime } from './header.js';

/** Where the camera sits on the robot. */
export interface CameraMount {
  /** Absent where nobody said where on the robot the camera sits. */
  readonly baseFrame?: string;
  readonly cameraFrame: string;
  /** Position of the camera frame in the base frame, metres, x forward, y left, z up. */
  readonly xyz: readonly [number, number, number];
  /** Roll, pitch, yaw of the camera frame in the base frame, radians, about fixed axes in this order (REP-103, URDF). */
  readonly rpy: readonly [number, number, number];
}

/** Of a frame with x forward to an optical one with z forward, x right, y down (REP-103). */
const OPTICAL: Quaternion = { x: -0.5, y: 0.5, z: -0.5, w: 0.5 };

/**
 * `/tf_static`: base frame -> camera frame (body axes), where the base frame is known, -> optical frame of the pictures. A frame cannot be its
 * own parent: where two have one name there is no transform between them (`selfParent`).
 */
export function staticTransforms({ frame }: Perception, mount: CameraMount): TFMessage {
  const { baseFrame, cameraFrame } = mount;
  const [x, y, z] = mount.xyz;
  const stamp = toTime(frame.stamp);
  const transforms: TransformStamped[] = [];
  if (baseFrame !== undefined && baseFrame !== cameraFrame) {
    transforms.push({
      header: { stamp, frame_id: baseFrame },
      child_frame_id: cameraFrame,
      transform: { translation: { x, y, z }, rotation: fromRollPitchYaw(...mount.rpy) },
    });
  }
  if (cameraFrame !== frame.frameId) {
    transforms.push({
      header: { stamp, frame_id: cameraFrame },
      child_frame_id: frame.frameId,
      transform: { translation: { x: 0, y: 0, z: 0 }, rotation: { ...OPTICAL } },
    });
  }
  return { transforms };
}

/** The frame that a mount makes its own parent, if any. */
export function selfParent({ baseFrame, cameraFrame }: CameraMount, opticalFrame: string): string | undefined {
  return [baseFrame, opticalFrame].includes(cameraFrame) ? cameraFrame : undefined;
}

/** The quaternion of a rotation about the fixed x, then y, then z axis. */
export function fromRollPitchYaw(roll: number, pitch: number, yaw: number): Quaternion {
  const [cr, sr] = [Math.cos(roll / 2), Math.sin(roll / 2)];
  const [cp, sp] = [Math.cos(pitch / 2), Math.sin(pitch / 2)];
  const [cy, sy] = [Math.cos(yaw / 2), Math.sin(yaw / 2)];
  return { x: sr * cp * cy - cr * sp * sy, y: cr * sp * cy + sr * cp * sy, z: cr * cp * sy - sr * sp * cy, w: cr * cp * cy + sr * sp * sy };
}
