"""Characters chosen by their contexts, what a person is asked about them, and what a person decides."""

import dataclasses
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import editions, review, tasks
from pipeline.config import ConvertSettings, Settings
from pipeline.conversion.contexts import Contexts
from pipeline.conversion.converter import converter
from pipeline.conversion.register import CLASSICAL, MODERN, OFFICIAL, VERNACULAR, register
from pipeline.conversion.second_votes import second_votes
from pipeline.conversion.translator import Ruling, Translator, translator
from pipeline.errors import SettingsError
from pipeline.render import conversion_list
from pipeline.source import Raw, RawFile

STANDARD = converter(("s2t",))


def ours(target: str = "hant-tw", *decided: Ruling, vocabulary: bool = False, sample: str = "") -> Translator:
    settings = ConvertSettings(vocabulary=vocabulary)
    return translator("hans", target, sample=sample, decided=decided, settings=settings)


# ---------------------------------------------------------------- the choice

# Places where OpenCC alone takes the other character.
BY_CONTEXT = {
    "他们在会议室里准备了十几份资料": "他們在會議室裡準備了十幾份資料",
    "主管机关应制作笔录": "主管機關應製作筆錄",
    "这个系统并不复杂": "這個系統並不複雜",
    "每周只开一次会": "每週只開一次會",
    "雇主应给付工资": "雇主應給付工資",
    "我想了解一下": "我想瞭解一下",
}


@pytest.mark.parametrize(("before", "after"), BY_CONTEXT.items())
def test_neighbours_decide(before: str, after: str) -> None:
    assert ours().text(before) == after
    assert ours(vocabulary=True).text(before) == after


def test_the_habits_of_taiwan_are_not_those_of_hong_kong() -> None:
    assert ours("hant-tw").text("雇主公布了名单") == "雇主公布了名單"
    assert ours("hant-hk").text("雇主公布了名单") == "僱主公佈了名單"


def test_a_clause_that_is_a_word_is_as_the_dictionary_has_it() -> None:
    assert ours().text("牛肉面、番茄面，细面") == "牛肉麵、番茄麵，細麵"


@settings(deadline=None)
@given(st.text(st.sampled_from("后发里并为干面只系准制云余\0\ufdd0 a0，。“”着了"), max_size=30))
def test_choices_keep_the_length_and_change_nothing_else(text: str) -> None:
    made = STANDARD(text) if "\0" not in text else text
    for votes in (Contexts(MODERN, taiwan=True), Contexts(CLASSICAL, taiwan=False)):
        chosen = votes.choose(text, made)
        assert len(chosen) == len(made)
        for one, other in zip(made, chosen, strict=True):
            assert one == other or "\u3400" <= one < "\ua000"
        for choice in votes.choices(text, made):
            assert text[choice.at] == choice.before
            assert 0 <= choice.sure <= 1
            assert choice.best != choice.other


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("太短", MODERN),
        ("这是我们的书，说的是今天的事情。" * 20, MODERN),
        ("他道：我来了。你去了么？他笑道，我不去了。" * 20, VERNACULAR),
        ("主管机关应依前项规定，订定办法，报请备查。" * 20, OFFICIAL),
        ("子曰学而时习之不亦说乎有朋自远方来不亦乐乎" * 20, CLASSICAL),
    ],
)
def test_the_register_of_a_text(text: str, wanted: str) -> None:
    assert register(text) == wanted


# ---------------------------------------------------------------- what is asked


TEXT = ("那日里正来了，老范在里头念书，只见一伙人折了回来，凶神一般，捱着几儿坐下。" * 30,)


def test_the_list_is_short_and_ranked() -> None:
    asked = second_votes(TEXT, ours())
    assert 0 < len(asked) <= 15
    gains = [question.gain for question in asked]
    assert gains == sorted(gains, reverse=True)
    for question in asked:
        assert [each.sure for each in question.doubts] == sorted(each.sure for each in question.doubts)
        assert all(TEXT[0][each.at] == question.before for each in question.doubts)


def test_what_was_decided_is_asked_no_more() -> None:
    first = second_votes(TEXT, ours())[0]
    kept = ours("hant-tw", Ruling(first.before, first.ours))
    changed = ours("hant-tw", Ruling(first.before, first.other))
    for turned in (kept, changed):
        kinds = [(question.before, question.ours, question.other) for question in second_votes(TEXT, turned)]
        assert (first.before, first.ours, first.other) not in kinds
    place = first.doubts[0].at
    assert kept.text(TEXT[0])[place] == first.ours
    assert changed.text(TEXT[0])[place] == first.other


@pytest.mark.parametrize("target", ["hant", "hant-tw", "hant-hk"])
@pytest.mark.parametrize("after", ["裡", "裏"])
def test_a_place_is_named_by_its_words_in_any_regions_characters(target: str, after: str) -> None:
    turned = ours(target, Ruling("里", after, "乡里人"))
    own = "裡" if target == "hant-tw" else "裏"
    assert turned.text("乡里人，乡里的人")[:3] == f"鄉{own}人"


# ---------------------------------------------------------------- through the whole house

SEED = "群众路线\n\n" + "他们在村里头，" * 40 + "每周只开一次会，那日里正来了。\n"


def prepared(decisions: str, tmp_path: Path) -> tasks.Prepared | tasks.Fault:
    file = tmp_path / "书.review.toml"
    file.write_text(decisions, "utf-8")
    raw = Raw("书", (RawFile("书.txt", SEED.encode()),))
    return tasks.prepare(tasks.Manuscript(raw, Settings(), review.read(file)))


def test_decisions_reach_the_editions_they_are_for(tmp_path: Path) -> None:
    said = '[[convert]]\nbefore = "周"\nafter = "周"\naround = "每周只"\neditions = ["hant-tw"]\n'
    made = prepared(said, tmp_path)
    assert isinstance(made, tasks.Prepared)
    for name, wanted in (("hant-tw", "每周只"), ("hant-hk", "每週只")):
        edition = editions.edition(made.book, name, ConvertSettings(), tasks._rulings(made.copy, name))
        assert any(wanted in editions.said(run) for run in editions.runs(edition))


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ('before = "周"\nafter = "週"\naround = "没有这周"', "没有“没有这周”"),
        ('before = "的"\nafter = "得"', "拿不准"),
        ('before = "周"\nafter = "週"\neditions = ["hant-us"]', "没有 'hant-us' 这种版本"),
    ],
)
def test_a_decision_that_meets_nothing_is_an_error(said: str, message: str, tmp_path: Path) -> None:
    made = prepared(f"\n[[convert]]\n{said}\n", tmp_path)
    assert isinstance(made, tasks.Fault)
    assert message in made.error.message
    assert "书.review.toml:2 convert 第 1 条" in made.error.where


def test_words_around_hold_the_character_once(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="恰好有一个"):
        prepared('[[convert]]\nbefore = "里"\nafter = "裡"\naround = "里里"', tmp_path)


def test_the_list_as_json_names_lines_and_decisions(tmp_path: Path) -> None:
    made = prepared("", tmp_path)
    assert isinstance(made, tasks.Prepared)
    listed = tasks._conversion_list(made.copy, "hant-tw")
    said = json.loads(conversion_list.render(listed).data)
    assert said["characters"] > 200
    assert said["questions"]
    lines = SEED.split("\n")
    for question in said["questions"]:
        for place in question["places"]:
            assert place["around"] in lines[place["line"] - 1]
            assert place["around"].count(question["before"]) == 1
        for decision in (question["keep"], question["change"]):
            assert isinstance(prepared(decision, tmp_path), tasks.Prepared)


def test_the_page_asks_about_the_conversion(tmp_path: Path) -> None:
    from pipeline import style  # noqa: PLC0415

    made = prepared("", tmp_path)
    assert isinstance(made, tasks.Prepared)
    looks = style.load()
    part = tasks.Part("书", "hant-tw", tasks.REVIEW, "")
    parts = (part, dataclasses.replace(part, edition=""))
    asked, silent = tasks.render(tasks.Order(parts, made.packed), looks)
    assert not isinstance(asked, tasks.Fault)
    assert not isinstance(silent, tasks.Fault)
    assert b'id="conversion"' in asked.data
    assert b'id="conversion"' not in silent.data
