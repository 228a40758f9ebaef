import type { RosBridge } from '../bridge/bridge.js';

/** The one asset there is: the mount of the camera, for a 3-D panel. */
export const URDF_URI = 'package://sextant/urdf/camera.urdf';

/** A URDF of base frame -> camera frame -> optical frame as `/tf_static` has them, the camera a small box. */
export function cameraUrdf({ parameters }: RosBridge, opticalFrame: string): string {
  const [base, camera] = [parameters.text('base_frame'), parameters.text('camera_frame')];
  const numbers = (...names: string[]): string => names.map((name) => parameters.number(`camera_pose.${name}`)).join(' ');
  return `<?xml version="1.0"?>
<robot name="sextant_camera">
  <link name="${base}"/>
  <link name="${camera}">
    <visual><geometry><box size="0.03 0.09 0.03"/></geometry></visual>
  </link>
  <link name="${opticalFrame}"/>
  <joint name="${camera}_joint" type="fixed">
    <parent link="${base}"/><child link="${camera}"/>
    <origin xyz="${numbers('x', 'y', 'z')}" rpy="${numbers('roll', 'pitch', 'yaw')}"/>
  </joint>
  <joint name="${opticalFrame}_joint" type="fixed">
    <parent link="${camera}"/><child link="${opticalFrame}"/>
    <origin xyz="0 0 0" rpy="${-Math.PI / 2} 0 ${-Math.PI / 2}"/>
  </joint>
</robot>
`;
}
