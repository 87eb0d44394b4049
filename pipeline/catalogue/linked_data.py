"""schema.org in JSON-LD: what a search engine learns of a book from its page. Source: https://schema.org/Book."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from pipeline.catalogue.card import Card, EditionCard, Maker
from pipeline.config import LICENCES
from pipeline.render.package import relator

_PROPERTIES = {"aut": "author", "trl": "translator", "edt": "editor", "ill": "illustrator"}
_PUBLIC_DOMAIN = "https://creativecommons.org/publicdomain/mark/1.0/"


def book(card: Card, base_url: str, *, pictured: bool) -> dict[str, Any]:
    """The Book of a page, with its editions as work examples; addresses are absolute where the shelf has one."""
    page = f"{base_url}{quote(card.folder)}/" if base_url else ""
    said: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Book",
        **_filled(
            {
                "@id": page,
                "url": page,
                "name": card.title,
                "alternativeHeadline": card.subtitle,
                "description": card.description,
                "inLanguage": card.lang,
                "image": f"{page}cover.jpg" if pictured else "",
                "license": licence_url(card.rights),
                "copyrightNotice": card.statement,
                "usageInfo": card.licence,
                "about": list(card.subjects),
                "isPartOf": {"@type": "BookSeries", "name": card.series} if card.series else None,
                "publisher": _organisation(card.publisher, card.place),
            }
        ),
        **_people(card.makers),
        "isAccessibleForFree": True,
        "workExample": [_edition(edition, page) for edition in card.editions],
    }
    if card.isbn:
        said["workExample"].insert(0, _print_book(card))
    return said


def licence_url(rights: str) -> str:
    """The address that names a licence; "" where it has none."""
    return _PUBLIC_DOMAIN if rights == "public-domain" else LICENCES.get(rights, "")


def _filled(said: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in said.items() if value}


def _organisation(name: str, place: str) -> dict[str, Any] | None:
    return _filled({"@type": "Organization", "name": name, "location": place}) if name else None


def _people(makers: tuple[Maker, ...]) -> dict[str, Any]:
    found: dict[str, list[dict[str, str]]] = {}
    for maker in makers:
        found.setdefault(_PROPERTIES.get(relator(maker.role), "contributor"), []).append(
            {"@type": "Person", "name": maker.name}
        )
    return dict(found)


def _print_book(card: Card) -> dict[str, Any]:
    return {
        "@type": "Book",
        **_filled(
            {
                "name": card.title,
                "inLanguage": card.lang,
                "isbn": card.isbn.replace("-", ""),
                "datePublished": card.date,
            }
        ),
    }


def _edition(edition: EditionCard, page: str) -> dict[str, Any]:
    return {
        "@type": "Book",
        "bookFormat": "https://schema.org/EBook",
        "identifier": edition.identifier,
        "name": edition.title,
        "inLanguage": edition.lang,
        "dateModified": edition.modified,
        "encoding": list(_encodings(edition, page)),
    }


def _encodings(edition: EditionCard, page: str) -> Iterator[dict[str, Any]]:
    for file in edition.files:
        yield {
            "@type": "MediaObject",
            "contentUrl": f"{page}{quote(file.name)}",
            "encodingFormat": file.media_type,
            "contentSize": str(file.size),
            "sha256": file.sha256,
        }
