"""Work that WeasyPrint 70 does again for every page, box and line, done once. Changes nothing on any page.

Proved with the rest of the layout (tests/test_typeset.py): a book set with and without this file has the same glyphs
in the same places.
"""

import sys
from collections.abc import Iterator
from math import inf
from typing import Any, ClassVar

import pydyf  # type: ignore[import-untyped]
from weasyprint import css, document
from weasyprint.formatting_structure import boxes
from weasyprint.layout import background, page, percent
from weasyprint.pdf import fonts
from weasyprint.text import line_break
from weasyprint.text.ffi import ffi, harfbuzz

_STOCK_PAGE_TYPE = page.PageType
_STOCK_PAGE_STYLES = page.set_page_type_computed_styles
_STOCK_PERCENTAGES = percent.resolve_percentages
_STOCK_RADII = background.resolve_radii_percentages
_STOCK_FONT_KEY = line_break._font_style_cache_key  # noqa: SLF001
_STOCK_REFERENCES = pydyf.PDF.page_references.fget
_STOCK_STYLE = css.StyleFor.set_computed_styles
_STOCK_STYLE_FOR = css.StyleFor.__call__
_STOCK_FACE_DATA = fonts.get_hb_object_data
_STOCK_OPEN_FONT = fonts.Font.__init__
_STOCK_CLEAN_FONT = fonts.Font.clean
_STOCK_WRITE = pydyf.PDF.write
_STOCK_STREAM_DATA = pydyf.Stream.data.fget
_STOCK_DICTIONARY_DATA = pydyf.Dictionary.data.fget
_STOCK_LAYOUT = document.layout_document

# What is said of every element in WeasyPrint's own sheet, and asked for of few (notes, list items).
_SELDOM = frozenset({"marker", "footnote-call", "footnote-marker", "note-call", "note-marker", "note-callback"})
_NO_NOTES = frozenset({"none", "left", "right", "inline-start", "inline-end"})
_NOWHERE_ELSE = frozenset({"static", "relative", "absolute", "fixed"})
_SIDES = ("top", "right", "bottom", "left")
_EDGES = tuple(f"{edge}_{side}" for edge in ("margin", "padding") for side in _SIDES)
_BORDERS = tuple(f"border_{side}_width" for side in _SIDES)
_CORNERS = tuple(f"border_{y}_{x}_radius" for y in ("top", "bottom") for x in ("left", "right"))
_LIMITS = ("min_width", "min_height", "max_width", "max_height")

# A margin box that a page does not have: WeasyPrint makes all sixteen, and sets these to nought in the end.
_NOTHING = dict.fromkeys((*_EDGES, *_BORDERS, *_LIMITS[:2], "width", "height"), 0) | dict.fromkeys(_LIMITS[2:], inf)


class _Pages:
    """Whether pages may share styles: only if no page selector counts further than to the first."""

    shared = False


def layout_document(html: Any, root_box: Any, context: Any, *rest: Any, **more: Any) -> Iterator[Any]:
    """Look at the page selectors of this document, then lay it out page by page."""
    sheets = context.style_for._sheets  # noqa: SLF001
    selectors = (selector for sheet, _, _ in sheets for rule in sheet.page_rules for _, _, selector in rule[1])
    _Pages.shared = all(selector.index is None or tuple(selector.index)[:2] == (0, 1) for selector in selectors)
    try:
        yield from _STOCK_LAYOUT(html, root_box, context, *rest, **more)
    finally:
        _Pages.shared = False


def page_type(side: Any, blank: Any, name: Any, index: int, groups: Any) -> Any:
    """WeasyPrint styles every page anew, as its number could matter. Here only being the first can."""
    if not _Pages.shared:
        return _STOCK_PAGE_TYPE(side, blank, name, index, groups)
    return _STOCK_PAGE_TYPE(side, blank, name, min(index, 1), tuple((group, min(at, 1)) for group, at in groups))


def set_page_type_computed_styles(this: Any, html: Any, style_for: Any) -> None:
    """Once for each type of page."""
    seen: set[Any] = style_for.__dict__.setdefault("zh_page_types", set())
    if this not in seen:
        seen.add(this)
        _STOCK_PAGE_STYLES(this, html, style_for)


def font_style_cache_key(style: Any, include_size: bool = False) -> Any:  # noqa: FBT001, FBT002  (its signature)
    """A style's key does not change."""
    kept = style.__dict__.setdefault("zh_font_keys", {})
    if include_size not in kept:
        kept[include_size] = _STOCK_FONT_KEY(style, include_size)
    return kept[include_size]


def page_references(pdf: Any) -> tuple[bytes, ...]:
    """All pages are listed anew by pydyf for each tag and link that names its page: the square of the pages."""
    kids = pdf.pages["Kids"]
    kept = pdf.__dict__.get("zh_page_references")
    if kept is None or len(kept) != len(kids) // 3:
        kept = pdf.zh_page_references = _STOCK_REFERENCES(pdf)
    return kept  # type: ignore[no-any-return]


def _pixels(value: Any) -> Any:
    """A length that needs no containing block; ValueError for any other."""
    if value == "auto" or value is None:
        return value
    unit = getattr(value, "unit", None)
    if unit != "px":
        raise ValueError(unit)
    return value.value


def _fixed(box: Any) -> dict[str, Any] | None:
    """What `resolve_percentages` would set on a box of this style, if it is the same in every containing block."""
    style = box.style
    plain = style["width"] == style["height"] == "auto" and style["box_sizing"] == "content-box"
    if not plain or style["border_collapse"] == "collapse" or isinstance(box, boxes.PageBox):
        return None
    try:
        fixed = {name: _pixels(style[name]) for name in (*_EDGES, *_LIMITS)}
    except (ValueError, AttributeError):
        return None
    fixed |= {name: 0 for name in _LIMITS[:2] if fixed[name] == "auto"}
    return fixed | {"width": "auto", "height": "auto"} | {name: style[name] for name in _BORDERS}


def resolve_percentages(box: Any, containing_block: Any) -> None:
    """Set the used lengths of a box: at once where none of them is a percentage."""
    if type(box) is boxes.MarginBox and not box.is_generated:
        box.__dict__.update(_NOTHING)
        return
    style = box.style
    try:
        fixed = style.zh_fixed
    except AttributeError:
        fixed = _fixed(box)
        if fixed is not None:  # one for all styles that come to the same
            fixed = style.font_config.__dict__.setdefault("zh_lengths", {}).setdefault(tuple(fixed.values()), fixed)
        style.zh_fixed = fixed
    if fixed is None or box.remove_decoration_sides:
        _STOCK_PERCENTAGES(box, containing_block)
    else:
        box.__dict__.update(fixed)


def resolve_radii_percentages(box: Any) -> None:
    """Square corners need no reckoning."""
    style = box.style
    try:
        square = style.zh_square
    except AttributeError:
        square = style.zh_square = all(
            getattr(length, "value", 1) == 0 for corner in _CORNERS for length in style[corner]
        )
    if square:
        box.border_top_left_radius = box.border_top_right_radius = (0, 0)
        box.border_bottom_right_radius = box.border_bottom_left_radius = (0, 0)
    else:
        _STOCK_RADII(box)


def set_computed_styles(this: Any, element: Any, parent: Any, **rest: Any) -> None:
    """WeasyPrint styles six pseudo-elements of every element, as its own sheet says something of notes and markers
    everywhere. Here those of notes and list items wait until they are asked for, and no others are made.
    """
    pseudo = rest.get("pseudo_type")
    if pseudo not in _SELDOM:
        _STOCK_STYLE(this, element, parent, **rest)
        return
    own = this.get_computed_styles()[element, None]
    if pseudo == "marker":
        asked_for = "list-item" in own["display"]
    else:
        asked_for = own["float"] not in _NO_NOTES or own["position"] not in _NOWHERE_ELSE
    if not asked_for:
        return
    said = this.get_cascaded_styles().get((element, pseudo), {})
    this.__dict__.setdefault("zh_waiting", {})[element, pseudo] = said, parent, rest


def style_for(this: Any, element: Any, pseudo_type: Any = None) -> Any:
    """A style; one that waited is made now."""
    if pseudo_type in _SELDOM:
        waiting = this.__dict__.get("zh_waiting", {}).pop((element, pseudo_type), None)
        if waiting is not None:
            said, parent, rest = waiting
            this.get_cascaded_styles()[element, pseudo_type] = said
            _STOCK_STYLE(this, element, parent, **rest)
            del this.get_cascaded_styles()[element, pseudo_type]
    return _STOCK_STYLE_FOR(this, element, pseudo_type)


def whole_face(hb_object: Any, *rest: Any, **more: Any) -> Any:
    """A font's file as it lies in memory, where WeasyPrint copies all of it (25 MB each) to embed a small part."""
    if rest or more or not _Fonts.opening:
        return _STOCK_FACE_DATA(hb_object, *rest, **more)
    length = ffi.new("unsigned int *")
    blob = ffi.gc(harfbuzz.hb_face_reference_blob(hb_object), harfbuzz.hb_blob_destroy)
    data = harfbuzz.hb_blob_get_data(blob, length)
    _Fonts.blobs.append(blob)
    return ffi.buffer(data, length[0])


class _Fonts:
    """Whether a font is being opened; and the files that are looked at, which may not go before their fonts do."""

    opening = False
    blobs: ClassVar[list[Any]] = []


def open_font(font: Any, *rest: Any) -> None:
    """A font of the PDF, its file not copied."""
    _Fonts.opening = True
    try:
        _STOCK_OPEN_FONT(font, *rest)
    finally:
        _Fonts.opening = False
    font.zh_blob = _Fonts.blobs.pop() if _Fonts.blobs else None


def clean_font(font: Any, *rest: Any) -> None:
    """Subset a font; what could not be made smaller is embedded whole."""
    _STOCK_CLEAN_FONT(font, *rest)
    font.file_content = bytes(font.file_content)


def write(pdf: Any, output: Any, version: Any = b"1.7", identifier: Any = False, compress: bool = False) -> None:  # noqa: FBT001, FBT002
    """The same bytes as pydyf's, which makes and packs all streams and objects twice: to write them, and for the ID."""
    kept: dict[int, bytes] = {}
    _Written.kept = kept
    try:
        _STOCK_WRITE(pdf, output, version, identifier, compress)
    finally:
        _Written.kept = None


class _Written:
    """The data of objects while a PDF is written; they change no more."""

    kept: dict[int, bytes] | None = None


def _kept(data: Any) -> property:
    """A property that gives the same bytes as long as a PDF is written."""

    def remembering(this: Any) -> bytes:
        kept = _Written.kept
        if kept is None or this.number is None:
            return data(this)  # type: ignore[no-any-return]
        if (found := kept.get(this.number)) is None:
            found = kept[this.number] = data(this)
        return found

    return property(remembering)


def replaced() -> tuple[tuple[Any, str, Any], ...]:
    """What stands in for WeasyPrint's functions, in every module that has them by name."""
    users = [module for name, module in sys.modules.items() if name.startswith("weasyprint.layout")]
    everywhere = tuple(
        (module, "resolve_percentages", resolve_percentages)
        for module in users
        if getattr(module, "resolve_percentages", None) is _STOCK_PERCENTAGES
    )
    return (
        *everywhere,
        (document, "layout_document", layout_document),
        (page, "PageType", page_type),
        (page, "set_page_type_computed_styles", set_page_type_computed_styles),
        (line_break, "_font_style_cache_key", font_style_cache_key),
        (css.StyleFor, "set_computed_styles", set_computed_styles),
        (css.StyleFor, "__call__", style_for),
        (fonts, "get_hb_object_data", whole_face),
        (fonts.Font, "__init__", open_font),
        (fonts.Font, "clean", clean_font),
        (pydyf.PDF, "page_references", property(page_references)),
        (pydyf.PDF, "write", write),
        (pydyf.Stream, "data", _kept(_STOCK_STREAM_DATA)),
        (pydyf.Dictionary, "data", _kept(_STOCK_DICTIONARY_DATA)),
        (background, "resolve_radii_percentages", resolve_radii_percentages),
    )
