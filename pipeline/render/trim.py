"""The page of a printed book: trim sizes by their trade names, and the type area that stands on them.

The type area is a whole number of characters wide and a whole number of lines high (CLREQ § 2.2.3: 版心 is set out in
characters and lines, and the margins are what is left). Lengths are in points of 1/72 inch unless a name says mm.
"""

import re
from dataclasses import dataclass

from pipeline.book import Metadata
from pipeline.errors import SettingsError

POINTS_PER_MM = 72 / 25.4

# Trimmed pages in millimetres, as GB/T 788 and the trade name them.
TRIMS: dict[str, tuple[float, float]] = {
    "16开": (170, 240),  # the sheet decides, see _SHEETS
    "正16开": (185, 260),  # 787 × 1092 1/16
    "小16开": (170, 240),  # 710 × 1000 1/16
    "大16开": (210, 285),  # 889 × 1194 1/16
    "大32开": (140, 203),  # 850 × 1168 1/32
    "32开": (130, 184),  # 787 × 1092 1/32
    "A5": (148, 210),
    "B5": (176, 250),
}
_SHEETS = {"787": "正16开", "710": "小16开", "889": "大16开"}  # first side of the sheet, as a copyright page prints it
_OWN_SIZE = re.compile(r"(\d{2,3}(?:\.\d+)?)\s*[x×X*]\s*(\d{2,3}(?:\.\d+)?)(?:\s*(?:mm|毫米))?")
_NARROWEST, _WIDEST = 70, 500  # millimetres; what a press would trim to


@dataclass(frozen=True, slots=True)
class Body:
    """How a house style sets its text: size of a character, line feed, and how much of the page it fills (0 to 1)."""

    size: float
    line: float
    fill_width: float
    fill_height: float


@dataclass(frozen=True, slots=True)
class TypeArea:
    """A page and its type area: `columns` characters by `rows` lines, margins around it."""

    width_mm: float
    height_mm: float
    body: Body
    columns: int
    rows: int

    @property
    def measure(self) -> float:
        return self.columns * self.body.size

    @property
    def depth(self) -> float:
        return self.rows * self.body.line

    @property
    def inside(self) -> float:
        """The binding takes a little of what the eye sees: 53 parts inside, 47 outside."""
        return (self.width_mm * POINTS_PER_MM - self.measure) * 0.53

    @property
    def outside(self) -> float:
        return self.width_mm * POINTS_PER_MM - self.measure - self.inside

    @property
    def head(self) -> float:
        """天头 48 parts, 地脚 52: the running head needs less than the folio and the thumb."""
        return (self.height_mm * POINTS_PER_MM - self.depth) * 0.48

    @property
    def foot(self) -> float:
        return self.height_mm * POINTS_PER_MM - self.depth - self.head


def size_of(name: str, metadata: Metadata) -> tuple[float, float]:
    """The trimmed page in millimetres for a name or a size of one's own ("140x203").

    Plain 16开 is two papers: a book that names its sheet (开本 787毫米×1092毫米 1/16)
    gets that one's, others 170 × 240.
    Raises SettingsError for anything else.
    """
    wanted = name.strip()
    if wanted == "16开":
        sheet = re.search(r"\d{3}", metadata.format)
        wanted = _SHEETS.get(sheet[0], wanted) if sheet else wanted
    if wanted in TRIMS:
        return TRIMS[wanted]
    own = _OWN_SIZE.fullmatch(wanted)
    if own is None:
        known = f"可用：{'、'.join(TRIMS)}，或 140x203（毫米）"
        raise SettingsError(f"不认识的开本 {name!r}", where="[print] trim", remedy=known)
    width, height = float(own[1]), float(own[2])
    if not (_NARROWEST <= width <= _WIDEST and _NARROWEST <= height <= _WIDEST):
        raise SettingsError(
            f"开本 {name!r} 太大或太小", where="[print] trim", remedy=f"两边都要在 {_NARROWEST} 到 {_WIDEST} 毫米之间"
        )
    return width, height


def type_area(width_mm: float, height_mm: float, body: Body) -> TypeArea:
    """The largest type area of whole characters and lines within the share of the page that the style fills."""
    columns = int(width_mm * POINTS_PER_MM * body.fill_width / body.size)
    rows = int(height_mm * POINTS_PER_MM * body.fill_height / body.line)
    return TypeArea(width_mm, height_mm, body, max(columns, 8), max(rows, 6))
