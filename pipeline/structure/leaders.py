"""One line of a printed contents: its title, the leader after it, and the folio at the end, as OCR leaves them."""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from pipeline.structure import forms
from pipeline.structure.forms import Form
from pipeline.structure.shape import CHINESE_DIGITS, HAN, bare, key

LONGEST = 300  # characters; a longer line is no single entry

_HEADING = re.compile(
    r"(?:(?:总|總|细|細|篇|简|簡)?\W{0,2}目\W{0,12}[录錄次]|Table of Contents|Contents)"
    r"(?:\W{0,3}(?:[续續]|Contents|[录錄次]))?\W{0,3}(?:[ivxlc\d]{1,4})?\W{0,3}",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"(?P<leader>[\s.．。·・…•⋯,，、:：;；~～_\-—–―/／|]*)(?P<noise>(?<![a-zA-Z])[a-z]{1,3}(?:[.…]+\s*|\s+))?"
    r"(?P<dress>[(（\[]?(?:[Pp]\.?\s?|第)?)(?P<folio>\d{1,4}|[ivxlcIVXLC]{1,6})页?[)）\]]?\s*[.…·/／]{0,3}$"
)
_HAN_TAIL = re.compile(rf"(?:…|⋯|\.{{3}}|·{{3}}|\t|　　|/)\s*(?P<folio>[{CHINESE_DIGITS}]{{1,4}})$")
_WORN_FOLIO = re.compile(r"[\s.．·…⋯/／]\s?(?P<folio>[lIoO]\d{1,2}|\d[lIoO]\d?|\d\d[lIoO])$")
_AS_DIGIT = str.maketrans("lIoO", "1100")
_FOLIO_FIRST = re.compile(r"^(?P<folio>0\d{1,3}|\d{1,4}(?=\s*[/／|]))\s*[/／|]?\s*(?P<title>\D.+)$")
_RESIDUE = re.compile(r"[.．·…⋯_~][\s.．·…⋯_~,，、\-—一]*(?:[a-z]{0,3}[.…]*)$|[/／|]$|\s[a-z]{1,3}[.…]+$")
_BETWEEN = re.compile(
    rf"(?<![\d第（(])(?<!\d[.．])(?P<folio>\d{{1,4}})(?=\s*[（(“《第]|\s*[{HAN}](?<![年月日个世五])|\s*$)"
)
_LEADER_CHARS = " \t　.．。·・…•⋯,，、~～_-—–―/／|"
_ENOUGH = 120  # characters from the end in which leader and folio stand


def is_heading(text: str) -> bool:
    """目录, 目 次, 目　錄, CONTENTS, 目录（续）, with or without the folio of a running head."""
    if len(text) > 40 or ("目" not in text and "onten" not in text.lower()):
        return False
    return bool(_HEADING.fullmatch(bare(text).strip("【】[]（）() ")))


@lru_cache(maxsize=1 << 15)
def split_folio(text: str) -> tuple[str, str, bool]:
    """A contents line as (title, folio, whether a leader or folio closed it). The folio is "" where none was read."""
    line = bare(text)
    if len(line) > LONGEST:
        return line, "", False
    at = max(0, len(line) - _ENOUGH)
    head, tail = line[:at], line[at:]
    if match := _HAN_TAIL.search(tail):
        return _without_leader(head + tail[: match.start()]), match["folio"], True
    if match := _WORN_FOLIO.search(tail):
        return _without_leader(head + tail[: match.start()]), match["folio"].translate(_AS_DIGIT), True
    if match := _last_folio(tail):
        return _without_leader(head + tail[: match.start()]), match["folio"], True
    if match := _FOLIO_FIRST.match(line):
        return match["title"].strip(), match["folio"], True
    residue = _RESIDUE.search(tail.rstrip())
    if residue and (head or residue.start()):
        return _without_leader(head + tail[: residue.start()]), "", True
    return line, "", False


def _last_folio(tail: str) -> re.Match[str] | None:
    """The folio that ends the line, unless it belongs to the title: 1949-1978, a Roman numeral without a leader."""
    number = re.search(r"(?:\d{1,4}|[ivxlcIVXLC]{1,6})页?[)）\]]?\s*[.…·]{0,3}$", tail)
    if not number:
        return None
    start = number.start()
    while start and tail[start - 1] in _LEADER_CHARS + "Pp第（([。:：;；":
        start -= 1
    if noise := re.search(r"(?<=[.…·\s])[a-z]{1,3}(?:[.…]+\s*|\s+)$", tail[: number.start()]):
        start = min(start, noise.start())
    start = len(tail[:start].rstrip(_LEADER_CHARS))
    match = _TAIL.match(tail, start)
    if not match or not start:
        return None
    leader, folio = match["leader"], match["folio"]
    if not folio[0].isdigit():
        return match if re.search(r"[.…·/／]", leader) or (leader and folio.islower()) else None
    last = tail[start - 1]
    if last.isdigit() or (last.isascii() and last.isalpha() and not leader):
        return match if re.search(r"[\s.…·/／]", leader) and leader.strip() not in {"-", "—", "–"} else None
    return match


def _without_leader(title: str) -> str:
    return title.strip().rstrip(_LEADER_CHARS).strip()


def pieces(text: str) -> Iterator[str]:
    """A line, or the entries that an engine ran together on it: `序 1第一章 概论 3` gives two."""
    line = bare(text)
    cuts = list(_BETWEEN.finditer(line)) if len(line) > 30 else []
    folios = [int(cut["folio"]) for cut in cuts]
    rising = sum(a <= b for a, b in pairwise(folios))
    if len(cuts) < 3 or rising < 0.8 * (len(folios) - 1):
        yield text
        return
    start = 0
    for cut in cuts:
        title = _without_leader(line[start : cut.start()])
        if key(title):
            yield f"{title} {cut['folio']}"
        start = cut.end()
    if key(line[start:]):
        yield line[start:].strip()


# ---------------------------------------------------------------- numbers

_FORM = {form.sign: form for form in forms.CASES}
_NUMERAL = rf"[{CHINESE_DIGITS}\d\s]{{1,9}}"
# What forms.py does not read, because only in a contents it is sure: units misread by OCR, numbers without a mark.
_LOOSE: tuple[tuple[Form, re.Pattern[str]], ...] = (
    (_FORM["编"], re.compile(rf"第{_NUMERAL}(?:单元|單元|[辑輯集册冊])")),
    (_FORM["篇"], re.compile(rf"[{HAN}]{{1,4}}\s?篇(?=[\s：:—]|$)|[{HAN}] [{HAN}] 篇")),
    (_FORM["章"], re.compile(r"第\s?\S{1,3}?\s?[章回]|Chapter\s+[\dIVX]+", re.IGNORECASE)),
    (_FORM["节"], re.compile(r"第\s?\S{1,3}?\s?[节節]")),
    (_FORM["一、"], re.compile(rf"[{CHINESE_DIGITS}]{{1,3}}(?:[:：]|[\s　]+(?=[{HAN}“《]))")),
    (_FORM["1."], re.compile(rf"\d{{1,2}}[\s　]+(?=[{HAN}“《])")),
    (_FORM["部"], re.compile(r"Part\s+[\dIVX]+", re.IGNORECASE)),
)
_SECTIONED = re.compile(rf"第{_NUMERAL}部分")


@lru_cache(maxsize=1 << 15)
def numbering(title: str) -> tuple[Form, str] | None:
    """The form and the printed number that `title` begins with; None for an unnumbered title."""
    if match := _SECTIONED.match(title):
        return _FORM["部"], match[0]
    if found := forms.read(title):
        return found.form, title[: found.title].strip()
    for form, pattern in _LOOSE:
        if match := pattern.match(title):
            return form, match[0].strip()
    return None


def is_matter(title: str) -> bool:
    """序, 前言, 后记, 附录 …: what stands beside the chapters without a number."""
    return forms.known(title) is not None
