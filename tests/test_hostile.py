"""Two hundred hostile inputs beside three good books in one run: no traceback, no hang, nothing read, fetched or
written that should not be, a message for each, and the good books as if nothing had been.

The huge ones (10 MB in a line, 100,000 headings) are whole in `make faults`; a few of them, small, in `make test`.
"""

import http.server
import json
import os
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from lxml import etree

from pipeline import source, store
from pipeline.errors import ExitCode
from tests import hostile, library
from tests.hostile import Case

ROOT = Path(__file__).resolve().parent.parent
WHOLE = "FAULTS" in os.environ
PATIENCE = 60.0  # seconds for one book
HIDDEN = "不可告人之密语一二三四五"
GOOD = 3
HUGE = [case for case in hostile.cases(Path("/x"), "http://x/") if case.huge][: None if WHOLE else 5]
# What a book of ours is made of; anything else has come out of a seed.
OURS = frozenset(
    """
    html head title meta link body section header footer nav aside div p span h1 h2 h3 h4 h5 h6 ol ul li dl dt dd a em
    strong b i sup sub br hr img svg table caption thead tbody tr th td blockquote figure figcaption ruby rt rp cite
    small code pre math q bdi abbr time g path rect
    """.split()  # noqa: SIM905  a list of sixty strings reads worse
)

pytestmark = pytest.mark.slow


@dataclass
class Told:
    """What a run said and left behind."""

    folder: Path
    out: Path
    cases: dict[str, Case]  # by the name that the run gives each
    code: int
    err: str
    events: list[dict[str, object]]
    called: list[str] = field(default_factory=list)
    before: frozenset[str] = frozenset()

    def of(self, kind: str) -> list[dict[str, object]]:
        return [event for event in self.events if event["event"] == kind]


class _Server:
    """An address that is not to be called, and who called it all the same."""

    def __init__(self) -> None:
        called: list[str] = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                called.append(self.path)
                self.send_error(404)

            def log_message(self, *_: object) -> None:
                pass

        self.called = called
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/x"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


def press(seeds: list[Path], out: Path, *more: str, patience: float = 3000) -> tuple[int, str, list[dict[str, object]]]:
    command = [sys.executable, "-m", "pipeline", "build", "--json", "--format", "epub", "--out", str(out), *more, "--"]
    found = subprocess.run(
        [*command, *map(str, seeds)], cwd=ROOT, capture_output=True, encoding="utf-8", timeout=patience, check=False
    )
    return found.returncode, found.stderr, [json.loads(line) for line in found.stdout.splitlines()]


def tree(folder: Path, *, but: Path) -> frozenset[str]:
    return frozenset(str(path) for path in folder.rglob("*") if not path.is_relative_to(but))


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    """One run over everything that is not huge."""
    folder = tmp_path_factory.mktemp("hostile")
    secret = folder / "secret.txt"
    secret.write_text(HIDDEN, encoding="utf-8")
    server = _Server()
    cases = [case for case in hostile.cases(secret, server.url) if not case.huge]
    seeds = folder / "seeds"
    paths = []
    for number, case in enumerate(cases):
        home = seeds / f"{number:03}"
        home.mkdir(parents=True)
        for name, data in case.files.items():
            (home / name).write_bytes(data)
        paths.append(home / case.seed)
    library.write(seeds / "good", GOOD, 5_000, 20_000)
    before = tree(folder, but=folder / "out")
    found = [seed for path in [*paths, seeds / "good"] for seed in source.resolve(path)]
    names = store.folder_names(found)[: len(cases)]
    code, err, events = press([*paths, seeds / "good"], folder / "out", "-j2")
    yield Told(folder, folder / "out", dict(zip(names, cases, strict=True)), code, err, events, server.called, before)
    server.server.shutdown()
    server.server.server_close()


def test_there_are_two_hundred_of_them() -> None:
    assert len(hostile.cases(Path("/x"), "http://x/")) >= 200


def test_nothing_breaks(told: Told) -> None:
    assert told.err == ""
    assert told.code == ExitCode.SOME_FAILED
    assert [event for event in told.of("failed") if event["exit"] == ExitCode.BROKEN_LAW] == []
    known = {"planned", "started", "noticed", "read", "written", "failed", "ended", "reported"}
    assert {event["event"] for event in told.events} == known


def test_each_is_a_book_or_is_told_with_its_place(told: Told) -> None:
    failed = {str(event["book"]): event for event in told.of("failed")}
    made = {Path(str(event["path"])).parent.name for event in told.of("written") if str(event["path"]).endswith("epub")}
    for name, case in told.cases.items():
        if name in failed:
            event = failed[name]
            assert event["message"], case.name
            assert any(file in str(event["where"]) for file in case.files), (case.name, event)
        else:
            assert not case.fails, case.name
            assert name in made, case.name
    assert {name for name in failed if name in made} == set()


def test_none_takes_longer_than_a_minute(told: Told) -> None:
    slow = [event for event in told.of("ended") if float(str(event["seconds"])) > PATIENCE]
    assert slow == []


def test_the_good_books_are_as_they_are_alone(told: Told, tmp_path: Path) -> None:
    code, _, events = press([told.folder / "seeds" / "good"], tmp_path / "alone", "-j1")
    assert code == ExitCode.OK
    alone = [Path(str(event["path"])) for event in events if event["event"] == "written"]
    assert len(alone) == 2 * GOOD
    for path in alone:
        assert (told.out / path.parent.name / path.name).read_bytes() == path.read_bytes()


def test_nothing_is_fetched_read_or_written_elsewhere(told: Told) -> None:
    assert told.called == []
    assert tree(told.folder, but=told.out) == told.before
    secret = HIDDEN.encode()
    for path in told.out.rglob("*"):
        assert not path.is_symlink()
        if path.is_file():
            assert len(path.relative_to(told.out).parts) <= 2
            assert secret not in path.read_bytes(), path
            if path.suffix == ".epub":
                with zipfile.ZipFile(path) as book:
                    assert all(secret not in book.read(name) for name in book.namelist()), path


def test_no_word_of_a_seed_is_markup_of_a_book(told: Told) -> None:
    books = list(told.out.rglob("*.epub"))
    assert len(books) > 100
    for path in books:
        with zipfile.ZipFile(path) as book:
            for name in book.namelist():
                assert not name.startswith(("/", "..")), name
                assert ".." not in name.split("/"), name
                if name.endswith(".xhtml"):
                    _inspect(path, etree.fromstring(book.read(name)))
    for path in told.out.rglob("review.html"):
        assert path.read_text("utf-8").count("<script") == 2, path  # its own, and its data


def _inspect(path: Path, root: etree._Element) -> None:
    for element in root.iter(etree.Element):
        assert etree.QName(element).localname in OURS, (path, element.tag)
        for key, value in element.attrib.items():
            assert not str(key).startswith("on"), (path, key)
            if str(key) in {"src", "href"}:
                assert ":" not in str(value), (path, value)


# ---------------------------------------------------------------- large ones


@pytest.mark.parametrize("case", HUGE, ids=lambda case: case.name)
def test_what_is_huge_takes_its_time_and_no_more(case: Case, tmp_path: Path) -> None:
    (data,) = case.files.values()
    if not WHOLE and not case.fails:
        data = data[: len(data) // 100].decode("utf-8", "ignore").encode()
    (tmp_path / case.seed).write_bytes(data)
    library.write(tmp_path / "good", 1, 5_000, 5_000)
    code, err, events = press(
        [tmp_path / case.seed, tmp_path / "good"], tmp_path / "out", "-j1", "--time-limit", "60", patience=300
    )
    failed = [event for event in events if event["event"] == "failed"]
    assert err == ""
    assert [event for event in failed if event["exit"] == ExitCode.BROKEN_LAW] == []
    assert code == (ExitCode.SOME_FAILED if case.fails else ExitCode.OK), failed
    assert len(list((tmp_path / "out").rglob("*.epub"))) == (1 if case.fails else 2)


def test_a_cover_beyond_its_folder_is_refused_through_a_link_too(tmp_path: Path) -> None:
    (tmp_path / "elsewhere.jpg").write_bytes(b"\xff\xd8\xff")
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    (seeds / "书.txt").write_text(hostile.TEXT, encoding="utf-8")
    (seeds / "书.toml").write_text("cover = 'c.jpg'\n", encoding="utf-8")
    (seeds / "c.jpg").symlink_to(tmp_path / "elsewhere.jpg")
    code, _, events = press([seeds], tmp_path / "out", "-j1")
    assert code == ExitCode.USAGE
    assert any("不在设置文件的文件夹里" in str(event.get("message")) for event in events)


def test_an_epub_that_is_a_bomb_is_not_read(tmp_path: Path) -> None:
    """Whoever reads anybody's e-books (`check`) counts before it inflates."""
    path = tmp_path / "bomb.epub"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for number in range(4):
            file.writestr(f"{number}.xhtml", b"0" * 200_000_000)
    command = [sys.executable, "-m", "pipeline", "check", str(path)]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", timeout=120, check=False)
    assert found.returncode != 0
    assert "Traceback" not in found.stderr
    assert str(path) in found.stdout + found.stderr
