"""What the book says of itself: Metadata out of the lines that the front-matter rules have marked.

The same fact stands in up to four places (CIP block, colophon, title page, the text), and OCR errs in each on its own:
readings.py picks the one that most places agree on. Nothing is invented: what no place says stays empty.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from stdnum import isbn as stdnum_isbn

from pipeline.book import Creator, Fact, Metadata
from pipeline.notice import Notice, Severity
from pipeline.structure import cip, imprint, numerals
from pipeline.structure.imprint import Field, Kind
from pipeline.structure.readings import Reading, agreed, alike, window
from pipeline.structure.rule import Draft, Role
from pipeline.structure.shape import HAN, bare, key, page_starts

_ROLES = (
    "总主编|副主编|主编|编著|編著|主編|编译|編譯|编写|編寫|编撰|编选|选编|选注|译注|校注|点校|校点|译校|口述|整理|摄影|编绘|著译|合著|合编|合译|著|编|編|译|譯|撰|绘|辑|注"
)
_ROLE_AT_END = re.compile(rf"^(?P<name>.*?)[\s◎●○·*]*(?P<role>{_ROLES})\W*$")
_COUNTRY = re.compile(r"^\s*[(（\[〔【［][^()（）\[\]〔〕【】［］]{1,4}[)）\]〕】］]\s*")
_LABEL_ROLE = {"作者": "著", "著者": "著", "原著": "著", "译者": "译", "编者": "编", "编译者": "编译", "编著者": "编著", "绘者": "绘"}
_BODY_NAME = re.compile(r"(?:组|組|社|会|會|室|部|局|委|院|所|中心|大学|馆|厅|处|集团|公司)$")
_PRESS = re.compile(rf"[{HAN}A-Za-z·]{{2,}}?(?:出版社|出版集团|出版公司|出版中心|印书馆|書局|书局|书店|書店|印書館)(?:有限(?:责任)?公司)?")
_PINYIN = re.compile(r"^[A-Z\s'’·:,\-]{6,}$")
_SERIES = re.compile(r"(?:丛书|叢書|文库|文庫|书系|書系|译丛|譯叢|文丛|文叢|系列|大系)\W*$")
_MONTH = re.compile(r"(\d{4})\s*[年.．]\s*(\d{1,2})")
_ROC = re.compile(r"民\s*[國国]?\s*(\d{2,3}|[〇零一二三四五六七八九十百]{1,5})\s*[年.．]?\s*(?:(\d{1,2}|[一二三四五六七八九十]{1,3})\s*月?)?")
_EDITION = re.compile(rf"\d{{4}}\s*年\s*\d{{1,2}}\s*月\s*[{HAN}]{{0,8}}?\s*第?\s*[\d{HAN}]{{1,3}}?\s*版(?:\s*[(（][^()（）]*[)）])?")
_PRINTING = re.compile(rf"\d{{4}}\s*年\s*\d{{1,2}}\s*月\s*[{HAN}]{{0,8}}?\s*第?\s*[\d{HAN}]{{1,3}}?\s*次\s*印刷?")
_PLACE_IN_EDITION = re.compile(rf"月\s*([{HAN}]{{2,4}}?)\s*第")
_ISBN = re.compile(r"(?:[TI1l]?[SB]{2}N\S{0,2}|书\W?号|書\W?號)[\s:：]*((?:[\dOoIlBSZ][\s\-—–]?){9,16}[\dXx]?)|\b(97[89](?:[\s\-—–]?\d){10})\b")
_AS_DIGIT = str.maketrans("OoIlBSZ—–", "001185" + "2--")


@dataclass(frozen=True, slots=True)
class _Evidence:
    """The front matter, read: one record, the fields of the colophon, the title pages' lines, and the whole text."""

    record: cip.Record
    fields: tuple[Field, ...]
    pages: tuple[tuple[tuple[int, str], ...], ...]
    series: tuple[str, ...]
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
    creators = _creators(found, title, notices)
    publisher = _publisher(found, notices)
    number = _isbn(found, notices)
    edition, printing = _edition(found.fields)
    metadata = Metadata(
        title=title,
        subtitle=subtitle,
        series=_series(found),
        creators=creators,
        publisher=publisher,
        place=_place(found, edition),
        isbn=number,
        cip=found.record.number,
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


def _evidence(draft: Draft) -> _Evidence:
    def of(*roles: Role) -> list[tuple[int, str]]:
        return [(at, draft.lines[at]) for at, mark in sorted(draft.roles.items()) if mark.role in roles]

    starts = page_starts(draft.lines, draft.pages)
    pages: list[list[tuple[int, str]]] = []
    for line, text in of(Role.TITLE_PAGE, Role.HALF_TITLE):
        if not pages or line in starts:
            pages.append([])
        if not _PINYIN.match(bare(text)):
            pages[-1].append((line, bare(text)))
    neat = [replace(field, value=_neat(field)) for field in imprint.read(of(Role.COLOPHON))]
    return _Evidence(
        cip.read(of(Role.CIP)),
        tuple(neat),
        tuple(tuple(page) for page in pages if page),
        tuple(bare(text) for _, text in of(Role.SERIES)),
        "\n".join(text for at, text in enumerate(draft.lines) if at not in draft.roles),
    )


def _disagree(name: str, chosen: str, readings: Iterable[Reading], notices: list[Notice]) -> None:
    """Tell the publisher where another place reads otherwise."""
    others = {key(r.value): r for r in readings if key(r.value) and key(r.value) != key(chosen)}
    for reading in others.values():
        notices.append(
            Notice("metadata-disagrees", f"{name}另有读法“{reading.value}”，取多处一致或较可信的“{chosen}”", reading.line)
        )


# ---------------------------------------------------------------- title


def _title(found: _Evidence, notices: list[Notice]) -> tuple[str, str]:
    readings = []
    if found.record.title:
        readings.append(Reading(_tight(found.record.title), "cip", found.record.line))
    readings += [Reading(_tight(f.value), "colophon", f.line) for f in found.fields if f.label == "书名"]
    if readings:
        readings += _title_page_readings(found.pages, readings[0].value)
        title = agreed(readings)
        _disagree("书名", title, readings, notices)
    else:
        title = _title_page_title(found.pages)
    whole, _, rest = re.sub(r"[:：]\s*|\s*(?:——|—)\s*", "\x00", title, count=1).partition("\x00")
    return (whole, rest) if rest and len(whole) >= 2 else (title, "")


def _title_page_readings(pages: Sequence[Sequence[tuple[int, str]]], title: str) -> list[Reading]:
    """On each title page the line, or two or three lines together, most like `title`."""
    out = []
    for page in pages:
        page = [(line, text) for line, text in page if not _PRESS.fullmatch(_tight(text))]
        joins = [page[at : at + size] for size in (1, 2, 3) for at in range(len(page) - size + 1)]
        candidates = [(_tight("".join(text for _, text in join)), join[0][0]) for join in joins]
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
            if _PRESS.fullmatch(_tight(text)) or (above and _signed(text)):
                break
            if above and line != last + 1:
                break
            above.append(text)
            last = line
        if above:
            return _tight("".join(above[:3]))
    return ""


def _tight(text: str) -> str:
    """A title or name without the spaces that print puts between Han, its marks in full width."""
    text = re.sub(r"[\s　]+", " ", text).strip(" 《》“”*")
    text = re.sub(rf"(?<=[{HAN}）》”：，])\s+|\s+(?=[{HAN}（《“：，])", "", text)
    text = re.sub(rf"(?<=[{HAN}])\(([^()]*)\)", r"（\1）", text)
    return re.sub(rf"(?<=[{HAN}]):(?=[{HAN}])", "：", text)


# ---------------------------------------------------------------- creators


def _creators(found: _Evidence, title: str, notices: list[Notice]) -> tuple[Creator, ...]:
    """Who made it: the best list that one place gives, each name then checked against the other places."""
    by_place = {
        "cip": _named(found.record.creators),
        "colophon": [c for f in found.fields if f.kind is Kind.CREATOR for c in _labelled(f)],
        "title-page": [c for page in found.pages for _, text in page for c in _signed(text)],
    }
    by_place = {place: [_house(creator, title) for creator in names] for place, names in by_place.items()}
    base = next((place for place in ("cip", "colophon", "title-page") if by_place[place]), "")
    out: list[Creator] = []
    for creator in by_place.get(base, ()):
        chosen = _confirmed(creator, base, by_place, found, notices)
        if key(chosen.name) and all(key(chosen.name) != key(other.name) for other in out):
            out.append(chosen)
    return tuple(out)


def _named(statement: str) -> list[Creator]:
    """张三，李四主编；王五译 as the CIP block prints it."""
    out = []
    for part in re.split(r"[;；]", statement):
        match = _ROLE_AT_END.match(part.strip())
        names, role = (match["name"], match["role"]) if match and len(key(match["name"])) >= 2 else (part, "")
        out += [Creator(name, role) for name in _names(names)]
    return out


def _labelled(field: Field) -> list[Creator]:
    role = _LABEL_ROLE.get(field.label, field.label)
    match = _ROLE_AT_END.match(field.value)
    if match and len(key(match["name"])) >= 2:
        return [Creator(name, match["role"]) for name in _names(match["name"])]
    return [Creator(name, role) for name in _names(field.value)]


def _signed(text: str) -> list[Creator]:
    """A line of a title page that says who: 许峰◎编著, ◎ 本书编写组, 瞿秋白 著."""
    if len(text) > 40 or _PRESS.fullmatch(text.strip()):
        return []
    signed = re.search(rf"([{HAN}·\s、，,]{{2,20}})◎\s*({_ROLES})", text)
    if signed:
        return [Creator(name, signed[2]) for name in _names(signed[1])]
    match = _ROLE_AT_END.match(text)
    spaced = match and re.search(r"[\s◎●○·*]", text[match.end("name") : match.start("role")])
    if match and len(key(match["name"])) >= 2 and (spaced or len(key(match["name"])) <= 4):
        return [Creator(name, match["role"]) for name in _names(match["name"])]
    lone = re.fullmatch(rf"([{HAN}]{{2,4}})\s+\S", text.strip())  # a role that the OCR misread: 瞿秋白 闭
    if lone:
        return [Creator(lone[1], "")]
    if text.startswith("◎") or re.fullmatch(rf"\W*本书编[写委]\w{{0,3}}[组会]\W*", text):
        return [Creator(name, "") for name in _names(text)]
    return []


def _names(text: str) -> list[str]:
    """One or more names; 许 峰 is one, 汤中方 何思源 are two."""
    out: list[str] = []
    for part in re.split(r"[、,，;；/]|\s{2,}|\t", _COUNTRY.sub("", text)):
        pieces = _COUNTRY.sub("", part).split()
        if all(len(piece) <= 1 for piece in pieces) or any(piece.isascii() for piece in pieces):
            joined = "" if all(len(piece) <= 1 for piece in pieces) else " "
            out.append(joined.join(pieces))
        else:
            out += _without_lone(pieces)
    return [name.strip(" .．。◎*：:“”") for name in out if len(key(name)) >= 2]


def _without_lone(pieces: Sequence[str]) -> list[str]:
    """王 小明 is one name whose characters print spread; a lone character goes with what follows."""
    out: list[str] = []
    lone = ""
    for piece in pieces:
        if len(piece) == 1:
            lone += piece
        else:
            out.append(lone + piece)
            lone = ""
    if lone:
        out.append(lone)
    return out


def _house(creator: Creator, title: str) -> Creator:
    """《书名》编写组 and 本书编写组 are the same people; a body without a role has written it as editors."""
    name = creator.name
    quoted = re.match(r"^《(.+?)》(.+)$", name)
    if quoted and title and alike(quoted[1], title):
        name = f"本书{quoted[2]}"
    role = creator.role
    if role in {"著", ""} and _BODY_NAME.search(name):
        role = role if role == "著" else "编"
    return Creator(name, role)


def _confirmed(
    creator: Creator, base: str, by_place: dict[str, list[Creator]], found: _Evidence, notices: list[Notice]
) -> Creator:
    """The name that most places agree on, with the role that one of them prints."""
    name = creator.name
    others = {
        place: next((c for c in names if alike(c.name, name)), None) for place, names in by_place.items() if place != base
    }
    if not creator.role:  # the role's one character was misread and clings to the name: 霍秋白车
        short = next((c for c in others.values() if c and len(c.name) == len(name) - 1 and window(c.name, name)), None)
        name = window(short.name, name) if short else name
    readings = [Reading(name, base)]
    readings += [Reading(c.name, place) for place, c in others.items() if c]
    if not any(r.place == "title-page" for r in readings):
        readings += [r for page in found.pages for r in _windows(name, page)][:1]
    readings += [Reading(r.value, "text") for r in readings if len(key(r.value)) >= 3 and r.value in found.text][:1]
    readings.sort(key=lambda r: ("title-page", "cip", "colophon", "text").index(r.place))
    chosen = agreed(readings)
    _disagree("作者", chosen, readings, notices)
    role = creator.role or next((c.role for c in others.values() if c and c.role), "")
    return Creator(chosen, role or ("编" if _BODY_NAME.search(chosen) else "著"))


def _windows(name: str, page: Sequence[tuple[int, str]]) -> Iterable[Reading]:
    """Where a line of a title page shows the name, its role unread or misread: 瞿秋白 闭."""
    for line, text in page:
        tight = re.sub(r"[\s◎*]", "", text)
        if len(name) >= 3 and len(tight) <= len(name) + 6 and not _PRESS.fullmatch(tight) and (piece := window(name, tight)):
            yield Reading(piece, "title-page", line)


# ---------------------------------------------------------------- imprint


def _publisher(found: _Evidence, notices: list[Notice]) -> str:
    readings = []
    if found.record.publisher:
        readings.append(Reading(found.record.publisher, "cip", found.record.line))
    for page in found.pages:
        readings += [Reading(_tight(t), "title-page", n) for n, t in page if _PRESS.fullmatch(_tight(t))]
    for field in found.fields:
        press = _PRESS.search(_tight(field.value)) if field.kind is Kind.PUBLISHER else None
        if press:
            readings.append(Reading(press[0], "colophon", field.line))
        elif field.kind is Kind.PUBLISHER and field.label and len(field.value) >= 3:
            bare_name = re.split(r"[(（〈]", _tight(field.value))[0]
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
    """版次 and 印次, which print often puts on one line."""
    text = " ".join(f.value for f in fields if f.kind in {Kind.EDITION, Kind.PRINTING})
    edition, printing = _EDITION.search(text), _PRINTING.search(text)
    if not edition:  # 初版一刷 1998年11月: the label is the statement
        first = next((f for f in fields if f.kind is Kind.EDITION and f.label.startswith(("初版", "一版", "首版"))), None)
        return (f"{re.sub(r'[ ]', '', first.value)}{first.printed}" if first else ""), ""
    return (re.sub(r"\s+", "", edition[0]) if edition else ""), (re.sub(r"\s+", "", printing[0]) if printing else "")


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
    """A value as a copyright page prints it: spaces between figures and words closed, what OCR always misreads mended."""
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
        return "、".join(_names(value)) or value
    return value


def _facts(fields: Sequence[Field], metadata: Metadata) -> Iterable[Fact]:
    """The colophon's own lines in print order, in the readings that were agreed on."""
    for field in fields:
        label, value = field.printed or field.label, field.value
        if not value:
            continue
        if not label and field.kind is None and alike(value, metadata.title):
            label = "书名"
        if (label == "书名" or field.kind is Kind.TITLE) and metadata.title and alike(value, metadata.title):
            value = metadata.title + (f"：{metadata.subtitle}" if metadata.subtitle and metadata.subtitle in value else "")
        elif field.kind is Kind.LEGAL:
            value = re.sub(r"^\S{0,3}?有\W+(?=翻印必究)", "", value) if not label else value
            label = label or ("版权所有" if value == "翻印必究" else "")
        elif field.kind is Kind.CREATOR:
            value = next((c.name for c in metadata.creators if len(c.name) == len(value) and alike(c.name, value)), value)
        elif field.kind is Kind.PUBLISHER and alike(value, metadata.publisher) and abs(len(value) - len(metadata.publisher)) <= 2:
            value = metadata.publisher
        elif field.kind is Kind.NUMBER and metadata.isbn and re.sub(r"\D", "", metadata.isbn) != re.sub(r"\D", "", value):
            value = f"ISBN {metadata.isbn}" if "97" in value or "SBN" in value else value
        if label or field.kind is not None or len(key(value)) >= 4:
            yield Fact(label, value, field.line)
