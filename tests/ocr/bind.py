"""Make up pages: the flow of lines cut into pages, notes at the foot, running heads, folios, front matter."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from tests.ocr.manuscript import Block, Manuscript
from tests.ocr.typeset import MARK, Line, Page, Setting, compose, note_lines, set_block


@dataclass
class _Flow:
    """The page being filled."""

    setting: Setting
    lines: list[tuple[int, Line]] = field(default_factory=list)
    notes: list[Line] = field(default_factory=list)
    calls: int = 0
    y: int = 0

    def note_height(self, notes: list[Line]) -> int:
        return sum(line.height for line in notes) + (self.setting.size if notes else 0)

    def take(self, line: Line) -> bool:
        """Put the line on this page, if it fits with its notes."""
        text, glyphs, calls, notes = line.text, list(line.glyphs), self.calls, list(self.notes)
        for body in line.notes:
            if MARK not in text:
                break
            mark = chr(0x2460 + calls)
            calls += 1
            place = next(number for number, glyph in enumerate(glyphs) if glyph.char == MARK)
            glyphs[place] = replace(glyphs[place], char=mark)
            text = text.replace(MARK, mark, 1)
            notes += note_lines(mark, body, self.setting)
        before = line.before if self.lines else 0
        if self.lines and self.y + before + line.height + line.keep + self.note_height(notes) > self.setting.height:
            return False
        self.y += before
        self.lines.append((self.y, replace(line, text=text, glyphs=tuple(glyphs))))
        self.y += line.height
        self.calls, self.notes = calls, notes
        return True


def bind(book: Manuscript, setting: Setting) -> tuple[list[Page], list[tuple[Block, str]]]:
    """All pages, front matter first, and the headings with their folios as the printed contents give them."""
    body, opened = _body(book, setting)
    listed = [(block, str(folio)) for block, folio in opened if block.level <= int(book.get("contents-depth", "6"))]
    front = _front(book, setting, listed) if setting.front else []
    back = _colophon(book, setting) if book.get("colophon") == "yes" else []
    return [*front, *body, *back], listed


def _body(book: Manuscript, setting: Setting) -> tuple[list[Page], list[tuple[Block, int]]]:
    pages: list[Page] = []
    opened: list[tuple[Block, int]] = []
    current: dict[int, str] = {}
    flow = _Flow(setting)

    def close() -> None:
        nonlocal flow
        if flow.lines:
            heads = dict(current)
            pages.append(_dress(flow, book, setting, len(pages) + 1, heads))
            flow = _Flow(setting)

    for line in _stream(book, setting):
        if line.new_page or line.role == "page" or not flow.take(line):
            close()
            if line.role == "page":
                continue
            flow.take(line)
        block = book.blocks[line.block] if line.block >= 0 else None
        if block and block.kind == "heading" and line.role == "heading" and line.start == 0:
            opened.append((block, len(pages) + 1))
            current = {level: text for level, text in current.items() if level < block.level}
            current[block.level] = block.text
    close()
    return pages, opened


def _stream(book: Manuscript, setting: Setting) -> Iterator[Line]:
    """Every line in order; chapter notes stand before the next chapter."""
    pending: list[tuple[str, str]] = []
    for number, block in enumerate(book.blocks):
        if block.kind == "page":
            yield Line("", (), 0, "page")
            continue
        if block.kind == "heading" and block.level == 1:
            yield from _endnotes(pending, setting)
            pending = []
        marks: list[str] = []
        for note in block.notes:
            marks.append(MARK if setting.notes == "page" else f"[{len(pending) + 1}]")
            if setting.notes != "page":
                pending.append((marks[-1], note.text))
        yield from set_block(number, block, setting, marks)
    yield from _endnotes(pending, setting)


def _endnotes(pending: list[tuple[str, str]], setting: Setting) -> Iterator[Line]:
    if not pending:
        return
    title = compose("注释", setting, role="note", face=setting.bold, align="centre")
    yield replace(title[0], before=setting.size * 2, keep=setting.pitch * 2)
    for mark, text in pending:
        yield from note_lines(mark + " ", text, setting)


def _dress(flow: _Flow, book: Manuscript, setting: Setting, number: int, heads: dict[int, str]) -> Page:
    """Add running head, folio and the notes at the foot."""
    top = setting.top
    lines = [(y + top, line) for y, line in flow.lines]
    rules: list[tuple[int, int, int, int]] = []
    margin, width = setting.margin, setting.width
    folio = setting.folio.replace("%", str(number))
    head = _head(book, setting, number, heads)
    opening = flow.lines[0][1].role == "heading" and book.blocks[flow.lines[0][1].block].level == 1
    small = round(setting.size * 0.82)
    if setting.head_folio and head:
        head = f"{folio}　{head}" if number % 2 == 0 else f"{head}　{folio}"
    if head and not (opening and setting.chapter_page):
        align = "left" if number % 2 == 0 else "right"
        lines += [
            (round(setting.size * 2), line)
            for line in compose(head, setting, role="running-head", size=small, align=align)
        ]
        if book.get("head-rule") == "yes":
            rules.append((margin, round(setting.size * 3.5), margin + width, round(setting.size * 3.5)))
    if not setting.head_folio or (opening and setting.chapter_page):
        foot = compose(folio, setting, role="folio", size=small, align=book.get("folio-align", "centre"))
        lines += [(top + setting.height + round(setting.size * 1.2), line) for line in foot]
    if flow.notes:
        y = top + setting.height - sum(line.height for line in flow.notes)
        rules.append((margin, y - setting.size // 3, margin + width // 3, y - setting.size // 3))
        for line in flow.notes:
            lines.append((y, line))
            y += line.height
    rules += _frames(lines, setting)
    return Page(tuple(lines), number, rules=tuple(rules))


def _head(book: Manuscript, setting: Setting, number: int, heads: dict[int, str]) -> str:
    chapter = heads.get(1, "")
    match setting.head:
        case "title-chapter":
            return book.get("title") if number % 2 == 0 else chapter or book.get("title")
        case "chapter-section":
            return chapter if number % 2 == 0 else heads.get(2, chapter)
        case "title":
            return book.get("title")
    return ""


def _frames(lines: list[tuple[int, Line]], setting: Setting) -> list[tuple[int, int, int, int]]:
    """Ruled lines about boxes and under table rows."""
    rules: list[tuple[int, int, int, int]] = []
    left, right = setting.margin, setting.margin + setting.width
    boxes: dict[int, list[tuple[int, Line]]] = {}
    for y, line in lines:
        if line.role == "table":
            base = y + line.height - setting.size // 5
            rules.append((left, base, right, base))
        if line.role == "box":
            boxes.setdefault(line.block, []).append((y, line))
    for held in boxes.values():
        y0, y1 = held[0][0] - setting.size // 3, held[-1][0] + held[-1][1].height
        rules += [(left, y0, right, y0), (left, y1, right, y1), (left, y0, left, y1), (right, y0, right, y1)]
    return rules


def _front(book: Manuscript, setting: Setting, listed: list[tuple[Block, str]]) -> list[Page]:
    """Title page, imprint, contents."""
    title, author, publisher = book.get("title"), book.get("author"), book.get("publisher")
    wrote = f"{author}　著" if author else book.get("editor")
    big, middle = round(setting.size * 2.2), round(setting.size * 1.2)
    y = setting.top + setting.pitch * 3
    lines: list[tuple[int, Line]] = []
    for text, size, face, drop in (
        (book.get("series"), setting.size, setting.face, 3),
        (title, big, setting.bold, 4),
        (wrote, middle, setting.face, 10),
        (publisher, middle, setting.face, 0),
    ):
        if text:
            for line in compose(text, setting, role="front", size=size, face=face, align="centre"):
                lines.append((y, line))
                y += line.height
            y += setting.pitch * drop
    pages = [Page(tuple(lines), None, front=True)]
    if book.get("colophon") != "yes":
        pages.append(_stack(imprint(book), setting, start=setting.pitch * 4))
    if setting.contents:
        pages += _contents(book, setting, listed)
    return pages


def _stack(texts: list[str], setting: Setting, start: int) -> Page:
    """Lines of display matter from `start` down, drawn closer where the page is too short for them."""
    small = round(setting.size * 0.86)
    lines = [
        line
        for text in texts
        for line in compose(text or "　", setting, role="front", size=small, rest=1, align="left")
    ]
    total = sum(line.height for line in lines)
    share = min(1.0, setting.height / total)
    y = setting.top + max(0, min(start, setting.height - total))
    placed: list[tuple[int, Line]] = []
    for line in lines:
        if line.text.strip():
            placed.append((y, line))
        y += int(line.height * share)
    return Page(tuple(placed), None, front=True)


def imprint(book: Manuscript) -> list[str]:
    """The lines of the imprint page: the CIP block and the book's data, in the wording of the script."""
    title, author, publisher = book.get("title"), book.get("author") or book.get("editor"), book.get("publisher")
    isbn, date, city = book.get("isbn"), book.get("date", "2010-01"), book.get("city", "北京")
    year, month = date[:4], str(int(date[5:7]))
    if "Hant" in book.get("language"):
        return [
            f"書　　名　{title}",
            f"作　　者　{author}",
            f"發 行 人　{book.get('issuer', '林文卿')}",
            f"出 版 者　{publisher}",
            f"地　　址　{city}重慶南路一段{book.get('number', '57')}號",
            f"初版一刷　{year}年{month}月",
            f"定　　價　新臺幣{book.get('price', '280')}元",
            f"ＩＳＢＮ　{isbn}",
            "版權所有．翻印必究",
        ]
    number = isbn.replace("-", "")[-7:-1]
    return [
        "图书在版编目（CIP）数据",
        "",
        f"{title}/{author}著.—{city}:{publisher},{year}.{month}",
        f"ISBN {isbn}",
        "",
        f"Ⅰ.①{title[0]}… Ⅱ.①{author[0]}… Ⅲ.①{book.get('subject', '文集')} Ⅳ.①{book.get('clc', 'I266')}",
        "",
        f"中国版本图书馆CIP数据核字（{year}）第{number}号",
        "",
        f"书　　名　{title}",
        f"著　　者　{author}",
        f"责任编辑　{book.get('issuer', '周　敏')}",
        f"出版发行　{publisher}（{city}市文津街{book.get('number', '7')}号　邮编100034）",
        "经　　销　新华书店",
        f"印　　刷　{city}市宏文印刷厂",
        "开　　本　787毫米×1092毫米　1/32",
        f"印　　张　{book.get('sheets', '6.5')}　字数　{book.get('words', '120')}千字",
        f"版　　次　{year}年{month}月第1版　{year}年{month}月第1次印刷",
        f"定　　价　{book.get('price', '26.00')}元",
        "版权所有　翻印必究",
    ]


def _colophon(book: Manuscript, setting: Setting) -> list[Page]:
    return [_stack(imprint(book), setting, start=setting.pitch * 10)]


def contents_title(book: Manuscript) -> str:
    return "目　錄" if "Hant" in book.get("language") else "目　录"


def _contents(book: Manuscript, setting: Setting, listed: list[tuple[Block, str]]) -> list[Page]:
    title = compose(
        contents_title(book), setting, role="front", size=round(setting.size * 1.4), face=setting.bold, align="centre"
    )
    y = setting.top
    pages: list[Page] = []
    lines: list[tuple[int, Line]] = [(y, title[0])]
    y += title[0].height + setting.pitch

    def close() -> None:
        nonlocal lines, y
        folio = book.get("front-folio").replace("%", str(len(pages) + 1))
        if folio:
            foot = compose(folio, setting, role="front", size=round(setting.size * 0.82), align="centre")
            lines += [(setting.top + setting.height + setting.size, foot[0])]
        pages.append(Page(tuple(lines), None, front=True))
        lines, y = [], setting.top

    small = round(setting.size * 0.95)
    for block, folio in listed:
        indent = 1.0 * (block.level - 1)
        shown = f" / {int(folio):03d}" if setting.leader == "/" else folio
        set_ = compose(
            block.text, setting, role="front", size=small, first=indent, rest=indent + 2, right=4, align="left"
        )
        last = set_[-1]
        edge = max((glyph.x for glyph in last.glyphs), default=0) + small * 1.4
        tail = compose(shown, setting, role="front", size=small, align="right")[0]
        glyphs = [*last.glyphs, *tail.glyphs]
        if setting.leader not in {"/", "none"}:
            stop = tail.glyphs[0].x - small
            dot = compose(setting.leader, setting, role="front", size=small, align="left")[0].glyphs[0]
            step = small * (1 if setting.leader == "…" else 0.8)
            while edge < stop:
                glyphs.append(replace(dot, x=edge, size=round(small * float(book.get("leader-size", "1")))))
                edge += step
        set_[-1] = replace(last, glyphs=tuple(glyphs), text=f"{last.text}　{shown.strip()}")
        for line in set_:
            if y + line.height > setting.top + setting.height:
                close()
            lines.append((y, line))
            y += round(line.height * 1.02)
    close()
    return pages
