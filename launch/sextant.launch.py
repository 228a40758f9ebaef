"""Starts `sextant run` as a process of a ROS 2 launch system; every flag of the command is an argument.

    ros2 launch launch/sextant.launch.py source:=v4l2:/dev/video0 modalities:=depth,flow

With `ros:=native` (the default here) the topics are published by a lifecycle node of ROS 2, and the command says what is missing
where that cannot be; `ros:=off` leaves rosbridge, Foxglove and the recording. The process ends with the launch (SIGINT), which
closes the recording. An empty argument leaves what the pipeline file says, or else the command's default.
"""

import os
import shlex

from launch import LaunchDescription
from launch.actions import DeclareLaunchArgument, ExecuteProcess, OpaqueFunction
from launch.substitutions import LaunchConfiguration

# argument -> (flag, what it is)
VALUES = {
    "config": ("--config", "pipeline file; the other arguments override it"),
    "source": ("--source", "sim:, sim:<seed>, video, folder, bag.mcap#/topic, v4l2:/dev/video0, rtsp://..., ros:/topic"),
    "calibration": ("--calibration", "ROS camera_calibration file of the source"),
    "frame_id": ("--frame-id", "optical TF frame of everything published"),
    "model": ("--model", "name or folder of the model"),
    "modalities": ("--modalities", "the most that is computed, comma-separated"),
    "device": ("--device", "auto, cuda, webgpu, cpu"),
    "size": ("--size", "WxH of the model's grid"),
    "resolution": ("--resolution", "model, or camera: maps enlarged to the picture"),
    "close_ups": ("--close-ups", "people of each frame who are looked at again from nearby"),
    "prompt": ("--prompt", "what to find by name, e.g. 'the two dogs'; published under referred/"),
    "scale": ("--scale", "where metres come from: a factor, camera-height:<m>, object:<class>:<m>, range:<topic>, scan:<topic>"),
    "rate": ("--rate", "at most so many frames per second"),
    "duration": ("--duration", "end so many seconds after the first frame"),
    "start": ("--start", "seconds of a recording to leave out"),
    "speed": ("--speed", "how fast a recording is played, 1 as it was captured"),
    "width": ("--width", "picture width asked of the camera"),
    "height": ("--height", "picture height asked of the camera"),
    "ros": ("--ros", "native, auto, off"),
    "host": ("--host", "address to listen on"),
    "port": ("--port", "port of page, rosbridge, Foxglove, health and metrics"),
    "token": ("--token", "asked of every client"),
    "allow_host": ("--allow-host", "more host names, comma-separated: of pages that may connect, and of this machine"),
    "record": ("--record", "MCAP file or rosbag2 folder to record all topics to"),
    "record_compression": ("--record-compression", "zstd, none"),
}
SWITCHES = {
    "no_memory": ("--no-memory", "estimate each frame for itself"),
    "steady": ("--steady", "average depth over time along the flow"),
    "loop": ("--loop", "start a recording again at its end"),
    "insecure": ("--insecure", "listen beyond this machine without a token"),
}
DEFAULTS = {"ros": "native"}
REPOSITORY = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def start(context):
    command = shlex.split(LaunchConfiguration("command").perform(context))
    for name, (flag, _) in VALUES.items():
        value = LaunchConfiguration(name).perform(context)
        if value:
            command += [flag, value]
    for name, (flag, _) in SWITCHES.items():
        value = LaunchConfiguration(name).perform(context).lower()
        if value not in ("", "true", "false", "1", "0"):
            raise ValueError(f"{name}:={value} is neither true nor false")
        if value in ("true", "1"):
            command.append(flag)
    ros_args = LaunchConfiguration("ros_args").perform(context)
    if ros_args:
        command += ["--ros-args", *shlex.split(ros_args)]
    # SIGTERM only after the recording had its time to be closed.
    return [ExecuteProcess(cmd=command, name="sextant", output="screen", sigterm_timeout="10")]


def generate_launch_description():
    declared = [
        DeclareLaunchArgument(name, default_value=DEFAULTS.get(name, ""), description=what)
        for name, (_, what) in {**VALUES, **SWITCHES}.items()
    ]
    declared.append(DeclareLaunchArgument("ros_args", default_value="", description="for the node itself, e.g. '-p use_sim_time:=true'"))
    default = shlex.join(["node", os.path.join(REPOSITORY, "packages", "cli", "bin", "sextant.js"), "run"])
    declared.append(DeclareLaunchArgument("command", default_value=default, description="how to start sextant run"))
    return LaunchDescription([*declared, OpaqueFunction(function=start)])
