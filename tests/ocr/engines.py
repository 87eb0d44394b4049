"""Read a page with a real engine, and put its lines out as that engine's users get them.

Tesseract gives hard-wrapped lines; RapidOCR gives boxes, which are merged here to paragraphs within a page, as the
programs built on it do. Both are optional: they are called only by `make.py`.
"""

import importlib
import io
import itertools
import os
import statistics
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tests.ocr.degrade import Picture


@dataclass(frozen=True, slots=True)
class Row:
    """One line as read, with its place on the page in pixels."""

    text: str
    left: float
    right: float
    top: float
    bottom: float


def tesseract(image: Picture, languages: str) -> str:
    """The page as `tesseract` prints it."""
    held = io.BytesIO()
    image.save(held, "PNG")
    ran = subprocess.run(
        ["nice", "-n", "10", "tesseract", "-", "-", "-l", languages],
        input=held.getvalue(),
        capture_output=True,
        check=True,
        env={**os.environ, "OMP_THREAD_LIMIT": "1"},
    )
    lines = [line.rstrip() for line in ran.stdout.decode("utf-8").replace("\f", "").split("\n")]
    return "\n".join(lines).strip("\n")


@cache
def _reader() -> Any:
    # Pages are upright: the classifier that turns lines round would now and then turn a good one, and lose it.
    chosen = {"EngineConfig.onnxruntime.intra_op_num_threads": 1, "Global.log_level": "error", "Global.use_cls": False}
    return importlib.import_module("rapidocr").RapidOCR(params=chosen)


def rapid_rows(image: Picture, held: Path) -> list[Row]:
    """The page's lines from RapidOCR, top to bottom, boxes of one line joined. `held` is a scratch file."""
    image.convert("RGB").save(held)
    found = _reader()(str(held))
    if not found.txts:
        return []
    boxes = []
    for box, text in zip(found.boxes, found.txts, strict=True):
        xs, ys = [float(point[0]) for point in box], [float(point[1]) for point in box]
        boxes.append(Row(text, min(xs), max(xs), min(ys), max(ys)))
    boxes.sort(key=lambda row: (row.top + row.bottom) / 2)
    lines: list[list[Row]] = []
    for box in boxes:
        middle = (box.top + box.bottom) / 2
        if lines and abs(_middle(lines[-1]) - middle) < (box.bottom - box.top) * 0.5:
            lines[-1].append(box)
        else:
            lines.append([box])
    return [_joined(sorted(line, key=lambda row: row.left)) for line in lines]


def _middle(line: list[Row]) -> float:
    return statistics.mean((row.top + row.bottom) / 2 for row in line)


def _joined(line: list[Row]) -> Row:
    text = line[0].text
    for before, after in itertools.pairwise(line):
        wide = after.left - before.right > (after.bottom - after.top) * 0.7
        text += (" " if wide else "") + after.text
    return Row(text, line[0].left, line[-1].right, min(r.top for r in line), max(r.bottom for r in line))


def merged(rows: list[Row], *, front: bool, left: float, right: float, size: float) -> str:
    """Lines to paragraphs: a new one begins at an indent, after a short line, or after a gap.

    `left` and `right` are the type area's edges and `size` the body type, in pixels of the image. Pages of display
    matter (`front`) keep their lines, with a blank line where the page has a large gap.
    """
    if not rows:
        return ""
    out = rows[0].text
    for before, after in itertools.pairwise(rows):
        gap = after.top - before.bottom
        if front:
            out += ("\n\n" if gap > size * 2 else "\n") + after.text
            continue
        indented = after.left - left > size * 0.9
        short = right - before.right > size * 1.6
        out += ("\n\n" if indented or short or gap > size * 1.1 else "") + after.text
    return out
