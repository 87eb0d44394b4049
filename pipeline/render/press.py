"""The files of an edition that come from one layout: to read, for the press, and the cover around it.

Laying out is nearly all of the work, so it is done once: the print file is made from the reading file's pages, and the
spine of the cover is as thick as they are many. Files of
one edition are made one after the other in one worker, which keeps the last reading file for the next of them.
"""

from datetime import datetime
from io import BytesIO

import pikepdf

from pipeline.book import Edition
from pipeline.config import Settings
from pipeline.render import cover_sheet, pdf, print_file
from pipeline.render.artifact import Artifact
from pipeline.render.stamp import moment
from pipeline.style import Style

_PDF = "application/pdf"


class _Last:
    """The reading file that was laid out last, and what it was laid out from."""

    made_from: tuple[Edition, Style, Settings, datetime] | None = None
    reading: Artifact


def render(edition: Edition, style: Style, settings: Settings, form: str) -> Artifact:
    """The file in that format ("pdf", "print", "cover"). Raises SettingsError as its makers do."""
    reading = _laid_out(edition, style, settings)
    if form == "pdf":
        return reading
    if form == "cover":
        with pikepdf.open(BytesIO(reading.data)) as laid_out:
            return cover_sheet.render(edition, style, settings, len(laid_out.pages))
    data = print_file.render(reading.data, edition, print_file.inks(style, settings))
    return Artifact(f"{edition.stem}.{edition.name}.print.pdf", data, _PDF)


def _laid_out(edition: Edition, style: Style, settings: Settings) -> Artifact:
    wanted = (edition, style, settings, moment())
    if _Last.made_from != wanted:
        _Last.made_from = None
        _Last.reading = pdf.render(edition, style, settings)
        _Last.made_from = wanted
    return _Last.reading
