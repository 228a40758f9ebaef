#!/usr/bin/env bash
# Opens a recording of ours with the reference Python readers (mcap, mcap-ros2-support): every message must decode by the
# schema in the file, and a file cut in half must still give the messages of its whole chunks.
# Needs python3 with venv and PyPI in reach, and built packages (npm run build). Writes to SEXTANT_CI_WORK, or to a
# temporary folder of its own.
set -euo pipefail
cd "$(dirname "$0")/../.."

folder="$(mktemp -d "${SEXTANT_CI_WORK:-${TMPDIR:-/tmp}}/mcap-python-XXXXXX")"
trap 'rm -rf "$folder"' EXIT
venv="$folder/venv"
python3 -m venv "$venv"
"$venv/bin/pip" install --quiet 'mcap==1.*' 'mcap-ros2-support==0.5.*'

node --input-type=module - "$folder/clip.mcap" <<'JS'
import { McapRecorder, createBridge } from './packages/ros/dist/index.js';

const [width, height] = [64, 48];
const [cx, cy, f] = [31.5, 23.5, 50];
const camera = {
  width, height, distortionModel: 'none', d: [], k: [f, 0, cx, 0, f, cy, 0, 0, 1], r: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  p: [f, 0, cx, 0, 0, f, cy, 0, 0, 0, 1, 0], provenance: 'simulated',
};
const n = width * height;
const classes = [{ id: 0, name: 'background', color: [0, 0, 0], thing: false }, { id: 1, name: 'Straße', color: [9, 9, 9], thing: true }];
const keypoints = Array.from({ length: 17 }, (_, i) => ({ x: 10 + i, y: 12, score: 1 }));
const bridge = createBridge();
bridge.attach(await McapRecorder.open(process.argv[2], { chunkBytes: 100_000 }));
const diagnostics = new Promise((resolve) => bridge.subscribe('/diagnostics', resolve));
for (let i = 0; i < 30; i++) {
  bridge.publish({
    frame: { stamp: 1_700_000_000_000_000_000n + BigInt(i) * 100_000_000n, frameId: 'camera_optical_frame', sequence: i, width, height, rgb: new Uint8Array(n * 3).fill(i), camera },
    depth: { width, height, metres: new Float32Array(n).fill(1 + i), provenance: i < 15 ? 'metric' : 'relative' },
    flow: { width, height, pixels: new Float32Array(2 * n).fill(0.5) },
    segmentation: { width, height, labels: new Uint8Array(n).fill(1), instances: new Uint16Array(n).fill(300), classes },
    skeleton: { width, height, people: [{ id: 1, score: 1, box: [0, 0, 9, 9], keypoints }] },
    densepose: { width, height, part: new Uint8Array(n).fill(3), u: new Uint8Array(n).fill(4), v: new Uint8Array(n).fill(5) },
    latencyMs: 10,
  });
}
await diagnostics;
await bridge.close();
JS

"$venv/bin/python" - "$folder/clip.mcap" <<'PY'
import collections, struct, sys
from mcap.exceptions import McapError
from mcap.reader import NonSeekingReader, make_reader
from mcap_ros2.decoder import DecoderFactory

path = sys.argv[1]
counts = collections.Counter()
with open(path, 'rb') as stream:
    reader = make_reader(stream, decoder_factories=[DecoderFactory()])
    assert reader.get_header().profile == 'ros2'
    summary = reader.get_summary()
    for schema, channel, message, ros in reader.iter_decoded_messages():
        i = counts[channel.topic]
        counts[channel.topic] += 1
        if channel.topic == '/sextant/depth/image':
            assert ros.encoding == '32FC1' and ros.header.frame_id == 'camera_optical_frame', ros
            assert struct.unpack_from('<f', bytes(ros.data))[0] == 1 + i
            assert ros.header.stamp.sec * 10**9 + ros.header.stamp.nanosec == message.publish_time
        if channel.topic == '/sextant/segmentation/label_info':
            assert ros.class_map[1].class_name == 'Straße', ros
        if channel.topic == '/sextant/segmentation/detections':
            assert ros.detections[0].id == '300' and ros.detections[0].bbox.size_x == 64, ros
        if channel.topic == '/sextant/depth/points':
            assert (ros.width, ros.height, ros.point_step, len(ros.fields)) == (64, 48, 16, 4), ros
        if channel.topic == '/sextant/skeleton/markers':
            assert len(ros.markers[2].points) == 17
# The people's topics are made when somebody is first seen.
expected = {'/tf_static': 1, '/humans/bodies/tracked': 30, '/humans/bodies/b00001/skeleton2d': 30, '/sextant/depth/image': 15, '/sextant/depth/relative': 15, '/sextant/rgb/image_raw': 30, '/sextant/segmentation/label_info': 1}
for topic, count in expected.items():
    assert counts[topic] == count, (topic, counts[topic])
assert counts['/diagnostics'] >= 1
assert summary.statistics.message_count == sum(counts.values()) and len(counts) == 19, counts

whole = open(path, 'rb').read()
half = path + '.half'
open(half, 'wb').write(whole[: len(whole) // 2])
left = 0
try:
    for _ in NonSeekingReader(open(half, 'rb')).iter_messages(log_time_order=False):
        left += 1
except (McapError, EOFError, struct.error):
    pass
assert 0 < left < sum(counts.values()), left
print(f'mcap-python: {sum(counts.values())} messages on {len(counts)} topics decoded, {left} left in half a file')
PY
