"""The review page: well-formed, self-contained, every edit on it once, and no word of a seed acts as markup."""

import json
import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

import lxml.html
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from pipeline import pages, review, style
from pipeline.book import Book, Metadata, Paragraph, Section, SectionKind, Span, Text, Unprinted, UnprintedKind
from pipeline.clean import RULES, Cleaned, clean
from pipeline.ledger import Confidence, Edit
from pipeline.notice import Notice, Severity
from pipeline.render import review as page
from pipeline.render.collation import collate
from pipeline.render.review import Decided, Proof
from pipeline.review import Hearing
from pipeline.structure import structure
from tests.paper import printed_pages, scribble

LOOKS = style.load()
TEXT = [
    "第一章 总论",
    "",
    "他说,这是对的,不错.",
    "真心想护——巴尔扎克",
    "",
    "第二章 生产",
    "",
    "生产是社会的 基础 。",
]


def proof_of(lines: Sequence[str], notices: Sequence[Notice] = (), decided: Sequence[Decided] = ()) -> Proof:
    printed = pages.find(lines)
    done = clean(lines, printed)
    return _proof(lines, printed, done, notices, decided)


def _proof(
    lines: Sequence[str],
    printed: tuple[pages.Page, ...],
    done: Cleaned,
    notices: Sequence[Notice] = (),
    decided: Sequence[Decided] = (),
) -> Proof:
    found = structure(done.lines, printed, name="书")
    said = (*notices, *found.notices)
    reasons = {rule.id: rule.why for rule in RULES}
    return Proof("书", tuple(lines), done.ledger, done.doubts, printed, found.book, said, reasons, tuple(decided))


def html_of(proof: Proof) -> str:
    return page.render(proof, LOOKS).data.decode()


def tree_of(html: str) -> lxml.html.HtmlElement:
    """The page as a browser reads it, and as XML, which is stricter: both must agree on what it holds."""
    strict = etree.fromstring(re.sub(r"(?s)<(script|style)\b.*?</\1>", "", html).partition("\n")[2].encode())
    loose = lxml.html.document_fromstring(html.encode(), parser=lxml.html.HTMLParser(encoding="utf-8"))
    assert len(strict.findall(".//ins")) == len(loose.findall(".//ins"))
    return loose


def data_of(tree: lxml.html.HtmlElement) -> dict[str, list[list[object]]]:
    (data,) = tree.xpath("//script[@id='data']")
    found: dict[str, list[list[object]]] = json.loads(data.text)
    return found


# ---------------------------------------------------------------- what it shows


def test_every_edit_and_doubt_is_on_the_page_once() -> None:
    proof = proof_of([*TEXT, "他们一一胪列起来"])
    assert proof.ledger
    assert proof.doubts
    tree = tree_of(html_of(proof))
    data = data_of(tree)
    wanted = sorted((edit.rule, edit.line + 1, edit.before, edit.after) for edit in (*proof.ledger, *proof.doubts))
    assert sorted((data["rules"][each[0]], *each[1:4]) for each in data["remarks"]) == wanted  # type: ignore[call-overload]
    shown = " ".join(mark.get("data-e") for mark in tree.xpath("//*[contains(@class, 'rows')]//*[@data-e]")).split()
    assert sorted(map(int, shown)) == list(range(len(wanted)))


def test_the_seed_and_the_book_stand_there_to_the_character() -> None:
    lines = [line for line in TEXT if line]
    proof = proof_of(TEXT)
    tree = tree_of(html_of(proof))
    seed = [line.text_content().replace("␣", " ") for line in tree.xpath("//*[contains(@class, 'ln')][@id]")]
    assert seed == lines


def test_headings_paragraphs_and_lines_that_are_gone_keep_the_order_of_the_seed() -> None:
    seed = ("第一章 总论", "人是社", "眉", "会的动物。第一节 人")
    run = Text("人是社会的动物。", (Span(1, 0, 3), Span(3, 0, 5)))
    below = Section("b", SectionKind.SECTION, 2, (Text("第一节 人", (Span(3, 5, 10),)),), (), ())
    chapter = Section(
        "a", SectionKind.CHAPTER, 1, (Text(seed[0], (Span(0, 0, 6),)),), (), (Paragraph((run,)),), (below,)
    )
    gone = Edit("running-head", 2, 0, "眉", "", Confidence.LIKELY, "书眉")
    proof = Proof("书", seed, (gone,), (), (), Book(Metadata("书"), "zh-Hans", (), (chapter,)), (), {})
    tree = tree_of(html_of(proof))
    cells = tree.xpath("//*[contains(@class, 'rows')]//*[@class='book']/*[last()]")
    assert tree.xpath("//*[contains(@class, 'ln')]/@id") == ["L1", "L2", "L3", "L4"]
    assert [(cell.tag, cell.text_content()) for cell in cells] == [
        ("h3", "第一章 总论"),
        ("p", "人是社"),
        ("p", ""),
        ("p", "会的动物。"),
        ("h4", "第一节 人"),
    ]


def test_what_is_not_printed_stands_line_by_line_and_says_once_why() -> None:
    leaves = tuple(Text(f"第{at}节", (Span(at, 0, 3),)) for at in range(3))
    front = Unprinted(UnprintedKind.CONTENTS, leaves, "原书的目录")
    seed = tuple(leaf.text for leaf in leaves)
    proof = Proof("书", seed, (), (), (), Book(Metadata("书"), "zh-Hans", (front,), ()), (), {})
    rows = tree_of(html_of(proof)).xpath("//*[contains(@class, 'row unprinted')]//*[@class='book']")
    assert [row.text_content() for row in rows] == ["原书的目录第0节", "第1节", "第2节"]


def test_notices_metadata_doubts_and_decisions_are_listed() -> None:
    notices = [
        Notice("contents-without-body", "目录第三章，正文未见", 0, Severity.WARNING),
        Notice("odd", "别的", None),
    ]
    decided = [Decided("reject", 3, "dashes", "--", "", "原书如此")]
    words = tree_of(html_of(proof_of([*TEXT, "他们一一胪列起来"], notices, decided))).text_content()
    for said in ("目录第三章，正文未见", "contents-without-body", "别的", "一一胪列", "原书如此", "第一章"):
        assert said in words
    assert words.index("目录第三章") < words.index("别的")


def test_doubts_of_the_same_words_are_one_group_the_busiest_first() -> None:
    lines = ["甲乙", "丙丙", "丙"]
    places = [(0, 0, "甲"), (1, 0, "丙"), (1, 1, "丙"), (2, 0, "丙")]
    doubts = tuple(Edit("guess", line, start, word, "丁", Confidence.DOUBTFUL, "像") for line, start, word in places)
    printed = pages.find(lines)
    proof = _proof(lines, printed, Cleaned(tuple(lines), (), doubts))
    groups = tree_of(html_of(proof)).xpath("//*[@id='doubts']//ol/li")
    assert [group.xpath(".//del")[0].text for group in groups] == ["丙", "甲"]
    assert len(groups[0].xpath(".//*[@data-go]")) == 3


# ---------------------------------------------------------------- what it asks of no one


def test_nothing_is_fetched_and_only_our_script_runs() -> None:
    tree = tree_of(html_of(proof_of(TEXT)))
    assert tree.xpath("//*[@src] | //link | //base | //iframe | //object | //form[not(@method='dialog')]") == []
    assert [href for href in tree.xpath("//@href") if not href.startswith("#")] == []
    assert "url(" not in "".join(tree.xpath("//style/text()"))
    assert [name for each in tree.iter(etree.Element) for name in each.attrib if name.startswith("on")] == []
    (policy,) = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert policy.startswith("default-src 'none'")
    assert len(tree.xpath("//script")) == 2


def test_links_and_labels_lead_somewhere() -> None:
    tree = tree_of(html_of(proof_of(TEXT, [Notice("odd", "别的", 4)])))
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert [href for href in tree.xpath("//@href") if href[1:] not in ids] == []
    assert [name for name in tree.xpath("//@aria-labelledby") if name not in ids] == []
    assert len(tree.xpath("//h1")) == 1
    assert len(tree.xpath("//main")) == 1
    assert [box for box in tree.xpath("//input") if not box.xpath("ancestor::label")] == []
    assert [
        each for each in tree.xpath("//button") if not (each.text_content().strip() or each.get("aria-label"))
    ] == []


EVIL = [
    "</script><script>alert(1)</script>,乙",
    "<img src=x onerror=alert(1)>,乙 ' \" & &amp; <!-- --> ]]> {{ 7*7 }}",
    "</style></ins></p>,乙\u2028\x00\ufffe.",
]


def test_hostile_words_stay_words() -> None:
    notices = [Notice("<b>", "</li><script>alert(2)</script>", 0)]
    proof = proof_of(EVIL, notices, [Decided("reject", 1, "<i>", "</td>", "<b>", "<script>")])
    html = html_of(proof)
    tree = tree_of(html)
    assert len(tree.xpath("//script")) == 2
    assert tree.xpath("//img | //b[@onerror] | //comment()") == []
    assert "{{ 7*7 }}" in tree.text_content()
    assert "\x00" not in html


@settings(deadline=None, max_examples=25)
@given(st.lists(scribble(12), min_size=1, max_size=8))
def test_any_text_gives_a_well_formed_page(lines: list[str]) -> None:
    proof = proof_of(lines)
    tree = tree_of(html_of(proof))
    assert len(data_of(tree)["remarks"]) == len(proof.ledger) + len(proof.doubts)
    assert len(tree.xpath("//script")) == 2


# ---------------------------------------------------------------- collation


@settings(deadline=None, max_examples=25)
@given(printed_pages())
def test_the_pieces_are_the_seed_and_the_book(lines: list[str]) -> None:
    done = clean(lines, pages.find(lines))
    collation = collate(lines, done.ledger, done.doubts)
    assert tuple("".join(piece.was for piece in pieces) for pieces in collation.lines) == tuple(lines)
    assert tuple("".join(piece.now for piece in pieces) for pieces in collation.lines) == done.lines
    told = [number for pieces in collation.lines for piece in pieces for number in piece.remarks]
    assert sorted(told) == list(range(len(done.ledger) + len(done.doubts)))
    assert all(piece.changed or piece.was == piece.now for pieces in collation.lines for piece in pieces)
    assert all(each.text[each.edit.start : each.end] == each.edit.before for each in collation.remarks)


# ---------------------------------------------------------------- in a browser


def dumped(path: Path, place: str, profile: Path) -> lxml.html.HtmlElement:
    """The page after its script has run, as Chromium then holds it."""
    said = subprocess.run(
        [
            "chromium",
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            f"--user-data-dir={profile}",
            "--dump-dom",
            f"{path.as_uri()}{place}",
        ],
        capture_output=True,
        check=True,
        timeout=60,
    )
    return lxml.html.document_fromstring(said.stdout.decode())


@pytest.mark.slow
def test_what_the_card_offers_to_copy_is_what_review_toml_takes(tmp_path: Path) -> None:
    """The second of three like commas, chosen on the page, is rejected; the others are not."""
    lines = ["他说,这是对的,不错,很好"]
    proof = proof_of(lines)
    path = tmp_path / "review.html"
    path.write_bytes(page.render(proof, LOOKS).data)
    marks = tree_of(path.read_text("utf-8")).xpath("//*[contains(@class, 'rows')]//ins")
    tree = dumped(path, f"#{marks[1].get('id')}", tmp_path / "profile")
    assert "ready" in tree.get("class")
    (offered,) = tree.xpath("//*[@id='card']//pre")
    (tmp_path / "书.review.toml").write_text(offered.text, encoding="utf-8")
    reviewed = review.read(tmp_path / "书.review.toml")
    assert clean(lines, pages.find(lines), RULES, Hearing(reviewed)).lines == ("他说，这是对的,不错，很好",)
