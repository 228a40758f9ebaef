"""Prints the distance straight ahead, in metres, from the depth stream of a running Sextant. The roslibpy twin of distance-ahead.mjs.

    pip install roslibpy
    python3 examples/roboticist/distance_ahead.py [--host 127.0.0.1] [--port 8420] [--frames 0]

--frames n ends after n messages; 0 goes on. Says so where depth has no unit (the camera is not calibrated and has no scale).
roslibpy takes JSON, so the picture comes as base64: thinned to 5 a second, and at the model's resolution, that is little.
"""

import argparse
import base64
import statistics
import struct
import threading

import roslibpy


def metres_ahead(message):
    """The median of the middle ninth, or None where nothing there is valid (REP-118: NaN, infinities, 0)."""
    width, height = message["width"], message["height"]
    size, code, unit = {"32FC1": (4, "f", 1.0), "16UC1": (2, "H", 0.001)}[message["encoding"]]
    order = ">" if message["is_bigendian"] else "<"
    data = base64.b64decode(message["data"])
    left, right = width // 3, -(-2 * width // 3)
    found = []
    for y in range(height // 3, -(-2 * height // 3)):
        row = struct.unpack_from(f"{order}{right - left}{code}", data, y * message["step"] + left * size)
        found += [unit * value for value in row if 0 < value < float("inf")]
    return statistics.median(found) if found else None


def main():
    parser = argparse.ArgumentParser(description="distance straight ahead, by Sextant")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8420)
    parser.add_argument("--frames", type=int, default=0)
    arguments = parser.parse_args()

    ros = roslibpy.Ros(host=arguments.host, port=arguments.port)
    ros.run(timeout=10)
    done = threading.Event()
    received = 0

    def topic(name):
        return roslibpy.Topic(ros, f"/sextant/depth/{name}", "sensor_msgs/Image", throttle_rate=200, queue_length=1)

    def on_depth(message):
        nonlocal received
        if done.is_set():
            return
        metres = metres_ahead(message)
        stamp = message["header"]["stamp"]
        ahead = "nothing" if metres is None else f"{metres:.2f} m"
        print(f"{stamp['sec'] + stamp['nanosec'] / 1e9:.3f} s: {ahead} ahead", flush=True)
        received += 1
        if received == arguments.frames:
            done.set()

    told = threading.Event()

    def on_relative(_message):
        if not told.is_set():
            told.set()
            print("depth is relative: calibrate the camera or give a scale (sextant run --scale ...)", flush=True)

    depth, relative = topic("image"), topic("relative")
    depth.subscribe(on_depth)
    relative.subscribe(on_relative)
    try:
        while not done.wait(0.5):
            if not ros.is_connected:
                raise SystemExit("the connection is lost")
    except KeyboardInterrupt:
        pass
    depth.unsubscribe()
    relative.unsubscribe()
    ros.terminate()


if __name__ == "__main__":
    main()
