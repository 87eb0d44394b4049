"""The same text set by other programs: a book's titles and paragraphs as Typst, LaTeX and plain HTML.

What they are compared on is the setting of text, so notes, boxes and tables are left out or become paragraphs; page,
type area, body size and line feed are ours to the point, and so are the fonts.
"""

import html
import re
from collections.abc import Iterator
from importlib import import_module, util
from pathlib import Path

from pipeline import walk
from pipeline.book import Book, Section
from pipeline.render.html import title_text
from pipeline.render.trim import POINTS_PER_MM, TypeArea

_REGION = {"zh-Hans": ("SC", "cn"), "zh-Hant": ("TC", "tw"), "zh-Hant-TW": ("TC", "tw"), "zh-Hant-HK": ("HK", "hk")}
_TOP, _BOTTOM = 0.8, 0.2  # em above and below the baseline that Typst reckons a line to have


def has_typst() -> bool:
    """Whether the typst package is installed: 34 MB, so only where someone wants to compare (pip install typst)."""
    return util.find_spec("typst") is not None


def pieces(book: Book) -> Iterator[tuple[int, str]]:
    """The book from first to last: (rank, title), or (0, paragraph)."""
    for section in book.sections:
        yield from _section(section, 1)


def _section(section: Section, rank: int) -> Iterator[tuple[int, str]]:
    if title := title_text(section.title):
        yield min(rank, 2), title
    for block in section.blocks:
        for words in walk.block_plain(block).splitlines():
            if words.strip():
                yield 0, words.strip()
    for under in section.sections:
        yield from _section(under, rank + 1)


def typst(book: Book, lang: str, area: TypeArea, *, contents: bool) -> str:
    """Typst's markup, justified, with its own care for Chinese: squeezed marks, gaps between scripts."""
    face, region = _REGION[lang]
    size, line = area.body.size, area.body.line
    head = f"""
#set page(width: {area.width_mm}mm, height: {area.height_mm}mm, margin: (top: {area.head}pt, bottom: {area.foot - 1}pt,
  inside: {area.inside}pt, outside: {area.outside}pt), numbering: "1",
  header: context {{ text(size: {size * 0.857}pt)[{_typst(book.metadata.title)}] }})
#set text(font: "Noto Serif CJK {face}", size: {size}pt, top-edge: {_TOP}em, bottom-edge: -{_BOTTOM}em, lang: "zh",
  region: "{region}", cjk-latin-spacing: auto)
#set par(justify: true, leading: {line - size}pt, spacing: {line - size}pt,
  first-line-indent: (amount: 2em, all: true))
#show heading.where(level: 1): it => {{ pagebreak(weak: true, to: "odd")
  block(height: {6 * line}pt, align(center + horizon, text(size: {size * 1.715}pt, it.body))) }}
#show heading.where(level: 2): it => block(height: {3 * line - (line - size)}pt,
  align(center + horizon, text(size: {size * 1.333}pt, it.body)))
"""
    parts = [head, "#outline(title: [目录], depth: 2)" if contents else ""]
    parts += ["=" * rank + " " + _typst(words) if rank else _typst(words) for rank, words in pieces(book)]
    return "\n\n".join(parts) + "\n"


def _typst(words: str) -> str:
    return re.sub(r"([\\#$*_`<>@\[\]~=/+\-'\".])", r"\\\1", words)


def set_by_typst(markup: str, file: Path) -> None:
    """Typst's PDF of some markup. Raises what Typst raises."""
    source = file.with_suffix(".typ")
    source.write_text(markup, encoding="utf-8")
    import_module("typst").compile(str(source), output=str(file))


def latex(book: Book, area: TypeArea) -> str:
    """XeLaTeX with ctex, whose xeCJK squeezes marks."""
    mm = POINTS_PER_MM
    head = rf"""\documentclass[zihao=5,openright,twoside,linespread=1]{{ctexbook}}
\usepackage[paperwidth={area.width_mm}mm,paperheight={area.height_mm}mm,top={area.head / mm}mm,
bottom={area.foot / mm}mm,inner={area.inside / mm}mm,outer={area.outside / mm}mm]{{geometry}}
\setCJKmainfont{{Noto Serif CJK SC}}
\AtBeginDocument{{\fontsize{{{area.body.size}bp}}{{{area.body.line}bp}}\selectfont}}
\begin{{document}}\frontmatter\tableofcontents\mainmatter
"""
    parts = [head]
    for rank, words in pieces(book):
        said = _latex(words)
        parts.append(f"\\{'chapter' if rank == 1 else 'section'}{{{said}}}" if rank else said)
    return "\n\n".join(parts) + "\n\\end{document}\n"


def _latex(words: str) -> str:
    return re.sub(r"([#$%&_{}])", r"\\\1", words.replace("\\", r"\textbackslash ")).replace("~", r"\textasciitilde ")


def page_html(book: Book, area: TypeArea) -> str:
    """Plain HTML for a browser to print; no contents, as browsers do not number them."""
    css = f"""@page {{ size: {area.width_mm}mm {area.height_mm}mm;
      margin: {area.head}pt {area.outside}pt {area.foot}pt {area.inside}pt }}
    body {{ margin: 0; font: {area.body.size}pt/{area.body.line}pt "Noto Serif CJK SC" }}
    p {{ margin: 0; text-indent: 2em; text-align: justify; orphans: 2; widows: 2 }}
    h1 {{ break-before: page; text-align: center }} h2 {{ text-align: center; break-after: avoid }}"""
    parts = [f'<!DOCTYPE html><html lang="zh-Hans"><meta charset="utf-8"><title>x</title><style>{css}</style>']
    parts += [f"<{_tag(rank)}>{html.escape(words)}</{_tag(rank)}>" for rank, words in pieces(book)]
    return "\n".join(parts)


def _tag(rank: int) -> str:
    return f"h{rank}" if rank else "p"
