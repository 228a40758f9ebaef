#!/usr/bin/env bash
# `sextant calibrate` on photographs: OpenCV's own 26 samples of a chessboard (Debian's opencv-doc; Apache-2.0, not kept here), and on
# boards that the world's renderer draws, both beside Python's cv2.calibrateCamera on the same pictures. Prints all figures.
set -euo pipefail
cd "$(dirname "$0")/../.."
work=${SEXTANT_CI_WORK:-$(mktemp -d)}/calibration
mkdir -p "$work"

if [ -n "${OPENCV_SAMPLES:-}" ]; then
  photographs=$OPENCV_SAMPLES # a folder with left01.jpg ..., to run without the download
else
  # 95 MB for 26 pictures, but the package that everybody can have. Only unpacked, not installed.
  (cd "$work" && { [ "$(id -u)" -ne 0 ] || apt-get update -qq; } && apt-get download -qq opencv-doc 2>/dev/null) ||
    { echo "cannot fetch Debian's opencv-doc (apt-get download)"; exit 1; }
  dpkg-deb -x "$work"/opencv-doc_*.deb "$work/doc"
  rm "$work"/opencv-doc_*.deb
  photographs=$work/doc/usr/share/doc/opencv-doc/examples/data
fi

if [ -n "${SEXTANT_PYTHON:-}" ]; then
  python=$SEXTANT_PYTHON # one with numpy and cv2
else
  python3 -m venv "$work/venv"
  "$work/venv/bin/pip" install --quiet --disable-pip-version-check 'numpy<3' 'opencv-python-headless>=4.8,<5'
  python=$work/venv/bin/python
fi

node test/e2e/render-boards.mjs "$work/plain" >"$work/plain.json"
node test/e2e/render-boards.mjs "$work/lens" --lens=-0.28,0.09,0.001,-0.0006,0 >"$work/lens.json"

calibrate() { # NAME SQUARE PICTURES...
  local name=$1 square=$2
  shift 2
  node packages/cli/bin/sextant.js calibrate "$@" --board 9x6 --square "$square" --out "$work/$name.yaml" --name "$name" --json >"$work/$name.jsonl"
}
calibrate left 0.025 "$photographs"/left[01][0-9].jpg
calibrate fisheye 0.025 "$photographs"/left[01][0-9].jpg --fisheye
calibrate right 0.025 "$photographs"/right[01][0-9].jpg
calibrate plain 0.03 "$work"/plain/*.png
calibrate lens 0.03 "$work"/lens/*.png

"$python" - "$work" "$photographs" <<'PY'
import glob, json, sys
import cv2, numpy as np

work, photographs = sys.argv[1:]
cv2.setNumThreads(1)
failed = []


def check(ok, what):
    if not ok:
        failed.append(what)


def opencv(files, square, fisheye=False):
    board = np.zeros((54, 3), np.float32)
    board[:, :2] = np.mgrid[0:9, 0:6].T.reshape(-1, 2) * square
    views, size = [], None
    for file in files:
        grey = cv2.imread(file, cv2.IMREAD_GRAYSCALE)
        size = grey.shape[::-1]
        found, corners = cv2.findChessboardCorners(grey, (9, 6))
        if found:
            views.append(cv2.cornerSubPix(grey, corners, (5, 5), (-1, -1), (3, 60, 1e-4)))
    if fisheye:
        k, d = np.zeros((3, 3)), np.zeros(4)
        flags = cv2.fisheye.CALIB_RECOMPUTE_EXTRINSIC | cv2.fisheye.CALIB_FIX_SKEW
        rms, k, d, _, _ = cv2.fisheye.calibrate([board.reshape(1, -1, 3).astype(np.float64)] * len(views), [v.reshape(1, -1, 2).astype(np.float64) for v in views], size, k, d, flags=flags, criteria=(3, 200, 1e-8))
        return rms, k, d.ravel(), len(views)
    rms, k, d, _, _ = cv2.calibrateCamera([board] * len(views), views, size, None, None)
    return rms, k, d.ravel(), len(views)


print(f"{'':8}{'':10}{'views':>6}{'rms px':>8}{'fx':>9}{'fy':>9}{'cx':>9}{'cy':>9}{'k1':>9}{'k2':>9}")
for name, pattern, square in (
    ("left", f"{photographs}/left[01][0-9].jpg", 0.025), ("fisheye", f"{photographs}/left[01][0-9].jpg", 0.025), ("right", f"{photographs}/right[01][0-9].jpg", 0.025),
    ("plain", f"{work}/plain/*.png", 0.03), ("lens", f"{work}/lens/*.png", 0.03),
):
    files = sorted(glob.glob(pattern))
    events = [json.loads(line) for line in open(f"{work}/{name}.jsonl")]
    ours = next(event for event in events if event["event"] == "calibration")
    rms, k, d, views = opencv(files, square, name == "fisheye")
    print(f"{name:8}{'sextant':10}{len(ours['views']):6}{ours['rms']:8.3f}{ours['k'][0]:9.2f}{ours['k'][4]:9.2f}{ours['k'][2]:9.2f}{ours['k'][5]:9.2f}{ours['d'][0]:9.4f}{ours['d'][1]:9.4f}")
    print(f"{'':8}{'cv2':10}{views:6}{rms:8.3f}{k[0, 0]:9.2f}{k[1, 1]:9.2f}{k[0, 2]:9.2f}{k[1, 2]:9.2f}{d[0]:9.4f}{d[1]:9.4f}")
    found = sum(event["event"] == "view" and event["corners"] == 54 for event in events)
    if name in ("left", "right", "fisheye"):
        check(len(files) == 13 and found == 13, f"{name}: the board was found in {found} of {len(files)} photographs")
        check(ours["rms"] < 0.3, f"{name}: reprojection error {ours['rms']}")
    else:
        truth = json.load(open(f"{work}/{name}.json"))
        print(f"{'':8}{'truth':10}{len(files):6}{'':8}{truth['fx']:9.2f}{truth['fy']:9.2f}{truth['cx']:9.2f}{truth['cy']:9.2f}{truth['d'][0]:9.4f}{truth['d'][1]:9.4f}")
        for i, key in ((0, "fx"), (4, "fy")):
            off = abs(ours["k"][i] / truth[key] - 1)
            check(off < 0.005, f"{name}: {key} is {100 * off:.3f} % off the truth")
    for i, theirs in ((0, k[0, 0]), (4, k[1, 1])):
        off = abs(ours["k"][i] / theirs - 1)
        check(off < 0.01, f"{name}: focal length is {100 * off:.2f} % off cv2's")
for what in failed:
    print("failed:", what)
sys.exit(1 if failed else 0)
PY
