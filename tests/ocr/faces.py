"""The types on hand, by short names, and how wide they run. Debian: fonts-noto-cjk, fonts-arphic-*."""

from functools import cache
from pathlib import Path

from fontTools.ttLib import TTCollection, TTFont
from PIL import ImageFont

FONTS = Path("/usr/share/fonts")
NOTO = FONTS / "opentype/noto"
ARPHIC = FONTS / "truetype"
# A collection's number picks the regional forms: 2 Simplified, 3 Traditional (Taiwan).
FILES: dict[str, tuple[Path, int]] = {
    "song-sc": (NOTO / "NotoSerifCJK-Regular.ttc", 2),
    "song-tc": (NOTO / "NotoSerifCJK-Regular.ttc", 3),
    "bold-sc": (NOTO / "NotoSerifCJK-Bold.ttc", 2),
    "bold-tc": (NOTO / "NotoSerifCJK-Bold.ttc", 3),
    "hei-sc": (NOTO / "NotoSansCJK-Regular.ttc", 2),
    "hei-tc": (NOTO / "NotoSansCJK-Regular.ttc", 3),
    "baosong-sc": (ARPHIC / "arphic-gbsn00lp/gbsn00lp.ttf", 0),
    "kai-sc": (ARPHIC / "arphic-gkai00mp/gkai00mp.ttf", 0),
    "ming-tc": (ARPHIC / "arphic/uming.ttc", 1),
}
SPARE = {"sc": "song-sc", "tc": "song-tc"}


class Face:
    """One type in all its sizes. A character that it lacks is taken from the spare of its region."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.path, self.number = FILES[name]
        self._fonts: dict[int, ImageFont.FreeTypeFont] = {}
        font = TTCollection(self.path).fonts[self.number] if self.path.suffix == ".ttc" else TTFont(self.path)
        self._has = frozenset(font.getBestCmap())
        self._widths: dict[str, float] = {}

    @staticmethod
    @cache
    def of(name: str) -> "Face":
        return Face(name)

    def font(self, char: str, size: int) -> ImageFont.FreeTypeFont:
        """The font that can draw `char`."""
        spare = SPARE[self.name.rsplit("-", 1)[1]]
        if ord(char) not in self._has and self.name != spare:
            return Face.of(spare).font(char, size)
        if size not in self._fonts:
            self._fonts[size] = ImageFont.truetype(str(self.path), size, index=self.number)
        return self._fonts[size]

    def advance(self, char: str, size: int) -> float:
        if char not in self._widths:
            wide = ord(char) >= 0x2E80 or char in "“”‘’—…·①②③④⑤⑥⑦⑧⑨⑩"
            self._widths[char] = 1.0 if wide else self.font(char, 200).getlength(char) / 200
        return self._widths[char] * size
