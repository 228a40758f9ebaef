import { MODALITIES } from '@sextant/core';
import type { ParameterSpec } from './parameter.js';

const FRAME_NAME = /^[A-Za-z0-9_/-]*$/;

/**
 * What a person tunes while a robot runs. 0 stands for "no limit" or "as the model says", as in the ZED and OAK drivers:
 * ROS 2 parameters of these types have no empty value.
 */
export const BRIDGE_PARAMETERS: readonly ParameterSpec[] = [
  { name: 'modalities', type: 'string_array', default: MODALITIES, choices: MODALITIES, description: 'the most that is computed; of these, what somebody subscribes to' },
  { name: 'rate', type: 'double', default: 0, range: [0, 240], description: 'frames per second at most that go to the model; 0: as many as the source has' },
  { name: 'frame_id', type: 'string', default: '', pattern: FRAME_NAME, description: 'optical TF frame of everything published; empty: the source\'s' },
  { name: 'depth.encoding', type: 'string', default: '32FC1', choices: ['32FC1', '16UC1'], description: 'depth/image in metres (32FC1) or millimetres (16UC1), REP-118' },
  { name: 'depth.confidence_threshold', type: 'double', default: 0, range: [0, 1], description: 'depth below this confidence is published as invalid (0..1); 0 keeps all' },
  { name: 'depth.max_range', type: 'double', default: 0, range: [0, 1000], description: 'depth beyond so many metres is published as invalid; 0: no limit' },
  { name: 'points.decimation', type: 'integer', default: 1, range: [1, 64], description: 'every n-th pixel in both directions becomes a point' },
  { name: 'points.rate', type: 'double', default: 0, range: [0, 240], description: 'clouds per second at most; 0: one per depth map' },
  { name: 'points.organised', type: 'bool', default: true, description: 'clouds keep the picture\'s rows and columns, NaN where there is no depth; false: valid points only' },
];
