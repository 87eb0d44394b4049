"""The shelf on this machine's own address, for looking at it and for reading apps: read-only, loopback unless asked.

Only files of the shelf's account are served, looked up by name: no path can lead elsewhere. Their SHA-256 are the
ETags; ranges, If-Range, If-None-Match and HEAD are answered as RFC 9110 says. Feeds leave with absolute addresses, made
from the address that was asked, since relative ones broke two real readers; and the search that they announce is
answered here.
"""

import hashlib
import ipaddress
import json
import re
import socket
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import cached_property
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urljoin, urlsplit

from lxml import etree

from pipeline.catalogue import folder
from pipeline.catalogue.folder import Account
from pipeline.catalogue.opds import ACQUISITION, JSON, NAVIGATION, OPEN_SEARCH
from pipeline.errors import OutputError, PipelineError

PORT = 8008
_CONNECTIONS = 64  # at once; more wait
_SILENCE = 30  # seconds that a connection may say nothing
_CHUNK = 1 << 16
_MOST_FOUND = 100  # entries of an answer to a search
_LONGEST_QUESTION = 200
_ATOM = "{http://www.w3.org/2005/Atom}"
_TOTAL = "{http://a9.com/-/spec/opensearch/1.1/}totalResults"
_TYPES = {
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "json": "application/json",
    "xml": "application/xml",
    "svg": "image/svg+xml",
    "jpg": "image/jpeg",
    "png": "image/png",
    "epub": "application/epub+zip",
    "pdf": "application/pdf",
}
_NAMED = {
    "opds/index.xml": NAVIGATION,
    "opds/opensearch.xml": OPEN_SEARCH,
    "feed.xml": "application/atom+xml",
}


# ---------------------------------------------------------------- what is served


def media_type(path: str) -> str:
    """The Content-Type of a file of the shelf."""
    if path in _NAMED:
        return _NAMED[path]
    if path.startswith("opds/"):
        return JSON if path.endswith(".json") else ACQUISITION
    return _TYPES.get(path.rpartition(".")[2], "text/plain; charset=utf-8")


def _is_feed(path: str) -> bool:
    return path.startswith("opds/") or path == "feed.xml"


@dataclass(frozen=True, slots=True)
class Body:
    """What is sent: a file of the shelf, or bytes made for this request."""

    kind: str
    etag: str
    size: int
    path: Path | None = None
    data: bytes = b""


class Shelf:
    """The shelf as it stands: its account is read anew when the shelf was replaced."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.stamp: tuple[int, int] = (0, 0)
        self.said = Account()
        self.index: _Index | None = None
        if not self.account().files:
            raise PipelineError("这里没有书架", remedy="先运行 make shelf", where=str(root))

    def account(self) -> Account:
        """What stands on the shelf now."""
        try:
            found = (self.root / folder.ACCOUNT).stat()
        except OSError:
            return self.said  # at the moment of being replaced
        stamp = (found.st_mtime_ns, found.st_ino)
        if stamp != self.stamp:
            self.said, self.stamp, self.index = folder.account(self.root), stamp, None
        return self.said

    def body(self, path: str, question: Mapping[str, list[str]], origin: str) -> Body | None:
        """What stands at `path`; None where nothing does."""
        record = self.account().files.get(path)
        if record is None:
            return None
        if not _is_feed(path):
            return Body(media_type(path), f'"{record.sha256[:32]}"', record.size, self.root / path)
        data = self._feed(path, question, origin)
        return Body(media_type(path), f'"{hashlib.sha256(data).hexdigest()[:32]}"', len(data), data=data)

    def _feed(self, path: str, question: Mapping[str, list[str]], origin: str) -> bytes:
        asked = (question.get("q") or question.get("query") or [""])[0][:_LONGEST_QUESTION]
        if asked and path in {"opds/search.xml", "opds/search.json"}:
            if self.index is None:
                self.index = _Index(self.root, self.said)
            data = self.index.found(path, asked)
        else:
            data = (self.root / path).read_bytes()
        return _absolute(data, path, origin, self._base())

    def _base(self) -> str:
        """The address that the shelf's feeds were made for; "" where they are relative."""
        try:
            said = json.loads((self.root / "opds/index.json").read_bytes())
            own = str(said["links"][0]["href"])
        except (OSError, ValueError, KeyError, IndexError, TypeError):
            return ""
        return own.removesuffix("opds/index.json") if "://" in own else ""


class _Index:
    """Every entry of the shelf's feeds, for searching."""

    def __init__(self, root: Path, said: Account) -> None:
        pages = sorted(
            (path for path in said.files if re.fullmatch(r"opds/all(-\d+)?\.json", path)),
            key=lambda path: int(re.sub(r"\D", "", path) or "1"),
        )
        self.root = root
        self.publications: list[Any] = []
        self.entries: list[etree._Element] = []  # of the same books, in the same order
        for path in pages:
            self.publications += json.loads((root / path).read_bytes())["publications"]
            tree = etree.fromstring((root / path).with_suffix(".xml").read_bytes(), _parser())
            self.entries += tree.findall(f"{_ATOM}entry")

    @cached_property
    def words(self) -> list[str]:
        """What each publication says of itself, in one line without spaces."""
        return [_plain(json.dumps(each["metadata"], ensure_ascii=False)) for each in self.publications]

    def found(self, path: str, asked: str) -> bytes:
        """The feed at `path`, narrowed to what meets every word that was asked."""
        terms = [_plain(term) for term in asked.split()]
        met = [at for at, words in enumerate(self.words) if all(term in words for term in terms)]
        if path.endswith(".json"):
            said = json.loads((self.root / path).read_bytes())
            said["metadata"]["numberOfItems"] = len(met)
            said["publications"] = [self.publications[at] for at in met[:_MOST_FOUND]]
            return json.dumps(said, ensure_ascii=False).encode()
        feed = etree.fromstring((self.root / path).read_bytes(), _parser())
        for entry in feed.findall(f"{_ATOM}entry"):
            feed.remove(entry)
        total = feed.find(_TOTAL)
        if total is not None:
            total.text = str(len(met))
        feed.extend([deepcopy(self.entries[at]) for at in met[:_MOST_FOUND]])
        made: bytes = etree.tostring(feed, xml_declaration=True, encoding="utf-8")
        return made


def _plain(words: str) -> str:
    return "".join(words.casefold().split())


def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)


def _absolute(data: bytes, path: str, origin: str, base: str) -> bytes:
    """A feed with every address absolute, under `origin` where it lay under `base` or was relative."""
    own = f"{origin}/{quote(path)}"

    def address(said: str) -> str:
        if base and said.startswith(base):
            return f"{origin}/{said.removeprefix(base)}"
        return said if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", said) else urljoin(own, said)

    if path.endswith(".json"):
        return json.dumps(_with_addresses(json.loads(data), address), ensure_ascii=False, indent=1).encode()
    tree = etree.fromstring(data, _parser())
    for element in tree.iter():
        for name in ("href", "template"):
            if said := element.get(name):
                element.set(name, address(said))
    made: bytes = etree.tostring(tree, xml_declaration=True, encoding="utf-8")
    return made


def _with_addresses(said: Any, address: Any) -> Any:
    if isinstance(said, dict):
        return {k: address(v) if k == "href" else _with_addresses(v, address) for k, v in said.items()}
    return [_with_addresses(each, address) for each in said] if isinstance(said, list) else said


# ---------------------------------------------------------------- ranges and conditions


def byte_range(said: str, size: int) -> tuple[int, int] | None:
    """First and last byte of a Range header of one range; None where the whole is to be sent.

    Raises ValueError where no byte of it is there (416). Several ranges, or another unit, are answered with the whole,
    as RFC 9110 § 14.2 allows.
    """
    found = re.fullmatch(r"\s*bytes\s*=\s*(\d{0,18})\s*-\s*(\d{0,18})\s*", said, re.IGNORECASE)
    if found is None or not (found[1] or found[2]):
        return None
    if not found[1]:
        if not int(found[2]) or not size:
            raise ValueError(said)
        return max(0, size - int(found[2])), size - 1
    first, last = int(found[1]), min(int(found[2] or size - 1), size - 1)
    if found[2] and int(found[2]) < first:
        return None  # § 14.1.1: invalid, so it is ignored
    if first >= size:
        raise ValueError(said)
    return first, last


def meets(said: str, etag: str) -> bool:
    """Whether an If-None-Match or If-Match names this ETag."""
    return said.strip() == "*" or etag in re.findall(r'"[^"]*"', said)


# ---------------------------------------------------------------- the server


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 32

    def __init__(self, address: tuple[str, int], shelf: Shelf, names: frozenset[str]) -> None:
        self.shelf, self.names = shelf, names
        self.room = BoundedSemaphore(_CONNECTIONS)
        super().__init__(address, _Handler)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        with self.room:
            super().process_request_thread(request, client_address)

    def handle_error(self, request: object, client_address: object) -> None:
        """A reader that went away is no news."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "zhpress", ""
    timeout = _SILENCE

    def do_GET(self) -> None:
        self._answer()

    def do_HEAD(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self.close_connection = True
        self._end(HTTPStatus.METHOD_NOT_ALLOWED, {"Allow": "GET, HEAD"})

    do_PUT = do_DELETE = do_PATCH = do_OPTIONS = do_POST  # noqa: N815

    def log_message(self, *_: object) -> None:
        """Nobody is watched."""

    def _answer(self) -> None:
        if self.headers.get("Content-Length", "0") != "0" or "Transfer-Encoding" in self.headers:
            self.close_connection = True  # what follows is no request of its own
        host = self.headers.get("Host", "")
        if host.rpartition(":")[0].strip("[]").casefold() not in self.server.names and host not in self.server.names:
            self._end(HTTPStatus.MISDIRECTED_REQUEST)  # a name that somebody else points at us
            return
        asked = urlsplit(self.path)
        path = unquote(asked.path, errors="replace").lstrip("/")
        if path == "" or path.endswith("/"):
            path += "index.html"
        body = self.server.shelf.body(path, parse_qs(asked.query, max_num_fields=8), f"http://{host}")
        if body is None:
            if f"{path}/index.html" in self.server.shelf.said.files:
                self._end(HTTPStatus.MOVED_PERMANENTLY, {"Location": f"/{quote(path)}/"})
            else:
                self._end(HTTPStatus.NOT_FOUND)
            return
        self._send(body)

    def _send(self, body: Body) -> None:
        shared = {"ETag": body.etag, "Accept-Ranges": "bytes", "Cache-Control": "no-cache"}
        if "If-Match" in self.headers and not meets(self.headers["If-Match"], body.etag):
            self._end(HTTPStatus.PRECONDITION_FAILED, shared)
            return
        if "If-None-Match" in self.headers and meets(self.headers["If-None-Match"], body.etag):
            self._end(HTTPStatus.NOT_MODIFIED, shared)
            return
        part = None
        if "Range" in self.headers and self.headers.get("If-Range", body.etag).strip() == body.etag:
            try:
                part = byte_range(self.headers["Range"], body.size)
            except ValueError:
                headers = shared | {"Content-Range": f"bytes */{body.size}"}
                self._end(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, headers)
                return
        first, last = part or (0, body.size - 1)
        headers = shared | {"Content-Type": body.kind, "Content-Length": str(last - first + 1)}
        if part:
            headers["Content-Range"] = f"bytes {first}-{last}/{body.size}"
        chunks = _chunks(body, first, last + 1)
        try:
            start = next(chunks, b"")  # the file is open before we promise it
        except OSError:
            self._end(HTTPStatus.NOT_FOUND)
            return
        self._head(HTTPStatus.PARTIAL_CONTENT if part else HTTPStatus.OK, headers)
        if self.command == "GET":
            self.wfile.write(start)
            for chunk in chunks:
                self.wfile.write(chunk)

    def _end(self, status: HTTPStatus, headers: Mapping[str, str] | None = None) -> None:
        """An answer without a body of ours."""
        words = b"" if status == HTTPStatus.NOT_MODIFIED else f"{status.value} {status.phrase}\n".encode()
        said = dict(headers or {})
        if status != HTTPStatus.NOT_MODIFIED:
            said |= {"Content-Type": "text/plain; charset=utf-8", "Content-Length": str(len(words))}
        self._head(status, said)
        if self.command != "HEAD":
            self.wfile.write(words)

    def _head(self, status: HTTPStatus, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "no-referrer")
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()


def _chunks(body: Body, start: int, end: int) -> Iterator[bytes]:
    if body.path is None:
        yield body.data[start:end]
        return
    with body.path.open("rb") as file:
        file.seek(start)
        left = end - start
        while left > 0 and (chunk := file.read(min(_CHUNK, left))):
            left -= len(chunk)
            yield chunk


# ---------------------------------------------------------------- opening


def opened(root: Path, *, port: int = PORT, lan: bool = False) -> tuple[ThreadingHTTPServer, str]:
    """A server for the shelf in `root`, not yet running, and its address. Port 0: whichever is free.

    Raises PipelineError where there is no shelf, OutputError where the port is taken.
    """
    shelf = Shelf(root)
    own = lan_address() if lan else "127.0.0.1"
    names = frozenset({"127.0.0.1", "localhost", own})
    try:
        server = _Server(("0.0.0.0" if lan else "127.0.0.1", port), shelf, names)  # noqa: S104  only when asked
    except (OSError, OverflowError) as error:
        said = getattr(error, "strerror", None) or error
        raise OutputError(f"端口 {port} 用不了：{said}", remedy="用 --port 换一个，如 --port 8009") from error
    return server, f"http://{own}:{server.server_address[1]}/"


def lan_address() -> str:
    """This machine's address in its own network. Nothing is sent: the system only looks up the way out."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # TEST-NET-1: nobody's
            found = str(probe.getsockname()[0])
        except OSError:
            found = "127.0.0.1"
    return found if ipaddress.ip_address(found).is_private else "127.0.0.1"
