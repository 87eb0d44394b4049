"""`serve`: ranges, ETags and conditions as RFC 9110 has them, nothing but the shelf, feeds with absolute addresses."""

import http.client
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from pipeline import serve
from pipeline.book import Creator
from pipeline.errors import OutputError, PipelineError
from tests.shelved import PUBLIC, Library, book

ATOM = "{http://www.w3.org/2005/Atom}"


@contextmanager
def running(root: Path) -> Iterator[str]:
    """A server for the time of a test; its host and port."""
    server, address = serve.opened(root, port=0)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    with server:
        thread.start()
        yield address.removeprefix("http://").rstrip("/")
        server.shutdown()
        thread.join(10)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    library = Library(tmp_path_factory.mktemp("serve"))
    (library.folder / "secret.txt").write_text("secret")
    library.put("书", book("群众路线", creators=(Creator("许峰", "编著"),)), PUBLIC, ("source", "hant-tw"))
    library.put("b", book("另一本", creators=(Creator("李四", "著"),)))
    library.shelve()
    return library


@pytest.fixture(scope="module")
def host(library: Library) -> Iterator[str]:
    with running(library.shelf) as host:
        yield host


def ask(host: str, path: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body; a name's _ is -."""
    connection = http.client.HTTPConnection(host, timeout=10)
    try:
        said = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, headers=said)
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    finally:
        connection.close()


PDF = "/books/b/b.source.pdf"  # b"%PDF-1.7\nb": ten bytes


def test_a_file_with_its_type_size_and_etag(host: str) -> None:
    status, headers, data = ask(host, PDF)
    assert (status, data) == (200, b"%PDF-1.7\nb")
    assert headers["content-type"] == "application/pdf"
    assert headers["content-length"] == "10"
    assert headers["accept-ranges"] == "bytes"
    assert headers["x-content-type-options"] == "nosniff"
    assert ask(host, PDF, "HEAD") == (200, headers | {"date": ask(host, PDF, "HEAD")[1]["date"]}, b"")


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/books/%E4%B9%A6/%E4%B9%A6.source.epub", "application/epub+zip"),
        ("/opds/index.xml", "application/atom+xml;profile=opds-catalog;kind=navigation"),
        ("/opds/all.xml", "application/atom+xml;profile=opds-catalog;kind=acquisition"),
        ("/opds/all.json", "application/opds+json"),
        ("/opds/opensearch.xml", "application/opensearchdescription+xml"),
        ("/feed.xml", "application/atom+xml"),
        ("/onix.xml", "application/xml"),
        ("/script/shelf.js", "text/javascript; charset=utf-8"),
        ("/SHA256SUMS", "text/plain; charset=utf-8"),
        ("/books/b/cover.jpg", "image/jpeg"),
    ],
)
def test_media_types(host: str, path: str, kind: str) -> None:
    status, headers, _ = ask(host, path)
    assert (status, headers["content-type"]) == (200, kind)


@pytest.mark.parametrize(
    ("said", "status", "data", "span"),
    [
        ("bytes=0-3", 206, b"%PDF", "bytes 0-3/10"),
        ("bytes=4-", 206, b"-1.7\nb", "bytes 4-9/10"),
        ("bytes=-2", 206, b"\nb", "bytes 8-9/10"),
        ("bytes=-99", 206, b"%PDF-1.7\nb", "bytes 0-9/10"),
        ("bytes=8-999", 206, b"\nb", "bytes 8-9/10"),
        ("bytes=9-9", 206, b"b", "bytes 9-9/10"),
        ("bytes=10-", 416, None, "bytes */10"),
        ("bytes=99-100", 416, None, "bytes */10"),
        ("bytes=-0", 416, None, "bytes */10"),
        ("bytes=5-2", 200, b"%PDF-1.7\nb", None),
        ("bytes=0-1,3-4", 200, b"%PDF-1.7\nb", None),
        ("bytes=-", 200, b"%PDF-1.7\nb", None),
        ("lines=0-1", 200, b"%PDF-1.7\nb", None),
        ("bytes=a-b", 200, b"%PDF-1.7\nb", None),
    ],
)
def test_ranges(host: str, said: str, status: int, data: bytes | None, span: str | None) -> None:
    got, headers, body = ask(host, PDF, Range=said)
    assert (got, headers.get("content-range")) == (status, span)
    assert data is None or body == data


def test_if_range_asks_for_the_part_of_this_very_file(host: str) -> None:
    etag = ask(host, PDF)[1]["etag"]
    assert ask(host, PDF, Range="bytes=0-3", If_Range=etag)[0] == 206
    assert ask(host, PDF, Range="bytes=0-3", If_Range='"another"')[0] == 200
    assert ask(host, PDF, Range="bytes=0-3", If_Range=f"W/{etag}")[0] == 200  # weak: RFC 9110 § 13.1.5


def test_conditions(host: str) -> None:
    etag = ask(host, PDF)[1]["etag"]
    for said in (etag, f"W/{etag}", f'"x", {etag}', "*"):
        status, headers, body = ask(host, PDF, If_None_Match=said)
        assert (status, body, headers["etag"]) == (304, b"", etag)
        assert "content-length" not in headers
    assert ask(host, PDF, If_None_Match='"x"')[0] == 200
    assert ask(host, PDF, If_None_Match=etag, Range="bytes=0-3")[0] == 304
    assert ask(host, PDF, If_Match=etag)[0] == 200
    assert ask(host, PDF, If_Match='"x"')[0] == 412


@given(st.text(max_size=30), st.integers(0, 50))
def test_no_range_is_ever_outside(said: str, size: int) -> None:
    try:
        found = serve.byte_range(f"bytes={said}", size)
    except ValueError:
        return
    assert found is None or 0 <= found[0] <= found[1] < size


@pytest.mark.parametrize(
    "path",
    [
        "/../../secret.txt", "/..%2f..%2fsecret.txt", "/%2e%2e/%2e%2e/secret.txt", "/books/../../../secret.txt",
        "//etc/passwd", "/.shelf.json", "/books/%00", "/..\\..\\secret.txt", "/books/b/b.source.pdf/", "/nothing",
        "/%ff%fe", "/books/*",
    ],
)  # fmt: skip
def test_nothing_but_the_shelf(host: str, path: str) -> None:
    status, _, body = ask(host, path)
    assert status == 404
    assert b"secret" not in body


def test_a_link_that_leads_outside_is_not_served(library: Library, host: str) -> None:
    (library.shelf / "out.txt").symlink_to(library.folder / "secret.txt")
    assert ask(host, "/out.txt")[0] == 404
    (library.shelf / "out.txt").unlink()


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_it_is_only_read(host: str, method: str) -> None:
    status, headers, _ = ask(host, PDF, method)
    assert (status, headers["allow"]) == (405, "GET, HEAD")


def test_a_name_that_others_point_here_is_refused(host: str) -> None:
    port = host.rpartition(":")[2]
    assert ask(host, "/", Host=f"localhost:{port}")[0] == 200
    for name in ("evil.example", f"evil.example:{port}", "", "[::2]:80"):
        assert ask(host, "/", Host=name)[0] == 421


def test_a_folder_leads_to_its_page(host: str) -> None:
    status, headers, _ = ask(host, "/books/%E4%B9%A6")
    assert (status, headers["location"]) == (301, "/books/%E4%B9%A6/")
    assert ask(host, headers["location"])[0] == 200
    assert ask(host, "/?utm=1")[0] == 200


# ---------------------------------------------------------------- feeds


def test_every_address_of_a_feed_is_absolute_and_here(host: str) -> None:
    for path in ("/opds/index.xml", "/opds/all.xml", "/opds/opensearch.xml", "/feed.xml"):
        tree = etree.fromstring(ask(host, path)[2])
        found = [element.get(name) for element in tree.iter() for name in ("href", "template") if element.get(name)]
        assert found
        assert all(address and address.startswith(f"http://{host}/") for address in found)
        for address in found:
            assert address is not None
            target = address.removeprefix(f"http://{host}").replace("{searchTerms}", "x")
            assert ask(host, target)[0] == 200, address
    said = json.loads(ask(host, "/opds/all.json")[2])
    links = [link for each in said["publications"] for link in each["links"] if link["rel"] != "license"] + said[
        "links"
    ]
    assert all(link["href"].startswith(f"http://{host}/") for link in links)


def test_a_shelf_for_another_address_is_shown_under_this_one(tmp_path: Path) -> None:
    library = Library(tmp_path).put("a", book()).settings('[shelf]\nbase_url = "https://example.org/b/"\n')
    library.shelve()
    assert b"https://example.org/b/books/a/a.source.epub" in (library.shelf / "opds/all.xml").read_bytes()
    with running(library.shelf) as host:
        for path in ("/opds/all.xml", "/opds/all.json", "/opds/opensearch.xml", "/feed.xml"):
            said = ask(host, path)[2]
            assert b"example.org" not in said
            assert f"http://{host}/".encode() in said


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("群众", 2),
        ("許峰", 0),
        ("许峰", 2),
        ("xufeng", 2),
        ("zh-Hant-TW", 1),
        ("另一本", 1),
        ("群众 李四", 0),
        ("%22%3E%3Cx%3E", 0),
    ],
)
def test_search(host: str, asked: str, found: int) -> None:
    for _ in range(2):  # what was found once is found again
        tree = etree.fromstring(ask(host, f"/opds/search.xml?q={quote(asked, safe='%')}")[2])
        assert len(tree.findall(f"{ATOM}entry")) == found
    said = json.loads(ask(host, f"/opds/search.json?query={quote(asked, safe='%')}")[2])
    assert said["metadata"]["numberOfItems"] == len(said["publications"]) == found


def test_books_of_one_name_are_both_found(tmp_path: Path) -> None:
    library = Library(tmp_path).put("a", book("同名")).put("b", book("同名"))
    library.shelve()
    with running(library.shelf) as host:
        found = ask(host, "/opds/search.xml?q=%E5%90%8C%E5%90%8D")[2].decode()
    assert "/books/a/a.source.epub" in found
    assert "/books/b/b.source.epub" in found


def test_without_a_question_a_search_is_the_whole_list(host: str) -> None:
    assert len(etree.fromstring(ask(host, "/opds/search.xml")[2]).findall(f"{ATOM}entry")) == 3


# ---------------------------------------------------------------- the server itself


def test_a_new_shelf_is_served_from_the_next_request_on(tmp_path: Path) -> None:
    library = Library(tmp_path).put("a", book("甲"))
    library.shelve()
    with running(library.shelf) as host:
        etag = ask(host, "/")[1]["etag"]
        library.put("b", book("乙")).shelve()
        status, _, body = ask(host, "/", If_None_Match=etag)
        assert status == 200
        assert "乙" in body.decode()


def test_where_there_is_no_shelf_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(PipelineError, match="make shelf"):
        serve.opened(tmp_path, port=0)


def test_a_port_that_is_taken_is_told(library: Library, host: str) -> None:
    with pytest.raises(OutputError, match="--port"):
        serve.opened(library.shelf, port=int(host.rpartition(":")[2]))


def test_it_listens_on_loopback_alone_unless_asked(library: Library) -> None:
    server, address = serve.opened(library.shelf, port=0)
    with server:
        assert server.server_address[0] == "127.0.0.1"
        assert address.startswith("http://127.0.0.1:")
    server, address = serve.opened(library.shelf, port=0, lan=True)
    with server:
        assert server.server_address[0] == "0.0.0.0"  # noqa: S104
        assert address.startswith(f"http://{serve.lan_address()}:")
