#!/usr/bin/env bash
# Python's roslibpy against the gateway: topics and their types, pictures, clouds, throttling, parameters, services,
# publishing a picture, a wrong type, and a token in the address. Needs python3 with venv, PyPI and built packages.
set -euo pipefail
cd "$(dirname "$0")/../.."
folder="$(mktemp -d "${SEXTANT_CI_WORK:-${TMPDIR:-/tmp}}/roslibpy-XXXXXX")"
server=
finish() {
  [ -z "$server" ] || kill "$server" 2>/dev/null || true
  rm -rf "$folder"
}
trap finish EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet 'roslibpy==2.*'

node test/e2e/ros-server.mjs --token secret >"$folder/lines" &
server=$!
for _ in $(seq 300); do [ -s "$folder/lines" ] && break; sleep 0.1; done
port="$(head -n 1 "$folder/lines")"

timeout 120 "$folder/venv/bin/python" - "$port" <<'PY'
import base64
import struct
import sys
import threading
import time

import roslibpy

DEPTH = '/sextant/depth/image'
ros = roslibpy.Ros(f'ws://127.0.0.1:{sys.argv[1]}/rosbridge?token=secret')
ros.run(timeout=30)


def first(topic):
    """The first message of a topic."""
    done, box = threading.Event(), []
    topic.subscribe(lambda message: (box.append(message), done.set()))
    assert done.wait(30), topic.name
    topic.unsubscribe()
    return box[0]


assert DEPTH in ros.get_topics(), ros.get_topics()
assert ros.get_topic_type(DEPTH) == 'sensor_msgs/msg/Image'
assert ros.get_nodes() == ['/sextant']
assert '/rosapi/topics' in ros.get_services()
assert [d['type'] for d in ros.get_message_details('sensor_msgs/Image')['typedefs']][0] == 'sensor_msgs/Image'

# roslibpy asks for png where it is told to, and then has no code to unpack it: none is what it reads.
image = first(roslibpy.Topic(ros, DEPTH, 'sensor_msgs/Image'))
metres = struct.unpack(f'<{32 * 24}f', base64.b64decode(image['data']))
assert image['encoding'] == '32FC1' and all(1 <= z <= 9 for z in metres)
cloud = first(roslibpy.Topic(ros, '/sextant/depth/points', 'sensor_msgs/PointCloud2'))
assert [f['name'] for f in cloud['fields']] == ['x', 'y', 'z', 'rgb'] and len(base64.b64decode(cloud['data'])) == cloud['row_step'] * cloud['height']
info = first(roslibpy.Topic(ros, '/sextant/depth/camera_info', 'sensor_msgs/CameraInfo'))
assert info['width'] == 32 and info['k'][0] > 0

times = []
slow = roslibpy.Topic(ros, DEPTH, 'sensor_msgs/Image', throttle_rate=400, queue_length=1)
slow.subscribe(lambda _: times.append(time.monotonic()))
while len(times) < 4:
    time.sleep(0.05)
slow.unsubscribe()
gap = (times[-1] - times[0]) / (len(times) - 1)
assert gap > 0.35, gap

assert ros.get_param('/sextant:points.decimation') == 1
ros.set_param('/sextant:points.decimation', 3)
assert ros.get_param('/sextant:points.decimation') == 3
try:
    ros.set_param('/sextant:points.decimation', 1000)
    raise SystemExit('a decimation of 1000 was taken')
except roslibpy.core.ServiceException as error:
    refused = str(error)
assert 'cannot be 1000' in refused, refused
assert ros.get_param('/sextant:points.decimation') == 3

camera = roslibpy.Topic(ros, '/robot/camera/compressed', 'sensor_msgs/CompressedImage')
camera.advertise()
camera.publish(roslibpy.Message({'header': {'stamp': {'sec': 1, 'nanosec': 2}, 'frame_id': 'from python'}, 'format': 'jpeg', 'data': base64.b64encode(b'\xff\xd8\xff').decode()}))
time.sleep(0.5)
scans = []
scan = roslibpy.Topic(ros, '/scan', 'sensor_msgs/LaserScan')
scan.subscribe(scans.append)
scan.advertise()
scan.publish(roslibpy.Message({'range_max': 10.0, 'ranges': [2.0, float('inf'), float('nan')]}))  # no JSON, and what json.dumps makes of them
while not scans:
    time.sleep(0.05)
assert scans[0]['ranges'] == [2, None, None], scans
roslibpy.Topic(ros, DEPTH, 'std_msgs/String').subscribe(lambda _: None)  # told by a status, disturbs nothing
assert first(roslibpy.Topic(ros, DEPTH, 'sensor_msgs/Image'))['encoding'] == '32FC1'
ros.terminate()
print(f'roslibpy {roslibpy.__version__}: topics, types, services, pictures, clouds, parameters (one refused); throttle_rate 400 gives one in {gap * 1000:.0f} ms')
PY
grep -q '"frameId":"from python","format":"jpeg","bytes":3,"first":\[255,216,255\]' "$folder/lines"
echo 'roslibpy: the picture it published arrived'
