import type { RosBridge } from '../bridge/bridge.js';
import { cameraMount } from '../bridge/convert-options.js';

/** The one asset there is: the mount of the camera, for a 3-D panel. */
export const URDF_URI = 'package://sextant/urdf/camera.urdf';

/** A URDF of base frame -> camera frame -> optical frame as `/tf_static` has them, the camera a small box. */
export function cameraUrdf({ parameters }: RosBridge, opticalFrame: string): string {
  const { baseFrame: base, cameraFrame: camera, xyz, rpy } = cameraMount(parameters);
  const onBase = base === undefined || base === camera ? '' : `
  <link name="${base}"/>
  <joint name="${camera}_joint" type="fixed">
    <parent link="${base}"/><child link="${camera}"/>
    <origin xyz="${xyz.join(' ')}" rpy="${rpy.join(' ')}"/>
  </joint>`;
  const optical = opticalFrame === camera ? '' : `
  <link name="${opticalFrame}"/>
  <joint name="${opticalFrame}_joint" type="fixed">
    <parent link="${camera}"/><child link="${opticalFrame}"/>
    <origin xyz="0 0 0" rpy="${-Math.PI / 2} 0 ${-Math.PI / 2}"/>
  </joint>`;
  return `<?xml version="1.0"?>
<robot name="sextant_camera">
  <link name="${camera}">
    <visual><geometry><box size="0.03 0.09 0.03"/></geometry></visual>
  </link>${onBase}${optical}
</robot>
`;
}
