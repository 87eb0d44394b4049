"""The OCR material that is kept in tests/ocr/pages: markup is read as written, and every truth is sound in itself."""

import itertools
import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.ocr import manuscript

PAGES = Path(__file__).parent / "ocr/pages"
INPUTS = sorted((PAGES / "input").glob("*.txt"))
TRUTHS = sorted((PAGES / "truth").glob("*.truth.json"))


def written(tmp_path: Path, text: str) -> manuscript.Manuscript:
    path = tmp_path / "book.ms"
    path.write_text(text, "utf-8")
    return manuscript.read(path)


def test_a_note_stands_where_it_is_called(tmp_path: Path) -> None:
    block = written(tmp_path, "酸土^[红壤。]好，碱土^[石灰岩。]不好。\n").blocks[0]
    assert block.text == "酸土好，碱土不好。"
    assert [(block.text[: note.at], note.text) for note in block.notes] == [
        ("酸土", "红壤。"),
        ("酸土好，碱土", "石灰岩。"),
    ]


def test_a_heading_keeps_its_line_breaks_and_subtitle(tmp_path: Path) -> None:
    block = written(tmp_path, "#1 第一回　/雪夜渡客　/燈前說奇 | ——楔子\n").blocks[0]
    assert (block.kind, block.level, block.sub) == ("heading", 1, "——楔子")
    assert [block.text[at:] for at in block.breaks] == ["雪夜渡客　燈前說奇", "燈前說奇"]


def test_tables_boxes_and_verse_end_where_they_end(tmp_path: Path) -> None:
    book = written(
        tmp_path, "= title: 茶\n@table 表1\na | b\nc | d\n@end\n@box 案例 | 题\n甲\n@end\n| 一行\n|\n| 二行\n末段\n"
    )
    assert [block.kind for block in book.blocks] == ["table", "box", "verse", "para"]
    assert book.blocks[0].rows == (("a", "b"), ("c", "d"))
    assert (book.blocks[1].label, book.blocks[1].text, book.blocks[1].lines) == ("案例", "题", ("甲",))
    assert book.blocks[2].lines == ("一行", "", "二行")
    assert book.get("title") == "茶"


def test_what_is_no_markup_is_refused_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(manuscript.ManuscriptError, match=r"book\.ms:2: @poem"):
        written(tmp_path, "一段\n@poem 诗\n")


def told(truth: Path) -> Any:
    return json.loads(truth.read_text("utf-8"))


def text_of(truth: Any) -> str:
    parts: list[str] = []
    for block in truth["blocks"]:
        parts += [block[key] for key in ("label", "title", "text", "sub") if key in block]
        parts += [*block.get("paras", ()), *block.get("lines", ())]
    return re.sub(r"\s", "", "".join(parts))


@pytest.mark.parametrize("source", INPUTS, ids=lambda path: path.name)
def test_every_input_has_its_truth_and_is_of_that_book(source: Path) -> None:
    truth = told(PAGES / "truth" / f"{source.name.partition('.')[0]}.truth.json")
    text, read = text_of(truth), source.read_text("utf-8")
    pairs = {pair for pair in map("".join, itertools.pairwise(text)) if re.fullmatch(r"[\u4e00-\u9fff]{2}", pair)}
    assert sum(pair in read for pair in pairs) > 0.75 * len(pairs)


@pytest.mark.parametrize("path", TRUTHS, ids=lambda path: path.name)
def test_what_a_truth_points_at_is_in_its_text(path: Path) -> None:
    truth = told(path)
    text = text_of(truth)
    for join in truth["joins"]:
        assert re.sub(r"\s", "", join["before"] + join["after"]) in text
    for repair in truth.get("repairs", ()):
        assert re.sub(r"\s", "", repair["right_context"]) in text
        assert repair["right_context"] != repair["wrong_context"]
    calls = [note for block in truth["blocks"] for note in block.get("notes", ())]
    assert [text for _, text in calls] == [note["text"] for note in truth["footnotes"]]
    assert len({text for _, text in calls}) == len(calls)
