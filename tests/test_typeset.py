"""Our line layout: its rules on made-up units, its promises on real pages, and the parts of WeasyPrint it stands on."""

import hashlib
import importlib
import inspect
from dataclasses import replace
from io import BytesIO

import pikepdf
import pytest
import weasyprint
from fontTools.cffLib import CFFFontSet
from fontTools.pens.recordingPen import RecordingPen
from hypothesis import given
from hypothesis import strategies as st

from pipeline import style, typeset
from pipeline.config import PrintSettings, Settings
from pipeline.render import pdf
from pipeline.render.artifact import Artifact
from pipeline.typeset.characters import CLOSING, NO_END, NO_START, OPENING, Kind, is_plain, kind_of, tokens
from pipeline.typeset.paragraph import Line, Paragraph, Unit, break_lines
from pipeline.typeset.shaping import Face, face_of
from tests import pdf_reader, specimen, typography

# ---------------------------------------------------------------- WeasyPrint 70.0, as it was when this was proved

RELIED_ON = {
    ("weasyprint.layout.inline", "get_next_linebox"): "67af458c2545e74f",
    ("weasyprint.layout.inline", "iter_line_boxes"): "04aec48abfcad809",
    ("weasyprint.layout.inline", "split_text_box"): "8c564329599ef23f",
    ("weasyprint.layout.inline", "justify_line"): "f83b21ff8793ba6b",
    ("weasyprint.layout.inline", "add_word_spacing"): "879516e71f1b80fa",
    ("weasyprint.layout.inline", "count_expandable_spaces"): "175fe6f42576ed38",
    ("weasyprint.layout.inline", "_adjust_line_height"): "822443b08f53654f",
    ("weasyprint.layout.inline", "line_box_verticality"): "1018aadb3410f89a",
    ("weasyprint.layout.inline", "inline_box_verticality"): "5c7109868242013b",
    ("weasyprint.layout.inline", "atomic_box"): "928f0e7eed566627",
    ("weasyprint.layout.inline", "text_align"): "e953d41b87ccfc30",
    ("weasyprint.layout.inline", "skip_first_whitespace"): "deb2f1a5e2a6c035",
    ("weasyprint.text.line_break", "split_first_line"): "39ad1016863ca34d",
    ("weasyprint.text.line_break", "strut"): "b57885b70dd08efe",
    ("weasyprint.text.line_break", "_font_style_cache_key"): "d6b09d54b8258d58",
    ("weasyprint.text.line_break", "line_size"): "03fa04fd51fc69aa",
    ("weasyprint.text.line_break", "Layout"): "681b737d1ba5e004",
    ("weasyprint.layout.block", "_linebox_layout"): "e07bbe000974787e",
    ("weasyprint.draw.text", "draw_text"): "ebaf96239c6ca363",
    ("weasyprint.pdf", "generate_pdf"): "626343ef25c396e8",
    ("weasyprint.pdf.tags", "add_tags"): "f0e74575b0bafaf3",
    ("weasyprint.pdf.anchors", "add_links"): "262e8b9b299892a7",
    ("weasyprint.draw", "draw_inline_level"): "068162a401d00efd",
    ("weasyprint.draw", "draw_block_level"): "3de9ec3ad4aaad3c",
    ("weasyprint.pdf.stream", "Stream"): "624257224db6f66d",
    ("weasyprint.pdf.fonts", "Font"): "1888854798bf8726",
    ("weasyprint.pdf.fonts", "build_fonts_dictionary"): "fc551bef35d0d6c3",
    ("weasyprint.layout.block", "find_earlier_page_break"): "c2bbdcdfdf408cbc",
    ("weasyprint.layout.block", "_break_line"): "2b92255d94ab45f7",
    ("weasyprint.layout.block", "block_container_layout"): "65842ca53a8391eb",
    ("weasyprint.layout.leader", "handle_leader"): "e4bf5941eb946d0b",
    ("weasyprint.layout.leader", "leader_index"): "933aaa813a2bed4c",
    ("weasyprint.layout.page", "set_page_type_computed_styles"): "4e68b396b35c4a06",
    ("weasyprint.layout.percent", "resolve_percentages"): "71673078096fcf87",
    ("weasyprint.layout.background", "resolve_radii_percentages"): "4980b3798c671710",
    ("weasyprint.css", "StyleFor"): "dac5a13261681453",
    ("weasyprint.text.fonts", "get_hb_object_data"): "03040a623df04c2b",
    ("pydyf", "PDF"): "430a7b480a612b67",
    ("pydyf", "Stream"): "f17b6bdcfedf2f50",
    ("pydyf", "Dictionary"): "cfe61f79fe4f02cb",
    ("pydyf", "_to_bytes"): "1cefd02c285d3aee",
    ("weasyprint.text.fonts", "get_pango_font_key"): "74cbeff1fac3860c",
}


def test_proved_on_the_locked_version() -> None:
    assert typeset.is_proved(), "prove the layout on it (docs/typesetting.md), then change PROVED_ON"


@pytest.mark.parametrize(("module", "name"), RELIED_ON)
def test_what_we_rely_on_is_as_it_was(module: str, name: str) -> None:
    source = inspect.getsource(getattr(importlib.import_module(module), name))
    assert hashlib.sha256(source.encode()).hexdigest()[:16] == RELIED_ON[module, name]


def test_outside_the_block_weasyprint_is_untouched() -> None:
    stock = [(module, name, getattr(module, name)) for module, name, _ in typeset.boxes.REPLACED]
    with typeset.typesetting() as ours:
        assert ours
        assert all(getattr(module, name) is not was for module, name, was in stock)
    assert all(getattr(module, name) is was for module, name, was in stock)


@pytest.fixture(scope="module")
def stock() -> Artifact:
    """The specimen as a WeasyPrint of another version sets it."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(typeset, "PROVED_ON", "0.0")
        return pdf.render(specimen.edition(), style.load(), Settings())


@pytest.mark.slow
def test_other_versions_get_the_stock_layout_and_a_notice(stock: Artifact) -> None:
    assert [notice.code for notice in stock.notices] == ["pdf-stock-layout"]
    assert weasyprint.__version__ in stock.notices[0].message
    with pikepdf.open(BytesIO(stock.data)) as document:
        packet = document.Root.Metadata.read_bytes()
    assert b"<pdfaid:conformance>U<" in packet
    assert b"pdfuaid" not in packet, "of tags that are not ours nothing is claimed"


# ---------------------------------------------------------------- characters


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("这件事——说来", ["这", "件", "事", "——", "说", "来"]),
        ("完了……", ["完", "了", "……"]),
        ("共12.5米", ["共", "12.5", "米"]),
        ("用GPS测 A", ["用", "GPS", "测", " ", "A"]),
        ("葛󠄀城", ["葛󠄀", "城"]),
        ("（Class-Hegemony）", ["（", "Class-", "Hegemony", "）"]),
        ("10-12、A-b、x@pre-war-time.org", ["10-12", "、", "A-b", "、", "x@", "pre-", "war-", "time.org"]),
    ],
)
def test_tokens(text: str, found: list[str]) -> None:
    assert tokens(text) == found


def test_a_long_address_comes_in_pieces_that_make_it_up() -> None:
    address = "https://www.example.org/books/2013/shuiwen-nianjian.html"
    assert len(tokens(address)) > 3
    assert "".join(tokens(address)) == address


def test_kinds() -> None:
    assert [kind_of(token) for token in ("水", "。", "“", "GPS", " ", "——")] == [
        Kind.IDEOGRAPH,
        Kind.CLOSING,
        Kind.OPENING,
        Kind.WESTERN,
        Kind.SPACE,
        Kind.IDEOGRAPH,
    ]


# ---------------------------------------------------------------- shaping


def face(lang: str, family: str) -> Face:
    """A face of 100 px, so that widths are per cent of an em."""
    words = f"<html lang={lang}><p style='font:100px {family}'>x"
    page = weasyprint.HTML(string=words).render().pages[0]
    (box,) = (box for box in page._page_box.descendants() if getattr(box, "text", None) == "x")
    return face_of(box.style)


@pytest.mark.parametrize(
    ("lang", "family", "token", "width", "left", "right"),
    [
        ("zh-Hans", "Noto Serif CJK SC", "——", 200, 0, 0),  # GB/T 15834 § 5.1.7
        ("zh-Hans", "Noto Serif CJK SC", "—", 100, 0, 0),
        ("zh-Hans", "Noto Sans CJK SC", "……", 200, 0, 0),
        ("zh-Hans", "Noto Serif CJK SC", "·", 50, 0, 0),  # GB/T 15834 § 5.1.8
        ("zh-Hans", "Noto Sans CJK SC", "·", 50, 0, 0),
        ("zh-Hant-TW", "Noto Serif CJK TC", "·", 100, 0, 0),
        ("zh-Hans", "Noto Serif CJK SC", "，", 100, 0, 50),
        ("zh-Hans", "Noto Serif CJK SC", "（", 100, 50, 0),
        ("zh-Hant-TW", "Noto Serif CJK TC", "，", 100, 25, 25),  # centred: a quarter on each side
        ("zh-Hant-HK", "Noto Serif CJK HK", "。", 100, 25, 25),
        ("zh-Hant-TW", "Noto Serif CJK TC", "」", 100, 0, 50),
    ],
)
def test_room_of_marks(lang: str, family: str, token: str, width: float, left: float, right: float) -> None:
    found = face(lang, family).unit(token)
    assert found is not None
    assert (found.width, found.blank_left, found.blank_right) == pytest.approx((width, left, right))


def test_one_glyph_for_two_characters_is_read_back_as_each() -> None:
    """· and ・ are drawn with one dot, 神 and its compatibility form with one glyph."""
    words = "列夫·托尔斯泰，トル・ストイ；神社与神社。"
    with typeset.typesetting():
        html = weasyprint.HTML(string=f"<html lang=zh-Hans><p style='font:10px Noto Serif CJK SC'>{words}")
        data = html.write_pdf()
    assert "".join(pdf_reader.opened(data)[0].get_text().split()) == words


# ---------------------------------------------------------------- lines

EM = 10.0


def unit(token: str, *, centred: bool = False) -> Unit:
    """A token in a font whose characters are an em wide, Western ones half an em."""
    kind = kind_of(token)
    width = len(token) * (EM / 2 if kind in (Kind.WESTERN, Kind.SPACE) else EM)
    left = EM / 2 if kind is Kind.OPENING else EM / 4 if kind is Kind.CLOSING and centred else 0.0
    right = EM / (4 if centred else 2) if kind is Kind.CLOSING else 0.0
    no_start, no_end = token[0] in NO_START, token[-1] in NO_END
    plain = kind is Kind.IDEOGRAPH and not no_start and not no_end and is_plain(token)
    return Unit(token, kind, width, EM, left, right, no_start, no_end, plain, object())


def set_in(text: str, columns: int, indent: float = 0) -> tuple[Paragraph, list[Line], list[str]]:
    paragraph = Paragraph([unit(token) for token in tokens(text)])
    lines = break_lines(paragraph, columns * EM, indent, justify=True)
    return paragraph, lines, ["".join(u.text for u in paragraph.units[line.start : line.end]) for line in lines]


@pytest.mark.parametrize(
    ("text", "columns", "lines"),
    [
        (
            "一二三四五六，七八九十",
            6,
            ["一二三四五", "六，七八九十"],
        ),  # the mark takes a character down
        ("一二三四五，六七八九十", 6, ["一二三四五，", "六七八九十"]),
        ("一，三四五六七八九十甲", 6, ["一，三四五六", "七八九十甲"]),
        ("一二三四五（六七）八九", 6, ["一二三四五", "（六七）八九"]),  # no opening mark at an end
        ("一二三“四”，五六七八", 6, ["一二三“四”，", "五六七八"]),  # ”， take one and a half: pushed in
        ("一二三四——五六七八九", 5, ["一二三四", "——五六七", "八九"]),  # —— is not divided
        ("一二三四五六七八九十甲", 5, ["一二三四", "五六七八九", "十甲"]),  # no lonely last character
    ],
)
def test_lines(text: str, columns: int, lines: list[str]) -> None:
    assert set_in(text, columns)[2] == lines


def test_a_lifted_mark_stays_with_what_it_marks() -> None:
    units = [unit(token) for token in tokens("一二三四五①。六七八九十")]
    units[5] = replace(units[5], kind=Kind.MARK, plain=False)
    paragraph = Paragraph(units)
    lines = break_lines(paragraph, 5 * EM, 0.0, justify=True)
    said = ["".join(u.text for u in units[line.start : line.end]) for line in lines]
    assert not any(words.startswith(("①", "。")) for words in said), said


@pytest.mark.parametrize(("measure", "squeeze", "width"), [(133.0, -3 / 6.6, 133.0), (140.0, -1.0, 136.6)])
def test_spaces_are_widened_before_characters_are_spread(measure: float, squeeze: float, width: float) -> None:
    """Two words between Han: 2.5 + 0.8 for each can be added to their gaps; what is more is for spreading."""
    paragraph = Paragraph([unit(token) for token in tokens("一二三Smith四五六Brown七abcdefgh九十")])
    first, last = break_lines(paragraph, measure, 0.0, justify=True)
    assert (first.squeeze, first.width) == pytest.approx((squeeze, width))
    assert paragraph.gap(2, first) == pytest.approx(2.5 - 2.5 * squeeze)
    assert last.squeeze == 0


def test_a_centred_mark_gives_on_both_its_sides() -> None:
    """At a line's end it takes half a character, in the middle of that; within a line it is pushed in from both."""
    text = "一二三四五，六七八，九十甲。"
    paragraph = Paragraph([unit(token, centred=True) for token in tokens(text)])
    first, second = break_lines(paragraph, 5.5 * EM, 0.0, justify=True)[:2]
    assert (first.end, first.width, first.trim) == (6, 5.5 * EM, EM / 4)
    assert paragraph.gap(4, first) == -EM / 4
    assert paragraph.taken(0, 6, first) == EM / 4
    line = paragraph.line(6, 12, 5.5 * EM)  # 六七八，九十
    assert (line.squeeze, line.width) == (1, 5.5 * EM)
    assert [paragraph.gap(i, line) for i in range(6, 11)] == [0, 0, -EM / 4, -EM / 4, 0]
    assert second.start == 6


def test_pairs_and_dashes_are_widened_before_characters_are_spread() -> None:
    """“”， give a quarter-em back, the sides of —— a little; what is still free is for all."""
    paragraph = Paragraph([unit(token) for token in tokens("一“二”，三四五六七八九——甲")])
    natural = paragraph.line(0, 10, 9.7 * EM)
    assert (natural.width, paragraph.gap(3, natural)) == (9.5 * EM, -EM / 2)
    line = paragraph.widened(natural, 9.7 * EM)
    assert line.width == pytest.approx(9.7 * EM)
    assert -EM / 2 < paragraph.gap(3, line) < -EM / 4
    assert 0 < paragraph.gap(0, line) < 0.07 * EM
    assert paragraph.gap(6, line) == 0
    assert paragraph.reach[11] == paragraph.reach[12] == pytest.approx(0.07 * EM)


TEXTS = st.text(alphabet="水木金火土日月风。，、；：？！”“’‘（）《》…—·aB3 ", min_size=1, max_size=120)


@given(TEXTS, st.integers(6, 30), st.sampled_from([0.0, 2 * EM]))
def test_lines_hold_every_unit_once_in_order(text: str, columns: int, indent: float) -> None:
    paragraph, lines, _ = set_in(text, columns, indent)
    at = 0
    for line in lines:
        assert line.start == at
        assert line.end <= (line.resume if line.resume is not None else len(paragraph.units))
        at = line.resume if line.resume is not None else len(paragraph.units)
    assert at == len(paragraph.units)


@given(TEXTS, st.integers(8, 30))
def test_no_line_is_too_long_and_no_mark_stands_where_it_may_not(text: str, columns: int) -> None:
    paragraph, lines, said = set_in(text, columns)
    for i, (line, words) in enumerate(zip(lines, said, strict=True)):
        if any(paragraph.breaks[line.start : line.end - 1]) or line.resume is None:
            assert line.width <= columns * EM + 0.02
        if i and paragraph.breaks[line.start - 1]:
            assert not words or words[0] not in NO_START
        if line.resume is not None and words:
            assert words[-1] not in NO_END


@given(TEXTS)
def test_marks_that_meet_are_squeezed(text: str) -> None:
    paragraph = Paragraph([unit(token) for token in tokens(text)])
    for i, (a, b) in enumerate(zip(paragraph.units, paragraph.units[1:], strict=False)):
        if (a.text in CLOSING and b.text in CLOSING | OPENING) or (a.text in OPENING and b.text in OPENING):
            assert paragraph.glue[i] == -EM / 2


# ---------------------------------------------------------------- pages


@pytest.mark.slow
@pytest.mark.parametrize("house", ["classic", "compact", "large"])
def test_figures_of_the_specimen(house: str) -> None:
    settings = Settings(print=PrintSettings("16开", house))
    edition = specimen.edition()
    data = specimen.printed(house=house).data
    area = typography.area_of(edition, settings)
    figures = typography.measure(data, area, typography.shown(edition.book), typography.furniture(data))
    assert figures.lines > 800
    assert (figures.prohibited, figures.off_edge, figures.lonely, figures.lone_lines) == (0, 0, 0, 0)
    assert figures.squeezed == figures.pairs > 500
    assert figures.half_ends == figures.ends > 50
    assert figures.on_grid == figures.lines
    assert figures.notes_at_mark == figures.notes == 12
    assert figures.contents_right == figures.contents > 15
    assert figures.spread <= 0.004 * figures.full
    assert figures.widest <= 0.015
    assert (figures.missing, figures.spaces) == (0, 0)


@pytest.mark.slow
def test_the_measures_see_what_stock_layout_does(stock: Artifact) -> None:
    edition = specimen.edition()
    area = typography.area_of(edition, Settings())
    figures = typography.measure(stock.data, area, typography.shown(edition.book), typography.furniture(stock.data))
    assert figures.squeezed < figures.pairs / 10
    assert figures.off_edge > 20


def test_wide_twins_say_the_same_width_in_the_pdf_and_in_the_font() -> None:
    data = specimen.printed().data
    checked = 0
    with pikepdf.open(BytesIO(data)) as document:
        for font in document.pages[0].Resources.Font.values():
            if not str(font.BaseFont).endswith("-Wide"):
                continue
            inner = font.DescendantFonts[0]
            program = CFFFontSet()
            program.decompile(BytesIO(inner.FontDescriptor.FontFile3.read_bytes()), None)
            outlines = program.topDictIndex[0].CharStrings
            said = list(inner.W)
            for first, widths in zip(said[::2], said[1::2], strict=True):
                for i, width in enumerate(widths):
                    outline = outlines[f"cid{int(first) + i:05d}"]
                    outline.draw(RecordingPen())
                    assert outline.width == int(width)
                    checked += 1
    assert checked > 10


@pytest.mark.slow
def test_speed_changes_nothing_on_any_page(monkeypatch: pytest.MonkeyPatch) -> None:
    quick = specimen.printed().data
    monkeypatch.setattr(typeset.speed, "replaced", tuple)
    slow = pdf.render(specimen.edition(), style.load(), Settings()).data
    assert_same_places(quick, slow)
    assert pdf_reader.opened(quick).get_toc() == pdf_reader.opened(slow).get_toc()
    assert quick == slow


def assert_same_places(one: bytes, other: bytes) -> None:
    """Each character of each page stands where it does in the other, within a fiftieth of a point; dots of leaders
    are left out, as they may be drawn from either side.
    """
    for pages in zip(pdf_reader.opened(one), pdf_reader.opened(other), strict=True):
        for a, b in zip(*([g for g in pdf_reader.glyphs(page) if g.char not in " ."] for page in pages), strict=True):
            assert (a.char, a.font, a.size) == (b.char, b.font, b.size)
            assert (a.x, a.y) == pytest.approx((b.x, b.y), abs=0.02)


@pytest.mark.slow
def test_lines_in_one_box_stand_where_single_ones_do(monkeypatch: pytest.MonkeyPatch) -> None:
    quick = specimen.printed().data
    monkeypatch.setattr(typeset.blocks, "_plain", lambda *_: (None, None))
    assert_same_places(quick, pdf.render(specimen.edition(), style.load(), Settings()).data)


@pytest.mark.slow
def test_everything_shown_is_tagged_or_an_artifact() -> None:
    data = specimen.printed().data
    with pikepdf.open(BytesIO(data)) as document:
        for page in document.pages:
            open_tags: list[str] = []
            for instruction in pikepdf.parse_content_stream(page):
                operator = str(instruction.operator)
                if operator in {"BDC", "BMC"}:
                    tag = str(instruction.operands[0])
                    assert tag != "/Artifact" or not open_tags, "PDF/UA-1 § 7.1: no artifact inside tagged content"
                    open_tags.append(tag)
                elif operator == "EMC":
                    open_tags.pop()
                elif operator in {"TJ", "Tj", "f", "S"}:
                    assert open_tags
