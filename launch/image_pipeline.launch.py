"""Sextant in the place of a depth camera's driver before image_pipeline: rectify, register, coloured point cloud.

    ros2 launch launch/image_pipeline.launch.py source:=v4l2:/dev/video0 calibration:=calibration/my-camera.yaml

Nodes, in one container (or in the one that `container` names):
  rectify     /sextant/rgb/image_raw + camera_info           -> /sextant/rgb/image_rect_color
  register    /sextant/depth/image on the picture's grid     -> /sextant/depth_registered/image_rect
  points      both                                           -> /sextant/depth_registered/points

Sextant rectifies for itself and publishes rgb/image_rect and depth/points already: this is for those whose software hangs on
image_pipeline's nodes. depth_image_proc wants depth of the picture's size, which `register` makes of the model's smaller map.
"""

import os

from launch import LaunchDescription
from launch.actions import DeclareLaunchArgument, IncludeLaunchDescription, OpaqueFunction
from launch.launch_description_sources import PythonLaunchDescriptionSource
from launch.substitutions import LaunchConfiguration
from launch_ros.actions import ComposableNodeContainer, LoadComposableNodes
from launch_ros.descriptions import ComposableNode

HERE = os.path.dirname(os.path.abspath(__file__))


def best_effort(*topics):
    """Pictures are published as sensor data; these two nodes would ask for reliable delivery and get nothing."""
    return {f"qos_overrides.{topic}.subscription.reliability": "best_effort" for topic in topics}


def nodes(ns):
    return [
        ComposableNode(
            package="image_proc",
            plugin="image_proc::RectifyNode",
            name="rectify",
            remappings=[
                ("image", f"{ns}/rgb/image_raw"),
                ("camera_info", f"{ns}/rgb/camera_info"),
                ("image_rect", f"{ns}/rgb/image_rect_color"),
            ],
        ),
        ComposableNode(
            package="depth_image_proc",
            plugin="depth_image_proc::RegisterNode",
            name="register",
            parameters=[{"fill_upsampling_holes": True, **best_effort(f"{ns}/depth/image")}],
            remappings=[
                ("depth/image_rect", f"{ns}/depth/image"),
                ("depth/camera_info", f"{ns}/depth/camera_info"),
                ("rgb/camera_info", f"{ns}/rgb/camera_info"),
                ("depth_registered/image_rect", f"{ns}/depth_registered/image_rect"),
                ("depth_registered/camera_info", f"{ns}/depth_registered/camera_info"),
            ],
        ),
        ComposableNode(
            package="depth_image_proc",
            plugin="depth_image_proc::PointCloudXyzrgbNode",
            name="points",
            parameters=[best_effort(f"{ns}/rgb/image_rect_color")],
            remappings=[
                ("rgb/image_rect_color", f"{ns}/rgb/image_rect_color"),
                ("rgb/camera_info", f"{ns}/rgb/camera_info"),
                ("depth_registered/image_rect", f"{ns}/depth_registered/image_rect"),
                ("points", f"{ns}/depth_registered/points"),
            ],
        ),
    ]


def compose(context):
    composable = nodes(LaunchConfiguration("topics").perform(context).rstrip("/"))
    container = LaunchConfiguration("container").perform(context)
    if container:
        return [LoadComposableNodes(target_container=container, composable_node_descriptions=composable)]
    return [
        ComposableNodeContainer(
            name="image_pipeline",
            namespace="",
            package="rclcpp_components",
            executable="component_container",
            composable_node_descriptions=composable,
            output="screen",
        )
    ]


def generate_launch_description():
    return LaunchDescription([
        DeclareLaunchArgument("config", default_value=os.path.join(HERE, "camera.yaml"), description="pipeline file"),
        DeclareLaunchArgument("source", default_value="", description="empty: the pipeline file's, v4l2:/dev/video0"),
        DeclareLaunchArgument("topics", default_value="/sextant", description="bridge.namespace of the pipeline file"),
        DeclareLaunchArgument("container", default_value="", description="an existing container to load the nodes into"),
        OpaqueFunction(function=compose),
        IncludeLaunchDescription(PythonLaunchDescriptionSource(os.path.join(HERE, "sextant.launch.py"))),
    ])
