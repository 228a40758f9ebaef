export { connect } from './connect.js';
export type {
  CameraOptions, ConnectOptions, DensePoseOptions, DepthOptions, FlowOptions, FrameOptions, MaskOptions, PictureOptions, ReferredOptions, StreamOptions,
} from './requests.js';
export type {
  AnyResult, DensePoseResult, DepthResult, FlowResult, FrameOf, FrameResult, Latency, MaskResult, PictureResult, ReferredResult, Result, SkeletonResult,
} from './results.js';
export { Stream } from './stream.js';
export type {
  CameraLink, CameraStats, Client, ClientStats, ConnectionState, LatencyStats, ServerInfo, StreamStats, Streams,
} from './client.js';

export { maskBitmap, maskPixels } from './render/mask-pixels.js';
export type { MaskStyle } from './render/mask-pixels.js';
export { rgbBitmap } from './render/image-bitmap.js';
export type { TextureSource } from './render/texels.js';
export { uploadTexture } from './render/webgl-texture.js';
export { writeTexture } from './render/webgpu-texture.js';
export type { GpuDevice, GpuTexture } from './render/webgpu-texture.js';
export { COCO_KEYPOINTS, COCO_LIMBS, LEAST_JOINT_SCORE, SextantError, TURBO, colorizeDensepose, colorizeDepth, colorizeFlow, drawSkeleton, labelColor } from '@sextant/core';
export type { DepthProvenance, Intrinsics, MaskKind, MaskLimits, Prompted, SegmentationClass, Superset } from '@sextant/core';
