"""ONIX for Books 3.0 (reference names): the shelf for shops and wholesalers. One product is one file of one edition.

The print ISBN is never the product's own: it is named as that of the print product that the e-book was made from. What
stands on the shelf may be taken from it: it is unpriced, "free of charge". Codes are those of EDItEUR's code lists.
"""

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import quote

from lxml import etree

from pipeline.catalogue.card import Card, Download, EditionCard
from pipeline.catalogue.linked_data import licence_url
from pipeline.catalogue.pages import Pictured
from pipeline.catalogue.settings import ShelfSettings
from pipeline.catalogue.xml import add, document, written
from pipeline.render.package import relator

_SPACE = "http://ns.editeur.org/onix/3.0/reference"
_DETAILS = {"epub": "E101", "pdf": "E107"}  # list 175
_ROLES = {
    "aut": "A01",
    "edt": "B01",
    "trl": "B06",
    "ill": "A12",
    "com": "C01",
    "pht": "A13",
    "aui": "A15",
    "nrt": "E07",
}
_LONGEST_NAME = 100

Tree = tuple[str, Any]
"""An element: its name, and its words or its children."""


def onix(said: ShelfSettings, books: Sequence[Pictured], updated: str) -> bytes:
    """The whole message. `updated` is when the shelf last changed, as an RFC 3339 moment."""
    sent = updated.replace("-", "").replace(":", "")
    sender = [("SenderName", said.name)]
    if "@" in said.contact and "://" not in said.contact:
        sender.append(("EmailAddress", said.contact))
    root = document("ONIXMessage", _SPACE)
    root.set("release", "3.0")
    _grow(root, ("Header", [("Sender", sender), ("SentDateTime", sent)]))
    for book in books:
        for edition, file in book.card.downloads:
            if file.format in _DETAILS:
                _grow(root, ("Product", list(_product(said, book, edition, file))))
    return written(root)


def _grow(parent: etree._Element, tree: Tree) -> None:
    name, inside = tree
    if isinstance(inside, str):
        add(parent, name, inside)
        return
    element = add(parent, name)
    for child in inside:
        _grow(element, child)


def _product(said: ShelfSettings, book: Pictured, edition: EditionCard, file: Download) -> Iterator[Tree]:
    card = book.card
    name = f"{edition.identifier}:{file.format}"
    yield "RecordReference", f"{name}:{card.name}"[:_LONGEST_NAME]
    yield "NotificationType", "03"  # confirmed on publication
    yield "RecordSourceName", said.name
    yield (
        "ProductIdentifier",
        [
            ("ProductIDType", "01"),
            ("IDTypeName", "zhpress edition and format"),
            ("IDValue", name),
        ],
    )
    yield "DescriptiveDetail", list(_described(card, edition, file))
    collateral = list(_collateral(said, book))
    if collateral:
        yield "CollateralDetail", collateral
    yield "PublishingDetail", list(_published(said, card, edition))
    if card.isbn:
        isbn = card.isbn.replace("-", "").replace(" ", "")
        identifier = [("ProductIDType", "15" if len(isbn) == 13 else "02"), ("IDValue", isbn)]
        related = [("ProductRelationCode", "13"), ("ProductIdentifier", identifier)]
        yield "RelatedMaterial", [("RelatedProduct", related)]
    yield "ProductSupply", [("SupplyDetail", list(_supplied(said, card, file)))]


def _described(card: Card, edition: EditionCard, file: Download) -> Iterator[Tree]:
    yield "ProductComposition", "00"
    yield "ProductForm", "ED"
    yield "ProductFormDetail", _DETAILS[file.format]
    yield "PrimaryContentType", "10"
    yield "EpubTechnicalProtection", "00"
    if address := licence_url(card.rights):
        expression = [("EpubLicenseExpressionType", "01"), ("EpubLicenseExpressionLink", address)]
        yield "EpubLicense", [("EpubLicenseName", card.rights), ("EpubLicenseExpression", expression)]
    elif card.licence:
        yield "EpubLicense", [("EpubLicenseName", card.licence)]
    if card.series:
        element = [("TitleElementLevel", "02"), ("TitleText", card.series)]
        title = [("TitleType", "01"), ("TitleElement", element)]
        yield "Collection", [("CollectionType", "10"), ("TitleDetail", title)]
    element = [("TitleElementLevel", "01"), ("TitleText", edition.title)]
    if edition.subtitle:
        element.append(("Subtitle", edition.subtitle))
    yield "TitleDetail", [("TitleType", "01"), ("TitleElement", element)]
    for number, maker in enumerate(edition.makers, 1):
        yield (
            "Contributor",
            [
                ("SequenceNumber", str(number)),
                ("ContributorRole", _ROLES.get(relator(maker.role), "A01")),
                ("PersonName", maker.name),
                *(
                    [("AlternativeName", [("NameType", "06"), ("PersonNameInverted", maker.sort)])]
                    if maker.sort
                    else ()
                ),
            ],
        )
    if not edition.makers:
        yield "NoContributor", []
    script = "Hant" if "Hant" in edition.lang else "Hans"
    yield "Language", [("LanguageRole", "01"), ("LanguageCode", "chi"), ("ScriptCode", script)]
    yield "Extent", [("ExtentType", "02"), ("ExtentValue", str(card.characters)), ("ExtentUnit", "01")]
    yield "Extent", [("ExtentType", "22"), ("ExtentValue", str(file.size)), ("ExtentUnit", "17")]
    for code in card.classes:
        yield "Subject", [("SubjectSchemeIdentifier", "88"), ("SubjectCode", code)]
    if card.subjects:
        yield "Subject", [("SubjectSchemeIdentifier", "20"), ("SubjectHeadingText", "；".join(card.subjects))]


def _collateral(said: ShelfSettings, book: Pictured) -> Iterator[Tree]:
    card = book.card
    if card.description:
        yield "TextContent", [("TextType", "03"), ("ContentAudience", "00"), ("Text", card.description)]
    if book.pictured and said.base_url:
        version = [("ResourceForm", "02"), ("ResourceLink", f"{said.base_url}{quote(card.folder)}/cover.jpg")]
        yield (
            "SupportingResource",
            [
                ("ResourceContentType", "01"),
                ("ContentAudience", "00"),
                ("ResourceMode", "03"),
                ("ResourceVersion", version),
            ],
        )


def _published(said: ShelfSettings, card: Card, edition: EditionCard) -> Iterator[Tree]:
    yield "Imprint", [("ImprintName", said.name)]
    yield "Publisher", [("PublishingRole", "01"), ("PublisherName", said.name)]
    yield "PublishingStatus", "04"
    date = (card.since or edition.modified[:10]).replace("-", "")
    yield "PublishingDate", [("PublishingDateRole", "01"), ("Date", date)]
    territory = [("RegionsIncluded", "WORLD")]
    yield "SalesRights", [("SalesRightsType", "02"), ("Territory", territory)]


def _supplied(said: ShelfSettings, card: Card, file: Download) -> Iterator[Tree]:
    supplier: list[Tree] = [("SupplierRole", "09"), ("SupplierName", said.name)]
    if said.base_url:
        page = f"{said.base_url}{quote(card.folder)}/"
        supplier.append(("Website", [("WebsiteRole", "36"), ("WebsiteLink", page)]))
        supplier.append(("Website", [("WebsiteRole", "29"), ("WebsiteLink", f"{page}{quote(file.name)}")]))
    yield "Supplier", supplier
    yield "ProductAvailability", "20"
    yield "UnpricedItemType", "01"
