"""Fonts that travel with an e-book: cut down to the characters it uses, and checked glyph by glyph.

Off by default: readers have good fonts of their own, and Kindle prefers them. A publisher asks for it in the .toml
where a book has characters that devices lack, or a face that must hold. The fonts are Noto CJK (SIL Open Font
License), as fontconfig finds them; a font whose licence bits forbid embedding is left alone.
"""

import re
import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import uharfbuzz as hb
from lxml import etree

from pipeline.notice import Notice, Severity

FAMILY = "Press Serif"  # what styles/fonts.css calls the two cuts
LARGEST = 1_500_000  # bytes of all fonts of a book; more is noticed
_HARFBUZZ: Any = hb  # it speaks no types
_BOLD = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "strong", "th", "caption", "nav"})
_SELECTOR = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_VARIANT = re.compile(f".{_SELECTOR.pattern}")
_UNSEEN = frozenset("\n\r\t\u200b\u2060\ufeff")
# What a Chinese line needs of OpenType; `locl` is left out, since the face is already that of the book's region.
_FEATURES = (
    "ccmp",
    "kern",
    "liga",
    "mark",
    "mkmk",
    "vert",
    "vrt2",
    "vkrn",
    "palt",
    "vpal",
    "halt",
    "vhal",
    "chws",
    "vchw",
)
_FORBIDDEN = 0x0002  # OS/2 fsType: restricted licence embedding


@dataclass(frozen=True, slots=True)
class Font:
    """A finished font file, named as styles/fonts.css asks for it."""

    name: str
    data: bytes


def book_fonts(pages: Iterable[bytes], lang: str) -> tuple[tuple[Font, ...], tuple[Notice, ...]]:
    """The fonts for these XHTML documents, and what could not be done.

    Characters that the font lacks are noticed one by one; a reading system shows them in a font of its own.
    """
    regular, bold = _characters(pages)
    family = f"Noto Serif CJK {_region(lang)}"
    made: list[Font] = []
    notices: list[Notice] = []
    for cut, characters in (("regular", regular), ("bold", bold)):
        face = _face(family, cut)
        if face is None:
            why = f"没有找到可嵌入的字体 {family}（{cut}），电子书改用阅读器自带的字体；可装 fonts-noto-cjk"
            return (), (Notice("font-not-found", why, severity=Severity.WARNING),)
        data, missing = _subset(face, characters)
        made.append(Font(f"{cut}.otf", data))
        if missing and cut == "regular":
            listed = " ".join(f"{character}（{_code(character)}）" for character in missing[:20])
            why = f"嵌入字体缺 {len(missing)} 个字，由阅读器的字体代替：{listed}"
            notices.append(Notice("glyph-missing", why, severity=Severity.WARNING))
    size = sum(len(font.data) for font in made)
    if size > LARGEST:
        notices.append(Notice("fonts-large", f"嵌入字体共 {size / 1e6:.1f} MB，超过 {LARGEST / 1e6:.1f} MB"))
    return tuple(made), tuple(notices)


def _code(character: str) -> str:
    return " ".join(f"U+{ord(point):04X}" for point in character)


def _region(lang: str) -> str:
    if lang.lower().startswith(("zh-hant-hk", "zh-hk", "zh-hant-mo")):
        return "HK"
    return "TC" if lang.lower().startswith(("zh-hant", "zh-tw")) else "SC"


def _characters(pages: Iterable[bytes]) -> tuple[frozenset[str], frozenset[str]]:
    """What the pages show, in all and in bold; a character with a variation selector is one of two code points."""
    everything: set[str] = set("＊　•0123456789.")  # separators, bullets and numbers of lists come from the stylesheet
    bold: set[str] = set()
    for page in pages:
        for element in etree.fromstring(page).iter(f"{{{_XHTML}}}body"):
            for words in map(str, element.itertext()):
                everything.update(words, _VARIANT.findall(words))
            for inner in element.iter():
                if etree.QName(inner).localname in _BOLD:
                    bold.update(*map(str, inner.itertext()))
    unseen = _UNSEEN | {character for character in everything if _SELECTOR.fullmatch(character)}
    return frozenset(everything - unseen), frozenset(bold - unseen)


_XHTML = "http://www.w3.org/1999/xhtml"


def _face(family: str, cut: str) -> Any:
    """The face of that family and weight, or None: no fontconfig, no such family, or a licence that forbids it."""
    if shutil.which("fc-match") is None:
        return None
    asked = ["fc-match", "-f", "%{family}\t%{index}\t%{file}", f"{family}:style={cut.capitalize()}"]
    told = subprocess.run(asked, capture_output=True, text=True, check=False).stdout
    found, _, place = told.partition("\t")
    index, _, path = place.partition("\t")
    if family not in found.split(",") or not path:
        return None
    face = _HARFBUZZ.Face(_HARFBUZZ.Blob.from_file_path(path), int(index))
    rights = face.reference_table("OS/2").data[8:10]
    return None if int.from_bytes(rights, "big") & 0x000F == _FORBIDDEN else face


def _subset(face: Any, characters: frozenset[str]) -> tuple[bytes, tuple[str, ...]]:
    """The font with these characters and no others, and those it does not have."""
    font = _HARFBUZZ.Font(face)
    missing = tuple(character for character in sorted(characters) if not _glyph(font, character))
    order = _HARFBUZZ.SubsetInput()
    order.unicode_set.update(ord(point) for character in characters for point in character)
    order.layout_feature_tag_set.clear()
    order.layout_feature_tag_set.update(int.from_bytes(tag.encode(), "big") for tag in _FEATURES)
    order.flags = _HARFBUZZ.SubsetFlags.NO_HINTING
    return bytes(_HARFBUZZ.subset(face, order).blob.data), missing


def _glyph(font: Any, character: str) -> bool:
    points = [ord(point) for point in character]
    if len(points) > 1:
        return bool(font.get_variation_glyph(*points))
    return bool(font.get_nominal_glyph(*points))
