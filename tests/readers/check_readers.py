"""What readers and checkers that nobody here wrote make of our e-books: `make readers`. Needs Node.js and Chromium.

foliate-js (in headless Chromium) opens the torture book, shows each note in a pop-up, and its text is compared with the
Book's; Readium's parser sees the same contents; DAISY Ace finds nothing. Not part of `make test`, which needs no Node.
"""

import json
import os
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from pipeline import style, walk
from pipeline.config import EpubSettings, Settings
from pipeline.render import epub
from tests import torture

HERE = Path(__file__).parent
BOOKS = ["torture", "vertical", "nameless"]


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shelf")
    looks, nameless = style.load(), torture.book(1, metadata=torture.NAMELESS)
    made = {
        "torture": epub.render(torture.edition(), looks, Settings()),
        "vertical": epub.render(torture.edition(lang="zh-Hant"), looks, Settings(epub=EpubSettings(vertical=True))),
        "nameless": epub.render(torture.edition(nameless, stem="nameless"), looks, Settings()),
    }
    for name, artifact in made.items():
        (folder / f"{name}.epub").write_bytes(artifact.data)
    return folder


def chromium() -> str:
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert found, "没有 Chromium：apt install chromium"
    return found


def node(script: str, *arguments: str) -> Any:
    told = subprocess.run(
        ["node", script, *arguments], cwd=HERE, capture_output=True, text=True, timeout=300, check=False
    )
    assert told.returncode == 0, told.stderr
    return json.loads(told.stdout)


@cache
def in_foliate(path: Path) -> Any:
    return node("foliate.mjs", str(path), chromium())


def squeezed(words: str) -> str:
    return "".join(words.split())


@pytest.mark.parametrize("name", BOOKS)
def test_foliate_reads_every_character(name: str, shelf: Path) -> None:
    seen = in_foliate(shelf / f"{name}.epub")
    assert seen["errors"] == []
    read = squeezed("".join(section["text"] for section in seen["sections"]))
    at = 0
    for section in torture.book(3 if name != "nameless" else 1).sections:
        for leaf in walk.section_leaves(section):
            words = squeezed(walk.shown(leaf))
            place = read.find(words, at)
            assert place >= 0, words
            at = place + len(words)


@pytest.mark.parametrize("name", BOOKS)
def test_foliate_pops_up_every_note_and_the_way_back_returns(name: str, shelf: Path) -> None:
    seen = in_foliate(shelf / f"{name}.epub")
    notes = {note.anchor: note for note in torture.book().notes}
    assert len(seen["notes"]) >= 15
    for anchor, shown in seen["notes"]:
        said = squeezed("".join(map(walk.block_plain, notes[anchor].blocks)))
        assert said in squeezed(shown), anchor
        for other in notes.values():  # and nothing of another note
            if other.anchor != anchor:
                assert squeezed("".join(map(walk.block_plain, other.blocks))) not in squeezed(shown)
    assert seen["backlinks"]
    assert all(seen["backlinks"])


def test_foliate_sees_pages_landmarks_and_mode(shelf: Path) -> None:
    seen = in_foliate(shelf / "torture.epub")
    assert seen["pages"] == ["i", "ii", "1", "2", "3", "4", "10", "11", "12"]
    assert seen["landmarks"] == ["cover", "titlepage", "copyright-page", "toc", "bodymatter", "colophon"]
    assert {section["mode"] for section in seen["sections"]} == {"horizontal-tb"}
    upright = in_foliate(shelf / "vertical.epub")
    assert upright["direction"] == "rtl"
    assert {section["mode"] for section in upright["sections"]} == {"vertical-rl"}


@pytest.mark.parametrize("name", BOOKS)
def test_readium_reads_the_same_book(name: str, shelf: Path) -> None:
    seen = node("readium.cjs", str(shelf / f"{name}.epub"))
    foliate = in_foliate(shelf / f"{name}.epub")
    assert len(seen["readingOrder"]) == len(foliate["sections"])
    assert [item["title"] for item in _flat(seen["toc"])] == foliate["contents"]
    assert [item["title"] for item in seen["pageList"]] == foliate["pages"]
    assert len(seen["landmarks"]) == len(foliate["landmarks"])


def _flat(items: list[Any]) -> list[Any]:
    return [deep for item in items for deep in (item, *_flat(item.get("children", [])))]


@pytest.mark.parametrize("name", BOOKS)
def test_ace_finds_no_violation(name: str, shelf: Path) -> None:
    out = shelf / f"ace-{name}"
    ace = HERE / "node_modules" / ".bin" / "ace-puppeteer"
    told = subprocess.run(
        [str(ace), "--silent", "--force", "--outdir", str(out), str(shelf / f"{name}.epub")],
        env={**os.environ, "PUPPETEER_EXECUTABLE_PATH": chromium()},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert (out / "report.json").exists(), told.stdout + told.stderr
    report = json.loads((out / "report.json").read_text("utf-8"))
    complaints = [
        (page["earl:testSubject"]["url"], one["earl:test"]["dct:title"], one["earl:result"]["dct:description"])
        for page in report["assertions"]
        for one in page["assertions"]
    ]
    assert complaints == []
    assert report["earl:result"]["earl:outcome"] == "pass"
