#!/usr/bin/env bash
# `sextant estimate` on a film clip: ffmpeg decodes it, every frame gets its files, depth is not empty and a person can look
# at a preview. A real clip of ../shared/data where it is, else one that ffmpeg draws. Needs built packages.
set -euo pipefail
cd "$(dirname "$0")/../.."

folder="$(mktemp -d "${SEXTANT_CI_WORK:-${TMPDIR:-/tmp}}/real-clip-XXXXXX")"
trap 'rm -rf "$folder"' EXIT
command -v ffmpeg >/dev/null || { echo "real-clip: no ffmpeg on this machine"; exit 1; }
clip=../shared/data/clips/monst3r_lady.mp4
if [ ! -e "$clip" ]; then
  echo "real-clip: no ../shared/data, a drawn clip is used"
  clip="$folder/drawn.mp4"
  ffmpeg -loglevel error -f lavfi -i testsrc2=duration=1:size=320x240:rate=12 -pix_fmt yuv420p "$clip"
fi
frames=12
node packages/cli/bin/sextant.js estimate "$clip" --frames "$frames" --out "$folder/out" --device cpu --json >"$folder/lines"
tail -n 1 "$folder/lines"

node --input-type=module - "$folder/out" "$frames" <<'JS'
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { decode } from 'fast-png';

const [out, frames] = [process.argv[2], Number(process.argv[3])];
const fail = (why) => {
  console.error(`real-clip: ${why}`);
  process.exit(1);
};
for (const kind of ['depth', 'segmentation', 'instances', 'densepose', 'flow']) {
  const pictures = readdirSync(join(out, kind)).filter((name) => name.endsWith('.png'));
  // There is no motion before the first frame; whether its flow is left out or empty is the format's choice.
  if (pictures.length !== frames && !(kind === 'flow' && pictures.length === frames - 1)) fail(`${pictures.length} files of ${kind} for ${frames} frames`);
}
if (!readdirSync(out).some((name) => /^preview\.(mp4|png)$/.test(name))) fail('there is no preview');
if (!existsSync(join(out, 'skeleton', 'keypoints.json'))) fail('there are no keypoints');
const { data } = decode(readFileSync(join(out, 'depth', '000005.png')));
const known = data.filter((millimetres) => millimetres > 0);
if (known.length < data.length / 2) fail(`only ${known.length} of ${data.length} pixels have a depth`);
console.log(`real-clip: ${frames} frames, ${((100 * known.length) / data.length).toFixed(0)} % of a depth map known`);
JS
