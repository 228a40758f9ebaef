export type { CameraModel, DistortionModel } from './types/camera-info.js';
export type { Frame } from './types/frame.js';
export { MODALITIES, isModality } from './types/modality.js';
export type { Modality } from './types/modality.js';
export { COCO_KEYPOINTS, COCO_LIMBS } from './types/perception.js';
export type {
  DensePoseMap, DepthMap, DepthProvenance, FlowField, Keypoint, Perception, Person, SegmentationClass, SegmentationMap, Skeletons,
} from './types/perception.js';
export { ERROR_CODES, SextantError } from './errors.js';
export type { ErrorCode } from './errors.js';
