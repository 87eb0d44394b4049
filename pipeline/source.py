"""Bytes to lines: decode a seed, split it, and keep what the line ends and page breaks were."""

from dataclasses import dataclass

from pipeline.notice import Notice


@dataclass(frozen=True, slots=True)
class Source:
    """A seed as lines. "".join(line + end) is the decoded text, to the character.

    `ends` holds each line's own end ("\\n", "\\r\\n", "\\r", "\\f" or "" for the last). `page_starts` are the lines
    that open a page where the file itself says so (form feeds, page files, layout formats); empty where it does not.
    """

    name: str
    lines: tuple[str, ...]
    ends: tuple[str, ...]
    encoding: str
    page_starts: tuple[int, ...] = ()
    notices: tuple[Notice, ...] = ()
