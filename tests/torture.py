"""A Book that holds everything a Book can hold, built in code: what a renderer takes without a fault, it takes.

Every node of pipeline/book.py, three kinds of notes (at its page, starred, without a mark), Han of the supplementary
planes, markup characters where markup could bite, headings six deep and deeper, and as many chapters as asked for.
Spans tile the scribe's own lines, so the laws hold for it as for a real book.
"""

from pipeline.book import (
    Block,
    Book,
    Box,
    Cell,
    Creator,
    Edition,
    Emphasis,
    EmphasisKind,
    Fact,
    Figure,
    Inline,
    LineBreak,
    List,
    ListItem,
    Markup,
    Metadata,
    Note,
    NoteRef,
    PageBreak,
    Paragraph,
    ParagraphStyle,
    Quote,
    QuoteKind,
    Repairs,
    Ruby,
    Section,
    SectionKind,
    Separator,
    Span,
    Table,
    Text,
    Unprinted,
    UnprintedKind,
    Verse,
    WordSpace,
)

EXTENSION_B = "𠮷𡈽𠀋𪚥葛\U000e0100䲜㐀〇"  # planes 2 and 3, an ideographic variation sequence, Extension A
BITES = "<script>alert('&amp;')</script> \"引号\" & <b>粗</b> ]]> <!-- 注 --> {{ title }} {% if %}"
CAPTION = "人数表"
FOREWORD_WORDS = "古之学者必有师。师者，所以传道受业解惑也。人非生而知之者，孰能无惑？惑而不从师，其为惑也，终不解矣。"


class Scribe:
    """Writes leaves on lines of its own, one leaf a line, and keeps the lines."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def _span(self, words: str) -> tuple[Span, ...]:
        self.lines.append(words)
        return (Span(len(self.lines) - 1, 0, len(words)),)

    def text(self, words: str) -> Text:
        return Text(words, self._span(words))

    def markup(self, words: str, why: str = "标记") -> Markup:
        return Markup(words, self._span(words), why)

    def run(self, *parts: str | Inline) -> tuple[Inline, ...]:
        return tuple(self.text(part) if isinstance(part, str) else part for part in parts)

    def p(self, *parts: str | Inline, style: ParagraphStyle = ParagraphStyle.BODY) -> Paragraph:
        return Paragraph(self.run(*parts), style)

    def ref(self, note: str, mark: str) -> NoteRef:
        return NoteRef(note, mark, self._span(mark))


def book(chapters: int = 3, *, metadata: Metadata | None = None) -> Book:
    """The torture Book with so many plain chapters beside the strange ones."""
    scribe = Scribe()
    sections = (
        _dedication(scribe),
        _preface(scribe),
        _part(scribe, chapters),
        _deep(scribe),
        _back(scribe),
        Section("no-heading", SectionKind.TEXT, 1, (), (), (scribe.p("没有标题的一段。"),)),
        Section("empty", SectionKind.CHAPTER, 1, scribe.run("第九章　只有标题"), (), ()),
    )
    front = (
        Unprinted(UnprintedKind.TITLE_PAGE, (scribe.text("书名"), PageBreak("page-cover", 0, None)), "书名页另排"),
        Unprinted(UnprintedKind.CONTENTS, (scribe.markup("目录……1"),), "目录另编"),
    )
    return Book(METADATA if metadata is None else metadata, "zh-Hans", front, sections, _notes(scribe, chapters))


def edition(made: Book | None = None, *, lang: str = "zh-Hans", stem: str = "torture") -> Edition:
    repairs = Repairs(
        (("latin-comma", "半角逗号改全角", 12), ("mixed-width", "全半角混排", 3), ("and-word", "' and ' 改“和”", 1))
    )
    return Edition(stem, "source", lang, book() if made is None else made, repairs, "0" * 64)


METADATA = Metadata(
    title="折磨之书：<标题> & “引号” 'x'",
    subtitle="兼论&amp;的用法",
    series="“试炼”丛书",
    creators=(Creator("单雄信", "主编"), Creator("O'Neil & <Sons>", "译"), Creator("本书编写组", "编著")),
    publisher="试验出版社",
    place="北京",
    isbn="978-7-5051-2622-0",
    cip="（2013）第053997号",
    classes=("D252", "I206.7"),
    subjects=("中国共产党—群众路线",),
    date="2013-04",
    facts=(
        Fact("书 名", "折磨之书：<标题>", 1),
        Fact("责任编辑", "赵 & 钱", 2),
        Fact("", "版权所有 翻印必究", 3),
        Fact("书号", "ISBN 978-7-5051-2622-0", 4),
        Fact("定 价", "28.00元", 5),
    ),
)
NAMELESS = Metadata(title="")


def _dedication(scribe: Scribe) -> Section:
    blocks: tuple[Block, ...] = (
        Quote((scribe.p("献给所有校对者"),), QuoteKind.DEDICATION),
        Quote((scribe.p("温故而知新。"), scribe.p("——《论语》", style=ParagraphStyle.SOURCE)), QuoteKind.EPIGRAPH),
    )
    return Section("dedication", SectionKind.DEDICATION, 1, (), (), blocks)


def _preface(scribe: Scribe) -> Section:
    blocks: tuple[Block, ...] = (
        scribe.p("各位同志：", style=ParagraphStyle.SALUTATION),
        scribe.p(PageBreak("page-i", 1, "i"), FOREWORD_WORDS, scribe.ref("note-1", "①"), "其后如何，不得而知。"),
        scribe.p("编者", style=ParagraphStyle.SIGNATURE),
        scribe.p("2013年4月", style=ParagraphStyle.DATE),
        PageBreak("page-ii", 2, "ii"),
    )
    return Section("preface", SectionKind.PREFACE, 1, scribe.run("前言"), (), blocks)


def _part(scribe: Scribe, chapters: int) -> Section:
    opening = (scribe.p("本篇的引言，置于篇首。", PageBreak("page-1", 3, "1"), "它跨过一页。"),)
    return Section(
        "part-1",
        SectionKind.PART,
        1,
        scribe.run("上篇", LineBreak(), "为民篇"),
        scribe.run("扎根群众，情系民生"),
        opening,
        (_everything(scribe), *(_plain(scribe, number) for number in range(chapters))),
    )


def _plain(scribe: Scribe, number: int) -> Section:
    words = FOREWORD_WORDS * 3
    blocks = (
        scribe.p(PageBreak(f"page-{number + 10}", number + 10, str(number + 10)), words),
        scribe.p(words, scribe.ref(f"note-plain-{number}", "①"), "此处有注。"),
    )
    return Section(f"chapter-{number}", SectionKind.CHAPTER, 2, scribe.run(f"第{number + 2}章　平常的一章"), (), blocks)


def _everything(scribe: Scribe) -> Section:
    blocks: tuple[Block, ...] = (
        scribe.p("生僻字：" + EXTENSION_B + "；咬人的字：", BITES),
        scribe.p(
            "重",
            scribe.markup("**"),
            Emphasis(EmphasisKind.STRONG, scribe.run("群众")),
            Emphasis(EmphasisKind.DOTS, scribe.run("路线", PageBreak("page-2", 4, "2"), "教育")),
            scribe.markup("**"),
            "，",
            Ruby(scribe.run("漢"), scribe.text("hàn")),
            Ruby(scribe.run("字"), scribe.text("zì")),
            "与 Latin",
            WordSpace(),
            "words",
            scribe.ref("note-star", "*"),
            "，再提一次",
            scribe.ref("note-star", "*"),
            "。",
        ),
        scribe.p(" \u3000", scribe.markup("**"), PageBreak("page-3", 5, "3")),
        Verse(
            (
                scribe.run("床前明月光，"),
                scribe.run("疑是地上霜。"),
                (),
                scribe.run("举头望明月，"),
                scribe.run("低头思故乡。"),
            )
        ),
        scribe.p("诗后接排。", style=ParagraphStyle.FLUSH),
        Quote(
            (scribe.p("某某同志："), scribe.p("信中的话。"), scribe.p("某人", style=ParagraphStyle.SIGNATURE)),
            QuoteKind.LETTER,
        ),
        Quote((scribe.p("引文一段。"), Verse((scribe.run("引文里的诗"),))), QuoteKind.QUOTATION),
        List(
            (
                ListItem((scribe.p("甲"),)),
                ListItem((scribe.p("乙"), List((ListItem((scribe.p("乙之一"),)),), ordered=True))),
            )
        ),
        _table(scribe),
        Box(
            "box-1",
            scribe.run("延伸阅读"),
            scribe.run("北双村：“民情日记”记录群众心声"),
            (
                scribe.p("盒中第一段。", scribe.ref("note-box", "[3]")),
                scribe.p("——《人民日报》", style=ParagraphStyle.SOURCE),
            ),
        ),
        Box("box-2", scribe.run("案例"), (), (scribe.p("没有标题的盒子。"),)),
        Box("box-3", (), scribe.run("没有名目的盒子"), (scribe.p("盒中。"),)),
        Figure(scribe.run("图1-1　组织结构"), scribe.markup("images/1.png")),
        Figure((), scribe.markup("images/2.png")),
        Separator(scribe.markup("＊＊＊")),
        Unprinted(UnprintedKind.REMNANT, (scribe.markup("~~"), PageBreak("page-4", 6, "4")), "残字"),
        scribe.p("居中", style=ParagraphStyle.CENTRED),
        PageBreak("page-5", 7, None),
    )
    title = scribe.run("第一章　", "<样样俱全>", scribe.ref("note-title", "*"))
    return Section("everything", SectionKind.CHAPTER, 2, title, scribe.run("——副题 & 其他"), blocks)


def _table(scribe: Scribe) -> Table:
    rows = (
        (Cell(scribe.run("年份"), header=True), Cell(scribe.run("人数"), header=True)),
        (Cell(scribe.run("2012"), header=True), Cell(scribe.run("三百", scribe.ref("note-table", "②")))),
        (Cell(scribe.run("2013"), header=True), Cell(())),
    )
    return Table(rows, scribe.run(CAPTION))


def _deep(scribe: Scribe) -> Section:
    """Eight levels: the headings of HTML end at six."""
    inner: tuple[Section, ...] = ()
    for depth in range(8, 0, -1):
        kind = SectionKind.CHAPTER if depth == 1 else SectionKind.SECTION
        blocks = (scribe.p(f"第{depth}层的文字。又见注", scribe.ref("note-1", "①"), "。"),)
        inner = (Section(f"deep-{depth}", kind, depth, scribe.run(f"（{depth}）第{depth}层"), (), blocks, inner),)
    return inner[0]


def _back(scribe: Scribe) -> Section:
    kinds = (
        SectionKind.BIBLIOGRAPHY,
        SectionKind.INDEX,
        SectionKind.NOTES,
        SectionKind.ACKNOWLEDGMENTS,
        SectionKind.AFTERWORD,
    )
    children = tuple(
        Section(f"back-{kind.value}", kind, 2, scribe.run(f"附件 {kind.value}"), (), (scribe.p("附文。"),))
        for kind in kinds
    )
    return Section("appendix", SectionKind.APPENDIX, 1, scribe.run("附录"), (), (), children)


def _notes(scribe: Scribe, chapters: int) -> tuple[Note, ...]:
    plain = tuple(
        Note(f"note-plain-{number}", scribe.markup("①"), (scribe.p(f"第{number}条注。"),)) for number in range(chapters)
    )
    return (
        Note(
            "note-1",
            scribe.markup("①"),
            (scribe.p("韩愈《师说》，见", Emphasis(EmphasisKind.DOTS, scribe.run("全集")), "。"), scribe.p("第二段。")),
        ),
        Note("note-star", scribe.markup("*"), (scribe.p("带星号的注。"),)),
        Note("note-title", scribe.markup("*"), (scribe.p("题注：本章曾发表于<某刊>。"),)),
        Note("note-box", None, (Verse((scribe.run("以诗为注，"), scribe.run("另起一行。"))),)),
        Note(
            "note-table",
            scribe.markup("②"),
            (Quote((scribe.p("注中引文，又见注", scribe.ref("note-lost", "③")),), QuoteKind.QUOTATION),),
        ),
        Note("note-lost", scribe.markup("③"), (scribe.p("正文里没有标记的注。"),)),
        *plain,
    )


def large(characters: int, notes: int) -> Edition:
    """A plain book of so many characters and notes, in thirty chapters."""
    words = FOREWORD_WORDS * 4
    chapters = 30
    each = characters // chapters // len(words)
    made, made_notes = [], []
    for chapter in range(chapters):
        paragraphs = []
        for number in range(each):
            run: tuple[Text | NoteRef, ...] = (Text(words, ()),)
            if number < notes // chapters:
                run = (*run, NoteRef(f"n-{chapter}-{number}", "①", ()))
                note = Note(f"n-{chapter}-{number}", None, (Paragraph((Text("注文一条。", ()),)),))
                made_notes.append(note)
            paragraphs.append(Paragraph(run))
        title = (Text(f"第{chapter + 1}章　平常", ()),)
        made.append(Section(f"c-{chapter}", SectionKind.CHAPTER, 1, title, (), tuple(paragraphs)))
    made_book = Book(METADATA, "zh-Hans", (), tuple(made), tuple(made_notes))
    return edition(made_book, stem="large")


def references(block: Block) -> list[str]:
    """The notes that a plain paragraph points to."""
    return [part.note for part in block.inlines if isinstance(part, NoteRef)] if isinstance(block, Paragraph) else []
