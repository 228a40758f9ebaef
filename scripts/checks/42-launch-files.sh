#!/usr/bin/env bash
# The launch files of launch/, Python and YAML: run on a stand-in of ROS 2's `launch` (which no package registry has), their commands
# compared with what they should be; then two of those commands are started: the camera one records, the replay one plays that bag.
set -euo pipefail
cd "$(dirname "$0")/../.."
work=${SEXTANT_CI_WORK:-$(mktemp -d)}/launch
mkdir -p "$work"
if [ -n "${SEXTANT_PYTHON:-}" ]; then
  python=$SEXTANT_PYTHON # one with PyYAML
else
  python3 -m venv "$work/venv"
  "$work/venv/bin/pip" install --quiet --disable-pip-version-check 'PyYAML>=6'
  python=$work/venv/bin/python
fi
"$python" test/launch/check_launch_files.py >"$work/said" || { cat "$work/said"; exit 1; }
sed '$d' "$work/said"
node - "$work" "$(tail -n 1 "$work/said")" <<'JS'
const { spawnSync } = require('node:child_process');
const { rmSync } = require('node:fs');
const { join } = require('node:path');
const [work, commands] = process.argv.slice(2);
const { camera, replay } = JSON.parse(commands);
const bag = join(work, 'bag.mcap');
rmSync(bag, { force: true });

/** Runs a launch file's command with a model that starts in a moment; its JSON lines. */
function run([program, ...args], ...more) {
  const { status, stdout, stderr } = spawnSync(program, [...args, ...more, '--model', 'packages/model/test/fixtures/tiny-unified', '--device', 'cpu', '--json'], { encoding: 'utf8', timeout: 240_000 });
  const lines = stdout.split('\n').filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));
  const end = lines.find(({ event }) => event === 'end');
  if (status !== 0 || !end || !(end.frames > 0)) throw new Error(`${program} ${args.join(' ')}: exit ${status}\n${stdout}${stderr}`);
  return end;
}
const recorded = run(camera, '--duration', '3', '--record', bag);
console.log(`camera: ${recorded.frames} frames, ${recorded.recorded} messages recorded`);
const played = run(replay.map((word) => (word.startsWith('bag.mcap#') ? word.replace('bag.mcap', bag) : word)), '--port', '0');
console.log(`replay: ${played.frames} frames of the bag, ended by ${played.reason}`);
if (played.reason !== 'source-ended') throw new Error('the bag did not come to its end');
JS
