"""Every structure rule on its cases: tests/cases/structure/<rule-id>.toml.

[[fix]] has `lines` (one string) and `marks`, all that this rule says of them: "3 cip" or "3-7 cip", counted from 1.
[[keep]] has `lines` that must get no mark from the rule. The rules before it in RULES speak first, as in a real run.
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from pipeline.structure import RULES
from pipeline.structure.rule import Draft, Mark

CASES = Path(__file__).parent / "cases" / "structure"


def _cases(kind: str) -> list[Any]:
    return [
        pytest.param(path.stem, case, id=f"{path.stem}-{number}")
        for path in sorted(CASES.glob("*.toml"))
        for number, case in enumerate(tomllib.loads(path.read_text(encoding="utf-8")).get(kind, []), start=1)
    ]


def said(rule_id: str, text: str) -> list[Mark]:
    """What the rule says of the lines, the rules before it heard."""
    lines = text.strip("\n").split("\n")
    roles: dict[int, Mark] = {}
    for rule in RULES:
        marks = list(rule.find(Draft(lines, (), roles)))
        if rule.id == rule_id:
            return marks
        for mark in marks:
            if mark.start == 0:
                roles.setdefault(mark.line, mark)
    raise AssertionError(f"no rule {rule_id} in RULES")


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
    assert [(mark.line + 1, mark.role.value) for mark in said(rule, case["lines"])] == wanted


@pytest.mark.parametrize(("rule", "case"), _cases("keep"))
def test_rule_lets_the_rest_alone(rule: str, case: Mapping[str, Any]) -> None:
    assert said(rule, case["lines"]) == []


@pytest.mark.parametrize("path", sorted(CASES.glob("*.toml")), ids=lambda path: path.stem)
def test_each_rule_has_three_cases_of_either_kind(path: Path) -> None:
    cases = tomllib.loads(path.read_text(encoding="utf-8"))
    assert path.stem in {rule.id for rule in RULES}, "the case file names no rule"
    assert len(cases.get("fix", [])) >= 3
    assert len(cases.get("keep", [])) >= 3
