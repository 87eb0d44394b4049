"""The shelf: what may stand on it, what its pages say, and that it is replaced whole, with no file that is not its own.

tests/shelved.py makes the libraries; what real clients say of a shelf stands in tests/test_shelf_clients.py.
"""

import hashlib
import json
import re
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin

import pymupdf
import pytest
from lxml import html

from pipeline import catalogue, store
from pipeline.book import Creator
from pipeline.catalogue import LeftOff, Refused, Shelved, covers, settings
from pipeline.catalogue.pages import ON_A_LEAF
from pipeline.errors import OutputError, PipelineError, SettingsError
from tests import torture
from tests.shelved import PUBLIC, Library, book

MUPDF: Any = pymupdf  # it speaks no types


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(tmp_path)


def told(events: list[catalogue.Event]) -> Shelved:
    (shelved,) = (event for event in events if isinstance(event, Shelved))
    return shelved


def page(library: Library, path: str = "index.html") -> html.HtmlElement:
    return html.document_fromstring((library.shelf / path).read_bytes(), parser=html.HTMLParser(encoding="utf-8"))


def shown(library: Library) -> list[str]:
    return [each.text_content() for each in page(library).find_class("title")]


# ---------------------------------------------------------------- rights


def test_a_book_is_shelved_by_the_right_that_is_written_down(library: Library) -> None:
    library.put("a", book("公版书")).put("b", book("自己的"), '[shelf]\nrights = "own"\n')
    library.put("c", book("许可的"), '[shelf]\nrights = "CC-BY-4.0"\n')
    library.put("d", book("授权的"), '[shelf]\nrights = "licence"\nlicence = "经某某出版社授权"\n')
    assert told(library.shelve()).books == 4
    assert "公有领域" in page(library, "books/a/index.html").text_content()
    (licence,) = page(library, "books/c/index.html").xpath("//a[contains(@rel, 'license')]")
    assert licence.get("href") == "https://creativecommons.org/licenses/by/4.0/"
    assert "经某某出版社授权" in page(library, "books/d/index.html").text_content()


def test_without_rights_it_is_left_off_with_a_notice_that_says_how(library: Library) -> None:
    library.put("有", book("有")).put("无", book("无"), "")
    left, shelved = library.shelve()
    assert isinstance(left, LeftOff)
    assert left.book == "无"
    assert str(library.seeds / "无.toml") in left.notice.message
    assert 'rights = "public-domain"' in left.notice.message
    assert isinstance(shelved, Shelved)
    assert shown(library) == ["有"]
    assert [path for path in library.files() if "无" in path] == []
    assert library.shelve()[0] == left  # and again where nothing has changed


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ('[shelf]\nrights = "public"\n', 2, "public-domain"),
        ('[shelf]\n\nrights = "licence"\n', 3, "licence ="),
        ('[shelf]\nrights = "own"\nsince = "2026-13-01"\n', 3, "2026-11-01"),
        ('[shelf]\nright = "own"\n', 2, "rights"),
    ],
)
def test_a_wrong_right_is_told_by_file_line_and_key(library: Library, text: str, line: int, says: str) -> None:
    library.put("a", book(), text).put("b", book("乙"))
    refused, shelved = library.shelve()
    assert isinstance(refused, Refused)
    assert f"a.toml:{line} shelf" in str(refused.error)
    assert says in str(refused.error)
    assert isinstance(shelved, Shelved)
    assert shelved.books == 1


def test_the_review_page_goes_along_only_where_it_is_asked_for(library: Library) -> None:
    library.put("a", book("甲")).put("b", book("乙"), PUBLIC + "review = true\n")
    library.shelve()
    assert [path for path in library.files() if path.endswith("review.html")] == ["books/b/review.html"]
    assert page(library, "books/b/index.html").xpath("//a[@href='review.html']")


# ---------------------------------------------------------------- shelf.toml


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ('[shelf]\nname = ""\n', 2, "name"),
        ('[shelf]\nname = "甲"\nbase_url = "example.org"\n', 3, "https://"),
        ('[shelf]\nbase_url = "https://example.org/?q"\n', 2, "https://"),
        ('[shelf]\ncontact = "javascript:alert(1)"\n', 2, "电子邮箱"),
        ('[shelf]\nlanguages = ["zh-Hans", "fr"]\n', 2, "zh-Hant"),
        ("[shelf]\nlanguages = []\n", 2, "zh-Hans"),
        ('[shelf]\nminisign = "nowhere.key"\n', 2, "minisign"),
        ('[shelf]\ngpg = "--output"\n', 2, "指纹"),
        ('[shelf]\nnaem = "甲"\n', 2, "name"),
        ('[shlef]\nname = "甲"\n', 1, "shelf"),
        ("[shelf\n", 1, "TOML"),
    ],
)
def test_a_wrong_setting_is_told_by_file_line_and_key(library: Library, text: str, line: int, says: str) -> None:
    library.put("a", book()).settings(text)
    with pytest.raises(SettingsError) as told:
        library.shelve()
    assert f"shelf.toml:{line}" in str(told.value)
    assert says in str(told.value)


def test_every_setting_arrives(tmp_path: Path) -> None:
    (tmp_path / "k").touch()
    path = tmp_path / "shelf.toml"
    path.write_text(
        '[shelf]\nname = "甲"\ndescription = "乙"\nbase_url = "https://example.org/books"\ncontact = "a@b.cn"\n'
        'licence = "丙"\nlanguages = ["zh-Hant"]\nminisign = "k"\ngpg = "a@b.cn"\n',
        "utf-8",
    )
    said = settings.read(path)
    assert said.base_url == "https://example.org/books/"
    assert (said.name, said.languages, said.minisign) == ("甲", ("zh-Hant",), str(tmp_path / "k"))
    assert settings.read(tmp_path / "none.toml") == settings.ShelfSettings()


# ---------------------------------------------------------------- what stands on it


def test_a_page_tells_what_is_known_of_a_book(library: Library) -> None:
    made = book(
        "社会科学概论", subtitle="讲义", isbn="978-7-5051-2622-0", publisher="某社", place="上海", date="2013-04",
        subjects=("社会科学",), classes=("C0",), creators=(Creator("瞿秋白", "著"),),
    )  # fmt: skip
    toml = PUBLIC + 'since = "2026-11-20"\n[book]\ndescription = "一段简介。"\nrights = "版权说明"\n'
    library.put("社会", made, toml, ("source", "hant-tw"), vertical=True).shelve()
    found = page(library, "books/社会/index.html").text_content()
    said = (
        "社会科学概论",
        "讲义",
        "瞿秋白",
        "一段简介。",
        "上海：某社",
        "2013-04",
        "978-7-5051-2622-0",
        "C0",
        "社会科学",
    )
    for words in (*said, "版权说明", "2026-11-20", "第一章 开头", "省略号是六个点", "台湾繁体", "直排"):
        assert words in found, words
    for name in ("社会.source.epub", "社会.source.pdf", "社会.hant-tw.epub", "社会.hant-tw.pdf"):
        data = (library.shelf / "books/社会" / name).read_bytes()
        assert data == (library.built / "社会" / name).read_bytes()
        assert hashlib.sha256(data).hexdigest() in found


def test_structured_data_name_the_right_things(library: Library) -> None:
    made = book("甲</script><b>", isbn="978-7-5051-2622-0", creators=(Creator("张三", "著"), Creator("李四", "译")))
    library.settings('[shelf]\nbase_url = "https://example.org/b"\n').put("a", made).shelve()
    (data,) = page(library, "books/a/index.html").xpath("//script[@type='application/ld+json']")
    said = json.loads(data.text_content())
    assert (said["@type"], said["name"], said["author"]) == (
        "Book",
        "甲</script><b>",
        [{"@type": "Person", "name": "张三"}],
    )
    assert said["translator"] == [{"@type": "Person", "name": "李四"}]
    assert said["url"] == "https://example.org/b/books/a/"
    printed, edition = said["workExample"]
    assert printed["isbn"] == "9787505126220"
    for file in edition["encoding"]:
        path = library.shelf / file["contentUrl"].removeprefix("https://example.org/b/")
        assert file["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
        assert file["contentSize"] == str(path.stat().st_size)


def test_a_file_made_from_an_older_text_stays_off(library: Library) -> None:
    library.put("a", book(), PUBLIC, ("source", "hant-tw"))
    made = store.shelf(library.built, "a")
    library.write("a", {
        name: (entry.key if "hant-tw.pdf" not in name else "older", (made.folder / name).read_bytes())
        for name, entry in made.entries.items()
    })  # fmt: skip
    left, shelved = library.shelve()
    assert isinstance(left, LeftOff)
    assert "a.hant-tw.pdf" in left.notice.message
    assert isinstance(shelved, Shelved)
    assert "books/a/a.hant-tw.pdf" not in library.files()
    assert "books/a/a.hant-tw.epub" in library.files()


def test_a_file_that_was_tampered_with_stays_off(library: Library) -> None:
    library.put("a", book())
    (library.built / "a" / "a.source.pdf").write_bytes(b"something else")
    assert any(isinstance(event, LeftOff) and "a.source.pdf" in event.notice.message for event in library.shelve())
    assert "books/a/a.source.pdf" not in library.files()


def test_a_book_that_was_never_built_is_an_error_of_its_own(library: Library) -> None:
    library.put("a", book()).put("b", book("乙"))
    for path in (library.built / "b").iterdir():
        path.unlink()
    refused, shelved = library.shelve()
    assert isinstance(refused, Refused)
    assert "make" in refused.error.remedy
    assert isinstance(shelved, Shelved)
    assert shelved.books == 1


def test_an_epub_that_cannot_be_read_is_an_error_of_its_own(library: Library) -> None:
    library.put("a", book()).put("b", book("乙"))
    made = store.shelf(library.built, "b")
    library.write("b", {
        name: (entry.key, b"no zip" if name.endswith(".epub") else (made.folder / name).read_bytes())
        for name, entry in made.entries.items()
    })  # fmt: skip
    refused, shelved = library.shelve()
    assert isinstance(refused, Refused)
    assert "--force" in refused.error.remedy
    assert isinstance(shelved, Shelved)


def test_an_empty_library_is_an_empty_shelf(library: Library) -> None:
    library.put("a", book(), "")
    assert told(library.shelve()).books == 0
    assert "还没有书" in page(library).text_content()


def test_long_lists_are_cut_into_leaves_and_searched_as_one(library: Library) -> None:
    for number in range(ON_A_LEAF + 2):
        library.put(f"b{number:03}", book(f"书{number:03}"))
    library.shelve()
    assert len(shown(library)) == ON_A_LEAF
    second = page(library, "list/2.html")
    assert [each.text_content() for each in second.find_class("title")] == [f"书{n:03}" for n in (48, 49)]
    script = (library.shelf / "data/books.js").read_text("utf-8")
    rows = json.loads(script.removeprefix("shelfBooks(").removesuffix(");\n"))
    assert len(rows) == ON_A_LEAF + 2
    assert "Shu000" in rows[0][-1]  # found by pinyin
    assert "書000" in rows[0][-1]  # and in the other script


@pytest.mark.parametrize("data", [b"", b"no picture", b"\x89PNG\r\n\x1a\nrest", b"\xff\xd8\xff rest"])
def test_a_damaged_cover_is_no_cover(data: bytes) -> None:
    assert covers.pictures(data) == {}


@pytest.mark.parametrize(("space", "alpha"), [("csRGB", 0), ("csRGB", 1), ("csGRAY", 0), ("csGRAY", 1), ("csCMYK", 0)])
def test_covers_of_any_colours_are_made_to_measure(space: str, alpha: int) -> None:
    whole = MUPDF.Pixmap(getattr(MUPDF, space), MUPDF.IRect(0, 0, 900, 1500), alpha)
    whole.clear_with(90)
    made = covers.pictures(whole.tobytes("jpeg" if space == "csCMYK" else "png"))
    sizes = {name: (MUPDF.Pixmap(data).width, MUPDF.Pixmap(data).height) for name, data in made.items()}
    assert sizes == {"cover.jpg": (504, 840), "thumb.jpg": (270, 450)}


def test_a_book_with_a_damaged_cover_is_shelved_without_it(library: Library) -> None:
    library.put("a", book("甲"), cover=b"no picture").shelve()
    assert [path for path in library.files() if path.endswith(".jpg")] == []
    assert page(library).find_class("cover plain")[0].text_content() == "甲"
    assert dead_links(library) == []


# ---------------------------------------------------------------- links and sums


def dead_links(library: Library) -> list[tuple[str, str]]:
    """Every address in every page that leads to no file of the shelf."""
    files = set(library.files())
    dead = []
    for path in sorted(files):
        if not path.endswith(".html") or path.endswith("review.html"):
            continue
        for _, _, link, _ in page(library, path).iterlinks():
            if re.match(r"[a-z]+:", link):
                continue
            target = unquote(urljoin(f"http://x/{path}", link)).removeprefix("http://x/").partition("#")[0]
            if target not in files:
                dead.append((path, link))
    return dead


def test_every_link_leads_to_a_file_of_the_shelf(library: Library) -> None:
    for number in range(ON_A_LEAF + 1):
        library.put(f"书 {number}·甲", book(f"书{number}"), PUBLIC + "review = true\n")
    library.shelve()
    assert dead_links(library) == []


def test_the_contents_of_a_page_lead_into_the_book(library: Library) -> None:
    library.put_real("折磨", torture.book()).shelve()
    assert dead_links(library) == []
    links = page(library, "books/折磨/index.html").xpath("//section[@class='contents']//a")
    assert len(links) > 20
    for link in links:
        name, _, anchor = link.get("href").partition("#")
        read = page(library, f"books/折磨/{name}")
        place = read.get_element_by_id(anchor) if anchor else read.get_element_by_id("text")
        assert "".join(link.text_content().split()) in "".join(place.text_content().split())


def test_the_sums_are_those_of_every_file(library: Library) -> None:
    library.put("a", book()).put("乙", book("乙")).shelve()
    lines = (library.shelf / "SHA256SUMS").read_text("utf-8").splitlines()
    sums = {line[66:]: line[:64] for line in lines}
    files = library.files()
    assert set(sums) == set(files) - {"SHA256SUMS", ".shelf.json"}
    assert all(hashlib.sha256(files[path].read_bytes()).hexdigest() == digest for path, digest in sums.items())
    subprocess.run(["sha256sum", "--check", "--quiet", "--strict", "SHA256SUMS"], cwd=library.shelf, check=True)


def test_nothing_is_asked_of_another_place(library: Library) -> None:
    library.put("a", book()).shelve()
    for path in ("index.html", "books/a/index.html"):
        policy = page(library, path).xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
        assert policy.startswith("default-src 'none'; script-src 'self'")
        assert "unsafe" not in policy
        fetched = [link for element, _, link, _ in page(library, path).iterlinks() if element.tag != "a"]
        assert fetched
        assert [link for link in fetched if ":" in link or link.startswith("//")] == []
    assert "@import" not in (library.shelf / "style/shelf.css").read_text("utf-8")
    assert "url(" not in (library.shelf / "style/shelf.css").read_text("utf-8")


# ---------------------------------------------------------------- hostile metadata

HOSTILE = (
    '"><script>alert(1)</script><img src=x onerror=alert(1)>',
    "../../../etc/passwd",
    "\u202e倒着写的书名\u202d\u2066",
    "很长的书名" * 60,
    "]]></title><!--",
    "{{ 7 * 7 }}{% raw %}",
    "a\u2028b\u2029c\x85d",
    "同名", "同名",
)  # fmt: skip


def test_hostile_words_are_shown_and_do_nothing(library: Library) -> None:
    for number, title in enumerate(HOSTILE):
        made = book(
            title, subtitle=title, publisher=title, series=title, subjects=(title,), creators=(Creator(title, title),)
        )
        library.put(f"h{number}", made, PUBLIC + f"[book]\ndescription = {json.dumps(title.replace(chr(0x85), ''))}\n")
    library.settings(f"[shelf]\nname = {json.dumps(HOSTILE[0])}\nlicence = {json.dumps(HOSTILE[4])}\n")
    assert told(library.shelve()).books == len(HOSTILE)
    assert sorted(shown(library)) == sorted(title.replace("\x85", "\ufffd") for title in HOSTILE)
    for path in library.files():
        if path.endswith(".html") and not path.endswith("review.html"):
            found = page(library, path)
            assert len(found.xpath("//script")) == (1 if path == "index.html" else 2), path
            assert found.xpath("//@onerror | //iframe | //object") == []
    for number, hostile in enumerate(HOSTILE):
        title = hostile.replace("\x85", "\ufffd")  # a control, which no page may hold
        found = page(library, f"books/h{number}/index.html")
        assert found.xpath("//h1")[0].text_content().strip() == title.strip()
        assert found.xpath("//h1/bdi")  # a right-to-left override ends with the title
        (data,) = found.xpath("//script[@type='application/ld+json']")
        assert json.loads(data.text_content())["name"] == title
    assert dead_links(library) == []


def test_hostile_names_stay_in_the_folder(library: Library) -> None:
    library.put("<b>&'\"", book("甲")).put("con", book("乙")).put("shelf", book("丙")).put("%2e%2e", book("丁"))
    assert told(library.shelve()).books == 4
    assert dead_links(library) == []
    assert {path.split("/")[1] for path in library.files() if path.startswith("books/")} == {
        "b", "book_con", "book_shelf", "2e_2e",
    }  # fmt: skip
    assert sorted(path.name for path in library.folder.iterdir()) == ["build", "seeds"]


# ---------------------------------------------------------------- whole, and only what is new


def test_nothing_changed_nothing_touched(library: Library) -> None:
    library.put("a", book()).shelve()
    before = {path: file.stat().st_mtime_ns for path, file in library.files().items()}
    shelved = told(library.shelve())
    assert (shelved.fresh, shelved.gone) == (0, 0)
    assert {path: file.stat().st_mtime_ns for path, file in library.files().items()} == before


def test_a_new_description_makes_the_pages_of_its_book_anew_and_no_more(library: Library) -> None:
    library.put("a", book("甲")).put("b", book("乙")).shelve()
    before = {path: file.stat().st_ino for path, file in library.files().items()}
    (library.seeds / "a.toml").write_text(PUBLIC + '[book]\ndescription = "新的"\n', "utf-8")
    library.shelve()
    changed = {path for path, file in library.files().items() if before[path] != file.stat().st_ino}
    feeds = {path for path in changed if path.startswith("opds/")} | {"feed.xml", "onix.xml"}
    assert changed == {"books/a/index.html", "SHA256SUMS", ".shelf.json"} | feeds


def test_what_leaves_the_library_leaves_the_shelf(library: Library) -> None:
    library.put("a", book("甲")).put("b", book("乙")).shelve()
    (library.seeds / "b.txt").unlink()
    shelved = told(library.shelve())
    assert shelved.books == 1
    assert shelved.gone > 3
    assert shown(library) == ["甲"]
    assert [path for path in library.files() if path.startswith("books/b/")] == []


def test_a_file_lost_from_the_shelf_comes_back(library: Library) -> None:
    library.put("a", book()).shelve()
    (library.shelf / "books/a/a.source.pdf").unlink()
    (library.shelf / "stray.txt").write_text("nothing of ours")
    assert told(library.shelve()).books == 1
    assert "books/a/a.source.pdf" in library.files()
    assert "stray.txt" not in library.files()


def test_a_failure_leaves_the_old_shelf_as_it_was(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    library.put("a", book()).shelve()
    before = {path: file.read_bytes() for path, file in library.files().items()}
    library.put("b", book("乙"))

    def full(*_: object) -> bytes:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(catalogue.folder, "_write", full)
    with pytest.raises(OutputError, match="磁盘满了"):
        library.shelve()
    assert {path: file.read_bytes() for path, file in library.files().items()} == before
    assert [path.name for path in library.built.iterdir() if "writing" in path.name] == []


def test_without_an_exchange_in_one_step_it_is_replaced_all_the_same(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.put("a", book()).shelve()
    monkeypatch.setattr(catalogue.folder, "_exchanged", lambda *_: False)
    library.put("b", book("乙"))
    assert told(library.shelve()).books == 2
    assert "books/b/b.source.epub" in library.files()
    assert [path.name for path in library.built.iterdir() if "writing" in path.name] == []


def test_the_same_library_gives_the_same_bytes(tmp_path: Path) -> None:
    shelves = []
    for folder, names in (("one", "ab"), ("two", "ba")):
        library = Library(tmp_path / folder)
        for name in names:
            library.put(name, book(name))
        library.shelve()
        shelves.append({path: file.read_bytes() for path, file in library.files().items()})
    assert shelves[0] == shelves[1]


def test_a_folder_of_somebody_else_is_never_replaced(library: Library) -> None:
    library.put("a", book())
    library.shelf.mkdir(parents=True)
    (library.shelf / "thesis.doc").write_text("years of work")
    with pytest.raises(OutputError, match="--to"):
        library.shelve()
    assert (library.shelf / "thesis.doc").read_text() == "years of work"


def test_a_damaged_memory_is_no_memory(library: Library) -> None:
    library.put("a", book()).shelve()
    for damage in (b"", b"[]", b'{"program": 1, "books": 3}', b"\xff\xfe"):
        (library.built / ".catalogue.json").write_bytes(damage)
        assert told(library.shelve()).books == 1
    (library.shelf / ".shelf.json").write_bytes(b'{"format": 1, "key": "", "files": {"a": []}}')
    assert told(library.shelve()).books == 1


# ---------------------------------------------------------------- signatures


@pytest.mark.slow
def test_minisign_signs_the_sums(library: Library) -> None:
    def run(*command: str) -> None:
        subprocess.run(["minisign", *command], cwd=library.folder, check=True, capture_output=True)

    run("-G", "-W", "-p", "k.pub", "-s", "k.key")
    library.settings('[shelf]\nminisign = "k.key"\n').put("a", book()).shelve()
    check = ("-V", "-p", "k.pub", "-m", "build/shelf/SHA256SUMS")
    run(*check)
    assert page(library).xpath("//a[@href='SHA256SUMS.minisig']")
    library.put("b", book("乙")).shelve()
    run(*check)
    (library.shelf / "SHA256SUMS").write_text("tampered")
    with pytest.raises(subprocess.CalledProcessError):
        run(*check)


@pytest.mark.slow
def test_gpg_signs_the_sums(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    home = library.folder / "g"
    home.mkdir(mode=0o700)
    monkeypatch.setenv("GNUPGHOME", str(home))
    try:
        make = [
            "gpg",
            "--batch",
            "--passphrase",
            "",
            "--quick-generate-key",
            "shelf@example.org",
            "ed25519",
            "sign",
            "never",
        ]
        subprocess.run(make, check=True, capture_output=True)
        library.settings('[shelf]\ngpg = "shelf@example.org"\n').put("a", book()).shelve()
        check = ["gpg", "--batch", "--verify", "SHA256SUMS.asc", "SHA256SUMS"]
        subprocess.run(check, cwd=library.shelf, check=True, capture_output=True)
        library.settings('[shelf]\ngpg = "nobody@example.org"\n')
        with pytest.raises(PipelineError, match="没有签成"):
            library.shelve()
        subprocess.run(check, cwd=library.shelf, check=True, capture_output=True)  # the old shelf stands
    finally:
        subprocess.run(["gpgconf", "--kill", "all"], check=False, capture_output=True)


def test_a_missing_program_is_told(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    (library.folder / "k").touch()
    library.settings('[shelf]\nminisign = "k"\n').put("a", book())
    monkeypatch.setenv("PATH", str(library.folder))
    with pytest.raises(PipelineError, match="找不到 minisign"):
        library.shelve()
