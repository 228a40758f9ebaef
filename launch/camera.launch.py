"""A USB camera as a ROS 2 depth camera driver: /sextant/depth/image, /sextant/depth/points, /tf_static and the rest.

    ros2 launch launch/camera.launch.py source:=v4l2:/dev/video0 calibration:=calibration/my-camera.yaml

Takes every argument of sextant.launch.py beside these two.
"""

import os

from launch import LaunchDescription
from launch.actions import DeclareLaunchArgument, IncludeLaunchDescription
from launch.launch_description_sources import PythonLaunchDescriptionSource

HERE = os.path.dirname(os.path.abspath(__file__))


def generate_launch_description():
    return LaunchDescription([
        DeclareLaunchArgument("config", default_value=os.path.join(HERE, "camera.yaml"), description="pipeline file"),
        DeclareLaunchArgument("source", default_value="", description="empty: the pipeline file's, v4l2:/dev/video0"),
        IncludeLaunchDescription(PythonLaunchDescriptionSource(os.path.join(HERE, "sextant.launch.py"))),
    ])
