"""The cover: the publisher's picture, or one set from the title in the manner of a 题签, the pasted title slip."""

from pipeline.book import Metadata
from pipeline.config import Cover
from pipeline.render.html import legal
from pipeline.style import Style


def cover_image(data: Metadata, lines: tuple[str, ...], given: Cover | None, lang: str, style: Style) -> Cover:
    """The picture for the shelf: the publisher's own untouched, or ours."""
    if given is not None:
        return given
    size = min(150, 1000 // max(map(len, lines), default=1))
    svg = style.render("cover.svg.j2", lang=lang, lines=[legal(line) for line in lines], data=data, size=size)
    return Cover("cover.svg", svg.encode(), "image/svg+xml")
