"""What a PDF says of itself in XMP (ISO 16684-1): the book's facts, and the standards that the file claims to keep.

One packet for each file, the same for the same book: identifiers come from the edition's digest, dates from
`stamp.moment`. Properties outside the standards' own list (here: PDF/UA's `part`) are described in the packet, as
PDF/A asks for (ISO 19005-2 § 6.6.2.3).
"""

import re
import uuid
from dataclasses import dataclass

from lxml import etree

from pipeline.book import Edition
from pipeline.render.stamp import identifier, moment

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_NAMESPACES = {
    "rdf": _RDF,
    "dc": "http://purl.org/dc/elements/1.1/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "xmpMM": "http://ns.adobe.com/xap/1.0/mm/",
    "pdf": "http://ns.adobe.com/pdf/1.3/",
    "pdfaid": "http://www.aiim.org/pdfa/ns/id/",
    "pdfuaid": "http://www.aiim.org/pdfua/ns/id/",
    "pdfxid": "http://www.npes.org/pdfx/ns/id/",
    "pdfaExtension": "http://www.aiim.org/pdfa/ns/extension/",
    "pdfaSchema": "http://www.aiim.org/pdfa/ns/schema#",
    "pdfaProperty": "http://www.aiim.org/pdfa/ns/property#",
}
_UNSAYABLE = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NAMES = uuid.uuid5(uuid.NAMESPACE_URL, "urn:zhpress:pdf")
_TITLE_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


@dataclass(frozen=True, slots=True)
class Claims:
    """The standards that a file keeps, as the XMP properties that say so ("pdfaid:part": "2")."""

    said: tuple[tuple[str, str], ...]
    producer: str
    creator: str = "zhpress"


READING = (("pdfaid:part", "2"), ("pdfaid:conformance", "A"), ("pdfuaid:part", "1"))
UNTAGGED = (("pdfaid:part", "2"), ("pdfaid:conformance", "U"))  # where the tags are not ours, and so unproved
PRINT = (
    ("pdfxid:GTS_PDFXVersion", "PDF/X-4"),
    ("pdf:Trapped", "False"),
    ("xmpMM:RenditionClass", "default"),
    ("xmpMM:VersionID", "1"),
)


def packet(edition: Edition, title: str, claims: Claims) -> bytes:
    """The XMP packet of one file of an edition; `title` is never empty."""
    data = edition.book.metadata
    root = etree.Element(_name("rdf:RDF"), nsmap=_used(claims))
    about = etree.SubElement(root, _name("rdf:Description"), {_name("rdf:about"): ""})
    for key, value in claims.said:
        etree.SubElement(about, _name(key)).text = value
    _listed(about, "dc:title", "Alt", [_plain(title)])
    _listed(about, "dc:creator", "Seq", [_plain(creator.name) for creator in data.creators])
    _listed(about, "dc:publisher", "Bag", [_plain(data.publisher)])
    _listed(about, "dc:subject", "Bag", [_plain(subject) for subject in data.subjects])
    _listed(about, "dc:language", "Bag", [edition.lang])
    etree.SubElement(about, _name("dc:format")).text = "application/pdf"
    etree.SubElement(about, _name("dc:identifier")).text = identifier(edition)
    made = moment().strftime("%Y-%m-%dT%H:%M:%SZ")
    for key in ("xmp:CreateDate", "xmp:ModifyDate", "xmp:MetadataDate"):
        etree.SubElement(about, _name(key)).text = made
    etree.SubElement(about, _name("xmp:CreatorTool")).text = claims.creator
    etree.SubElement(about, _name("pdf:Producer")).text = claims.producer
    if data.subjects:
        etree.SubElement(about, _name("pdf:Keywords")).text = _plain(", ".join(data.subjects))
    kind = "".join(value for _, value in claims.said)
    etree.SubElement(about, _name("xmpMM:DocumentID")).text = _urn(identifier(edition), kind)
    etree.SubElement(about, _name("xmpMM:InstanceID")).text = _urn(edition.digest, made, kind)
    if any(key.startswith("pdfuaid:") for key, _ in claims.said):
        _describe_pdfua(root)
    body = etree.tostring(root, encoding="unicode", pretty_print=True)
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
        f'<x:xmpmeta xmlns:x="adobe:ns:meta/">\n{body}</x:xmpmeta>\n<?xpacket end="w"?>'
    ).encode()


def _name(key: str) -> str:
    prefix, _, local = key.partition(":")
    return f"{{{_NAMESPACES[prefix]}}}{local}"


def _used(claims: Claims) -> dict[str, str]:
    """The namespaces that this packet speaks of, and no other: a reader takes a prefix for a claim."""
    spoken = {key.partition(":")[0] for key, _ in claims.said} | {"rdf", "dc", "xmp", "xmpMM", "pdf"}
    if "pdfuaid" in spoken:
        spoken |= {"pdfaExtension", "pdfaSchema", "pdfaProperty"}
    return {prefix: uri for prefix, uri in _NAMESPACES.items() if prefix in spoken}


def _listed(about: etree._Element, key: str, kind: str, values: list[str]) -> None:
    """A property of several values; none where there is nothing to say."""
    values = [value for value in values if value]
    if not values:
        return
    container = etree.SubElement(etree.SubElement(about, _name(key)), _name(f"rdf:{kind}"))
    for value in values:
        item = etree.SubElement(container, _name("rdf:li"))
        item.text = value
        if kind == "Alt":
            item.set(_TITLE_LANGUAGE, "x-default")


def _describe_pdfua(root: etree._Element) -> None:
    """PDF/UA's schema, in the words of PDF/A's extension schemas."""
    about = etree.SubElement(root, _name("rdf:Description"), {_name("rdf:about"): ""})
    schemas = etree.SubElement(etree.SubElement(about, _name("pdfaExtension:schemas")), _name("rdf:Bag"))
    schema = _resource(schemas)
    for key, value in (
        ("pdfaSchema:schema", "PDF/UA Universal Accessibility Schema"),
        ("pdfaSchema:namespaceURI", _NAMESPACES["pdfuaid"]),
        ("pdfaSchema:prefix", "pdfuaid"),
    ):
        etree.SubElement(schema, _name(key)).text = value
    properties = etree.SubElement(etree.SubElement(schema, _name("pdfaSchema:property")), _name("rdf:Seq"))
    part = _resource(properties)
    for key, value in (
        ("pdfaProperty:name", "part"),
        ("pdfaProperty:valueType", "Integer"),
        ("pdfaProperty:category", "internal"),
        ("pdfaProperty:description", "Indicates which part of ISO 14289 the file conforms to"),
    ):
        etree.SubElement(part, _name(key)).text = value


def _resource(container: etree._Element) -> etree._Element:
    return etree.SubElement(container, _name("rdf:li"), {_name("rdf:parseType"): "Resource"})


def _urn(*parts: str) -> str:
    return uuid.uuid5(_NAMES, "\n".join(parts)).urn


def _plain(words: str) -> str:
    """Words as XML can carry them: controls, lone surrogates and non-characters left out (XML 1.0 § 2.2)."""
    return _UNSAYABLE.sub("", words)
