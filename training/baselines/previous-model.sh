#!/usr/bin/env bash
# Takes a model as it was at a commit out of the history, to be measured beside the present one:
#     training/baselines/previous-model.sh 7e29937 older && npx sextant eval --source world --previous older/models/nano
set -euo pipefail
[ $# -eq 2 ] || { echo "usage: $0 <commit> <new folder>" >&2; exit 2; }
root="$(git -C "$(dirname "$0")" rev-parse --show-toplevel)"
[ ! -e "$2" ] || { echo "$2 exists" >&2; exit 1; }
mkdir -p "$2"
git -C "$root" archive "$1" models/nano | tar -x -C "$2"
echo "$2/models/nano: $(sed -n 's/.*"version": *"\([^"]*\)".*/\1/p' "$2/models/nano/manifest.json" | head -n 1)"
