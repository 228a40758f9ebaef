import { MODALITIES } from '@sextant/core';
import type { ParameterSpec } from './parameter.js';

/** tf2 takes no name that begins with a slash. */
const FRAME_NAME = /^(?!\/)[A-Za-z0-9_/-]*$/;
/** Nor an empty one. */
const MOUNT_FRAME = /^(?!\/)[A-Za-z0-9_/-]+$/;

/** A whole turn, however its digits were rounded: -3.1416 and 4.71 are angles too, 90 is one in degrees. */
const TURN = 6.3;

/**
 * What a person tunes while a robot runs. 0 stands for "no limit" or "as the model says", as in the ZED and OAK drivers:
 * ROS 2 parameters of these types have no empty value.
 */
export const BRIDGE_PARAMETERS: readonly ParameterSpec[] = [
  { name: 'modalities', type: 'string_array', default: MODALITIES, choices: MODALITIES, description: 'the most that is computed; of these, what somebody subscribes to' },
  { name: 'rate', type: 'double', default: 0, range: [0, 240], description: 'frames per second at most that go to the model; 0: as many as the source has' },
  { name: 'frame_id', type: 'string', default: '', pattern: FRAME_NAME, description: 'optical TF frame of everything published; empty: the source\'s' },
  { name: 'scale', type: 'string', default: '', description: 'where the metres of depth come from: empty: the model and the calibration; a factor; camera-height:<m>; object:<class>:<m>; range:<topic>; scan:<topic>' },
  { name: 'prompt', type: 'string', default: '', description: 'what to find by name, beside the classes: "the two dogs", "segmentation of the red car"; published under referred/; empty: nothing' },
  { name: 'depth.encoding', type: 'string', default: '32FC1', choices: ['32FC1', '16UC1'], description: 'depth/image in metres (32FC1) or millimetres (16UC1), REP-118' },
  { name: 'depth.confidence_threshold', type: 'double', default: 0, range: [0, 1], description: 'depth below this confidence is published as invalid (0..1); 0 keeps all' },
  { name: 'depth.max_range', type: 'double', default: 0, range: [0, 1000], description: 'depth beyond so many metres is published as invalid; 0: no limit' },
  { name: 'points.decimation', type: 'integer', default: 1, range: [1, 64], description: 'every n-th pixel in both directions becomes a point' },
  { name: 'points.rate', type: 'double', default: 0, range: [0, 240], description: 'clouds per second at most; 0: one per depth map' },
  { name: 'points.organised', type: 'bool', default: true, description: 'clouds keep the picture\'s rows and columns, NaN where there is no depth; false: valid points only' },
  { name: 'disparity.baseline', type: 'double', default: 0.12, range: [0.001, 100], description: 'metres between the cameras of the stereo pair that depth/disparity stands for' },
  { name: 'compressed.jpeg_quality', type: 'integer', default: 80, range: [1, 100], description: 'of compressed colour pictures' },
  { name: 'compressed.png_level', type: 'integer', default: 3, range: [0, 9], description: 'zlib level of compressed maps and compressedDepth' },
  { name: 'compressed_depth.depth_max', type: 'double', default: 10, range: [1, 1000], description: 'compressedDepth of 32FC1 keeps depth up to so many metres' },
  { name: 'compressed_depth.depth_quantization', type: 'double', default: 100, range: [1, 1000], description: 'compressedDepth of 32FC1: steps of inverse depth, q (q + 1) / z' },
  { name: 'publish_tf', type: 'bool', default: true, description: 'publish /tf_static; sextant run: default false for topics of the robot and recordings with TF of their own' },
  { name: 'base_frame', type: 'string', default: 'base_link', pattern: MOUNT_FRAME, description: 'frame of the robot that the camera is mounted on; in /tf_static where it or a camera_pose is given' },
  { name: 'camera_frame', type: 'string', default: 'camera_link', pattern: MOUNT_FRAME, description: 'frame of the camera\'s body: x forward, y left, z up' },
  ...(['x', 'y', 'z'] as const).map((axis): ParameterSpec => ({ name: `camera_pose.${axis}`, type: 'double', default: 0, range: [-1000, 1000], description: `${axis} of the camera frame in the base frame, metres` })),
  ...(['roll', 'pitch', 'yaw'] as const).map((angle): ParameterSpec => ({ name: `camera_pose.${angle}`, type: 'double', default: 0, range: [-TURN, TURN], description: `${angle} of the camera frame in the base frame, radians, fixed axes` })),
];
