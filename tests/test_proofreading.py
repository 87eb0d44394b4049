"""The proofreader as a whole: how many doubts it shows, that it comes to rest, what it does without its data."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline import review, source, tasks
from pipeline.clean import PROOFREADING, RULES, Cleaned, clean, proofreading
from pipeline.clean.reading import runs
from pipeline.config import CleanSettings, Settings, Verbatim
from pipeline.language import evidence, identity, known, lexicon
from pipeline.language.misreadings import Reader
from pipeline.ledger import Confidence, undo
from pipeline.review import Decision, Hearing, Review, Reviewed
from pipeline.tasks import Manuscript, Prepared
from tests.proofread.errors import inject

MISREAD = "misread-characters"
LOCKED = [
    "各方面的领导都在作重点试验，各级领导干部要带头。",
    "这件事由各方面的领寻都在作重点推广。",
    "群众说，各方面的领导都在作重点检查。",
]
SEEDS = Path(__file__).resolve().parent.parent / "seeds"


def proofread(lines: Sequence[str], hearing: Hearing | None = None) -> Cleaned:
    return clean(lines, (), (*RULES, *PROOFREADING), hearing)


def without(monkeypatch: pytest.MonkeyPatch, **lacking: object) -> None:
    """The proofreader with less knowledge."""
    less = replace(known(), missing=("词语模型",), **lacking)  # type: ignore[arg-type]
    monkeypatch.setattr(proofreading, "known", lambda: less)
    monkeypatch.setattr(proofreading, "_reader", lambda *, strangers: Reader(less, strangers=strangers))


def test_nothing_is_missing_where_the_tests_run() -> None:
    assert known().missing == ()
    assert "zh_CN.lm" in identity()
    assert "dict.txt" in identity()


def test_what_is_locked_is_mended_and_nothing_more() -> None:
    done = proofread(LOCKED)
    assert [(edit.rule, edit.line, edit.before, edit.after) for edit in done.ledger] == [(MISREAD, 1, "寻", "导")]
    assert done.ledger[0].confidence is Confidence.LIKELY
    assert "形近" in done.ledger[0].why
    assert undo(done.lines, done.ledger) == tuple(LOCKED)


def test_a_second_reading_changes_nothing() -> None:
    for text in (LOCKED, (SEEDS / "000_78a0807465213aa5.txt").read_text("utf-8").split("\n")):
        once = proofread(text)
        again = proofread(once.lines)
        assert (again.lines, again.ledger) == (once.lines, ())
        assert again.doubts == once.doubts


def test_without_the_model_nothing_is_mended_and_a_notice_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    without(monkeypatch, model=None)
    assert proofread(LOCKED).ledger == ()
    assert [notice.code for notice in proofreading.notices(LOCKED)] == ["proofreading-data"]


def test_without_the_dictionary_nothing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    without(monkeypatch, lexicon=lexicon.EMPTY, model=None)
    done = proofread(LOCKED)
    assert (done.ledger, done.doubts) == ((), ())


def test_traditional_text_is_left_alone_and_a_notice_says_so() -> None:
    text = ["話說江南有一個小鎮，名喚柳渡。鎮外一條大江，江上沒有橋，往來的人全靠一隻渡船。"] * 3
    assert proofread(text).doubts == ()
    assert [notice.code for notice in proofreading.notices(text)] == ["proofreading-traditional"]


def test_at_most_one_doubt_for_every_500_characters_the_best_first() -> None:
    seed = (SEEDS / "000_78a0807465213aa5.txt").read_text("utf-8")
    lines, wrong = inject(seed, known().alike, 0.02, 1, known().lexicon.words)
    shown = [edit for edit in proofread(lines).doubts if edit.gain]
    size = sum(len(run.text) for run in runs(lines))
    assert len(shown) == size // proofreading.EACH
    assert sum((edit.line, edit.start) in wrong for edit in shown) > 0.7 * len(shown)
    assert len(proofread(["我们要依靠群众，提高各级领寻干部的水平，依靠群从。"]).doubts) <= 1


def test_the_seeds() -> None:
    """What is wrong there is among the first doubts; what is odd and right is never touched."""
    for name, found in (("000_78a0807465213aa5", ["想", "学习"]), ("004_8ffa03b3063ac9a6", [])):
        done = proofread((SEEDS / f"{name}.txt").read_text("utf-8").split("\n"))
        ranked = sorted((edit for edit in done.doubts if edit.gain), key=lambda edit: -edit.gain)
        assert [edit.before for edit in ranked[:2]][: len(found)] == found
        ours = {rule.id for rule in PROOFREADING}
        assert not [edit for edit in done.ledger if edit.rule in ours]
        for word in ("消减", "也会犯", "分析到", "随时随刻", "安泰俄斯"):
            assert not [edit for edit in ranked if word in edit.before]


def test_a_rejected_doubt_is_not_asked_again_and_an_accepted_one_is_made() -> None:
    text = ["我们要依靠群众，提高各级领寻干部的水平。"]
    no = Reviewed(Review(reject=(Decision(MISREAD, Verbatim("寻")),)))
    assert proofread(text, Hearing(no)).doubts == ()
    yes = Reviewed(Review(accept=(Decision(MISREAD, Verbatim("寻")),)))
    done = proofread(text, Hearing(yes))
    assert done.lines == ("我们要依靠群众，提高各级领导干部的水平。",)
    assert done.ledger[0].confidence is Confidence.CERTAIN
    review.refuse_unknown_rules(yes, [rule.id for rule in PROOFREADING])


def test_switched_off_it_does_nothing() -> None:
    raw = source.Raw("书", (source.RawFile("书.txt", "\n".join(LOCKED).encode()),))
    off = Settings(clean=CleanSettings(off=tuple(rule.id for rule in PROOFREADING)))
    for settings, repairs in ((Settings(), [MISREAD]), (off, [])):
        prepared = tasks.prepare(Manuscript(raw, settings))
        assert isinstance(prepared, Prepared)
        ledger = dict(prepared.snapshots)["3-ledger.jsonl"].decode().splitlines()
        assert [rule for line in ledger if (rule := json.loads(line)["rule"]) == MISREAD] == repairs


# ---------------------------------------------------------------- what it stands on


def test_runs_go_over_the_ends_of_lines_and_know_their_places() -> None:
    lines = ["　　这种经济制度就是我们所要研究的经济制度，也是社会", "主义的经济制度，不可以相混。", "第二章 总论"]
    found = list(runs(lines))
    assert "也是社会主义的经济制度" in [run.text for run in found]
    for run in found:
        for at, char in enumerate(run.text):
            line, column = run.place(at)
            assert lines[line][column] == char


def test_evidence_counts_what_stands_elsewhere() -> None:
    book = evidence.Evidence(["群众路线是根本", "密切联系群众路线"])
    assert book.times("群众路线") == 2
    assert book.times("线是密") == 0
    here, other = book.standings([("群众路线是根本", 1), ("群众路线是根本", 1)], ["众", "象"], own=0)
    assert (here.size, here.pairs, here.between) == (7, 2, 2)
    assert (other.size, other.times) == (0, 0)
    assert book.standings([("群众路线是根本", 1)], ["众"], own=1)[0].size == 4


def test_the_lattice_scores_a_change_as_if_it_were_read_anew() -> None:
    text = "紧紧依靠人民群众的真心想护和全力支持"
    lattice = known().lattice(text)
    changed = known().lattice(text.replace("想", "拥"))
    assert lattice.gain(text.index("想"), "拥") == pytest.approx(changed.figure - lattice.figure, abs=0.3)
