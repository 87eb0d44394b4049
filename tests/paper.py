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
