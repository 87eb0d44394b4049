"""The pages to read in a browser: every word of the book, ids that all editions share, no address that is dead."""

import io
import re
import zipfile
from urllib.parse import unquote

import pytest
from lxml import html

from pipeline import style, walk
from pipeline.book import Edition, Repairs
from pipeline.config import ConvertSettings, Settings
from pipeline.editions import edition as turn
from pipeline.render import web
from tests import torture

LOOKS = style.load()
BOOK = torture.book()


def pages(edition: Edition) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(web.render(edition, LOOKS, Settings()).data)) as file:
        return {name: file.read(name) for name in file.namelist()}


@pytest.fixture(scope="module")
def made() -> dict[str, bytes]:
    return pages(torture.edition())


def parsed(data: bytes) -> html.HtmlElement:
    return html.document_fromstring(data, parser=html.HTMLParser(encoding="utf-8"))


def chapters(made: dict[str, bytes]) -> dict[str, html.HtmlElement]:
    """The pages of the text, in the order in which one turns them."""
    found, name = {}, parsed(made["index.html"]).get_element_by_id("start").get("href")
    while name != "imprint.html":
        found[name] = parsed(made[name])
        (name,) = found[name].xpath("//nav[@class='turn']/a[@rel='next']/@href")
    return found


def test_every_word_of_the_book_is_there_in_order(made: dict[str, bytes]) -> None:
    text = "".join("".join(page.get_element_by_id("text").text_content().split()) for page in chapters(made).values())
    at = 0
    for section in walk.sections(BOOK):
        for leaf in (
            *walk.inline_leaves(section.title),
            *(leaf for block in section.blocks for leaf in walk.block_leaves(block)),
        ):
            words = "".join(walk.shown(leaf).split())
            place = text.find(words, at)
            assert place >= 0, words
            at = place


def test_every_address_leads_somewhere(made: dict[str, bytes]) -> None:
    for name, data in made.items():
        if not name.endswith(".html"):
            continue
        for element, _, link, _ in parsed(data).iterlinks():
            if link.startswith("../"):  # the shelf's: the page of the book, the list of editions
                assert link in {"../../index.html", "../editions.js"}
                continue
            page, _, anchor = unquote(link).partition("#")
            assert (page or name) in made, (name, link)
            if anchor:
                assert parsed(made[page or name]).get_element_by_id(anchor, None) is not None, (name, link)
            assert element.tag != "a" or ":" not in link


def test_all_editions_share_their_pages_and_anchors(made: dict[str, bytes]) -> None:
    book = turn(BOOK, "hant-tw", ConvertSettings())
    other = pages(Edition("torture", "hant-tw", "zh-Hant-TW", book, Repairs(), "0" * 64))
    assert other.keys() == made.keys()
    ids = re.compile(rb'\bid="([^"]+)"')
    for name, data in made.items():
        if name.endswith(".html"):
            assert ids.findall(other[name]) == ids.findall(data)
            assert len(set(ids.findall(data))) == len(ids.findall(data))
    paragraphs = [each.get("id") for page in chapters(made).values() for each in page.xpath("//main//p[@id]")]
    assert len(paragraphs) > 20
    assert all(re.fullmatch(r"L\d+(-\d+)?", each) for each in paragraphs)


def test_a_page_has_one_first_heading(made: dict[str, bytes]) -> None:
    for name, page in {**chapters(made), "index.html": parsed(made["index.html"])}.items():
        assert len(page.xpath("//h1")) == 1, name


def test_pages_of_the_print_edition_are_anchors(made: dict[str, bytes]) -> None:
    listed = parsed(made["index.html"]).xpath("//nav[@class='page-list']//a")
    assert [each.text for each in listed] == ["i", "ii", "1", "2", "3", "4", "10", "11", "12"]


def test_the_worker_keeps_every_file_of_this_version(made: dict[str, bytes]) -> None:
    worker = made["sw.js"].decode()
    assert all(f'"{name}"' in worker for name in made if name != "sw.js")
    assert (
        web.render(torture.edition(), LOOKS, Settings()).data == web.render(torture.edition(), LOOKS, Settings()).data
    )
    other = pages(torture.edition(torture.book(4)))["sw.js"].decode()
    version = re.compile(r"\$\{prefix\}([0-9a-f]{16})")
    assert version.search(worker) != version.search(other)


def test_nothing_is_in_line_and_nothing_comes_from_elsewhere(made: dict[str, bytes]) -> None:
    for name, data in made.items():
        if name.endswith(".html"):
            page = parsed(data)
            (policy,) = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
            assert policy.startswith("default-src 'none'; script-src 'self'")
            assert page.xpath("//style | //@style | //@onclick | //script[not(@src)]") == []
    assert b"url(" not in made["book.css"]
    assert b"@import" not in made["book.css"]


def test_an_anchor_that_is_no_file_name_still_has_a_page() -> None:
    assert web.file_name("sec-1") == "sec-1.html"
    for odd in ("../x", "index", "imprint", "", "章", "a" * 99):
        assert re.fullmatch(r"x-[0-9a-f]{12}\.html", web.file_name(odd))
