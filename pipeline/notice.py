"""Notices: typed remarks about a text, for the person who will publish it. Never exceptions."""

from dataclasses import dataclass
from enum import Enum


class Severity(Enum):
    """How much a notice should worry the publisher."""

    INFO = "info"  # good to know: the encoding that was found, a truncated end
    WARNING = "warning"  # look at it before you publish: a contents entry without a body


@dataclass(frozen=True, slots=True)
class Notice:
    """One remark. `code` is a stable kebab-case name, `message` Chinese, `line` counts from 0 (None: whole text)."""

    code: str
    message: str
    line: int | None = None
    severity: Severity = Severity.INFO
