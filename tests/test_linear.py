"""No rule takes more than linear time, whatever stands on a line: each is fed the signs that patterns look for.

Time is compared with time on a shorter text, so that a slow or busy machine fails nothing; only what is quadratic does.
"""

import time
import tomllib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from pipeline import clean, pages
from pipeline.clean.rule import BookRule, CleaningRule, LineRule
from pipeline.pages import Page
from pipeline.structure import RULES, contents, metadata
from pipeline.structure.rule import Draft, Mark, Role

CASES = Path(__file__).parent / "cases" / "clean"

Work = Callable[[Sequence[str]], Any]

SIGNS = (
    *(
        "一",
        "1",
        "中",
        "A",
        "a-",
        " ",
        "\u3000",
        "\t",
        "—",
        "-",
        "_",
        ".",
        "…",
        "·",
        "，",
        "。",
        "：",
        "“",
        "”",
        '"',
        "'",
    ),
    *(
        "(",
        "（",
        "）",
        "[",
        "《",
        "「",
        "①",
        "#",
        "*",
        "**",
        "- ",
        "|",
        "<",
        "<b>",
        "<td>",
        "&",
        "$",
        "\\",
        "/",
        "@",
        "0",
        "l",
    ),
    *(
        "第",
        "第一",
        "一、",
        "1.",
        "年",
        "月",
        "目",
        "图",
        "版",
        "编",
        "出版社",
        "ISBN 9",
        "ⅠⅡ",
        "。一",
        "中1",
        "中，",
        "中 ",
        "字\u200b",
    ),
)
SMALL, LARGE, WHOLE = 3_000, 24_000, 1_000_000  # characters
TIMES, SLACK = 3.0, 0.05  # how much more than in proportion, and seconds, that a busy machine may add


def _rule(find: Callable[[Draft], Any]) -> Work:
    return lambda lines: list(find(Draft(lines, (Page(0, len(lines)),), {})))


def _metadata(lines: Sequence[str]) -> None:
    for role in (Role.TITLE_PAGE, Role.CIP, Role.COLOPHON):
        metadata.read(Draft(lines, (), {line: Mark(line, role, "") for line in range(len(lines))}), "无名")


def _entries(lines: Sequence[str]) -> None:
    contents.entries(Draft(lines, (), {line: Mark(line, Role.CONTENTS, "") for line in range(len(lines))}))


WORK: dict[str, Work] = {
    "pages": pages.find,
    "pages/parted": lambda lines: pages.find([row for line in lines for row in (line, "", "", "", "中文", "", "", "")]),
    "metadata": _metadata,
    "entries": _entries,
    **{f"structure/{rule.id}": _rule(rule.find) for rule in RULES},
}


def _cleaning(rule: CleaningRule) -> Work:
    if isinstance(rule, BookRule):
        return lambda lines: list(rule.find(lines, (Page(0, len(lines)),)))
    if isinstance(rule, LineRule):
        return lambda lines: [list(rule.find(line)) for line in lines]
    return lambda lines: clean.clean(lines, (), [rule])


def _own(rule: CleaningRule) -> list[str]:
    """What this rule looks for, and what its first case is made of."""
    case = tomllib.loads((CASES / f"{rule.id}.toml").read_text("utf-8"))["fix"][0]["before"]
    return [*list(rule.trigger)[:4], *[line for line in case.split("\n") if line][:2]]


WORK |= {f"clean/{rule.id}": _cleaning(rule) for rule in clean.RULES}
OWN = {f"clean/{rule.id}": _own(rule) for rule in clean.RULES}


def _seconds(work: Work, lines: Sequence[str]) -> float:
    start = time.process_time()
    work(lines)
    return time.process_time() - start


def _of(sign: str, size: int, width: int = 0) -> list[str]:
    """A text of one sign, in lines of a width, or in one line whose end belies what it began: no pattern takes ☂."""
    text = sign * (size // len(sign))
    return [text[at : at + width] + "中" for at in range(0, len(text), width)] if width else [f"中{text}☂"]


@pytest.mark.slow
@pytest.mark.parametrize("name", WORK)
def test_time_grows_with_the_text_and_no_faster(name: str) -> None:
    work = WORK[name]
    worst = (0.0, "一", 0)
    for sign in (*SIGNS, *OWN.get(name, ())):
        for width in (0, 45):
            few, many = _seconds(work, _of(sign, SMALL, width)), _seconds(work, _of(sign, LARGE, width))
            if many > TIMES * few * LARGE / SMALL + SLACK:  # once more, before it is believed
                many = min(many, _seconds(work, _of(sign, LARGE, width)))
            assert many <= TIMES * few * LARGE / SMALL + SLACK, f"{sign!r}, width {width}: {few:.4f} s, {many:.4f} s"
            worst = max(worst, (many, sign, width))
    many, sign, width = worst
    whole = _seconds(work, _of(sign, WHOLE, width))  # 1 MB of the worst
    assert whole <= TIMES * (many + SLACK) * WHOLE / LARGE, f"{sign!r}, width {width}: {many:.4f} s, {whole:.4f} s"
