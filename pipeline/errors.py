"""What can be wrong with the user's set-up, and how the program ends.

Trouble with a *text* is a `Notice` (see notice.py), never an exception. What stands here is trouble with files,
settings and tools, told so that the reader knows the place and the next thing to do; and broken laws, our own faults.
"""

from enum import IntEnum


class ExitCode(IntEnum):
    """How `python -m pipeline` ends."""

    OK = 0
    SOME_FAILED = 1  # at least one book or edition was not built; the others were
    USAGE = 2  # the command line or a settings file is wrong: nothing was built
    BROKEN_LAW = 70  # a fault of ours; the evidence is kept in build/ (sysexits.h: EX_SOFTWARE)
    CANNOT_WRITE = 73  # the output folder cannot be written (EX_CANTCREAT)
    INTERRUPTED = 130  # Ctrl-C


class PipelineError(Exception):
    """The user's set-up stops us: says what, where, and what to do next.

    `message` is one sentence in Chinese, `remedy` the next thing to do, `where` a place such as `seeds/a.toml:3 title`.
    """

    exit_code = ExitCode.SOME_FAILED

    def __init__(self, message: str, *, remedy: str = "", where: str = "") -> None:
        super().__init__(message)
        self.message, self.remedy, self.where = message, remedy, where

    def __str__(self) -> str:
        place = f"{self.where}：" if self.where else ""
        return f"{place}{self.message}" + (f"（{self.remedy}）" if self.remedy else "")

    def __reduce__(self) -> tuple[object, ...]:  # keyword arguments survive the way back from a worker process
        return _rebuild, (type(self), self.message, self.remedy, self.where)


class SettingsError(PipelineError):
    """A key or value of a .toml that we cannot take."""

    exit_code = ExitCode.USAGE


class SourceError(PipelineError):
    """A seed that cannot be read as text at all (missing, empty, binary, undecodable)."""


class OutputError(PipelineError):
    """The output folder or a file in it cannot be written."""

    exit_code = ExitCode.CANNOT_WRITE


class ToolError(PipelineError):
    """A part of the system (Pango, a font, Java) is missing."""


class LimitExceeded(PipelineError):
    """A task took longer than it may."""


class OutOfMemory(PipelineError):
    """A task asked for more memory than it may have, or than there is."""


class BrokenLaw(PipelineError):
    """One of the laws of laws.py does not hold: a fault of this program, never of the user."""

    exit_code = ExitCode.BROKEN_LAW


def _rebuild(kind: type[PipelineError], message: str, remedy: str, where: str) -> PipelineError:
    return kind(message, remedy=remedy, where=where)
