"""XML that a shelf writes: elements of one namespace, words made legal, the same bytes for the same words."""

from collections.abc import Mapping
from typing import Any

from lxml import etree

from pipeline.render.html import legal

_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def document(name: str, space: str, *, more: Mapping[str, str] | None = None, lang: str = "") -> etree._Element:
    """A root element in `space`, which needs no prefix in it; `more` are the prefixes of other namespaces."""
    spaces: Any = {None: space, **(more or {})}  # lxml's stubs know no None
    root = etree.Element(f"{{{space}}}{name}", nsmap=spaces)
    if lang:
        root.set(_LANG, lang)
    return root


def add(parent: etree._Element, name: str, words: str = "", **attributes: str) -> etree._Element:
    """A child in the namespace of its parent, or in that of a name written as {space}name."""
    space = etree.QName(parent).namespace
    element = etree.SubElement(parent, name if name.startswith("{") else f"{{{space}}}{name}")
    for key, value in attributes.items():
        element.set(key, legal(value))
    element.text = legal(words) or None
    return element


def written(root: etree._Element) -> bytes:
    """The whole document."""
    etree.indent(root, " ")
    made: bytes = etree.tostring(root, xml_declaration=True, encoding="utf-8")
    return made + b"\n"
