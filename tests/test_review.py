"""What a person decided is done, or is an error that says what stands there now; the laws hold all the same."""

import re
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import laws, pages, review
from pipeline.clean import RULES, Cleaned, clean
from pipeline.clean.rule import BookRule, CleaningRule, LineRule
from pipeline.config import Verbatim
from pipeline.errors import SettingsError
from pipeline.ledger import Confidence, Edit, Fix
from pipeline.review import Conversion, Correction, Decision, Hearing, Held, Review, Reviewed
from tests.paper import printed_pages

# ---------------------------------------------------------------- small rules whose work is plain to see


def swap(rule: str, before: str, after: str, confidence: Confidence = Confidence.LIKELY) -> LineRule:
    """A rule that puts `after` for `before` wherever it stands."""

    def find(text: str) -> list[Fix]:
        starts = [at for at in range(len(text)) if text.startswith(before, at)]
        return [Fix(at, at + len(before), after) for at in starts]

    return LineRule(rule, confidence, find, f"{before}应作{after}")


def _heads(lines: Sequence[str], _: Sequence[pages.Page]) -> list[tuple[int, Fix]]:
    return [(number, Fix(0, len(line), "")) for number, line in enumerate(lines) if line.startswith("眉")]


COMMA = swap("comma", ",", "，")
GUESS = swap("guess", "已尔扎克", "巴尔扎克", Confidence.DOUBTFUL)
HEAD = BookRule("head", Confidence.LIKELY, _heads, "页眉")
SMALL: tuple[CleaningRule, ...] = (HEAD, COMMA, swap("stop", ".", "。"), GUESS)


def decided(toml: str, folder: Path) -> Reviewed:
    path = folder / "书.review.toml"
    path.write_text(toml, encoding="utf-8")
    return review.read(path)


def lawful(lines: Sequence[str], reviewed: Reviewed, rules: Sequence[CleaningRule] = SMALL) -> Cleaned:
    """The cleaning under these decisions, with laws 1 and 2 proved upon it."""
    printed = pages.find(lines)
    done = clean(lines, printed, rules, Hearing(reviewed))
    laws.ledger_rebuilds_seed(lines, done.lines, done.ledger)

    def once_more(cleaned: Sequence[str]) -> tuple[Sequence[str], Sequence[Edit]]:
        again = clean(cleaned, printed, rules, Hearing(reviewed, again=done.held))
        return again.lines, again.ledger

    laws.cleaning_is_settled(done.lines, once_more)
    return done


# ---------------------------------------------------------------- each kind of decision


@pytest.mark.parametrize(
    ("lines", "toml", "after"),
    [
        pytest.param(
            ["甲,乙", "丙,丁"], '[[reject]]\nrule = "comma"\nline = 1\nbefore = ","', ["甲,乙", "丙，丁"], id="reject"
        ),
        pytest.param(
            ["甲,乙", "丙,丁"], '[[reject]]\nrule = "comma"\nbefore = ","', ["甲,乙", "丙,丁"], id="everywhere"
        ),
        pytest.param(
            ["甲,乙,丙.丁"],
            '[[reject]]\nrule = "comma"\nline = 1\nbefore = ","\naround = "乙,丙"',
            ["甲，乙,丙。丁"],
            id="one of several",
        ),
        pytest.param(
            ["眉 甲,"], '[[reject]]\nrule = "head"\nbefore = "眉 甲,"', ["眉 甲，"], id="a line kept is mended"
        ),
        pytest.param(
            ["见已尔扎克.", "已尔扎克"],
            '[[accept]]\nrule = "guess"\nline = 1\nbefore = "已尔扎克"',
            ["见巴尔扎克。", "已尔扎克"],
            id="accept a doubt",
        ),
        pytest.param(
            ["见已尔扎克", "已尔扎克"],
            '[[accept]]\nrule = "guess"\nbefore = "已尔扎克"\nafter = "巴尔扎克"',
            ["见巴尔扎克", "巴尔扎克"],
            id="accept all places",
        ),
        pytest.param(["甲,乙"], '[[accept]]\nrule = "comma"\nline = 1\nbefore = ","', ["甲，乙"], id="accept the done"),
        pytest.param(
            ["真心想护,好"],
            '[[correct]]\nline = 1\nbefore = "想护"\nafter = "拥护"\nwhy = "形近"',
            ["真心拥护，好"],
            id="correct",
        ),
        pytest.param(
            ["甲乙", "乙丙"], '[[correct]]\nbefore = "乙"\nafter = "一"', ["甲一", "一丙"], id="correct everywhere"
        ),
        pytest.param(["甲。"], '[[correct]]\nline = 1\nbefore = "。"\nafter = ","', ["甲,"], id="a correction stands"),
        pytest.param(
            ["甲乙丙"], '[[correct]]\nline = 1\nbefore = "乙"\nafter = ""', ["甲丙"], id="a correction takes out"
        ),
        pytest.param(["Inc., 甲,"], 'protect = ["Inc.,"]', ["Inc., 甲，"], id="protect"),
        pytest.param(["眉 Inc."], 'protect = ["Inc."]', [""], id="a line that goes as a whole goes"),
    ],
)
def test_what_was_decided_is_done(lines: list[str], toml: str, after: list[str], tmp_path: Path) -> None:
    assert list(lawful(lines, decided(toml, tmp_path)).lines) == after


def test_a_rejected_doubt_is_not_asked_again(tmp_path: Path) -> None:
    assert len(lawful(["已尔扎克"], Reviewed()).doubts) == 1
    done = lawful(["已尔扎克"], decided('[[reject]]\nrule = "guess"\nline = 1\nbefore = "已尔扎克"', tmp_path))
    assert (done.lines, done.doubts) == (("已尔扎克",), ())


def test_the_ledger_says_who_decided(tmp_path: Path) -> None:
    toml = '[[accept]]\nrule = "guess"\nbefore = "已尔扎克"\n'
    toml += '[[correct]]\nline = 1\nbefore = "想"\nafter = "拥"\nwhy = "形近"'
    accepted, corrected = lawful(["已尔扎克想护"], decided(toml, tmp_path)).ledger
    assert (accepted.rule, accepted.confidence) == ("guess", Confidence.CERTAIN)
    assert "人" in accepted.why
    assert (corrected.rule, corrected.confidence, corrected.why) == ("reviewer", Confidence.CERTAIN, "形近")


def test_what_one_rule_may_not_do_another_does_not_do_either(tmp_path: Path) -> None:
    rules = (COMMA, swap("comma-too", ",", "，"))
    toml = '[[reject]]\nrule = "comma"\nline = 1\nbefore = ","'
    assert lawful(["甲,乙"], decided(toml, tmp_path), rules).lines == ("甲,乙",)


def test_what_a_later_pass_would_propose_is_rejected_too(tmp_path: Path) -> None:
    rules = (swap("dash", "--", "—"), swap("hyphen", "一一", "--"))  # the second makes work for the first
    toml = '[[reject]]\nrule = "dash"\nline = 1\nbefore = "--"'
    assert lawful(["甲一一乙"], decided(toml, tmp_path), rules).lines == ("甲--乙",)


# ---------------------------------------------------------------- errors


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ('[[rejct]]\nrule = "comma"', ["书.review.toml:1", "rejct", "是不是 reject"]),
        ('[[reject]]\nrul = "comma"\nbefore = ","', ["书.review.toml:2", "reject.rul", "是不是 rule"]),
        ('[[reject]]\nrule = "comma"', ["书.review.toml:1", "缺 before"]),
        ('[[reject]]\nrule = "comma"\nline = "1"\nbefore = ","', ["书.review.toml:3", "数字"]),
        ('[[reject]]\nrule = "comma"\nline = true\nbefore = ","', ["数字"]),
        ('[[reject]]\nrule = "comma"\nline = -1\nbefore = ","', ["书.review.toml:1", "行号 -1"]),
        ('[[correct]]\nline = 1\nbefore = ""\nafter = "甲"', ["before 是空的"]),
        ('[[correct]]\nline = 1\nbefore = "甲"\nafter = "甲"', ["一样"]),
        ('[[correct]]\nline = 1\nbefore = "甲"\nafter = "乙\\n丙"', ["不能跨行"]),
        ('protect = [" "]', ["空的词"]),
        ("protect = 甲", ["TOML"]),
    ],
)
def test_a_file_that_cannot_be_taken_says_where_and_why(toml: str, said: list[str], tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        decided(toml, tmp_path)
    assert [word for word in said if word not in str(caught.value)] == []
    assert caught.value.remedy


FIRST = '# 注\n[[reject]]\nrule = "comma"\nline = 1\nbefore = ","\n\n'


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        (
            FIRST + '[[reject]]\nrule = "comma"\nline = 2\nbefore = ";"',
            [
                "书.review.toml:7",
                "reject 第 2 条",
                "第 2 行",
                "“丙,丁.丁.”".replace(",", "，").replace(".", "。"),
                "“,”→“，”",
            ],
        ),
        ('[[accept]]\nrule = "guess"\nbefore = "已尔扎克"', ["书.review.toml:1", "accept 第 1 条", "全书"]),
        ('[[accept]]\nrule = "guess"\nline = 9\nbefore = "已"', ["没有第 9 行", "2 行"]),
        ('[[correct]]\nline = 2\nbefore = "戊"\nafter = "己"', ["correct 第 1 条", "“戊”", "现在是“丙，丁。丁。”"]),
        ('[[correct]]\nline = 3\nbefore = "戊"\nafter = "己"', ["没有第 3 行"]),
        ('[[correct]]\nline = 2\nbefore = "丁"\nafter = "己"', ["2 处", "写长"]),
        ('[[correct]]\nbefore = "戊"\nafter = "己"', ["全书没有“戊”"]),
        (
            '[[correct]]\nline = 1\nbefore = "甲，"\nafter = ""\n[[correct]]\nline = 1\nbefore = "，乙"\nafter = ""',
            ["书.review.toml:5", "第 2 条", "与第 1 条"],
        ),
        ('protect = ["戊己"]', ["protect", "全书没有“戊己”"]),
    ],
)
def test_a_decision_that_meets_nothing_says_what_stands_there(toml: str, said: list[str], tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        lawful(["甲,乙", "丙,丁.丁."], decided(toml, tmp_path))
    assert [word for word in said if word not in str(caught.value)] == []
    assert caught.value.remedy


def test_a_rule_that_is_not_there_is_told_with_the_nearest(tmp_path: Path) -> None:
    reviewed = decided('[[reject]]\nrule = "dashs"\nbefore = "-"', tmp_path)
    with pytest.raises(SettingsError, match="是不是 dashes"):
        review.refuse_unknown_rules(reviewed, [rule.id for rule in RULES])


def test_the_example_of_the_manual_is_accepted(tmp_path: Path) -> None:
    manual = (Path(__file__).parent.parent / "docs" / "review.md").read_text("utf-8")
    (example,) = re.findall(r"(?s)```toml\n(.*?)```", manual)
    reviewed = decided(example, tmp_path)
    review.refuse_unknown_rules(reviewed, [rule.id for rule in RULES])
    assert all(getattr(reviewed.said, item.name) for item in fields(Review))
    keys = {item.name for kind in (Decision, Correction, Conversion) for item in fields(kind)}
    assert {key for key in keys if f"| `{key}` |" not in manual} == set()


def test_no_file_is_no_decision(tmp_path: Path) -> None:
    assert review.read(tmp_path / "书.review.toml") == Reviewed()
    assert Hearing(Reviewed()).idle


def test_the_digest_is_of_decisions_alone(tmp_path: Path) -> None:
    plain = decided('[[reject]]\nrule = "comma"\nbefore = ","', tmp_path)
    noted = decided('# 注\n[[reject]]\nbefore = ","\nrule = "comma"', tmp_path)
    other = decided('[[reject]]\nbefore = ", "\nrule = "comma"', tmp_path)
    assert plain.digest == noted.digest != other.digest


# ---------------------------------------------------------------- places move along


@given(st.data())
def test_a_held_place_keeps_its_words(data: st.DataObject) -> None:
    text = data.draw(st.text("甲乙丙", min_size=1, max_size=12))
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=6)))
    edits = [
        Edit("x", 0, low, text[low:high], data.draw(st.text("丁", max_size=2)), Confidence.LIKELY, "")
        for low, high in zip(cuts[::2], cuts[1::2], strict=False)
        if high <= start or low >= end
    ][::-1]
    if len({edit.start for edit in edits}) < len(edits):
        return
    changed = text
    for edit in edits:
        changed = edit.apply(changed)
    moved = Held(0, start, end).moved(edits)
    assert changed[moved.start : moved.end] == text[start:end]


# ---------------------------------------------------------------- the laws, with all our rules


def _some(edits: Sequence[Edit], chosen: set[int]) -> tuple[Decision, ...]:
    picked = [edit for number, edit in enumerate(edits) if number in chosen]
    return tuple(Decision(edit.rule, Verbatim(edit.before), edit.line + 1) for edit in picked)


@settings(deadline=None, max_examples=40)
@given(printed_pages(), st.sets(st.integers(0, 30)), st.sets(st.integers(0, 5)), st.integers(0, 40))
def test_the_laws_hold_whatever_was_decided(lines: list[str], no: set[int], yes: set[int], place: int) -> None:
    first = clean(lines, pages.find(lines))
    filled = [number for number, line in enumerate(first.lines) if line.strip()]
    correct: tuple[Correction, ...] = ()
    if filled:
        line = filled[place % len(filled)]
        correct = (Correction(Verbatim(first.lines[line]), Verbatim(f"{first.lines[line]} ,,.."), line + 1),)
    for said in (
        Review(reject=_some(first.ledger, no), accept=_some(first.doubts, yes)),
        Review(correct=correct, protect=tuple(Verbatim(edit.before) for edit in first.ledger[:2] if edit.before)),
    ):
        try:
            done = lawful(lines, Reviewed(said), RULES)
        except SettingsError:
            continue  # one decision may take away what another was about
        kept = {(each.rule, each.line, each.before) for each in said.reject}
        assert not kept & {(edit.rule, edit.line + 1, edit.before) for edit in done.ledger}
