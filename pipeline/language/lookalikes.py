"""Characters that look alike in print, and characters that an engine never gives.

Both tables are made by scripts and shipped as text: `lookalikes.txt` by tests/proofread/make_lookalikes.py (which
fonts, says its first line), `tesseract.txt` by tests/proofread/make_tesseract.py.
"""

from collections.abc import Mapping
from pathlib import Path

_HERE = Path(__file__).resolve().parent


def read(path: Path = _HERE / "lookalikes.txt") -> Mapping[str, Mapping[str, float]]:
    """For each character those that look like it, with how much (0 to 1), most alike first."""
    table: dict[str, dict[str, float]] = {}
    for line in path.read_text("utf-8").splitlines():
        char, tab, listed = line.partition("\t")
        if tab:
            table[char] = {listed[at]: int(listed[at + 1 : at + 3]) / 100 for at in range(0, len(listed), 3)}
    return table


def misread(path: Path = _HERE / "tesseract.txt") -> Mapping[str, float]:
    """Characters that Tesseract's model for Simplified Chinese misreads, with how often (1: it lacks them)."""
    lines = path.read_text("utf-8").splitlines()
    listed = "".join(line for line in lines if not line.startswith("#"))
    return {listed[at]: (int(listed[at + 1]) + 1) / 10 for at in range(0, len(listed), 2)}
