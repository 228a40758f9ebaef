#!/usr/bin/env bash
# Renders, labels, trains and exports models/nano. Usage: training/reproduce.sh [assets folder] [clips folder] [minutes] [unified minutes] [flow minutes] [paint minutes] [estimation minutes]
# Runs in an activated environment with training/requirements.txt; TEACHER_PYTHON names a Python with mediapipe==0.10.14.
set -euo pipefail
assets=${1:+$(realpath "$1")} clips=${2:+$(realpath "$2")} minutes=${3:-330} unified_minutes=${4:-160} flow_minutes=${5:-50} paint_minutes=${6:-150} estimation_minutes=${7:-200}
cd "$(dirname "$0")"
runs=../runs
mkdir -p "$runs"
# What a camera sees, for estimation, and the same worlds clean, for the painter; the second half of each larger.
renderers=()
trap 'kill "${renderers[@]}" 2>/dev/null || true' EXIT
render() {
  nice -n 5 python -m sextant_nano.render ${assets:+--assets "$assets"} --processes 1 --frames 3 --instants 2 "$@" &
  renderers+=($!)
}
render --out "$runs/records" --limit 9000 --sensor
render --out "$runs/clean" --limit 4000 --first-seed 2000000
render --out "$runs/large" --limit 4000 --first-seed 3000000 --sensor --sizes 256x192,256x192,192x256,224x168,256x144
# Single pictures larger than what is trained on, so that views of whole scenes have the detail of a camera's picture brought to the grid.
render --out "$runs/fine" --limit 3300 --first-seed 4000000 --sensor --sizes 384x288,384x288,288x384,384x256,384x224 --frames 1 --instants 3
real=() pictures="$runs/records" pairs=()
if [ -n "$clips" ]; then
  "${TEACHER_PYTHON:-python}" teacher.py --clips "$clips" --out "$runs/real"
  python clip_pairs.py --clips "$clips" --out "$runs/pairs"
  real=(--real "$runs/real") pairs=(--pairs "$runs/pairs")
fi
for folder in records clean large fine; do
  until [ "$(find "$runs/$folder" -name '*.rec' | wc -l)" -ge 1000 ]; do sleep 10; done
done
if python -c 'import sys, torch; sys.exit(not torch.cuda.is_available())'; then
  launch=(python -m) threads=8
else
  launch=(torchrun --nproc-per-node "$(nproc)" -m) threads=1
  export OMP_NUM_THREADS=1
  # Freed tensors stay with the process: giving pages back and taking them again is a tenth of a step.
  export MALLOC_MMAP_THRESHOLD_=4294967296 MALLOC_TRIM_THRESHOLD_=4294967296
fi
"${launch[@]}" sextant_nano.train --records "$runs/records" "$runs/large" "${real[@]}" --out "$runs/nano" --minutes "$minutes" --schedule-minutes "$minutes" --threads $threads
if [ -n "$clips" ]; then # the network's own view of whole real pictures
  python -m sextant_nano.pseudo --weights "$runs/nano/ema.pt" --records "$runs/real" --out "$runs/pseudo"
  real=(--real "$runs/pseudo")
fi
"${launch[@]}" sextant_nano.train_unified --records "$runs/records" "$runs/clean" "$runs/large" --paint "$runs/records" "$runs/clean" "$runs/large" "${real[@]}" \
  --weights "$runs/nano/ema.pt" --out "$runs/unified" --minutes "$unified_minutes" --schedule-minutes "$unified_minutes" --lr 5e-4 --old 0.4 --paint-pixels 2.5
# What generates, part by part: what makes small pictures, what makes joint generation's streams large, then all of it with the estimator and the critic looking on.
paint() { # part, from, minutes, more
  "${launch[@]}" sextant_nano.train_paint --learns "$1" --paint "$runs/clean" --weights "$2/ema.pt" --out "$runs/$1" --minutes "$3" --schedule-minutes "$3" "${@:4}"
}
paint sampler "$runs/unified" $((paint_minutes * 45 / 100)) --joint 0.7 --pixels 3 --lr 2e-3
paint sharpener "$runs/sampler" $((paint_minutes * 15 / 100)) --lr 2e-3
paint whole "$runs/sharpener" $((paint_minutes * 40 / 100)) --joint 0.35 --pixels 1.25 --lr 8e-4 --deceive 0.06
if [ -n "$clips" ]; then # depth of real pictures, for cameras to move through
  python -m sextant_nano.pseudo --pairs --weights "$runs/whole/ema.pt" --records "$runs/pairs" --out "$runs/lifted"
  pictures="$runs/lifted"
fi
python -m sextant_nano.train_flow --trunk --records "$runs/records" "$runs/clean" "$runs/large" --real "$pictures" "${pairs[@]}" --weights "$runs/whole/ema.pt" --out "$runs/flow" \
  --minutes "$flow_minutes" --schedule-minutes "$flow_minutes" --threads "$(nproc)" --merge "$runs/nano/merged.pt"
# What only estimation uses, once more, with people and things pasted into other pictures and a loss on which side of people is seen; seven tenths of it and three of what it was before.
"${launch[@]}" sextant_nano.train --records "$runs/large" "$runs/fine" "${real[@]}" --real-share 0.35 --paste-share 0.5 --weights "$runs/whole/ema.pt" --out "$runs/estimation" \
  --minutes "$estimation_minutes" --schedule-minutes "$estimation_minutes" --lr 2.5e-4 --muon --pixels 2 --threads $threads --still trunk. stems. switch words. meaning_in word_place generator. refer_
python -m sextant_nano.checkpoints --before "$runs/whole/ema.pt" --after "$runs/estimation/ema.pt" --share 0.7 --out "$runs/estimation.pt"
# What generates, once more, before the better estimator's eyes. (models/nano: 86 minutes, three fifths of what came of them, then 57 more, the estimator having learnt on in between.)
"${launch[@]}" sextant_nano.train_paint --paint "$runs/clean" --weights "$runs/nano/merged.pt" "$runs/estimation.pt" --out "$runs/again" \
  --minutes $((paint_minutes * 95 / 100)) --schedule-minutes $((paint_minutes * 95 / 100)) --muon --lr 4e-4 --joint 0.15 --deceive 0.06
python -m sextant_nano.export --weights "$runs/nano/merged.pt" "$runs/estimation.pt" "$runs/again/ema.pt" --out ../models/nano --int8
