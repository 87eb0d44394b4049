"""Plain text into another script, line by line: what `python -m pipeline convert` does."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from pipeline import source as sources
from pipeline.config import ConvertSettings
from pipeline.conversion import quotes
from pipeline.conversion.converter import STEPS
from pipeline.conversion.region import region
from pipeline.conversion.translator import Translator, translator
from pipeline.errors import SettingsError
from pipeline.structure import script

SCRIPTS = tuple(dict.fromkeys(name for name, _ in STEPS))


@dataclass(frozen=True, slots=True)
class Place:
    """`before` at a line and column (from 0) became `after`; `why` says by which knowledge, in Chinese."""

    line: int
    column: int
    before: str
    after: str
    why: str


@dataclass(frozen=True, slots=True)
class Said:
    """A converted text, and each place where more than OpenCC decided."""

    text: str
    places: tuple[Place, ...]


def raw(file: Path, standard_input: BinaryIO) -> sources.Raw:
    """The bytes of a text file, or of standard input for "-". Raises SourceError where it cannot be read."""
    if str(file) == "-":
        return sources.Raw("-", (sources.RawFile("-", standard_input.read()),))
    try:
        return sources.Raw(file.stem, (sources.RawFile(str(file), file.read_bytes()),))
    except OSError as error:
        raise sources.unreadable(file, error) from error


def convert(given: sources.Raw, target: str, *, source: str = "", vocabulary: bool = False) -> Said:
    """The text in the script `target`, each line a paragraph. Raises SettingsError for an unknown script."""
    for asked in (target, source):
        if asked and asked not in SCRIPTS:
            raise SettingsError(f"没有 {asked!r} 这种字形", remedy=f"可用：{'、'.join(SCRIPTS)}")
    read = sources.read(given)
    lines = read.lines
    found = source or ("hans" if script.lang(lines) == "zh-Hans" else region(lines))
    ours = translator(found, target, settings=ConvertSettings(vocabulary=vocabulary))
    marks = quotes.to_corners if found == "hans" else quotes.to_curly if target == "hans" else str
    text = "".join(marks(ours.text(line)) + end for line, end in zip(lines, read.ends, strict=True))
    return Said(text, tuple(place for number, line in enumerate(lines) for place in _places(number, line, ours)))


def _places(number: int, line: str, ours: Translator) -> Iterator[Place]:
    for start, end, after, why in ours.known(line):
        yield Place(number, start, line[start:end], after, why)
