export { openSource } from './open-source.js';
export type { SourceOptions } from './open-source.js';
export { probeSource } from './probe-source.js';
export type { SourceInfo } from './probe-source.js';
export { sourceFiles } from './source-files.js';
export { parseSourceSpec } from './source-spec.js';
export type { SourceSpec } from './source-spec.js';
export type { CommonOptions, PlaybackOptions, SourceIssue } from './source-options.js';

export { bag } from './sources/bag.js';
export { cameraFromRos, decodeRosCompressedImage, decodeRosImage } from './bag/ros-picture.js';
export type { RosCameraInfo, RosCompressedImage, RosImage } from './bag/ros-picture.js';
export { pictures } from './sources/pictures.js';
export type { PicturesOptions } from './sources/pictures.js';
export type { MixedSizes } from './formats/picture-decoder.js';
export { redactUrl, rtsp } from './sources/rtsp.js';
export type { RtspOptions } from './sources/rtsp.js';
export { simulated } from './sources/simulated.js';
export type { SimulatedOptions } from './sources/simulated.js';
export type { SimLens, SimRenderer, SimScene } from './sim/protocol.js';
export { v4l2 } from './sources/v4l2.js';
export type { V4l2Options } from './sources/v4l2.js';
export { video } from './sources/video.js';
export type { VideoOptions } from './sources/video.js';
export type { LiveOptions } from './ffmpeg/live.js';
export { FrameGate } from './stream/frame-gate.js';
export { systemClock } from './stream/clock.js';
export type { Clock } from './stream/clock.js';

export { rectify } from './operators/rectify.js';

export { formatCameraInfo, parseCameraInfo, readCameraInfo, writeCameraInfo } from './calibration/camera-info-file.js';
export { scaleCamera } from './calibration/scale-camera.js';
export { BoardCollector } from './calibration/board/collector.js';
export type { BoardSpec, ChessboardSpec, Collected, Coverage } from './calibration/board/collector.js';
export { DICTIONARIES } from './calibration/board/charuco.js';
export type { CharucoSpec } from './calibration/board/charuco.js';
export type { Calibration, CalibrationModel } from './calibration/board/solve.js';
