"""Sextant's point cloud as an obstacle source of Nav2's costmaps.

    ros2 launch launch/nav2.launch.py calibration:=calibration/my-camera.yaml                     # a costmap by itself, to look at
    ros2 launch launch/nav2.launch.py calibration:=... params_file:=my_nav2_params.yaml           # Nav2 with it

With `params_file` each costmap of a copy of that file gets the layer that nav2_depth_layers.yaml has for it; the robot's own layers
and their sources (a lidar's scan, ...) stay as they are; nav2_bringup's navigation_launch.py is started on the copy. Depth must be
metric: a relative one has no cloud, and the layers then see nothing. By itself the costmap lies around the robot (`base_link`), since
nobody else may be there to publish `odom`: `global_frame:=odom` where somebody does. Takes every argument of sextant.launch.py
beside these.
"""

import copy
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
# What a costmap has whose parameters name no plugins. Nav2 knows these types by itself only while the list is just this.
DEFAULT_PLUGINS = {
    "static_layer": "nav2_costmap_2d::StaticLayer",
    "obstacle_layer": "nav2_costmap_2d::ObstacleLayer",
    "inflation_layer": "nav2_costmap_2d::InflationLayer",
}
# The costmap that is there by itself, without Nav2.
ALONE = {
    "update_frequency": 5.0,
    "publish_frequency": 2.0,
    "robot_base_frame": "base_link",
    "rolling_window": True,
    "width": 4,
    "height": 4,
    "resolution": 0.05,
    "robot_radius": 0.22,
    "plugins": ["inflation_layer"],
    "inflation_layer": {"plugin": "nav2_costmap_2d::InflationLayer", "cost_scaling_factor": 3.0, "inflation_radius": 0.55},
}


def with_layers(parameters, layers):
    """A costmap's parameters with `layers` beside its own layers, which stay as they are; one of the same name is the robot's."""
    merged = copy.deepcopy(parameters)
    if merged.get("plugins") is None:
        merged["plugins"] = list(DEFAULT_PLUGINS)
        for name, plugin in DEFAULT_PLUGINS.items():
            merged[name] = {"plugin": plugin, **(merged.get(name) or {})}
    before = merged["plugins"]
    # Inflation spreads what the layers before it marked.
    place = next((index for index, name in enumerate(before) if "inflation" in name), len(before))
    merged["plugins"] = [*before[:place], *(name for name in layers if name not in before), *before[place:]]
    return {**layers, **merged}


def merge(base, added):
    """`base`, a file of Nav2's parameters, with the layers of `added` in its costmaps."""
    merged = copy.deepcopy(base)
    for costmap, nodes in added.items():
        for node, section in nodes.items():
            own = merged.setdefault(costmap, {}).setdefault(node, {})
            own["ros__parameters"] = with_layers(own.get("ros__parameters") or {}, section["ros__parameters"])
    return merged


def read(path):
    with open(path, encoding="utf-8") as file:
        return yaml.safe_load(file)


def navigate(context):
    layers = read(LAYERS)
    for costmap in layers.values():
        for parameters in costmap.values():
            for layer in parameters["ros__parameters"].values():
                for source in layer["observation_sources"].split():
                    layer[source]["topic"] = LaunchConfiguration("cloud").perform(context)
    params_file = LaunchConfiguration("params_file").perform(context)
    use_sim_time = LaunchConfiguration("use_sim_time").perform(context).lower() in ("true", "1")
    if not params_file:
        own = {**ALONE, "global_frame": LaunchConfiguration("global_frame").perform(context), "use_sim_time": use_sim_time}
        alone = with_layers(own, layers["local_costmap"]["local_costmap"]["ros__parameters"])
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
        DeclareLaunchArgument("global_frame", default_value="base_link", description="of the costmap by itself; Nav2's is in params_file"),
        DeclareLaunchArgument("cloud", default_value="/sextant/depth/points", description="topic of the point cloud"),
        DeclareLaunchArgument("use_sim_time", default_value="false", description="true for a replayed bag"),
        OpaqueFunction(function=navigate),
        IncludeLaunchDescription(PythonLaunchDescriptionSource(os.path.join(HERE, "sextant.launch.py"))),
    ])
