"""The command line: results on stdout, talk on stderr, exit codes, and never a traceback for bad input."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

import pytest

from pipeline import cli
from pipeline.errors import ExitCode
from tests.shelved import Library, book

ROOT = Path(__file__).resolve().parent.parent
TEXT = "第一章 总论\n\n人是社会的动物，他的生活离不开别人。\n\n第二章 生产\n\n生产是社会的基础。\n"


@dataclass(frozen=True)
class Said:
    code: int
    out: str
    err: str

    @property
    def events(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self.out.splitlines()]


Press = Callable[..., Said]


@pytest.fixture
def press(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Press:
    """`python -m pipeline …` in this process, from an empty folder."""
    monkeypatch.chdir(tmp_path)

    def run(*words: object) -> Said:
        monkeypatch.setattr(sys, "argv", ["pipeline", *map(str, words)])
        with pytest.raises(SystemExit) as end:
            cli.main()
        told = capsys.readouterr()
        assert "Traceback" not in told.err + told.out
        return Said(int(end.value.code or 0), told.out, told.err)

    return run


def seed(name: str, data: str | bytes = TEXT) -> Path:
    path = Path("seeds") / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


# ---------------------------------------------------------------- build


def test_paths_on_stdout_and_talk_on_stderr(press: Press) -> None:
    seed("甲.txt")
    said = press("build", "--format", "epub", "-j1")
    assert said.code == ExitCode.OK
    assert said.out.splitlines() == ["build/甲/甲.source.epub", "build/甲/review.html"]
    assert Path("build/甲/甲.source.epub").is_file()
    assert "甲" in said.err


def test_quiet_says_results_only(press: Press) -> None:
    seed("甲.txt")
    said = press("build", "--format", "epub", "--quiet", "-j1")
    assert (said.out, said.err) == ("build/甲/甲.source.epub\nbuild/甲/review.html\n", "")


def test_a_second_run_says_that_nothing_changed(press: Press) -> None:
    seed("甲.txt")
    seed("乙.txt")
    press("build", "--format", "epub", "-j1")
    said = press("build", "--format", "epub", "-j1")
    assert said.out.splitlines() == [
        f"build/{book}/{file}" for book in "乙甲" for file in (f"{book}.source.epub", "review.html")
    ]
    assert said.err.count("无变化") == 2


def test_a_book_may_be_named_by_its_stem(press: Press) -> None:
    seed("甲.txt")
    seed("乙.txt")
    said = press("build", "甲", "--format", "epub", "-j1", "--out", "别处")
    assert said.out.splitlines() == ["别处/甲/甲.source.epub", "别处/甲/review.html"]


def test_formats_and_editions_take_either_comma(press: Press) -> None:
    seed("甲.txt")
    said = press("build", "--format", "epub，epub", "--edition", "source, source", "-j1")
    assert (said.code, said.out.splitlines()) == (0, ["build/甲/甲.source.epub", "build/甲/review.html"])


def test_clean_stops_after_the_snapshots(press: Press) -> None:
    seed("甲.txt")
    said = press("clean", "-j1")
    names = ["1-source.txt", "2-cleaned.txt", "3-ledger.jsonl", "4-book.json", "notices.json", "review.html"]
    assert said.out.splitlines() == [f"build/甲/{name}" for name in names]
    assert press("clean", "-j1").out == said.out
    assert not list(Path("build").rglob("*.epub"))


def test_events_as_json_lines(press: Press) -> None:
    seed("甲.txt")
    seed("空.txt", b"")
    said = press("build", "--format", "epub", "--json", "-j1")
    assert said.code == ExitCode.SOME_FAILED
    assert said.err == ""
    kinds = [event["event"] for event in said.events]
    assert kinds[0] == "planned"
    assert {"started", "read", "written", "failed", "ended"} <= set(kinds)
    (failed,) = (event for event in said.events if event["event"] == "failed")
    assert failed["book"] == "空"
    assert failed["where"] == "seeds/空.txt"
    assert failed["exit"] == ExitCode.SOME_FAILED
    written, review = (event for event in said.events if event["event"] == "written")
    assert review["path"] == "build/甲/review.html"
    assert written["path"] == "build/甲/甲.source.epub"
    assert written["size"] == Path("build/甲/甲.source.epub").stat().st_size


def test_the_summary_says_which_book_failed(press: Press) -> None:
    seed("好.txt")
    seed("坏.txt", b"")
    said = press("build", "--format", "epub", "-j1")
    assert said.code == ExitCode.SOME_FAILED
    assert "失败：坏：seeds/坏.txt：" in said.err
    rows = [line.split() for line in said.err.splitlines() if line.startswith(("好 ", "坏 "))]
    assert [(row[0], row[-1]) for row in rows] == [("坏", "失败"), ("好", "完成")] or rows[0][-1] == "完成"


# ---------------------------------------------------------------- bad input

BAD_SEEDS = {
    "empty": b"",
    "blank": " \n\u3000\n".encode(),
    "binary": bytes(range(256)) * 40,
    "zeros": b"\0" * 5000,
    "undecodable": b"\x81\xff\x00\xd8" * 500,
    "a picture": b"\x89PNG\r\n\x1a\n....",
    "a document": b"PK\x03\x04....",
}

ODD_SEEDS = {
    "GB18030": TEXT.encode("gb18030"),
    "Big5": "第一章 總論\n\n人是社會的動物，他的生活離不開別人。\n".encode("big5"),
    "UTF-16": TEXT.encode("utf-16"),
    "UTF-16 without a mark": TEXT.encode("utf-16-be"),
    "UTF-8 with a mark": TEXT.encode("utf-8-sig"),
    "no heading": "人是社会的动物，他的生活离不开别人。\n".encode(),
    "one character": "人".encode(),
    "markup": (TEXT + '<script>alert("x")</script> & < > &amp; ]]> <!-- <![CDATA[ {{ 7 * 7 }} {% raw %}\n').encode(),
    "controls": (TEXT + "甲\0乙\x08丙\x1b[31m丁\ufffe戊\u202e己\ue000庚\n").encode(),
    "only marks": b"#\n**\n- \n|\n---\n```\n$$\n",
    "only headings": "".join(f"第{number}章\n" for number in "一二三四五六七八九十").encode(),
    "old Macintosh": TEXT.replace("\n", "\r").encode(),
    "form feeds": "\f\f\f人\f\f社会\f".encode(),
    "a long line": ("人是社会的动物，" * 20_000).encode(),
    "right to left": "\u202e\u2066第一章\u2069\n人\u200f是\n".encode(),
    "no Chinese": b"Chapter 1\n\nMan is a social animal.\n",
}


@pytest.mark.parametrize("kind", BAD_SEEDS)
def test_what_is_no_text_fails_with_place_and_remedy(press: Press, kind: str) -> None:
    seed("坏.txt", BAD_SEEDS[kind])
    seed("好.txt")
    said = press("build", "--format", "epub", "-j1")
    assert said.code == ExitCode.SOME_FAILED
    assert "失败：坏：seeds/坏.txt：" in said.err
    assert said.out.splitlines() == ["build/好/好.source.epub", "build/好/review.html"]
    assert not Path("build/坏").exists()


@pytest.mark.parametrize("kind", ODD_SEEDS)
def test_an_odd_text_is_still_a_book(press: Press, kind: str) -> None:
    seed("怪.txt", ODD_SEEDS[kind])
    said = press("build", "--format", "epub", "-j1")
    assert said.err.count("失败") == 0, said.err
    assert said.out.splitlines() == ["build/怪/怪.source.epub", "build/怪/review.html"]


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["markup", "controls", "no heading", "one character", "only marks", "right to left"])
def test_an_odd_text_is_still_a_printed_book(press: Press, kind: str) -> None:
    seed("怪.txt", ODD_SEEDS[kind])
    said = press("build", "--format", "pdf", "-j1")
    assert said.err.count("失败") == 0, said.err
    assert Path("build/怪/怪.source.pdf").read_bytes().startswith(b"%PDF-")


def test_the_encoding_is_said(press: Press) -> None:
    seed("甲.txt", ODD_SEEDS["GB18030"])
    assert "GB18030" in press("clean", "-j1").err


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["build", "没有.txt"], ExitCode.SOME_FAILED, "没有.txt"),
        (["build", "没有/书"], ExitCode.SOME_FAILED, "没有/书"),
        (["build", "x" * 5000], ExitCode.SOME_FAILED, "失败"),
        (["build"], ExitCode.SOME_FAILED, "seeds"),
        (["build", "--format", "mobi"], ExitCode.USAGE, "epub、pdf"),
        (["build", "--edition", "klingon"], ExitCode.USAGE, "source"),
        (["build", "--jobs", "-1"], ExitCode.USAGE, "jobs"),
        (["build", "--colour"], ExitCode.USAGE, "--colour"),
        (["explain", "没有", "3"], ExitCode.SOME_FAILED, "没有"),
        (["explain", "没有"], ExitCode.USAGE, "LINE"),
        (["rules", "heading"], ExitCode.USAGE, "headings"),
        (["publish"], ExitCode.USAGE, "publish"),
    ],
)
def test_a_command_that_cannot_be_done_says_what_to_do(
    press: Press, words: list[str], code: ExitCode, says: str
) -> None:
    said = press(*words)
    assert said.code == code
    assert says in said.err


def test_an_unknown_key_names_file_line_and_the_nearest_key(press: Press) -> None:
    seed("甲.txt")
    seed("甲.toml", '[book]\n\ntitel = "甲"\n')
    said = press("build", "--format", "epub", "-j1")
    assert said.code == ExitCode.USAGE  # there was no other book
    assert "seeds/甲.toml:3 book.titel" in said.err
    assert "是不是 title？" in said.err
    seed("乙.txt")
    assert press("build", "--format", "epub", "-j1").code == ExitCode.SOME_FAILED


def test_a_trim_that_no_press_has_names_the_settings(press: Press) -> None:
    seed("甲.txt")
    seed("甲.toml", '[print]\ntrim = "三十二开半"\n')
    said = press("build", "--format", "pdf", "-j1")
    assert said.code == ExitCode.USAGE
    assert "seeds/甲.toml" in said.err
    assert "32开" in said.err


def test_an_output_folder_that_is_a_file(press: Press) -> None:
    seed("甲.txt")
    Path("build").write_text("in the way", encoding="utf-8")
    said = press("build", "--format", "epub")
    assert said.code == ExitCode.CANNOT_WRITE
    assert "--out" in said.err


@pytest.mark.parametrize("name", ["..", "...", "-rf", "CON", "a\nb", "%s%n", "$(id)", "甲" * 80, "\u202e倒"])
def test_odd_names_stay_in_the_output_folder(press: Press, name: str) -> None:
    said = press("build", seed(f"{name}.txt"), "--format", "epub", "-j1", "--quiet")
    assert said.code == ExitCode.OK
    (made,) = Path("build").rglob("*.epub")
    assert made.parent.parent == Path("build")
    assert {path.name for path in Path().iterdir()} == {"seeds", "build"}


# ---------------------------------------------------------------- explain, rules, doctor


def test_explain_tells_seed_repair_and_place(press: Press) -> None:
    seed("甲.txt", "第一章 总论\n\n他说,人是社会的动物，生活离不开别人。\n")
    said = press("explain", "甲", "3")
    assert said.code == ExitCode.OK
    assert "他说,人是" in said.out
    assert "他说，人是" in said.out
    assert "halfwidth-punctuation" in said.out
    assert "第一章 总论" in said.out.split("在书中")[1]
    assert "段落" in said.out


def test_explain_tells_why_a_line_is_not_printed(press: Press) -> None:
    seed("甲.txt", "# 第一章 总论\n\n人是社会的动物，生活离不开别人。\n\n# 第二章 生产\n\n生产是社会的基础。\n")
    assert "不印出" in press("explain", "seeds/甲.txt", "1").out


@pytest.mark.parametrize("line", ["0", "-1", "99"])
def test_explain_knows_how_many_lines_there_are(press: Press, line: str) -> None:
    seed("甲.txt")
    said = press("explain", "甲", "--", line)
    assert said.code == ExitCode.SOME_FAILED
    assert "1 至 7 行" in said.err


def test_explain_shows_controls_and_does_not_send_them(press: Press) -> None:
    seed("甲.txt", TEXT + "红\x1b[31m字\n")
    assert "\x1b" not in press("explain", "甲", "8").out


def test_rules_lists_all_and_documents_each(press: Press) -> None:
    listed = press("rules")
    ids = [line.split()[2] for line in listed.out.splitlines()]
    assert "halfwidth-punctuation" in ids
    assert "headings" in ids
    assert len(ids) == len(set(ids))
    for rule in ids:
        said = press("rules", rule)
        assert said.code == ExitCode.OK
        assert len(said.out.splitlines()) > 3, rule


def test_doctor_names_every_part(press: Press) -> None:
    said = press("doctor")
    assert "weasyprint" in said.out
    assert "Pango" in said.out


# ---------------------------------------------------------------- the process itself


def test_help_answers_at_once_and_loads_no_stage() -> None:
    began = time.perf_counter()
    found = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "pipeline", "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    took = time.perf_counter() - began
    for command in ("build", "clean", "explain", "rules", "doctor"):
        assert command in found.stdout
    for heavy in ("weasyprint", "lxml", "rapidfuzz", "pypinyin", "jinja2", "pipeline.clean", "pipeline.build"):
        assert f" {heavy}\n" not in found.stderr
    assert took < 4  # 0.2 s on a machine with nothing else to do


def test_a_run_with_nothing_to_do_loads_no_stage(tmp_path: Path) -> None:
    (tmp_path / "甲.txt").write_text(TEXT, encoding="utf-8")
    command = [sys.executable, "-X", "importtime", "-m", "pipeline", "build", str(tmp_path / "甲.txt")]
    command += ["--format", "epub", "--out", str(tmp_path / "out")]
    first, second = (
        subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stderr for _ in range(2)
    )
    heavy = ("pipeline.clean", "pipeline.structure", "pipeline.render.epub", "pipeline.typeset", "ebooklib", "pypinyin")
    assert all(f" {name}\n" in first for name in heavy if name != "pipeline.typeset")
    assert not any(f" {name}\n" in second for name in heavy)
    assert " weasyprint\n" not in first


# ---------------------------------------------------------------- what would be built


def test_a_dry_run_says_what_and_why_and_writes_nothing(press: Press) -> None:
    seed("甲.txt")
    seed("乙.txt")
    first = press("build", "--dry-run", "--format", "epub")
    assert first.out.count("还没有做过") == 4
    assert not Path("build").exists()
    press("build", "--format", "epub", "-j1")
    assert {line.split()[0] for line in press("build", "-n", "--format", "epub").out.splitlines()} == {"不变"}
    seed("乙.txt", TEXT + "又一段。\n")
    seed("甲.toml", '[book]\ntitle = "新"\n')
    Path("build/甲/review.html").unlink()
    said = press("build", "-n", "--format", "epub").out.splitlines()
    assert "要做  build/乙/乙.source.epub  （原文变了）" in said
    assert "要做  build/甲/甲.source.epub  （设置变了）" in said
    events = press("build", "-n", "--format", "epub", "--json").events
    assert {event["why"] for event in events if event["event"] == "meant"} == {"原文变了", "设置变了"}


def test_a_folder_of_another_seed_is_not_taken(press: Press) -> None:
    seed("甲.txt")
    other = Path("别处/甲.txt")
    other.parent.mkdir()
    other.write_text("另一本书。\n", encoding="utf-8")
    press("build", "--format", "epub", "-j1")
    before = Path("build/甲/1-source.txt").read_bytes()
    said = press("build", "别处", "--format", "epub", "-j1")
    assert said.code == ExitCode.USAGE
    assert "seeds/甲.txt" in said.err
    assert "--out" in said.err
    assert Path("build/甲/1-source.txt").read_bytes() == before
    Path("seeds/甲.txt").unlink()  # it moved
    assert press("build", "别处", "--format", "epub", "-j1").code == ExitCode.OK


# ---------------------------------------------------------------- shelf, serve


@pytest.mark.slow
def test_a_shelf_from_the_seed_to_the_page(press: Press) -> None:
    seed("书.txt")
    Path("seeds/书.toml").write_text('[shelf]\nrights = "own"\n', "utf-8")
    seed("无.txt")
    said = press("shelf", "--build", "--jobs", 1)
    assert said.code == ExitCode.OK
    assert said.out.splitlines()[-1] == "build/shelf/index.html"
    assert "seeds/无.toml" in said.err
    assert 'rights = "public-domain"' in said.err
    files = ("书.source.epub", "书.source.pdf", "index.html", "read/source/index.html", "cover.jpg")
    assert [name for name in files if not Path("build/shelf/books/书", name).is_file()] == []
    assert not Path("build/shelf/books/无").exists()
    left, shelved = press("shelf", "--json").events
    assert (left["event"], left["code"], left["book"]) == ("leftoff", "no-rights", "无")
    assert (shelved["books"], shelved["fresh"], shelved["gone"]) == (1, 0, 0)


def test_a_book_that_is_not_built_ends_with_1_and_the_shelf_is_made(press: Press) -> None:
    seed("书.txt")
    Path("seeds/书.toml").write_text('[shelf]\nrights = "own"\n', "utf-8")
    said = press("shelf", "--to", "out")
    assert said.code == ExitCode.SOME_FAILED
    assert "make shelf" in said.err
    assert Path("out/index.html").is_file()


def test_a_wrong_shelf_toml_ends_with_2(press: Press) -> None:
    seed("书.txt")
    Path("shelf.toml").write_text('[shelf]\nnaem = "甲"\n', "utf-8")
    said = press("shelf")
    assert said.code == ExitCode.USAGE
    assert "shelf.toml:2" in said.err
    assert "name" in said.err


def test_serve_says_where_there_is_no_shelf(press: Press) -> None:
    said = press("serve")
    assert said.code == ExitCode.SOME_FAILED
    assert "make shelf" in said.err


@pytest.mark.slow
def test_serve_until_it_is_stopped(tmp_path: Path) -> None:
    library = Library(tmp_path).put("a", book("甲"))
    library.shelve()
    command = [sys.executable, "-m", "pipeline", "serve", str(library.shelf), "--port", "0", "--lan"]
    serving = subprocess.Popen(
        command,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONUTF8": "1"},
    )
    try:
        assert serving.stdout is not None
        address = serving.stdout.readline().strip()
        with urlopen(address, timeout=10) as answer:  # noqa: S310  our own server
            assert "甲" in answer.read().decode()
        serving.send_signal(signal.SIGINT)
        _, talk = serving.communicate(timeout=20)
    finally:
        serving.kill()
    assert serving.returncode == 0
    assert "停下了" in talk
    assert any(block in talk for block in "▀▄█")  # the QR code


def test_the_seeds_of_this_project_are_not_ours_to_hand_out() -> None:
    from pipeline import config, source  # noqa: PLC0415

    for found in source.resolve(ROOT / "seeds"):
        assert config.read(found.settings).shelf.rights == ""
