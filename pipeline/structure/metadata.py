"""What the book says of itself: Metadata out of the lines that the front-matter rules have marked.

The same fact stands in up to four places (CIP block, colophon, title page, the text), and OCR errs in each on its own:
readings.py picks the one that most places agree on. Nothing is invented: what no place says stays empty.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from stdnum import isbn as stdnum_isbn

from pipeline.book import Creator, Fact, Metadata
from pipeline.notice import Notice, Severity
from pipeline.pages import Page
from pipeline.structure import cip, creators, imprint, numerals
from pipeline.structure.imprint import Field, Kind
from pipeline.structure.leaders import is_heading, is_matter, numbering
from pipeline.structure.readings import Reading, agreed, alike, window
from pipeline.structure.rule import Draft, Role
from pipeline.structure.shape import CHINESE_DIGITS, HAN, bare, key, page_starts, tight

_OFTEN = 3  # pages with the same running head
_THROUGHOUT = 0.6  # of the pages lie between the first and the last running head with the book's title
_PINYIN = re.compile(r"^[A-Z\s'’·:,\-]{6,}$")
_SERIES = re.compile(r"(?:丛书|叢書|文库|文庫|书系|書系|译丛|譯叢|文丛|文叢|系列|大系)\W*$")
_MONTH = re.compile(r"(\d{4})\s*[年.．]\s*(\d{1,2})")
_ROC = re.compile(
    rf"民\s*[國国]?\s*(\d{{2,3}}|[{CHINESE_DIGITS}]{{1,5}})\s*[年.．]?\s*(?:(\d{{1,2}}|[{CHINESE_DIGITS}]{{1,3}})\s*月?)?"
)
_WHEN = rf"\d{{4}}\s*年\s*\d{{1,2}}\s*月\s*[{HAN}]{{0,8}}?\s*第?\s*[\d{HAN}]{{1,3}}?\s*"
_EDITION = re.compile(rf"{_WHEN}版(?:\s*[(（][^()（）]*[)）])?")
_PRINTING = re.compile(rf"{_WHEN}次\s*印刷?")
_PLACE_IN_EDITION = re.compile(rf"月\s*([{HAN}]{{2,4}}?)\s*第")
_ISBN = re.compile(
    r"(?:[TI1l]?[SB]{2}N\S{0,2}|书\W?号|書\W?號)[\s:：]*((?:[\dOoIlBSZ][\s\-—–]?){9,16}[\dXx]?)"
    r"|\b(97[89](?:[\s\-—–]?\d){10})\b"
)
_AS_DIGIT = str.maketrans("OoIlBSZ—–", "001185" + "2--")


@dataclass(frozen=True, slots=True)
class _Evidence:
    """The front matter, read: one record, the fields of the colophon, the title pages' lines, and the whole text."""

    record: cip.Record
    fields: tuple[Field, ...]
    pages: tuple[tuple[tuple[int, str], ...], ...]
    series: tuple[str, ...]
    head: str  # the running head that goes through the whole book: its title, where it has one
    text: str


def read(draft: Draft, fallback_title: str = "") -> tuple[Metadata, tuple[Notice, ...]]:
    """The book's Metadata and what the publisher should look at. `fallback_title` serves where the text gives none.

    Call it once the front-matter rules have spoken: it reads the lines that bear their roles.
    """
    found = _evidence(draft)
    notices: list[Notice] = []
    title, subtitle = _title(found, notices)
    if not title and fallback_title:
        title = fallback_title
        notices.append(Notice("title-from-file", f"书中未见书名，取自文件名：{fallback_title}"))
    makers = _creators(found, title, notices)
    publisher = _publisher(found, notices)
    number = _isbn(found, notices)
    edition, printing = _edition(found.fields)
    metadata = Metadata(
        title=title,
        subtitle=subtitle,
        series=_series(found),
        creators=makers,
        publisher=publisher,
        place=_place(found, edition),
        isbn=number,
        cip=found.record.number,
        cip_creators=found.record.creators if _read_clean(found.record, title, makers) else "",
        cip_date=found.record.date,
        classes=found.record.classes,
        subjects=found.record.subjects,
        date=_date(found, edition, printing, notices),
        edition=edition,
        printing=printing,
        format=_first(found.fields, Kind.FORMAT),
        sheets=_first(found.fields, Kind.SHEETS),
        words=_first(found.fields, Kind.WORDS),
        price=_first(found.fields, Kind.PRICE),
    )
    return replace(metadata, facts=tuple(_facts(found.fields, metadata))), tuple(notices)


def _read_clean(record: cip.Record, title: str, makers: Sequence[Creator]) -> bool:
    """Whether the record's own words may be set again: its title reads as agreed, and so does each name it gives."""
    told = record.creators.replace(record.title, "")
    names = (creator.name.removeprefix("本书") for creator in makers)
    return bool(title) and key(record.title) == key(title) and all(key(name) in key(told) for name in names)


def _evidence(draft: Draft) -> _Evidence:
    def of(*roles: Role) -> list[tuple[int, str]]:
        return [(at, draft.lines[at]) for at in sorted(at for at, mark in draft.roles.items() if mark.role in roles)]

    starts = page_starts(draft.lines, draft.pages)
    pages: list[list[tuple[int, str]]] = []
    for line, text in of(Role.TITLE_PAGE, Role.HALF_TITLE):
        if not pages or line in starts:
            pages.append([])
        if not _PINYIN.match(bare(text)):
            pages[-1].append((line, bare(text)))
    read = [*imprint.read(of(Role.COLOPHON)), *_titles_in_heads(draft.pages)]
    neat = [replace(field, value=_neat(field)) for field in sorted(read, key=lambda field: field.line)]
    return _Evidence(
        cip.read(of(Role.CIP)),
        tuple(neat),
        tuple(tuple(page) for page in pages if page),
        tuple(bare(text) for _, text in of(Role.SERIES)),
        _running_title(draft.pages),
        "\n".join(text for at, text in enumerate(draft.lines) if at not in draft.roles),
    )


def _titles_in_heads(pages: Sequence[Page]) -> list[Field]:
    """A colophon's 书名 that opens its page and says what the running heads say is taken for one of them."""
    heads = [(line, text) for page in pages for line, text in zip(page.head_lines, page.heads, strict=False)]
    labelled = (field for line, text in heads if "名" in text for field in imprint.fields(text, line))
    return [field for field in labelled if field.label == "书名" and field.value]


def _running_title(pages: Sequence[Page]) -> str:
    """What the running heads say from one end of the book to the other; chapter titles do not go so far."""
    where: dict[str, list[int]] = {}
    said: dict[str, str] = {}
    for number, page in enumerate(pages):
        for text in page.heads:
            head = re.sub(r"^[\W\d]+|[^\w）》”」]*\d*\W*$", "", text)
            if len(key(head)) >= 2 and not numbering(head) and not is_matter(head) and not is_heading(head):
                where.setdefault(key(head), []).append(number)
                said.setdefault(key(head), head)
    name = max(where, key=lambda head: len(where[head]), default="")
    if not name or len(where[name]) < _OFTEN or where[name][-1] - where[name][0] < _THROUGHOUT * len(pages):
        return ""
    return tight(said[name])


def _disagree(name: str, chosen: str, readings: Iterable[Reading], notices: list[Notice]) -> None:
    """Tell the publisher where another place reads otherwise."""
    others = {key(r.value): r for r in readings if key(r.value) and key(r.value) != key(chosen)}
    notices += [
        Notice("metadata-disagrees", f"{name}另有读法“{reading.value}”，取较可信的“{chosen}”", reading.line)
        for reading in others.values()
    ]


# ---------------------------------------------------------------- title


def _title(found: _Evidence, notices: list[Notice]) -> tuple[str, str]:
    readings = []
    if found.record.title:
        readings.append(Reading(tight(found.record.title), "cip", found.record.line))
    readings += [Reading(tight(f.value), "colophon", f.line) for f in found.fields if f.label == "书名"]
    if found.head and (not readings or alike(found.head, readings[0].value)):
        readings.append(Reading(found.head, "running-head"))
    if readings:
        readings += _title_page_readings(found.pages, readings[0].value)
        title = agreed(sorted(readings, key=lambda reading: reading.value[:1] not in found.record.initials))
        _disagree("书名", title, readings, notices)
    else:
        title = _title_page_title(found.pages)
    whole, _, rest = re.sub(r"[:：]\s*|\s*——\s*", "\x00", title, count=1).partition("\x00")
    return (whole, rest) if rest and len(whole) >= 2 else (title, "")


def _title_page_readings(pages: Sequence[Sequence[tuple[int, str]]], title: str) -> list[Reading]:
    """On each title page the line, or two or three lines together, most like `title`."""
    out = []
    for page in pages:
        lines = [(line, text) for line, text in page if not creators.PRESS.fullmatch(tight(text))][:40]
        joins = [lines[at : at + size] for size in (1, 2, 3) for at in range(len(lines) - size + 1)]
        candidates = [(tight("".join(text for _, text in join)), join[0][0]) for join in joins]
        candidates = [c for c in candidates if alike(c[0], title) and abs(len(key(c[0])) - len(key(title))) <= 3]
        if candidates:
            best = max(candidates, key=lambda c: sum(a == b for a, b in zip(key(c[0]), key(title), strict=False)))
            out.append(Reading(best[0], "title-page", best[1]))
    return out


def _title_page_title(pages: Sequence[Sequence[tuple[int, str]]]) -> str:
    """The title where only title pages speak: what stands above who wrote it, or above the publisher."""
    for page in sorted(pages, key=len, reverse=True):
        above: list[str] = []
        last = -1
        for line, text in page:
            if creators.PRESS.fullmatch(tight(text)) or (above and creators.signed(text)):
                break
            if above and line != last + 1:
                break
            above.append(text)
            last = line
        if above:
            return tight("".join(above[:3]))
    return ""


# ---------------------------------------------------------------- creators


def _creators(found: _Evidence, title: str, notices: list[Notice]) -> tuple[Creator, ...]:
    """Who made it: the best list that one place gives, each name then checked against the other places."""
    by_place = {
        "cip": creators.stated(found.record.creators),
        "colophon": [c for f in found.fields if f.kind is Kind.CREATOR for c in creators.labelled(f)],
        "title-page": [c for page in found.pages for _, text in page for c in creators.signed(text)],
    }
    by_place = {place: [creators.known_as(creator, title) for creator in names] for place, names in by_place.items()}
    base = next((place for place in ("cip", "colophon", "title-page") if by_place[place]), "")
    out: list[Creator] = []
    for creator in by_place.get(base, ()):
        chosen = _confirmed(creator, base, by_place, found, notices)
        if key(chosen.name) and all(key(chosen.name) != key(other.name) for other in out):
            out.append(chosen)
    return tuple(out)


def _confirmed(
    creator: Creator, base: str, by_place: dict[str, list[Creator]], found: _Evidence, notices: list[Notice]
) -> Creator:
    """The name that most places agree on, with the role that one of them prints."""
    name = creator.name
    elsewhere = {place: makers for place, makers in by_place.items() if place != base}
    found_in = {place: next((c for c in makers if alike(c.name, name)), None) for place, makers in elsewhere.items()}
    others = {place: c for place, c in found_in.items() if c}
    if not creator.role:  # the role's one character was misread and clings to the name: 霍秋白车
        shorter = (c.name for c in others.values() if len(c.name) == len(name) - 1)
        name = next((piece for other in shorter if (piece := window(other, name))), name)
    readings = [Reading(name, base)]
    readings += [Reading(c.name, place) for place, c in others.items()]
    if not any(r.place == "title-page" for r in readings):
        readings += [r for page in found.pages for r in _windows(name, page)][:1]
    readings += [Reading(r.value, "text") for r in readings if len(key(r.value)) >= 3 and r.value in found.text][:1]
    readings.sort(key=lambda r: ("title-page", "cip", "colophon", "text").index(r.place))
    chosen = agreed(readings)
    _disagree("作者", chosen, readings, notices)
    role = creator.role or next((c.role for c in others.values() if c.role), "")
    return Creator(chosen, role or ("编" if creators.BODY.search(chosen) else "著"))


def _windows(name: str, page: Sequence[tuple[int, str]]) -> Iterable[Reading]:
    """Where a line of a title page shows the name, its role unread or misread: 瞿秋白 闭."""
    for line, text in page:
        closed = re.sub(r"[\s◎*]", "", text)
        if len(name) < 3 or len(closed) > len(name) + 6 or creators.PRESS.fullmatch(closed):
            continue
        if piece := window(name, closed):
            yield Reading(piece, "title-page", line)


# ---------------------------------------------------------------- imprint


def _publisher(found: _Evidence, notices: list[Notice]) -> str:
    readings = []
    if found.record.publisher:
        readings.append(Reading(found.record.publisher, "cip", found.record.line))
    for page in found.pages:
        readings += [Reading(tight(t), "title-page", n) for n, t in page if creators.PRESS.fullmatch(tight(t))]
    for field in found.fields:
        press = creators.PRESS.search(tight(field.value)) if field.kind is Kind.PUBLISHER else None
        if press:
            readings.append(Reading(press[0], "colophon", field.line))
        elif field.kind is Kind.PUBLISHER and field.label and len(field.value) >= 3:
            bare_name = re.split(r"[(（〈]", tight(field.value))[0]
            readings.append(Reading(bare_name, "colophon", field.line))
    chosen = agreed(readings)
    _disagree("出版者", chosen, readings, notices)
    return chosen


def _series(found: _Evidence) -> str:
    readings = [Reading(found.record.series, "cip")] if _SERIES.search(found.record.series) else []
    readings += [Reading(text, "title-page") for text in found.series if _SERIES.search(text)]
    readings += [Reading(field.value, "colophon") for field in found.fields if field.label == "丛书名"]
    return agreed(readings)


def _place(found: _Evidence, edition: str) -> str:
    if found.record.place:
        return found.record.place
    if match := _PLACE_IN_EDITION.search(edition):
        return match[1]
    address = _first(found.fields, Kind.ADDRESS)
    match = re.match(rf"\W*(?:[{HAN}]{{2,4}}省)?([{HAN}]{{2,4}}?)市", address)
    return match[1] if match else ""


def _edition(fields: Sequence[Field]) -> tuple[str, str]:
    """版次 and 印次, which print often puts on one line; 初版一刷 1998年11月 says the first in its label."""
    text = " ".join(f.value for f in fields if f.kind in {Kind.EDITION, Kind.PRINTING})
    edition, printing = _EDITION.search(text), _PRINTING.search(text)
    printed = re.sub(r"\s+", "", printing[0]) if printing else ""
    if edition:
        return re.sub(r"\s+", "", edition[0]), printed
    first = next((f for f in fields if f.kind is Kind.EDITION and "版" in f.label[:2] + f.value), None)
    if first is None:
        return "", printed
    return (first.value if "版" in first.value else f"{first.value} {first.printed}"), printed


def _date(found: _Evidence, edition: str, printing: str, notices: list[Notice]) -> str:
    """The edition's own month; its year checked against the CIP block's date and number."""
    dates = [_month(edition), _month(found.record.date), _month(printing)]
    dates += [_month(f.value) for f in found.fields if f.kind is Kind.EDITION]
    years = [year for year, _ in dates[:3] if year]
    if match := re.match(r"\((\d{4})\)", found.record.number):
        years.append(match[1])
    known = [date for date in dates if date[0]]
    if not known:
        return years[0] if years else ""
    year = max(dict.fromkeys(years or [known[0][0]]), key=(years or [known[0][0]]).count)
    chosen = next((date for date in known if date[0] == year), known[0])
    if dates[0][0] and dates[0][0] != chosen[0]:
        notices.append(Notice("metadata-disagrees", f"版次的年份“{dates[0][0]}”与他处不合，取“{chosen[0]}”"))
    return "-".join(part for part in chosen if part)


def _month(text: str) -> tuple[str, str]:
    """(year, month) as "2013", "04"; ("", "") where there is none, a year alone with "" for its month."""
    if match := _ROC.search(text):
        year, month = numerals.value(match[1]) or 0, numerals.value(match[2] or "") or 0
        return str(year + 1911), f"{month:02}" if 1 <= month <= 12 else ""
    match = _MONTH.search(text) or re.search(r"(\d{4})()", text)
    if not match or not 1800 <= int(match[1]) <= 2100:
        return "", ""
    return match[1], f"{int(match[2]):02}" if match[2] and 1 <= int(match[2]) <= 12 else ""


def _isbn(found: _Evidence, notices: list[Notice]) -> str:
    """The ISBN that most places give, valid ones first; an invalid one is kept as printed, and said."""
    readings: list[Reading] = []
    for line, text, place in _isbn_lines(found):
        for match in _ISBN.finditer(text):
            printed = re.sub(r"\s+", "", match[1] or match[2]).strip("-—–")
            readings.append(Reading(printed.translate(_AS_DIGIT), place, line))
    readings = [r for r in readings if len(re.sub(r"\D", "", r.value)) in {9, 10, 12, 13}]
    valid = [r for r in readings if stdnum_isbn.is_valid(r.value)]
    chosen = agreed(valid or readings)
    if not chosen:
        return ""
    if not valid:
        message = f"ISBN {chosen} 的校验位不符，照原样保留，请核对原书"
        notices.append(Notice("isbn-check-digit", message, readings[0].line, Severity.WARNING))
    else:
        _disagree("ISBN", chosen, readings, notices)
    return chosen if "-" in chosen or not valid else str(stdnum_isbn.format(chosen))


def _isbn_lines(found: _Evidence) -> Iterable[tuple[int | None, str, str]]:
    for text in found.record.isbns:
        yield found.record.line, text, "cip"
    for field in found.fields:
        if field.kind is Kind.NUMBER or "SBN" in field.label:
            yield field.line, f"ISBN {re.sub(r'^[A-Za-z：: ]+', '', field.value)}", "colophon"


# ---------------------------------------------------------------- facts


def _first(fields: Sequence[Field], kind: Kind) -> str:
    return next((field.value for field in fields if field.kind is kind and field.value), "")


def _neat(field: Field) -> str:
    """A value as a copyright page prints it: stray spaces closed, what OCR always misreads here mended."""
    value = field.value
    if field.kind is Kind.WORDS:
        value = re.sub(r"(\d+(?:\.\d+)?)\s*\S{0,1}?\s*[千干]\s*字", r"\1千字", value)
    if field.kind is Kind.FORMAT:
        value = re.sub(r"\s*(?:毫米|mm|㎜)", "毫米", value)
        value = re.sub(r"(?<=[\d米])\s*[×xX✕*＊]\s*(?=\d)", "×", value)
        value = re.sub(r"(?<=[米\s“”])\s*[“”]?\s*1\s*[/／1|]?\s*(16|32|24|64|12|8)\s*$", r" 1/\1", value)
        return re.sub(r"\s+", " ", value).strip()
    if field.kind in {Kind.EDITION, Kind.PRINTING, Kind.WORDS, Kind.SHEETS, Kind.PRICE}:
        value = re.sub(r"(?<=[年月日第])\s+(?=\S)|(?<=\d)\s+(?=[年月日版次千万元印字])", "", value)
        value = re.sub(r"(?<=[版刷])\s*[，,]?\s*(?=\d{4}年)", " ", value)
    if field.kind in {Kind.PERSON, Kind.CREATOR}:
        return "、".join(creators.names(value)) or value
    return value


def _facts(fields: Sequence[Field], metadata: Metadata) -> Iterator[Fact]:
    """The colophon's own lines in print order, in the readings that were agreed on."""
    for field in fields:
        label, value = field.printed or field.label, _agreed_value(field, metadata)
        if not label and field.kind is None and alike(value, metadata.title):
            label, value = "书名", metadata.title
        if field.kind is Kind.LEGAL and not label:
            value = re.sub(r"^\S{0,3}?有\W+(?=翻印必究)", "", value)
            label = "版权所有" if value == "翻印必究" else ""
        if value and (label or field.kind is not None or len(key(value)) >= 4):
            yield Fact(label, value, field.line)


def _agreed_value(field: Field, metadata: Metadata) -> str:
    """The field's value, or what all places together say in its stead."""
    value = field.value
    if field.kind is Kind.TITLE and alike(value, metadata.title):
        return metadata.title + (f"：{metadata.subtitle}" if metadata.subtitle and metadata.subtitle in value else "")
    if field.kind is Kind.CREATOR:
        same = (c.name for c in metadata.creators if len(c.name) == len(value) and alike(c.name, value))
        return next(same, value)
    if field.kind is Kind.PUBLISHER and abs(len(value) - len(metadata.publisher)) <= 2:
        return metadata.publisher if alike(value, metadata.publisher) else value
    if field.kind is Kind.NUMBER and metadata.isbn and ("97" in value or "SBN" in value):
        digits = re.sub(r"\D", "", value)
        return value if digits == re.sub(r"\D", "", metadata.isbn) else f"ISBN {metadata.isbn}"
    return value
