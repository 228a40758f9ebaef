export { loadModel } from './load-model.js';
export type { LoadOptions } from './load-model.js';
export { parseModalities } from './model.js';
export type { Model, ModelHealth, RunOptions, WorkerModel } from './model.js';
export { estimate } from './estimate.js';
export type { EstimateOptions } from './estimate.js';
export { Turns, inTurn } from './turns.js';
export { RECENT_FRAMES, checkCondition, generate, joint } from './generate/generate.js';
export type { GenerateOptions, GenerateProgress, GeneratedFrame, RecentFrame } from './generate/generate.js';
export { bytesToStreams, streamsToBytes, toRgb8 } from './generate/pixels.js';
export { referenceFocalOf, settle } from './generate/settings.js';
export type { GenerateSettings, Settled } from './generate/settings.js';
export type { Condition } from './generate/conditions.js';
export type { MadeMaps } from './generate/decode-made.js';
export { estimateMemory } from './generate/memory.js';
export { SAMPLERS, countLooks, sample } from './generate/samplers.js';
export type { Look, SamplePlan, SamplerName } from './generate/samplers.js';
export { noiseLevels } from './generate/schedule.js';
export { fillNoise } from './generate/noise.js';
export type { Guidance } from './generate/guidance.js';
export type { PaintingModel } from './generate/painting-model.js';
export { MOST_WORDS, readPrompt } from './text/read-prompt.js';
export type { ReadPrompt, Replacement } from './text/read-prompt.js';
export { groupOf } from './text/groups.js';
export { nearestColour } from './text/colours.js';
export type { Colour } from './text/colours.js';
export type { Group } from './text/groups.js';
export { modalityNamed } from './text/modality-words.js';
export { readPhrase } from './text/refer.js';
export type { ReadPhrase } from './text/refer.js';
export { WordMeanings } from './text/word-meanings.js';
export type { NearWord } from './text/word-meanings.js';
export { colourConditions } from './unityvideo/colour-conditions.js';
export { latentClip, openLatentModel } from './unityvideo/latent-clip.js';
export type { LatentClipOptions, LatentFrame, LatentLoadOptions, LatentModel } from './unityvideo/latent-clip.js';
export type { ClipPhase, ClipProgress } from './unityvideo/make-clip.js';
export { isLatentManifest, parseLatentManifest, readLatentManifest } from './unityvideo/read-manifest.js';
export type { LatentManifest } from './unityvideo/schema.js';
export { settleLatents } from './unityvideo/settings.js';
export type { LatentSettings, SettledLatents } from './unityvideo/settings.js';
export type { PromptTokens } from './unityvideo/prompt-tokens.js';
export { estimateLatentMemory } from './unityvideo/memory.js';
export { MOST_STEPS, checkSteps } from './views/view.js';
export { MOST_CLOSE_UPS, checkCloseUps } from './close-ups/close-ups.js';
export { withEstimator } from './with-estimator.js';
export { listModels, locateModel, modelPaths } from './locate.js';
export type { LocatedModel } from './locate.js';
export { openDepthHead } from './depth-head.js';
export type { DepthHead, RawDepth } from './depth-head.js';
export { bareLoop } from './bare-loop.js';
export type { BareLoopOptions, BareLoopResult } from './bare-loop.js';

export { FullResolution, fullResolution } from './resolution/full-resolution.js';
export { scaleSkeletons, shiftPerson } from './codecs/scale-skeletons.js';
export type { FullResolutionOptions } from './resolution/full-resolution.js';
export { Steadier } from './steady/steadier.js';
export type { SteadierState } from './steady/steadier.js';
export { steady } from './steady/steady.js';
export type { SteadyOptions } from './steady/steady.js';
export { Tracker } from './tracking/tracker.js';
export type { TrackerState } from './tracking/tracker.js';
export { track } from './tracking/track.js';
export type { TrackOptions } from './tracking/track.js';

export { parseManifest, readManifest } from './manifest/read.js';
export { verifyFiles } from './manifest/verify.js';
export type { VerifyProgress } from './manifest/verify.js';
export type { CodecSpec, InputSpec, Manifest, ModalityStream, SamplerSpec, StateSpec, TaskSpec, TextSpec } from './manifest/schema.js';
export { TASKS, requireTask } from './tasks.js';
export type { StreamState, Task } from './tasks.js';

export { DEVICES, listDevices, parseDevice } from './runtime/device.js';
export type { DeviceCheck, DeviceChoice, DeviceListing, DeviceName, DeviceReport } from './runtime/device.js';
export type { Isolation } from './runtime/channel.js';
export type { RestartPolicy } from './runtime/host.js';
export type { PaintRequest, PaintTiming, Painted, ResetReason, StreamKey, Timing } from './runtime/messages.js';
export { chooseGrid } from './runtime/grid.js';
export type { Size } from './runtime/grid.js';

export {
  MOST_PEOPLE, decodeDensePoseStream, decodeDepthStream, decodeFlowStream, decodeSegmentationStream, decodeSkeletonStream,
  encodeDensePoseStream, encodeDepthStream, encodeFlowStream, encodeSegmentationStream, encodeSkeletonStream,
} from './codecs/streams.js';
export type { SkeletonDrawing, StreamPicture } from './codecs/streams.js';

export {
  COCO_SIGMAS, DENSEPOSE_PARTS, DensePoseConfusion, DensePoseMetrics, DepthConfidenceMetrics, DepthMetrics, FlowMetrics, MeanPoseFit, OcclusionMetrics,
  OverlapLinks, PERSON_BOX_SHARE, RowPriorFit, SAME_THING, SIZE_BANDS, SegmentationMetrics, SkeletonConfusion, SkeletonMetrics, SteadinessMetrics, TrackingMetrics, VOID_LABEL, VOID_PART,
  boxIoU, centredEllipse, compareMasks, constantDepth, constantLabels, fitLogAffine, gradientFit, inconsistent, maskOverlap, matchPeople, meanPose, median, oks, pck,
  rowPriorDepth, scoreDepth, scoreFlow, zeroFlow,
} from './metrics/index.js';
export type {
  BySize, DensePoseBreakdown, DensePoseSample, DensePoseScores, DepthConfidenceScores, DepthFrameScores, DepthScores, FlowFrameScores, FlowScores, MaskOverlap, Motion,
  OcclusionScores, RelativePose, RowPrior, ScoredClass, SegmentationScores, SkeletonBreakdown, SkeletonScores, SteadinessScores, SteadySample,
  TrackedFrame, TrackingScores, TrueKeypoint, TruePerson,
} from './metrics/index.js';
export { checkScale, parseScale } from './scale/scale-spec.js';
export type { ScaleSpec } from './scale/scale-spec.js';
export { scaled, scaleNeeds } from './scale/scaled.js';
export type { ScaledOptions } from './scale/scaled.js';
export type { RangeSample } from './scale/range-fit.js';
