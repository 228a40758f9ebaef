"""Rare things as often as common ones: class-aware sampling (Shen et al. 2016), for scenes where a class in forty shows up in one of a hundred.

A folder's `classes.json` keeps what its records show, since reading them all takes minutes; records that came since are added, those gone left out.
"""
from __future__ import annotations

import json
import os
import random
from pathlib import Path

import numpy as np

from . import records
from .crops import CLASSES, LEAST_THING
from .records import Record

PERSON = 1  # class: people are common, and have crops of their own
INDEX = 'classes.json'


def pixels_shown(record: Record) -> list[list[int]]:
    """[class, pixels in the newest frame, pixels of its things], of every class in view."""
    frame = record['frames'][-1]
    labels = frame['labels'].ravel()
    all_of, things = (np.bincount(labels[which], minlength=CLASSES)[:CLASSES] for which in (slice(None), frame['instances'].ravel() > 0))
    return [[int(c), int(all_of[c]), int(things[c])] for c in np.flatnonzero(all_of)]


def index_of(folder: Path) -> dict[str, list[list[int]]]:
    """File name -> `pixels_shown`, of the records that are there now."""
    path = folder / INDEX
    known: dict[str, list[list[int]]] = json.loads(path.read_text()) if path.exists() else {}
    names = {f.name for f in folder.glob('*.rec')}
    new = names - known.keys()
    for name in sorted(new):
        try:
            known[name] = pixels_shown(records.load(folder / name))
        except FileNotFoundError:  # the renderer took it away
            names.discard(name)
    if new:
        temporary = path.with_suffix(f'.{os.getpid()}.tmp')  # every process of a training writes it, at about the same time
        temporary.write_text(json.dumps(known))
        temporary.rename(path)
    return {name: shown for name, shown in known.items() if name in names}


class Rarity:
    """Records by the classes of things they show."""

    def __init__(self, folders: list[Path]):
        self.folders = folders
        self.read()

    def read(self) -> None:
        """Takes the records that are there now."""
        folders = self.folders
        self.shown = {folder / name: shown for folder in folders for name, shown in index_of(folder).items()}
        self.files: dict[int, list[Path]] = {}
        for file, shown in sorted(self.shown.items()):
            for label, _, things in shown:
                if label != PERSON and things >= LEAST_THING:
                    self.files.setdefault(label, []).append(file)
        if not self.files:
            raise ValueError(f'no record of {", ".join(map(str, folders))} shows a thing of {LEAST_THING} pixels: give folders of rendered records')

    def draw(self, pick: random.Random) -> tuple[Record, int]:
        """A class, each equally often, and a record that shows a thing of it."""
        while True:
            label = pick.choice(sorted(self.files))
            file = pick.choice(self.files[label])
            try:
                return records.load(file), label
            except FileNotFoundError:  # the renderer took it away
                self.files[label].remove(file)
                if not self.files[label]:
                    del self.files[label]
                if not self.files:
                    self.read()

    def counts(self, share: float) -> np.ndarray:
        """Pixels of every class, float64 [CLASSES], in pictures of which `share` are drawn so and the others evenly; what crops magnify is not counted."""
        table = {file: np.zeros(CLASSES) for file in self.shown}
        for file, shown in self.shown.items():
            for label, pixels, _ in shown:
                table[file][label] = pixels
        evenly = sum(table.values()) / len(table)
        by_class = sum(sum(table[f] for f in files) / len(files) for files in self.files.values()) / len(self.files)
        return np.asarray((1 - share) * evenly + share * by_class)
