import type { Modality, Perception } from '@sextant/core';
import type { MessageTypes } from '../messages/types.js';
import { cameraInfo, knownCamera } from './camera-info.js';
import { denseposeImage } from './densepose.js';
import { depthImage, isMetric, relativeDepthImage, type DepthEncoding } from './depth.js';
import { detections } from './detections.js';
import { flowImage } from './flow.js';
import { pointCloud } from './points.js';
import { rgbImage } from './rgb.js';
import { labelInfo, segmentationInstances, segmentationMask } from './segmentation.js';
import { skeletonKeypoints, skeletonMarkers } from './skeleton.js';

/** What the converters may be told. */
export interface ConvertOptions {
  readonly depthEncoding: DepthEncoding;
  readonly pointDecimation: number;
}

/** One topic made from perceptions. */
export interface TopicSpec<K extends keyof MessageTypes = keyof MessageTypes> {
  /** Below the bridge's namespace, e.g. `depth/image`. */
  readonly name: string;
  readonly type: K;
  /** What the model must compute for it. */
  readonly modality?: Modality;
  /** Small messages go out before large ones (pictures, clouds). */
  readonly large: boolean;
  /** Keeps its last message for late subscribers and speaks only when `contentKey` changes. */
  readonly latched?: { contentKey(perception: Perception): unknown };
  /** Cheap: says whether `convert` would give a message. */
  available(perception: Perception): boolean;
  convert(perception: Perception, options: ConvertOptions): MessageTypes[K] | undefined;
}

function topic<K extends keyof MessageTypes>(spec: TopicSpec<K>): TopicSpec {
  return spec;
}

const metric = ({ depth }: Perception): boolean => depth !== undefined && isMetric(depth);
const metricWithCamera = (p: Perception): boolean => metric(p) && knownCamera(p.frame) !== undefined;
const hasSegmentation = (p: Perception): boolean => p.segmentation !== undefined;
const hasSkeleton = (p: Perception): boolean => p.skeleton !== undefined;

/** Every topic a perception becomes, in the order they are listed to clients. */
export const PERCEPTION_TOPICS: readonly TopicSpec[] = [
  topic({ name: 'rgb/image_raw', type: 'sensor_msgs/msg/Image', large: true, available: () => true, convert: rgbImage }),
  topic({
    name: 'rgb/camera_info',
    type: 'sensor_msgs/msg/CameraInfo',
    large: false,
    available: (p) => knownCamera(p.frame) !== undefined,
    convert: ({ frame }) => cameraInfo(frame, frame.width, frame.height),
  }),
  topic({
    name: 'depth/image',
    type: 'sensor_msgs/msg/Image',
    modality: 'depth',
    large: true,
    available: metric,
    convert: (p, options) => depthImage(p, options.depthEncoding),
  }),
  topic({
    name: 'depth/relative',
    type: 'sensor_msgs/msg/Image',
    modality: 'depth',
    large: true,
    available: (p) => p.depth !== undefined && !isMetric(p.depth),
    convert: relativeDepthImage,
  }),
  topic({
    name: 'depth/camera_info',
    type: 'sensor_msgs/msg/CameraInfo',
    modality: 'depth',
    large: false,
    available: (p) => p.depth !== undefined && knownCamera(p.frame) !== undefined,
    convert: ({ frame, depth }) => depth && cameraInfo(frame, depth.width, depth.height),
  }),
  topic({
    name: 'depth/points',
    type: 'sensor_msgs/msg/PointCloud2',
    modality: 'depth',
    large: true,
    available: metricWithCamera,
    convert: (p, options) => pointCloud(p, options.pointDecimation),
  }),
  topic({ name: 'flow/image', type: 'sensor_msgs/msg/Image', modality: 'flow', large: true, available: (p) => p.flow !== undefined, convert: flowImage }),
  topic({ name: 'segmentation/mask', type: 'sensor_msgs/msg/Image', modality: 'segmentation', large: true, available: hasSegmentation, convert: segmentationMask }),
  topic({
    name: 'segmentation/instances',
    type: 'sensor_msgs/msg/Image',
    modality: 'segmentation',
    large: true,
    available: hasSegmentation,
    convert: segmentationInstances,
  }),
  topic({
    name: 'segmentation/label_info',
    type: 'vision_msgs/msg/LabelInfo',
    modality: 'segmentation',
    large: false,
    latched: { contentKey: (p) => p.segmentation?.classes },
    available: hasSegmentation,
    convert: labelInfo,
  }),
  topic({
    name: 'segmentation/detections',
    type: 'vision_msgs/msg/Detection2DArray',
    modality: 'segmentation',
    large: false,
    available: hasSegmentation,
    convert: detections,
  }),
  topic({
    name: 'skeleton/markers',
    type: 'visualization_msgs/msg/MarkerArray',
    modality: 'skeleton',
    large: false,
    available: hasSkeleton,
    convert: skeletonMarkers,
  }),
  topic({ name: 'skeleton/keypoints', type: 'std_msgs/msg/String', modality: 'skeleton', large: false, available: hasSkeleton, convert: skeletonKeypoints }),
  topic({
    name: 'densepose/image',
    type: 'sensor_msgs/msg/Image',
    modality: 'densepose',
    large: true,
    available: (p) => p.densepose !== undefined,
    convert: denseposeImage,
  }),
];
