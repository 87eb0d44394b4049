"""The check of finished e-books: each rule finds its fault and lets what is right alone; what is no book is told."""

import io
import json
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from pipeline import check, cli, style
from pipeline.config import Settings
from pipeline.errors import PipelineError
from pipeline.render import epub
from tests import torture

CASES = Path(__file__).parent / "cases" / "check"
SOUND = (
    "<dc:title>书</dc:title><dc:creator>某人</dc:creator><dc:language>zh-Hans</dc:language>"
    "<dc:identifier>urn:uuid:0</dc:identifier>"
)


def packed(html: str, contents: list[str], pages: list[str], metadata: str) -> bytes:
    """The smallest e-book with this body."""
    head = '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" lang="zh-Hans"><body>'
    listed = "".join(f'<li><a href="c.xhtml">{entry}</a></li>' for entry in contents)
    paged = "".join(f'<li><a href="c.xhtml">{page}</a></li>' for page in pages)
    files = {
        "META-INF/container.xml": '<container><rootfiles><rootfile full-path="EPUB/p.opf"/></rootfiles></container>',
        "EPUB/p.opf": '<package xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata>'
        + metadata
        + "</metadata><manifest>"
        '<item id="c" href="c.xhtml" media-type="application/xhtml+xml"/>'
        '<item id="n" href="n.xhtml" media-type="application/xhtml+xml" properties="nav"/>'
        '</manifest><spine><itemref idref="c"/></spine></package>',
        "EPUB/c.xhtml": f"{head}{html}</body></html>",
        "EPUB/n.xhtml": f'{head}<nav epub:type="toc"><ol>{listed}</ol></nav>'
        f'<nav epub:type="page-list"><ol>{paged}</ol></nav></body></html>',
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name, text in files.items():
            file.writestr(name, text)
    return out.getvalue()


def case(said: dict[str, Any]) -> bytes:
    return packed(said["html"], said.get("contents", ["甲"]), said.get("pages", []), said.get("metadata", SOUND))


def cases(kind: str) -> list[Any]:
    return [
        pytest.param(path.stem, said, id=f"{path.stem}-{number}")
        for path in sorted(CASES.glob("*.toml"))
        for number, said in enumerate(tomllib.loads(path.read_text("utf-8"))[kind])
    ]


@pytest.mark.parametrize(("rule", "said"), cases("find"))
def test_a_fault_is_found(rule: str, said: dict[str, Any]) -> None:
    assert rule in {finding.rule for finding in check.check(case(said))}


@pytest.mark.parametrize(("rule", "said"), cases("keep"))
def test_what_is_right_is_left_alone(rule: str, said: dict[str, Any]) -> None:
    assert rule not in {finding.rule for finding in check.check(case(said))}


def test_every_rule_has_its_cases() -> None:
    assert {rule.id for rule in check.RULES} == {path.stem for path in CASES.glob("*.toml")}
    assert len({rule.id for rule in check.RULES}) == len(check.RULES) >= 40


def test_a_sound_book_has_no_findings() -> None:
    sound = packed("<h1>甲</h1><p>群众路线是党的生命线。</p>", ["甲"], ["1", "2"], SOUND)
    assert check.check(sound) == ()


def test_our_own_pages_are_sound() -> None:
    """What the press adds to a book (title pages, imprint, contents, notes) gives the check nothing to say."""
    data = epub.render(torture.edition(), style.load(), Settings()).data
    found = {finding.rule for finding in check.check(data)}
    assert not found & {"dead-link", "no-contents", "isbn", "language", "picture-without-words", "mark-to-no-note"}


@pytest.mark.parametrize("bad", [b"", b"no zip", b"PK\x03\x04broken"])
def test_what_is_no_epub_is_told(bad: bytes) -> None:
    with pytest.raises(PipelineError, match="EPUB"):
        check.check(bad, "a.epub")


def test_entities_are_not_resolved() -> None:
    bomb = '<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    data = case({"html": "<p>群众</p>"})
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            text = old.read(name).decode()
            new.writestr(name, bomb + text.replace("群众", "&x;") if name == "EPUB/c.xhtml" else text)
    assert "root:" not in str(check.check(out.getvalue()))


def test_the_command_tells_place_rule_and_advice(tmp_path: Path) -> None:
    book = tmp_path / "a.epub"
    book.write_bytes(case({"html": "<h1>甲</h1>\n<p>群众,路线。</p>"}))
    told = CliRunner().invoke(cli.app, ["check", str(book)])
    assert told.exit_code == 1
    assert "EPUB/c.xhtml:2  halfwidth-comma" in told.stdout
    assert "改为“，”" in told.stdout
    as_json = CliRunner().invoke(cli.app, ["check", "--json", str(book)])
    assert json.loads(as_json.stdout.splitlines()[0])["rule"] == "halfwidth-comma"


def test_a_missing_book_is_told(tmp_path: Path) -> None:
    with pytest.raises(PipelineError, match="读不了"):
        check.check_file(tmp_path / "gone.epub")
