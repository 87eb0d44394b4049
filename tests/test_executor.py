"""Where tasks run: the serial twin and the processes give the same, and a worker that dies takes only its own task."""

import os
import signal
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from pipeline import executor
from pipeline.errors import PipelineError
from pipeline.executor import Call


def square(number: int, _: object = None) -> int:
    return number * number


def square_or_die(number: int, _: object = None) -> int:
    """Dies as the system's killer would have it, for odd numbers."""
    if number % 2:
        os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(0.05)
    return number * number


def process_of(_: int, __: object = None) -> int:
    return os.getpid()


def complain(number: int, _: object = None) -> int:
    raise ValueError(number)


def results(work: Callable[[int], Any], numbers: Sequence[int], jobs: int) -> dict[int, Any]:
    left = deque(numbers)

    def next_call() -> Call | None:
        return Call(work, left[0], left.popleft()) if left else None

    done = executor.completed(next_call, executor.workshop(jobs))
    return {call.about: result for call, result in done}


@pytest.mark.parametrize("jobs", [1, 2])
def test_all_calls_are_answered(jobs: int) -> None:
    assert results(square, range(20), jobs) == {number: number * number for number in range(20)}


def test_one_job_needs_no_other_process() -> None:
    assert set(results(process_of, [1, 2], 1).values()) == {os.getpid()}


def test_two_jobs_are_other_processes() -> None:
    assert os.getpid() not in results(process_of, [1, 2], 2).values()


def test_results_give_rise_to_further_calls() -> None:
    more: deque[int] = deque([2])
    seen = []
    calls = executor.completed(lambda: Call(square, more.popleft()) if more else None, executor.workshop(2))
    for _, result in calls:
        assert isinstance(result, int)
        seen.append(result)
        if result < 1000:
            more.append(result)
    assert seen == [4, 16, 256, 65536]


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_a_task_raises_is_raised_here(jobs: int) -> None:
    with pytest.raises(ValueError, match="7"):
        results(complain, [7], jobs)


@pytest.mark.slow
@pytest.mark.parametrize("numbers", [(1,), (0, 1, 2, 4, 3, 6, 8), (8, 6, 1)], ids=["alone", "two of seven", "the last"])
def test_a_worker_that_dies_takes_only_its_own_task(numbers: tuple[int, ...]) -> None:
    found = results(square_or_die, numbers, 2)
    assert {number: found[number] for number in numbers if number % 2 == 0} == {
        number: number * number for number in numbers if number % 2 == 0
    }
    lost = [found[number] for number in numbers if number % 2]
    assert lost
    assert all(isinstance(error, PipelineError) and error.remedy for error in lost)


def test_leaving_early_leaves_no_worker() -> None:
    left = deque(range(10))
    calls = executor.completed(lambda: Call(process_of, left.popleft()) if left else None, executor.workshop(2))
    _, worker = next(calls)
    assert isinstance(worker, int)
    calls.close()
    deadline = time.monotonic() + 5
    while _alive(worker) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not _alive(worker)


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True
