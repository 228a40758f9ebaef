#!/usr/bin/env bash
# Renders, labels, trains and exports models/nano. Usage: training/reproduce.sh [assets folder] [clips folder] [minutes]
# Runs in an activated environment with training/requirements.txt; TEACHER_PYTHON names a Python with mediapipe==0.10.14.
set -euo pipefail
assets=${1:+$(realpath "$1")} clips=${2:+$(realpath "$2")} minutes=${3:-80}
cd "$(dirname "$0")"
runs=../runs
mkdir -p "$runs"
nice -n 5 python -m sextant_nano.render ${assets:+--assets "$assets"} --out "$runs/records" --processes 2 --limit 22000 &
renderer=$!
trap 'kill $renderer 2>/dev/null || true' EXIT
real=()
if [ -n "$clips" ]; then
  "${TEACHER_PYTHON:-python}" teacher.py --clips "$clips" --out "$runs/real"
  real=(--real "$runs/real")
fi
until [ "$(find "$runs/records" -name '*.rec' | wc -l)" -ge 1000 ]; do sleep 10; done
if python -c 'import sys, torch; sys.exit(not torch.cuda.is_available())'; then
  launch=(python -m) threads=8
else
  launch=(torchrun --nproc-per-node "$(nproc)" -m) threads=1
fi
"${launch[@]}" sextant_nano.train --records "$runs/records" "${real[@]}" --out "$runs/nano" --minutes "$minutes" --schedule-minutes "$minutes" --threads $threads
python -m sextant_nano.export --weights "$runs/nano/ema.pt" --out ../models/nano
