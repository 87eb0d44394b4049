"""The cover as a print file: back, spine and front on one flat sheet, with bleed, crop and fold marks (PDF/X-4).

The spine is as thick as the book: a leaf for every two pages, each as thick as the publisher's paper. The front is the
publisher's own picture, or one drawn from the title; the barcode stands there only where the publisher gives this
edition an ISBN of its own, for the print book's is another book's. How it looks is styles/cover.css and
styles/templates/pdf-cover.html.j2. Lengths are in millimetres, from the left and upper trim of the sheet.
"""

import math
import re
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageStat

from pipeline.book import Edition
from pipeline.config import Cover, Settings
from pipeline.errors import SettingsError
from pipeline.notice import Notice, Severity
from pipeline.render import barcode, pdf, print_file, trim
from pipeline.render.artifact import Artifact
from pipeline.render.cover import palette
from pipeline.render.stamp import moment
from pipeline.render.title import break_title, running_text
from pipeline.style import Style

_THIN = 5.0  # a spine thinner than this carries no words: they would run over its edges
_COARSE = 200  # dots to the inch, under which a picture shows its pixels
_EDGE = 0.04  # of a picture's width: the strip at its spine that gives the rest of the cover its colour
_LIGHT = 140  # of 255: on a ground as light as this words are black
_LONGEST, _MANY = 7, 3  # characters of the title on a line, and lines of it, before it is set smaller
_TOP, _SEA = 0.165, 0.665  # of the height: where the title begins, and where all that stands under it has to end
_LEADING, _TAIL = 1.28, 0.6  # from line to line of the title; how much smaller its tail is
_SMALL = 0.036  # of the width: letters of subtitle and creators
# What is set smaller at a title's end: （2013年版）, or what a colon or a dash introduces.
_ENDING = re.compile(r"(?s)(.+?)(（[^（）]+）|(?<=[：:])[^：:]{2,}|(?:——|—)[^—\d].+)")
# What stands upright in a line turns with it (GB/T 15834 § 5.2.2; Unicode vertical forms).
_UPRIGHT = str.maketrans(
    "，。、：；！？（）《》〈〉「」『』【】〔〕—…“”‘’·-", "︐︒︑︓︔︕︖︵︶︽︾︿﹀﹁﹂﹃﹄︻︼︹︺︱︙﹃﹄﹁﹂·︱"
)
_WESTERN = re.compile(r"[!-~\u00c0-\u024f][!-~\u00c0-\u024f ]*")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A flat cover: the trimmed page, and the spine between back and front."""

    width: float
    height: float
    spine: float

    @property
    def whole(self) -> float:
        return 2 * self.width + self.spine

    @property
    def folds(self) -> print_file.Folds:
        points = (self.width, self.width + self.spine)
        return print_file.Folds(tuple(at * trim.POINTS_PER_MM for at in points))


@dataclass(frozen=True, slots=True)
class Title:
    """The title on the front: its lines, and those of its tail, which are set smaller; its size in millimetres."""

    lines: tuple[str, ...]
    tail: tuple[str, ...]
    size: float


@dataclass(frozen=True, slots=True)
class Piece:
    """Words down the spine: one character that stands upright, or a Western word that lies on its side."""

    words: str
    lies: bool
    length: float  # in ems


def spine_width(pages: int, paper: float) -> float:
    """How thick so many pages are, in tenths of a millimetre."""
    return round(math.ceil(pages / 2) * paper, 1)


def render(edition: Edition, style: Style, settings: Settings, pages: int) -> Artifact:
    """`<stem>.<edition>.cover.pdf` around a book of so many pages."""
    width, height = trim.size_of(settings.print.trim, edition.book.metadata)
    sheet = Sheet(width, height, spine_width(pages, settings.print.paper))
    notices = list(_coarse(settings.cover, sheet))
    made, told = pdf.sheet(_markup(edition, style, settings, sheet), (style.sheets["cover.css"],), _pictures(settings))
    data = print_file.render(made, edition, print_file.inks(style, settings), sheet.folds)
    name = f"{edition.stem}.{edition.name}.cover.pdf"
    return Artifact(name, data, "application/pdf", (*notices, *told))


def _pictures(settings: Settings) -> dict[str, tuple[bytes, str]]:
    return {"front": (settings.cover.data, settings.cover.media_type)} if settings.cover else {}


def _markup(edition: Edition, style: Style, settings: Settings, sheet: Sheet) -> str:
    data = edition.book.metadata
    title = data.title or edition.stem
    words = running_text(edition.book)
    subtitle = tuple(line.strip() for line in break_title(data.subtitle, words, 18))
    isbn = settings.print.isbn.of(edition.name)
    return style.render(
        "pdf-cover.html.j2",
        lang=edition.lang,
        title=title,
        moment=moment().strftime("%Y-%m-%dT%H:%M:%SZ"),
        front=_title(title, words, sheet, _below(len(subtitle), len(data.creators[:4]), sheet)),
        subtitle=subtitle,
        small=round(sheet.width * _SMALL, 2),
        data=data,
        sheet=sheet,
        scheme=palette(title),
        ground=_ground_of(settings.cover),
        description=settings.book.description.split("\n") if settings.book.description else (),
        barcode=barcode.of_isbn(isbn) if isbn else None,
        module=barcode.MODULE,
        price=settings.print.price,
        has_words=sheet.spine >= _THIN,
        spine_title=pieces(title),
        spine_creators=pieces("　".join(creator.name for creator in data.creators[:2])),
        spine_publisher=pieces(data.publisher),
        spine_size=_spine_size(title, sheet),
    )


# ---------------------------------------------------------------- front


def _title(title: str, words: str, sheet: Sheet, below: float) -> Title:
    """As large as its longest line allows within the margins, and all that stands `below` it above the sea."""
    found = _ENDING.fullmatch(title)
    head, tail = (found[1].rstrip("：:"), found[2]) if found else (title, "")
    lines, tails = _lines(head, words), _lines(tail.strip("—"), words, _LONGEST + 4)
    widest = max((*map(_ems, lines), *(_ems(line) * _TAIL for line in tails)), default=1)
    across = sheet.width * 0.8 / max(widest, 1)
    down = (sheet.height * (_SEA - _TOP) - below) / (_LEADING * (len(lines) + _TAIL * len(tails)))
    return Title(lines, tails, round(min(sheet.width * 0.142, across, down), 2))


def _lines(title: str, words: str, longest: int = _LONGEST) -> tuple[str, ...]:
    """Lines of nearly the same length, cut between words."""
    lines = break_title(title, words, longest)
    if len(lines) > _MANY:
        lines = break_title(title, words, -(-len(title) // _MANY))
    return tuple(line.strip() for line in lines)


def _below(subtitles: int, creators: int, sheet: Sheet) -> float:
    """How far down subtitle and creators reach, as cover.css sets them."""
    lines = (1.1 + 1.6 * subtitles if subtitles else 0) + (2.2 + 1.75 * creators if creators else 0)
    return sheet.width * _SMALL * lines


def _ems(words: str) -> float:
    """About how wide words are in their own size."""
    return sum(1 if not char.isascii() else 0.74 if char.isupper() else 0.58 for char in words)


@dataclass(frozen=True, slots=True)
class Ground:
    """The colour of back and spine beside a publisher's own picture: red, green and blue to 255; and whether light."""

    red: int
    green: int
    blue: int
    light: bool


def _ground_of(cover: Cover | None) -> Ground | None:
    """The colour at the picture's left edge, which meets the spine; None where the front is ours."""
    if cover is None:
        return None
    with _opened(cover) as picture:
        strip = picture.convert("RGB").crop((0, 0, max(1, round(picture.width * _EDGE)), picture.height))
    red, green, blue = (round(value) for value in ImageStat.Stat(strip).mean)
    return Ground(red, green, blue, 0.299 * red + 0.587 * green + 0.114 * blue >= _LIGHT)


def _opened(cover: Cover) -> Image.Image:
    """The publisher's picture, whole. Raises SettingsError for one that is damaged, or so large that it is no cover."""
    try:
        picture = Image.open(BytesIO(cover.data))
        picture.load()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise SettingsError(
            f"封面图 {cover.name} 读不了：{error}", remedy="图坏了或太大；请重新导出为 JPEG", where="[cover] cover"
        ) from error
    return picture


def _coarse(cover: Cover | None, sheet: Sheet) -> list[Notice]:
    """A picture with too few pixels for the press is told; it is printed all the same."""
    if cover is None:
        return []
    bleed = print_file.BLEED / trim.POINTS_PER_MM
    with _opened(cover) as picture:
        across = picture.width / (sheet.width + bleed) * 25.4
        down = picture.height / (sheet.height + 2 * bleed) * 25.4
    dots = int(min(across, down))
    if dots >= _COARSE:
        return []
    needed = [round(300 * side / 25.4) for side in (sheet.width + bleed, sheet.height + 2 * bleed)]
    why = f"封面图印出来只有每英寸 {dots} 点，会显粗糙；最好有 {needed[0]} × {needed[1]} 像素"
    return [Notice("cover-coarse", why, severity=Severity.WARNING)]


# ---------------------------------------------------------------- spine


def pieces(words: str) -> tuple[Piece, ...]:
    """Words as they stand down a spine: Han upright, marks in their vertical forms, Western words on their side."""
    found: list[Piece] = []
    at = 0
    while at < len(words):
        western = _WESTERN.match(words, at)
        if western and (len(western[0].strip()) > 1 or not western[0].strip().isdigit()):
            run = western[0].strip()
            found.append(Piece(run, lies=True, length=round(_ems(run), 2)))
            at = western.end()
            continue
        char = words[at]
        if char.strip():
            found.append(Piece(char.translate(_UPRIGHT), lies=False, length=1))
        elif found:
            found.append(Piece("\u3000", lies=False, length=0.6))
        at += 1
    return tuple(found)


def _spine_size(title: str, sheet: Sheet) -> float:
    """Letters of the title down the spine: three fifths of its width, at most 7 mm, the title in half its height."""
    length = sum(piece.length for piece in pieces(title)) * 1.12
    return round(min(sheet.spine * 0.6, 7, sheet.height * 0.5 / max(length, 1)), 2)
