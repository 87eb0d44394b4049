"""The files of an edition that come from one layout: to read, and for the press.

Laying out is nearly all of the work, so it is done once: the print file is made from the reading file's pages. Files of
one edition are made one after the other in one worker, which keeps the last reading file for the next of them.
"""

from datetime import datetime

from pipeline.book import Edition
from pipeline.config import Settings
from pipeline.render import pdf, print_file
from pipeline.render.artifact import Artifact
from pipeline.render.stamp import moment
from pipeline.style import Style

_PDF = "application/pdf"


class _Last:
    """The reading file that was laid out last, and what it was laid out from."""

    made_from: tuple[Edition, Style, Settings, datetime] | None = None
    reading: Artifact


def render(edition: Edition, style: Style, settings: Settings, form: str) -> Artifact:
    """The file in that format ("pdf", "print"). Raises SettingsError as its makers do."""
    reading = _laid_out(edition, style, settings)
    if form == "pdf":
        return reading
    data = print_file.render(reading.data, edition, style.press)
    return Artifact(f"{edition.stem}.{edition.name}.print.pdf", data, _PDF)


def _laid_out(edition: Edition, style: Style, settings: Settings) -> Artifact:
    wanted = (edition, style, settings, moment())
    if _Last.made_from != wanted:
        _Last.made_from = None
        _Last.reading = pdf.render(edition, style, settings)
        _Last.made_from = wanted
    return _Last.reading
