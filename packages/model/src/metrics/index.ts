export {
  MeanPoseFit, RowPriorFit, centredEllipse, constantDepth, constantLabels, gradientFit, meanPose, rowPriorDepth, zeroFlow,
} from './baselines.js';
export type { RelativePose, RowPrior } from './baselines.js';
export { DensePoseMetrics } from './densepose.js';
export type { DensePoseSample, DensePoseScores } from './densepose.js';
export { DENSEPOSE_PARTS, DensePoseConfusion } from './densepose-breakdown.js';
export type { DensePoseBreakdown } from './densepose-breakdown.js';
export { DepthMetrics, fitLogAffine, scoreDepth } from './depth.js';
export type { DepthFrameScores, DepthScores } from './depth.js';
export { DepthConfidenceMetrics } from './depth-confidence.js';
export type { DepthConfidenceScores } from './depth-confidence.js';
export { FlowMetrics, scoreFlow } from './flow.js';
export type { FlowFrameScores, FlowScores } from './flow.js';
export { OcclusionMetrics } from './occlusion.js';
export type { OcclusionScores } from './occlusion.js';
export { SegmentationMetrics, VOID_LABEL } from './segmentation.js';
export type { ScoredClass, SegmentationScores } from './segmentation.js';
export { COCO_SIGMAS, SkeletonMetrics, boxIoU, matchPeople, oks, pck } from './skeleton.js';
export type { SkeletonScores, TrueKeypoint, TruePerson } from './skeleton.js';
export { SkeletonConfusion } from './skeleton-breakdown.js';
export type { SkeletonBreakdown } from './skeleton-breakdown.js';
export { SIZE_BANDS } from './size-bands.js';
export type { BySize } from './size-bands.js';
export { SteadinessMetrics, inconsistent } from './steadiness.js';
export type { Motion, SteadinessScores, SteadySample } from './steadiness.js';
