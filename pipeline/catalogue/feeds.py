"""What is new, as an Atom feed; and the sitemap, which needs to know where the shelf stands.

Dates are those of the books (`since` in their .toml, else the date inside the files), never the clock's.
"""

import uuid
from collections.abc import Iterator, Sequence
from urllib.parse import quote

from pipeline.catalogue.pages import Pictured, byline
from pipeline.catalogue.settings import ShelfSettings
from pipeline.catalogue.xml import add, document, written

NEWS, SITEMAP, ROBOTS = "feed.xml", "sitemap.xml", "robots.txt"
NEWEST = 50  # books of the feed
_ATOM = "http://www.w3.org/2005/Atom"
_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
_MOST = 50_000  # addresses of a sitemap (sitemaps.org)


def news(said: ShelfSettings, books: Sequence[Pictured], updated: str) -> bytes:
    """The newest books; an entry leads to the book's page, and encloses its files."""
    feed = document("feed", _ATOM, lang=said.languages[0])
    add(feed, "id", uuid.uuid5(uuid.NAMESPACE_URL, f"urn:zhpress:shelf:{said.base_url or said.name}").urn)
    add(feed, "title", said.name)
    if said.description:
        add(feed, "subtitle", said.description)
    add(feed, "updated", updated)
    add(add(feed, "author"), "name", said.name)
    add(feed, "link", rel="self", href=f"{said.base_url}{NEWS}", type="application/atom+xml")
    add(feed, "link", rel="alternate", href=said.base_url or "index.html", type="text/html")
    for book in books[:NEWEST]:
        card = book.card
        entry = add(feed, "entry")
        add(entry, "id", card.editions[0].identifier)
        add(entry, "title", card.title)
        add(entry, "updated", card.modified)
        if card.since:
            add(entry, "published", f"{card.since}T00:00:00Z")
        for maker in card.makers:
            add(add(entry, "author"), "name", maker.name)
        add(entry, "summary", card.description or byline(card), type="text")
        add(entry, "link", rel="alternate", href=f"{said.base_url}{quote(card.folder)}/index.html", type="text/html")
        for _, file in card.downloads:
            address = f"{said.base_url}{quote(f'{card.folder}/{file.name}')}"
            add(entry, "link", rel="enclosure", href=address, type=file.media_type, length=str(file.size))
    return written(feed)


def sitemap(said: ShelfSettings, paths: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    """The sitemap, and a robots.txt that names it where the shelf is a host's root; nothing without a base URL."""
    if not said.base_url:
        return
    root = document("urlset", _SITEMAP)
    for path in paths[:_MOST]:
        place = quote(path.removesuffix("index.html"))
        add(add(root, "url"), "loc", f"{said.base_url}{place}")
    yield SITEMAP, written(root)
    if said.base_url.count("/") == 3:
        yield ROBOTS, f"User-agent: *\nAllow: /\nSitemap: {said.base_url}{SITEMAP}\n".encode()
