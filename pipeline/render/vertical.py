"""A stylesheet written for horizontal lines, turned a quarter for vertical ones (vertical-rl).

The looks of a book are written once, with the names of sides that old readers know (margin-top, not
margin-block-start). In a vertical book what stood above stands to the right: top → right → bottom → left → top, and
width and height change places.
"""

import re

_TURNED = {"top": "right", "right": "bottom", "bottom": "left", "left": "top"}
_SIDE = re.compile(r"(?P<head>^\s*(?:margin|padding|border)-)(?P<side>top|right|bottom|left)\b", re.MULTILINE)
_EDGES = re.compile(r"(?P<head>^\s*(?:margin|padding):\s*)(?P<values>[^;]+);", re.MULTILINE)
_MEASURE = re.compile(r"(?P<head>^\s*(?:min-|max-)?)(?P<measure>width|height):", re.MULTILINE)
_OVERFLOW = re.compile(r"^(?P<head>\s*overflow-)x:", re.MULTILINE)


def turned(sheet: str) -> str:
    """`sheet` with sides and measures turned. It expects one declaration a line and no `calc()` in margins.

    Left alone: text-align (its left is where a line begins, in vertical lines too), colours, sizes, selectors.
    """
    sheet = _SIDE.sub(lambda found: found["head"] + _TURNED[found["side"]], sheet)
    sheet = _EDGES.sub(lambda found: f"{found['head']}{_turned_edges(found['values'].split())};", sheet)
    sheet = _MEASURE.sub(lambda found: found["head"] + ("height:" if found["measure"] == "width" else "width:"), sheet)
    return _OVERFLOW.sub(lambda found: found["head"] + "y:", sheet)


def _turned_edges(values: list[str]) -> str:
    """Top, right, bottom, left of a shorthand as they stand after the turn."""
    top = values[0]
    right = values[1] if len(values) > 1 else top
    bottom = values[2] if len(values) > 2 else top
    left = values[3] if len(values) > 3 else right
    return f"{left} {top} {right} {bottom}"
