import type { Modality, Perception } from '@sextant/core';
import type { Image, MessageTypes } from '../messages/types.js';
import { cameraInfo, knownCamera } from './camera-info.js';
import { denseposeImage } from './densepose.js';
import { depthImage, isMetric, relativeDepthImage, type DepthEncoding } from './depth.js';
import { compressDepth, compressImage, type CompressionOptions } from './compressed.js';
import { compressedOnce } from './compressed-once.js';
import { depthConfidence } from './depth.js';
import { detections } from './detections.js';
import { disparityImage } from './disparity.js';
import { flowImage, flowTimeReference } from './flow.js';
import { toTime } from './header.js';
import { pointCloud } from './points.js';
import { rawCameraInfo, rawImage, rectImage } from './rgb.js';
import { named, namedProbability } from './referred.js';
import { labelInfo, segmentationInstances, segmentationMask } from './segmentation.js';
import { trackedBodies } from './bodies.js';
import { skeletonKeypoints, skeletonMarkers } from './skeleton.js';
import { staticTransforms, type CameraMount } from './tf-static.js';

/** What the converters may be told. */
export interface ConvertOptions {
  readonly depthEncoding: DepthEncoding;
  readonly pointDecimation: number;
  readonly pointsOrganised: boolean;
  /** Clouds per second at most; 0: all. */
  readonly pointsRate: number;
  /** Metres. */
  readonly disparityBaseline: number;
  readonly compression: CompressionOptions;
  /** Absent where no transforms are wanted. */
  readonly mount?: CameraMount;
}

/** One topic made from perceptions. */
export interface TopicSpec<K extends keyof MessageTypes = keyof MessageTypes> {
  /** Below the bridge's namespace, e.g. `depth/image`; absolute where ROS has one name for all, e.g. `/tf_static`. */
  readonly name: string;
  readonly type: K;
  /** What the model must compute for it. */
  readonly modality?: Modality;
  /** Says what the prompt names: what is found by name must be computed for it. */
  readonly referred?: true;
  /** Says in another form what another topic says. */
  readonly derived?: true;
  /** Small messages go out before large ones (pictures, clouds). */
  readonly large: boolean;
  /** Keeps its last message for late subscribers and speaks only when `contentKey` changes. */
  readonly latched?: { contentKey(perception: Perception, options: ConvertOptions): unknown };
  /** Messages per second at most, by the frames' stamps; 0: one per perception. */
  rate?(options: ConvertOptions): number;
  /** Cheap: says whether `convert` would give a message. */
  available(perception: Perception, options: ConvertOptions): boolean;
  /** `convert` gives a promise, the work is done off this thread: one at a time, and of those that come meanwhile the newest. */
  readonly later?: true;
  convert(perception: Perception, options: ConvertOptions): MessageTypes[K] | Promise<MessageTypes[K]> | undefined;
}

function topic<K extends keyof MessageTypes>(spec: TopicSpec<K>): TopicSpec {
  return spec;
}

/** `<image topic>/compressed` or `/compressedDepth` of another topic's pictures, under image_transport's names. */
function compressedTopic(base: TopicSpec, plugin: 'compressed' | 'compressedDepth'): TopicSpec {
  const compress = plugin === 'compressed' ? compressImage : compressDepth;
  return topic({
    name: `${base.name}/${plugin}`,
    type: 'sensor_msgs/msg/CompressedImage',
    ...(base.modality === undefined ? {} : { modality: base.modality }),
    ...(base.referred === undefined ? {} : { referred: base.referred }),
    large: true,
    derived: true,
    later: true,
    available: (p, options) => base.available(p, options),
    convert: (p, options) => {
      const image = base.convert(p, options) as Image | undefined;
      return image && (plugin === 'compressed' && image.encoding === 'rgb8' ? compressedOnce(p.frame, image, options.compression) : compress(image, options.compression));
    },
  });
}

const metric = ({ depth }: Perception): boolean => depth !== undefined && isMetric(depth);
const metricWithCamera = (p: Perception): boolean => metric(p) && knownCamera(p.frame) !== undefined;
const hasSegmentation = (p: Perception): boolean => p.segmentation !== undefined;
const hasReferred = (p: Perception): boolean => p.referred !== undefined;
const hasSkeleton = (p: Perception): boolean => p.skeleton !== undefined;

/** A replay's time for the other nodes (rosgraph_msgs/Clock). */
export const CLOCK_TOPIC: TopicSpec = topic({
  name: '/clock', type: 'rosgraph_msgs/msg/Clock', large: false, available: () => true, convert: ({ frame }) => ({ clock: toTime(frame.stamp) }),
});

/** Every topic a perception becomes. */
const DIRECT: readonly TopicSpec[] = [
  topic({ name: 'rgb/image_raw', type: 'sensor_msgs/msg/Image', large: true, available: () => true, convert: rawImage }),
  topic({ name: 'rgb/image_rect', type: 'sensor_msgs/msg/Image', large: true, derived: true, available: () => true, convert: rectImage }),
  topic({
    name: 'rgb/camera_info',
    type: 'sensor_msgs/msg/CameraInfo',
    large: false,
    available: (p) => knownCamera(p.frame) !== undefined,
    convert: rawCameraInfo,
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
    rate: ({ pointsRate }) => pointsRate,
    convert: (p, options) => pointCloud(p, options.pointDecimation, options.pointsOrganised),
  }),
  topic({
    name: 'depth/confidence',
    type: 'sensor_msgs/msg/Image',
    modality: 'depth',
    large: true,
    available: (p) => p.depth?.confidence !== undefined,
    convert: depthConfidence,
  }),
  topic({
    name: 'depth/disparity',
    type: 'stereo_msgs/msg/DisparityImage',
    modality: 'depth',
    large: true,
    derived: true,
    available: metricWithCamera,
    convert: (p, options) => disparityImage(p, options.disparityBaseline),
  }),
  topic({ name: 'flow/image', type: 'sensor_msgs/msg/Image', modality: 'flow', large: true, available: (p) => p.flow !== undefined, convert: flowImage }),
  topic({
    name: 'flow/time_reference', type: 'sensor_msgs/msg/TimeReference', modality: 'flow', large: false, derived: true, available: (p) => p.flow?.since !== undefined, convert: flowTimeReference,
  }),
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
  // The topics of the segmentation once more, of what the prompt names.
  topic({ name: 'referred/mask', type: 'sensor_msgs/msg/Image', referred: true, large: true, available: hasReferred, convert: named(segmentationMask) }),
  topic({ name: 'referred/instances', type: 'sensor_msgs/msg/Image', referred: true, large: true, available: hasReferred, convert: named(segmentationInstances) }),
  topic({ name: 'referred/probability', type: 'sensor_msgs/msg/Image', referred: true, large: true, available: hasReferred, convert: namedProbability }),
  topic({
    name: 'referred/label_info', type: 'vision_msgs/msg/LabelInfo', referred: true, large: false, latched: { contentKey: (p) => p.referred?.phrase }, available: hasReferred, convert: named(labelInfo),
  }),
  topic({ name: 'referred/detections', type: 'vision_msgs/msg/Detection2DArray', referred: true, large: false, available: hasReferred, convert: named(detections) }),
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
  topic({
    name: '/humans/bodies/tracked', type: 'hri_msgs/msg/IdsList', modality: 'skeleton', large: false, available: hasSkeleton, convert: trackedBodies,
  }),
  topic({
    name: '/tf_static',
    type: 'tf2_msgs/msg/TFMessage',
    large: false,
    latched: { contentKey: ({ frame }, { mount }) => JSON.stringify([frame.frameId, mount]) },
    available: (_, { mount }) => mount !== undefined,
    convert: (p, { mount }) => mount && staticTransforms(p, mount),
  }),
];

const COMPRESSED: Readonly<Record<string, 'compressed' | 'compressedDepth'>> = {
  'rgb/image_raw': 'compressed', 'rgb/image_rect': 'compressed', 'depth/image': 'compressedDepth', 'segmentation/mask': 'compressed', 'segmentation/instances': 'compressed',
};

/** Every topic a perception becomes, in the order they are listed to clients. Those of single bodies come and go beside them. */
export const PERCEPTION_TOPICS: readonly TopicSpec[] = DIRECT.flatMap((spec) => {
  const plugin = COMPRESSED[spec.name];
  return plugin === undefined ? [spec] : [spec, compressedTopic(spec, plugin)];
});
