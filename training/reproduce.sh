#!/usr/bin/env bash
# Renders, labels, trains and exports models/nano. Usage: training/reproduce.sh [assets folder] [clips folder] [minutes] [flow minutes]
# Runs in an activated environment with training/requirements.txt; TEACHER_PYTHON names a Python with mediapipe==0.10.14.
set -euo pipefail
assets=${1:+$(realpath "$1")} clips=${2:+$(realpath "$2")} minutes=${3:-160} flow_minutes=${4:-50}
cd "$(dirname "$0")"
runs=../runs
mkdir -p "$runs"
nice -n 5 python -m sextant_nano.render ${assets:+--assets "$assets"} --out "$runs/records" --processes 2 --limit 22000 --frames 3 --instants 2 &
renderer=$!
trap 'kill $renderer 2>/dev/null || true' EXIT
real=() pictures="$runs/records" pairs=()
if [ -n "$clips" ]; then
  "${TEACHER_PYTHON:-python}" teacher.py --clips "$clips" --out "$runs/real"
  python clip_pairs.py --clips "$clips" --out "$runs/pairs"
  real=(--real "$runs/real") pictures="$runs/real" pairs=(--pairs "$runs/pairs")
fi
until [ "$(find "$runs/records" -name '*.rec' | wc -l)" -ge 1000 ]; do sleep 10; done
if python -c 'import sys, torch; sys.exit(not torch.cuda.is_available())'; then
  launch=(python -m) threads=8
else
  launch=(torchrun --nproc-per-node "$(nproc)" -m) threads=1
fi
"${launch[@]}" sextant_nano.train --records "$runs/records" "${real[@]}" --out "$runs/nano" --minutes "$minutes" --schedule-minutes "$minutes" --threads $threads
python -m sextant_nano.train_flow --records "$runs/records" --real "$pictures" "${pairs[@]}" --weights "$runs/nano/ema.pt" --out "$runs/flow" \
  --minutes "$flow_minutes" --schedule-minutes "$flow_minutes" --threads "$(nproc)"
python -m sextant_nano.train_flow --records "$runs/records" --real "$pictures" "${pairs[@]}" --weights "$runs/nano/ema.pt" --out "$runs/flow" --trunk --fresh-schedule \
  --minutes 6 --schedule-minutes 6 --lr 1e-4 --threads "$(nproc)" --merge "$runs/nano/merged.pt"
python -m sextant_nano.export --weights "$runs/nano/merged.pt" --out ../models/nano --int8
