"""Runs every launch file of launch/ on the stand-in and checks what it would start. Prints one line per file; exits 1 on a difference.

    python3 test/launch/check_launch_files.py        # needs PyYAML, and the built command for its --help

Prints as its last line the `sextant run` commands of camera and replay as JSON, for a check that starts them.
"""

import json
import os
import re
import subprocess
import sys
import tempfile

import yaml

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import ros_launch_standin as standin

LAUNCH = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "launch")
standin.install()


def launch(name, **arguments):
    return standin.evaluate(os.path.normpath(os.path.join(os.path.abspath(LAUNCH), name)), **arguments)


def only(result, key):
    found = [item for item in result["started"] if key in item]
    assert len(found) == 1, f"{len(found)} of {key}: {result['started']}"
    return found[0]


def flags(result):
    """The flags of the one `sextant run` as a dictionary."""
    command = only(result, "process")["process"]
    assert command[0] == "node" and os.path.exists(command[1]) and command[2] == "run", command
    rest, found = command[3:], {}
    while rest:
        flag, *rest = rest
        assert flag.startswith("--"), command
        found[flag] = rest.pop(0) if rest and not rest[0].startswith("--") else True
    return found


def fails(name, words, **arguments):
    try:
        launch(name, **arguments)
    except Exception as error:
        assert words in str(error), error
        return
    raise AssertionError(f"{name} {arguments} went through")


def pipeline(found):
    assert os.path.exists(found["--config"]), found
    return os.path.basename(found["--config"])


def every_flag():
    """Each flag of `sextant run --help` is an argument of sextant.launch.py and reaches the command, but for those that only a terminal needs."""
    run = ["node", os.path.join(LAUNCH, "..", "packages", "cli", "bin", "sextant.js"), "run", "--help"]
    help_text = subprocess.run(run, capture_output=True, text=True, check=True).stdout
    offered = dict(re.findall(r"^ +(?:-\w, )?--([a-z-]+)( <[^>]+>)?", help_text, re.MULTILINE))
    assert "source" in offered and "loop" in offered, help_text
    for flag in offered.keys() - {"json", "help"}:
        value = "given" if offered[flag] else True
        found = flags(launch("sextant.launch.py", **{flag.replace("-", "_"): str(value)}))
        assert found.get(f"--{flag}") == value, f"--{flag} is no argument of sextant.launch.py"
    arguments = launch("sextant.launch.py")["declared"].keys() - {"command", "ros_args"}
    assert {name.replace("_", "-") for name in arguments} <= offered.keys(), arguments
    command = only(launch("sextant.launch.py", ros_args="--params-file 'my qos.yaml'"), "process")["process"]
    assert command[-3:] == ["--ros-args", "--params-file", "my qos.yaml"], command


def camera():
    for name in ("camera.launch.py", "camera.launch.yaml"):
        found = flags(launch(name, source="v4l2:/dev/video3"))
        assert (pipeline(found), found["--source"], found["--ros"]) == ("camera.yaml", "v4l2:/dev/video3", "native"), found
        # What is not given is the pipeline file's: a flag would win over it.
        assert "--source" not in flags(launch(name)), name
    found = flags(launch("camera.launch.py", calibration="a b.yaml", steady="True", loop="false", scale="camera-height:0.3", port="9000"))
    assert found["--calibration"] == "a b.yaml" and found["--steady"] is True and found["--scale"] == "camera-height:0.3" and found["--port"] == "9000", found
    assert "--loop" not in found and "--source" not in found, found
    fails("camera.launch.py", "neither true nor false", steady="perhaps")


def replay():
    for name in ("replay.launch.py", "replay.launch.yaml"):
        result = launch(name, source="run.mcap#/camera/image_raw", speed="0.5")
        found = flags(result)
        assert (pipeline(found), found["--source"], found["--speed"]) == ("replay.yaml", "run.mcap#/camera/image_raw", "0.5"), found
        assert str(result["global_parameters"]["use_sim_time"]).lower() == "true", result
        assert "--speed" not in flags(launch(name, source="run.mcap#/camera/image_raw")), name
        fails(name, "source")
    both = launch("replay.launch.py", source="run.mcap#/camera/image_raw", image_pipeline="true")
    assert pipeline(flags(both)) == "replay.yaml" and only(both, "container"), both


def image_pipeline():
    nodes = {}
    for name in ("image_pipeline.launch.py", "image_pipeline.launch.yaml"):
        result = launch(name)
        assert pipeline(flags(result)) == "camera.yaml" and "--source" not in flags(result), name
        nodes[name] = {node["plugin"]: node for node in only(result, "container")["composable"]}
        assert list(nodes[name]) == ["image_proc::RectifyNode", "depth_image_proc::RegisterNode", "depth_image_proc::PointCloudXyzrgbNode"]
        written = {remap["to"] for node in nodes[name].values() for remap in node["remappings"]}
        published = {f"/sextant/{topic}" for topic in ("rgb/image_raw", "rgb/camera_info", "depth/image", "depth/camera_info")}
        made = {f"/sextant/{topic}" for topic in ("rgb/image_rect_color", "depth_registered/image_rect", "depth_registered/camera_info", "depth_registered/points")}
        assert written == published | made, written ^ (published | made)
    strip = lambda node: (node["name"], sorted((remap["from"], remap["to"]) for remap in node["remappings"]), node["parameters"])
    one, other = ({plugin: strip(node) for plugin, node in found.items()} for found in nodes.values())
    for plugin in one:
        assert one[plugin][:2] == other[plugin][:2], plugin
        assert {k: v for p in one[plugin][2] for k, v in p.items()} == {k: v for p in other[plugin][2] for k, v in p.items()}, plugin
    assert only(launch("image_pipeline.launch.py", container="mine", topics="/robot/cam/"), "load into")["load into"] == "mine"


def sources(layer, cloud):
    """One source marks what is high enough, and one clears by every ray, those to the floor and to far away too: of one cloud."""
    # Rays of a layer without heights clear what the camera is too near to see.
    assert layer["plugin"] == "nav2_costmap_2d::VoxelLayer", layer
    names = layer["observation_sources"].split()
    marking, clearing = ([layer[name] for name in names if layer[name][what]] for what in ("marking", "clearing"))
    assert len(names) == 2 and len(marking) == len(clearing) == 1 and marking != clearing, layer
    assert all(layer[name]["topic"] == cloud for name in names), layer
    assert marking[0]["min_obstacle_height"] > 0 > clearing[0]["min_obstacle_height"], layer
    assert clearing[0]["max_obstacle_height"] >= marking[0]["max_obstacle_height"], layer
    # What is marked has to be reached by what clears it.
    assert clearing[0]["raytrace_max_range"] >= marking[0]["obstacle_max_range"], layer


def nav2():
    with open(os.path.join(LAUNCH, "nav2.yaml"), encoding="utf-8") as file:
        assert "depth.max_range" not in yaml.safe_load(file)["parameters"], "far points have to clear"
    alone = launch("nav2.launch.py")
    assert pipeline(flags(alone)) == "nav2.yaml"
    costmap, manager = [item["node"] for item in alone["started"] if "node" in item]
    parameters = costmap["parameters"][0]
    sources(parameters["sextant_voxel_layer"], "/sextant/depth/points")
    assert parameters["plugins"] == ["sextant_voxel_layer", "inflation_layer"] and parameters["rolling_window"] is True, parameters
    # Nobody else publishes a frame here: only that which Sextant's own /tf_static is about.
    with open(os.path.join(LAUNCH, "nav2.yaml"), encoding="utf-8") as file:
        base = yaml.safe_load(file)["parameters"]["base_frame"]
    assert parameters["global_frame"] == parameters["robot_base_frame"] == base, parameters
    odom = [item["node"] for item in launch("nav2.launch.py", global_frame="odom")["started"] if "node" in item]
    assert odom[0]["parameters"][0]["global_frame"] == "odom", odom
    assert manager["parameters"][0]["node_names"] == ["costmap/costmap"]
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "mine.yaml")
        lidar = {"topic": "/scan", "data_type": "LaserScan"}
        mine = {
            "controller_server": {"ros__parameters": {"controller_frequency": 20.0}},
            "local_costmap": {"local_costmap": {"ros__parameters": {
                "robot_radius": 0.4, "plugins": ["voxel_layer", "inflation_layer"],
                "voxel_layer": {"plugin": "nav2_costmap_2d::VoxelLayer", "observation_sources": "scan", "scan": lidar}, "inflation_layer": {"inflation_radius": 0.9},
            }}},
            # No plugins: Nav2's own three.
            "global_costmap": {"global_costmap": {"ros__parameters": {"obstacle_layer": {"observation_sources": "scan", "scan": lidar}}}},
        }
        with open(path, "w", encoding="utf-8") as file:
            yaml.safe_dump(mine, file)
        included = only(launch("nav2.launch.py", params_file=path, cloud="/front/points", use_sim_time="true"), "include")
        assert included["include"].endswith("nav2_bringup/launch/navigation_launch.py") and included["arguments"]["use_sim_time"] == "True", included
        with open(included["arguments"]["params_file"], encoding="utf-8") as file:
            merged = yaml.safe_load(file)
        os.unlink(included["arguments"]["params_file"])
        local = merged["local_costmap"]["local_costmap"]["ros__parameters"]
        assert local["plugins"] == ["voxel_layer", "sextant_voxel_layer", "inflation_layer"], local
        sources(local.pop("sextant_voxel_layer"), "/front/points")
        # All else is the robot's own, and nothing more: a key that its file leaves to Nav2's defaults stays so.
        assert local == {**mine["local_costmap"]["local_costmap"]["ros__parameters"], "plugins": local["plugins"]}, local
        world = merged["global_costmap"]["global_costmap"]["ros__parameters"]
        assert world["plugins"] == ["static_layer", "obstacle_layer", "sextant_voxel_layer", "inflation_layer"], world
        sources(world["sextant_voxel_layer"], "/front/points")
        assert world["obstacle_layer"] == {"plugin": "nav2_costmap_2d::ObstacleLayer", "observation_sources": "scan", "scan": lidar}, world
        assert (world["static_layer"]["plugin"], world["inflation_layer"]["plugin"]) == ("nav2_costmap_2d::StaticLayer", "nav2_costmap_2d::InflationLayer"), world
        assert merged["controller_server"] == mine["controller_server"]
        given = launch("nav2.launch.yaml", params_file=path)
        assert only(given, "include")["arguments"] == {"params_file": path, "use_sim_time": "false"} and pipeline(flags(given)) == "nav2.yaml", given
        assert "--source" not in flags(given) and flags(launch("nav2.launch.yaml", params_file=path, source="sim:7"))["--source"] == "sim:7", given


def obstacle_stop():
    node = only(launch("../examples/sextant_obstacle_stop/launch/obstacle_stop.launch.py", distance="0.8", least_valid="0.5", cmd_vel_in="/cmd_vel_nav"), "node")["node"]
    assert node["parameters"] == [{"distance": "0.8", "max_age": "0.5", "least_valid": "0.5", "foreign_clock": "False", "use_sim_time": "False"}], node
    assert node["remappings"] == [{"from": "cmd_vel_in", "to": "/cmd_vel_nav"}, {"from": "cmd_vel", "to": "cmd_vel"}], node
    fails("../examples/sextant_obstacle_stop/launch/obstacle_stop.launch.py", "could not convert", distance="far")
    node = only(launch("../examples/sextant_obstacle_stop/launch/obstacle_stop.launch.py", foreign_clock="true", use_sim_time="True"), "node")["node"]
    assert (node["parameters"][0]["foreign_clock"], node["parameters"][0]["use_sim_time"]) == ("True", "True"), node
    fails("../examples/sextant_obstacle_stop/launch/obstacle_stop.launch.py", "no bool", foreign_clock="perhaps")


failed = 0
for check in (every_flag, camera, replay, image_pipeline, nav2, obstacle_stop):
    try:
        check()
        print(f"{check.__name__}: as it should be")
    except Exception as error:
        failed += 1
        print(f"{check.__name__}: {type(error).__name__}: {error}")
names = {name for name in os.listdir(LAUNCH) if ".launch." in name}
known = {f"{stem}.launch.{end}" for stem in ("camera", "replay", "image_pipeline", "nav2") for end in ("py", "yaml")} | {"sextant.launch.py"}
if names != known:
    failed += 1
    print(f"unchecked launch files: {names ^ known}")
print(json.dumps({
    "camera": only(launch("camera.launch.py", source="sim:7", ros="off", port="0"), "process")["process"],
    "replay": only(launch("replay.launch.yaml", source="bag.mcap#/sextant/rgb/image_raw", ros="off"), "process")["process"],
}))
sys.exit(1 if failed else 0)
