"""Rules about the whole e-book: paragraphs, headings, contents, notes, links, metadata."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from pipeline.check.reading import Opened, Words
from pipeline.check.rule import CheckRule, Place
from pipeline.check.wording import HAN, place

_ENDS = "。！？…”’」』）：；—》.!?:)〕】"
_RUN_ON = frozenset("章回节節篇卷编編部")  # these may be counted through the whole book
_DIGITS = {numeral: value for value, numeral in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_NUMBERED = (
    re.compile(r"\A第([〇零一二三四五六七八九十百\d]+)([章节節回篇编編卷部])"),
    re.compile(r"\A([一二三四五六七八九十]+)(、)"),
    re.compile(r"\A[（(]([一二三四五六七八九十\d]+)([）)])"),
    re.compile(r"\A(\d+)([.．、])(?!\d)"),
)
# Pairs that stand in nearly every book; a book with many of both is mixed.
_SIMPLIFIED = frozenset("国这来对会时说为们学过发还产动经个进种开问实现无关长点业东车马门见书语话认让论设许读议记词")
_TRADITIONAL = frozenset("國這來對會時說為們學過發還產動經個進種開問實現無關長點業東車馬門見書語話認讓論設許讀議記詞")


def _whole(opened: Opened, words: str) -> Place:
    return Place(opened.package, 0, words)


# ---------------------------------------------------------------- paragraphs


def _broken_paragraph(opened: Opened) -> Iterator[Place]:
    texts = [block for block in opened.running() if block.tag == "p" and block.text.strip() and not block.note]
    for block, after in pairwise(texts):
        words, follows = block.text.rstrip(), after.text.lstrip()
        if (
            len(words) >= 40
            and words[-1] not in _ENDS
            and re.match(rf"[{HAN}，、；]", follows)
            and block.file == after.file
        ):
            yield place(block, len(block.text), len(block.text))


def _doubled_paragraph(opened: Opened) -> Iterator[Place]:
    seen: set[str] = set()
    for block in opened.running():
        words = "".join(block.text.split())
        if len(words) >= 30:
            if words in seen:
                yield place(block, 0, 30)
            seen.add(words)


def _running_head(opened: Opened) -> Iterator[Place]:
    short = [block for block in opened.running() if block.tag == "p" and 2 <= len(block.text.strip()) <= 25]
    counts = Counter(block.text.strip() for block in short if block.text.strip()[-1] not in _ENDS)
    yield from (place(block) for block in short if counts[block.text.strip()] >= 4)


def _page_number(opened: Opened) -> Iterator[Place]:
    number = re.compile(r"[-—·]?\s*\d{1,4}\s*[-—·]?")
    yield from (place(b) for b in opened.running() if b.tag == "p" and number.fullmatch(b.text.strip()))


def _empty_paragraph(opened: Opened) -> Iterator[Place]:
    yield from (place(block) for block in opened.running() if block.tag == "p" and not block.text.strip())


def _mixed_script(opened: Opened) -> Iterator[Place]:
    counts = Counter(character for block in opened.running() for character in block.text)
    simplified = sum(counts[character] for character in _SIMPLIFIED)
    traditional = sum(counts[character] for character in _TRADITIONAL)
    few, rare = min((simplified, _SIMPLIFIED), (traditional, _TRADITIONAL), key=lambda pair: pair[0])
    if few and few * 50 < simplified + traditional:
        for block in opened.running():
            for at, character in enumerate(block.text):
                if character in rare:
                    yield place(block, at, at + 1)
    elif few >= 20:
        yield _whole(opened, f"简体 {simplified} 处，繁体 {traditional} 处")


def _uneven_spacing(opened: Opened) -> Iterator[Place]:
    text = "\n".join(block.text for block in opened.running())
    spaced = len(re.findall(rf"[{HAN}] [A-Za-z0-9]|[A-Za-z0-9] [{HAN}]", text))
    tight = len(re.findall(rf"[{HAN}][A-Za-z0-9]|[A-Za-z0-9][{HAN}]", text))
    if min(spaced, tight) >= 5 and min(spaced, tight) * 20 > spaced + tight:
        yield _whole(opened, f"留空 {spaced} 处，不留空 {tight} 处")


# ---------------------------------------------------------------- headings and contents


def _empty_heading(opened: Opened) -> Iterator[Place]:
    yield from (place(block) for block in opened.headings() if not block.text.strip())


def _heading_mark(opened: Opened) -> Iterator[Place]:
    yield from (
        place(block, 0, 40)
        for block in opened.headings()
        if block.text.rstrip().endswith(("。", "，", "、", "；", ","))
    )


def _long_heading(opened: Opened) -> Iterator[Place]:
    yield from (place(block, 0, 40) for block in opened.headings() if len(block.text.strip()) > 60)


def _heading_rank(opened: Opened) -> Iterator[Place]:
    headings = list(opened.headings())
    yield from (
        place(after, 0, 30) for before, after in pairwise(headings) if int(after.tag[1]) > int(before.tag[1]) + 1
    )


def _doubled_heading(opened: Opened) -> Iterator[Place]:
    headings = [block for block in opened.headings() if block.text.strip()]
    for before, after in pairwise(headings):
        if before.text.strip() == after.text.strip():
            yield place(after, 0, 30)


def _numbering_gap(opened: Opened) -> Iterator[Place]:
    """In each run of headings of one kind, the numbers go up by one; a higher heading starts them anew."""
    at: dict[str, tuple[int, int]] = {}  # kind -> (rank, number)
    for block in opened.headings():
        rank = int(block.tag[1])
        at = {kind: state for kind, state in at.items() if state[0] <= rank}
        for pattern in _NUMBERED:
            found = pattern.match(block.text.strip())
            if found is None:
                continue
            kind, number = found[2], _number(found[1])
            last = at.get(kind)
            expected = (last[1] + 1, 1) if last is not None and last[0] == rank else (1,)
            if number not in expected and (last is not None or kind not in _RUN_ON):
                yield place(block, 0, 30)
            at[kind] = (rank, number)
            break


def _number(words: str) -> int:
    if words.isdigit():
        return int(words)
    total, digit = 0, 0
    for numeral in words:
        unit = {"十": 10, "百": 100}.get(numeral)
        if unit:
            total, digit = total + (digit or 1) * unit, 0
        else:
            digit = _DIGITS.get(numeral, 0)
    return total + digit


def _squeezed(words: str) -> str:
    return re.sub(r"[\s\u3000]+", "", words)


def _not_in_contents(opened: Opened) -> Iterator[Place]:
    listed = {_squeezed(entry) for entry in opened.contents}
    for block in opened.headings():
        if block.tag in {"h1", "h2"} and block.text.strip() and _squeezed(block.text) not in listed:
            yield place(block, 0, 30)


def _no_contents(opened: Opened) -> Iterator[Place]:
    if not opened.contents:
        yield _whole(opened, "没有目录")


def _empty_entry(opened: Opened) -> Iterator[Place]:
    yield from (_whole(opened, "目录") for entry in opened.contents if not entry)


def _pages_out_of_order(opened: Opened) -> Iterator[Place]:
    numbers = [int(page) for page in opened.pages if page.isascii() and page.isdigit()]
    yield from (_whole(opened, f"{before} → {after}") for before, after in pairwise(numbers) if after <= before)


# ---------------------------------------------------------------- links, notes, pictures


def _dead_link(opened: Opened) -> Iterator[Place]:
    for link in opened.links:
        gone = link.target not in opened.files or (link.fragment and (link.target, link.fragment) not in opened.ids)
        if link.kind != "external" and gone:
            yield Place(link.file, link.line, f"{link.text.strip()[:20]} → {link.target}#{link.fragment}")


def _note_without_mark(opened: Opened) -> Iterator[Place]:
    marked = {(link.target, link.fragment) for link in opened.links if link.kind == "noteref"}
    yield from (Place(file, line, own) for file, own, line in opened.notes if (file, own) not in marked)


def _mark_to_no_note(opened: Opened) -> Iterator[Place]:
    notes = {(file, own) for file, own, _ in opened.notes}
    for link in opened.links:
        if link.kind == "noteref" and (link.target, link.fragment) not in notes:
            yield Place(link.file, link.line, f"{link.text} → {link.target}#{link.fragment}")


def _empty_link(opened: Opened) -> Iterator[Place]:
    yield from (Place(link.file, link.line, link.target) for link in opened.links if not link.text.strip())


def _unlinked_mark(opened: Opened) -> Iterator[Place]:
    for block in opened.running():
        for found in re.finditer(r"(?<=[。，”」』）\u4e00-\u9fff])[①-⑳](?=[。，、；\u4e00-\u9fff]|\Z)", block.text):
            if not block.note:
                yield place(block, found.start(), found.end())


def _picture_without_words(opened: Opened) -> Iterator[Place]:
    yield from (Place(image.file, image.line, "img") for image in opened.images if image.alt is None)


# ---------------------------------------------------------------- metadata


def _no_title(opened: Opened) -> Iterator[Place]:
    if not any(opened.metadata.get("title", ())):
        yield _whole(opened, "dc:title")


def _no_creator(opened: Opened) -> Iterator[Place]:
    if not any(opened.metadata.get("creator", ()) + opened.metadata.get("contributor", ())):
        yield _whole(opened, "dc:creator")


def _language(opened: Opened) -> Iterator[Place]:
    for language in opened.metadata.get("language", ("",)):
        if not re.match(r"zh(?:-|\Z)", language):
            yield _whole(opened, f"dc:language “{language}”")
    yield from (Place(file, 1, "html") for file, language in opened.languages.items() if not language)


def _isbn(opened: Opened) -> Iterator[Place]:
    for value in (*opened.metadata.get("identifier", ()), *opened.metadata.get("source", ())):
        digits = re.sub(r"[^0-9X]", "", value.upper().rpartition("ISBN")[2])
        if "ISBN" in value.upper() and not _valid_isbn(digits):
            yield _whole(opened, value)


def _valid_isbn(digits: str) -> bool:
    if len(digits) == 13 and digits.isdigit():
        return sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits)) % 10 == 0
    if len(digits) == 10 and digits[:9].isdigit():
        values = [10 if digit == "X" else int(digit) for digit in digits]
        return sum(value * (10 - place) for place, value in enumerate(values)) % 11 == 0
    return False


def _no_text(opened: Opened) -> Iterator[Place]:
    if not any(_has_han(block) for block in opened.running()):
        yield _whole(opened, "正文")


def _has_han(block: Words) -> bool:
    return re.search(rf"[{HAN}]", block.text) is not None


RULES = (
    CheckRule("broken-paragraph", "段落在句中断开", "与下一段相接", _broken_paragraph),
    CheckRule("doubled-paragraph", "整段重复", "删去一段", _doubled_paragraph),
    CheckRule("running-head", "同样的短行多次成段，像是书眉", "删去", _running_head),
    CheckRule("page-number", "单独成段的数字，像是页码", "删去", _page_number),
    CheckRule("empty-paragraph", "空段落", "删去，间距由样式给出", _empty_paragraph),
    CheckRule("mixed-script", "简体繁体混用", "统一字体", _mixed_script),
    CheckRule("uneven-spacing", "汉字与西文之间，有的留空有的不留", "统一，最好不留，由阅读器排", _uneven_spacing),
    CheckRule("no-text", "正文里没有汉字", "看看正文是否缺失，或是图片", _no_text),
    CheckRule("empty-heading", "标题没有文字", "补上，或删去", _empty_heading),
    CheckRule("heading-mark", "标题以标点结尾", "删去标点，或改作正文", _heading_mark),
    CheckRule("long-heading", "标题过长，像是正文", "改作正文", _long_heading),
    CheckRule("heading-rank", "标题跳级", "逐级下降", _heading_rank),
    CheckRule("doubled-heading", "标题连着出现两次", "删去一个", _doubled_heading),
    CheckRule("numbering-gap", "标题的序号不连", "查原书，看是否缺漏", _numbering_gap),
    CheckRule("heading-not-in-contents", "标题不在目录里", "补进目录", _not_in_contents),
    CheckRule("no-contents", "没有目录", "编一个导航目录", _no_contents),
    CheckRule("empty-entry", "目录里有空条目", "补上，或删去", _empty_entry),
    CheckRule("pages-out-of-order", "印刷版页码不是递增的", "核对页码", _pages_out_of_order),
    CheckRule("dead-link", "链接没有去处", "改正，或删去链接", _dead_link),
    CheckRule("note-without-mark", "注释没有注号指向", "在正文里补上注号", _note_without_mark),
    CheckRule("mark-to-no-note", "注号没有指向注释", "把注文标成脚注（epub:type 与 role）", _mark_to_no_note),
    CheckRule("unlinked-mark", "正文里的注号没有链接", "链接到注文", _unlinked_mark),
    CheckRule("empty-link", "链接没有文字", "补上文字", _empty_link),
    CheckRule("picture-without-words", "图片没有替代文字", "写明图意；纯装饰的写 alt=\"\"", _picture_without_words),
    CheckRule("no-title", "没有书名", "补上 dc:title", _no_title),
    CheckRule("no-creator", "没有作者", "补上 dc:creator", _no_creator),
    CheckRule("language", "语言没有标明，或不是中文", "标明 zh-Hans 或 zh-Hant", _language),
    CheckRule("isbn", "ISBN 的校验码不对", "核对版权页", _isbn),
)  # fmt: skip
