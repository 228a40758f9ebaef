#!/usr/bin/env bash
# A recorder killed with SIGKILL leaves a file that Python's reference reader reads to its last chunk: a short run of
# test/bench/ros-record.mjs, which takes minutes when asked (`--seconds 600`). Needs python3 with venv, PyPI and built packages.
set -euo pipefail
cd "$(dirname "$0")/../.."
folder="$(mktemp -d "${SEXTANT_CI_WORK:-${TMPDIR:-/tmp}}/record-killed-XXXXXX")"
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet 'mcap==1.*' 'mcap-ros2-support==0.5.*'
node test/bench/ros-record.mjs --python "$folder/venv/bin/python" --seconds 20 --folder "$folder"
