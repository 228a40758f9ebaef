import { parse } from '@foxglove/rosmsg';

/** hri_msgs 2.x (ROS4HRI, REP-155; Apache-2.0), transcribed from its .msg files; no package on npm carries them. */
const SOURCES: Readonly<Record<string, string>> = {
  'hri_msgs/IdsList': 'std_msgs/Header header\nstring[] ids',
  'hri_msgs/NormalizedPointOfInterest2D': 'float32 x\nfloat32 y\nfloat32 c',
  'hri_msgs/NormalizedRegionOfInterest2D': 'std_msgs/Header header\nfloat32 xmin\nfloat32 ymin\nfloat32 xmax\nfloat32 ymax\nfloat32 c',
  'hri_msgs/Skeleton2D': [
    'std_msgs/Header header',
    ...[
      'NOSE', 'NECK', 'RIGHT_SHOULDER', 'RIGHT_ELBOW', 'RIGHT_WRIST', 'LEFT_SHOULDER', 'LEFT_ELBOW', 'LEFT_WRIST', 'RIGHT_HIP', 'RIGHT_KNEE',
      'RIGHT_ANKLE', 'LEFT_HIP', 'LEFT_KNEE', 'LEFT_ANKLE', 'LEFT_EYE', 'RIGHT_EYE', 'LEFT_EAR', 'RIGHT_EAR',
    ].map((joint, code) => `uint8 ${joint}=${code}`),
    'hri_msgs/NormalizedPointOfInterest2D[18] skeleton',
  ].join('\n'),
};

/** Parsed definitions by `package/Type`. */
export const HRI_MSGS = Object.fromEntries(
  Object.entries(SOURCES).map(([name, text]) => {
    const [definition] = parse(text, { ros2: true, skipTypeFixup: true });
    return [name, { name, definitions: definition?.definitions ?? [] }];
  }),
);
