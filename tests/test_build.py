"""The whole run: what is built, what is left alone, and that one bad book stays one bad book."""

import hashlib
import json
import os
import threading
import time
from collections.abc import Iterable
from pathlib import Path
from typing import TypeVar

import pytest

from pipeline import build, clean, store, structure, style
from pipeline.book import Edition
from pipeline.build import Ended, Event, Failed, Noticed, Planned, Read, Request, Waiting, Written
from pipeline.clean.rule import LineRule
from pipeline.config import Settings
from pipeline.errors import BrokenLaw, ExitCode, OutputError, PipelineError, SettingsError, SourceError
from pipeline.ledger import Confidence, Fix
from pipeline.render import epub, pdf
from pipeline.render.artifact import Artifact
from pipeline.style import Style

TEXT = "第一章 总论\n\n人是社会的动物，他的生活离不开别人。\n\n第二章 生产\n\n生产是社会的基础。\n"
SNAPSHOTS = ["1-source.txt", "2-cleaned.txt", "3-ledger.jsonl", "4-book.json", "notices.json"]
E = TypeVar("E", bound=Event)


def seeds(folder: Path, *names: str, text: str = TEXT) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / f"{name}.txt").write_text(f"{name}\n\n{text}", encoding="utf-8")
    return folder


def run(*paths: Path, out: Path, formats: tuple[str, ...] = (), jobs: int = 1, force: bool = False) -> list[Event]:
    return list(build.run(Request(paths, out, formats, (), jobs, force)))


def of(kind: type[E], events: Iterable[Event]) -> list[E]:
    return [event for event in events if isinstance(event, kind)]


def made(events: Iterable[Event]) -> list[Written]:
    """The editions among the files that were written; every book has its review page besides."""
    return [event for event in of(Written, events) if event.path.name != "review.html"]


def sums(folder: Path) -> dict[str, str]:
    """Every file below `folder` and the digest of its bytes; hidden ones are not results."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith(".") and path.name != "report.html"
    }


# ---------------------------------------------------------------- what is built


def test_a_book_gets_its_snapshots_and_its_e_book(tmp_path: Path) -> None:
    events = run(seeds(tmp_path / "seeds", "甲"), out=tmp_path / "out", formats=("epub",))
    assert sorted(sums(tmp_path / "out" / "甲")) == sorted(
        [*SNAPSHOTS, "manifest.json", "review.html", "甲.source.epub"]
    )
    assert [event.path.name for event in of(Written, events)] == ["甲.source.epub", "review.html"]
    assert [event.books for event in of(Planned, events)] == [1]
    assert of(Failed, events) == []
    assert of(Ended, events)[0].book == "甲"


def test_snapshots_keep_line_numbers(tmp_path: Path) -> None:
    path = tmp_path / "甲.txt"
    path.write_bytes("第一章 总论\r\n\r\n一行，\r二行。\n\f三行。".encode())
    run(path, out=tmp_path / "out")
    source = (tmp_path / "out/甲/1-source.txt").read_text(encoding="utf-8")
    assert source == "第一章 总论\n\n一行，\n二行。\n三行。\n"
    cleaned = (tmp_path / "out/甲/2-cleaned.txt").read_text(encoding="utf-8")
    assert cleaned.count("\n") == source.count("\n")


def test_the_ledger_says_rule_line_place_and_why(tmp_path: Path) -> None:
    events = run(seeds(tmp_path / "seeds", "甲", text=TEXT + "他说,这是对的.\n"), out=tmp_path / "out")
    lines = (tmp_path / "out/甲/3-ledger.jsonl").read_text(encoding="utf-8").splitlines()
    entries = [json.loads(line) for line in lines]
    assert {"rule", "line", "start", "before", "after", "confidence", "why"} <= entries[0].keys()
    (read,) = of(Read, events)
    assert read.repairs == sum(entry["applied"] for entry in entries)


def test_notices_name_the_line_that_editors_show(tmp_path: Path) -> None:
    path = tmp_path / "甲.txt"
    path.write_bytes((TEXT * 30).encode()[:-2])
    (noticed,) = [each for each in of(Noticed, run(path, out=tmp_path / "out")) if each.notice.code == "bad-bytes"]
    kept = json.loads((tmp_path / "out/甲/notices.json").read_text(encoding="utf-8"))
    assert noticed.where == str(path)
    assert noticed.notice.line is not None
    assert [each["line"] for each in kept if each["code"] == "bad-bytes"] == [noticed.notice.line + 1]


def test_a_seed_given_twice_is_one_book(tmp_path: Path) -> None:
    folder = seeds(tmp_path / "seeds", "甲")
    events = run(folder, folder / "甲.txt", folder / ".." / "seeds" / "甲.txt", out=tmp_path / "out")
    assert [event.books for event in of(Planned, events)] == [1]


def test_equal_stems_get_folders_of_their_own(tmp_path: Path) -> None:
    run(seeds(tmp_path / "一", "甲"), seeds(tmp_path / "二", "甲", text="另一本。\n"), out=tmp_path / "out")
    assert sorted(path.name for path in (tmp_path / "out").iterdir() if path.is_dir()) == ["甲-一", "甲-二"]


def test_the_publisher_is_heard(tmp_path: Path) -> None:
    folder = seeds(tmp_path / "seeds", "甲")
    (folder / "甲.toml").write_text('[book]\ntitle = "社会概论"\ncreators = ["李四"]\n', encoding="utf-8")
    run(folder, out=tmp_path / "out")
    book = json.loads((tmp_path / "out/甲/4-book.json").read_text(encoding="utf-8"))["book"]
    assert book["metadata"]["title"] == "社会概论"
    assert book["metadata"]["creators"] == [{"is": "Creator", "name": "李四", "role": "著"}]


# ---------------------------------------------------------------- what is left alone


def test_a_second_run_makes_nothing(tmp_path: Path) -> None:
    folder = seeds(tmp_path / "seeds", "甲", "乙")
    run(folder, out=tmp_path / "out", formats=("epub",))
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*") if path.is_file()}
    events = run(folder, out=tmp_path / "out", formats=("epub",))
    assert of(Read, events) == []
    assert [event.fresh for event in made(events)] == [False, False]
    after = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*") if path.is_file()}
    assert {path for path in before if path.name != ".lock" and after[path] != before[path]} == set()


def test_only_the_book_that_changed_is_made_again(tmp_path: Path) -> None:
    folder = seeds(tmp_path / "seeds", "甲", "乙", "丙")
    run(folder, out=tmp_path / "out", formats=("epub",))
    seeds(folder, "乙", text=TEXT + "新的一段。\n")
    events = run(folder, out=tmp_path / "out", formats=("epub",))
    assert [event.book for event in of(Read, events)] == ["乙"]
    assert {event.path.name for event in made(events) if event.fresh} == {"乙.source.epub"}


@pytest.mark.parametrize("name", ["甲.source.epub", "review.html", "2-cleaned.txt", "manifest.json"])
def test_what_was_spoiled_or_taken_away_is_made_again(tmp_path: Path, name: str) -> None:
    folder = seeds(tmp_path / "seeds", "甲")
    run(folder, out=tmp_path / "out", formats=("epub",))
    whole = sums(tmp_path / "out")
    for spoil in (b"", None):
        path = tmp_path / "out/甲" / name
        path.unlink() if spoil is None else path.write_bytes(spoil)
        run(folder, out=tmp_path / "out", formats=("epub",))
        assert sums(tmp_path / "out") == whole


def test_a_review_makes_its_own_book_again(tmp_path: Path) -> None:
    folder = seeds(tmp_path / "seeds", "甲", "乙", text=TEXT + "他说,这是对的。\n")
    run(folder, out=tmp_path / "out")
    review = folder / "甲.review.toml"
    for toml, comma in (('[[reject]]\nrule = "halfwidth-punctuation"\nbefore = ","\n', ","), ("", "，")):
        review.write_text(toml, encoding="utf-8")
        events = run(folder, out=tmp_path / "out")
        assert [event.book for event in of(Read, events)] == ["甲"]
        assert f"他说{comma}这" in (tmp_path / "out/甲/2-cleaned.txt").read_text(encoding="utf-8")
    review.write_text("# 没有决定\n", encoding="utf-8")
    assert of(Read, run(folder, out=tmp_path / "out")) == []


def test_a_decision_that_meets_nothing_fails_its_own_book(tmp_path: Path) -> None:
    folder = seeds(tmp_path / "seeds", "甲", "乙")
    (folder / "甲.review.toml").write_text('[[reject]]\nrule = "dashes"\nline = 3\nbefore = "-"\n', encoding="utf-8")
    events = run(folder, out=tmp_path / "out", formats=("epub",))
    (failed,) = of(Failed, events)
    assert failed.error.where.startswith(f"{folder / '甲.review.toml'}:1")
    assert failed.error.exit_code == ExitCode.USAGE
    assert [event.book for event in made(events)] == ["乙"]


@pytest.mark.parametrize("change", ["settings", "style", "program", "date"])
def test_whatever_shapes_a_book_makes_it_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: str) -> None:
    folder = seeds(tmp_path / "seeds", "甲")
    run(folder, out=tmp_path / "out", formats=("epub",))
    match change:
        case "settings":
            (folder / "甲.toml").write_text('[book]\ntitle = "新"\n', encoding="utf-8")
        case "style":
            looks = style.load()
            sheets = {name: sheet + "p { color: red }" for name, sheet in looks.sheets.items()}
            monkeypatch.setattr(style, "load", lambda: Style(sheets, looks.templates, looks.press, looks.screen))
        case "program":
            monkeypatch.setattr(store, "program_key", lambda: "another")
        case "date":
            monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    before = sums(tmp_path / "out")["甲/甲.source.epub"]
    events = run(folder, out=tmp_path / "out", formats=("epub",))
    assert [event.fresh for event in made(events)] == [True]
    assert (sums(tmp_path / "out")["甲/甲.source.epub"] != before) == (change != "program")


def test_force_makes_everything_again_and_the_same(tmp_path: Path) -> None:
    folder = seeds(tmp_path / "seeds", "甲")
    run(folder, out=tmp_path / "out", formats=("epub",))
    before = sums(tmp_path / "out")
    events = run(folder, out=tmp_path / "out", formats=("epub",), force=True)
    assert [event.fresh for event in made(events)] == [True]
    assert sums(tmp_path / "out") == before


def test_the_place_of_seed_and_output_shapes_no_byte(tmp_path: Path) -> None:
    run(seeds(tmp_path / "一", "甲"), out=tmp_path / "out1", formats=("epub",))
    run(seeds(tmp_path / "二" / "三", "甲"), out=tmp_path / "out2", formats=("epub",))
    assert sums(tmp_path / "out1") == sums(tmp_path / "out2")


# ---------------------------------------------------------------- in parallel


@pytest.mark.slow
def test_serial_and_parallel_runs_give_the_same_bytes(tmp_path: Path) -> None:
    folder = seeds(tmp_path / "seeds", "甲", "乙", "丙")
    for jobs in (1, 3):
        run(folder, out=tmp_path / str(jobs), formats=("epub", "pdf", "print"), jobs=jobs)
    assert sums(tmp_path / "1") == sums(tmp_path / "3")
    assert len(sums(tmp_path / "1")) == 3 * 10 + 1  # and SHA256SUMS


def test_two_runs_on_one_folder_take_turns(tmp_path: Path) -> None:
    folder, out = seeds(tmp_path / "seeds", "甲"), tmp_path / "out"
    first = build.run(Request((folder,), out, (), jobs=1))
    while not isinstance(next(first), Read):  # it holds the folder now
        pass
    told: list[Event] = []
    second = threading.Thread(target=lambda: told.extend(run(folder, out=out)))
    second.start()
    time.sleep(0.5)
    assert second.is_alive()
    list(first)
    second.join(20)
    assert not second.is_alive()
    assert of(Waiting, told) == [Waiting(out)]
    assert of(Read, told) == []  # the first had made it


# ---------------------------------------------------------------- what fails


def test_bad_books_fail_alone(tmp_path: Path) -> None:
    folder = seeds(tmp_path / "seeds", "甲", "乙", "丙")
    (folder / "丙.toml").write_text("[book]\ntitel = 1\n", encoding="utf-8")
    (folder / "空.txt").write_bytes(b"")
    (folder / "图.txt").write_bytes(b"\x89PNG\r\n\x1a\n")
    events = run(folder, tmp_path / "没有.txt", out=tmp_path / "out", formats=("epub",))
    failures = {event.book: event.error for event in of(Failed, events)}
    assert {book: type(error) for book, error in failures.items()} == {
        "丙": SettingsError,
        "空": SourceError,
        "图": SourceError,
        "没有": SourceError,
    }
    assert all(error.where and error.remedy for error in failures.values())
    assert {event.path.name for event in made(events)} == {"甲.source.epub", "乙.source.epub"}
    assert {event.book for event in of(Ended, events)} == {"甲", "乙", "丙", "空", "图"}
    assert build.exit_code(list(failures.values()), 6) == ExitCode.SOME_FAILED


def test_a_renderer_that_fails_spoils_only_its_own_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    honest = epub.render

    def fragile(edition, style, settings):  # type: ignore[no-untyped-def]
        if edition.stem == "乙":
            raise RuntimeError("no ink")
        return honest(edition, style, settings)

    monkeypatch.setattr(epub, "render", fragile)
    folder = seeds(tmp_path / "seeds", "甲", "乙", "丙")
    events = run(folder, out=tmp_path / "out", formats=("epub",))
    (failed,) = of(Failed, events)
    assert (failed.book, failed.part, failed.error.exit_code) == ("乙", "乙.source.epub", ExitCode.BROKEN_LAW)
    assert {event.book for event in made(events)} == {"甲", "丙"}
    assert "no ink" in (tmp_path / "out/乙/evidence/traceback.txt").read_text(encoding="utf-8")
    assert not (tmp_path / "out/乙/乙.source.epub").exists()


def _restless(text: str) -> list[Fix]:
    return [Fix(0, 0, "又")]


def test_a_broken_law_keeps_its_evidence_until_it_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = seeds(tmp_path / "seeds", "甲")
    rule = LineRule("restless", Confidence.CERTAIN, _restless, "永不停歇")
    with monkeypatch.context() as broken:
        broken.setattr(clean, "RULES", (rule,))
        events = run(folder, out=tmp_path / "out", formats=("epub",))
    (failed,) = of(Failed, events)
    assert isinstance(failed.error, BrokenLaw)
    assert "法则二" in str(failed.error)
    assert str(tmp_path / "out/甲/evidence") in failed.error.remedy
    evidence = sums(tmp_path / "out/甲/evidence")
    assert set(evidence) == {"1-source.txt", "2-cleaned.txt", "3-ledger.jsonl", "broken-law.txt"}
    run(folder, out=tmp_path / "out", formats=("epub",))
    assert not (tmp_path / "out/甲/evidence").exists()
    assert (tmp_path / "out/甲/甲.source.epub").exists()


def test_a_fault_of_ours_in_structure_is_a_fault_not_a_crash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stumble(*_: object, **__: object) -> None:
        raise ZeroDivisionError("by nought")

    monkeypatch.setattr(structure, "structure", stumble)
    (failed,) = of(Failed, run(seeds(tmp_path / "seeds", "甲"), out=tmp_path / "out"))
    assert failed.error.exit_code == ExitCode.BROKEN_LAW
    assert "ZeroDivisionError" in str(failed.error)


def test_unknown_editions_and_formats_are_refused_before_anything_is_done(tmp_path: Path) -> None:
    folder = seeds(tmp_path / "seeds", "甲")
    for formats, editions in ((("mobi",), ()), ((), ("klingon",))):
        request = Request((folder,), tmp_path / "out", formats, editions)
        with pytest.raises(SettingsError, match="可用"):
            list(build.run(request))
    assert not (tmp_path / "out").exists()


def test_an_unknown_edition_in_the_settings_fails_that_book(tmp_path: Path) -> None:
    folder = seeds(tmp_path / "seeds", "甲", "乙")
    (folder / "甲.toml").write_text('editions = ["klingon"]\n', encoding="utf-8")
    events = run(folder, out=tmp_path / "out", formats=("epub",))
    (failed,) = of(Failed, events)
    assert failed.book == "甲"
    assert str(folder / "甲.toml") in failed.error.where
    assert [event.book for event in made(events)] == ["乙"]


def test_a_rule_that_is_not_there_cannot_be_switched_off(tmp_path: Path) -> None:
    folder = seeds(tmp_path / "seeds", "甲")
    (folder / "甲.toml").write_text('[structure]\noff = ["heading"]\n', encoding="utf-8")
    (failed,) = of(Failed, run(folder, out=tmp_path / "out"))
    assert isinstance(failed.error, SettingsError)
    assert str(folder / "甲.toml") in str(failed.error)
    assert "headings" in failed.error.remedy


def test_an_output_that_is_a_file_is_refused(tmp_path: Path) -> None:
    folder = seeds(tmp_path / "seeds", "甲")
    (tmp_path / "out").write_text("here", encoding="utf-8")
    with pytest.raises(OutputError, match="--out"):
        run(folder, out=tmp_path / "out")


def test_a_book_whose_folder_cannot_be_written_fails_alone(tmp_path: Path) -> None:
    folder, out = seeds(tmp_path / "seeds", "甲", "乙"), tmp_path / "out"
    out.mkdir()
    (out / "甲").write_text("in the way", encoding="utf-8")
    events = run(folder, out=out, formats=("epub",))
    (failed,) = of(Failed, events)
    assert isinstance(failed.error, OutputError)
    assert [event.book for event in made(events)] == ["乙"]
    assert build.exit_code([failed.error], 2) == ExitCode.CANNOT_WRITE


# ---------------------------------------------------------------- how it ends


@pytest.mark.parametrize(
    ("failures", "books", "code"),
    [
        ([], 2, ExitCode.OK),
        ([SourceError("x")], 2, ExitCode.SOME_FAILED),
        ([SourceError("x"), SourceError("y")], 2, ExitCode.SOME_FAILED),
        ([SettingsError("x")], 1, ExitCode.USAGE),
        ([SettingsError("x")], 2, ExitCode.SOME_FAILED),
        ([SettingsError("x"), OutputError("y")], 2, ExitCode.CANNOT_WRITE),
        ([OutputError("y"), BrokenLaw("z")], 2, ExitCode.BROKEN_LAW),
    ],
)
def test_the_exit_code_says_the_worst(failures: list[PipelineError], books: int, code: ExitCode) -> None:
    assert build.exit_code(failures, books) == code


def test_processors_are_those_we_may_use() -> None:
    assert 1 <= build.processors() <= (os.cpu_count() or 1)


# ---------------------------------------------------------------- files that share a layout


def test_other_fonts_set_the_pages_again_and_leave_the_e_book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A font of another version draws other pages; an e-book without fonts of its own stays as it is."""
    folder, formats = seeds(tmp_path / "seeds", "甲"), ("epub", "pdf", "print")
    run(folder, out=tmp_path / "out", formats=formats)
    assert [event.fresh for event in made(run(folder, out=tmp_path / "out", formats=formats))] == [False] * 3
    monkeypatch.setattr(store, "fonts_key", lambda: "Noto Serif CJK SC 9.9")
    events = made(run(folder, out=tmp_path / "out", formats=formats))
    assert {event.path.name: event.fresh for event in events} == {
        "甲.source.epub": False,
        "甲.source.pdf": True,
        "甲.source.print.pdf": True,
    }


def test_one_layout_serves_both_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    layouts: list[str] = []
    stock = pdf.render

    def counted(edition: Edition, looks: Style, settings: Settings) -> Artifact:
        layouts.append(edition.name)
        return stock(edition, looks, settings)

    monkeypatch.setattr(pdf, "render", counted)
    run(seeds(tmp_path / "seeds", "甲"), out=tmp_path / "out", formats=("pdf", "print"))
    assert layouts == ["source"]
