"""The file for the press: PDF/X-4 (ISO 15930-7), made from pages that are laid out already.

The reading file's pages are taken as they are, so that both files say the same in the same places; only what a press
asks for differs. Colours become inks (render/colour.py), black overprints, every page gets trim and bleed boxes and
printer's marks, and what a press has no use for (links, outline, tags) is left out. Fonts are shared, not cut again.

Lengths are in points of 1/72 inch. Nothing is drawn twice and nothing is laid out anew.
"""

import re
from dataclasses import dataclass
from functools import cache
from io import BytesIO

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf
from PIL import Image

from pipeline.book import Edition
from pipeline.config import Settings
from pipeline.render import colour, xmp
from pipeline.render.trim import POINTS_PER_MM
from pipeline.style import Profile, Style

BLEED = 3 * POINTS_PER_MM  # what a printer in China asks for on each side
_ROOM = 8 * POINTS_PER_MM  # around the bleed, for the marks
_MARK = 5 * POINTS_PER_MM  # length of a mark; between it and the bleed, 1 mm
_GAP = 1 * POINTS_PER_MM
_HAIRLINE = 0.25
_TARGET = 1.5 * POINTS_PER_MM  # radius of a register mark
_QUALITY = 95  # of a photograph that is written anew in inks
_REGISTRY = "http://www.color.org"
_BLACK, _KNOCKOUT = b"/Overprint gs", b"/Knockout gs"

# The operators of a page that differ for the press. Strings are matched first, so that none is read as an operator.
_OPERATOR = re.compile(
    rb"(?P<string>\((?:[^()\\]|\\.)*\))"
    rb"|(?P<opened>/[^\s/<>\[\]()]+\s+(?:<<(?:[^<>]|<[^<>]*>)*>>\s*BDC|/[^\s/<>\[\]()]+\s+BDC|BMC)\b)"
    rb"|(?P<closed>\bEMC\b)"
    rb"|(?P<opaque>/[aA]1(?:\.0+)?\s+gs)\b"
    rb"|/DeviceCMYK\s+(?:cs|CS)\b"
    rb"|(?P<inks>(?:[\d.]+\s+){4})(?P<special>scn|SCN|k|K)\b"
    rb"|(?P<rgb>(?:[\d.]+\s+){3})(?P<rgb_of>rg|RG)\b"
    rb"|(?P<grey>[\d.]+\s+)(?P<grey_of>g|G)\b"
)


@dataclass(frozen=True, slots=True)
class Folds:
    """Where a cover is folded: distances of the folds from the left trim; none for the pages of a book."""

    at: tuple[float, ...] = ()


def inks(style: Style, settings: Settings) -> Profile:
    """The press's own profile where the publisher gave one, else ours."""
    own = settings.print.profile
    return style.press if own is None else Profile(own.name, own.data)


def render(pages: bytes, edition: Edition, profile: Profile, folds: Folds | None = None) -> bytes:
    """The PDF/X-4 of these pages. Each page's trim is its TrimBox; what stands beyond it is the bleed.

    Raises SettingsError where the profile is no CMYK press profile.
    """
    colour.check(profile)
    with Pdf.open(BytesIO(pages)) as pdf:
        press = _Press(pdf, profile, folds or Folds())
        for page in pdf.pages:
            press.prepare(page)
        _undress(pdf)
        _say(pdf, edition, profile)
        out = BytesIO()
        pdf.remove_unreferenced_resources()
        pdf.save(
            out,
            min_version="1.6",
            force_version="1.6",
            deterministic_id=True,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            compress_streams=True,
        )
    return out.getvalue()


class _Press:
    """One file on its way to the press."""

    def __init__(self, pdf: Pdf, profile: Profile, folds: Folds) -> None:
        self.pdf, self.profile, self.folds = pdf, profile, folds
        self.marks: dict[tuple[float, float], pikepdf.Object] = {}
        self.done: set[tuple[int, int]] = set()
        self.spans: list[bool] = []  # open spans of marked content: whether each stays
        self.ink = cache(lambda red, green, blue: colour.ink(red, green, blue, profile))

    def prepare(self, page: pikepdf.Page) -> None:
        """Boxes, inks and marks of one page; whatever is fastened to it comes off."""
        left, bottom, right, top = (float(edge) for edge in page.trimbox)
        width, height, edge = right - left, top - bottom, BLEED + _ROOM
        drawn = self.in_inks(page.obj.Contents.read_bytes())
        bled = (_ROOM, _ROOM, width + 2 * BLEED, height + 2 * BLEED)
        clipped = b"q %.4f %.4f %.4f %.4f re W n 1 0 0 1 %.4f %.4f cm\n%s\nQ\n/PrintersMarks Do"
        content = clipped % (*bled, edge - left, edge - bottom, drawn)
        resources = page.obj.Resources
        self.prepare_resources(resources)
        resources.XObject["/PrintersMarks"] = self.marks_around(width, height)
        for key in ("/Annots", "/StructParents", "/Tabs", "/Group", "/ArtBox", "/CropBox"):
            if key in page.obj:
                del page.obj[key]
        page.obj.Contents = self.pdf.make_stream(content)
        page.obj.MediaBox = _box(0, width, height, 2 * edge)
        page.obj.BleedBox = _box(_ROOM, width, height, 2 * BLEED)
        page.obj.TrimBox = _box(edge, width, height, 0)

    def in_inks(self, content: bytes) -> bytes:
        """A content stream with its colours as inks. Black overprints, everything else knocks out.

        Tags come off; what says how a passage reads (ActualText) stays, for proofs are searched.
        """
        self.spans.clear()
        return _OPERATOR.sub(self._inked, content)

    def _inked(self, found: re.Match[bytes]) -> bytes:
        if found["string"] is not None:
            return found[0]
        if found["opened"]:
            self.spans.append(b"ActualText" in found[0])
            return found[0] if self.spans[-1] else b""
        if found["closed"]:
            return found[0] if self.spans and self.spans.pop() else b""
        if found["rgb"]:
            channels = tuple(map(float, found["rgb"].split()))
            return self._set(self.ink(*channels), stroke=found["rgb_of"] == b"RG")
        if found["grey"]:
            return self._set(colour.Ink(0, 0, 0, round(1 - float(found["grey"]), 4)), stroke=found["grey_of"] == b"G")
        if found["inks"]:
            inks = colour.Ink(*map(float, found["inks"].split()))
            return self._set(inks, stroke=found["special"].isupper())
        return b""

    def _set(self, ink: colour.Ink, *, stroke: bool) -> bytes:
        state = _BLACK if ink.is_black_alone and ink.black == 1 else _KNOCKOUT
        return b"%s %s %s" % (state, ink.operands(), b"K" if stroke else b"k")

    def prepare_resources(self, resources: pikepdf.Object) -> None:
        """Graphics states for overprint, and pictures in inks; once for resources that pages share."""
        if resources.objgen in self.done and resources.is_indirect:
            return
        self.done.add(resources.objgen)
        for key in ("/ExtGState", "/XObject"):
            if key not in resources:
                resources[key] = Dictionary()
        resources.ExtGState["/Overprint"] = Dictionary(Type=Name.ExtGState, OP=True, op=True, OPM=1)
        resources.ExtGState["/Knockout"] = Dictionary(Type=Name.ExtGState, OP=False, op=False, OPM=0)
        if "/ColorSpace" in resources:
            del resources["/ColorSpace"]
        for name, drawing in list(resources.XObject.items()):
            if isinstance(drawing, pikepdf.Stream) and drawing.get("/Subtype") == Name.Image:
                resources.XObject[name] = self.picture(drawing)
            elif drawing.get("/Subtype") == Name.Form and name != "/PrintersMarks":
                self.prepare_form(drawing)

    def prepare_form(self, form: pikepdf.Object) -> None:
        """A drawing within a drawing: the same."""
        if form.objgen in self.done:
            return
        self.done.add(form.objgen)
        form.write(self.in_inks(form.read_bytes()))
        if "/Resources" in form:
            self.prepare_resources(form.Resources)
        if "/Group" in form:
            form.Group.CS = Name.DeviceCMYK

    def picture(self, image: pikepdf.Stream) -> pikepdf.Object:
        """A picture in inks; its mask stays."""
        if image.get("/ColorSpace") == Name.DeviceCMYK or image.get("/ImageMask"):
            return image
        photograph = image.get("/Filter") == Name.DCTDecode
        inked = colour.picture(pikepdf.PdfImage(image).as_pil_image(), self.profile)
        extra = {"/SMask": image.SMask} if "/SMask" in image else {}
        return _image(self.pdf, inked, extra, photograph=photograph)

    def marks_around(self, width: float, height: float) -> pikepdf.Object:
        """Printer's marks for pages of this size, drawn once."""
        size = (round(width, 3), round(height, 3))
        if size not in self.marks:
            self.marks[size] = _marks(self.pdf, width, height, self.folds)
        return self.marks[size]


def _box(inset: float, width: float, height: float, more: float) -> Array:
    return Array([round(inset, 4), round(inset, 4), round(inset + width + more, 4), round(inset + height + more, 4)])


def _image(pdf: Pdf, inked: Image.Image, extra: dict[str, pikepdf.Object], *, photograph: bool) -> pikepdf.Object:
    """A picture of four inks as a PDF has it."""
    said = {"/Type": Name.XObject, "/Subtype": Name.Image, "/Width": inked.width, "/Height": inked.height}
    said |= {"/ColorSpace": Name.DeviceCMYK, "/BitsPerComponent": 8, **extra}
    if not photograph:
        return pdf.make_stream(inked.tobytes(), said)
    out = BytesIO()
    inked.save(out, "JPEG", quality=_QUALITY, subsampling=0)
    said |= {"/Filter": Name.DCTDecode, "/Decode": Array([1, 0] * 4)}  # a JPEG of inks is written inverted (Adobe)
    return pdf.make_stream(out.getvalue(), said)


# ---------------------------------------------------------------- printer's marks


def _marks(pdf: Pdf, width: float, height: float, folds: Folds) -> pikepdf.Object:
    """Crop and register marks, and fold marks of a cover, on every plate and outside the bleed (ISO 15930-7 § 6.8)."""
    edge = BLEED + _ROOM
    near, far = _ROOM - _GAP, _ROOM - _GAP - _MARK  # counted from the edge of the sheet
    lines: list[str] = []
    for x in (edge, edge + width):
        lines += _pair(x, far, near, height + 2 * edge, upright=True)
    for y in (edge, edge + height):
        lines += _pair(y, far, near, width + 2 * edge, upright=False)
    for at in folds.at:
        lines += _pair(edge + at, far, near, height + 2 * edge, upright=True)
    dashed = len(lines) - 2 * len(folds.at)
    middle = (far + near) / 2
    targets = [
        (edge + width / 2 if not folds.at else edge + width / 4, middle),
        (edge + width / 2 if not folds.at else edge + width / 4, height + 2 * edge - middle),
        (middle, edge + height / 2),
        (width + 2 * edge - middle, edge + height / 2),
    ]
    drawn = [
        f"/Registration CS 1 SCN {_HAIRLINE} w",
        *lines[:dashed],
        *(line for x, y in targets for line in _target(x, y)),
        "[2 1.5] 0 d" if folds.at else "",
        *lines[dashed:],
    ]
    plates = Dictionary(FunctionType=2, Domain=[0, 1], C0=[0, 0, 0, 0], C1=[1, 1, 1, 1], N=1)
    space = Array([Name.Separation, Name.All, Name.DeviceCMYK, plates])
    form = pdf.make_stream("\n".join(filter(None, drawn)).encode())
    form.Type, form.Subtype = Name.XObject, Name.Form
    form.BBox = Array([0, 0, round(width + 2 * edge, 4), round(height + 2 * edge, 4)])
    form.Resources = Dictionary(ColorSpace=Dictionary(Registration=space))
    return form


def _pair(at: float, far: float, near: float, length: float, *, upright: bool) -> list[str]:
    """A mark at each end of a sheet that is `length` long."""
    ends = ((far, near), (length - near, length - far))
    if upright:
        return [f"{at:.3f} {start:.3f} m {at:.3f} {end:.3f} l S" for start, end in ends]
    return [f"{start:.3f} {at:.3f} m {end:.3f} {at:.3f} l S" for start, end in ends]


def _target(x: float, y: float) -> list[str]:
    """A register mark: a ring and a cross."""
    r, reach = _TARGET, _TARGET * 1.6
    k = r * 0.5523
    ring = f"{x + r:.3f} {y:.3f} m "
    for ax, ay, bx, by in ((1, 0, 0, 1), (0, 1, -1, 0), (-1, 0, 0, -1), (0, -1, 1, 0)):
        points = (x + r * ax + k * bx, y + r * ay + k * by, x + r * bx + k * ax, y + r * by + k * ay)
        ring += "".join(f"{value:.3f} " for value in (*points, x + r * bx, y + r * by)) + "c "
    across = f"{x - reach:.3f} {y:.3f} m {x + reach:.3f} {y:.3f} l S"
    return [ring + "S", across, f"{x:.3f} {y - reach:.3f} m {x:.3f} {y + reach:.3f} l S"]


# ---------------------------------------------------------------- what the file says


def _undress(pdf: Pdf) -> None:
    """What a screen needs and a press does not."""
    for key in list(pdf.Root.keys()):
        if key not in {"/Type", "/Pages", "/Lang", "/PageLabels"}:
            del pdf.Root[key]


def _say(pdf: Pdf, edition: Edition, profile: Profile) -> None:
    """Output intent, XMP and document information (ISO 15930-7 § 6.2, 6.3)."""
    info = pdf.docinfo
    title = str(info.get("/Title", "")) or edition.stem
    info["/Title"] = title
    info["/Trapped"] = Name("/False")
    embedded = pdf.make_stream(profile.data, {"/N": 4, "/Alternate": Name.DeviceCMYK})
    intent = Dictionary(Type=Name.OutputIntent, S=Name.GTS_PDFX, DestOutputProfile=embedded)
    intent.OutputConditionIdentifier = pikepdf.String(profile.condition or "Custom")
    intent.Info = pikepdf.String(profile.name)
    if profile.condition:
        intent.RegistryName = pikepdf.String(_REGISTRY)
    pdf.Root.OutputIntents = Array([pdf.make_indirect(intent)])
    claims = xmp.Claims(xmp.PRINT, str(info.get("/Producer", "")), str(info.get("/Creator", "zhpress")))
    packet = pdf.make_stream(xmp.packet(edition, title, claims))
    packet.Type, packet.Subtype = Name.Metadata, Name.XML
    pdf.Root.Metadata = packet
