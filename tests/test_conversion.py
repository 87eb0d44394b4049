"""Texts of one script into another: exceptions by their cases, addresses untouched, cuts where the leaves were."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.config import ConvertSettings, Pair
from pipeline.conversion import exceptions, names
from pipeline.conversion.converter import STEPS, converter, steps_between
from pipeline.conversion.passage import Fixed, convert_with
from pipeline.conversion.region import region
from pipeline.conversion.translator import Translator, translator

HERE = Path(__file__).parent
CASES = tomllib.loads((HERE / "cases/conversion/exceptions.toml").read_text("utf-8"))["fix"]
SHARED = HERE.parent.parent / "shared/lab/opencc/testcases.json"


def to(edition: str, source: str = "hans", **settings: Any) -> Translator:
    return translator(source, edition, settings=ConvertSettings(**settings))


TAIWAN = to("hant-tw")

# ---------------------------------------------------------------- exceptions


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["word"])
def test_each_exception_is_right_in_its_clause(case: dict[str, str]) -> None:
    assert TAIWAN.text(case["before"]) == case["after"]


def test_every_exception_has_a_case() -> None:
    assert {case["word"] for case in CASES} >= set(exceptions.words("hant-tw"))
    assert all(case["word"] in case["before"] for case in CASES)


def test_every_exception_keeps_its_length_and_says_the_same() -> None:
    back = converter(("t2s",))
    for word, becomes in exceptions.words("hant").items():
        assert len(word) == len(becomes)
        assert back(becomes) == back(word), (word, becomes)


# What an exception would spoil if it did not see the longer word around it.
KEPT = {
    "审核准则": "審核準則",
    "对方准备好了": "對方準備好了",
    "机制作用": "機制作用",
    "属于氏族社会": "屬於氏族社會",
    "规范姓名": "規範姓名",
    "百姓范围": "百姓範圍",
    "为了解决问题": "為了解決問題",
    "合并为一": "合併為一",
    "外汇核销": "外匯核銷",
    "标准许可": "標準許可",
    "现实系统": "現實系統",
    "皇后在后面": "皇后在後面",
    "干部干杯吃饼干": "幹部乾杯吃餅乾",
    "理发店里的头发": "理髮店裡的頭髮",
    "一只只有三斤的鸡": "一隻只有三斤的雞",
    "住在宿舍了": "住在宿舍了",
    "谷歌云服务": "谷歌雲服務",
    "有何后果": "有何後果",
    "父母后来": "父母後來",
    "老干部休养": "老幹部休養",
    "并发症": "併發症",
    "体制发展": "體制發展",
    "关系由来已久": "關係由來已久",
    "不准确": "不準確",
}


@pytest.mark.parametrize(("before", "after"), KEPT.items(), ids=KEPT)
def test_exceptions_let_longer_words_alone(before: str, after: str) -> None:
    assert TAIWAN.text(before) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("收入分配制度", "收入分配制度"),
        ("90多年历史", "90多年歷史"),
        ("并为全党所", "並為全黨所"),
        ("阐明了我们的", "闡明了我們的"),
        ("它指明了正确", "它指明了正確"),
        ("被发送到", "被發送到"),
    ],
)
def test_what_opencc_got_wrong_in_real_books(before: str, after: str) -> None:
    assert TAIWAN.text(before) == after


def test_regions_differ() -> None:
    assert TAIWAN.text("里面，为了计划") == "裡面，為了計畫"
    assert to("hant-hk").text("里面，为了计划") == "裏面，為了計劃"
    assert to("hant").text("里面，为了计划") == "裏面，爲了計劃"


# ---------------------------------------------------------------- OpenCC's own cases


def opencc_cases() -> list[Any]:
    if not SHARED.exists():
        return []
    text = "\n".join(line for line in SHARED.read_text("utf-8").split("\n") if not line.strip().startswith("//"))
    cases = json.loads(re.sub(r",(\s*[}\]])", r"\1", text))["cases"]
    return [
        pytest.param(case["input"], config, expected, id=f"{case['id']}-{config}")
        for case in cases
        for config, expected in case["expected"].items()
        if config in _PATHS
    ]


_PATHS = {
    "s2t": ("hans", "hant", False),
    "s2tw": ("hans", "hant-tw", False),
    "s2twp": ("hans", "hant-tw", True),
    "s2hk": ("hans", "hant-hk", False),
    "s2hkp": ("hans", "hant-hk", True),
    "t2s": ("hant", "hans", False),
    "tw2s": ("hant-tw", "hans", False),
    "tw2sp": ("hant-tw", "hans", True),
    "tw2t": ("hant-tw", "hant", False),
    "hk2s": ("hant-hk", "hans", False),
    "hk2sp": ("hant-hk", "hans", True),
    "hk2t": ("hant-hk", "hant", False),
    "t2tw": ("hant", "hant-tw", False),
    "t2hk": ("hant", "hant-hk", False),
}


_HABITS = {"僱": "雇"}  # of Taiwan: the law says 雇主 and 雇員, OpenCC's cases 僱主 and 僱員


@pytest.mark.parametrize(("text", "config", "expected"), opencc_cases())
def test_opencc_cases_pass_through_our_path(text: str, config: str, expected: str) -> None:
    source, target, vocabulary = _PATHS[config]
    ours = translator(source, target, settings=ConvertSettings(vocabulary=vocabulary)).text(text)
    forms = dict(exceptions.forms(target)) if source == "hans" else {}
    if target == "hant-tw":
        forms |= _HABITS
    same = str.maketrans("".join(forms), "".join(forms.values()))
    assert ours.translate(same) == expected.translate(same)


# ---------------------------------------------------------------- what stays


UNTOUCHED = [
    "https://例子.中国/后面?里=发",
    "http://example.com/干部/后",
    "www.例子.com/发",
    "hou.mian@后.com",
    "978-7-5150-0466-2",
    "ISBN",
    "don’t",
    "\ue000\ue001",
    "葛\U000e0100",
    "\x00",
    "a\u200bb",
    "😀",
]


@pytest.mark.parametrize("kept", UNTOUCHED)
@pytest.mark.parametrize("edition", ["hant", "hant-tw", "hant-hk"])
def test_addresses_numbers_and_strange_characters_stay(kept: str, edition: str) -> None:
    made = to(edition).text(f"头发（{kept}）后面")
    assert made == f"頭髮（{kept}）後面"


@given(st.text(st.sampled_from("后发里并为干\0\ue000\ufdd0 aZ0@.:/，。“”😀\U000e0100"), max_size=40))
def test_no_text_is_lost(text: str) -> None:
    made = TAIWAN.text(text)
    assert len(made) == len(text)
    assert [a for a in text if a.isascii()] == [b for b in made if b.isascii()]


# ---------------------------------------------------------------- cutting


@given(st.lists(st.text(st.sampled_from("他的头发很长并为分配制度软件鼠标信息干后里a1。\0"), max_size=6), max_size=6))
@pytest.mark.parametrize("vocabulary", [False, True])
def test_parts_joined_are_the_whole(vocabulary: bool, parts: list[str]) -> None:
    ours = to("hant-tw", vocabulary=vocabulary)
    made = ours.parts(parts)
    assert len(made) == len(parts)
    assert "".join(made) == ours.text("".join(parts))


def test_a_phrase_across_parts_is_seen() -> None:
    assert TAIWAN.parts(["他的头", "发很长"]) == ["他的頭", "髮很長"]


def test_a_word_that_grows_stays_in_its_part() -> None:
    ours = to("hant-tw", vocabulary=True)
    assert ours.text("用内存和屏幕") == "用記憶體和螢幕"
    assert ours.parts(["用内存", "和屏幕"]) == ["用記憶體", "和螢幕"]
    assert ours.parts(["用", "内存", "和", "屏幕"]) == ["用", "記憶體", "和", "螢幕"]


def test_words_laid_aside_keep_their_place() -> None:
    made = convert_with("后面有软件", [Fixed(3, 5, "軟體套裝")], converter(("s2t",)))
    assert made.text == "後面有軟體套裝"
    assert made.cut([2, 1, 2], converter(("s2t",))) == ["後面", "有", "軟體套裝"]


# ---------------------------------------------------------------- names, pairs, regions


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("范首臣", "范首臣"),
        ("余光中", "余光中"),
        ("于右任", "于右任"),
        ("姜文", "姜文"),
        ("钟书", "鍾書"),
        ("叶圣陶", "葉聖陶"),
        ("鲜于枢", "鮮于樞"),
        ("赵振兴", "趙振興"),
        ("李发", "李發"),
    ],
)
def test_surnames_keep_their_character(name: str, wanted: str) -> None:
    assert names.traditional(name, converter(("s2t",))) == wanted
    ours = translator("hans", "hant-hk", people=(name,), settings=ConvertSettings())
    assert ours.text(f"责任编辑{name}") == f"責任編輯{wanted}"


def test_people_are_found_in_a_colophon() -> None:
    said = [("责任编辑", "赵振兴　范首臣"), ("版式设计", "李　明"), ("出版发行", "人民出版社"), ("印刷", "北京印刷厂")]
    assert list(names.people(said)) == ["赵振兴", "范首臣", "李明"]


def test_the_publisher_has_the_last_word() -> None:
    ours = to("hant-tw", hant=(Pair("计划", "計劃"), Pair("乔布斯", "喬布斯")), hant_tw=(Pair("乔布斯", "賈伯斯"),))
    assert ours.text("乔布斯的计划") == "賈伯斯的計劃"
    assert to("hant-hk", hant=(Pair("乔布斯", "喬布斯"),)).text("乔布斯") == "喬布斯"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("在這裡，這裡啟動這裡床上峰頂", "hant-tw"), ("在這裏着這裏説着羣裏", "hant-hk"), ("天地玄黃", "hant")],
)
def test_region_of_a_text(text: str, wanted: str) -> None:
    assert region([text]) == wanted


def test_there_are_steps_between_all_scripts() -> None:
    scripts = {source for source, _ in STEPS}
    for source in scripts:
        for target in scripts:
            assert bool(steps_between(source, target, vocabulary=True)) == (source != target)
