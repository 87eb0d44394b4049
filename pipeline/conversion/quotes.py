"""Quotation marks of the other script: “”‘’ are 「」『』 in Traditional Chinese, by depth (CLREQ § 3.1.7).

The Mainland sets “outer ‘inner’” (GB/T 15834), Taiwan and Hong Kong 「outer『inner』」. A mark's depth is found by
pairing within one paragraph: a paragraph that opens a quotation without closing it (each paragraph of a long speech
opens anew) starts again at the outside. Left alone: an apostrophe inside a Latin word, straight marks.
"""

import re

_CORNER = "「」『』"
_OPENERS = {"“": "”", "‘": "’", "「": "」", "『": "』"}
_CLOSERS = {closer: opener for opener, closer in _OPENERS.items()}
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
_CURLY_MARK = re.compile(r"(?<![A-Za-z\u00c0-\u024f])’|’(?![A-Za-z\u00c0-\u024f])|[“”‘]")
_CORNER_MARK = re.compile(f"[{_CORNER}]")


def to_corners(text: str) -> str:
    """A paragraph with 「」『』 for its “”‘’; the text keeps its length.

    >>> to_corners("他说：“读‘礼运’篇。”")
    '他说：「读『礼运』篇。」'
    """
    return _by_depth(text, _CURLY_MARK, "「」", "『』")


def to_curly(text: str) -> str:
    """A paragraph with “”‘’ for its 「」『』; the text keeps its length."""
    return _by_depth(text, _CORNER_MARK, "“”", "‘’")


def _by_depth(text: str, marks: re.Pattern[str], outer: str, inner: str) -> str:
    """`text` with each mark that `marks` finds in the shape of its depth; one without a partner keeps its own rank."""
    found = [match.start() for match in marks.finditer(text)]
    if not found:
        return text
    out = list(text)
    depth = _depths(text, found)
    for at in depth:
        shapes = outer if depth[at] % 2 == 0 else inner
        out[at] = shapes[text[at] in _CLOSERS]
    return "".join(out)


def _depths(text: str, places: list[int]) -> dict[int, int]:
    """How deep each mark stands: marks pair with the nearest open one of their shape; one left alone counts by it."""
    depth: dict[int, int] = {}
    open_marks: list[int] = []
    for at in places:
        mark = text[at]
        if mark in _OPENERS:
            depth[at] = len(open_marks)
            open_marks.append(at)
            continue
        partner = next((k for k in range(len(open_marks) - 1, -1, -1) if text[open_marks[k]] == _CLOSERS[mark]), None)
        if partner is None:
            if not _ends_latin_word(text, at):  # else the workers’ own apostrophe
                depth[at] = _rank(mark)
        else:
            depth[at] = depth[open_marks[partner]]
            del open_marks[partner:]
    if open_marks:  # opened and never closed: what stands inside counts from the outside, by the marks' own shapes
        first = open_marks[0]
        depth |= {at: _rank(text[at]) for at in depth if at >= first}
    return depth


def _ends_latin_word(text: str, at: int) -> bool:
    return text[at] == "’" and at > 0 and bool(_LATIN.match(text[at - 1]))


def _rank(mark: str) -> int:
    return int(mark in "‘’『』")
