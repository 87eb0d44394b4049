"""What clients that nobody here wrote make of a shelf, on a loopback server: three OPDS clients, foliate-js, onixcheck,
the HTML checker of the W3C, axe-core, and Chromium in the hands of a reader. One shelf is made for all of them.
"""

import functools
import hashlib
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import onixcheck
import pytest
from filelock import FileLock

from pipeline.book import Creator
from tests import torture
from tests.shelf import PATIENCE, READERS, SEEDS, Shelf, browser, node, told
from tests.shelved import PUBLIC, Library, book
from tests.test_catalogue import HOSTILE
from tests.test_serve import running

pytestmark = pytest.mark.slow
BOOK = "torture"
MANY = 60  # books, so that the feeds have a second page


@pytest.fixture(scope="session")
def library(shelf: Shelf) -> Library:
    """A book with everything in two scripts, a seed, and many small ones, hostile titles among them; made once."""
    library = Library(shelf.folder / "catalogue")
    with FileLock(shelf.folder / "catalogue.lock"):
        if not library.shelf.exists():
            _make(library, shelf)
    return library


def _make(library: Library, shelf: Shelf) -> None:
    told = PUBLIC + 'review = true\nsince = "2026-11-23"\n[book]\ndescription = "一段简介。"\n'
    library.put_real(BOOK, torture.book(), told, ("source", "hant-tw"))
    seed = shelf.built(SEEDS[0])
    library.put(SEEDS[0], book())
    for path in (library.built / SEEDS[0]).iterdir():
        path.unlink()
    for path in seed.iterdir():
        (library.built / SEEDS[0] / path.name).write_bytes(path.read_bytes())
    library.put("直排", book("直排的书", creators=(Creator("张三", "著"),)), vertical=True)
    for number in range(MANY):
        title = HOSTILE[number] if number < len(HOSTILE) else f"第{number}种"
        library.put(f"b{number}", book(title, creators=(Creator("李四", "译"),), subjects=("历史",), classes=("K25",)))
    library.settings(
        '[shelf]\nname = "试验书架"\nlanguages = ["zh-Hans", "zh-Hant", "en"]\ncontact = "a@example.org"\n'
    )
    library.shelve()


@pytest.fixture(scope="session")
def clients(library: Library, shelf: Shelf) -> Any:
    """What the three OPDS clients tell."""
    return shelf.once("opds", lambda: _served(library, lambda host: node("opds.mjs", f"http://{host}/")))


@pytest.fixture(scope="session")
def reader(library: Library, shelf: Shelf) -> Any:
    """What a reader meets in Chromium."""
    script = functools.partial(_served, library)
    return shelf.once(
        "shelf-reader",
        lambda: script(lambda host: node("shelf.mjs", f"http://{host}/", str(library.shelf), BOOK, browser())),
    )


def _served(library: Library, ask: Callable[[str], Any]) -> Any:
    with running(library.shelf) as host:
        return ask(host)


# ---------------------------------------------------------------- OPDS

CLIENTS = ("r2-opds-js 1.2", "r2-opds-js 2.0", "opds-feed-parser", "opds-ts")


def squeezed(words: str) -> str:
    """Without spaces and odd line ends, which each client treats in its own way."""
    return "".join(words.split())


@pytest.mark.parametrize("name", CLIENTS)
def test_a_client_lists_every_book(name: str, clients: Any, library: Library) -> None:
    listed = {(entry["title"], entry["language"]) for entry in clients[name]["books"]}
    said = [json.loads(path.read_text("utf-8")) for path in sorted((library.shelf / "opds").glob("all*.json"))]
    wanted = {squeezed(each["metadata"]["title"]) for page in said for each in page["publications"]}
    titles = [squeezed(title) for title, _ in listed]
    assert len(wanted) >= MANY + 3 - 1  # two of the hostile titles are the same
    assert [
        one for one in wanted if not any(title in {one, f"{one}：{title[len(one) + 1 :]}"} for title in titles)
    ] == []
    assert {"zh-Hans", "zh-Hant-TW"} <= {language for _, language in listed}
    feeds = {feed.rpartition("/")[2] for feed in clients[name]["feeds"]}
    ending = "json" if name.endswith("2.0") else "xml"
    assert {
        f"{feed}.{ending}" for feed in ("all", "all-2", "new", "script-zh-hans", "script-zh-hant-tw", "vertical")
    } <= feeds


@pytest.mark.parametrize("name", CLIENTS)
def test_a_client_follows_every_link(name: str, clients: Any) -> None:
    links = clients[name]["links"]
    assert len(links) > MANY
    assert {address: status for address, status in links.items() if status != 200} == {}
    assert clients[name]["relative"] == []


@pytest.mark.parametrize("name", CLIENTS)
def test_a_client_downloads_what_the_sums_say(name: str, clients: Any, library: Library) -> None:
    lines = (library.shelf / "SHA256SUMS").read_text("utf-8").splitlines()
    sums = {line[66:]: line[:64] for line in lines}
    found = {unquote(address.split("/", 3)[3]): digest for address, digest in clients[name]["downloads"].items()}
    wanted = {path: digest for path, digest in sums.items() if path.endswith((".epub", ".pdf"))}
    assert found == wanted


def test_foliate_opens_a_book_through_the_feed(clients: Any, library: Library, shelf: Shelf) -> None:
    (address,) = (link for link in clients["opds-ts"]["downloads"] if link.endswith("torture.source.epub"))
    path = library.folder / "downloaded.epub"
    path.write_bytes((library.shelf / unquote(address.split("/", 3)[3])).read_bytes())
    assert clients["opds-ts"]["downloads"][address] == hashlib.sha256(path.read_bytes()).hexdigest()
    seen = shelf.once("foliate-feed", lambda: node("foliate.mjs", str(path), browser(), PATIENCE))
    assert seen["errors"] == []
    assert seen["title"].startswith("折磨之书")
    assert len(seen["sections"]) > 5


# ---------------------------------------------------------------- checkers


def test_onixcheck_accepts_the_message(library: Library) -> None:
    assert onixcheck.validate(str(library.shelf / "onix.xml"), ("xsd", "rng")) == []


def test_the_html_checker_has_nothing_to_say(library: Library) -> None:
    pages = [str(path) for path in library.files().values() if path.suffix == ".html" and path.name != "review.html"]
    jar = READERS / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
    options = ["--errors-only", "--no-langdetect", "--format", "json", "--exit-zero-always", "--stdout"]
    command = ["java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xss4m", "-jar", str(jar), *options, *pages]
    assert len(pages) > MANY
    assert told(command, cwd=library.folder)["messages"] == []


PAGES = [f"{page} {theme}" for page in ("shelf", "book", "read", "front", "imprint") for theme in ("light", "dark")]


@pytest.mark.parametrize("page", PAGES)
def test_axe_finds_no_violation(page: str, reader: Any) -> None:
    assert reader["axe"][page]["violations"] == []
    assert reader["axe"][page]["passes"] > 10  # it did look


def test_every_page_fits_a_phone(reader: Any) -> None:
    assert {page: over for page, over in reader["wide"].items() if over > 0} == {}


# ---------------------------------------------------------------- a reader


def test_nothing_goes_wrong_and_nothing_is_asked_elsewhere(reader: Any) -> None:
    assert reader["errors"] == []
    assert reader["outside"] == []


def test_search_and_filters(reader: Any) -> None:
    assert len(reader["listed"]) == 48
    assert reader["found"]["折磨"] == [torture.METADATA.title]
    assert reader["found"]["張三"] == ["直排的书"]  # in the other script
    assert reader["found"]["zhangsan"] == ["直排的书"]  # in pinyin
    assert reader["found"]["没有这样的书"] == []
    assert "没有" in reader["count"]
    assert reader["cleared"] == 48
    assert reader["filtered"] == reader["kept"] == [torture.METADATA.title]
    assert reader["english"] == "Script"


def test_a_book_is_opened_and_read_to_its_third_chapter(reader: Any) -> None:
    assert reader["title"] == torture.METADATA.title
    assert len(reader["contents"]) > 10
    assert len(reader["chapters"]) == 4
    assert len(set(reader["chapters"])) == 4
    assert reader["pageNumbers"] > 0


def test_a_note_opens_and_closes_where_it_was(reader: Any) -> None:
    assert reader["marks"] > 1
    assert squeezed(reader["note"]).removesuffix("×") == squeezed(reader["noteIs"])
    assert reader["closed"]
    assert reader["back"] == "noteref"


def test_the_place_is_remembered(reader: Any) -> None:
    assert reader["goOn"].startswith("接着读：")
    assert reader["returned"]["id"] == reader["left"]["id"]


def test_the_script_changes_at_the_same_paragraph(reader: Any) -> None:
    assert reader["otherLang"] == "zh-Hant-TW"
    assert reader["other"]["id"] == reader["returned"]["id"] == reader["again"]["id"]
    assert reader["other"]["text"] != reader["returned"]["text"]
    assert reader["again"]["text"] == reader["returned"]["text"]
    assert abs(reader["other"]["at"]) < 60
    assert reader["larger"] == "20px"


def test_once_opened_it_is_read_without_a_network(reader: Any) -> None:
    assert reader["offline"]


def test_from_the_disk_it_works_the_same(reader: Any) -> None:
    assert reader["disk"] == {"found": [torture.METADATA.title], "chapter": reader["chapters"][0], "scripts": 2}


# ---------------------------------------------------------------- two thousand books


def test_two_thousand_books(tmp_path: Path) -> None:
    """Seconds of this process: the machine of a test has other things to do."""
    library = Library(tmp_path)
    for number in range(2000):
        library.put(f"b{number:04}", book(f"中国近代史料丛刊第{number}种", publisher="某某出版社"))
    began = time.process_time()
    library.shelve()
    made = time.process_time()
    library.shelve()
    again = time.process_time()
    assert made - began <= 30
    assert again - made <= 2
    with running(library.shelf) as host:
        seen = node("first-page.mjs", f"http://{host}/", browser())
    assert seen["books"] == 48
    assert seen["bytes"] <= 200_000
    assert seen["usable"] < 1000
    assert seen["found"] == 1
