#!/usr/bin/env bash
# What README promises of a bare clone: `npm start` installs, builds and runs, /healthz says ok, and a roslib client that
# connects to the port receives depth. Clones this repository's HEAD; needs git and the npm registry.
set -euo pipefail
cd "$(dirname "$0")/../.."

folder="$(mktemp -d "${SEXTANT_CI_WORK:-${TMPDIR:-/tmp}}/fresh-clone-XXXXXX")"
npm_pid=
finish() {
  if [ -n "$npm_pid" ]; then
    kill -TERM -- "-$npm_pid" 2>/dev/null || true
    for _ in $(seq 100); do kill -0 -- "-$npm_pid" 2>/dev/null || break; sleep 0.1; done
    kill -KILL -- "-$npm_pid" 2>/dev/null || true
  fi
  rm -rf "$folder"
}
trap finish EXIT

git clone --quiet --no-hardlinks . "$folder/clone"
cd "$folder/clone"
started=$SECONDS
# A process group of its own, so that npm and all it started end together.
set -m
npm start --silent -- --port 0 --json >"$folder/lines" 2>"$folder/log" &
npm_pid=$!
set +m

url=
for _ in $(seq 600); do
  url="$(sed -n 's/.*"event":"ready","url":"\([^"]*\)".*/\1/p' "$folder/lines" | head -n 1)"
  [ -n "$url" ] && break
  kill -0 "$npm_pid" 2>/dev/null || break
  sleep 0.5
done
[ -n "$url" ] || { echo "fresh-clone: npm start did not get ready"; tail -n 40 "$folder/log" "$folder/lines"; exit 1; }
echo "fresh-clone: ready at $url after $((SECONDS - started)) s"

timeout 60 node examples/roboticist/distance-ahead.mjs --url "${url/http/ws}" --frames 3
node --input-type=module -e "
const response = await fetch(process.argv[1] + '/healthz');
const health = await response.json();
console.log('fresh-clone: healthz', response.status, health.status);
process.exitCode = response.status === 200 && health.status === 'ok' ? 0 : 1;
" "$url"
