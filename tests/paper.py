"""Paper for the tests of cleaning: signs that hurt, and pages as a printer and a bad scanner make them."""

from hypothesis import strategies as st

NASTY = st.sampled_from(
    [
        *"春眠不觉晓处处闻啼鸟的的一二三〇○第章页年月人大会",
        *"，。、；：？！…—“”‘’「」《》〈〉（）",
        *",.:;?!()[]{}<>\"'-_*#|`~$\\/&@%",
        *"0123lIO７Ａ①⑳ⅣＡ▶■◎★•·ー―",
        *" \t\u3000\u00a0\u200b\u00ad\u202e\ufeff\x00\x0b\u2028",
        *(
            "——",
            "……",
            "一一",
            "。。。",
            "...",
            "--",
            " and ",
            "**",
            "- ",
            "# ",
            "<p>",
            "</b>",
            "<sup>1</sup>",
            "&nbsp;",
        ),
        *("$^{①}$", "```", "<page>", "扫描全能王", "ISBN 978-7-", "第12页", "ä¸­", "⽂", "\ue000", "Сlass", "\ufb01"),
    ]
)


def scribble(size: int) -> st.SearchStrategy[str]:
    """A line of up to `size` nasty signs."""
    return st.lists(NASTY, max_size=size).map("".join)


_HAN = st.text(
    st.sampled_from("人民群众路线教育实践活动党的领导干部工作社会主义经济制度历史发展革命阶级中国特色渐大会议"),
    min_size=12,
    max_size=34,
)
_MARK = st.sampled_from(["，", "。", ",", ". ", "；", "、", "——", "一一", ":", "“", "”", '"', "(", ")", " ", ""])


@st.composite
def _paragraph(draw: st.DrawFn) -> str:
    parts = draw(st.lists(st.tuples(_HAN, _MARK), min_size=2, max_size=5))
    return "却说，" + "".join(words + mark for words, mark in parts)  # prose has pauses; titles have none


@st.composite
def printed_pages(draw: st.DrawFn, *, scribbled: bool = True) -> list[str]:
    """Pages with running heads, folios and paragraphs, in one of the shapes that engines give."""
    count = draw(st.integers(1, 7))
    first = draw(st.integers(1, 300))
    gap = draw(st.integers(0, 4))
    verso, recto = (
        draw(st.sampled_from(["书眉甲乙丙", "南国诗选"])),
        draw(st.sampled_from(["第一章 总论", "一、历史的发展", "序"])),
    )
    dress = draw(st.sampled_from(["{}", "— {} —", "·{}·", "第{}页", "/{:03}", "{}", ""]))
    with_heads, folio_above = draw(st.booleans()), draw(st.booleans())
    texts = _paragraph() | scribble(30) if scribbled else _paragraph()
    lines: list[str] = []
    for number in range(first, first + count):
        folio = (
            dress.format(number) if dress and draw(st.integers(0, 9)) else draw(st.sampled_from(["", "l", "二", "人"]))
        )
        if folio and folio_above:
            lines += [folio, ""]
        if with_heads:
            lines += [verso if number % 2 else recto, ""]
        for paragraph in draw(st.lists(texts, min_size=1, max_size=4)):
            lines += [paragraph, ""]
        if folio and not folio_above:
            lines += [folio]
        lines += [""] * gap
    return lines


# ---------------------------------------------------------------- whole books, as engines give them

_CLAUSES = (
    "人民群众是历史的创造者",
    "党的领导干部要联系实际",
    "中国特色社会主义",
    "各级组织要认真学习",
    "这个问题在一九四九年以前就有人说过",
    "经济制度的变迁",
    "二0一三年的事情",
    "他说：“我不去。”她说",
    "見於《新青年》第二期",
    "這個問題說的是歷史的發展",
    "据 Marx 的 imperialism 一书",
    "第三条的规定",
    "三,五 (乙) 7.5%",
    "白日依山尽",
    "逐一一列举",
    "十 —— 一一",
)
_STOPS = (
    "，",
    "。",
    "；",
    "、",
    "？",
    ",",
    ".",
    " ,",
    "——",
    "一一",
    "：“",
    "。”",
    "”",
    "①",
    "[1]",
    "……",
    "...",
    " ",
    "",
)
_NUMBERS = ("一", "二", "三", "十", "十一", "1", "2", "３", "Ⅳ", "〇", "l")
_UNITS = (
    "第{}章",
    "第{}节 ",
    "第{}篇",
    "第{}条 ",
    "{}、",
    "（{}）",
    "({})",
    "{}. ",
    "{}．",
    "卷{} ",
    "附录{} ",
    "①",
    "",
)
_NAMES = (
    "总论",
    "历史的发展",
    "革 命 阶 级",
    "前言",
    "目　录",
    "后记",
    "绪论",
    "参考文献",
    "序",
    "延伸阅读",
    "谁革谁的命？",
)
_HASHES = ("", "", "", "# ", "## ", "**", "- ", "■ ", "　　", "  ")
_HEADS = ("南国诗选", "第一章 总论", "南国诗选 12", "13 第一章 总论", "南囯诗选", "书眉甲乙丙·3")
_FOLIOS = ("{}", "— {} —", "·{}·", "第{}页", "/{:03}", "{}/240", "P{}", "l{}", "- {} -")
_ODD = (
    *(
        "",
        "",
        "　　",
        " ",
        "\t",
        "\x00",
        "\ufeff",
        "\u200b",
        "```markdown",
        "```",
        "<page>3</page>",
        "---",
        "* * *",
        "目录",
    ),
    *(
        "以下是第3页的内容：",
        "扫描全能王 创建",
        "![](images/1.jpg)",
        "图 1-2 变迁",
        "| 甲 | 乙 |",
        "|---|---|",
        "| 1 | 2 |",
    ),
    *(
        "<table><tr><td>甲</td></tr></table>",
        "$^{①}$注文",
        "①见《新青年》第二期。",
        "[2] 同上，第12页。",
        "＊原注",
        "注：见前。",
    ),
    *(
        "图书在版编目（CIP）数据",
        "ISBN 978-7-5073-3757-5",
        "出版者：人民出版社",
        "定价：12.00元",
        "1998年11月第1版",
        "责任编辑：王五",
    ),
    *(
        "亲爱的读者：",
        "编者",
        "2013年4月",
        "二〇一三年四月于北京",
        "此致敬礼！",
        "——毛泽东",
        "> 引文一句。",
        "• 其一",
        "• 其二",
    ),
    *(
        "总论 ………… 12",
        "一、起源 / 003",
        "第二章 历史的发展…………（45）",
        "后记\t210",
        "&nbsp;&lt;b&gt;",
        "<b>粗体</b>",
        "2",
        "l2",
        "人",
    ),
    *(
        "ä¸­å›½",
        "⽂化",
        "\ue000\ue001",
        "Сlass",
        "imperia-",
        "lism 是",
        "ﬁn",
        "\u202e倒",
        "e\u0301",
        "𠮷野",
        "\ud83d\ude00",
        "〔1〕",
        "（一）甲；（二）乙：",
    ),
    *(
        "中国革命中国革命",
        "白日依山尽，黄河入海流。",
        "欲穷千里目，更上一层楼。",
        "序",
        "跋",
        "附录",
        "Ⅰ．①中… Ⅱ．①王…",
        "《南国诗选》",
    ),
)


@st.composite
def _prose(draw: st.DrawFn) -> list[str]:
    """A paragraph: one line, or set to a measure; indented or not."""
    words = draw(st.lists(st.tuples(st.sampled_from(_CLAUSES), st.sampled_from(_STOPS)), min_size=1, max_size=9))
    text = draw(st.sampled_from(["", "　　", "  "])) + "".join(clause + stop for clause, stop in words)
    measure = draw(st.sampled_from([0, 0, 20, 26]))
    return [text[at : at + measure] for at in range(0, len(text), measure)] if measure else [text]


_TITLES = st.tuples(*map(st.sampled_from, (_HASHES, _UNITS, _NUMBERS, _NAMES))).map(
    lambda parts: [parts[0] + parts[1].format(parts[2]) + parts[3]]
)
_LONG = st.tuples(NASTY, st.sampled_from(_CLAUSES), st.integers(1, 60)).map(
    lambda parts: [(parts[0] + parts[1]) * parts[2]]
)
_ODD_LINES = st.lists(st.sampled_from(_ODD), min_size=1, max_size=4)
_BLOCKS = st.one_of(_prose(), _prose(), _prose(), _TITLES, _ODD_LINES, scribble(12).map(lambda line: [line]), _LONG)


@st.composite
def scanned_books(draw: st.DrawFn) -> str:
    """A whole text: pages with heads, folios and notes, contents, leftovers of tools, odd signs; in any line ends."""
    gap = draw(st.sampled_from(["", "\n", "\n\n", "\n\n\n", "\f", "\n\f", "\n<page>\n", "\n---\n"]))
    head = draw(st.sampled_from([None, *_HEADS]))
    folio = draw(st.sampled_from([None, *_FOLIOS]))
    above = draw(st.booleans())
    between = draw(st.sampled_from(["\n", "\n", "\n\n", "\r\n"]))
    pages = []
    for number, blocks in enumerate(
        draw(st.lists(st.lists(_BLOCKS, min_size=1, max_size=6), min_size=1, max_size=7)), 9
    ):
        lines = [line for block in blocks for line in block]
        edge = [head] if head else []
        edge += [folio.format(number)] if folio and above else []
        foot = ["", folio.format(number)] if folio and not above else []
        pages.append(between.join([*edge, *([""] if edge else []), *lines, *foot]))
    return f"\n{gap}".join(pages)
