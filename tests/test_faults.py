"""What goes wrong around us, really done to a real process: killed, interrupted, no room to write, no right to."""

import hashlib
import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import pytest

from pipeline.errors import ExitCode
from tests import library

ROOT = Path(__file__).resolve().parent.parent
PARAGRAPH = "人是社会的动物，他的生活离不开别人，所以我们说社会生活的基本条件是人和人的关系。\n"

KILLS = int(os.environ.get("FAULTS", "5"))  # moments at which a run is killed; `make faults` asks for 50

pytestmark = pytest.mark.slow


def book(folder: Path, name: str, chapters: int) -> None:
    folder.mkdir(exist_ok=True)
    numbers = "一二三四五六七八九"
    text = "".join(f"第{numbers[at % 9]}章 {name}\n\n" + PARAGRAPH * 40 + "\n" for at in range(chapters))
    (folder / f"{name}.txt").write_text(text, encoding="utf-8")


def command(seeds: Path, out: Path, *more: str) -> list[str]:
    return [sys.executable, "-m", "pipeline", "build", str(seeds), "--out", str(out), "--format", "epub", *more]


def start(*words: str, before: Callable[[], object] | None = None) -> subprocess.Popen[str]:
    return subprocess.Popen(
        words,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=before,  # noqa: PLW1509  sets limits only
    )


def sums(out: Path) -> dict[str, str]:
    return {
        path.relative_to(out).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(out.rglob("*"))
        if path.is_file() and not path.name.startswith(".") and path.name != "report.html"
    }


def members(group: int) -> list[int]:
    """The processes of a group that still run (zombies do not)."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, process_group = stat.read_text().rpartition(")")[2].split()[:3]
        except (OSError, ValueError):
            continue
        if int(process_group) == group and state != "Z":
            found.append(int(stat.parent.name))
    return found


def gone(group: int, within: float) -> bool:
    deadline = time.monotonic() + within
    while members(group):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def until(happened: Callable[[], bool], within: float = 60) -> None:
    deadline = time.monotonic() + within
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    for number, chapters in enumerate((30, 8, 4, 2)):
        book(tmp_path / "seeds", f"书{number}", chapters)
    return tmp_path / "seeds"


def test_killed_at_any_moment_a_run_resumes_to_the_same_bytes(seeds: Path, tmp_path: Path) -> None:
    began = time.monotonic()
    subprocess.run(command(seeds, tmp_path / "whole", "-j2"), cwd=ROOT, check=True, capture_output=True)
    took = time.monotonic() - began
    whole = sums(tmp_path / "whole")
    chance = random.Random(7)
    out = tmp_path / "out"
    for _ in range(KILLS):
        run = start(*command(seeds, out, "-j2"))
        time.sleep(chance.uniform(0.1, took))
        os.killpg(run.pid, signal.SIGKILL)
        run.communicate()
        for path in out.rglob("*.epub"):
            assert zipfile.ZipFile(path).testzip() is None
    subprocess.run(command(seeds, out, "-j2"), cwd=ROOT, check=True, capture_output=True)
    assert sums(out) == whole


def test_a_killed_worker_costs_nothing(seeds: Path, tmp_path: Path) -> None:
    run = start(*command(seeds, tmp_path / "out", "-j2"))
    until(lambda: len(members(run.pid)) > 2)
    workers = [process for process in members(run.pid) if process != run.pid and _is_worker(process)]
    until((tmp_path / "out").exists)
    os.kill(max(workers or [max(members(run.pid))]), signal.SIGKILL)
    run.communicate(timeout=120)
    assert run.returncode == ExitCode.OK
    assert len(list((tmp_path / "out").rglob("*.epub"))) == 4


def _is_worker(process: int) -> bool:
    return b"spawn_main" in Path(f"/proc/{process}/cmdline").read_bytes()


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_ctrl_c_ends_all_within_two_seconds(seeds: Path, tmp_path: Path, jobs: str) -> None:
    book(seeds, "长", 1500)
    out = tmp_path / "out"
    run = start(*command(seeds, out, "--jobs", jobs))
    until((out / ".lock").exists)
    time.sleep(1.5)
    os.killpg(run.pid, signal.SIGINT)
    began = time.monotonic()
    _, err = run.communicate(timeout=30)
    assert time.monotonic() - began < 2
    assert run.returncode == ExitCode.INTERRUPTED
    assert "Traceback" not in err
    assert "已中断" in err
    assert gone(run.pid, 2)
    assert not list(out.rglob(".writing-*"))


def test_two_runs_at_once_end_well(seeds: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    runs = [start(*command(seeds, out, "-j1")) for _ in range(2)]
    told = [run.communicate(timeout=180) for run in runs]
    assert [run.returncode for run in runs] == [ExitCode.OK, ExitCode.OK]
    assert sum("等它做完" in err for _, err in told) <= 1
    assert sum(err.count("无变化") for _, err in told) == 4
    assert len(list(out.rglob("*.epub"))) == 4


def test_a_reader_that_goes_away_breaks_no_book(seeds: Path, tmp_path: Path) -> None:
    """`build | head -1`: nobody reads the rest of the paths."""
    with start(*command(seeds, tmp_path / "out", "-j1")) as run:
        assert run.stdout is not None
        assert run.stderr is not None
        run.stdout.close()
        err = run.stderr.read()
    assert run.returncode == ExitCode.OK
    assert "Traceback" not in err
    assert "BrokenPipe" not in err
    assert len(list((tmp_path / "out").rglob("*.epub"))) == 4


# ---------------------------------------------------------------- a disk that is full, a folder that may not be written


@contextmanager
def small_disk(place: Path, options: str) -> Iterator[Path]:
    """A file system of its own, as only root may mount one."""
    place.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(place)], check=True, capture_output=True)
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


def may_mount() -> bool:
    """Whether this is root with the right to mount; in most containers it is not."""
    with tempfile.TemporaryDirectory() as name:
        tried = subprocess.run(["mount", "-t", "tmpfs", "tmpfs", name], capture_output=True, check=False)
        return tried.returncode == 0 and subprocess.run(["umount", name], check=False).returncode == 0


MOUNTS = os.name == "posix" and os.geteuid() == 0 and may_mount()


@contextmanager
def no_room(place: Path) -> Iterator[tuple[Path, Callable[[], object] | None]]:
    """A folder on a disk of half a megabyte; where none may be mounted, a limit on the size of files, which stops a
    write in its middle all the same.
    """
    if MOUNTS:
        with small_disk(place, "size=512k") as disk:
            yield disk, None
    else:
        yield place, lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_full_disk_is_said_and_leaves_no_half_file(seeds: Path, tmp_path: Path, jobs: str) -> None:
    with no_room(tmp_path / "disk") as (out, limit):
        run = start(*command(seeds, out, "--jobs", jobs), before=limit)
        _, err = run.communicate(timeout=120)
        assert run.returncode == ExitCode.CANNOT_WRITE
        assert "写不进去" in err
        assert "Traceback" not in err
        assert not list(out.rglob(".writing-*"))
        for path in out.rglob("*.epub"):
            assert zipfile.ZipFile(path).testzip() is None


def test_a_folder_that_is_read_only_is_said(seeds: Path, tmp_path: Path) -> None:
    """On a disk mounted so, or, where none may be mounted, in /proc, which takes no files from anyone: a folder's mode
    would not stop root.
    """
    with small_disk(tmp_path / "disk", "ro") if MOUNTS else nullcontext(Path("/proc/build")) as out:
        run = start(*command(seeds, out))
        told, err = run.communicate(timeout=60)
    assert run.returncode == ExitCode.CANNOT_WRITE
    assert told == ""
    assert str(out) in err
    assert "--out" in err
    assert "Traceback" not in err


# ---------------------------------------------------------------- fonts, seeds, limits


def test_without_fonts_there_is_no_pdf_and_an_e_book_all_the_same(seeds: Path, tmp_path: Path) -> None:
    none = tmp_path / "fonts.conf"
    none.write_text(f"<fontconfig><dir>{tmp_path / 'none'}</dir><cachedir>{tmp_path}</cachedir></fontconfig>", "utf-8")
    words = command(seeds / "书3.txt", tmp_path / "out", "-j1")
    words[words.index("epub")] = "epub,pdf"
    told = subprocess.run(
        words,
        cwd=ROOT,
        env={**os.environ, "FONTCONFIG_FILE": str(none)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert told.returncode == ExitCode.SOME_FAILED
    assert "书3.source.pdf" in told.stderr
    assert "Noto" in told.stderr
    assert "Traceback" not in told.stderr
    assert [path.suffix for path in (tmp_path / "out/书3").glob("书3.*")] == [".epub"]


def test_a_seed_that_is_still_written_is_refused_and_the_others_are_made(seeds: Path, tmp_path: Path) -> None:
    growing = seeds / "在写.txt"
    growing.write_text(PARAGRAPH * 100_000, encoding="utf-8")
    writer = "import sys, time\nwhile True:\n open(sys.argv[1], 'ab').write('人。\\n'.encode()); time.sleep(0.0005)"
    with subprocess.Popen([sys.executable, "-c", writer, str(growing)]) as writing:
        try:
            run = start(*command(seeds, tmp_path / "out", "-j2"))
            _, err = run.communicate(timeout=120)
        finally:
            writing.kill()
    assert run.returncode == ExitCode.SOME_FAILED
    assert f"{growing}：读的时候文件还在变" in err
    assert len(list((tmp_path / "out").rglob("*.epub"))) == 4


@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize(
    ("limit", "word"), [(("--time-limit", "2"), "还没有做完"), (("--memory-limit", "400"), "内存不够")]
)
def test_a_book_that_exceeds_a_limit_fails_alone(
    seeds: Path, tmp_path: Path, jobs: str, limit: tuple[str, str], word: str
) -> None:
    size = 2_000_000 if limit[0] == "--time-limit" else 6_000_000
    (seeds / "太大.txt").write_text(library.book(1, size), encoding="utf-8")
    run = start(*command(seeds, tmp_path / "out", "--jobs", jobs, *limit))
    _, err = run.communicate(timeout=240)
    assert run.returncode == ExitCode.SOME_FAILED
    assert "Traceback" not in err
    failures = [line for line in err.splitlines() if line.startswith("失败")]
    assert failures
    for line in failures:  # of the book, or of each of its files
        assert str(seeds / "太大.txt") in line
        assert word in line
        assert limit[0] in line
    assert len([*(tmp_path / "out").rglob("书*.epub")]) == 4
