export { RosBridge, createBridge } from './bridge/bridge.js';
export type { BridgeOptions } from './bridge/bridge.js';
export type { BridgeHealth } from './bridge/diagnostics.js';
export type { LogEntry, LogLevel } from './bridge/log.js';
export { publish } from './bridge/publish.js';
export { Publication } from './bridge/publication.js';
export type { Encoded, Encoding, PublicationObserver } from './bridge/publication.js';
export type { Interest, TopicInfo, TopicStats, TopicSubscription } from './bridge/topic.js';
export type { Transport } from './bridge/transport.js';

export { decodeCdr, encodeCdr, encodeCdrGeneric } from './encoding/cdr.js';
export { encodeImageCdr } from './encoding/image-cdr.js';
export { encodeCbor } from './encoding/cbor.js';
export { encodeJson } from './encoding/json.js';
export { encodeTextAsPng } from './encoding/png.js';

export { definitionText } from './messages/definition-text.js';
export { isKnownType, normaliseType } from './messages/definitions.js';
export { messageFromJson } from './messages/from-json.js';
export type {
  BoundingBox2D, CameraInfo, ColorRGBA, CompressedImage, DisparityImage, IdsList, NormalizedRegionOfInterest2D, Skeleton2D, TFMessage, TimeReference, TransformStamped, Detection2D, Detection2DArray, DiagnosticArray, DiagnosticStatus, Header, Image, ImageEncoding,
  LabelInfo, Log, Marker, MarkerArray, MessageTypes, ObjectHypothesisWithPose, Point, PointCloud2, PointField, Pose, Quaternion, RegionOfInterest,
  StringMessage, Time, VisionClass,
} from './messages/types.js';

export { BRIDGE_PARAMETERS } from './parameters/bridge-parameters.js';
export { withChecks } from './parameters/parameter.js';
export type { ParameterCheck, ParameterSpec, ParameterValue } from './parameters/parameter.js';
export { ParameterStore } from './parameters/store.js';
export type { ParameterValues } from './parameters/store.js';

export { scaleCamera } from '@sextant/core';
export { cameraInfo } from './topics/camera-info.js';
export { denseposeImage } from './topics/densepose.js';
export { compressDepth, compressImage } from './topics/compressed.js';
export type { CompressionOptions } from './topics/compressed.js';
export { bodyId, bodyRegion, skeleton2d, trackedBodies } from './topics/bodies.js';
export { depthConfidence, depthImage, isMetric, relativeDepthImage, toMillimetres } from './topics/depth.js';
export type { DepthEncoding } from './topics/depth.js';
export { disparityImage } from './topics/disparity.js';
export { detections } from './topics/detections.js';
export { limitDepth } from './topics/limit-depth.js';
export { fromRollPitchYaw, staticTransforms } from './topics/tf-static.js';
export type { CameraMount } from './topics/tf-static.js';
export { flowImage } from './topics/flow.js';
export { toTime } from './topics/header.js';
export { pointCloud } from './topics/points.js';
export { PERCEPTION_TOPICS } from './topics/registry.js';
export type { ConvertOptions, TopicSpec } from './topics/registry.js';
export { rawCameraInfo, rawImage, rectImage } from './topics/rgb.js';
export { labelInfo, segmentationInstances, segmentationMask } from './topics/segmentation.js';
export { skeletonKeypoints, skeletonMarkers } from './topics/skeleton.js';

export { McapRecorder } from './mcap/recorder.js';
export type { McapOptions } from './mcap/recorder.js';
export type { Attachment } from './mcap/chunk-writer.js';
export { readMcap } from './mcap/read.js';
export type { RecordedMessage } from './mcap/read.js';

export { MAX_CLIENT_MESSAGE_BYTES, RosbridgeServer } from './rosbridge/server.js';
export { closeSocket, endWhenGone, goodbye } from './rosbridge/socket.js';
export { COMPRESSIONS } from './rosbridge/protocol.js';
export type { Compression } from './rosbridge/protocol.js';

export { FoxgloveServer } from './foxglove/server.js';
export type { FoxgloveOptions } from './foxglove/server.js';
export { SUBPROTOCOLS as FOXGLOVE_SUBPROTOCOLS } from './foxglove/protocol.js';
export { NativeTransport } from './native/transport.js';
export type { NativeOptions } from './native/transport.js';
export { loadRcl, missingRosVariables } from './native/load.js';
export type { Rcl } from './native/rcl.js';
