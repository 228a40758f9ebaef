import { parse } from '@foxglove/rosmsg';

/** vision_msgs 4.x (Humble and later), transcribed from its .msg files; no package on npm carries them. */
const SOURCES: Readonly<Record<string, string>> = {
  'vision_msgs/Point2D': 'float64 x\nfloat64 y',
  'vision_msgs/Pose2D': 'vision_msgs/Point2D position\nfloat64 theta',
  'vision_msgs/BoundingBox2D': 'vision_msgs/Pose2D center\nfloat64 size_x\nfloat64 size_y',
  'vision_msgs/ObjectHypothesis': 'string class_id\nfloat64 score',
  'vision_msgs/ObjectHypothesisWithPose': 'vision_msgs/ObjectHypothesis hypothesis\ngeometry_msgs/PoseWithCovariance pose',
  'vision_msgs/Detection2D':
    'std_msgs/Header header\nvision_msgs/ObjectHypothesisWithPose[] results\nvision_msgs/BoundingBox2D bbox\nstring id',
  'vision_msgs/Detection2DArray': 'std_msgs/Header header\nvision_msgs/Detection2D[] detections',
  'vision_msgs/VisionClass': 'uint16 class_id\nstring class_name',
  'vision_msgs/LabelInfo': 'std_msgs/Header header\nvision_msgs/VisionClass[] class_map\nfloat32 threshold',
};

/** Parsed definitions by `package/Type`. */
export const VISION_MSGS = Object.fromEntries(
  Object.entries(SOURCES).map(([name, text]) => {
    const [definition] = parse(text, { ros2: true, skipTypeFixup: true });
    return [name, { name, definitions: definition?.definitions ?? [] }];
  }),
);
