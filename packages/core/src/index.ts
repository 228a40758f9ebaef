export type { CameraModel, DistortionModel } from './types/camera-info.js';
export { distortion } from './camera/distortion.js';
export type { Distortion } from './camera/distortion.js';
export { GUESSED_FOCAL, intrinsicsOf } from './camera/intrinsics.js';
export type { Intrinsics } from './camera/intrinsics.js';
export { LENS_COEFFICIENTS, LENS_MODELS, lensOf } from './camera/lens.js';
export { pinholeCamera } from './camera/pinhole-camera.js';
export { pixelRays, rayPixels } from './camera/pixel-rays.js';
export type { PixelRays, RayPixels } from './camera/pixel-rays.js';
export { scaleCamera } from './camera/scale-camera.js';
export type { Frame } from './types/frame.js';
export { MODALITIES, isModality } from './types/modality.js';
export type { Modality } from './types/modality.js';
export { COCO_KEYPOINTS, COCO_LIMBS, LEAST_JOINT_SCORE } from './types/perception.js';
export type {
  DensePoseMap, DepthMap, DepthProvenance, FlowField, Keypoint, MapSize, Perception, Person, ReferredMap, SegmentationClass, SegmentationMap, Skeletons, StreamReset, Superset,
} from './types/perception.js';
export { referredSegmentation } from './referred/referred-segmentation.js';
export { ERROR_CODES, SextantError } from './errors.js';
export type { ErrorCode, SextantErrorOptions } from './errors.js';

export { DropCounter, dropCounter } from './meters/drop-counter.js';
export type { DropSink, DropTotals } from './meters/drop-counter.js';
export { LatencyHistogram } from './meters/latency-histogram.js';
export type { LatencySummary } from './meters/latency-histogram.js';
export { RateMeter } from './meters/rate-meter.js';

export { fpsMeter } from './operators/fps-meter.js';
export { latest } from './operators/latest.js';
export type { LatestOptions } from './operators/latest.js';
export { latestWins } from './operators/latest-wins.js';
export type { DropOptions, LatestWinsOptions } from './operators/latest-wins.js';
export { stampOrder } from './operators/stamp-order.js';
export type { ClockJump, StampOrderOptions } from './operators/stamp-order.js';
export { throttleRate } from './operators/throttle-rate.js';
export type { Stamped } from './operators/throttle-rate.js';
export { withPrevious } from './operators/with-previous.js';
export type { Sequenced, WithPrevious } from './operators/with-previous.js';

export { checkSize } from './image/rgb-image.js';
export type { RgbImage } from './image/rgb-image.js';
export { createRgbResampler, resampleRgb } from './image/resample.js';
export type { RgbResampler } from './image/resample.js';
export { resampleNearest } from './image/resample-nearest.js';
export type { SampleArray } from './image/resample-nearest.js';

export { colorizeDensepose } from './color/colorize-densepose.js';
export { colorizeDepth } from './color/colorize-depth.js';
export type { DepthRange } from './color/colorize-depth.js';
export { colorizeFlow } from './color/colorize-flow.js';
export { colorizeSegmentation } from './color/colorize-segmentation.js';
export { drawSkeleton } from './color/draw-skeleton.js';
export { labelColor } from './color/palette.js';
export { TURBO } from './color/turbo.js';

export {
  DEFAULT_MAX_PIXELS, ENVELOPE_BYTES, MASK_CLOSE, MASK_KINDS, MASK_PROTOCOL_VERSION, MASK_SUBPROTOCOLS, MAX_CONTROL_BYTES, MAX_ID, MAX_PEOPLE, MAX_PHRASE, MESSAGE,
} from './masks/constants.js';
export type { MaskKind, MessageName } from './masks/constants.js';
export type {
  CameraState, ClassTable, CloseCamera, ControlBodies, ControlMessage, DepthMapping, ErrorMessage, Hello, Kinds, MaskLimits, OpenCamera, Prompt, Prompted, StatsMessage,
  StreamCounters, StreamRequest, Subscribe, Subscribed, Unsubscribe, Welcome,
} from './masks/control-messages.js';
export type { CameraPicture, DataHeader, DataPayload, DepthPayload, LabelPayload, PicturePayload } from './masks/data-messages.js';
export { ClockOffset } from './masks/clock-offset.js';
export { checkRequest, decodeControl, encodeControl, isControl } from './masks/control-codec.js';
export { DATA_HEADER_BYTES, decodePayload, encodeDataBody, openData } from './masks/data-codec.js';
export type { Deflate, EncodeOptions, OpenedData } from './masks/data-codec.js';
export { envelope, openEnvelope, wrap } from './masks/envelope.js';
export type { Envelope } from './masks/envelope.js';
export type { FlowEncoding } from './masks/flow-codes.js';
export { MaskDecoder } from './masks/mask-decoder.js';
export type { DecodedData, Inflate, MaskDecoderOptions } from './masks/mask-decoder.js';
export {
  decodeAck, decodeCameraPicture, decodePing, decodePong, encodeAck, encodeCameraPicture, encodePing, encodePong,
} from './masks/small-messages.js';
export type { Pong } from './masks/small-messages.js';
