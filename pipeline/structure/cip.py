"""The CIP block (图书在版编目数据): found as lines, and read as a record.

Its form is set by GB/T 12451: heading; title/creators.—place:publisher,date(series); ISBN; I.①…Ⅱ.②… with subjects and
class; 中国版本图书馆CIP数据核字(year)第number号. Taiwan prints 國家圖書館出版品預行編目資料, which is found too.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.ledger import Confidence
from pipeline.structure.rule import Draft, Mark, Role, StructureRule
from pipeline.structure.shape import HAN, bare, looks_like_prose, simplified

_COULD_OPEN = re.compile(r"[版編编/／]|CIP")  # one look that spares most lines the closer ones
_HEAD = re.compile(
    r"在\W{0,2}版\W{0,2}编|版\W{0,2}编\W{0,2}目|CIP\W{0,3}数\W{0,2}据(?!\W{0,2}核)"
    r"|[预預]\W?行\W?编\W?目|编目[资資]料"
)
_NUMBER = re.compile(r"核\W?字\s*\W?(?P<year>\d{4})\W{0,3}第?\s*(?P<number>[\dA-Z]{4,8})\s*号?", re.IGNORECASE)
_LAST = re.compile(r"版\W?本\W?图\W?书\W?馆\s*(?:C|数|核|$)|核\W?字\s*\W?\d|^\W*\d{3}(?:\.\d+)?\s+\d{6,9}\s*$")
_DASH = r"[.．。\s]*[—一\-–―－]{1,3}\s*"
_STATEMENT = re.compile(
    rf"^(?P<title>[^/／]{{1,120}}?)\s*[/／]\s*(?P<creators>.{{1,160}}?){_DASH}(?:[^:：—]{{0,16}}版{_DASH})?"
    r"(?P<place>[^\s:：,，.．—/]{2,10}?)\s*[:：]\s*(?P<publisher>[^,，.．;；]{2,30}?)\s*[,，.]\s*"
    r"(?P<date>(?:\d{4}|民\s*\d{2,3})(?:\s*[.．年]\s*\d{1,2})?)(?P<rest>.*)$"
)
# The same with a slash, a dash or a colon lost: the publisher's own word and the date still show where they are.
_WORN = re.compile(
    rf"^(?P<title>[^/／]{{1,80}}?)(?:\s*[/／]\s*(?P<creators>[^/／]{{2,60}}?))?{_DASH}?"
    rf"(?P<place>(?<=[—一\-–―－\s.．])[{HAN}]{{2,4}}?)?\s*[:：;；.．]?\s*"
    rf"(?P<publisher>[{HAN}]{{2,12}}?(?:出版社|出版公司|书局|書局|印书馆|印書館|书店))\s*[,，.．;；]?\s*"
    r"(?P<date>\d{4}(?:\s*[.．,，]\s*\d{1,2})?)(?P<rest>.*)$"
)
_SERIES = re.compile(r"[(（]\s*([^()（）]{2,40}(?:[(（][^()（）]*[)）])?[^()（）]{0,20})\s*[)）]")
_LETTERS = r"(?:T[A-Z]|[A-KN-VXZ])"  # CLC: of two letters the first is T
_CLASS = re.compile(rf"[①-⑳@©®QGO0]?(?P<code>{_LETTERS}\d(?:[\d.\-/:=()（）]*[\d)])?)(?![A-Za-z0-9])")
_SUBJECT = re.compile(r"[①-⑳@](?P<text>[^①-⑳@]+)")
_ROMAN_TAIL = re.compile(
    r"\s*(?:[IVXJl1ⅠⅡⅢⅣⅤⅥ]+\s*[.．]?|[\u4e00-\u9fff:]\s*[.．])(?:\s*\S{0,2}(?:T[A-Z]|[A-Z])\d.*)?\s*$"
)
_ENTRIES = re.compile(r"^\W*(?:[IⅠ1l工T]|中)\s*[.．]\s*\S|[①-⑳@四]\S{0,3}(?:…|\.{2,})")
_LONGEST = 300  # characters in a line of it
_LENGTH = 24  # lines; a block is about eight


@dataclass(frozen=True, slots=True)
class Record:
    """What a CIP block says, as read; empty where the print or the OCR gives nothing."""

    title: str = ""
    creators: str = ""
    place: str = ""
    publisher: str = ""
    date: str = ""
    series: str = ""
    number: str = ""
    classes: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    isbns: tuple[str, ...] = ()
    initials: tuple[str, ...] = ()  # first characters of title and creators, as the entries Ⅰ.①江… give them
    line: int | None = None


def _find(draft: Draft) -> Iterator[Mark]:
    done = 0
    for at in [at for at, text in enumerate(draft.lines) if len(text) <= _LONGEST and _COULD_OPEN.search(text)]:
        if at < done or not _opens(draft.lines, at):
            continue
        done = _end(draft.lines, at)
        for line in range(at, done):
            if draft.lines[line].strip():
                yield Mark(line, Role.CIP, "图书在版编目（CIP）数据")


def _opens(lines: Sequence[str], at: int) -> bool:
    """A heading that a record follows, or a record whose heading the OCR lost or broke."""
    text = lines[at]
    if _HEAD.search(simplified(text)) and len(text.strip()) <= 40:
        return any(_is_record(line) for line in lines[at + 1 : at + 12])
    if _STATEMENT.match(bare(text)):
        return any(len(line) <= _LONGEST and _LAST.search(simplified(line)) for line in lines[at + 1 : at + 12])
    return False


def _is_record(text: str) -> bool:
    if len(text) > _LONGEST:
        return False
    signs = (_LAST.search(simplified(text)), _ENTRIES.search(text), _STATEMENT.match(bare(text)), "ISBN" in text)
    return any(signs)


def _end(lines: Sequence[str], at: int) -> int:
    """The line after the block: behind its number, or behind the last line that can belong to it."""
    end = at + 1
    for line in range(at + 1, min(at + _LENGTH, len(lines))):
        text = lines[line]
        if len(text) > _LONGEST:
            break
        if _LAST.search(simplified(text)):
            return line + 1
        if _is_record(text):
            end = line + 1
        elif looks_like_prose(text) and "/" not in text and "—" not in text:
            break
    return end


RULE = StructureRule(
    id="cip",
    confidence=Confidence.CERTAIN,
    find=_find,
    why="图书在版编目数据是版权页的一部分，由新版另排，不入正文；标题行之后须有著录、ISBN、检索点或核字号方认定",
)


# ---------------------------------------------------------------- reading


def read(lines: Sequence[tuple[int, str]]) -> Record:
    """The record in the lines that bear the role CIP, however they are broken."""
    texts = [(number, bare(text)) for number, text in lines if text.strip() and not _HEAD.search(simplified(text))]
    if not texts:
        return Record()
    found = _statement(texts)
    tail = " ".join(text for _, text in texts if not _LAST.search(simplified(text)) and "SBN" not in text)
    number = next((m for _, text in texts if (m := _NUMBER.search(simplified(text)))), None)
    entries = tail[m.start() :] if (m := re.search(r"(?:^|\s)\W{0,2}(?:[IⅠ1l工T]|中)\s*[.．]\s*\S", tail)) else ""
    line, match = found or (None, None)
    series = _SERIES.search(match["rest"]) if match else None
    return Record(
        title=match["title"].strip() if match and match["creators"] else "",
        creators=(match["creators"] or "").strip(" .．。") if match else "",
        place=(match["place"] or "").strip() if match else "",
        publisher=re.sub(r"\s+", "", match["publisher"]) if match else "",
        date=re.sub(r"\s+", "", match["date"]) if match else "",
        series=series[1].strip() if series else "",
        number=f"({number['year']})第{number['number']}号" if number else "",
        classes=_classes(entries),
        subjects=_subjects(entries),
        initials=tuple(re.findall(r"[①-⑳@]\s*([\u4e00-\u9fff])\s?(?:…|\.{2,})", entries)),
        isbns=tuple(text for _, text in texts if "SBN" in text),
        line=line,
    )


def _statement(texts: Sequence[tuple[int, str]]) -> tuple[int, re.Match[str]] | None:
    """title/creators.—place:publisher,date on one line or broken over up to four."""
    for size in (1, 2, 3, 4):
        for at in range(len(texts) - size + 1):
            joined = "".join(text for _, text in texts[at : at + size])
            if "/" in joined.replace("／", "/") and (match := _STATEMENT.match(joined)):
                return texts[at][0], match
    worn = ((number, _WORN.match(text)) for number, text in texts if len(text) <= _LONGEST)
    return next(((number, match) for number, match in worn if match), None)


def _classes(entries: str) -> tuple[str, ...]:
    """CLC marks. An engine often reads ① as a letter: of two letters only T may come first."""
    tail = entries[-60:]
    return tuple(dict.fromkeys(match["code"] for match in _CLASS.finditer(tail)))


def _subjects(entries: str) -> tuple[str, ...]:
    out = []
    for match in _SUBJECT.finditer(re.sub(r"(?<=[—\-])\s+|\s+(?=[—\-])", "", entries)):
        text = match["text"].strip()
        if "…" in text or ".." in text or _CLASS.fullmatch(text.split(" ")[0]) or text[:1].isascii():
            continue
        text = _ROMAN_TAIL.sub("", text).strip(" .．")
        if len(text) >= 2:
            out.append(re.sub(r"\s+", "", text))
    return tuple(dict.fromkeys(out))
