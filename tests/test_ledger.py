"""The ledger: what is recorded can be applied, told and undone, in linear time."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.ledger import Confidence, Edit, Fix, apply, record, to_json_lines, undo

LINE = st.text(st.sampled_from("人民群众，, ab"), max_size=30)


@st.composite
def lines_with_fixes(draw: st.DrawFn) -> tuple[str, list[Fix]]:
    """A line and fixes that do not overlap, insertions among them."""
    text = draw(LINE)
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=8, unique=True)))
    fixes = [Fix(start, end, draw(LINE)) for start, end in zip(cuts[::2], cuts[1::2], strict=False)]
    return text, fixes


def recorded(rule: str, line: int, text: str, fixes: list[Fix]) -> list[Edit]:
    return list(record(rule, line, text, fixes, Confidence.LIKELY, "因为"))


@given(lines_with_fixes())
def test_a_line_is_changed_at_once_as_it_is_edit_by_edit(made: tuple[str, list[Fix]]) -> None:
    text, fixes = made
    edits = recorded("r", 0, text, fixes)
    one_by_one = text
    for edit in edits:
        one_by_one = edit.apply(one_by_one)
    assert apply(text, edits) == one_by_one


@given(st.lists(st.tuples(st.integers(0, 2), st.sampled_from("ab"), st.data()), max_size=12), st.data())
def test_any_history_can_be_undone(steps: list[tuple[int, str, st.DataObject]], data: st.DataObject) -> None:
    """Rules in any order, the same rule twice in a row on a line: the seed comes back, and edit by edit agrees."""
    seed = [data.draw(LINE) for _ in range(3)]
    lines, ledger = list(seed), list[Edit]()
    for line, rule, more in steps:
        text = lines[line]
        cuts = sorted(more.draw(st.lists(st.integers(0, len(text)), max_size=6, unique=True)))
        fixes = [Fix(start, end, more.draw(LINE)) for start, end in zip(cuts[::2], cuts[1::2], strict=False)]
        edits = recorded(rule, line, text, fixes)
        lines[line] = apply(text, edits)
        ledger += edits
    assert undo(lines, ledger) == tuple(seed)
    slowly = list(lines)
    for edit in reversed(ledger):
        text = slowly[edit.line]
        slowly[edit.line] = text[: edit.start] + edit.before + text[edit.start + len(edit.after) :]
    assert slowly == seed


def test_fixes_that_change_nothing_are_not_recorded() -> None:
    assert recorded("r", 0, "群众", [Fix(0, 1, "群"), Fix(1, 2, "眾")]) == [
        Edit("r", 0, 1, "众", "眾", Confidence.LIKELY, "因为")
    ]


@pytest.mark.parametrize(
    "fixes", [[Fix(0, 2, "x"), Fix(1, 3, "y")], [Fix(3, 2, "x")], [Fix(0, 5, "x")], [Fix(-1, 1, "x")]]
)
def test_fixes_that_overlap_or_leave_the_line_are_a_fault_of_the_rule(fixes: list[Fix]) -> None:
    with pytest.raises(ValueError, match="overlap"):
        recorded("r", 0, "人民群", fixes)


def test_a_fix_may_speak_for_itself() -> None:
    (edit,) = recorded("r", 4, "a,b", [Fix(1, 2, "，", "另有理由", Confidence.DOUBTFUL)])
    assert (edit.why, edit.confidence, edit.line) == ("另有理由", Confidence.DOUBTFUL, 4)


def test_json_lines_count_from_one_and_say_what_was_applied() -> None:
    edits = [*recorded("r", 4, "a,b", [Fix(1, 2, "，")]), Edit("q", 0, 0, "\u2028", "", Confidence.DOUBTFUL, "疑")]
    first, second = (json.loads(line) for line in to_json_lines(edits).split("\n")[:-1])
    assert first == {
        "rule": "r", "line": 5, "start": 1, "before": ",", "after": "，",
        "confidence": "likely", "applied": True, "why": "因为",
    }  # fmt: skip
    assert second["applied"] is False


def test_many_edits_on_one_long_line_are_undone_at_once() -> None:
    text = "a," * 200_000
    edits = recorded("r", 0, text, [Fix(at, at + 1, "，，") for at in range(1, len(text), 2)])
    assert undo([apply(text, edits)], edits) == (text,)
