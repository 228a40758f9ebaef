/**
 * The ROS 2 messages Sextant publishes, as plain objects with the field names of the .msg files.
 * `uint8[]` fields are Uint8Array (views where a map could be shared: readers must not write into them),
 * `float64[]` fields are Float64Array.
 */

/** builtin_interfaces/msg/Time and Duration. */
export interface Time {
  sec: number;
  nanosec: number;
}

/** std_msgs/msg/Header. */
export interface Header {
  stamp: Time;
  /** TF frame of the data; an `_optical_frame` has z forward, x right, y down (REP-103). */
  frame_id: string;
}

/** std_msgs/msg/String. */
export interface StringMessage {
  data: string;
}

/** rcl_interfaces/msg/Log, a line of `/rosout`. */
export interface Log {
  stamp: Time;
  /** 20 info, 30 warning, 40 error. */
  level: number;
  /** The node's logger. */
  name: string;
  msg: string;
  file: string;
  function: string;
  line: number;
}

/** std_msgs/msg/ColorRGBA, 0..1. */
export interface ColorRGBA {
  r: number;
  g: number;
  b: number;
  a: number;
}

/** Encodings of sensor_msgs/image_encodings.hpp that Sextant writes. */
export type ImageEncoding = 'rgb8' | 'mono8' | '8UC3' | '16UC1' | '32FC1' | '32FC2';

/** sensor_msgs/msg/Image. */
export interface Image {
  header: Header;
  height: number;
  width: number;
  encoding: ImageEncoding;
  is_bigendian: 0 | 1;
  /** Bytes per row. */
  step: number;
  data: Uint8Array;
}

/** sensor_msgs/msg/RegionOfInterest. */
export interface RegionOfInterest {
  x_offset: number;
  y_offset: number;
  height: number;
  width: number;
  do_rectify: boolean;
}

/** sensor_msgs/msg/CameraInfo. */
export interface CameraInfo {
  header: Header;
  height: number;
  width: number;
  distortion_model: string;
  d: Float64Array;
  /** 3x3 row-major. */
  k: Float64Array;
  r: Float64Array;
  /** 3x4 row-major. */
  p: Float64Array;
  binning_x: number;
  binning_y: number;
  roi: RegionOfInterest;
}

/** sensor_msgs/msg/PointField; `datatype` 7 is FLOAT32. */
export interface PointField {
  name: string;
  offset: number;
  datatype: number;
  count: number;
}

/** sensor_msgs/msg/PointCloud2. */
export interface PointCloud2 {
  header: Header;
  height: number;
  width: number;
  fields: PointField[];
  is_bigendian: boolean;
  point_step: number;
  row_step: number;
  data: Uint8Array;
  is_dense: boolean;
}

/** geometry_msgs/msg/Point and Vector3. */
export interface Point {
  x: number;
  y: number;
  z: number;
}

/** geometry_msgs/msg/Quaternion. */
export interface Quaternion extends Point {
  w: number;
}

/** geometry_msgs/msg/Pose. */
export interface Pose {
  position: Point;
  orientation: Quaternion;
}

/** vision_msgs/msg/VisionClass. */
export interface VisionClass {
  class_id: number;
  class_name: string;
}

/** vision_msgs/msg/LabelInfo. */
export interface LabelInfo {
  header: Header;
  class_map: VisionClass[];
  threshold: number;
}

/** vision_msgs/msg/ObjectHypothesisWithPose. */
export interface ObjectHypothesisWithPose {
  hypothesis: { class_id: string; score: number };
  pose: { pose: Pose; covariance: Float64Array };
}

/** vision_msgs/msg/BoundingBox2D (4.x: a Pose2D with a Point2D inside). */
export interface BoundingBox2D {
  center: { position: { x: number; y: number }; theta: number };
  size_x: number;
  size_y: number;
}

/** vision_msgs/msg/Detection2D. */
export interface Detection2D {
  header: Header;
  results: ObjectHypothesisWithPose[];
  bbox: BoundingBox2D;
  id: string;
}

/** vision_msgs/msg/Detection2DArray. */
export interface Detection2DArray {
  header: Header;
  detections: Detection2D[];
}

/** visualization_msgs/msg/Marker; fields left out are written as zeros. */
export interface Marker {
  header: Header;
  ns: string;
  id: number;
  type: number;
  action: number;
  pose: Pose;
  scale: Point;
  color: ColorRGBA;
  lifetime: Time;
  frame_locked: boolean;
  points: Point[];
  colors: ColorRGBA[];
}

/** visualization_msgs/msg/MarkerArray. */
export interface MarkerArray {
  markers: Marker[];
}

/** diagnostic_msgs/msg/DiagnosticStatus; level 0 ok, 1 warning, 2 error, 3 stale. */
export interface DiagnosticStatus {
  level: 0 | 1 | 2 | 3;
  name: string;
  message: string;
  hardware_id: string;
  values: { key: string; value: string }[];
}

/** diagnostic_msgs/msg/DiagnosticArray. */
export interface DiagnosticArray {
  header: Header;
  status: DiagnosticStatus[];
}

/** sensor_msgs/msg/CompressedImage; `format` as image_transport's plugins write it. */
export interface CompressedImage {
  header: Header;
  format: string;
  data: Uint8Array;
}

/** sensor_msgs/msg/TimeReference: a second time that belongs to the header's. */
export interface TimeReference {
  header: Header;
  time_ref: Time;
  source: string;
}

/** stereo_msgs/msg/DisparityImage: z = f * t / disparity. */
export interface DisparityImage {
  header: Header;
  image: Image;
  /** Focal length in pixels of `image`. */
  f: number;
  /** Baseline, metres. */
  t: number;
  valid_window: RegionOfInterest;
  min_disparity: number;
  max_disparity: number;
  delta_d: number;
}

/** geometry_msgs/msg/TransformStamped: the pose of `child_frame_id` in the header's frame. */
export interface TransformStamped {
  header: Header;
  child_frame_id: string;
  transform: { translation: Point; rotation: Quaternion };
}

/** tf2_msgs/msg/TFMessage. */
export interface TFMessage {
  transforms: TransformStamped[];
}

/** hri_msgs/msg/IdsList. */
export interface IdsList {
  header: Header;
  ids: string[];
}

/** hri_msgs/msg/Skeleton2D: OpenPose's 18 points, x and y in 0..1 of the picture, confidence c in 0..1 (0: unknown). */
export interface Skeleton2D {
  header: Header;
  skeleton: { x: number; y: number; c: number }[];
}

/** hri_msgs/msg/NormalizedRegionOfInterest2D: corners in 0..1 of the picture. */
export interface NormalizedRegionOfInterest2D {
  header: Header;
  xmin: number;
  ymin: number;
  xmax: number;
  ymax: number;
  c: number;
}

/** ROS 2 type name -> its TypeScript shape. */
/** rosgraph_msgs/Clock. */
export interface Clock {
  clock: Time;
}

export interface MessageTypes {
  'std_msgs/msg/String': StringMessage;
  'rcl_interfaces/msg/Log': Log;
  'sensor_msgs/msg/Image': Image;
  'sensor_msgs/msg/CameraInfo': CameraInfo;
  'sensor_msgs/msg/PointCloud2': PointCloud2;
  'vision_msgs/msg/LabelInfo': LabelInfo;
  'vision_msgs/msg/Detection2DArray': Detection2DArray;
  'visualization_msgs/msg/MarkerArray': MarkerArray;
  'diagnostic_msgs/msg/DiagnosticArray': DiagnosticArray;
  'sensor_msgs/msg/CompressedImage': CompressedImage;
  'sensor_msgs/msg/TimeReference': TimeReference;
  'stereo_msgs/msg/DisparityImage': DisparityImage;
  'tf2_msgs/msg/TFMessage': TFMessage;
  'rosgraph_msgs/msg/Clock': Clock;
  'hri_msgs/msg/IdsList': IdsList;
  'hri_msgs/msg/Skeleton2D': Skeleton2D;
  'hri_msgs/msg/NormalizedRegionOfInterest2D': NormalizedRegionOfInterest2D;
}
