"""The e-book: validated, read back, repeatable; and the traps of EbookLib that its writer keeps shut."""

import hashlib
import io
import os
import posixpath
import re
import subprocess
import sys
import time
import uuid
import zipfile
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pymupdf
import pytest
from ebooklib import epub as ebooklib_epub
from fontTools.ttLib import TTFont
from lxml import etree

from pipeline import book_json, style, walk
from pipeline.book import Creator, Paragraph, Repairs, Section, SectionKind, Text
from pipeline.config import BookSettings, Cover, EpubSettings, Settings
from pipeline.errors import SettingsError
from pipeline.render import cover, epub
from pipeline.render.artifact import Artifact
from pipeline.render.vertical import turned
from tests import torture
from tests.shelf import MADE, SEEDS, Shelf, rendered

LOOKS = style.load()
MUPDF: Any = pymupdf  # it speaks no types
PLAIN = Settings()
SPACES = {
    "h": "http://www.w3.org/1999/xhtml",
    "e": "http://www.idpf.org/2007/ops",
    "o": "http://www.idpf.org/2007/opf",
    "d": "http://purl.org/dc/elements/1.1/",
    "n": "http://www.daisy.org/z3986/2005/ncx/",
}
TYPE = f"{{{SPACES['e']}}}type"


@cache
def built(name: str = "torture") -> bytes:
    """The e-books of the tests, each made once."""
    return rendered(name)


def opened(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return {name: file.read(name) for name in file.namelist()}


def xml(files: dict[str, bytes], name: str) -> etree._Element:
    return etree.fromstring(files[f"EPUB/{name}"])


def found(root: etree._Element, path: str) -> list[Any]:
    result = root.xpath(path, namespaces=SPACES)
    assert isinstance(result, list)
    return result


def package(name: str = "torture") -> etree._Element:
    return xml(opened(built(name)), "content.opf")


def said(element: etree._Element, *skip: str) -> str:
    """An element's text without white space, without marks of notes and elements of some classes."""
    parts: list[str] = []

    def read(at: etree._Element) -> None:
        if not {"noteref", "backlink", *skip} & set((at.get("class") or "").split()):
            parts.append(at.text or "")
            for child in at:
                read(child)
                parts.append(child.tail or "")

    read(element)
    return "".join("".join(parts).split())


# ---------------------------------------------------------------- outside judges


@pytest.mark.slow
def test_epubcheck_says_nothing_at_all(shelf: Shelf) -> None:
    """Of every made-up book and both seeds; of embedded fonts it counts the faces, and a broken book it finds."""
    said = shelf.epubcheck((*MADE, *SEEDS, "fonts", "broken"))
    assert said.pop("broken") != []
    assert [line for line in said.pop("fonts") if not line.startswith("USAGE CSS-028")] == []
    assert said == {name: [] for name in (*MADE, *SEEDS)}


def test_mupdf_reads_every_character_and_no_other() -> None:
    """A reader that nobody here wrote finds the book's whole text, in order (captions it sets below their tables).

    Beyond what our pages say it finds only what the stylesheet draws: bullets, a list's numbers, separators.
    """
    with MUPDF.open(stream=built(), filetype="epub") as document:
        read = "".join("".join(page.get_text().split()) for page in document)
    files = opened(built())
    pages = [xml(files, name.removeprefix("EPUB/")) for name in files if name.endswith(".xhtml")]
    shown = Counter("".join("".join(found(page, "//h:body")[0].itertext()) for page in pages))
    shown = Counter({character: count for character, count in shown.items() if not character.isspace()})
    assert shown - Counter(read) == Counter()
    assert set(Counter(read) - shown) <= set("＊•1.")
    at = 0
    for section in torture.book().sections:
        for leaf in walk.section_leaves(section):
            words = "".join(walk.shown(leaf).split())
            place = read.find(words, at)
            assert place >= 0, words
            at = at if words == torture.CAPTION else place + len(words)


def test_text_read_back_equals_the_book() -> None:
    files, book = opened(built()), torture.book()
    spine = found(package(), "//o:itemref/@idref")
    names = {item.get("id"): item.get("href") for item in found(package(), "//o:item")}
    read = "".join(
        said(found(xml(files, names[ref]), "//h:body")[0], "footnotes") for ref in spine if ref.startswith("piece-")
    )
    expected = "".join("".join(map(walk.shown, walk.section_leaves(section))) for section in book.sections)
    assert read == "".join(expected.split())


# ---------------------------------------------------------------- the same bytes, everywhere and tomorrow


def test_same_input_same_bytes() -> None:
    assert epub.render(torture.edition(), LOOKS, PLAIN).data == built()


@pytest.mark.slow
@pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/St_Johns"])
def test_same_bytes_in_another_process_zone_and_hash_order(zone: str) -> None:
    program = (
        "import hashlib; from tests import torture; from pipeline import style; from pipeline.config import Settings;"
        "from pipeline.render import epub;"
        "print(hashlib.sha256(epub.render(torture.edition(), style.load(), Settings()).data).hexdigest())"
    )
    told = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "TZ": zone, "PYTHONHASHSEED": "7", "LC_ALL": "C"},
        cwd=Path(__file__).parent.parent,
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.strip() == hashlib.sha256(built()).hexdigest()


def test_every_entry_has_the_same_date_mode_and_system() -> None:
    with zipfile.ZipFile(io.BytesIO(built())) as file:
        entries = file.infolist()
    assert (entries[0].filename, entries[0].compress_type) == ("mimetype", zipfile.ZIP_STORED)
    assert {(e.date_time, e.create_system, e.external_attr) for e in entries} == {
        ((2026, 11, 22, 0, 0, 0), 3, 0o100644 << 16)
    }


def test_source_date_epoch_dates_the_book(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1767225600")
    files = opened(epub.render(torture.edition(), LOOKS, PLAIN).data)
    modified = found(xml(files, "content.opf"), "//o:meta[@property='dcterms:modified']/text()")
    assert modified == [datetime.fromtimestamp(1767225600, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")]


@pytest.mark.parametrize("bad", ["yesterday", "-1", "1e9", "99999999999999"])
def test_a_source_date_that_is_none_is_told(bad: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", bad)
    with pytest.raises(SettingsError, match="SOURCE_DATE_EPOCH"):
        epub.render(torture.edition(), LOOKS, PLAIN)


def test_another_chapters_change_moves_nothing_here() -> None:
    book = torture.book()
    changed = replace(book, sections=(_extra(), *book.sections))
    before, after = opened(built()), opened(epub.render(torture.edition(changed), LOOKS, PLAIN).data)
    pieces = [name for name in before if name.startswith("EPUB/text/")]
    assert [name for name in pieces if before[name] != after[name]] == []
    assert set(after) - set(before) == {"EPUB/text/extra.xhtml"}


def _extra() -> Section:
    return Section("extra", SectionKind.CHAPTER, 1, (Text("新章", ()),), (), (Paragraph((Text("新文。", ()),)),))


@pytest.mark.parametrize("anchor", ["章一", "a/../b", "a b", "../../etc/passwd", "x" * 200, "CON.", ""])
def test_file_names_are_ours(anchor: str) -> None:
    assert re.fullmatch(r"text/[A-Za-z][A-Za-z0-9_-]{0,63}\.xhtml", epub.file_name(anchor))


# ---------------------------------------------------------------- navigation


@pytest.mark.parametrize("name", ["torture", "nameless", "vertical", "bare"])
def test_no_link_is_dead(name: str) -> None:
    files = opened(built(name))
    documents = {
        n.removeprefix("EPUB/"): etree.fromstring(d) for n, d in files.items() if n.endswith((".xhtml", ".ncx"))
    }
    ids = {(n, e.get("id")) for n, root in documents.items() for e in root.iter() if e.get("id")}
    for here, root in documents.items():
        for element in root.iter():
            href = element.get("href") or element.get("src")
            if href is None:
                continue
            path, _, fragment = href.partition("#")
            target = posixpath.normpath(posixpath.join(posixpath.dirname(here), path)) if path else here
            assert f"EPUB/{target}" in files, (here, href)
            assert not fragment or (target, fragment) in ids, (here, href)


def test_contents_hold_every_heading_in_order_and_depth() -> None:
    nav = xml(opened(built()), "nav.xhtml")
    links = found(nav, "//h:nav[@e:type='toc']//h:a")
    depths = [len(list(link.iterancestors(f"{{{SPACES['h']}}}ol"))) for link in links]
    listed = [("".join(link.itertext()), depth) for link, depth in zip(links, depths, strict=True)]
    assert ("上篇　为民篇", 1) in listed
    assert ("第一章　<样样俱全>", 2) in listed
    assert ("（8）第8层", 8) in listed
    titled = [section for section in walk.sections(torture.book()) if walk.plain(section.title)]
    assert len(listed) == len(titled) + 1  # and the notes that no mark points to


def test_ncx_says_what_the_contents_say() -> None:
    files = opened(built())
    nav = ["".join(a.itertext()) for a in found(xml(files, "nav.xhtml"), "//h:nav[@e:type='toc']//h:a")]
    ncx = xml(files, "toc.ncx")
    assert found(ncx, "//n:navPoint/n:navLabel/n:text/text()") == nav
    assert found(ncx, "//n:meta[@name='dtb:uid']/@content") == found(package(), "//d:identifier/text()")


def test_page_list_counts_the_printed_pages() -> None:
    nav = xml(opened(built()), "nav.xhtml")
    folios = found(nav, "//h:nav[@e:type='page-list']//h:a/text()")
    assert folios == ["i", "ii", "1", "2", "3", "4", "10", "11", "12"]
    assert found(xml(opened(built("bare")), "nav.xhtml"), "//h:nav[@e:type='page-list']") == []


def test_landmarks_lead_to_the_pages_that_readers_offer() -> None:
    nav = xml(opened(built()), "nav.xhtml")
    marks = {a.get(TYPE): a.get("href") for a in found(nav, "//h:nav[@e:type='landmarks']//h:a")}
    assert list(marks) == ["cover", "titlepage", "copyright-page", "toc", "bodymatter", "colophon"]
    assert marks["bodymatter"] == "text/part-1.xhtml#part-1"


# ---------------------------------------------------------------- the edition's own pages


def test_the_pages_that_are_no_body_say_so() -> None:
    files = opened(built())
    kinds = {
        "cover": "cover",
        "half-title": "halftitlepage",
        "title-page": "titlepage",
        "copyright": "copyright-page",
        "colophon": "colophon",
    }
    for name, kind in kinds.items():
        sections = found(xml(files, f"{name}.xhtml"), "//h:body/h:section/@e:type")
        assert sections == [kind]


def test_copyright_page_sets_the_print_editions_data() -> None:
    page = xml(opened(built()), "copyright.xhtml")
    rows = [["".join(cell.itertext()) for cell in row] for row in found(page, "//h:tr")]
    assert rows == [
        ["书名", "折磨之书：<标题>"],
        ["责任编辑", "赵 & 钱"],
        ["版权所有 翻印必究"],
        ["书号", "ISBN 978-7-5051-2622-0"],
        ["定价", "28.00元"],
    ]
    text = said(page)
    assert "中国版本图书馆CIP数据核字（2013）第053997号" in text
    assert "整理时改正识别错误16处" in text


def test_the_cip_record_keeps_its_own_words_and_date() -> None:
    data = replace(torture.METADATA, cip_creators="《折磨之书》编写组编写", cip_date="2012.9")
    edition = torture.edition(replace(torture.book(), metadata=data), lang="zh-Hant")
    page = xml(opened(epub.render(edition, LOOKS, PLAIN).data), "copyright.xhtml")
    record = found(page, "//h:section[@class='catalogue']")[0]
    assert ["".join(line.itertext()) for line in record] == [
        "圖書在版編目（CIP）數據",
        "折磨之书：<标题> & “引号” 'x'：兼论&amp;的用法／《折磨之书》编写组编写．——北京：试验出版社，2012.9",
        "ISBN 978-7-5051-2622-0",
        "Ⅰ．①折…　Ⅱ．①单…②O…③本…　Ⅲ．①中国共产党—群众路线　Ⅳ．①D252②I206.7",
        "中國版本圖書館CIP數據核字（2013）第053997号",
    ]


def test_copyright_page_invents_nothing() -> None:
    page = said(found(xml(opened(built("nameless")), "copyright.xhtml"), "//h:body")[0])
    assert "ISBN" not in page
    assert "CIP" not in page
    assert "未作改动" in page


def test_colophon_counts_the_repairs() -> None:
    page = xml(opened(built()), "colophon.xhtml")
    assert next(["".join(cell.itertext()) for cell in row] for row in found(page, "//h:tr")) == ["半角逗号改全角", "12"]


def test_the_publishers_cover_is_used_untouched() -> None:
    picture = b"\x89PNG not looked into"
    settings = Settings(cover=Cover("front.png", picture, "image/png"))
    files = opened(epub.render(torture.edition(), LOOKS, settings).data)
    assert files["EPUB/image/front.png"] == picture
    assert 'src="image/front.png"' in files["EPUB/cover.xhtml"].decode()


def test_our_cover_is_a_picture_of_the_size_shops_want() -> None:
    picture = MUPDF.Pixmap(opened(built())["EPUB/image/cover.png"])
    assert (picture.width, picture.height) == (1600, 2400)
    assert len(opened(built())["EPUB/image/cover.png"]) < 400_000
    assert picture.color_count() > 50


@pytest.mark.parametrize("title", ["论语", "长" * 20, "很长的书名" * 14, "A Long Latin Title of the Book", ""])
@pytest.mark.parametrize("creators", [0, 1, 4, 9])
def test_nothing_on_our_cover_runs_over_its_margins_or_the_waves(title: str, creators: int) -> None:
    names = tuple(Creator("一个名字很长很长的编写小组和它的所有成员", "编著") for _ in range(creators))
    data = replace(torture.METADATA, creators=names, publisher="名字很长的出版社" * 6)
    svg = etree.fromstring(cover.cover_svg(data, title, title, LOOKS).encode())
    lines = svg.findall("{http://www.w3.org/2000/svg}g")
    places = [[float(n) for n in str(line.get("transform"))[10:-1].split()] for line in lines]
    baselines = [y for _, y in places]
    assert baselines == sorted(baselines)
    assert len(set(baselines)) == len(baselines)
    assert max(baselines[:-1]) < cover._SEA  # all but the publisher, who stands at the foot
    for line in lines:
        last = line[-1].get("transform")
        assert float(str(last)[10:].split()[0]) < cover.WIDTH - 2 * cover._MARGIN


# ---------------------------------------------------------------- metadata


def test_identifier_is_our_own_and_lasting() -> None:
    urn = found(package(), "//d:identifier/text()")[0]
    assert uuid.UUID(urn).version == 5
    revised = replace(torture.edition(), digest="f" * 64, repairs=Repairs())
    files = opened(epub.render(revised, LOOKS, PLAIN).data)
    assert found(xml(files, "content.opf"), "//d:identifier/text()") == [urn]
    other = replace(torture.edition(), name="hant-tw", lang="zh-Hant-TW")
    files = opened(epub.render(other, LOOKS, PLAIN).data)
    assert found(xml(files, "content.opf"), "//d:identifier/text()") != [urn]


def test_print_isbn_is_the_source() -> None:
    assert found(package(), "//d:source/text()") == ["urn:isbn:9787505126220"]
    assert found(package(), "//o:meta[@property='pageBreakSource']/text()") == ["urn:isbn:9787505126220"]
    assert found(package("nameless"), "//d:source/text()") == ["无名 &<书>"]  # all we know of what its pages count
    assert found(package("bare"), "//d:source") == []


def test_creators_carry_role_and_sort_key() -> None:
    root = package()
    creators = {e.text: e.get("id") for e in found(root, "//d:creator | //d:contributor")}
    refined = {
        name: {m.get("property"): m.text for m in found(root, f"//o:meta[@refines='#{own}']")}
        for name, own in creators.items()
    }
    assert refined["单雄信"] == {"role": "edt", "display-seq": "1", "file-as": "Shan Xiong Xin"}
    assert refined["O'Neil & <Sons>"] == {"role": "trl", "display-seq": "2"}
    assert refined["本书编写组"]["role"] == "aut"


def test_language_stands_on_package_and_documents() -> None:
    files = opened(built("vertical"))
    lang = "{http://www.w3.org/XML/1998/namespace}lang"
    assert xml(files, "content.opf").get(lang) == "zh-Hant"
    for name in files:
        if name.endswith(".xhtml"):
            root = etree.fromstring(files[name])
            assert (root.get("lang"), root.get(lang)) == ("zh-Hant", "zh-Hant")


def test_accessibility_is_told_in_chinese() -> None:
    said = {(m.get("property"), m.text) for m in found(package(), "//o:meta[@property]")}
    assert ("schema:accessMode", "textual") in said
    assert ("schema:accessibilityFeature", "pageBreakMarkers") in said
    assert ("dcterms:conformsTo", "EPUB Accessibility 1.1 - WCAG 2.2 Level AA") in said
    features = {value for key, value in said if key == "schema:accessibilitySummary"}
    assert all("目录" in str(value) for value in features)
    bare = {m.text for m in found(package("bare"), "//o:meta[@property='schema:accessibilityFeature']")}
    assert "pageBreakMarkers" not in bare


def test_rights_and_description_come_from_the_settings() -> None:
    settings = Settings(book=BookSettings(rights="版权所有 <某社>", description="一本书 & 其事"))
    root = xml(opened(epub.render(torture.edition(), LOOKS, settings).data), "content.opf")
    assert found(root, "//d:rights/text()") == ["版权所有 <某社>"]
    assert found(root, "//d:description/text()") == ["一本书 & 其事"]


def test_vertical_books_turn_their_pages_to_the_left() -> None:
    root = package("vertical")
    assert found(root, "//o:spine/@page-progression-direction") == ["rtl"]
    assert b"writing-mode: vertical-rl" in opened(built("vertical"))["EPUB/style/book.css"]
    assert found(package(), "//o:spine/@page-progression-direction") == []


# ---------------------------------------------------------------- the traps of EbookLib, and that we are out of them


def test_trap_bodies_are_reserialised_with_gaps() -> None:
    """Why documents are EpubItem: an EpubHtml would part 群众 from 路线 by a line end, which shows as a gap."""
    page = ebooklib_epub.EpubHtml(title="t", file_name="c.xhtml", lang="zh-Hans")
    page.content = "<p><em>群众</em><em>路线</em></p>"
    ebooklib_epub.EpubBook().add_item(page)
    assert b"</em><em>" not in page.get_content()
    everything = opened(built())["EPUB/text/everything.xhtml"].decode()
    assert '<strong>群众</strong><em class="dots">' in everything


def test_trap_local_time_and_todays_date() -> None:
    """Why the writer is ours: EbookLib dates the package with local time called UTC, and the zip with now."""
    out = io.BytesIO()
    book = ebooklib_epub.EpubBook()
    writer = ebooklib_epub.EpubWriter(out, book, {})
    writer.process()
    writer.write()
    stock = zipfile.ZipFile(out).infolist()[0].date_time
    assert stock[0] >= datetime.now(UTC).year - 1
    with zipfile.ZipFile(io.BytesIO(built())) as file:
        assert file.infolist()[0].date_time != stock


def test_trap_control_characters_swallow_metadata() -> None:
    """EbookLib drops a metadata element with a control character in it; ours keeps it, marked."""
    data = replace(torture.METADATA, publisher="红旗\x0b出版社")
    edition = torture.edition(replace(torture.book(), metadata=data))
    root = xml(opened(epub.render(edition, LOOKS, PLAIN).data), "content.opf")
    assert found(root, "//d:publisher/text()") == ["红旗\ufffd出版社"]


def test_trap_page_list_filled_with_every_id() -> None:
    pages = found(xml(opened(built()), "nav.xhtml"), "//h:nav[@e:type='page-list']//h:a/@href")
    assert all("#page-" in href for href in pages)


def test_trap_prefix_that_is_not_used() -> None:
    assert package().get("prefix") is None


# ---------------------------------------------------------------- speed


@pytest.mark.slow
def test_three_hundred_thousand_characters_in_a_second_and_a_half() -> None:
    edition = torture.large(300_000, 300)
    epub.render(torture.edition(), LOOKS, PLAIN)  # the interpreter is up: fonts, templates and readings are loaded
    seconds = []
    for _ in range(3):
        start = time.process_time()
        epub.render(edition, LOOKS, PLAIN)
        seconds.append(time.process_time() - start)
    assert min(seconds) <= 1.5
    assert Counter(len(note.blocks) for note in edition.book.notes) == {1: 300}


# ---------------------------------------------------------------- embedded fonts


@cache
def with_fonts() -> Artifact:
    return epub.render(torture.edition(), LOOKS, Settings(epub=EpubSettings(embed_fonts=True)))


def test_embedded_fonts_have_every_character_or_say_which_they_lack() -> None:
    files = opened(with_fonts().data)
    font = TTFont(io.BytesIO(files["EPUB/font/regular.otf"]))
    pages = [etree.fromstring(data) for name, data in files.items() if name.endswith(".xhtml")]
    shown = {c for page in pages for body in found(page, "//h:body") for words in body.itertext() for c in words}
    lacking = {c for c in shown if not c.isspace() and ord(c) not in font.getBestCmap() and not _selects(c)}
    assert lacking == {"𪚥"}  # of Extension B, in no font of the set-up
    assert [notice.code for notice in with_fonts().notices] == ["glyph-missing"]
    assert "𪚥（U+2A6A5）" in with_fonts().notices[0].message
    assert sum(len(data) for name, data in files.items() if "/font/" in name) < 300_000


def _selects(character: str) -> bool:
    return 0xE0100 <= ord(character) <= 0xE01EF


def test_a_variant_that_the_font_lacks_is_told() -> None:
    """Noto's Chinese faces have no ideographic variants: 葛 with its selector is set as plain 葛, and said so."""
    assert "葛\U000e0100（U+845B U+E0100）" in with_fonts().notices[0].message


def test_embedded_fonts_keep_vertical_forms() -> None:
    font = TTFont(io.BytesIO(opened(with_fonts().data)["EPUB/font/regular.otf"]))
    assert "vert" in {record.FeatureTag for record in font["GSUB"].table.FeatureList.FeatureRecord}


def test_fonts_are_embedded_only_where_asked_and_never_for_kindle() -> None:
    kindle = Settings(epub=EpubSettings(embed_fonts=True, profile="kindle"))
    for settings in (PLAIN, kindle):
        files = opened(epub.render(torture.edition(), LOOKS, settings).data)
        assert [name for name in files if "/font/" in name] == []
        assert b"@font-face" not in files["EPUB/style/book.css"]


def test_apple_books_is_told_of_fonts_where_there_are_some() -> None:
    root = package_of(EpubSettings(embed_fonts=True, profile="apple"))
    assert found(root, "//o:meta[@property='ibooks:specified-fonts']/text()") == ["true"]
    assert "ibooks: " in (root.get("prefix") or "")
    bare = epub.render(torture.edition(), LOOKS, Settings(epub=EpubSettings(profile="apple")))
    assert bare.data == built()


def test_duokan_marks_notes_with_a_picture_that_says_the_note() -> None:
    files = opened(rendered("duokan"))
    page = xml(files, "text/everything.xhtml")
    for mark in found(page, "//h:a[@e:type='noteref'][starts-with(@href, '#')]"):
        (item,) = found(page, f"//h:ol[@class='duokan-footnote-content']/h:li[@id='{mark.get('href')[1:]}']")
        assert "duokan-footnote" in mark.get("class").split()
        assert item.getparent().getparent().get("{http://www.idpf.org/2007/ops}type") == "footnote"
        assert "".join(mark[0].get("alt").split()) in "".join("".join(item.itertext()).split())
    assert mark[0].get("src") == "../image/note.png"
    assert files["EPUB/image/note.png"].startswith(b"\x89PNG")
    assert "EPUB/image/note.png" not in opened(built())


def package_of(choices: EpubSettings) -> etree._Element:
    return xml(opened(epub.render(torture.edition(), LOOKS, Settings(epub=choices)).data), "content.opf")


def test_without_the_font_the_reader_keeps_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))  # no fontconfig here
    made = epub.render(torture.edition(), LOOKS, Settings(epub=EpubSettings(embed_fonts=True)))
    assert [notice.code for notice in made.notices] == ["font-not-found"]
    assert made.data == built()


# ---------------------------------------------------------------- vertical lines


@pytest.mark.parametrize(
    ("flat", "upright"),
    [
        ("  margin: 1em;", "  margin: 1em 1em 1em 1em;"),
        ("  margin: 1em 2em;", "  margin: 2em 1em 2em 1em;"),
        ("  padding: 1em 2em 3em;", "  padding: 2em 1em 2em 3em;"),
        ("  margin: 1em 2em 3em 4em;", "  margin: 4em 1em 2em 3em;"),
        ("  margin-left: 2em;", "  margin-top: 2em;"),
        ("  border-top: 3px solid;", "  border-right: 3px solid;"),
        ("  max-width: 100%;", "  max-height: 100%;"),
        ("  overflow-x: auto;", "  overflow-y: auto;"),
        ("  text-align: left;", "  text-align: left;"),
        ("  line-height: 1.75;", "  line-height: 1.75;"),
        ("  border: 1px solid;", "  border: 1px solid;"),
    ],
)
def test_a_stylesheet_is_turned_a_quarter(flat: str, upright: str) -> None:
    assert turned(flat) == upright


def test_every_margin_of_ours_can_be_turned() -> None:
    for name in ("book.css", "epub.css", "hans.css", "hant.css"):
        sheet = LOOKS.sheets[name]
        four = sheet
        for _ in range(4):
            four = turned(four)
        assert turned(turned(turned(turned(four)))) == four


# ---------------------------------------------------------------- the two real books


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_mupdf_reads_a_real_book_whole(seed: str, shelf: Shelf) -> None:
    book = book_json.load((shelf.built(seed) / "4-book.json").read_text("utf-8"))
    with MUPDF.open(str(shelf.book(seed))) as document:
        read = "".join("".join(page.get_text().split()) for page in document)
    at = 0
    for section in walk.sections(book):
        for words in (walk.plain(section.title), walk.plain(section.subtitle), *map(walk.block_plain, section.blocks)):
            place = read.find("".join(words.split()), at)
            assert place >= 0, words
            at = place + len("".join(words.split()))
