"""A made-up book with everything that is hard to set: what the tests of print and the typography figures are run on."""

import random
from dataclasses import replace
from functools import cache

from pipeline import style
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
    Inlines,
    LineBreak,
    List,
    ListItem,
    Markup,
    Metadata,
    Note,
    NoteRef,
    Paragraph,
    ParagraphStyle,
    Quote,
    QuoteKind,
    Repairs,
    Ruby,
    Section,
    SectionKind,
    Separator,
    Table,
    Text,
    Verse,
    WordSpace,
)
from pipeline.config import PrintSettings, Settings
from pipeline.render import pdf
from pipeline.render.artifact import Artifact

# Sentences of our own, rich in what breaks lines badly: doubled marks, nested quotes, dashes, Latin, figures, titles.
SENTENCES = (
    "清晨的雾还没有散，渡口的船夫已经解开缆绳，把第一批客人送到对岸去。",
    "他问：“你说的那本《河工杂记》（光绪年间刻本），如今还在吗？”“在，”老人答道，“就在楼上。”",
    "据《水文年鉴》、《县志》与《河防述要》记载，那一年水位涨了12.5米，淹没田地约3,400亩。",
    "这件事——说来话长——要从三十年前讲起……那时候，镇上还没有电灯。",
    "我们用GPS测了三次，误差都在0.3m以内；后来换成RTK，结果仍然一致。",
    "“为什么？”“不为什么。”“真的？”“真的！”一问一答之间，天色已经暗了下来。",
    "（一）查清源头；（二）分段治理；（三）逐年验收。三条办法，写在墙上（至今还看得见）。",
    "图纸上标着A、B、C三点，B点离河岸最近，C点最高，A点则在旧桥（1936年建）以东。",
    "先生常说：“读书要慢，做事要快；说话要少，走路要多。”这话我记了一辈子。",
    "雨停了。",
    "到了“立夏”“小满”“芒种”这几个节气，河滩上的人就多起来了，割草的、打鱼的、放牛的，来来往往。",
    "有人统计过，全书共引用文献217种，其中英文文献38种（如Smith & Brown, 1987），日文文献12种。",
    "堤坝的修筑，前后用了二十七年；参加的民工，先后有六万余人；耗费的石料，至今没有人说得清楚。",
    "信的末尾写着：“见字如面，诸事平安，勿念。……又及：院子里的枣树今年结了很多果子。”",
)


def text(words: str) -> Inlines:
    return (Text(words, ()),)


def paragraph(words: str, style: ParagraphStyle = ParagraphStyle.BODY) -> Paragraph:
    return Paragraph(text(words), style)


def prose(seed: int, paragraphs: int) -> tuple[Block, ...]:
    """Paragraphs of one to seven sentences, the same for the same seed."""
    dice = random.Random(seed)
    return tuple(paragraph("".join(dice.choices(SENTENCES, k=dice.randint(1, 7)))) for _ in range(paragraphs))


def noted(seed: int, note: str) -> Paragraph:
    dice = random.Random(seed)
    before, after = dice.choice(SENTENCES), dice.choice(SENTENCES)
    return Paragraph((Text(before[:-1], ()), NoteRef(note, "①", ()), Text(before[-1] + after, ())))


def mixed() -> Paragraph:
    """Marks that meet across the edges of inline elements."""
    return Paragraph(
        (
            Text("治河的要诀，前人归纳为“", ()),
            Emphasis(EmphasisKind.DOTS, text("疏、导、分、蓄")),
            Text("”四个字。其中（", ()),
            Emphasis(EmphasisKind.STRONG, text("最难的是“分”")),
            Text("），最费钱的是", ()),
            Emphasis(EmphasisKind.STRONG, text("“蓄”。")),
            Text("县志里还记着一个僻字：", ()),
            Ruby(text("堨"), Text("è", ())),
            Text("，就是今天所说的堰。英文作", ()),
            Text("weir", ()),
            WordSpace(),
            Text("or dam，两个词都用。" * 3, ()),
        )
    )


def box(number: int) -> Box:
    return Box(f"box-{number}", text("延伸阅读"), text(f"老渡口的故事之{number}"), prose(number + 40, 5))


def table(rows: int) -> Table:
    head = tuple(Cell(text(words), header=True) for words in ("年份", "水位（米）", "备注"))
    body = tuple(
        (Cell(text(str(1900 + i))), Cell(text(f"{10 + i / 10:.1f}")), Cell(text(SENTENCES[i % len(SENTENCES)])))
        for i in range(rows)
    )
    return Table((head, *body), text("表1　历年最高水位"))


def section(anchor: str, number: int, i: int, title: str) -> Section:
    under = Section(f"{anchor}s{i}a", SectionKind.SECTION, 4, text("（一）沿革与现状"), (), prose(number * 100 + i, 4))
    blocks = (
        *prose(number * 10 + i, 6),
        noted(number * 7 + i, f"n{number}-{i}"),
        mixed(),
        *prose(number * 10 + i + 5, 4),
    )
    return Section(f"{anchor}s{i}", SectionKind.SECTION, 3, text(f"{'一二三'[i - 1]}、{title}"), (), blocks, (under,))


def chapter(number: int) -> Section:
    anchor = f"c{number}"
    titles = ("水从哪里来", "人往哪里去：一段没有写完的历史", "尾声")
    lines = ("春江潮水连海平，", "海上明月共潮生。", "", "滟滟随波千万里，", "何处春江无月明！")
    blocks: tuple[Block, ...] = (
        Quote(prose(number + 3, 1), QuoteKind.EPIGRAPH),
        *prose(number, 3),
        Quote((paragraph("大禹治水，三过其门而不入。"),), QuoteKind.QUOTATION),
        paragraph("这是大家都知道的。", ParagraphStyle.FLUSH),
        Verse(tuple(text(line) if line else () for line in lines)),
        box(number),
        table(40 if number == 1 else 4),
        List((ListItem((paragraph("测量流量"),)), ListItem((paragraph("核对图纸，" * 20),)))),
        Separator(Markup("＊　＊　＊", (), "间隔")),
        *prose(number + 70, 3),
    )
    title = (Text(f"第{'一二三四'[number - 1]}章", ()), LineBreak(), Text("渡口与堤坝", ()))
    sections = tuple(section(anchor, number, i, words) for i, words in enumerate(titles, start=1))
    return Section(anchor, SectionKind.CHAPTER, 2, title, text("——兼论水的脾气"), blocks, sections)


METADATA = Metadata(
    title="渡口集",
    subtitle="一条河与两岸的人",
    series="水边丛书",
    creators=(Creator("程渡", "著"), Creator("江一苇", "绘")),
    publisher="示例出版社",
    place="北京",
    isbn="978-7-301-00000-5",
    cip="(2001)第000001号",
    classes=("I267",),
    subjects=("散文集—中国—当代",),
    date="2001-05",
    facts=(Fact("书名", "渡口集"), Fact("责任编辑", "石　舟"), Fact("开本", "850毫米×1168毫米　1/32")),
)


def book(lang: str = "zh-Hans") -> Book:
    signed = (
        paragraph("程渡", ParagraphStyle.SIGNATURE),
        paragraph("二〇〇一年五月于江边", ParagraphStyle.DATE),
    )
    preface = Section("preface", SectionKind.PREFACE, 1, text("自序"), (), (*prose(1, 9), *signed))
    parts = tuple(
        Section(
            f"p{i}",
            SectionKind.PART,
            1,
            text(title),
            text("写在卷首"),
            prose(i, 2),
            (chapter(i * 2 - 1), chapter(i * 2)),
        )
        for i, title in enumerate(("上　篇", "下　篇"), start=1)
    )
    letter = Quote(
        (
            paragraph("吾兄：", ParagraphStyle.SALUTATION),
            paragraph("来信收到，一切平安。"),
            paragraph("弟一苇", ParagraphStyle.SIGNATURE),
        ),
        QuoteKind.LETTER,
    )
    afterword = Section("after", SectionKind.AFTERWORD, 1, text("后记"), (), (*prose(5, 3), letter, *prose(6, 2)))
    notes = tuple(
        Note(f"n{c}-{i}", None, (paragraph(SENTENCES[(c + i) % len(SENTENCES)]), *prose(c * i, i - 1)))
        for c in range(1, 5)
        for i in range(1, 4)
    )
    return Book(METADATA, lang, (), (preface, *parts, afterword), notes)


def edition(lang: str = "zh-Hans", name: str = "source") -> Edition:
    repairs = Repairs((("stray-space", "汉字之间多余的空格", 12), ("halfwidth", "半角标点改为全角", 7)))
    return Edition("specimen", name, lang, book(lang), repairs, "5eed" * 16)


def brief() -> Edition:
    """The preface alone, for what does not hang on the text."""
    whole = edition()
    return replace(whole, book=replace(whole.book, sections=whole.book.sections[:1], notes=()))


@cache
def printed(trim_name: str = "16开", house: str = "classic", lang: str = "zh-Hans") -> Artifact:
    """The specimen as a PDF, made once for all the tests of a process."""
    return pdf.render(edition(lang), style.load(), Settings(print=PrintSettings(trim_name, house)))
