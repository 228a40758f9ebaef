#!/usr/bin/env bash
# Opens a recording of ours with `rosbags`, which knows CDR and rosbag2 by itself: as a rosbag2 folder with its metadata.yaml, every
# message of every type read by the schema in the file and written again, to the same bytes. Needs python3 with venv, PyPI and built
# packages. Writes to SEXTANT_CI_WORK, or to a temporary folder of its own.
set -euo pipefail
cd "$(dirname "$0")/../.."
folder="$(mktemp -d "${SEXTANT_CI_WORK:-${TMPDIR:-/tmp}}/rosbags-python-XXXXXX")"
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet 'rosbags==0.11.*'

node --input-type=module - "$folder/run" <<'JS'
import { McapRecorder, createBridge } from './packages/ros/dist/index.js';
import { perceptionRing } from './test/bench/wire-perceptions.mjs';

const bridge = createBridge({ clock: true });
const topics = bridge.topics.map(({ name }) => name); // the derived ones too
bridge.attach(await McapRecorder.open(process.argv[2], { compression: 'zstd', topics }));
const next = perceptionRing({ camera: [64, 48], maps: [32, 24] });
for (let i = 0; i < 10; i++) {
  const perception = next(1_700_000_000_000_000_000n + BigInt(i) * 100_000_000n);
  const { depth, flow, segmentation } = perception;
  bridge.publish({
    ...perception,
    depth: { ...depth, metres: depth.metres.map((z, k) => (k % 7 === 0 ? NaN : k % 11 === 0 ? 0 : z)), provenance: i < 8 ? 'metric' : 'relative' },
    flow: { ...flow, since: perception.frame.stamp - 100_000_000n },
    segmentation: { ...segmentation, classes: [segmentation.classes[0], { ...segmentation.classes[1], name: 'Straße 人' }] },
    referred: {
      width: segmentation.width, height: segmentation.height, phrase: 'die Straße', count: 1, threshold: 0.5,
      probability: Float32Array.from(segmentation.labels, (label) => (label === 1 ? 0.75 : 0.125)), regions: Uint16Array.from(segmentation.labels, (label) => (label === 1 ? 1 : 0)),
    },
  });
  await new Promise((resolve) => setTimeout(resolve, 30)); // the compressed ones take a moment
}
bridge.log('warning', 'ein Wörtchen');
bridge.parameters.set({ 'depth.encoding': '16UC1', 'points.organised': false });
bridge.publish(next(1_700_000_002_000_000_000n));
await new Promise((resolve) => setTimeout(resolve, 1500)); // and diagnostics
await bridge.close();
JS

"$folder/venv/bin/python" - "$folder/run" <<'PY'
import collections
import pathlib
import sys

import numpy
from rosbags.rosbag2 import Reader
from rosbags.typesys import Stores, get_types_from_msg, get_typestore

store = get_typestore(Stores.EMPTY)  # only what the file itself says
counts = collections.Counter()
with Reader(pathlib.Path(sys.argv[1])) as reader:
    connections = list(reader.connections)
    for connection in connections:
        store.register(get_types_from_msg(connection.msgdef.data, connection.msgtype))
    nans = 0
    for connection, _, raw in reader.messages():
        message = store.deserialize_cdr(raw, connection.msgtype)
        again = bytes(store.serialize_cdr(message, connection.msgtype))
        assert again == bytes(raw), (connection.topic, len(again), len(raw))
        counts[connection.topic] += 1
        if connection.topic == '/sextant/depth/image' and message.encoding == '32FC1':
            nans += int(numpy.isnan(message.data.view(numpy.float32)).sum())
    total = sum(counts.values())
    assert reader.message_count == total, (reader.message_count, total)
silent = {c.topic for c in connections} - set(counts)
assert not silent, silent
assert nans > 0
print(f'rosbags: {total} messages on {len(counts)} topics of {len({c.msgtype for c in connections})} types read and written again to the same bytes')
PY

# The other way round: a bag that rosbags wrote (MCAP), as a source.
"$folder/venv/bin/python" - "$folder" <<'PY'
import pathlib
import sys

import numpy
from rosbags.rosbag2 import StoragePlugin, Writer
from rosbags.typesys import Stores, get_typestore

store = get_typestore(Stores.ROS2_JAZZY)
Image, Info, Header, Time, Roi = (store.types[name] for name in (
    'sensor_msgs/msg/Image', 'sensor_msgs/msg/CameraInfo', 'std_msgs/msg/Header', 'builtin_interfaces/msg/Time', 'sensor_msgs/msg/RegionOfInterest'))
width, height = 16, 12
k = numpy.array([20, 0, 7.5, 0, 20, 5.5, 0, 0, 1], dtype=numpy.float64)
with Writer(pathlib.Path(sys.argv[1]) / 'foreign', version=9, storage_plugin=StoragePlugin.MCAP) as writer:
    pictures = writer.add_connection('/camera/image_raw', Image.__msgtype__, typestore=store)
    infos = writer.add_connection('/camera/camera_info', Info.__msgtype__, typestore=store)
    for i in range(6):
        stamp = 1_700_000_000_000_000_000 + i * 100_000_000
        header = Header(stamp=Time(sec=stamp // 10**9, nanosec=stamp % 10**9), frame_id='front_optical')
        data = numpy.tile(numpy.array([10 * i, 100, 200], dtype=numpy.uint8), width * height)
        image = Image(header=header, height=height, width=width, encoding='bgr8', is_bigendian=0, step=3 * width, data=data)
        info = Info(header=header, height=height, width=width, distortion_model='plumb_bob', d=numpy.zeros(5), k=k, r=numpy.eye(3).ravel(),
                    p=numpy.array([20, 0, 7.5, 0, 0, 20, 5.5, 0, 0, 0, 1, 0], dtype=numpy.float64), binning_x=0, binning_y=0,
                    roi=Roi(x_offset=0, y_offset=0, height=0, width=0, do_rectify=False))
        writer.write(infos, stamp, store.serialize_cdr(info, Info.__msgtype__))
        writer.write(pictures, stamp, store.serialize_cdr(image, Image.__msgtype__))
PY
node --input-type=module - "$folder/foreign" <<'JS'
import { lastValueFrom, toArray } from 'rxjs';
import { openSource } from './packages/camera/dist/index.js';

const issues = [];
const frames = await lastValueFrom(openSource(`bag:${process.argv[2]}#/camera/image_raw`, { realtime: false, onIssue: (issue) => issues.push(issue) }).pipe(toArray()));
const seen = frames.map(({ rgb, stamp, frameId, camera }) => [rgb[0], rgb[2], Number(stamp % 1_000_000_000n) / 1e8, frameId, camera?.k[0]].join(' '));
const expected = Array.from({ length: 6 }, (_, i) => [200, 10 * i, i, 'front_optical', 20].join(' '));
if (JSON.stringify(seen) !== JSON.stringify(expected) || issues.length > 0) {
  console.error('rosbags: read back', seen, issues);
  process.exit(1);
}
console.log(`rosbags: a bag that it wrote plays, ${frames.length} pictures in step with their camera_info`);
JS
