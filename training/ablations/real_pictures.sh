#!/usr/bin/env bash
# What real pictures add: the same network from the same ImageNet start, equally many steps and pictures, with more and more of
# training/real-pictures.md. Usage: training/ablations/real_pictures.sh RECORDS REAL PSEUDO PAIRS OUT [steps]
#   RECORDS rendered (sextant_nano.render)   REAL labelled by teachers (teacher.py)   PSEUDO the same with the network's own view
#   (sextant_nano.pseudo)   PAIRS unlabelled (clip_pairs.py)
# Wants the activated environment of training/README.md, a built repository and ../shared. Skips arms that are in OUT already.
set -euo pipefail
records=$(realpath "$1") real=$(realpath "$2") pseudo=$(realpath "$3") pairs=$(realpath "$4") steps=${6:-600}
mkdir -p "$5"
out=$(realpath "$5") root=$(realpath "$(dirname "$0")/../..")
cd "$root/training"
export OMP_NUM_THREADS=1 MALLOC_MMAP_THRESHOLD_=4294967296 MALLOC_TRIM_THRESHOLD_=4294967296 # as in reproduce.sh
arm() {
  local name=$1
  shift
  [ -f "$out/$name.json" ] && return
  torchrun --nproc-per-node "$(nproc)" -m sextant_nano.train --records "$records" --out "$out/$name" --steps "$steps" \
    --minutes 600 --schedule-minutes 600 --clip-share 0.3 --threads 1 --workers 1 "$@"
  python -m sextant_nano.export --weights "$out/$name/ema.pt" --out "$out/$name/model" --tasks
  (cd "$root" && for set in ../shared/data/eval "--source world --seeds 40 --assets ../shared/assets"; do
    # shellcheck disable=SC2086
    node packages/cli/bin/sextant.js eval $set --model "$out/$name/model" --modalities depth,segmentation,skeleton --device cpu --json
  done) >"$out/$name.part"
  mv "$out/$name.part" "$out/$name.json"
}
arm rendered
arm teachers --real "$real" --real-share 0.2
arm teachers+pseudo --real "$pseudo" --real-share 0.2
arm teachers+motion --real "$real" --real-share 0.2 --pairs "$pairs" --pair-share 0.1
python ablations/table.py "$out"/{rendered,teachers,teachers+pseudo,teachers+motion}.json
