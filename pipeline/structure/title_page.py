"""What stands before the imprint and the text: half-title, series line, title page, however often they are printed."""

import re
from collections.abc import Iterator, Sequence

from pipeline.ledger import Confidence
from pipeline.structure import cip, forms, imprint
from pipeline.structure.imprint import Kind
from pipeline.structure.leaders import is_heading, is_matter
from pipeline.structure.rule import Draft, Mark, Role, StructureRule
from pipeline.structure.shape import bare, key, page_starts, prose

_SERIES = re.compile(
    r"(?:丛书|文库|书系|译丛|文丛|系列|大系|读物|教材|推荐书目|规划项目|出版工程|重点图书|出版基金"
    r"|叢書|文庫|書系|譯叢|文叢|讀物)\W*$"
)
_ROLE = re.compile(
    r"(?:编著|主编|编译|选编|选注|译注|校注|编写组?|著|译|编|撰|绘|辑|注|編著|主編|編譯|編寫|譯|編)\W*$|^\W*(?:◎|作者|著者)"
)
_TEXT_OPENS = re.compile(
    r"^(?:内容提要|内容简介|内容介绍|内容摘要|作者简介|作者介绍|关于作者|编者按|献词|题记|編者按|關於作者|題記)\W*$"
)
_DEDICATION = re.compile(r"^(?:谨以此书|献给|谨献给|谨将此书|謹以此書|獻給)")
_PINYIN = re.compile(r"^[A-Z\s'’·:,\-]{6,}$")
_IMAGE = re.compile(r"^\s*!\[[^\]]*\]\([^)]*\)\s*$|^\s*<img\b[^>]*>\s*$", re.IGNORECASE)
_LONGEST = 45  # characters in one line of a title page
_MOST = 16  # lines, where no imprint proves that the region is front matter


def _find(draft: Draft) -> Iterator[Mark]:
    region, proven = _region(draft)
    if not region:
        return
    title = _title(draft)
    pages = _pages(region, page_starts(draft.lines, draft.pages))
    if not proven:
        pages = _believable(draft, pages)
    for page in pages:
        half = _is_half_title(draft, page, pages, title)
        for line in page:
            yield _mark(draft, line, title, half=half)


def _region(draft: Draft) -> tuple[list[int], bool]:
    """The lines before the first imprint, contents or text, and whether an imprint or contents follows them."""
    flags = prose(draft.lines)
    region: list[int] = []
    for line, text in enumerate(draft.lines):
        if not text.strip():
            continue
        if line in draft.roles:
            return region, draft.roles[line].role in {Role.CIP, Role.COLOPHON, Role.CONTENTS}
        if _IMAGE.match(text) or _DEDICATION.match(bare(text)):
            continue
        if _is_text(text) or flags[line]:
            break
        region.append(line)
    return region, False


def _is_text(text: str) -> bool:
    """Whether the line opens text: 前言, 第一章, 内容提要, or a line too long for a title page."""
    line = bare(text)
    if len(line) > _LONGEST and not _PINYIN.match(line):
        return True
    numbered = forms.read(line)
    return numbered is not None or is_matter(line) or is_heading(line) or bool(_TEXT_OPENS.match(line.replace(" ", "")))


def _believable(draft: Draft, pages: Sequence[list[int]]) -> list[list[int]]:
    """Without an imprint: the first pages, a few short lines, as far as one says who wrote or published the book.

    A lone 《书名》 at the head of the text is a title page too.
    """
    first = [draft.lines[line].strip() for line in pages[0]] if pages else []
    told = 1 if len(first) == 1 and re.fullmatch(r"《[^《》]{1,40}》", first[0]) else 0
    for at, page in enumerate(pages[:4]):
        if any(_tells(bare(draft.lines[line])) for line in page) and (len(page) > 1 or at):
            told = at + 1
    believed = list(pages[:told])
    texts = [bare(draft.lines[line]) for page in believed for line in page]
    if len(texts) > _MOST or any(text.endswith(("。", "！", "；")) for text in texts):
        return []
    return believed


def _tells(text: str) -> bool:
    """Whether a line says who wrote or published the book."""
    return bool(len(text) <= 24 and _ROLE.search(text)) or imprint.value_kind(text) is Kind.PUBLISHER


def _title(draft: Draft) -> str:
    """The key of the title that the CIP block or the colophon gives; "" without them."""
    record = cip.read([(at, draft.lines[at]) for at, mark in sorted(draft.roles.items()) if mark.role is Role.CIP])
    if record.title:
        return key(record.title)
    lines = [(at, draft.lines[at]) for at, mark in sorted(draft.roles.items()) if mark.role is Role.COLOPHON]
    return next((key(field.value) for field in imprint.read(lines) if field.label == "书名"), "")


def _pages(region: Sequence[int], starts: frozenset[int]) -> list[list[int]]:
    pages: list[list[int]] = []
    for line in region:
        if line in starts or not pages:
            pages.append([])
        pages[-1].append(line)
    return pages


def _is_half_title(draft: Draft, page: Sequence[int], pages: Sequence[Sequence[int]], title: str) -> bool:
    """A first page with the title alone, which a fuller page repeats."""
    if len(page) > 3 or len(pages) < 2 or page is not pages[0]:
        return False
    here = key("".join(draft.lines[line] for line in page if not _SERIES.search(bare(draft.lines[line]))))
    others = key("".join(draft.lines[line] for other in pages[1:] for line in other))
    return bool(here) and here in others and (not title or here in title or title in here)


def _mark(draft: Draft, line: int, title: str, *, half: bool) -> Mark:
    text = bare(draft.lines[line])
    if _SERIES.search(text) and key(text) not in title and (not title or title not in key(text)):
        return Mark(line, Role.SERIES, "丛书名或推荐语")
    if half:
        return Mark(line, Role.HALF_TITLE, "半书名页：书名单独一页，书名页重出")
    return Mark(line, Role.TITLE_PAGE, "书名页：书名、作者、出版者及其装饰文字")


RULE = StructureRule(
    id="title-page",
    confidence=Confidence.LIKELY,
    find=_find,
    why="书名页、半书名页、丛书名由新版另排；止于版权页、目录、前言或正文。全书无版权页时，须有作者或出版者一行方认定",
)
