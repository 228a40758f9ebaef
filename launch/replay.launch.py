"""A bag through the model, with the bag's own time on /clock, so that the rest of the robot's software runs on it.

    ros2 launch launch/replay.launch.py source:=run.mcap#/camera/image_raw speed:=0.5
    ros2 launch launch/replay.launch.py source:=run.mcap#/camera/image_raw image_pipeline:=true

Every node that this launch starts has use_sim_time set; nodes started elsewhere need it too. Do not play the same bag's clock with
`ros2 bag play --clock` beside it. Takes every argument of sextant.launch.py beside these.
"""

import os

from launch import LaunchDescription
from launch.actions import DeclareLaunchArgument, IncludeLaunchDescription
from launch.conditions import IfCondition, UnlessCondition
from launch.launch_description_sources import PythonLaunchDescriptionSource
from launch.substitutions import LaunchConfiguration
from launch_ros.actions import SetParameter

HERE = os.path.dirname(os.path.abspath(__file__))


def include(name, condition):
    return IncludeLaunchDescription(PythonLaunchDescriptionSource(os.path.join(HERE, name)), condition=condition)


def generate_launch_description():
    with_pipeline = LaunchConfiguration("image_pipeline")
    return LaunchDescription([
        DeclareLaunchArgument("source", description="bag.mcap#/topic of its pictures, or a rosbag2 folder"),
        DeclareLaunchArgument("config", default_value=os.path.join(HERE, "replay.yaml"), description="pipeline file"),
        DeclareLaunchArgument("image_pipeline", default_value="false", description="true: image_pipeline.launch.py on it"),
        SetParameter(name="use_sim_time", value=True),
        include("image_pipeline.launch.py", IfCondition(with_pipeline)),
        include("sextant.launch.py", UnlessCondition(with_pipeline)),
    ])
