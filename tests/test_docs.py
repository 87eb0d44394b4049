"""The pages for contributors stay true: their example works, and the plan of the house shows the rooms there are."""

import re
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

from pipeline import ledger
from pipeline.clean import clean
from pipeline.clean.rule import LineRule

ROOT = Path(__file__).resolve().parent.parent
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text("utf-8")
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")


def block(language: str) -> str:
    """The first example in a language."""
    found = re.search(rf"(?s)```{language}\n(.*?)```", CONTRIBUTING)
    assert found is not None
    return found.group(1)


CASES = tomllib.loads(block("toml"))


@pytest.fixture(scope="module")
def rule() -> LineRule:
    """The rule of the example, as its file would define it."""
    module = ModuleType("example")
    exec(compile(block("python"), "CONTRIBUTING.md", "exec"), module.__dict__)  # noqa: S102
    assert isinstance(module.RULE, LineRule)
    return module.RULE


@pytest.mark.parametrize("case", CASES["fix"], ids=lambda case: case["label"])
def test_the_example_fixes(rule: LineRule, case: dict[str, str]) -> None:
    cleaned = clean([case["before"]], (), [rule])
    assert cleaned.lines == (case["after"],)
    assert ledger.undo(cleaned.lines, cleaned.ledger) == (case["before"],)


@pytest.mark.parametrize("case", CASES["keep"], ids=lambda case: case["label"])
def test_the_example_leaves_alone(rule: LineRule, case: dict[str, str]) -> None:
    assert clean([case["text"]], (), [rule]).ledger == ()


def test_the_example_keeps_our_own_rules(rule: LineRule) -> None:
    assert len(CASES["fix"]) >= 3
    assert len(CASES["keep"]) >= 3
    assert f"tests/cases/clean/{rule.id}.toml" in CONTRIBUTING
    assert f"pipeline/clean/{rule.id.replace('-', '_')}.py" in CONTRIBUTING


@pytest.mark.parametrize("page", ["CONTRIBUTING.md", "docs/architecture.md"])
def test_every_make_target_that_a_page_names_exists(page: str) -> None:
    named = set(re.findall(r"\bmake ([a-z][a-z-]*)`", (ROOT / page).read_text("utf-8")))
    named |= set(re.findall(r"(?m)^make ([a-z-]+)", (ROOT / page).read_text("utf-8")))
    assert named
    assert named <= set(re.findall(r"(?m)^([a-z-]+):", MAKEFILE))


@pytest.mark.parametrize("page", ["CONTRIBUTING.md", "docs/architecture.md"])
def test_every_page_that_a_page_links_to_exists(page: str) -> None:
    for link in re.findall(r"\]\(([^)#:]+)\)", (ROOT / page).read_text("utf-8")):
        assert (ROOT / page).parent.joinpath(link).exists(), link


def test_the_plan_shows_every_room_and_no_other() -> None:
    plan = re.search(r"(?m)^pipeline/\n((?:  .*\n)+)", ARCHITECTURE)
    assert plan is not None
    shown = set(re.findall(r"(?m)^  ([a-z_]+(?:\.py|/)) ", plan.group(1)))
    modules = {path.name for path in (ROOT / "pipeline").glob("*.py")} - {"__init__.py"}
    packages = {f"{path.parent.name}/" for path in (ROOT / "pipeline").glob("*/__init__.py")}
    assert shown == modules | packages
