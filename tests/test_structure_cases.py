"""Every structure rule on its cases: tests/cases/structure/<rule-id>.toml.

[[fix]] has `lines` (one string) and `marks`, all that this rule says of them: "3 cip" or "3-7 cip", counted from 1.
[[keep]] has `lines` that must get no mark from the rule. The rules before it in RULES speak first, as in a real run.
`pages` gives the lines that begin a page, from 1, where a case needs them.
"""

import tomllib
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from pipeline.config import StructureSettings
from pipeline.pages import Page
from pipeline.structure import RULES, hear
from pipeline.structure.rule import Mark, Role

CASES = Path(__file__).parent / "cases" / "structure"


def _cases(kind: str) -> list[Any]:
    return [
        pytest.param(path.stem, case, id=f"{path.stem}-{number}")
        for path in sorted(CASES.glob("*.toml"))
        for number, case in enumerate(tomllib.loads(path.read_text(encoding="utf-8")).get(kind, []), start=1)
    ]


def said(rule_id: str, case: Mapping[str, Any]) -> list[Mark]:
    """What the rule says of the lines, the rules before it heard."""
    lines = case["lines"].strip("\n").split("\n")
    starts = [start - 1 for start in case.get("pages", [])]
    pages = [Page(start, end) for start, end in pairwise([*starts, len(lines)])]
    at = next((number for number, rule in enumerate(RULES) if rule.id == rule_id), None)
    assert at is not None, f"no rule {rule_id} in RULES"
    draft, _, _ = hear(lines, pages, StructureSettings(), RULES[:at])
    return list(RULES[at].find(draft))


def _spread(marks: list[str]) -> list[tuple[int, str]]:
    out = []
    for mark in marks:
        place, role = mark.split()
        first, _, last = place.partition("-")
        out += [(line, role) for line in range(int(first), int(last or first) + 1)]
    return out


@pytest.mark.parametrize(("rule", "case"), _cases("fix"))
def test_rule_marks_what_it_should(rule: str, case: Mapping[str, Any]) -> None:
    lines = case["lines"].strip("\n").split("\n")
    wanted = [(line, role) for line, role in _spread(case["marks"]) if lines[line - 1].strip()]
    assert [(mark.line + 1, mark.role.value) for mark in said(rule, case)] == wanted


@pytest.mark.parametrize(("rule", "case"), _cases("keep"))
def test_rule_lets_the_rest_alone(rule: str, case: Mapping[str, Any]) -> None:
    found = said(rule, case)
    if rule == "paragraphs":  # it speaks of every line: here each opens a paragraph of its own
        found = [mark for mark in found if mark.role is not Role.PARAGRAPH]
    assert found == []


@pytest.mark.parametrize("path", sorted(CASES.glob("*.toml")), ids=lambda path: path.stem)
def test_each_rule_has_three_cases_of_either_kind(path: Path) -> None:
    cases = tomllib.loads(path.read_text(encoding="utf-8"))
    assert path.stem in {rule.id for rule in RULES}, "the case file names no rule"
    assert len(cases.get("fix", [])) >= 3
    assert len(cases.get("keep", [])) >= 3
