"""hOCR, ALTO, PAGE and a PDF's text layer: the same lines come out of each, and nothing comes in from outside."""

from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from pipeline import source
from pipeline.errors import SourceError
from pipeline.source import Raw, RawFile, Source

pymupdf: Any = import_module("pymupdf")  # speaks no types

FIRST = ("第一章 总论", "", "人是社会的动物，", "他用Windows 95写字。")
SECOND = ("第二页只有一行。",)

HOCR = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml"><head><title></title></head><body>
<div class='ocr_page' title='bbox 0 0 100 100'>
 <div class='ocr_carea'><p class='ocr_par'>
  <span class='ocr_header'><span class='ocrx_word'>第</span> <span class='ocrx_word'>一</span> <span class='ocrx_word'
  ><strong>章 总论</strong></span></span>
 </p></div>
 <div class='ocr_carea'><p class='ocr_par'>
  <span class='ocr_line'><span class='ocrx_word'>人是</span> <span class='ocrx_word'>社会的动物，</span></span>
  <span class='ocr_line'>
   <span class='ocrx_word'>他用 </span> <span class='ocrx_word'>Windows</span> <span class='ocrx_word'>95</span>
   <span class='ocrx_word'> 写字。</span></span>
 </p></div>
</div>
<div class='ocr_page'><span class='ocr_line'>第二页只有一行。</span></div>
</body></html>"""

ALTO = """<?xml version="1.0" encoding="UTF-8"?>
<alto xmlns="http://www.loc.gov/standards/alto/ns-v4#"><Layout>
<Page><PrintSpace>
 <TextBlock><TextLine><String CONTENT="第一章 "/><String CONTENT="总论"/></TextLine></TextBlock>
 <ComposedBlock><TextBlock>
  <TextLine><String CONTENT="人是"/><SP/><String CONTENT="社会的动物，"/></TextLine>
  <TextLine><String CONTENT="他用"/><String CONTENT="Windows"/><SP/><String CONTENT="95"/>
   <String CONTENT="写字。"/></TextLine>
 </TextBlock></ComposedBlock>
</PrintSpace></Page>
<Page><PrintSpace><TextBlock><TextLine><String CONTENT="第二页只有一行。"/></TextLine></TextBlock></PrintSpace></Page>
</Layout></alto>"""

PAGE = """<?xml version="1.0" encoding="UTF-8"?>
<PcGts xmlns="http://schema.primaresearch.org/PAGE/gts/pagecontent/2019-07-15">
<Page imageFilename="file:///etc/passwd"><!-- a note -->
 <ReadingOrder><OrderedGroup id="o">
  <RegionRefIndexed index="0" regionRef="r1"/><RegionRefIndexed index="1" regionRef="r2"/></OrderedGroup></ReadingOrder>
 <TextRegion id="r2">
  <TextLine id="l1"><Word><TextEquiv><Unicode>不取</Unicode></TextEquiv></Word>
   <TextEquiv index="1"><Unicode>次选</Unicode></TextEquiv>
   <TextEquiv index="0"><Unicode>人是社会的动物，</Unicode></TextEquiv></TextLine>
  <TextLine id="l2"><Word><TextEquiv><Unicode>他用</Unicode></TextEquiv></Word>
   <Word><TextEquiv><Unicode>Windows</Unicode></TextEquiv></Word><Word><TextEquiv><Unicode>95</Unicode></TextEquiv></Word>
   <Word><TextEquiv><Unicode>写字。</Unicode></TextEquiv></Word></TextLine>
  <TextEquiv><Unicode>不取</Unicode></TextEquiv>
 </TextRegion>
 <TextRegion id="r1"><TextEquiv><Unicode>第一章 总论</Unicode></TextEquiv></TextRegion>
</Page>
<Page><TextRegion id="r3">
 <TextLine><TextEquiv><Unicode>第二页只有一行。</Unicode></TextEquiv></TextLine></TextRegion></Page>
</PcGts>"""


def pdf(*pages: tuple[str, ...], password: str = "") -> bytes:
    document = pymupdf.open()
    for lines in pages:
        page = document.new_page(width=400, height=600)
        for row, line in enumerate(lines):
            page.insert_text((50, 60 + 16 * row), line, fontname="china-s", fontsize=12)
    if not password:
        return bytes(document.tobytes())
    return bytes(document.tobytes(encryption=pymupdf.PDF_ENCRYPT_AES_256, user_pw=password, owner_pw=password))


def read(name: str, *datas: bytes) -> Source:
    return source.read(Raw("书", tuple(RawFile(name, data) for data in datas)))


@pytest.mark.parametrize(
    ("name", "data", "form"),
    [
        ("书.hocr", HOCR.encode(), "hOCR"),
        ("书.html", HOCR.encode(), "hOCR"),
        ("书.xml", HOCR.encode(), "hOCR"),
        ("书.xml", ALTO.encode(), "ALTO"),
        ("书.xml", ALTO.replace("UTF-8", "UTF-16").encode("utf-16"), "ALTO"),
        ("书.xml", ALTO.replace("ns-v4#", "ns-v2#").encode(), "ALTO"),
        ("书.xml", PAGE.encode(), "PAGE"),
        ("书.pdf", pdf(FIRST, SECOND), "PDF"),
        ("书.PDF", pdf(FIRST, SECOND), "PDF"),
    ],
)
def test_every_format_gives_the_same_lines(name: str, data: bytes, form: str) -> None:
    found = read(name, data)
    assert found.lines == FIRST + SECOND
    assert found.page_starts == (0, len(FIRST))
    assert found.encoding == form
    assert [notice.code for notice in found.notices] == ["format"]


def test_one_file_a_page_is_one_book() -> None:
    found = read("书/1.xml", PAGE.encode(), ALTO.encode())
    assert found.lines == (FIRST + SECOND) * 2
    assert found.page_starts == (0, 4, 5, 9)
    assert found.encoding == "PAGE+ALTO"


def test_words_of_a_pdf_line_that_stand_apart_are_one_line() -> None:
    document = pymupdf.open()
    page = document.new_page()
    page.insert_text((50, 60), "第一章", fontname="china-s")
    page.insert_text((200, 60), "总论", fontname="china-s")
    assert read("书.pdf", document.tobytes()).lines == ("第一章总论",)


BOMB = '<!DOCTYPE alto [<!ENTITY a "呵呵">' + "".join(
    f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
OUTSIDE = '<!DOCTYPE alto [<!ENTITY x SYSTEM "file:///etc/hostname">'
LINE = '<TextLine><String CONTENT="甲{0}"/></TextLine>'


@pytest.mark.parametrize(
    ("name", "data"),
    [
        pytest.param("书.xml", (BOMB + f"]><alto>{LINE.format('&i;')}</alto>").encode(), id="entity bomb"),
        pytest.param(
            "书.xml", (OUTSIDE + "]>" + f"<alto>{LINE.format('')}&x;</alto>").encode(), id="file from outside"
        ),
        pytest.param("书.hocr", (BOMB + "]>" + "<html><p>&i;</p></html>").encode(), id="bomb in hOCR"),
        pytest.param("书.xml", b"<alto>" + b"<a>" * 100_000, id="depth without end"),
        pytest.param("书.xml", b"<alto", id="broken"),
        pytest.param("书.xml", b"", id="empty XML"),
        pytest.param("书.xml", b"<book/>", id="another XML"),
        pytest.param("书.xml", b"<alto/>", id="no page"),
        pytest.param("书.html", b"<p>\xe4\xba\xba</p>", id="a page of the web"),
        pytest.param("书.html", b"", id="empty hOCR"),
        pytest.param("书.pdf", b"%PDF-1.7 broken", id="broken PDF"),
        pytest.param("书.pdf", b"not a PDF", id="no PDF"),
        pytest.param("书.pdf", pdf(()), id="a scan without text"),
        pytest.param("书.pdf", pdf(FIRST, password="secret"), id="locked PDF"),  # noqa: S106
    ],
)
def test_what_cannot_be_read_is_refused_with_place_and_remedy(name: str, data: bytes) -> None:
    with pytest.raises(SourceError) as caught:
        read(name, data)
    assert caught.value.where == name
    assert caught.value.remedy


def test_scans_beside_the_texts_are_left_alone(tmp_path: Path) -> None:
    for name in ("甲.txt", "甲.pdf", "乙.xml", "页/1.txt", "页/1.xml", "版面/2.xml", "版面/10.xml"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("x", encoding="utf-8")
    found = {seed.name: [path.name for path in seed.files] for seed in source.resolve(tmp_path)}
    assert found == {"甲": ["甲.txt"], "页": ["1.txt"], "版面": ["2.xml", "10.xml"]}
    (named,) = source.resolve(tmp_path / "乙.xml")
    assert named.name == "乙"
