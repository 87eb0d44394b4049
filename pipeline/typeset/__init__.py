"""Chinese line layout for WeasyPrint: what the printed book's lines are made of. Knows nothing of books.

WeasyPrint breaks and draws lines through Pango, which neither justifies Chinese nor squeezes its marks. Inside
`typesetting()` our own layout stands in the place of a few of its functions; outside, WeasyPrint is untouched. Since
those functions are its own affair, the layout is used with exactly the version it was proved on (`PROVED_ON`), and
each thing it relies on has a contract test. With any other version the stock layout is used and says so.

    characters.py  what each character does to a line (CLREQ, GB/T 15834)
    paragraph.py   units into lines; pure
    shaping.py     tokens into glyphs, once for each face
    boxes.py       lines as WeasyPrint's boxes
    blocks.py      a plain paragraph's lines as one box a page
    drawing.py     lines into the PDF
    wide_font.py   gaps that are not read as spaces
    footnotes.py   notes on the page of their mark
    speed.py       what WeasyPrint does again and again, done once
"""

from collections.abc import Iterator
from contextlib import contextmanager

import weasyprint

from pipeline.typeset import blocks, boxes, drawing, speed, tags

PROVED_ON = "70.0"


def is_proved() -> bool:
    """Whether this is the WeasyPrint that the layout was proved on."""
    return bool(weasyprint.__version__ == PROVED_ON)


@contextmanager
def typesetting() -> Iterator[bool]:
    """Within the block, WeasyPrint sets Chinese lines our way; yields whether it does.

    Not for threads: the functions are replaced for the whole process.
    """
    if not is_proved():
        yield False
        return
    replaced = (*boxes.REPLACED, *drawing.REPLACED, *blocks.replaced(), *speed.replaced(), *tags.REPLACED)
    before = [getattr(module, name) for module, name, _ in replaced]
    for module, name, ours in replaced:
        setattr(module, name, ours)
    try:
        yield True
    finally:
        for (module, name, _), stock in zip(replaced, before, strict=True):
            setattr(module, name, stock)
