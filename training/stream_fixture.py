"""A skeleton stream as training draws it, for the test that the product draws the same (packages/model/src/codecs/limbs.test.ts).

    python stream_fixture.py > ../packages/model/src/codecs/limbs.fixture.json

`what`: one character a pixel: '.' nothing, 'a'..'q' the seventeen joints, '0'..'9', 'A'..'W' a limb by twice the mean number of its joints.
`whose`: the person's number, 0 for none. Three people: one tall and partly out of view, one small and behind, one with half of the joints unknown.
"""
from __future__ import annotations

import json

import numpy as np

from sextant_nano.paint_data import JOINTS, MOST_PEOPLE, skeleton_stream

WIDTH, HEIGHT = 48, 40
# A walking body of stature 1, x to the right and y down, joints in COCO's order.
BODY = np.array([(0, .08), (.02, .065), (-.02, .065), (.04, .075), (-.04, .075), (.11, .19), (-.11, .18), (.15, .37), (-.17, .35), (.2, .5), (-.1, .47),
                 (.06, .48), (-.06, .48), (.12, .72), (-.09, .73), (.1, .96), (-.2, .94)])
LIMBS = '0123456789ABCDEFGHIJKLMNOPQRSTUVW'


def person(x: float, y: float, tall: float, unknown: tuple[int, ...]) -> dict[str, object]:
    points = BODY * tall + (x, y)
    return {'labelled': True, 'keypoints': [[round(float(px), 2), round(float(py), 2), 0 if j in unknown else 1] for j, (px, py) in enumerate(points)]}


def main() -> None:
    people = [person(33, 6, 44, (9, 3, 4)), person(22, 12, 22, ()), person(6, 20, 17, (0, 1, 2, 3, 4, 5, 7, 9))]
    stream = skeleton_stream(people, np.array([[1.0, 0, 0], [0, 1, 0]]), (HEIGHT, WIDTH), False)

    def char(level: float, kind: float) -> str:
        number = (level + 1) / 2 * (JOINTS - 1)
        return '.' if kind < -0.5 else chr(ord('a') + round(number)) if kind > 0.5 else LIMBS[round(2 * number)]

    what = [''.join(char(stream[0, y, x], stream[2, y, x]) for x in range(WIDTH)) for y in range(HEIGHT)]
    whose = [''.join(str(round((stream[1, y, x] + 1) / 2 * MOST_PEOPLE)) for x in range(WIDTH)) for y in range(HEIGHT)]
    print(json.dumps({'width': WIDTH, 'height': HEIGHT, 'people': [p['keypoints'] for p in people], 'what': what, 'whose': whose}, indent=1))


if __name__ == '__main__':
    main()
