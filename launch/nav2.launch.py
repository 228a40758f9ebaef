"""Sextant's point cloud as an obstacle source of Nav2's costmaps.

    ros2 launch launch/nav2.launch.py calibration:=calibration/my-camera.yaml                     # a costmap by itself, to look at
    ros2 launch launch/nav2.launch.py calibration:=... params_file:=my_nav2_params.yaml           # Nav2 with it

With `params_file` the layers of nav2_depth_layers.yaml are added to a copy of that file, in which the robot's own sources (a lidar's
scan, ...) stay, and nav2_bringup's navigation_launch.py is started on the copy. Depth must be metric: a relative one has no cloud,
and the layers then see nothing. Takes every argument of sextant.launch.py beside these.
"""

import os
import tempfile

import yaml
from launch import LaunchDescription
from launch.actions import DeclareLaunchArgument, IncludeLaunchDescription, OpaqueFunction
from launch.launch_description_sources import PythonLaunchDescriptionSource
from launch.substitutions import LaunchConfiguration
from launch_ros.actions import Node

HERE = os.path.dirname(os.path.abspath(__file__))
LAYERS = os.path.join(HERE, "nav2_depth_layers.yaml")


def merge(base, added):
    """`added` over `base`: maps key by key; the words of observation_sources and the items of plugins are joined."""
    merged = dict(base)
    for key, value in added.items():
        before = merged.get(key)
        if isinstance(value, dict) and isinstance(before, dict):
            merged[key] = merge(before, value)
        elif key == "observation_sources" and isinstance(before, str):
            merged[key] = " ".join(dict.fromkeys([*before.split(), *value.split()]))
        elif key == "plugins" and isinstance(before, list):
            # Inflation spreads what the layers before it marked, so it stays last.
            joined = list(dict.fromkeys([*before, *value]))
            merged[key] = sorted(joined, key=lambda name: "inflation" in name)
        elif before is None or key == "topic":
            merged[key] = value
        # Everything else the robot's own file has tuned already.
    return merged


def read(path):
    with open(path, encoding="utf-8") as file:
        return yaml.safe_load(file)


def navigate(context):
    layers = read(LAYERS)
    for costmap in layers.values():
        for parameters in costmap.values():
            for layer in parameters["ros__parameters"].values():
                for source in layer.get("observation_sources", "").split() if isinstance(layer, dict) else ():
                    layer[source]["topic"] = LaunchConfiguration("cloud").perform(context)
    params_file = LaunchConfiguration("params_file").perform(context)
    use_sim_time = LaunchConfiguration("use_sim_time").perform(context).lower() in ("true", "1")
    if not params_file:
        alone = {**layers["local_costmap"]["local_costmap"]["ros__parameters"], "use_sim_time": use_sim_time}
        return [
            Node(package="nav2_costmap_2d", executable="nav2_costmap_2d", output="screen", parameters=[alone]),
            Node(
                package="nav2_lifecycle_manager",
                executable="lifecycle_manager",
                name="lifecycle_manager_costmap",
                output="screen",
                parameters=[{"autostart": True, "node_names": ["costmap/costmap"], "use_sim_time": use_sim_time}],
            ),
        ]
    with tempfile.NamedTemporaryFile("w", prefix="nav2_params_", suffix=".yaml", delete=False, encoding="utf-8") as file:
        yaml.safe_dump(merge(read(params_file), layers), file, sort_keys=False)
    from ament_index_python.packages import get_package_share_directory

    bringup = os.path.join(get_package_share_directory("nav2_bringup"), "launch", "navigation_launch.py")
    arguments = {"params_file": file.name, "use_sim_time": str(use_sim_time)}
    return [IncludeLaunchDescription(PythonLaunchDescriptionSource(bringup), launch_arguments=arguments.items())]


def generate_launch_description():
    return LaunchDescription([
        DeclareLaunchArgument("config", default_value=os.path.join(HERE, "nav2.yaml"), description="pipeline file"),
        DeclareLaunchArgument("source", default_value="", description="empty: the pipeline file's, v4l2:/dev/video0"),
        DeclareLaunchArgument("params_file", default_value="", description="Nav2's parameters; empty: a costmap by itself"),
        DeclareLaunchArgument("cloud", default_value="/sextant/depth/points", description="topic of the point cloud"),
        DeclareLaunchArgument("use_sim_time", default_value="false", description="true for a replayed bag"),
        OpaqueFunction(function=navigate),
        IncludeLaunchDescription(PythonLaunchDescriptionSource(os.path.join(HERE, "sextant.launch.py"))),
    ])
