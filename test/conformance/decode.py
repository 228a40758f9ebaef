"""A second decoder of the mask protocol, written from docs/mask-protocol.md: Python's standard library alone.

python3 test/conformance/decode.py   decodes every vector beside it and compares with vectors.json; exit code 1 where one differs.
"""
import json
import math
import os
import struct
import sys
import zlib

KINDS = ["rgb", "depth", "flow", "segmentation", "skeleton", "densepose"]
CONTROL = {1: "hello", 2: "welcome", 3: "subscribe", 4: "subscribed", 5: "unsubscribe", 6: "error", 7: "classes", 8: "stats",
           9: "openCamera", 10: "closeCamera", 11: "cameraState", 12: "prompt", 13: "prompted", 14: "kinds"}
MAX_PIXELS = 4096 * 2304


class Refused(Exception):
    """The bytes are not what the protocol says."""


class Cursor:
    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, count):
        if count < 0 or self.at + count > len(self.data):
            raise Refused(f"{count} bytes wanted at {self.at} of {len(self.data)}")
        self.at += count
        return self.data[self.at - count:self.at]

    def read(self, fmt):
        return struct.unpack("<" + fmt, self.take(struct.calcsize("<" + fmt)))

    def one(self, fmt):
        return self.read(fmt)[0]

    def done(self):
        if self.at != len(self.data):
            raise Refused(f"{len(self.data) - self.at} bytes left over")


def unfold(value):
    return value >> 1 if value & 1 == 0 else -(value >> 1) - 1


def predicted(folded, width, height, bits):
    """A plane from folded differences to the JPEG-LS prediction."""
    mask, out = (1 << bits) - 1, [0] * (width * height)
    for i in range(width * height):
        x, y = i % width, i // width
        a = out[i - 1] if x else (out[i - width] if y else 0)
        b = out[i - width] if y else a
        c = out[i - width - 1] if x and y else b
        out[i] = (sorted((a, b, a + b - c))[1] + unfold(folded[i])) & mask
    return out


def plane16(cursor, width, height):
    low, high = cursor.take(width * height), cursor.take(width * height)
    return predicted([l | h << 8 for l, h in zip(low, high)], width, height, 16)


def probabilities(cursor, width, height):
    return [code / 255 for code in predicted(cursor.take(width * height), width, height, 8)]


def varint(cursor):
    value = 0
    for shift in range(0, 28, 7):
        byte = cursor.one("B")
        value |= (byte & 127) << shift
        if byte < 128:
            return value
    raise Refused("a number of more than 28 bits")


def edges_of(row):
    return [(x, row[x]) for x in range(len(row)) if x == 0 or row[x] != row[x - 1]]


def ids(cursor, width, height, largest, key):
    code = Cursor(cursor.take(cursor.one("I")))
    n_ops, n_places = code.read("II")
    ops, places = Cursor(code.take(n_ops)), Cursor(code.take(n_places))
    values = Cursor(code.take(len(code.data) - code.at))
    rows, above = [], [(0, 0)]
    for y in range(height):
        op = ops.one("B")
        if op in (1, 2) and key is None:
            raise Refused("refers to a key that is not there")
        if op == 0:
            edges = above
        elif op == 1:
            edges = edges_of(key[y * width:(y + 1) * width])
        else:
            known = above
            if op == 2:
                known = edges_of(key[y * width:(y + 1) * width])
                op = ops.one("B")
            edges, last, at = [], -1, 0
            while op != 5:
                while at < len(known) and known[at][0] <= last - 3:
                    at += 1
                if op == 3:
                    at += 1
                else:
                    if op == 4:
                        x, value = last + 1 + varint(places), varint(values)
                    elif 6 <= op <= 12 and at < len(known):
                        x, value = known[at][0] + op - 9, known[at][1]
                        at += 1
                    else:
                        raise Refused(f"operation {op}")
                    if not (last < x < width) or value > largest or (last < 0 and x != 0):
                        raise Refused(f"edge at {x} after {last}")
                    edges.append((x, value))
                    last = x
                op = ops.one("B")
            if not edges:
                raise Refused("a row without a run")
        for (x, value), (end, _) in zip(edges, edges[1:] + [(width, 0)]):
            rows += [value] * (end - x)
        above = edges
    for part in (ops, places, values):
        part.done()
    return rows


def half(code):
    return struct.unpack("<e", struct.pack("<H", code))[0]


def payload_of(kind, raw, width, height, flags, key):
    cursor, n = Cursor(raw), width * height
    out = {"kind": kind, "width": width, "height": height}
    confident, things, seen_by = flags & 2, flags & 4, flags & 8
    if kind == "rgb":
        if cursor.one("B") != 1:
            raise Refused("picture format")
        out.update(mediaType="image/jpeg", data=list(cursor.take(len(raw) - 1)))
    elif kind == "segmentation":
        out["table"] = cursor.one("B")
        out["labels"] = ids(cursor, width, height, 255, key and key["labels"])
        if things:
            out["instances"] = ids(cursor, width, height, 65535, key and key.get("instances"))
    elif kind == "densepose":
        part = out["part"] = ids(cursor, width, height, 255, key and key["part"])
        if things:
            out["person"] = ids(cursor, width, height, 65535, key and key.get("person"))
        for chart in ("u", "v"):
            values = [0] * n
            for i in range(n):
                if part[i] == 0:
                    continue
                near = i - width if i >= width and part[i - width] == part[i] else i - 1 if i % width and part[i - 1] == part[i] else None
                values[i] = ((values[near] if near is not None else 0) + unfold(cursor.one("B"))) & 255
            out[chart] = values
    elif kind == "depth":
        mapping, provenance, _, a, b = cursor.read("BBHff")
        if mapping > 2 or provenance > 2 or not (math.isfinite(a) and math.isfinite(b) and b > 0):
            raise Refused("depth scale")
        metres = (lambda v: v, math.exp, lambda v: 1 / v)[mapping]
        out["provenance"] = ("metric", "scaled", "relative")[provenance]
        out["metres"] = [None if c == 0 else metres(a + b * (c - 1)) for c in plane16(cursor, width, height)]
    elif kind == "flow":
        encoding, _, _, step = cursor.read("BBHf")
        if encoding > 1 or not 0 < step < math.inf:
            raise Refused("flow scale")
        number = half if encoding else lambda c: None if c == 0x8000 else (c - 0x10000 if c & 0x8000 else c) * step
        planes = [[number(c) for c in plane16(cursor, width, height)] for _ in "uv"]
        out["pixels"] = [None if v is None or v != v else v for pair in zip(*planes) for v in pair]
    else:
        step, people, joints, _ = cursor.read("fHBB")
        if people > 1024 or joints != 17 or not 0 < step < math.inf:
            raise Refused("skeletons")
        out["people"] = []
        for _ in range(people):
            person, score = cursor.read("HB")
            box = [v * step for v in cursor.read("hhhh")]
            points = [cursor.read("hhB") for _ in range(17)]
            out["people"].append({"id": person, "score": score / 255, "box": box,
                                  "keypoints": [{"x": x * step, "y": y * step, "score": s / 255} for x, y, s in points]})
    if confident:
        out["confidence"] = probabilities(cursor, width, height)
    if seen_by:
        fx, fy, cx, cy, provenance, _, _ = cursor.read("ffffBBH")
        if provenance > 2 or not (0 < fx < math.inf and 0 < fy < math.inf and math.isfinite(cx) and math.isfinite(cy)):
            raise Refused("intrinsics")
        out["intrinsics"] = {"fx": fx, "fy": fy, "cx": cx, "cy": cy, "provenance": ("simulated", "calibrated", "guessed")[provenance]}
    cursor.done()
    return out


def raw_limit(kind, width, height):
    n = width * height
    plane = 8 * n + 16 * height + 16
    return {"rgb": 2 ** 32, "segmentation": 1 + 2 * plane + n, "densepose": 2 * plane + 2 * n, "depth": 12 + 3 * n + 20, "flow": 8 + 5 * n, "skeleton": 8 + 96 * 1024}[kind]


def data(stream, body, keys):
    cursor = Cursor(body)
    kind, flags, compression, _, stamp, sequence, clip, reference, ready, model, width, height, length = cursor.read("BBBBqIIIQIHHI")
    if kind >= len(KINDS) or flags > (15 if kind == 1 else 7) or compression > 1 or (kind == 0 and compression):
        raise Refused("kind, flags or compression")
    kind = KINDS[kind]
    if not width or not height or width * height > MAX_PIXELS or length > raw_limit(kind, width, height):
        raise Refused(f"{kind} of {width}x{height} with {length} bytes")
    raw = cursor.take(len(body) - cursor.at)
    if compression:
        inflater = zlib.decompressobj(-15)
        try:
            raw = inflater.decompress(raw, length + 1)  # never more than declared, and one to see that there is more
        except zlib.error as error:
            raise Refused(str(error)) from error
    if len(raw) != length:
        raise Refused(f"{len(raw)} bytes, declared {length}")
    key = None
    if not flags & 1:
        held, key = keys.get(stream, (None, None))
        if held != reference or (key["kind"], key["width"], key["height"]) != (kind, width, height):
            raise Refused("its key is not there")
    payload = payload_of(kind, raw, width, height, flags, key)
    if flags & 1 and kind in ("segmentation", "densepose"):
        keys[stream] = (sequence, payload)
    header = {"kind": kind, "stream": stream, "key": bool(flags & 1), "stamp": str(stamp), "sequence": sequence, "clip": clip,
              "reference": reference, "ready": str(ready), "modelMicros": model}
    return {"header": header, "payload": payload}


def decode(message, keys):
    """(type, value) of one message; `keys` is the decoder's memory of a connection."""
    envelope = Cursor(message)
    kind, _, number, length = envelope.read("BBHI")
    if length != len(message) - 8:
        raise Refused("length")
    body = message[8:]
    if kind in CONTROL:
        return CONTROL[kind], json.loads(body.decode("utf-8"))
    cursor = Cursor(body)
    if kind == 0x10:
        value = "ping", {"asked": str(cursor.one("Q"))}
    elif kind == 0x11:
        value = "pong", dict(zip(("asked", "heard", "answered"), map(str, cursor.read("QQQ"))))
    elif kind == 0x12:
        value = "ack", {"consumed": cursor.one("I")}
    elif kind == 0x13:
        _, _, _, stamp, sequence, width, height = cursor.read("BBHqIHH")
        picture = list(cursor.take(len(body) - cursor.at))
        value = "camera", {"camera": number, "stamp": str(stamp), "sequence": sequence, "width": width, "height": height, "data": picture}
    elif kind == 0x20:
        return "data", data(number, body, keys)
    else:
        raise Refused(f"message type {kind}")
    cursor.done()
    return value


def same(a, b):
    if isinstance(a, float) or isinstance(b, float):
        return a is not None and b is not None and math.isclose(a, b, rel_tol=2e-6, abs_tol=1e-7)
    if isinstance(a, dict):
        return isinstance(b, dict) and a.keys() == b.keys() and all(same(a[k], b[k]) for k in a)
    if isinstance(a, list):
        return isinstance(b, list) and len(a) == len(b) and all(map(same, a, b))
    return a == b


def main():
    folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), "masks")
    with open(os.path.join(folder, "vectors.json"), encoding="utf-8") as file:
        vectors = json.load(file)

    def message(name):
        with open(os.path.join(folder, f"{name}.bin"), "rb") as file:
            return file.read()

    failures = 0
    for vector in vectors:
        keys, problem = {}, None
        try:
            for name in vector.get("needs", []):
                decode(message(name), keys)
            kind, value = decode(message(vector["name"]), keys)
            if vector.get("refused"):
                problem = f"was decoded, and must be refused: {vector['why']}"
            elif kind != vector["type"] or not same(vector["decoded"], value):
                problem = "decodes to something else"
        except Refused as error:
            problem = None if vector.get("refused") else f"was refused: {error}"
        if problem:
            failures += 1
            print(f"{vector['name']} {problem}")
    print(f"{len(vectors) - failures} of {len(vectors)} vectors decoded as they should by Python {sys.version.split()[0]}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
