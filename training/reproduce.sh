#!/usr/bin/env bash
# Renders, labels, trains and exports models/nano, by the stages that it came of; its own weights had more and shorter ones (models/nano/README.md), these are others.
# Usage: training/reproduce.sh [assets folder] [clips folder] [minutes] [unified minutes] [flow minutes] [paint minutes] [estimation minutes]
# Run again with the same arguments it goes on where it was stopped: runs/STAGE.done marks what is done, and a training does what is left of its minutes.
# Runs in an activated environment with training/requirements.txt; TEACHER_PYTHON names a Python with mediapipe==0.10.14, MODEL_VERSION what the manifest says (else its version stays).
set -euo pipefail
assets=${1:+$(realpath "$1")} clips=${2:+$(realpath "$2")} minutes=${3:-330} unified_minutes=${4:-160} flow_minutes=${5:-50} paint_minutes=${6:-150} estimation_minutes=${7:-200}
cd "$(dirname "$0")"
share() { echo $((($1 * $2 + 99) / 100)); } # per cent of minutes, never none: a schedule of no minutes has no learning rate
runs=../runs
mkdir -p "$runs"
# What a camera sees, for estimation, and the same worlds clean, for the painter; the second half of each larger.
declare -A renderers=()
trap 'kill "${renderers[@]}" 2>/dev/null || true' EXIT
render() { # folder, options
  nice -n 5 python -m sextant_nano.render ${assets:+--assets "$assets"} --processes 1 --frames 3 --instants 2 --out "$runs/$1" "${@:2}" &
  renderers[$1]=$!
}
stage() { # name, command
  [ -e "$runs/$1.done" ] && return
  "${@:2}"
  touch "$runs/$1.done"
}
render records --limit 9000 --sensor
render clean --limit 4000 --first-seed 2000000
render large --limit 4000 --first-seed 3000000 --sensor --sizes 256x192,256x192,192x256,224x168,256x144
# Faces at arm's length, which no seed draws by itself.
render selfie --limit 1500 --first-seed 5000000 --sensor --rig selfie --sizes 320x240,320x240,288x384,384x288,320x180 --frames 1 --instants 3
# Single pictures larger than what is trained on, so that views of whole scenes have the detail of a camera's picture brought to the grid.
render fine --limit 3300 --first-seed 4000000 --sensor --sizes 384x288,384x288,288x384,384x256,384x224 --frames 1 --instants 3
real=() pictures="$runs/records" pairs=()
if [ -n "$clips" ]; then
  stage real "${TEACHER_PYTHON:-python}" teacher.py --clips "$clips" --out "$runs/real"
  [ -z "$assets" ] || stage places python places.py --assets "$assets" --out "$runs/real"
  stage pairs python clip_pairs.py --clips "$clips" --out "$runs/pairs"
  real=(--real "$runs/real") pairs=(--pairs "$runs/pairs")
fi
for folder in "${!renderers[@]}"; do
  until [ "$(find "$runs/$folder" -name '*.rec' 2>/dev/null | wc -l)" -ge 1000 ]; do
    kill -0 "${renderers[$folder]}" 2>/dev/null || { echo "the renderer of $runs/$folder ended before it had 1000 records; what it said is above" >&2; exit 1; }
    sleep 10
  done
done
if python -c 'import sys, torch; sys.exit(not torch.cuda.is_available())'; then
  launch=(python -m) threads=8
else
  launch=(torchrun --nproc-per-node "$(nproc)" -m) threads=1
  export OMP_NUM_THREADS=1
  # Freed tensors stay with the process: giving pages back and taking them again is a tenth of a step.
  export MALLOC_MMAP_THRESHOLD_=4294967296 MALLOC_TRIM_THRESHOLD_=4294967296
fi
stage nano "${launch[@]}" sextant_nano.train --records "$runs/records" "$runs/large" "${real[@]}" --out "$runs/nano" --minutes "$minutes" --schedule-minutes "$minutes" --threads $threads
if [ -n "$clips" ]; then # the network's own view of whole real pictures
  stage pseudo python -m sextant_nano.pseudo --weights "$runs/nano/ema.pt" --records "$runs/real" --out "$runs/pseudo"
  real=(--real "$runs/pseudo")
fi
stage unified "${launch[@]}" sextant_nano.train_unified --records "$runs/records" "$runs/clean" "$runs/large" --paint "$runs/records" "$runs/clean" "$runs/large" "${real[@]}" \
  --weights "$runs/nano/ema.pt" --out "$runs/unified" --minutes "$unified_minutes" --schedule-minutes "$unified_minutes" --lr 5e-4 --old 0.4 --paint-pixels 2.5
# What generates, part by part: what makes small pictures, what makes joint generation's streams large, then all of it with the estimator and the critic looking on.
paint() { # part, from, minutes, more
  stage "$1" "${launch[@]}" sextant_nano.train_paint --learns "$1" --paint "$runs/clean" --weights "$2/ema.pt" --out "$runs/$1" --minutes "$3" --schedule-minutes "$3" "${@:4}"
}
paint sampler "$runs/unified" $(share $paint_minutes 45) --joint 0.7 --pixels 3 --lr 2e-3
paint sharpener "$runs/sampler" $(share $paint_minutes 15) --lr 2e-3
paint whole "$runs/sharpener" $(share $paint_minutes 40) --joint 0.35 --pixels 1.25 --lr 8e-4 --deceive 0.06
if [ -n "$clips" ]; then # depth of real pictures, for cameras to move through
  stage lifted python -m sextant_nano.pseudo --pairs --weights "$runs/whole/ema.pt" --records "$runs/pairs" --out "$runs/lifted"
  pictures="$runs/lifted"
fi
stage flow python -m sextant_nano.train_flow --trunk --records "$runs/records" "$runs/clean" "$runs/large" --real "$pictures" "${pairs[@]}" --weights "$runs/whole/ema.pt" --out "$runs/flow" \
  --minutes "$flow_minutes" --schedule-minutes "$flow_minutes" --threads "$(nproc)" --merge "$runs/nano/merged.pt"
# What only estimation uses, once more, with people and things pasted into other pictures and a loss on which side of people is seen; seven tenths of it and three of what it was before.
stage estimation "${launch[@]}" sextant_nano.train --records "$runs/large" "$runs/large" "$runs/fine" "$runs/fine" "$runs/selfie" "${real[@]}" --real-share 0.45 --paste-share 0.5 "${pairs[@]}" --pair-share 0.03 --weights "$runs/whole/ema.pt" --out "$runs/estimation" \
  --minutes "$estimation_minutes" --schedule-minutes "$estimation_minutes" --lr 3e-4 --muon --pixels 2 --threads $threads --still trunk. stems. switch words. meaning_in word_place generator. refer_
python -m sextant_nano.checkpoints --before "$runs/whole/ema.pt" --after "$runs/estimation/ema.pt" --share 0.7 --out "$runs/estimation.pt"
# Heads of classes, before what else is still: they have not their end where what feeds them moves, and a step takes a third.
stage heads "${launch[@]}" sextant_nano.train --records "$runs/large" "$runs/fine" "${real[@]}" --real-share 0.35 --paste-share 0.5 --weights "$runs/nano/merged.pt" "$runs/estimation.pt" --out "$runs/heads" \
  --minutes $(share $estimation_minutes 5) --schedule-minutes $(share $estimation_minutes 5) --lr 3e-4 --muon --pixels 2 --threads $threads \
  --still encoder. rgb_in join. up8 up4 up2 depth_head skeleton densepose sides trunk. stems. switch words. meaning_in word_place generator. refer_
# People from nearby: the same network, all of it, on windows around people alone; a graph of its own beside the others.
stage close_ups "${launch[@]}" sextant_nano.train --close-ups --records "$runs/large" "$runs/fine" "$runs/fine" "$runs/selfie" "${real[@]}" --real-share 0.45 --paste-share 0.5 --weights "$runs/nano/merged.pt" "$runs/heads/ema.pt" --out "$runs/close_ups" \
  --minutes $(share $estimation_minutes 45) --schedule-minutes $(share $estimation_minutes 45) --lr 3e-4 --muon --pixels 4 --threads $threads --still stems. switch words. meaning_in word_place generator. refer_ depth_head
# What generates, once more, before the better estimator's eyes. (models/nano: 86 minutes, three fifths of what came of them, then 57 more, the estimator having learnt on in between.)
stage again "${launch[@]}" sextant_nano.train_paint --paint "$runs/clean" --weights "$runs/nano/merged.pt" "$runs/heads/ema.pt" --out "$runs/again" \
  --minutes $(share $paint_minutes 95) --schedule-minutes $(share $paint_minutes 95) --muon --lr 4e-4 --joint 0.15 --deceive 0.06
version=${MODEL_VERSION:-$(python -c 'import json; print(json.load(open("../models/nano/manifest.json"))["version"])')}
python -m sextant_nano.summary --stages "$runs"/{nano,unified,sampler,sharpener,whole,flow,estimation,heads,close_ups,again} --out "$runs/summary.json"
python -m sextant_nano.export --weights "$runs/nano/merged.pt" "$runs/heads/ema.pt" "$runs/again/ema.pt" --out ../models/nano --version "$version" --summary "$runs/summary.json" --int8 --calibration "$runs/large"
python -m sextant_nano.export_close_ups --weights "$runs/nano/merged.pt" "$runs/close_ups/ema.pt" --model ../models/nano --int8 --calibration "$runs/large"
