export { connect } from './connect.js';
export type {
  CameraOptions, ConnectOptions, DensePoseOptions, DepthOptions, FlowOptions, FrameOptions, MaskOptions, PictureOptions, StreamOptions,
} from './requests.js';
export type {
  AnyResult, DensePoseResult, DepthResult, FlowResult, FrameResult, Latency, MaskResult, PictureResult, Result, SkeletonResult,
} from './results.js';
export { Stream } from './stream.js';
export type {
  CameraLink, CameraStats, Client, ClientStats, ConnectionState, LatencyStats, ServerInfo, StreamStats, Streams,
} from './client.js';
