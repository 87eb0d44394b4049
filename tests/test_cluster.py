"""A dask cluster on loopback, really run: scheduler and three workers give the bytes of a serial run, whatever dies."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from pipeline import build, cluster, executor, store
from pipeline.build import Ended, Event, Failed, Request
from pipeline.errors import ExitCode, ToolError
from tests import library
from tests.test_build import sums

ROOT = Path(__file__).resolve().parent.parent
WORKERS = 3
QUIET = {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "3", "DASK_LOGGING__DISTRIBUTED": "error"}


@dataclass
class Cluster:
    """A scheduler and its workers, each a process of its own."""

    address: str
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def hire(self, folder: Path, environment: dict[str, str]) -> None:
        """One more worker, which shares no folder with us."""
        folder.mkdir(parents=True)
        command = [sys.executable, "-m", "distributed.cli.dask_worker", self.address, "--nthreads", "1"]
        command += ["--no-dashboard", "--no-nanny", "--local-directory", str(folder), "--death-timeout", "60"]
        quiet = subprocess.DEVNULL
        self.workers.append(subprocess.Popen(command, cwd=folder, env=environment, stdout=quiet, stderr=quiet))


@contextmanager
def hired(folder: Path, count: int, **odd: str) -> Iterator[Cluster]:
    environment = {**os.environ, **QUIET, "PYTHONPATH": str(ROOT), **odd}
    told = folder / "scheduler.json"
    command = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0"]
    command += ["--no-dashboard", "--scheduler-file", str(told)]
    quiet = subprocess.DEVNULL
    scheduler = subprocess.Popen(command, cwd=folder, env=environment, stdout=quiet, stderr=quiet)
    made = Cluster("")
    try:
        deadline = time.monotonic() + 60
        while not (told.exists() and told.read_text("utf-8").strip().endswith("}")):
            assert time.monotonic() < deadline
            time.sleep(0.1)
        made.address = json.loads(told.read_text("utf-8"))["address"]
        for number in range(count):
            made.hire(folder / f"worker{number}", environment)
        _all_there(made.address, count)
        yield made
    finally:
        for process in (*made.workers, scheduler):
            process.kill()
            process.wait()


def _all_there(address: str, count: int) -> None:
    with cluster.Client(address, timeout=60, set_as_default=False) as client:
        client.wait_for_workers(count, timeout=120)


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("library") / "seeds"
    library.write(folder, 12, 3_000, 40_000)
    return folder


@pytest.fixture(scope="module")
def alone(seeds: Path) -> dict[str, str]:
    out = seeds.parent / "alone"
    list(build.run(Request((seeds,), out, ("epub",), jobs=1)))
    return sums(out)


@pytest.mark.slow
def test_a_cluster_gives_the_same_bytes_even_if_a_worker_is_killed(
    seeds: Path, alone: dict[str, str], tmp_path: Path
) -> None:
    with hired(tmp_path, WORKERS) as made:
        events: list[Event] = list(build.run(Request((seeds,), tmp_path / "out", ("epub",), cluster=made.address)))
        assert [event for event in events if isinstance(event, Failed)] == []
        assert sums(tmp_path / "out") == alone

        ended = 0
        for event in build.run(Request((seeds,), tmp_path / "again", ("epub",), cluster=made.address)):
            assert not isinstance(event, Failed), event
            ended += isinstance(event, Ended)
            if ended == 3:
                made.workers[0].send_signal(signal.SIGKILL)
        assert made.workers[0].wait(10) == -signal.SIGKILL
        assert sums(tmp_path / "again") == alone


@pytest.mark.slow
def test_a_worker_with_another_program_is_named(seeds: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with (
        hired(tmp_path, 1, PYTHONPATH=str(tmp_path / "empty")) as made,
        pytest.raises(ToolError, match="没有活字程序") as told,
    ):
        list(build.run(Request((seeds,), tmp_path / "out", ("epub",), cluster=made.address)))
    assert told.value.remedy
    assert "tcp://127.0.0.1:" in str(told.value)


def test_a_scheduler_that_is_not_there_is_told(seeds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "_PATIENCE", 1)
    with pytest.raises(ToolError, match="连不上") as told:
        list(build.run(Request((seeds,), tmp_path / "out", ("epub",), cluster="tcp://127.0.0.1:9")))
    assert told.value.exit_code == ExitCode.SOME_FAILED


def test_what_is_odd_is_said_by_name() -> None:
    ours = dict(store.surroundings())
    assert cluster.differences(ours, ours) == ""
    assert cluster.differences(ours, {**ours, "lxml": "1.0"}) == f"lxml 是 1.0，这里是 {ours['lxml']}"
    assert "fonts" in cluster.differences(ours, {**ours, "fonts": ""})
    assert "没有活字程序" in cluster.differences(ours, ModuleNotFoundError("No module named 'pipeline'"))


def test_a_worker_that_came_late_and_is_odd_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[object] = []
    monkeypatch.setattr(cluster, "equip", told.append)

    class Worker:
        address = "tcp://late:1"

    cluster._Equipment("looks", {**store.surroundings(), "lxml": "0"}).setup(Worker())
    cluster._Equipment("looks", store.surroundings()).setup(Worker())
    assert isinstance(told[0], ToolError)
    assert "tcp://late:1" in str(told[0])
    assert told[1] == "looks"
    monkeypatch.setattr(executor, "_shared", told[0])
    with pytest.raises(ToolError, match="lxml"):
        executor.perform(lambda on, shared: on, 1, None, b"")
