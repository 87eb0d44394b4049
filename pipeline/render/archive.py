"""What makes a reading file one to keep: PDF/A-2a (ISO 19005-2) and PDF/UA-1 (ISO 14289-1), both at once.

Both stand on PDF 1.7, and neither forbids what the other asks for. WeasyPrint writes the one or the other; here what
the archive asks for is added to its PDF/UA: metadata that claims both, the meaning of colours, annotations that print.
Fonts become the plain CFF that every reader of PDF 1.3 and later knows, in place of OpenType around it.
"""

from typing import Any

import pydyf  # type: ignore[import-untyped]

from pipeline.book import Edition
from pipeline.render import xmp
from pipeline.style import Profile

VARIANT = "pdf/ua-1"  # of WeasyPrint's
_PRINT = 4  # an annotation's flag (ISO 32000-1 table 165)
_OPENTYPE, _TABLE = b"OTTO", b"CFF "


def finish(pdf: Any, edition: Edition, text_starts: int, screen: Profile, *, proved: bool) -> None:
    """The last hand on a PDF of WeasyPrint's before it is written. `text_starts`: the page that is numbered 1;
    `proved`: whether the tags are ours. WeasyPrint's own stay in the file, but nothing is claimed of them.
    """
    _write_page_labels(pdf, text_starts)
    title = edition.book.metadata.title or edition.stem
    pdf.info["Title"] = pydyf.String(title)
    packet = xmp.packet(
        edition, title, xmp.Claims(xmp.READING if proved else xmp.UNTAGGED, pdf.info["Producer"].string)
    )
    at = int(pdf.catalog["Metadata"].split()[0])
    pdf.objects[at].stream = [packet]
    pdf.objects[at].compress = False
    _say_what_colours_mean(pdf, screen)
    for made in pdf.objects:
        if isinstance(made, pydyf.Stream) and made.extra.get("Subtype") == "/OpenType":
            _unwrap(made)
        elif isinstance(made, dict) and made.get("Type") == "/Annot":
            made["F"] = _PRINT


def _say_what_colours_mean(pdf: Any, screen: Profile) -> None:
    """Output intent: sRGB (ISO 19005-2 § 6.2.3)."""
    embedded = pydyf.Stream([screen.data], {"N": 3}, compress=True)
    pdf.add_object(embedded)
    words = {"OutputConditionIdentifier": "sRGB", "Info": "sRGB IEC61966-2.1"}
    intent = {"Type": "/OutputIntent", "S": "/GTS_PDFA1", "DestOutputProfile": embedded.reference}
    said = {key: pydyf.String(value) for key, value in words.items()}
    pdf.catalog["OutputIntents"] = pydyf.Array([pydyf.Dictionary({**intent, **said})])


def _write_page_labels(pdf: Any, start: int) -> None:
    """So that a reader's page box says what the page says (ISO 32000-1 § 12.4.2)."""
    roman = pydyf.Dictionary({"S": "/r"})
    arabic = pydyf.Dictionary({"S": "/D"})
    ranges = pydyf.Array([0, roman, start, arabic]) if start else pydyf.Array([0, arabic])
    pdf.catalog["PageLabels"] = pydyf.Dictionary({"Nums": ranges})


def _unwrap(stream: Any) -> None:
    """The CFF table of an OpenType font, as a font program of its own (ISO 32000-1 table 126, CIDFontType0C)."""
    font: bytes = stream.stream[0]
    for record in range(12, 12 + 16 * int.from_bytes(font[4:6], "big"), 16):
        if font[:4] == _OPENTYPE and font[record : record + 4] == _TABLE:
            start, length = (int.from_bytes(font[at : at + 4], "big") for at in (record + 8, record + 12))
            table = font[start : start + length]
            if _is_cid_keyed(table):
                stream.stream, stream.extra["Subtype"] = [table], "/CIDFontType0C"
            return


def _is_cid_keyed(table: bytes) -> bool:
    """Whether a CFF's first top DICT names a character collection (ROS, 12 30), as CJK fonts do (TN 5176 § 18)."""
    names = _index_end(table, table[2])
    count, size = int.from_bytes(table[names : names + 2], "big"), table[names + 2]
    offsets = names + 3
    length = int.from_bytes(table[offsets + size : offsets + 2 * size], "big") - 1
    first = offsets + size * (count + 1)
    return b"\x0c\x1e" in table[first : first + length]


def _index_end(table: bytes, at: int) -> int:
    """Where the INDEX that begins at `at` ends (TN 5176 § 5)."""
    count = int.from_bytes(table[at : at + 2], "big")
    if not count:
        return at + 2
    size = table[at + 2]
    last = at + 3 + size * count
    return last + size - 1 + int.from_bytes(table[last : last + size], "big")
