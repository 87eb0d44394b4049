"""What goes wrong around us, really done to a real process: killed, interrupted, no room to write, no right to."""

import hashlib
import os
import random
import resource
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.errors import ExitCode

ROOT = Path(__file__).resolve().parent.parent
PARAGRAPH = "人是社会的动物，他的生活离不开别人，所以我们说社会生活的基本条件是人和人的关系。\n"

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
        if path.is_file() and not path.name.startswith(".")
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
    for _ in range(6):
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


def test_a_disk_without_room_leaves_no_half_file(seeds: Path, tmp_path: Path) -> None:
    """A limit on the size of files stops a write in its middle, as a full disk does."""
    out = tmp_path / "out"
    limit = 20_000

    def little_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    run = start(*command(seeds, out, "-j1"), before=little_room)
    _, err = run.communicate(timeout=120)
    assert run.returncode == ExitCode.CANNOT_WRITE
    assert "写不进去" in err
    assert "Traceback" not in err
    assert not list(out.rglob(".writing-*"))
    for path in out.rglob("*.epub"):
        assert zipfile.ZipFile(path).testzip() is None


def test_a_folder_that_may_not_be_written_is_said(seeds: Path, tmp_path: Path) -> None:
    """/proc takes no files from anyone; a folder's mode would not stop root, who runs tests in containers."""
    run = start(*command(seeds, Path("/proc/build")))
    out, err = run.communicate(timeout=60)
    assert run.returncode == ExitCode.CANNOT_WRITE
    assert out == ""
    assert "/proc/build" in err
    assert "--out" in err
    assert "Traceback" not in err


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
