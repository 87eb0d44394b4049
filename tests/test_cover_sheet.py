"""The cover for the press: its measures, its barcode, its words, and that it keeps what it claims."""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
import zxingcpp
from PIL import Image

from pipeline import config, style
from pipeline.book import Creator, Edition
from pipeline.config import BookSettings, Cover, IsbnSettings, PrintSettings, Settings
from pipeline.errors import SettingsError
from pipeline.render import barcode, cover_sheet, press
from pipeline.render.artifact import Artifact
from tests import pdf_reader, preflight, specimen

LOOKS = style.load()
MM = 72 / 25.4
ISBN = IsbnSettings(source="978-7-5150-0466-2")
PLAIN = Settings()
FULL = Settings(
    print=PrintSettings(isbn=ISBN, price="48.00元"), book=BookSettings(description="一条河。\n\n两岸的人与水。")
)
EDGE = 11  # of the sheet around the trim, in millimetres
TITLES = [
    "无题",
    "党的群众路线教育实践活动学习读本（2013年版）",
    "社會科學概論：1949—1978",
    "A",
    "GDP与CPI：Statistics for Everyone in the Twenty-First Century",
    "中华人民共和国国民经济和社会发展第十二个五年规划纲要辅导读本学习问答一百题",
    "——",
    "<b>&amp;</b>\u202e",
]


def titled(title: str, **more: object) -> Edition:
    edition = specimen.brief()
    return replace(edition, book=replace(edition.book, metadata=replace(edition.book.metadata, title=title, **more)))  # type: ignore[arg-type]


def picture(width: int, height: int, mode: str = "RGB") -> Cover:
    data = BytesIO()
    colour: object = (230, 220, 200) if mode == "RGB" else 128
    Image.new(mode, (width, height), colour).save(data, "PNG" if mode == "L" else "JPEG")  # type: ignore[arg-type]
    return Cover("cover.jpg", data.getvalue(), "image/png" if mode == "L" else "image/jpeg")


@cache
def plain() -> Artifact:
    return cover_sheet.render(specimen.brief(), LOOKS, PLAIN, 200)


@cache
def full() -> Artifact:
    return cover_sheet.render(specimen.brief(), LOOKS, FULL, 200)


def words_of(artifact: Artifact) -> Iterator[tuple[str, float, float, float, float]]:
    """Each word with its box in millimetres from the left and upper trim."""
    for x0, y0, x1, y1, word, *_ in pdf_reader.opened(artifact.data)[0].get_text("words"):
        yield word, x0 / MM - EDGE, y0 / MM - EDGE, x1 / MM - EDGE, y1 / MM - EDGE


# ---------------------------------------------------------------- measures


@pytest.mark.parametrize(
    ("pages", "paper", "thick"), [(200, 0.108, 10.8), (201, 0.108, 10.9), (71, 0.1, 3.6), (1, 0.1, 0.1)]
)
def test_the_spine_is_as_thick_as_its_leaves(pages: int, paper: float, thick: float) -> None:
    assert cover_sheet.spine_width(pages, paper) == thick


@pytest.mark.parametrize("own", [False, True])
def test_it_keeps_what_it_claims(own: bool) -> None:
    made = cover_sheet.render(specimen.brief(), LOOKS, replace(FULL, cover=picture(2100, 3000)), 200) if own else full()
    assert list(preflight.print_file(made.data, (2 * 170 + 10.8, 240), black_alone=False)) == []
    assert made.notices == ()


@pytest.mark.slow
def test_qpdf_mupdf_and_ghostscript_read_it_without_a_word() -> None:
    assert list(preflight.tools(full().data)) == []


def test_paint_reaches_the_bleed_and_ends_there() -> None:
    page = pdf_reader.opened(plain().data)[0]
    pixels = page.get_pixmap(dpi=150)

    def at(x: float, y: float) -> tuple[int, ...]:
        return tuple(pixels.pixel(round((x + EDGE) / 25.4 * 150), round((y + EDGE) / 25.4 * 150)))

    for x, y in ((-2.5, 50), (50, -2.5), (2 * 170 + 10.8 + 2.5, 50), (50, 242.5), (200, 236), (352, 180)):
        assert max(at(x, y)) < 200, (x, y)
    for x, y in ((-3.5, 50), (50, -3.5), (2 * 170 + 10.8 + 3.5, 180), (50, 243.6)):
        assert min(at(x, y)) > 240, (x, y)


@pytest.mark.slow
def test_the_number_of_pages_is_that_of_the_book() -> None:
    reading = press.render(specimen.brief(), LOOKS, PLAIN, "pdf")
    pages = len(pdf_reader.opened(reading.data))
    made = press.render(specimen.brief(), LOOKS, PLAIN, "cover")
    assert made == cover_sheet.render(specimen.brief(), LOOKS, PLAIN, pages)
    assert made.name == "specimen.source.cover.pdf"


@pytest.mark.slow
def test_same_bytes_twice() -> None:
    assert cover_sheet.render(specimen.brief(), LOOKS, FULL, 200) == full()


# ---------------------------------------------------------------- barcode


def test_a_scanner_reads_the_isbn() -> None:
    pixels = pdf_reader.opened(full().data)[0].get_pixmap(dpi=300)
    (read,) = zxingcpp.read_barcodes(Image.frombytes("RGB", (pixels.width, pixels.height), pixels.samples))
    assert (read.text, str(read.format).replace("-", "").upper()) == ("9787515004662", "EAN13")


def test_without_an_isbn_of_its_own_there_is_no_barcode() -> None:
    """The print book's ISBN is in the metadata, and names another book."""
    text = "".join(word for word, *_ in words_of(plain()))
    assert specimen.METADATA.isbn
    assert "ISBN" not in text
    assert not re.search(r"\d{3}", text)


def test_each_edition_has_its_own_isbn() -> None:
    said = IsbnSettings(source="978-7-5150-0466-2", hant_tw="978-7-301-00000-7")
    assert [said.of(name) for name in ("source", "hant-tw", "hans")] == ["978-7-5150-0466-2", "978-7-301-00000-7", ""]


def test_an_isbn_of_ten_digits_becomes_one_of_thirteen() -> None:
    made = barcode.of_isbn("7-301-00000-6")
    assert made.first + made.left + made.right == "9787301000007"
    assert made.isbn == "ISBN 978-7-301-00000-7"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[print.isbn]\nsource = "978-7-5150-0466-3"\n', r"cover.toml:2 print.isbn.source.*校验码"),
        ('[print.isbn]\nsource = "9787515004662"\nhant-tw = "978-7-5150-0466-2"\n', r":3 print.isbn.hant-tw.*source"),
        ('[print.isbn]\nhant_tw = "9787515004662"\n', "没有这个设置"),
        ("[print]\npaper = 80\n", r":2 print.paper.*不像书纸"),
        ('[print]\npaper = "80克"\n', "应是数字"),
        ("[print]\npaper = true\n", "应是数字"),
    ],
)
def test_wrong_settings_are_told_by_place_and_remedy(text: str, told: str) -> None:
    with pytest.raises(SettingsError) as raised:
        config.parse(text, Path("cover.toml"))
    error = raised.value
    assert re.search(told, f"{error.where} {error.message} {error.remedy}")


# ---------------------------------------------------------------- words


@pytest.mark.slow
@pytest.mark.parametrize("title", TITLES)
@pytest.mark.parametrize("size", ["16开", "32开"])
def test_any_title_stays_on_the_front_above_the_sea(title: str, size: str) -> None:
    creators = tuple(Creator(f"作者{i}", "著") for i in range(4))
    settings = Settings(print=PrintSettings(size))
    edition = titled(title, creators=creators, subtitle="关于一条河与两岸的人的若干问题的说明与解读", series="丛书")
    made = cover_sheet.render(edition, LOOKS, settings, 120)
    width, height = {"16开": (170, 240), "32开": (130, 184)}[size]
    spine = cover_sheet.spine_width(120, 0.108)
    front = [found for found in words_of(made) if found[1] > width + spine + 1 and found[2] < height * 0.88]
    assert front
    for word, left, _, right, bottom in front:
        assert left > width + spine + width * 0.09, word
        assert right < 2 * width + spine - 3, word
        assert bottom < height * 0.7, word
    assert made.notices == ()


def test_a_thin_spine_carries_no_words() -> None:
    made = cover_sheet.render(specimen.brief(), LOOKS, PLAIN, 60)
    spine = cover_sheet.spine_width(60, 0.108)
    assert spine < 5
    assert not [word for word, left, _, right, _ in words_of(made) if left < 170 + spine and right > 170]


def test_words_of_the_spine_stay_on_it() -> None:
    made = cover_sheet.render(titled(TITLES[1], publisher="国家行政学院出版社"), LOOKS, PLAIN, 300)
    spine = cover_sheet.spine_width(300, 0.108)
    found = [(word, left, right) for word, left, _, right, _ in words_of(made) if 165 < left < 170 + spine + 2]
    assert "".join(word for word, *_ in found).startswith("党的群众路线教育")
    for word, left, right in found:
        assert left > 170 + 0.5, word
        assert right < 170 + spine - 0.5, word


def test_western_words_lie_and_marks_turn() -> None:
    found = cover_sheet.pieces("论GDP：1949—1978（上）7")
    assert [(piece.words, piece.lies) for piece in found] == [
        ("论", False),
        ("GDP", True),
        ("︓", False),
        ("1949", True),
        ("︱", False),
        ("1978", True),
        ("︵", False),
        ("上", False),
        ("︶", False),
        ("7", False),
    ]


def test_a_coarse_picture_is_told_and_printed() -> None:
    made = cover_sheet.render(specimen.brief(), LOOKS, replace(PLAIN, cover=picture(600, 900)), 200)
    assert [notice.code for notice in made.notices] == ["cover-coarse"]
    assert "像素" in made.notices[0].message


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_beside_a_picture_the_cover_takes_its_colour(mode: str) -> None:
    made = cover_sheet.render(specimen.brief(), LOOKS, replace(PLAIN, cover=picture(2100, 3000, mode)), 200)
    assert list(preflight.print_file(made.data, (2 * 170 + 10.8, 240), black_alone=False)) == []
    page = pdf_reader.opened(made.data)[0].get_pixmap(dpi=50)
    back, front = (page.pixel(round((x + EDGE) / 25.4 * 50), 200) for x in (80, 300))
    assert all(abs(one - other) < 12 for one, other in zip(back, front, strict=True))


def test_hostile_words_are_shown_and_nothing_is_fetched() -> None:
    words = '"><img src="file:///etc/passwd"/><style>*{display:none}</style>'
    settings = replace(PLAIN, book=BookSettings(description=words))
    made = cover_sheet.render(titled("书", publisher=words), LOOKS, settings, 99)
    assert made.notices == ()
    assert "etc/passwd" in "".join(word for word, *_ in words_of(made))


@pytest.mark.parametrize("data", [b"\xff\xd8\xffrest", b"\x89PNG\r\n\x1a\n" + b"\0" * 40])
def test_a_damaged_picture_is_the_publishers_to_mend(data: bytes) -> None:
    with pytest.raises(SettingsError, match="封面图"):
        cover_sheet.render(specimen.brief(), LOOKS, replace(PLAIN, cover=Cover("c.jpg", data, "image/jpeg")), 200)


# ---------------------------------------------------------------- the press's own profile


def own_profile(folder: Path, data: bytes) -> Settings:
    (folder / "press.icc").write_bytes(data)
    return config.parse('[print]\nprofile = "press.icc"\n', folder / "book.toml")


def test_the_publishers_profile_is_embedded(tmp_path: Path) -> None:
    data = bytearray(LOOKS.press.data)
    data[24:26] = (2001).to_bytes(2, "big")  # the year it was made in: another file, as good a profile
    settings = own_profile(tmp_path, bytes(data))
    made = press.render(specimen.brief(), LOOKS, settings, "cover")
    with pikepdf.open(BytesIO(made.data)) as pdf:
        (intent,) = list(pdf.Root.OutputIntents)
        assert intent.DestOutputProfile.read_bytes() == bytes(data)
        assert str(intent.OutputConditionIdentifier) == "Custom"
        assert str(intent.Info) == "press.icc"
    other = bytes(data[:24]) + b"\x07\xd2" + bytes(data[26:])
    assert settings.digest != own_profile(tmp_path, other).digest


def test_a_profile_for_screens_is_refused_by_place(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="CMYK") as raised:
        own_profile(tmp_path, LOOKS.screen.data)
    assert raised.value.where.endswith("book.toml:2 print.profile")
