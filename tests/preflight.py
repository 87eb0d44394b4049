"""Preflight of our PDFs: do they keep what they claim? `make preflight`, and the tests.

    print     PDF/X-4 (ISO 15930-7), text in black ink only, trim, bleed and marks; the cover likewise, in colours
    reading   PDF/A-2a (ISO 19005-2) and PDF/UA-1 (ISO 14289-1), checked over the whole structure tree
    both      qpdf, MuPDF and Ghostscript read every page without a word

A check gives faults as sentences, none where all is well. What no tool here can prove is said in docs/print.md.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
from defusedxml import ElementTree
from fontTools.cffLib import CFFFontSet
from pikepdf import Dictionary, Name, Pdf

from pipeline import style
from pipeline.book import Edition
from pipeline.config import PrintSettings, Settings
from pipeline.render import cover_sheet, press, trim
from tests import typography

MM = 72 / 25.4
TOOLS = ("qpdf", "mutool", "gs")
_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_SHOWS = frozenset({"Tj", "TJ", "'", '"'})
_PAINTS = _SHOWS | {"f", "F", "f*", "B", "B*", "b", "b*", "S", "s", "sh", "Do", "EI"}
_GROUPING = {"Document", "Part", "Art", "Sect", "Div", "BlockQuote", "Caption", "TOC", "TOCI", "Index", "NonStruct"}
_BLOCKS = {"P", "H", *(f"H{rank}" for rank in range(1, 7)), "L", "LI", "Lbl", "LBody", "Table", "TR", "TH", "TD"}
_INLINE = {"Span", "Quote", "Note", "Reference", "BibEntry", "Code", "Link", "Annot", "Ruby", "RB", "RT", "RP"}
_STANDARD = _GROUPING | _BLOCKS | _INLINE | {"THead", "TBody", "TFoot", "Figure", "Private"}
_PARENTS: dict[str, tuple[str, ...]] = {
    "TR": ("Table", "THead", "TBody", "TFoot"),
    **dict.fromkeys(("TH", "TD"), ("TR",)),
    **dict.fromkeys(("THead", "TBody", "TFoot"), ("Table",)),
    "LI": ("L",),
    "LBody": ("LI",),
    "TOCI": ("TOC",),
    "RB": ("Ruby",),
    "RT": ("Ruby",),
    "Lbl": ("LI", "TOCI", "Note"),
}


# ---------------------------------------------------------------- other people's programs


def tools(data: bytes, *, plates: bool = False) -> Iterator[str]:
    """What qpdf, MuPDF and Ghostscript complain of; with `plates` also ink that is not black inside the bleed."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "book.pdf"
        file.write_bytes(data)
        for command in (
            ["qpdf", "--check", "--warning-exit-0", str(file)],
            ["mutool", "draw", "-q", "-r", "20", "-o", "/dev/null", str(file)],
            ["gs", "-q", "-dPDFSTOPONERROR", "-dNOPAUSE", "-dBATCH", "-sDEVICE=nullpage", str(file)],
        ):
            done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
            told = [line for line in (done.stdout + done.stderr).splitlines() if _is_complaint(line)]
            if done.returncode or told:
                yield f"{command[0]}: {'; '.join(told[:3]) or f'exit {done.returncode}'}"
        if plates:
            yield from _coloured_plates(file)


def _is_complaint(line: str) -> bool:
    if "ICC support is not available" in line:  # says of MuPDF's build, not of the file
        return False
    return (
        bool(re.search(r"error|warning|invalid|damaged", line, re.IGNORECASE))
        and "No syntax or stream" not in line
        and "qpdf cannot detect" not in line
    )


def _coloured_plates(file: Path) -> Iterator[str]:
    """Ghostscript's ink coverage of each page within its bleed: cyan, magenta and yellow are nought."""
    command = ["gs", "-q", "-dNOPAUSE", "-dBATCH", "-dUseBleedBox", "-r30", "-sDEVICE=inkcov", "-o", "-", str(file)]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    coverages = re.findall(r"^\s*([\d.]+)\s+([\d.]+)\s+([\d.]+)\s+([\d.]+)\s+CMYK OK", told, re.MULTILINE)
    if not coverages:
        yield "gs: no ink coverage was told"
    for page, inks in enumerate(coverages, start=1):
        if any(float(ink) for ink in inks[:3]):
            yield f"page {page} is not black ink alone: C M Y K = {' '.join(inks)}"


# ---------------------------------------------------------------- XMP


@dataclass(frozen=True, slots=True)
class Packet:
    """A file's XMP: simple properties by prefixed name, and all there is as text."""

    said: Mapping[str, str]
    raw: str


def xmp(pdf: Pdf) -> Packet:
    raw = pdf.Root.Metadata.read_raw_bytes().decode("utf-8")
    prefixes = {uri: prefix for prefix, uri in re.findall(r'xmlns:(\w+)="([^"]+)"', raw)}
    said: dict[str, str] = {}
    for about in ElementTree.fromstring(raw.encode()).iter(f"{_RDF}Description"):
        for child in about:
            uri, _, local = child.tag[1:].partition("}")
            said[f"{prefixes[uri]}:{local}"] = "".join(child.itertext()).strip()
    return Packet(said, raw)


def _dates(pdf: Pdf, packet: Packet) -> Iterator[str]:
    """Document information and XMP say the same."""
    for key, name in (("/CreationDate", "xmp:CreateDate"), ("/ModDate", "xmp:ModifyDate")):
        digits = re.sub(r"\D", "", str(pdf.docinfo.get(key, "")))[:14]
        if not digits or re.sub(r"\D", "", packet.said.get(name, ""))[:14] != digits:
            yield f"{key} and {name} do not say the same"
    for key, name in (("/Title", "dc:title"), ("/Producer", "pdf:Producer"), ("/Creator", "xmp:CreatorTool")):
        if str(pdf.docinfo.get(key, "")) != packet.said.get(name):
            yield f"{key} and {name} do not say the same"


def _sound(pdf: Pdf) -> Iterator[str]:
    """What neither standard allows: encryption, scripts, actions, attachments, forms, layers."""
    if pdf.is_encrypted:
        yield "encrypted"
    if "/ID" not in pdf.trailer:
        yield "no file identifier"
    forbidden = {"/OpenAction", "/AA", "/AcroForm", "/OCProperties", "/Requirements", "/Collection"} & set(
        pdf.Root.keys()
    )
    if forbidden:
        yield f"the catalog has {', '.join(sorted(forbidden))}"
    names = set(pdf.Root.get("/Names", Dictionary()).keys()) & {"/JavaScript", "/EmbeddedFiles"}
    if names:
        yield f"the names have {', '.join(sorted(names))}"
    for item in pdf.objects:
        if isinstance(item, pikepdf.Stream):
            if "/F" in item:
                yield "a stream lies outside the file"
            if "LZWDecode" in str(item.get("/Filter", "")):
                yield "LZW"
            if item.get("/Subtype") == Name.PS or "/OPI" in item or "/Alternates" in item:
                yield "PostScript, OPI or an alternate picture"


# ---------------------------------------------------------------- fonts


def fonts(pdf: Pdf) -> Iterator[str]:
    """Embedded, subset, mapped to Unicode, none of it private; widths as in the font; nothing undefined shown."""
    found = {}
    for page in pdf.pages:
        for font in page.Resources.get("/Font", Dictionary()).values():
            found[font.objgen] = font
    shown = _shown_codes(pdf)
    for key, font in found.items():
        yield from _font(font, shown.get(key, set()))


def _shown_codes(pdf: Pdf) -> dict[tuple[int, int], set[int]]:
    """Which codes each font shows."""
    shown: dict[tuple[int, int], set[int]] = {}
    for page in pdf.pages:
        font: set[int] = set()
        for operands, what in _steps(page):
            match what:
                case "Tf":
                    font = shown.setdefault(page.Resources.Font[str(operands[0])].objgen, set())
                case "TJ" | "Tj":
                    font.update(_codes(operands[0]))
    return shown


def _steps(content: Any) -> Iterator[tuple[list[Any], str]]:
    """The operators of a page or drawing, with what they work on."""
    for step in pikepdf.parse_content_stream(content):
        yield list(step.operands), str(step.operator)


def _codes(operand: Any) -> Iterator[int]:
    for piece in operand if isinstance(operand, pikepdf.Array) else [operand]:
        if isinstance(piece, pikepdf.String):
            data = bytes(piece)
            yield from (int.from_bytes(data[at : at + 2], "big") for at in range(0, len(data), 2))


def _font(font: pikepdf.Object, shown: set[int]) -> Iterator[str]:
    name = str(font.BaseFont)
    if font.Subtype != Name.Type0 or font.Encoding != Name("/Identity-H"):
        yield f"{name} is {font.Subtype}"
        return
    inner = font.DescendantFonts[0]
    descriptor = inner.FontDescriptor
    if not re.match(r"/[A-Z]{6}\+", name) or inner.BaseFont != font.BaseFont or descriptor.FontName != font.BaseFont:
        yield f"{name} is no subset by its name"
    said = unicode_map(font)
    unsaid = sorted(code for code in shown if not said.get(code))
    if unsaid:
        yield f"{name} shows {len(unsaid)} glyphs that mean nothing"
    if any(0xE000 <= ord(c) <= 0xF8FF or c in "\0\ufeff\ufffe" for code in shown for c in said.get(code, "")):
        yield f"{name} means private characters"
    if 0 in shown:
        yield f"{name} shows .notdef"
    if descriptor.get("/FontFile3", Dictionary()).get("/Subtype") == Name.CIDFontType0C:
        yield from _widths(name, inner, descriptor.FontFile3.read_bytes(), shown)
    elif "/FontFile2" not in descriptor and "/FontFile3" not in descriptor:
        yield f"{name} is not embedded"


def _widths(name: str, inner: pikepdf.Object, program: bytes, shown: set[int]) -> Iterator[str]:
    """The widths that the PDF says are those of the font program (ISO 19005-2 § 6.2.11.5: within 1/1000 em)."""
    fontset = CFFFontSet()
    fontset.decompile(BytesIO(program), None)
    top = fontset.topDictIndex[0]
    scale = 1000 * (top.FontMatrix[0] if hasattr(top, "FontMatrix") and not hasattr(top, "ROS") else 0.001)
    said: dict[int, float] = {}
    listed = list(inner.get("/W", []))
    while listed:
        first, second = int(listed.pop(0)), listed.pop(0)
        if isinstance(second, pikepdf.Array):
            said |= {first + i: float(width) for i, width in enumerate(second)}
        else:
            said |= dict.fromkeys(range(first, int(second) + 1), float(listed.pop(0)))
    default = float(inner.get("/DW", 1000))
    glyphs = top.CharStrings
    for code in sorted(shown):
        cid = f"cid{code:05d}"
        if cid not in glyphs:
            yield f"{name} has no glyph {cid}"
            continue
        glyph = glyphs[cid]
        glyph.draw(_Nowhere())
        if abs(glyph.width * scale - said.get(code, default)) > 1:
            yield f"{name}: {cid} is {glyph.width} wide, the file says {said.get(code, default)}"
            return


class _Nowhere:
    """A pen that draws nothing: a charstring knows its width once it was drawn."""

    def __getattr__(self, name: str) -> Any:
        return lambda *_: None


def unicode_map(font: pikepdf.Object) -> dict[int, str]:
    """What each code of a font means."""
    table = font.ToUnicode.read_bytes().decode("ascii")
    return {
        int(code, 16): bytes.fromhex(said).decode("utf-16-be")
        for code, said in re.findall(r"<([0-9a-fA-F]{4})> <([0-9a-fA-F]*)>", table)
    }


# ---------------------------------------------------------------- PDF/X-4


def print_file(data: bytes, size: tuple[float, float], *, black_alone: bool = True) -> Iterator[str]:
    """Faults of a file for the press. `size`: the trimmed page in millimetres; `black_alone`: black is its only ink."""
    with Pdf.open(BytesIO(data)) as pdf:
        yield from _sound(pdf)
        if not data.startswith(b"%PDF-1.6"):
            yield f"PDF {data[5:8].decode()}, not 1.6"
        yield from _press_claims(pdf)
        for number, page in enumerate(pdf.pages, start=1):
            yield from (f"page {number}: {fault}" for fault in _press_page(page, size, black_alone=black_alone))
        yield from fonts(pdf)


def _press_claims(pdf: Pdf) -> Iterator[str]:
    packet = xmp(pdf)
    for key, value in (("pdfxid:GTS_PDFXVersion", "PDF/X-4"), ("pdf:Trapped", "False"), ("xmpMM:VersionID", "1")):
        if packet.said.get(key) != value:
            yield f"XMP says {key} {packet.said.get(key)!r}"
    for key in ("xmpMM:DocumentID", "xmpMM:RenditionClass", "xmp:MetadataDate", "dc:title"):
        if not packet.said.get(key):
            yield f"XMP does not say {key}"
    if str(pdf.docinfo.get("/Trapped")) != "/False":
        yield "Trapped is not told"
    yield from _dates(pdf, packet)
    intents = list(pdf.Root.get("/OutputIntents", []))
    if [intent.S for intent in intents] != [Name.GTS_PDFX]:
        yield "not one output intent of PDF/X"
        return
    profile = intents[0].DestOutputProfile.read_bytes()
    if profile[12:20] != b"prtrCMYK" or intents[0].DestOutputProfile.N != 4:
        yield f"the profile is {profile[12:20]!r}"
    if not str(intents[0].get("/OutputConditionIdentifier", "")) or "/Info" not in intents[0]:
        yield "the printing condition is not named"
    extra = {"/StructTreeRoot", "/Outlines", "/Names", "/Dests", "/PieceInfo"} & set(pdf.Root.keys())
    if extra:
        yield f"left over: {', '.join(sorted(extra))}"


def _press_page(page: pikepdf.Page, size: tuple[float, float], *, black_alone: bool) -> Iterator[str]:
    media, bleed, trimmed = (list(map(float, page.obj[key])) for key in ("/MediaBox", "/BleedBox", "/TrimBox"))
    cut = ((trimmed[2] - trimmed[0]) / MM, (trimmed[3] - trimmed[1]) / MM)
    if any(abs(is_ - wanted) > 0.05 for is_, wanted in zip(cut, size, strict=True)):
        yield f"trimmed to {cut[0]:.1f} × {cut[1]:.1f} mm"
    margins = [trimmed[0] - bleed[0], trimmed[1] - bleed[1], bleed[2] - trimmed[2], bleed[3] - trimmed[3]]
    if any(abs(margin / MM - 3) > 0.01 for margin in margins):
        yield f"bleed of {[round(margin / MM, 2) for margin in margins]} mm"
    if media[:2] != [0, 0] or not all(m > b for m, b in zip(media[2:], bleed[2:], strict=True)):
        yield "the media box does not hold the bleed"
    extra = {"/Annots", "/AA", "/ArtBox", "/StructParents", "/Trans", "/PresSteps", "/Group"} & set(page.obj.keys())
    if extra:
        yield f"has {', '.join(sorted(extra))}"
    for state in page.Resources.get("/ExtGState", Dictionary()).values():
        if {"/TR", "/TR2", "/HTP", "/HT", "/SMask"} & set(state.keys()):
            yield "a graphics state that PDF/X does not allow"
    yield from _inks(page, black_alone=black_alone)
    yield from _marks(page, bleed)


def _inks(page: pikepdf.Page, *, black_alone: bool) -> Iterator[str]:
    """Colours are four inks; text is black ink only, and overprints."""
    fill: tuple[float, ...] = ()
    state, seen = "", Counter[str]()
    for operands, what in _steps(page):
        if what in {"rg", "RG", "g", "G", "cs", "CS", "sc", "SC", "scn", "SCN", "sh", "ri"}:
            seen[f"operator {what}"] += 1
        elif what == "BMC" or (what == "BDC" and "/ActualText" not in operands[1]):
            seen["tags"] += 1
        elif what == "gs":
            state = str(operands[0])
        elif what in {"k", "K"}:
            inks = tuple(map(float, operands))
            fill = inks if what == "k" else fill
            if black_alone and inks[:3] != (0, 0, 0):
                seen[f"inks {inks}"] += 1
        elif what in _SHOWS and black_alone and (fill, state) != ((0, 0, 0, 1), "/Overprint"):
            seen[f"text of {fill} under {state}"] += 1
    yield from (f"{fault}, {count} times" for fault, count in seen.items())


def _marks(page: pikepdf.Page, bleed: Sequence[float]) -> Iterator[str]:
    """Printer's marks stand outside the bleed, on every plate."""
    marks = page.Resources.XObject["/PrintersMarks"]
    space = marks.Resources.ColorSpace["/Registration"]
    if space[0] != Name.Separation or space[1] != Name.All:
        yield "marks are not on every plate"
    count = 0
    for operands, what in _steps(marks):
        if what in {"m", "l", "c"}:
            x, y = float(operands[-2]), float(operands[-1])
            count += 1
            if bleed[0] < x < bleed[2] and bleed[1] < y < bleed[3]:
                yield f"a mark inside the bleed at {x}, {y}"
    if count < 16:
        yield "crop marks are missing"


# ---------------------------------------------------------------- PDF/A-2a, PDF/UA-1


def reading_file(data: bytes) -> Iterator[str]:
    """Faults of a file to read and to keep."""
    with Pdf.open(BytesIO(data)) as pdf:
        yield from _sound(pdf)
        if not data.startswith(b"%PDF-1.7"):
            yield f"PDF {data[5:8].decode()}, not 1.7"
        yield from _archive_claims(pdf)
        yield from fonts(pdf)
        yield from Tagged(pdf).faults()
        for number, page in enumerate(pdf.pages, start=1):
            yield from (f"page {number}: {fault}" for fault in _archive_page(page))


def _archive_claims(pdf: Pdf) -> Iterator[str]:
    packet = xmp(pdf)
    for key, value in (("pdfaid:part", "2"), ("pdfaid:conformance", "A"), ("pdfuaid:part", "1")):
        if packet.said.get(key) != value:
            yield f"XMP says {key} {packet.said.get(key)!r}"
    for needed in ("pdfaExtension:schemas", "dc:title", "dc:language", "xmpMM:DocumentID"):
        if needed not in packet.said:
            yield f"XMP does not say {needed}"
    if "/Filter" in pdf.Root.Metadata:
        yield "the metadata are compressed"
    yield from _dates(pdf, packet)
    intents = list(pdf.Root.get("/OutputIntents", []))
    if [intent.S for intent in intents] != [Name.GTS_PDFA1]:
        yield "not one output intent of PDF/A"
    elif intents[0].DestOutputProfile.read_bytes()[16:20] != b"RGB ":
        yield "the output intent is not RGB"
    if not re.fullmatch(r"zh-Han[st](-[A-Z]{2})?", str(pdf.Root.get("/Lang", ""))):
        yield "no language"
    yield from _catalog_claims(pdf)


def _catalog_claims(pdf: Pdf) -> Iterator[str]:
    if not bool(pdf.Root.get("/ViewerPreferences", Dictionary()).get("/DisplayDocTitle", False)):
        yield "the title is not displayed"
    if not bool(pdf.Root.get("/MarkInfo", Dictionary()).get("/Marked", False)) or "/Suspects" in pdf.Root.MarkInfo:
        yield "not marked as tagged"
    for key in ("/Outlines", "/PageLabels", "/StructTreeRoot"):
        if key not in pdf.Root:
            yield f"no {key}"


def _archive_page(page: pikepdf.Page) -> Iterator[str]:
    if page.obj.get("/Tabs") != Name.S:
        yield "tab order is not that of the structure"
    for annotation in page.obj.get("/Annots", []):
        flags = int(annotation.get("/F", 0))
        if not flags & 4 or flags & (1 | 2 | 32):
            yield "an annotation that is hidden or not printed"
        if (
            annotation.Subtype != Name.Link
            or not str(annotation.get("/Contents", ""))
            or "/StructParent" not in annotation
        ):
            yield "an annotation that says not what it is"
        if annotation.get("/A", Dictionary()).get("/S", Name.URI) != Name.URI:
            yield "an action that PDF/A does not allow"
    for state in page.Resources.get("/ExtGState", Dictionary()).values():
        if float(state.get("/ca", 1)) != 1 or float(state.get("/CA", 1)) != 1 or "/SMask" in state:
            yield "transparency without a blending space"


@dataclass(slots=True)
class _Element:
    """An element of the structure tree, with the places of its content."""

    role: str
    made: pikepdf.Object
    parent: "_Element | None"
    kids: list["_Element | tuple[int, int]"] = field(default_factory=list)
    annotations: list[pikepdf.Object] = field(default_factory=list)

    def within(self) -> Iterator["_Element"]:
        yield self
        for kid in self.kids:
            if isinstance(kid, _Element):
                yield from kid.within()


class Tagged:
    """The structure tree of a PDF and the content that it leads to."""

    def __init__(self, pdf: Pdf) -> None:
        self.pdf = pdf
        self.pages = {page.obj.objgen: number for number, page in enumerate(pdf.pages)}
        self.untagged: Counter[int] = Counter()
        self.nested: Counter[int] = Counter()
        self.text: dict[tuple[int, int], str] = {}
        for number, page in enumerate(pdf.pages):
            self._read(number, page)
        (root,) = _listed(pdf.Root.StructTreeRoot.K)
        self.root = self._element(root, None)

    # ------------------------------------------------------------ reading

    def _read(self, number: int, page: pikepdf.Page) -> None:
        """The text of each marked content of a page, ActualText minded."""
        maps = {key: unicode_map(font) for key, font in page.Resources.get("/Font", Dictionary()).items()}
        stack: list[tuple[str, int | None, str | None]] = []  # role, MCID, ActualText
        said: Mapping[int, str] = {}
        for operands, what in _steps(page):
            if what in {"BDC", "BMC"}:
                more = operands[1] if what == "BDC" else Dictionary()
                mcid = int(more["/MCID"]) if "/MCID" in more else None
                actual = str(more["/ActualText"]) if "/ActualText" in more else None
                role = str(operands[0])
                open_roles = {
                    "artifact" if role == "/Artifact" else "content"
                    for role, mcid, _ in stack
                    if mcid is not None or role == "/Artifact"
                }
                if open_roles and (mcid is not None or role == "/Artifact"):
                    self.nested[number] += 1
                stack.append((role, mcid, actual))
                if mcid is not None:
                    self.text[number, mcid] = ""
            elif what == "EMC":
                _, _, actual = stack.pop()
                self._say(number, stack, actual or "")
            elif what == "Tf":
                said = maps[str(operands[0])]
            elif what in _PAINTS:
                if not any(mcid is not None or role == "/Artifact" for role, mcid, _ in stack):
                    self.untagged[number] += 1
                if what in _SHOWS and not any(actual is not None for _, _, actual in stack):
                    self._say(number, stack, "".join(said.get(code, "\ufffd") for code in _codes(operands[0])))

    def _say(self, number: int, stack: Sequence[tuple[str, int | None, str | None]], words: str) -> None:
        mcid = next((mcid for _, mcid, _ in reversed(stack) if mcid is not None), None)
        if mcid is not None:
            self.text[number, mcid] += words

    def _element(self, made: pikepdf.Object, parent: _Element | None) -> _Element:
        element = _Element(str(made.S)[1:], made, parent)
        home = self.pages[made.Pg.objgen] if "/Pg" in made else -1
        for kid in _listed(made.get("/K", [])):
            if not isinstance(kid, Dictionary):
                element.kids.append((home, int(kid)))
            elif kid.get("/Type") == Name.MCR:
                element.kids.append((self.pages[kid.Pg.objgen], int(kid.MCID)))
            elif kid.get("/Type") == Name.OBJR:
                element.annotations.append(kid.Obj)
            else:
                element.kids.append(self._element(kid, element))
        return element

    def said(self, element: _Element, *, without: frozenset[str] = frozenset()) -> str:
        """What an element says, in the order that a screen reader takes."""
        return "".join(
            self.text.get(kid, "")
            if isinstance(kid, tuple)
            else ("" if kid.role in without else self.said(kid, without=without))
            for kid in element.kids
        )

    # ------------------------------------------------------------ checking

    def faults(self) -> Iterator[str]:
        yield from (
            f"page {number + 1}: {count} marks on the page are no content" for number, count in self.untagged.items()
        )
        yield from (f"page {number + 1}: content within content" for number in self.nested)
        elements = list(self.root.within())
        if self.root.role != "Document":
            yield f"the root is {self.root.role}"
        yield from self._tree(elements)
        yield from self._places(elements)
        yield from self._headings(elements)
        yield from self._tables(elements)
        yield from self._notes(elements)

    def _tree(self, elements: Sequence[_Element]) -> Iterator[str]:
        for element in elements:
            if element.role not in _STANDARD:
                yield f"{element.role} is no standard type"
            if element.parent is not None and element.made.P.objgen != element.parent.made.objgen:
                yield f"{element.role} names another parent than has it"
            wanted = _PARENTS.get(element.role)
            if wanted and element.parent is not None and element.parent.role not in wanted:
                yield f"{element.role} within {element.parent.role}"
            if element.role == "Figure" and not str(element.made.get("/Alt", "")):
                yield "a picture without words"
            if element.role == "Link" and not element.annotations:
                yield "a link that leads nowhere"
            if element.role == "L" and element.made.get("/A", Dictionary()).get("/ListNumbering") is None:
                yield "a list without its kind of numbering"
            if not element.kids and element.role not in {"TD", "TH"}:
                yield f"an empty {element.role}"

    def _places(self, elements: Sequence[_Element]) -> Iterator[str]:
        """Content and tree lead to each other, once."""
        homes = {kid: element for element in elements for kid in element.kids if isinstance(kid, tuple)}
        if sum(isinstance(kid, tuple) for element in elements for kid in element.kids) != len(homes):
            yield "content that stands twice in the tree"
        if set(homes) != set(self.text):
            yield f"{len(set(homes) ^ set(self.text))} pieces of content are in the tree or on the page alone"
        nums = list(self.pdf.Root.StructTreeRoot.ParentTree.Nums)
        parents = {int(key): value for key, value in zip(nums[::2], nums[1::2], strict=True)}
        for (page, mcid), element in homes.items():
            listed = parents[int(self.pdf.pages[page].obj.StructParents)]
            if mcid >= len(listed) or listed[mcid].objgen != element.made.objgen:
                yield f"the parent tree errs on page {page + 1}, content {mcid}"
                return
        linked = {note.objgen: element for element in elements for note in element.annotations}
        for page_ in self.pdf.pages:
            for annotation in page_.obj.get("/Annots", []):
                owner = linked.get(annotation.objgen)
                if owner is None or parents[int(annotation.StructParent)].objgen != owner.made.objgen:
                    yield "an annotation without its place in the tree"
                    return

    def _headings(self, elements: Sequence[_Element]) -> Iterator[str]:
        """The first is H1, and none skips a rank (§ 7.4)."""
        last = 0
        for element in elements:
            if re.fullmatch(r"H[1-6]", element.role):
                rank = int(element.role[1])
                if rank > last + 1:
                    yield f"H{rank} under H{last}: {self.said(element)}"
                last = rank

    def _tables(self, elements: Sequence[_Element]) -> Iterator[str]:
        for table in (element for element in elements if element.role == "Table"):
            rows = [element for element in table.within() if element.role == "TR"]
            widths = {sum(_span(cell) for cell in row.kids if isinstance(cell, _Element)) for row in rows}
            rowspans = any("/RowSpan" in cell.made.get("/A", Dictionary()) for row in rows for cell in row.within())
            if len(widths) > 1 and not rowspans:
                yield f"a table whose rows are {sorted(widths)} cells wide"
            for cell in table.within():
                if cell.role == "TH" and cell.made.get("/A", Dictionary()).get("/Scope") is None:
                    yield "a head cell without its scope"

    def _notes(self, elements: Sequence[_Element]) -> Iterator[str]:
        """Each has an identifier of its own that the tree of them knows, a label, and follows its reference (§ 7.9)."""
        notes = [element for element in elements if element.role == "Note"]
        ids = [str(note.made.get("/ID", "")) for note in notes]
        if len(set(ids)) != len(ids) or "" in ids:
            yield "notes without identifiers of their own"
        if notes:
            names = list(self.pdf.Root.StructTreeRoot.IDTree.Names)
            if list(map(str, names[::2])) != sorted(ids):
                yield "the tree of identifiers is not that of the notes"
        for note in notes:
            siblings = note.parent.kids if note.parent else []
            at = next(i for i, kid in enumerate(siblings) if kid is note)
            before = siblings[at - 1] if at else None
            if not (isinstance(before, _Element) and before.role == "Reference"):
                yield f"a note that does not follow its mark: {self.said(note)[:20]}"
            if not any(isinstance(kid, _Element) and kid.role == "Lbl" for kid in note.kids):
                yield "a note without its number"


def _span(cell: _Element) -> int:
    return int(cell.made.get("/A", Dictionary()).get("/ColSpan", 1))


def _listed(kids: Any) -> list[Any]:
    return list(kids) if isinstance(kids, pikepdf.Array) else [kids]


# ---------------------------------------------------------------- the command


def main(arguments: Sequence[str]) -> int:
    """Every book in every house style, the specimen in every trim size too; 1 if anything is at fault."""
    lacking = [tool for tool in TOOLS if shutil.which(tool) is None]
    if lacking:
        sys.stderr.write(f"缺少 {'、'.join(lacking)} · missing: {', '.join(lacking)}\n")
        return 1
    bad = 0
    for name, edition, _ in typography.books(arguments):
        trims = tuple(trim.TRIMS) if name == "specimen" else ("16开",)
        for house, size in ((house, size) for house in ("classic", "large", "compact") for size in trims):
            bad += _tell(f"{name} {house} {size}", _examined(edition, house, size, thorough=size == "16开"))
    return 1 if bad else 0


def _examined(edition: Edition, house: str, size: str, *, thorough: bool) -> Iterator[str]:
    settings = Settings(print=PrintSettings(size, house))
    reading, printing = (press.render(edition, style.load(), settings, form) for form in ("pdf", "print"))
    yield from (f"{reading.name}: {fault}" for fault in reading_file(reading.data))
    measure = trim.size_of(size, edition.book.metadata)
    yield from (f"{printing.name}: {fault}" for fault in print_file(printing.data, measure))
    cover = press.render(edition, style.load(), settings, "cover")
    with Pdf.open(BytesIO(printing.data)) as pdf:
        spine = cover_sheet.spine_width(len(pdf.pages), settings.print.paper)
    flat = (2 * measure[0] + spine, measure[1])
    yield from (f"{cover.name}: {fault}" for fault in print_file(cover.data, flat, black_alone=False))
    if thorough:
        yield from (f"{cover.name}: {fault}" for fault in tools(cover.data))
        yield from (f"{reading.name}: {fault}" for fault in tools(reading.data))
        yield from (f"{printing.name}: {fault}" for fault in tools(printing.data, plates=True))


def _tell(name: str, faults: Iterator[str]) -> int:
    found = list(faults)
    sys.stdout.write(
        f"{'通过' if not found else '不通过'}  {name}\n" + "".join(f"    {fault}\n" for fault in found[:20])
    )
    sys.stdout.flush()
    return len(found)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
