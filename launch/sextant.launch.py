"""Starts `sextant run` as a process of a ROS 2 launch system.

    ros2 launch launch/sextant.launch.py source:=v4l2:/dev/video0 modalities:=depth,flow

Topics reach ROS 2 through rosbridge clients on the port or through the recording; this build has no native transport.
The process ends with the launch (SIGINT), which closes the recording. An empty argument leaves the command's default.
"""

import os
import shlex

from launch import LaunchDescription
from launch.actions import DeclareLaunchArgument, ExecuteProcess, OpaqueFunction
from launch.substitutions import LaunchConfiguration

# argument -> (flag, what it is)
ARGUMENTS = {
    "config": ("--config", "pipeline file; the other arguments override it"),
    "source": ("--source", "sim:, sim:<seed>, video, folder, v4l2:/dev/video0, rtsp://..."),
    "model": ("--model", "name or folder of the model"),
    "modalities": ("--modalities", "the most that is computed, comma-separated"),
    "device": ("--device", "auto, cuda, webgpu, cpu"),
    "calibration": ("--calibration", "ROS camera_calibration file of the source"),
    "frame_id": ("--frame-id", "TF frame of everything published"),
    "rate": ("--rate", "at most so many frames per second"),
    "host": ("--host", "address to listen on"),
    "port": ("--port", "port of page, rosbridge, health and metrics"),
    "token": ("--token", "asked of every client"),
    "record": ("--record", "MCAP file to record all topics to"),
}
REPOSITORY = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def start(context):
    command = shlex.split(LaunchConfiguration("command").perform(context))
    for name, (flag, _) in ARGUMENTS.items():
        value = LaunchConfiguration(name).perform(context)
        if value:
            command += [flag, value]
    return [ExecuteProcess(cmd=command, output="screen", sigterm_timeout="10")]


def generate_launch_description():
    declared = [DeclareLaunchArgument(name, default_value="", description=what) for name, (_, what) in ARGUMENTS.items()]
    default = shlex.join(["node", os.path.join(REPOSITORY, "packages", "cli", "bin", "sextant.js"), "run"])
    declared.append(DeclareLaunchArgument("command", default_value=default, description="how to start sextant run"))
    return LaunchDescription([*declared, OpaqueFunction(function=start)])
