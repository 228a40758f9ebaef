#!/usr/bin/env bash
# The examples that need Python: distance_ahead.py (roslibpy) on a running Sextant; and the ROS 2 package sextant_obstacle_stop, found and
# built by the real colcon (ament_cmake, which is in no package registry, is a stand-in of its one macro), then run from its install
# folder on a stand-in of rclnodejs.
set -euo pipefail
cd "$(dirname "$0")/../.."
root=$PWD
work=$(mktemp -d "${SEXTANT_CI_WORK:-${TMPDIR:-/tmp}}/robot-examples-XXXXXX")
run=
trap 'if [ -n "$run" ]; then kill "$run" 2>/dev/null || true; wait "$run" 2>/dev/null || true; fi; rm -rf "$work"' EXIT
if [ -n "${SEXTANT_PYTHON_BIN:-}" ]; then
  bin=$SEXTANT_PYTHON_BIN # of an environment with the packages below
else
  python3 -m venv "$work/venv"
  "$work/venv/bin/pip" install --quiet --disable-pip-version-check 'roslibpy==2.*' catkin_pkg colcon-core colcon-cmake colcon-ros colcon-package-information cmake ninja
  bin=$work/venv/bin
fi

# The package, beside a stand-in of what npm install would bring.
mkdir -p "$work/ws/src" "$work/ament" "$work/log"
cp -r examples/sextant_obstacle_stop "$work/ws/src/"
mkdir -p "$work/ws/src/sextant_obstacle_stop/node_modules/rclnodejs"
cp test/e2e/rclnodejs-standin.cjs "$work/ws/src/sextant_obstacle_stop/node_modules/rclnodejs/index.js"
echo 'macro(ament_package)
endmacro()' >"$work/ament/ament_cmakeConfig.cmake"
cd "$work/ws"
listed=$("$bin/colcon" --log-base "$work/log" list)
echo "colcon list: $listed"
case $listed in sextant_obstacle_stop*"(ros.ament_cmake)") ;; *) echo "colcon does not take it for an ament_cmake package"; exit 1 ;; esac
PATH=$bin:$PATH "$bin/colcon" --log-base "$work/log" build --event-handlers console_direct+ --cmake-args -G Ninja "-Dament_cmake_DIR=$work/ament" >"$work/build.log" 2>&1 ||
  { cat "$work/build.log"; exit 1; }
grep -q 'Finished <<< sextant_obstacle_stop' "$work/build.log" || { cat "$work/build.log"; exit 1; }
test -f install/sextant_obstacle_stop/share/sextant_obstacle_stop/launch/obstacle_stop.launch.py
node install/sextant_obstacle_stop/lib/sextant_obstacle_stop/obstacle_stop.mjs >"$work/said.jsonl"
node - "$work/said.jsonl" <<'JS'
const lines = require('node:fs').readFileSync(process.argv[2], 'utf8').trim().split('\n').map((line) => JSON.parse(line));
const assert = require('node:assert/strict');
assert.deepEqual(lines.filter((l) => l.subscribed).map((l) => l.subscribed), ['/sextant/depth/image', '/sextant/depth/relative', 'cmd_vel_in']);
const said = lines.flatMap((l) => l.info ?? l.warn ?? []);
assert.deepEqual(said, ['stop: no depth yet', 'clear, 3.00 m ahead', 'stop: 0.40 m ahead']);
const speeds = lines.flatMap((l) => (l.published ? [l.published.linear.x] : []));
assert.equal(speeds[0], 0);
assert.ok(speeds.includes(0.4), 'the command is never passed on');
assert.ok(speeds.lastIndexOf(0.4) < speeds.length - 2 && speeds.at(-1) === 0, 'it does not stand at the end');
assert.deepEqual(Object.keys(lines.at(-1)), ['shutdown']);
console.log(`obstacle_stop from its install folder: ${said.join('; ')}; ${speeds.length} commands`);
JS
cd "$root"

node packages/cli/bin/sextant.js run --json --port 0 --ros off --source sim:7 --model packages/model/test/fixtures/tiny-unified --device cpu --width 96 --height 64 --rate 5 >"$work/run.jsonl" &
run=$!
for _ in $(seq 300); do grep -q '"ready"' "$work/run.jsonl" && break; kill -0 "$run"; sleep 0.2; done
port=$(sed -n 's/.*"url":"http:\/\/127\.0\.0\.1:\([0-9]*\)".*/\1/p' "$work/run.jsonl" | head -n 1)
"$bin/python" examples/roboticist/distance_ahead.py --port "$port" --frames 3 | tee "$work/ahead"
[ "$(grep -cE '^[0-9]+\.[0-9]{3} s: ([0-9]+\.[0-9]{2} m|nothing) ahead$' "$work/ahead")" = 3 ]
