"""Text with its layout, as OCR engines and PDF keep it: hOCR, ALTO, PAGE XML and a PDF's own text layer, to lines.

A page gives its lines in reading order, with an empty line between paragraphs, as engines write plain text. Words are
joined with a space only where neither side is Han. Nothing outside the file is ever fetched or read: entities are not
expanded, DTDs not loaded, and depth and size are limited by the parser.

Sources: hOCR 1.2; ALTO 2 to 4 (Library of Congress); PAGE 2013 to 2019 (PRImA).
"""

from collections.abc import Iterator
from importlib import import_module
from typing import Any

from lxml import etree

from pipeline.errors import SourceError

_MOST_PAGES = 20_000
_HAN = "\u2e80"  # from here on characters stand without spaces between them
_GAP = 0.9  # of a line's height: so much white above a block sets it apart

Pages = list[list[str]]


def read_pages(where: str, data: bytes) -> tuple[str, Pages]:
    """The name of the format and the lines of each page. Raises SourceError for what is none of these formats."""
    if data.startswith(b"%PDF-"):
        return "PDF", _checked(_pdf(where, data), where)
    if where.lower().endswith((".hocr", ".html", ".htm")):
        return "hOCR", _checked(_hocr(where, data), where)
    root = _xml(where, data)
    match etree.QName(root).localname:
        case "alto":
            return "ALTO", _checked(_alto(root), where)
        case "PcGts":
            return "PAGE", _checked(_page(root), where)
        case "html":
            return "hOCR", _checked(_hocr(where, data), where)
        case other:
            raise SourceError(
                f"不认识的 XML（根元素 {other}）", remedy="可用 ALTO、PAGE、hOCR、PDF 或 .txt", where=where
            )


def _checked(pages: Pages, where: str) -> Pages:
    if not any(line.strip() for page in pages for line in page):
        raise SourceError("文件里没有文字", remedy="先做 OCR，再给出它的结果", where=where)
    return pages


def _xml(where: str, data: bytes) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise SourceError(f"不是合规的 XML：{error}", remedy="请重新导出", where=where) from None
    declared: Any = root.getroottree().docinfo.internalDTD
    if declared is not None and any(True for _ in declared.iterentities()):
        raise SourceError("XML 里自定了实体，不予读取", remedy="请导出不带 DTD 的文件", where=where)
    return root


def _named(root: etree._Element, *names: str) -> Iterator[etree._Element]:
    """The elements of these local names below `root`, whatever the version of their namespace."""
    return (element for element in root.iter() if _name(element) in names)


def _name(element: etree._Element) -> str:
    tag: object = element.tag  # that of a comment is a function
    return etree.QName(tag).localname if isinstance(tag, str) else ""


def _paragraphs(paragraphs: list[list[str]]) -> list[str]:
    """Lines with an empty line between paragraphs."""
    lines: list[str] = []
    for paragraph in paragraphs:
        if paragraph:
            lines += ["", *paragraph] if lines else paragraph
    return lines


def _joined(words: list[str]) -> str:
    """Words as a line; a space stands where neither neighbour is Han."""
    line = ""
    for word in words:
        apart = line and word and line[-1] < _HAN and word[0] < _HAN and not line.endswith(" ")
        line += f" {word}" if apart else word
    return _one_line(line)


def _one_line(text: str) -> str:
    return " ".join(text.splitlines()).replace("\f", " ")


# ---------------------------------------------------------------- hOCR


def _hocr(where: str, data: bytes) -> Pages:
    parser = etree.HTMLParser(no_network=True, huge_tree=False, encoding="utf-8")
    try:
        root = etree.fromstring(data, parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise SourceError(f"不是 hOCR：{error}", remedy="请重新导出", where=where) from None
    if root is None or not list(_classed(root, "ocr_page")):
        raise SourceError("没有 ocr_page，不是 hOCR", remedy="普通网页请先存成 .txt", where=where)
    return [_hocr_page(page) for page in _classed(root, "ocr_page")]


def _hocr_page(page: etree._Element) -> list[str]:
    blocks = list(_classed(page, "ocr_par")) or list(_classed(page, "ocr_carea")) or [page]
    kinds = ("ocr_line", "ocr_header", "ocr_footer", "ocr_caption", "ocr_textfloat", "ocrx_line")
    return _paragraphs([[_hocr_line(line) for line in _classed(block, *kinds)] for block in blocks])


def _hocr_line(line: etree._Element) -> str:
    words = list(_classed(line, "ocrx_word"))
    if not words:
        return " ".join(_all_text(line).split())
    return _joined([_all_text(word).strip() for word in words])


def _all_text(element: etree._Element) -> str:
    return "".join(str(piece) for piece in element.itertext())


def _classed(root: etree._Element, *classes: str) -> Iterator[etree._Element]:
    return (element for element in root.iter() if set((element.get("class") or "").split()) & set(classes))


# ---------------------------------------------------------------- ALTO


def _alto(root: etree._Element) -> Pages:
    return [
        _paragraphs([[_alto_line(line) for line in _named(block, "TextLine")] for block in _named(page, "TextBlock")])
        for page in _named(root, "Page")
    ]


def _alto_line(line: etree._Element) -> str:
    text, space = "", False
    for part in _named(line, "String", "SP", "HYP"):
        if _name(part) == "SP":
            space = True
            continue
        word = part.get("CONTENT") or ""
        text = _joined([text, word]) if space else text + word
        space = False
    return _one_line(text)


# ---------------------------------------------------------------- PAGE


def _page(root: etree._Element) -> Pages:
    return [_paragraphs([_page_region(region) for region in _in_order(page)]) for page in _named(root, "Page")]


def _in_order(page: etree._Element) -> list[etree._Element]:
    """The text regions of a page by its ReadingOrder; those that it does not name follow as they stand."""
    regions = list(_named(page, "TextRegion"))
    named = [ref.get("regionRef") for ref in _named(page, "RegionRefIndexed", "RegionRef")]
    place = {region: at for at, region in enumerate(named)}
    return sorted(regions, key=lambda region: place.get(region.get("id"), len(place)))


def _page_region(region: etree._Element) -> list[str]:
    own = [child for child in region if _name(child) == "TextLine"]
    if own:
        return [_one_line(_equivalent(line)) for line in own]
    return [line for line in _equivalent(region).splitlines() if line.strip()]


def _equivalent(element: etree._Element) -> str:
    """The text of an element: its own TextEquiv, the one of lowest index."""
    found = [child for child in element if _name(child) == "TextEquiv"]
    best = min(found, key=lambda child: child.get("index") or "", default=None)
    if best is None:
        return _joined([_equivalent(child) for child in element if _name(child) == "Word"])
    return "".join(unicode.text or "" for unicode in _named(best, "Unicode"))


# ---------------------------------------------------------------- PDF


def _pdf(where: str, data: bytes) -> Pages:
    module: Any = import_module("pymupdf")  # slow to import, and only for PDF; speaks no types
    module.TOOLS.mupdf_display_errors(on=0)
    module.TOOLS.mupdf_display_warnings(on=0)
    try:
        with module.open(stream=data, filetype="pdf") as document:
            if document.needs_pass:
                raise SourceError("PDF 有密码", remedy="请先去掉密码", where=where)
            if document.page_count > _MOST_PAGES:
                raise SourceError(f"PDF 有 {document.page_count} 页", remedy="请按册拆开", where=where)
            return [_pdf_page(page.get_text("dict", sort=True)["blocks"]) for page in document]
    except (RuntimeError, ValueError) as error:  # MuPDF's own errors are RuntimeErrors
        raise SourceError(f"读不了这个 PDF：{error}", remedy="请重新导出", where=where) from None


def _pdf_page(blocks: list[dict[str, Any]]) -> list[str]:
    """The lines of a page; what stands at one height is one line, white space above a block sets it apart."""
    rows: list[tuple[float, float, str]] = []  # top, bottom, text
    for line in (line for block in blocks for line in block.get("lines", ())):
        text = _one_line("".join(span["text"] for span in line["spans"])).strip()
        top, bottom = line["bbox"][1], line["bbox"][3]
        if text and rows and abs(rows[-1][0] - top) < (bottom - top) / 3:
            rows[-1] = (rows[-1][0], max(rows[-1][1], bottom), _joined([rows[-1][2], text]))
        elif text:
            rows.append((top, bottom, text))
    lines: list[str] = []
    below = None
    for top, bottom, text in rows:
        if below is not None and top - below > _GAP * (bottom - top):
            lines.append("")
        lines.append(text)
        below = bottom
    return lines
