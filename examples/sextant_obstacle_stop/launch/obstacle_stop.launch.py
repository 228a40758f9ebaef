"""The node between a source of commands and the base.

    ros2 launch sextant_obstacle_stop obstacle_stop.launch.py distance:=0.8 cmd_vel_in:=/cmd_vel_nav cmd_vel:=/cmd_vel
    ros2 launch sextant_obstacle_stop obstacle_stop.launch.py foreign_clock:=true       # sextant run --source sim:7, or a video
    ros2 launch sextant_obstacle_stop obstacle_stop.launch.py use_sim_time:=true        # a replayed bag, whose time is on /clock
"""

from launch import LaunchDescription
from launch.actions import DeclareLaunchArgument
from launch.substitutions import LaunchConfiguration
from launch_ros.actions import Node
from launch_ros.parameter_descriptions import ParameterValue

PARAMETERS = {"distance": float, "max_age": float, "least_valid": float, "foreign_clock": bool, "use_sim_time": bool}


def generate_launch_description():
    return LaunchDescription([
        DeclareLaunchArgument("distance", default_value="0.6", description="stop for anything nearer, metres"),
        DeclareLaunchArgument("max_age", default_value="0.5", description="depth older than this is no depth, seconds"),
        DeclareLaunchArgument("least_valid", default_value="0.3", description="with depth in a smaller share of the pixels ahead the camera is taken for blind"),
        DeclareLaunchArgument("foreign_clock", default_value="false", description="true: stamps are of another clock; depth's arrival alone says how old it is"),
        DeclareLaunchArgument("use_sim_time", default_value="false", description="true: the node's clock is /clock, as stamps of a replayed bag are"),
        DeclareLaunchArgument("cmd_vel_in", default_value="cmd_vel_in", description="topic of commands"),
        DeclareLaunchArgument("cmd_vel", default_value="cmd_vel", description="topic of the base"),
        Node(
            package="sextant_obstacle_stop",
            executable="obstacle_stop.mjs",
            name="obstacle_stop",
            output="screen",
            parameters=[{name: ParameterValue(LaunchConfiguration(name), value_type=kind) for name, kind in PARAMETERS.items()}],
            remappings=[(name, LaunchConfiguration(name)) for name in ("cmd_vel_in", "cmd_vel")],
        ),
    ])
