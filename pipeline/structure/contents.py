"""The printed contents (目录): where they stand, and what they list.

The edition sets its own contents out of the body; the printed ones are kept, unshown, and are the best witness for the
titles and levels of headings. Two jobs, therefore: `RULE` finds their lines, `entries` reads them.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from rapidfuzz import fuzz, process

from pipeline.ledger import Confidence
from pipeline.structure import numerals
from pipeline.structure.rule import Draft, Mark, Role, StructureRule
from pipeline.structure.shape import CHINESE_DIGITS, HAN, SHORT, bare, key, page_starts, prose

# ---------------------------------------------------------------- one line of it

_HEADING = re.compile(
    r"^\W*(?:(?:总|細|细|篇|简|簡)?\W{0,2}目\W{0,12}[录錄次]|Table of Contents|Contents)(?:\W*(?:[（(【]?[续續][）)】]?|Contents|[录錄次]))?"
    r"\W*(?:[ivxlc\d]{1,4})?\W*$",
    re.IGNORECASE,
)
_LEADER = r"[\s.．。·・…•⋯,，、:：;；~～_\-—–―/／|一]"
_FOLIO = re.compile(
    rf"^(?P<title>.*?[^\s.．·・…•⋯_~/／|(（])(?P<leader>{_LEADER}*?[\s.．·…⋯/／_~—\-–]*)"
    r"(?:(?P<noise>[a-z]{1,3}[.…]*\s*))?[(（\[]?[Pp第]?\.?(?P<folio>\d{1,4}|[ivxlcIVXLC]{1,6})页?[)）\]]?\s*[.…·]{0,3}$"
)
_HAN_FOLIO = re.compile(rf"^(?P<title>.+?)(?:…|⋯|\.{{3,}}|·{{3,}}|\t|　{{2,}}|/)+\s*(?P<folio>[{CHINESE_DIGITS}]{{1,4}})\s*$")
_FOLIO_FIRST = re.compile(r"^(?P<folio>0\d{1,3}|\d{1,4}(?=\s*[/／|]))\s*[/／|]?\s*(?P<title>\D.+)$")
_RESIDUE = re.compile(r"(?:\s*[.．·…⋯_~]{1,}[\s.．·…⋯_~,，、\-—一]*[a-z]{0,3}[.…]*|\s*[/／|]|\s+[a-z]{1,3}[.…]+)\s*$")
_ONLY_FOLIO = re.compile(r"^\W*(\d{1,4})\W*$")
_INLINE = re.compile(rf"(?P<title>(?:[^\d]|\d(?=[.．]\d|[.．、]\s*[{HAN}])|(?<=[.．第])\d|\d(?=\d{{0,3}}[年月日个世五]))+?){_LEADER}*?(?P<folio>\d{{1,4}})(?=\s*[{HAN}（(“《]|\s*$)")


def is_heading(text: str) -> bool:
    """目录, 目 次, 目　錄, CONTENTS, 目录（续）, with or without the folio of a running head."""
    return len(text) <= 40 and bool(_HEADING.match(bare(text)))


def split_folio(text: str) -> tuple[str, str, bool]:
    """A contents line as (title, folio, whether a leader closed it). The folio is "" where none was read."""
    line = bare(text)
    if match := _HAN_FOLIO.match(line) or _FOLIO.match(line):
        if not _inside_number(match):
            return match["title"].strip(), match["folio"], True
    elif match := _FOLIO_FIRST.match(line):
        return match["title"].strip(), match["folio"], True
    title = _RESIDUE.sub("", line)
    return title.strip(), "", title != line and bool(title)


def _inside_number(match: re.Match[str]) -> bool:
    """Digits or Latin letters that belong to the title: 1949-1978, 论XX, a lone Roman numeral without any leader."""
    folio = match["folio"]
    leader = match.groupdict().get("leader", " ")
    if not folio[0].isdigit() and folio[0] not in CHINESE_DIGITS:
        return not leader
    return bool(re.search(r"[\d—\-–]$", match["title"])) and not leader.strip(" —-–") and " " not in leader


# ---------------------------------------------------------------- where it stands

_MATTER = (
    "序|序言|序章|代序|自序|总序|原序|译序|译者序|推荐序|再版序|前言|代前言|引言|引论|引子|绪论|绪言|绪|導論|导论|导言|导读|导语|楔子|凡例|编例|题记|例言|弁言|"
    "出版说明|编者的话|编辑说明|作者的话|写在前面|致读者|后记|跋|附记|尾声|结语|结论|结束语|余论|附录|附表|附图|参考文献|参考书目|主要参考文献|征引文献|索引|"
    "人名索引|注释|致谢|鸣谢|大事年表|年表|译后记|译者后记|再版后记|编后记|緒論|緒言|後記|結語|結論|附錄|參考文獻|參考書目|總序|譯者序|導言|導讀|餘論|尾聲|致謝"
)
_MATTER_LINE = re.compile(rf"^(?:{_MATTER})(?:$|[一二三四五六七八九十\d]{{1,2}}(?:$|[\s：:])|[\s：:（(—／/])")
_NUMERAL = rf"[{CHINESE_DIGITS}\d\s]{{1,9}}"


@dataclass(frozen=True, slots=True)
class Form:
    """A way to number headings. `rank` orders the forms from the outermost in."""

    name: str
    rank: int
    pattern: re.Pattern[str]


FORMS: tuple[Form, ...] = (
    Form("部", 10, re.compile(rf"第{_NUMERAL}部分?(?![{HAN}])|第{_NUMERAL}部分?(?=\s)|[上中下]部(?![{HAN}])|Part\s+[\dIVX]+", re.IGNORECASE)),
    Form("卷", 20, re.compile(rf"第{_NUMERAL}[卷册冊]|卷{_NUMERAL}(?=[\s：:]|$)|卷[{CHINESE_DIGITS}上中下]|[上中下]卷")),
    Form("编", 30, re.compile(rf"第{_NUMERAL}[编編辑輯集单單]元?|[上中下][编編]")),
    Form("篇", 40, re.compile(rf"第{_NUMERAL}篇|[上中下]篇|[{HAN}]{{1,4}}\s?篇(?=[\s：:—]|$)|[{HAN}] [{HAN}] 篇")),
    Form("章", 50, re.compile(rf"第\s?(?:{_NUMERAL}|\S{{1,3}}?)\s?[章回講讲課课幕]|Chapter\s+[\dIVX]+", re.IGNORECASE)),
    Form("节", 60, re.compile(rf"第\s?(?:{_NUMERAL}|\S{{1,3}}?)\s?[节節]")),
    Form("一、", 70, re.compile(rf"[{CHINESE_DIGITS}]{{1,4}}\s*[、．.，,：:](?!\d)|[{CHINESE_DIGITS}]{{1,3}}[\s　]+(?=[{HAN}“《])")),
    Form("（一）", 80, re.compile(rf"[（(〈《〔]\s*[{CHINESE_DIGITS}]{{1,4}}\s*[）)〉》〕][、.．]?")),
    Form("1.1.1", 96, re.compile(r"\d{1,2}[.．]\d{1,2}[.．]\d{1,2}[.．]?(?!\d)")),
    Form("1.1", 94, re.compile(r"\d{1,2}[.．]\d{1,2}[.．]?(?!\d)")),
    Form("1.", 90, re.compile(rf"\d{{1,2}}\s*[.．、](?!\d)|\d{{1,2}}[\s　]+(?=[{HAN}“《])")),
    Form("（1）", 98, re.compile(r"[（(〔]\s*\d{1,2}\s*[）)〕]")),
    Form("①", 99, re.compile(r"[①-⑳]")),
)
_BOX = re.compile(
    r"^[【\[（(]?(?P<label>延伸阅读|拓展阅读|阅读链接|阅读材料|知识链接|相关链接|资料链接|案例链接|典型案例|案例分析|知识窗|小贴士|小知识|专栏|链接|案例|延伸閱讀|知識鏈接)"
    rf"(?:[{CHINESE_DIGITS}\d]{{1,3}})?[】\]）)]?(?:[\s：:]+(?P<title>.*))?$"
)


def numbering(title: str) -> tuple[Form, str] | None:
    """The form and the printed number that `title` begins with; None for an unnumbered title."""
    for form in FORMS:
        if match := form.pattern.match(title):
            return form, match[0].strip()
    return None


def is_matter(title: str) -> bool:
    """序, 前言, 后记, 附录 …: what stands beside the chapters without a number."""
    return bool(_MATTER_LINE.match(re.sub(rf"(?<=[{HAN}])[\s　]+(?=[{HAN}]$)", "", title)))


@dataclass(slots=True)
class _Seen:
    """What a walk down the lines of the contents has met: keys of whole lines and of their first parts."""

    keys: dict[str, int] = field(default_factory=dict)
    order: list[str] = field(default_factory=list)
    folios: int = 0
    lines: int = 0

    def add(self, text: str) -> None:
        title, folio, closed = split_folio(text)
        self.lines += 1
        self.folios += bool(folio) or closed
        for part in (title, re.split(r"[：:—\s　]", title.replace(" ", "") if len(title) < 8 else title)[0], _unnumbered(title)):
            if (name := key(part)) and name not in self.keys:
                self.keys[name] = len(self.order)
        self.order.append(key(title))

    def knows(self, text: str, first: int | None = None) -> bool:
        """Whether `text` repeats an entry (one of the `first` ones)."""
        name = key(bare(text))
        at = self.keys.get(name)
        if at is None and 6 <= len(name) <= SHORT:  # an OCR engine reads the same title twice, differently
            sample = self.order[: first or 300]
            hit = process.extractOne(name, sample, scorer=fuzz.ratio, score_cutoff=80)
            at = hit[2] if hit else None
        return at is not None and (first is None or at < first)


def _unnumbered(title: str) -> str:
    found = numbering(title)
    rest = title[len(found[1]) :] if found else title
    return rest if len(key(rest)) >= 4 else title


def _find(draft: Draft) -> Iterator[Mark]:
    lines = draft.lines
    flags, starts = prose(lines), page_starts(lines, draft.pages)
    filled = [at for at, line in enumerate(lines) if line.strip()]
    done = -1
    found = False
    for position, line in enumerate(filled):
        if line > done and is_heading(lines[line]) and line not in draft.roles:
            region = _region(draft, filled, position, flags, starts)
            if len(region) > 1:
                found, done = True, region[-1]
                yield from (Mark(at, Role.CONTENTS, "目录：由正文重排，原目录不印") for at in region)
    if not found:
        for at in _unheaded(draft, filled, flags, starts):
            yield Mark(at, Role.CONTENTS, "无题的目录：短行带页码，或逐行见于正文标题")


def _region(draft: Draft, filled: list[int], position: int, flags: list[bool], starts: frozenset[int]) -> list[int]:
    """The lines of the contents whose heading is filled[position], heading included; only the heading if none follow."""
    seen = _Seen()
    region = [filled[position]]
    stop = len(filled)
    for at in range(position + 1, len(filled)):
        line = filled[at]
        text = draft.lines[line]
        if line in draft.roles or flags[line]:
            stop = at
            break
        if seen.lines >= 2 and _body_begins(draft, filled, at, seen):
            stop = at
            break
        region.append(line)
        if not is_heading(text) and not _ONLY_FOLIO.match(text):
            seen.add(text)
    stopped_by_prose = stop < len(filled) and flags[filled[stop]]
    if stopped_by_prose:
        region = _without_body(draft, region, seen, starts)
    return region if _proven(draft, region, filled, seen) else region[:1]


def _body_begins(draft: Draft, filled: list[int], at: int, seen: _Seen) -> bool:
    """Whether the line repeats an entry as a heading does: without folio, and no folios come after it."""
    text = draft.lines[filled[at]]
    _, folio, closed = split_folio(text)
    if folio or closed or is_heading(text) or _BOX.match(bare(text)):
        return False
    paged = seen.folios >= max(2, 0.4 * seen.lines)
    if not seen.knows(text, None if paged else 3):
        return False
    ahead = [split_folio(draft.lines[line])[1] for line in filled[at + 1 : at + 9]]
    return not paged or sum(map(bool, ahead)) <= len(ahead) // 4


def _without_body(draft: Draft, region: list[int], seen: _Seen, starts: frozenset[int]) -> list[int]:
    """Take off the end of the region the headings that open the body: prose stands right after them."""
    closed = [at for at, line in enumerate(region) if at and any(split_folio(draft.lines[line])[1:])]
    if len(closed) >= max(2, 0.3 * len(region)):
        tail = range(closed[-1] + 1, len(region))
        cut = next((at for at in tail if region[at] in starts or seen.knows(draft.lines[region[at]], 400)), None)
        if cut is None:
            cut = next((at for at in tail if _opens(draft.lines[region[at]])), len(region))
        return region[:cut]
    cut = len(region)
    earlier: dict[str, int] = {}
    for at, line in enumerate(region):
        earlier.setdefault(key(split_folio(draft.lines[line])[0]), at)
    while cut > 1 and earlier[key(split_folio(draft.lines[region[cut - 1]])[0])] < cut - 1:
        cut -= 1
    return region[:cut]


def _opens(text: str) -> bool:
    title = bare(text)
    return numbering(title) is not None or is_matter(title)


def _proven(draft: Draft, region: list[int], filled: list[int], seen: _Seen) -> bool:
    """A heading 目录 alone proves nothing: entries with folios, numbered ones, or ones that the body repeats must follow."""
    if seen.folios >= 2 and seen.folios >= 0.2 * seen.lines:
        return True
    numbered = sum(1 for line in region[1:] if _opens(draft.lines[line]))
    if numbered >= 3 and numbered >= 0.3 * len(region):
        return True
    return len(region) > 3 and len(_repeated(draft, region, filled)) >= max(2, 0.4 * len(region))


def _repeated(draft: Draft, region: Sequence[int], filled: Sequence[int]) -> list[int]:
    """Lines of the region that stand again, as whole lines, outside it."""
    inside = set(region)
    body = {key(draft.lines[line]) for line in filled if line not in inside and len(draft.lines[line]) <= 2 * SHORT}
    return [line for line in region if len(name := key(split_folio(draft.lines[line])[0])) >= 2 and name in body]


# A contents page whose heading the OCR lost stands near the front, or nowhere.
_UNHEADED_WITHIN = 0.3


def _unheaded(draft: Draft, filled: list[int], flags: list[bool], starts: frozenset[int]) -> list[int]:
    """The best run of entry-like lines between prose and other front matter; [] if none is good enough."""
    runs: list[list[int]] = []
    run: list[int] = []
    front = filled[: max(80, int(_UNHEADED_WITHIN * len(filled)))]
    for line in filled:
        if line in draft.roles or flags[line]:
            if run:
                runs.append(run)
            run = []
            if front and line > front[-1]:
                break
        else:
            run.append(line)
    if run:
        runs.append(run)
    best: list[int] = []
    for candidate in runs:
        entries_ = _entry_lines(draft, candidate, filled, starts)
        if len(entries_) > len(best):
            best = entries_
    return best


def _entry_lines(draft: Draft, run: list[int], filled: list[int], starts: frozenset[int]) -> list[int]:
    if len(run) < 4:
        return []
    seen = _Seen()
    region = [run[0]]  # its place is that of the heading, for the trimming below
    for at, line in enumerate(run):
        if seen.lines >= 2 and _body_begins(draft, run, at, seen):
            break
        region.append(line)
        if not _ONLY_FOLIO.match(draft.lines[line]):
            seen.add(draft.lines[line])
    region = _without_body(draft, region, seen, starts)[1:]
    split = [split_folio(draft.lines[line]) for line in region]
    folios = [int(folio) for _, folio, _ in split if folio.isdecimal()]
    rising = sum(1 for a, b in pairwise(folios) if a <= b)
    closed = sum(1 for _, folio, leader in split if folio or leader)
    paged = len(folios) >= 3 and rising >= 0.7 * (len(folios) - 1) and closed >= 0.3 * len(region)
    repeated = _repeated(draft, region, [line for line in filled if not region or line > region[-1]])
    if paged and (closed >= 5 or len(repeated) >= 2):
        return region
    return region if len(repeated) >= max(3, 0.5 * len(region)) and closed >= 1 else []


RULE = StructureRule(
    id="contents",
    confidence=Confidence.LIKELY,
    find=_find,
    why="原书目录由正文重排，不入正文；止于正文重现首条标题处或散文起处。目录题名失落时，须多行带递增页码或见于正文方认定",
)


# ---------------------------------------------------------------- what it lists


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry. `title` is whole, with its number; `number` is that number as printed ("" for none).

    `level` counts from 1; an entry under a box label has the label in `box` and the level of its surroundings. `folio`
    is the printed page number as text, "" where lost. `line` is the first line it stands on.
    """

    title: str
    level: int
    folio: str
    line: int
    number: str = ""
    subtitle: str = ""
    box: str = ""
    lines: tuple[int, ...] = ()


@dataclass(slots=True)
class _Raw:
    """An entry being read: the pieces of its title and what is known of it."""

    pieces: list[str]
    lines: list[int]
    folio: str = ""
    closed: bool = False
    subtitle: str = ""
    box: str = ""
    level: int = 1

    @property
    def title(self) -> str:
        return _join(self.pieces)


def entries(draft: Draft) -> tuple[Entry, ...]:
    """What the lines that bear the role CONTENTS list, in their order; () where there are none."""
    lines = [at for at, mark in sorted(draft.roles.items()) if mark.role is Role.CONTENTS]
    if not lines:
        return ()
    inside = set(lines)
    body = {key(text) for at, text in enumerate(draft.lines) if at not in inside and 0 < len(text) <= 2 * SHORT}
    raw = _read(draft, lines, body)
    _rank(raw)
    return tuple(_entry(item) for item in raw)


def _entry(raw: _Raw) -> Entry:
    found = numbering(raw.title)
    label = raw.pieces[0] if len(raw.pieces) > 1 and _is_label(raw.pieces[0]) else ""
    return Entry(raw.title, raw.level, raw.folio, raw.lines[0], found[1] if found else label, raw.subtitle, raw.box, tuple(raw.lines))


def _pieces(draft: Draft, lines: Sequence[int]) -> Iterator[tuple[int, str]]:
    """The lines, those that hold several entries (`序 1第一章 概论 3`) cut into them."""
    for line in lines:
        text = draft.lines[line]
        found = list(_INLINE.finditer(bare(text))) if len(text) > 30 else []
        folios = [int(match["folio"]) for match in found]
        if len(found) >= 3 and sum(a <= b for a, b in pairwise(folios)) >= 0.8 * (len(folios) - 1):
            for match in found:
                yield line, f"{match['title'].strip()} {match['folio']}"
            rest = bare(text)[found[-1].end() :]
            if key(rest):
                yield line, rest
        else:
            yield line, text


def _read(draft: Draft, lines: Sequence[int], body: set[str]) -> list[_Raw]:
    out: list[_Raw] = []
    box = ""
    pieces = [(line, text) for line, text in _pieces(draft, lines) if not is_heading(text)]
    paged = sum(1 for _, text in pieces if split_folio(text)[1]) >= 0.5 * len(pieces)
    for line, text in pieces:
        if alone := _ONLY_FOLIO.match(text):
            if out and not out[-1].folio:
                out[-1].folio, out[-1].closed = alone[1], True
            continue
        title, folio, closed = split_folio(text)
        if not key(title):
            continue
        label = _BOX.match(title)
        if label and not label["title"] and not folio:
            box = label["label"]
            continue
        if _starts_outer(title):
            box = ""
        if subtitle := re.match(r"^[—–―\-一]{2,}\s*(.+)$", title):
            if out:
                out[-1].subtitle, out[-1].folio = subtitle[1], out[-1].folio or folio
                out[-1].lines.append(line)
                out[-1].closed = True
                continue
        if out and _continues(out[-1], title, body, paged=paged, folio=folio):
            out[-1].pieces.append(title)
            out[-1].lines.append(line)
            out[-1].folio, out[-1].closed = folio, closed
            continue
        name = label["label"] if label and label["title"] else box
        out.append(_Raw([label["title"].strip() if label and label["title"] else title], [line], folio, closed, box=name))
    return _appendix_opened([item for item in out if len(key(item.title)) > 1 or is_matter(item.title) or key(item.title) in body])


def _appendix_opened(raw: list[_Raw]) -> list[_Raw]:
    """附录 alone on its line heads all that follows it, where more than one unnumbered title does."""
    out: list[_Raw] = []
    for at, item in enumerate(raw):
        after = raw[at + 1] if at + 1 < len(raw) else None
        heads = after and not after.box and not numbering(after.title) and not is_matter(after.title)
        if heads and len(item.pieces) > 1 and _APPENDIX.match(item.pieces[0]):
            out.append(_Raw(item.pieces[:1], item.lines[:1], closed=True))
            item.pieces, item.lines = item.pieces[1:], item.lines[1:]
        out.append(item)
    return out


def _starts_outer(title: str) -> bool:
    found = numbering(title)
    return is_matter(title) or (found is not None and found[0].rank <= 50)


def _continues(last: _Raw, title: str, body: set[str], *, paged: bool, folio: str) -> bool:
    """Whether `title` goes on with the entry before it, which has no folio yet."""
    if last.folio or (last.closed and paged):
        return False
    found = numbering(title)
    label = _is_label(last.title)
    if found or is_matter(title):
        return False
    if label:
        return True
    if last.closed or key(last.title) in body:
        return False
    if key(last.title + title) in body or last.title.endswith(("，", "、", "：", ",", "——")):
        return True
    if key(title) in body:
        return False
    return paged and bool(folio or len(last.title) >= 8) and len(last.pieces) < 4


def _is_label(title: str) -> bool:
    """第一章, 附录, 绪论 standing alone: the title is on the next line."""
    found = numbering(title)
    if found:
        return not key(title[len(found[1]) :])
    return is_matter(title) and len(key(title)) <= 4


def _join(pieces: Sequence[str]) -> str:
    """The pieces of a broken title; a space only after a label (第一章) and between Latin words."""
    out = pieces[0]
    for piece in pieces[1:]:
        spaced = _is_label(out) or (out[-1:].isascii() and out[-1:].isalpha() and piece[:1].isascii())
        out += f" {piece}" if spaced else piece
    return out


# ---------------------------------------------------------------- levels


_APPENDIX = re.compile(r"^附\s?[录錄]$")
_BROKEN_FORM = re.compile(rf"^[第弟策]\s?(?P<number>[{CHINESE_DIGITS}\d]{{1,4}})")


def _rank(raw: list[_Raw]) -> None:
    """Levels from numbering, and for what bears no number from what stands around it."""
    forms = _forms(raw)
    numbered = [at for at, form in enumerate(forms) if form]
    loose = [at for at, item in enumerate(raw) if not forms[at] and not item.box and not is_matter(item.title)]
    top = min((form.rank for form in forms if form), default=50)
    tail_only = bool(numbered) and all(at > numbered[-1] or at < numbered[0] for at in loose)
    last, above = top, 0
    path: list[int] = []
    for at, item in enumerate(raw):
        form = forms[at]
        if item.box:
            item.level = max(len(path), 1)
            continue
        if form or is_matter(item.title):
            rank = last = form.rank if form else top
            above = top if _APPENDIX.match(item.title) else 0
        elif above:
            rank = above + 5
        elif not numbered or (tail_only and len(loose) <= max(3, len(numbered) // 2)):
            rank = top
        else:
            rank = _beside(forms, raw, at, last)
        while path and path[-1] >= rank:
            path.pop()
        path.append(rank)
        item.level = len(path) + (path[0] > top and bool(numbered))


def _forms(raw: Sequence[_Raw]) -> list[Form | None]:
    """The form of each entry; a unit that the OCR misread (第六知 for 第六节) is told by the number that it continues."""
    forms: list[Form | None] = []
    reached: dict[Form, int | None] = {}
    for item in raw:
        found = None if item.box else numbering(item.title)
        form = found[0] if found else None
        if form is None and not item.box and (broken := _BROKEN_FORM.match(item.title)):
            number = numerals.value(broken["number"])
            form = next((f for f, n in reversed(reached.items()) if n is not None and number in {n + 1, n + 2}), None)
            if form:
                reached[form] = number
        elif found and form:
            digits = re.search(rf"[{CHINESE_DIGITS}\d]+", found[1])
            reached.pop(form, None)
            reached[form] = numerals.value(digits[0]) if digits else None
        forms.append(form)
    return forms


def _beside(forms: Sequence[Form | None], raw: Sequence[_Raw], at: int, last: int) -> int:
    """The rank of an unnumbered entry: a parent if a numbering starts anew right after it, else a child of the last."""
    following = forms[at + 1] if at + 1 < len(forms) else None
    if following:
        found = numbering(raw[at + 1].title)
        digits = re.search(rf"[{CHINESE_DIGITS}\d]+", found[1]) if found else None
        if digits and numerals.value(digits[0]) == 1:
            return following.rank - 5
    return last + 5
