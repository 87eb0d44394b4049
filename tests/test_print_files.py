"""The files for readers and for the press keep what they claim (tests/preflight.py says what is checked, and how)."""

from collections.abc import Callable, Iterator
from functools import cache
from io import BytesIO

import pikepdf
import pytest
from pikepdf import Dictionary, Name, Pdf
from PIL import Image

from pipeline import style, walk
from pipeline.book import Book, Edition, NoteRef, Section
from pipeline.config import PrintSettings, Settings
from pipeline.errors import SettingsError
from pipeline.render import colour, press, print_file, trim
from pipeline.render.artifact import Artifact
from pipeline.style import Profile
from tests import pdf_reader, preflight, specimen

LOOKS = style.load()
PROFILE = LOOKS.press
SIZE = (170.0, 240.0)
MARKS = "①②③④⑤•"


def both(edition: Edition, settings: Settings) -> tuple[Artifact, Artifact]:
    return press.render(edition, LOOKS, settings, "pdf"), press.render(edition, LOOKS, settings, "print")


@cache
def files(lang: str = "zh-Hans") -> tuple[Artifact, Artifact]:
    """The specimen to read and for the press."""
    return both(specimen.edition(lang), Settings())


@cache
def brief() -> tuple[Artifact, Artifact]:
    return both(specimen.brief(), Settings())


# ---------------------------------------------------------------- as they are


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["zh-Hans", "zh-Hant-HK"])
def test_the_reading_file_keeps_what_it_claims(lang: str) -> None:
    assert list(preflight.reading_file(files(lang)[0].data)) == []


@pytest.mark.slow
def test_the_print_file_keeps_what_it_claims() -> None:
    assert list(preflight.print_file(files()[1].data, SIZE)) == []


@pytest.mark.slow
def test_qpdf_mupdf_and_ghostscript_read_both_without_a_word() -> None:
    reading, printing = brief()
    assert list(preflight.tools(reading.data)) == []
    assert list(preflight.tools(printing.data, plates=True)) == []


@pytest.mark.slow
@pytest.mark.parametrize("house", ["classic", "large", "compact"])
@pytest.mark.parametrize("size", ["正16开", "大32开", "B5"])
def test_every_style_and_size_passes(house: str, size: str) -> None:
    settings = Settings(print=PrintSettings(size, house))
    reading, printing = both(specimen.brief(), settings)
    assert list(preflight.reading_file(reading.data)) == []
    assert list(preflight.print_file(printing.data, trim.TRIMS[size])) == []


def said(book: Book) -> str:
    """What a screen reader should say of the text: each note after its mark."""
    notes = {note.anchor: "".join(map(walk.block_plain, note.blocks)) for note in book.notes}

    def of(section: Section) -> Iterator[str]:
        for leaf in walk.section_leaves(section):
            yield notes[leaf.note] if isinstance(leaf, NoteRef) else walk.shown(leaf)

    return "".join(words for section in book.sections for words in of(section))


@pytest.mark.slow
def test_the_tree_says_the_edition_in_order() -> None:
    with Pdf.open(BytesIO(files()[0].data)) as pdf:
        tagged = preflight.Tagged(pdf)
        *sections, colophon = [kid for kid in tagged.root.kids if isinstance(kid, preflight._Element)]
        text = "".join(tagged.said(section) for section in sections[3:] if section is not contents(tagged))
    read = "".join(char for char in pdf_reader.squeezed(text) if char not in MARKS)
    assert read == pdf_reader.squeezed(said(specimen.book()))
    assert colophon.role == "Sect"


def contents(tagged: preflight.Tagged) -> preflight._Element:
    return next(
        kid
        for kid in tagged.root.kids
        if isinstance(kid, preflight._Element)
        and any(inner.role == "TOC" for inner in kid.kids if not isinstance(inner, tuple))
    )


def test_both_files_say_the_same_in_the_same_places() -> None:
    reading, printing = (pdf_reader.opened(file.data) for file in brief())
    assert len(reading) == len(printing)
    edge = 11 * 72 / 25.4
    for one, other in zip(reading, printing, strict=True):
        here, there = list(pdf_reader.glyphs(one)), list(pdf_reader.glyphs(other))
        assert [glyph.char for glyph in here] == [glyph.char for glyph in there]
        for before, after in zip(here, there, strict=True):
            assert (after.x - edge, after.y - edge) == pytest.approx((before.x, before.y), abs=0.01)


@pytest.mark.slow
def test_same_bytes_twice() -> None:
    made = brief()
    press._Last.made_from = None
    assert both(specimen.brief(), Settings()) == made


@pytest.mark.slow
def test_the_print_file_alone_is_the_same() -> None:
    made = brief()[1]
    press._Last.made_from = None
    assert press.render(specimen.brief(), LOOKS, Settings(), "print") == made


# ---------------------------------------------------------------- preflight sees what is wrong


def spoilt(data: bytes, spoil: Callable[[Pdf], object]) -> bytes:
    out = BytesIO()
    with Pdf.open(BytesIO(data)) as pdf:
        spoil(pdf)
        pdf.save(out, force_version=data[5:8].decode())
    return out.getvalue()


def _first(pdf: Pdf, role: str) -> pikepdf.Object:
    return next(
        item
        for item in pdf.objects
        if isinstance(item, Dictionary) and item.get("/S") == Name(f"/{role}") and "/P" in item
    )


def _recolour(pdf: Pdf, ink: bytes, other: bytes) -> None:
    for page in pdf.pages:
        page.Contents.write(page.Contents.read_bytes().replace(ink, other))


@pytest.mark.parametrize(
    ("spoil", "fault"),
    [
        (lambda pdf: _recolour(pdf, b"0 0 0 1 k", b"0 0 0 rg"), "operator rg"),
        (lambda pdf: _recolour(pdf, b"0 0 0 1 k", b"1 0 0 1 k"), "inks"),
        (lambda pdf: _recolour(pdf, b"/Overprint gs", b"/Knockout gs"), "under /Knockout"),
        (lambda pdf: pdf.pages[2].obj.__setitem__("/BleedBox", pdf.pages[2].obj.TrimBox), "bleed"),
        (lambda pdf: pdf.pages[2].obj.__setitem__("/Annots", pikepdf.Array()), "/Annots"),
        (lambda pdf: pdf.Root.__delitem__("/OutputIntents"), "output intent"),
        (lambda pdf: pdf.docinfo.__setitem__("/Title", "别的"), "/Title"),
        (lambda pdf: pdf.Root.__setitem__("/OpenAction", Dictionary(S=Name.JavaScript)), "/OpenAction"),
    ],
)
def test_faults_of_a_print_file_are_seen(spoil: Callable[[Pdf], object], fault: str) -> None:
    assert list(preflight.print_file(brief()[1].data, SIZE)) == []
    found = list(preflight.print_file(spoilt(brief()[1].data, spoil), SIZE))
    assert any(fault in line for line in found), found


@pytest.mark.parametrize(
    ("spoil", "fault"),
    [
        (lambda pdf: _first(pdf, "H1").__setitem__("/S", Name.H3), "H3 under"),
        (lambda pdf: _first(pdf, "P").__setitem__("/S", Name.Paragraph), "no standard type"),
        (lambda pdf: _first(pdf, "TH").__delitem__("/A"), "without its scope"),
        (lambda pdf: _first(pdf, "P").__setitem__("/K", pikepdf.Array()), "on the page alone"),
        (lambda pdf: _recolour(pdf, b"/P <</MCID 0>> BDC", b"/P BMC"), "on the page alone"),
        (lambda pdf: _recolour(pdf, b"<</MCID 1>>", b"<</MCID 0>>"), "on the page alone"),
        (lambda pdf: pdf.Root.__delitem__("/Lang"), "no language"),
        (lambda pdf: pdf.Root.ViewerPreferences.__delitem__("/DisplayDocTitle"), "not displayed"),
        (lambda pdf: pdf.Root.Metadata.write(b"<x/>"), "XMP"),
    ],
)
def test_faults_of_a_reading_file_are_seen(spoil: Callable[[Pdf], object], fault: str) -> None:
    assert list(preflight.reading_file(brief()[0].data)) == []
    found = list(preflight.reading_file(spoilt(brief()[0].data, spoil)))
    assert any(fault in line for line in found), found


# ---------------------------------------------------------------- colours


def drawing(content: bytes) -> bytes:
    """A page of 100 × 200 points with this content."""
    out = BytesIO()
    with Pdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(100, 200))
        page.obj.Contents = pdf.make_stream(content)
        page.obj.Resources = Dictionary()
        page.obj.TrimBox = page.obj.MediaBox
        pdf.save(out)
    return out.getvalue()


def inked(content: bytes) -> list[str]:
    """The operators that set colours, after the page was made ready for the press."""
    with Pdf.open(BytesIO(print_file.render(drawing(content), specimen.brief(), PROFILE))) as pdf:
        return [
            f"{' '.join(map(str, operands))} {operator}"
            for operands, operator in preflight._steps(pdf.pages[0])
            if operator in {"k", "K", "rg", "RG", "g", "G", "cs", "scn", "gs", "BDC", "BMC", "EMC", "Tj"}
        ]


def test_black_and_grey_are_black_ink() -> None:
    assert inked(b"0 0 0 rg 0 0 5 5 re f") == ["/Overprint gs", "0 0 0 1 k"]
    assert inked(b"0.5 g 0 0 5 5 re f") == ["/Knockout gs", "0 0 0 0.5 k"]
    assert inked(b"1 1 1 RG 0 0 m 9 9 l S") == ["/Knockout gs", "0 0 0 0 K"]


def test_colours_go_through_the_profile() -> None:
    state, red = inked(b"0.8 0.1 0.1 rg 0 0 5 5 re f")
    cyan, magenta, yellow, black = map(float, red.split()[:4])
    assert state == "/Knockout gs"
    assert cyan < 0.3
    assert min(magenta, yellow) > 0.8
    assert black < 0.3
    assert inked(b"/DeviceCMYK cs 0.1 0.2 0.3 0.4 scn 0 0 5 5 re f")[1] == "0.1 0.2 0.3 0.4 k"


def test_words_that_look_like_operators_are_left_alone() -> None:
    assert inked(b"(0 0 0 rg EMC \\) 1 g) Tj") == ["0 0 0 rg EMC ) 1 g Tj"]


def test_tags_come_off() -> None:
    content = b"/P <</MCID 0>> BDC /Span <</ActualText <feff0053>>> BDC (a) Tj EMC EMC /Artifact BMC EMC"
    steps = inked(content)
    assert [step.split()[-1] for step in steps] == ["BDC", "Tj", "EMC"]
    assert "ActualText" in steps[0]


@pytest.mark.parametrize("photograph", [True, False])
def test_pictures_become_inks(photograph: bool) -> None:
    picture = Image.new("RGB", (8, 8), (200, 30, 30))
    data = BytesIO()
    with Pdf.open(BytesIO(drawing(b"q 50 0 0 50 0 0 cm /Picture Do Q"))) as pdf:
        said = {"/Type": Name.XObject, "/Subtype": Name.Image, "/Width": 8, "/Height": 8}
        said |= {"/ColorSpace": Name.DeviceRGB, "/BitsPerComponent": 8}
        if photograph:
            jpeg = BytesIO()
            picture.save(jpeg, "JPEG", quality=95)
            stream = pdf.make_stream(jpeg.getvalue(), said | {"/Filter": Name.DCTDecode})
        else:
            stream = pdf.make_stream(picture.tobytes(), said)
        pdf.pages[0].obj.Resources = Dictionary(XObject=Dictionary(Picture=stream))
        pdf.save(data)
    made = print_file.render(data.getvalue(), specimen.brief(), PROFILE)
    with Pdf.open(BytesIO(made)) as pdf:
        image = pdf.pages[0].Resources.XObject["/Picture"]
        assert image.ColorSpace == Name.DeviceCMYK
        page = pdf_reader.opened(made)[0]
        pixel = page.get_pixmap(clip=(60, 200, 62, 202)).pixel(0, 0)
        assert pixel[0] > 150
        assert max(pixel[1:]) < 90


def test_a_profile_that_is_none_is_refused_with_the_remedy() -> None:
    with pytest.raises(SettingsError, match="印厂"):
        colour.check(Profile("sRGB.icc", b"\0" * 200))
