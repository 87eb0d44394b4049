"""The printed book: what a reader's program finds in it is what the edition says, in order."""

import re
from dataclasses import replace
from io import BytesIO

import pikepdf
import pytest

from pipeline import style, walk
from pipeline.book import Book, Edition, Metadata, Section, SectionKind
from pipeline.config import PrintSettings, Settings
from pipeline.errors import SettingsError
from pipeline.render import pdf, trim
from pipeline.render.artifact import Artifact
from pipeline.render.html import title_text
from pipeline.render.imprint import cip_record, imprint_rows
from tests import pdf_reader, specimen
from tests.specimen import printed

LOOKS = style.load()
TABLE_HEAD = "年份水位（米）备注"  # said again on every page of a long table: furniture there


def area(trim_name: str = "16开", house: str = "classic") -> trim.TypeArea:
    body = {"classic": (10.5, 18, 0.766, 0.8), "large": (16, 27, 0.8, 0.82), "compact": (9, 14.5, 0.8, 0.83)}[house]
    return trim.type_area(*trim.size_of(trim_name, specimen.book().metadata), trim.Body(*body))


def shown(section: Section) -> str:
    return "".join(map(walk.shown, walk.section_leaves(section)))


def body_text(book: Book) -> str:
    return pdf_reader.squeezed("".join(map(shown, book.sections)))


def text_pages(artifact: Artifact, page_area: trim.TypeArea) -> list[pdf_reader.PageText]:
    """The pages of preface and text: without title pages, contents and colophon."""
    pages = pdf_reader.read(artifact.data, page_area)
    contents = next(i for i, page in enumerate(pages) if page.body.startswith(("目录", "目錄")))
    start = next(i for i, page in enumerate(pages) if page.label == "1")
    return [*pages[4:contents], *pages[start:-1]]


@pytest.mark.parametrize(("trim_name", "house"), [("16开", "classic"), ("大32开", "compact"), ("16开", "large")])
def test_text_read_back_is_the_editions(trim_name: str, house: str) -> None:
    pages = text_pages(printed(trim_name, house), area(trim_name, house))
    read = "".join(page.body for page in pages).replace("•", "")
    assert re.sub(f"(?<!历年最高水位){TABLE_HEAD}", "", read) == body_text(specimen.book())


def test_notes_read_back_stand_on_the_page_of_their_mark() -> None:
    notes = {
        note.anchor: pdf_reader.squeezed("".join(map(walk.block_plain, note.blocks))) for note in specimen.book().notes
    }
    pages = text_pages(printed(), area())
    for page in pages:
        marks = [char for char in page.notes if pdf_reader.is_note_mark(char)]
        assert marks == [pdf._MARKS[i] for i in range(len(marks))], "numbered from ① on every page"
    read = "".join(re.sub(r"[①-⑳]", "", page.notes) for page in pages)
    order = [leaf.note for leaf in walk.leaves(specimen.book()) if hasattr(leaf, "note")]
    assert read == "".join(notes[note] for note in order)


def test_contents_numbers_are_the_folios_of_what_they_name() -> None:
    document = pdf_reader.opened(printed().data)
    pages = pdf_reader.read(printed().data, area())
    checked = 0
    for page in document:
        for link in page.get_links():
            if not pages[page.number].body or link.get("page", -1) < 0 or page.get_label().isdigit():
                continue
            line = page.get_textbox(link["from"] + (0, 4, 60, -4))
            number = re.search(r"([0-9]+|[ivxl]+)\s*$", line.strip())
            assert number, line
            assert number[1] == document[link["page"]].get_label()
            checked += 1
    assert checked > 20


def test_outline_names_every_heading_and_leads_to_it() -> None:
    document = pdf_reader.opened(printed().data)
    outline = document.get_toc()
    titles = [title for _, title, _ in outline]
    book = specimen.book()
    wanted = [title_text(section.title) for section in walk.sections(book)]
    assert [title for title in titles if title not in {"目　录", "本版说明"}] == wanted
    for _, title, page in outline:
        assert pdf_reader.squeezed(title) in pdf_reader.squeezed(document[page - 1].get_text())


def test_chapters_open_on_a_recto_and_blank_versos_carry_nothing() -> None:
    pages = pdf_reader.read(printed().data, area())
    document = pdf_reader.opened(printed().data)
    names = {title_text(s.title) for s in walk.sections(specimen.book()) if s.kind is not SectionKind.SECTION}
    openings = [page - 1 for _, title, page in document.get_toc() if title in names]
    assert len(openings) == len([s for s in walk.sections(specimen.book()) if s.kind is not SectionKind.SECTION])
    assert all(page % 2 == 0 for page in openings), "pages are counted from 0: rectos are even"
    for page in pages:
        if not page.body and not page.notes:
            assert not page.head
            assert not page.folio


def test_running_heads_and_folios() -> None:
    pages = pdf_reader.read(printed().data, area())
    versos = {page.head for i, page in enumerate(pages) if i % 2 and page.head}
    assert versos == {"渡口集"}
    rectos = {page.head for i, page in enumerate(pages) if not i % 2 and page.head}
    assert "第一章渡口与堤坝" in rectos
    assert all(page.folio in {"", page.label} for page in pages)
    assert sum(bool(page.folio) for page in pages) > 40
    assert pages[0].label == "i"


def test_document_says_what_it_is() -> None:
    with pikepdf.open(BytesIO(printed().data)) as document:
        assert str(document.Root.Lang) == "zh-Hans"
        assert str(document.docinfo["/Title"]) == "渡口集"
        assert str(document.docinfo["/Author"]) == "程渡, 江一苇"
        fonts = [font for page in document.pages for font in page.Resources.Font.values()]
        for font in fonts:
            descriptor = font.DescendantFonts[0].FontDescriptor
            assert "/FontFile3" in descriptor or "/FontFile2" in descriptor
            assert re.match(r"/[A-Z]{6}\+", str(font.BaseFont)), "a subset"
            assert "/ToUnicode" in font


def test_dates_are_those_of_the_edition(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1767225600")
    artifact = pdf.render(specimen.brief(), LOOKS, Settings())
    with pikepdf.open(BytesIO(artifact.data)) as document:
        assert {str(document.docinfo[key])[:16] for key in ("/CreationDate", "/ModDate")} == {"D:20260101000000"}
        assert document.open_metadata()["xmp:ModifyDate"].startswith("2026-01-01T00:00:00")


def test_same_bytes_twice() -> None:
    again = pdf.render(specimen.edition(), LOOKS, Settings())
    assert again == printed()


@pytest.mark.parametrize(
    ("house", "lang"), [("classic", "zh-Hans"), ("large", "zh-Hans"), ("compact", "zh-Hant"), ("classic", "zh-Hant-HK")]
)
def test_our_styles_render_without_a_warning(house: str, lang: str) -> None:
    assert printed("16开", house, lang).notices == ()


@pytest.mark.parametrize(("lang", "face"), [("zh-Hans", "SC"), ("zh-Hant-TW", "TC"), ("zh-Hant-HK", "HK")])
def test_letter_forms_follow_the_language(lang: str, face: str) -> None:
    document = pdf_reader.opened(printed(lang=lang).data)
    used = {font[3] for page in document for font in page.get_fonts()}
    assert any(f"Noto-Serif-CJK-{face}" in name for name in used), used
    assert not any("Noto-Serif-CJK-" in name and face not in name for name in used), used


@pytest.mark.parametrize(
    ("name", "size"),
    [("16开", (170, 240)), ("32开", (130, 184)), ("140x203", (140, 203))],
)
def test_trim_sizes(name: str, size: tuple[float, float]) -> None:
    artifact = pdf.render(specimen.brief(), LOOKS, Settings(print=PrintSettings(name)))
    document = pdf_reader.opened(artifact.data)
    assert (document[0].rect.width, document[0].rect.height) == pytest.approx([mm * 72 / 25.4 for mm in size], abs=0.1)


def test_sheet_of_the_print_edition_decides_16kai() -> None:
    metadata = replace(specimen.book().metadata, format="787毫米×1092毫米 1/16")
    assert trim.size_of("16开", metadata) == (185, 260)


@pytest.mark.parametrize("bad", ["八开", "10x10", "", "140x"])
def test_unknown_trim_is_told_with_remedy(bad: str) -> None:
    with pytest.raises(SettingsError, match=r"16开|毫米"):
        pdf.render(specimen.edition(), LOOKS, Settings(print=PrintSettings(bad)))


def test_unknown_house_style_is_told_with_remedy() -> None:
    with pytest.raises(SettingsError, match="classic"):
        pdf.render(specimen.edition(), LOOKS, Settings(print=PrintSettings("16开", "baroque")))


def hostile() -> Edition:
    words = "<script>alert(1)</script><img src='file:///etc/passwd'/><link rel=stylesheet href=http://x/>&amp;\x00}{"
    section = Section("t", SectionKind.TEXT, 1, (), (), (specimen.paragraph(words),))
    edition = specimen.edition()
    metadata = replace(edition.book.metadata, title='"} @import url(file:///etc/passwd); a{b:"', subtitle="</p><p>")
    return replace(edition, book=replace(edition.book, metadata=metadata, sections=(section,), notes=()))


def test_hostile_words_are_shown_and_nothing_is_fetched() -> None:
    artifact = pdf.render(hostile(), LOOKS, Settings())
    assert artifact.notices == ()
    text = "".join(page.get_text() for page in pdf_reader.opened(artifact.data))
    assert "<script>alert(1)</script><img" in text.replace("\n", "")


def test_a_book_with_nothing_known_is_still_a_book() -> None:
    book = Book(replace(specimen.book().metadata.__class__(title="无题")), "zh-Hans", (), ())
    artifact = pdf.render(replace(specimen.edition(), book=book), LOOKS, Settings())
    assert artifact.notices == ()


def test_labels_of_our_own_imprint_follow_the_script() -> None:
    metadata = Metadata(title="無題", edition="第1版", price="10元")
    assert imprint_rows(metadata, "zh-Hant-TW") == (("書名", "無題"), ("版次", "第1版"), ("定價", "10元"))
    assert imprint_rows(metadata) == (("书名", "無題"), ("版次", "第1版"), ("定价", "10元"))


def test_the_cip_record_is_set_as_the_national_agency_writes_it() -> None:
    record = cip_record(specimen.METADATA)
    assert record is not None
    assert record.description == "渡口集：一条河与两岸的人／程渡著，江一苇绘．——北京：示例出版社，2001.5"
    assert record.access == "Ⅰ．①渡…　Ⅱ．①程…②江…　Ⅲ．①散文集—中国—当代　Ⅳ．①I267"
    assert cip_record(Metadata(title="無題")) is None
