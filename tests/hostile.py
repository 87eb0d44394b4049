"""Two hundred inputs that no press should trip over, each as the files of a small folder.

`cases(place, url)` gives them all; `place` is a file that must not be read, `url` an address that must not be called.
What is expected of each is little: it becomes a book, or it fails with a word that names its place (`fails` where only
that is right). What must never happen is the same for all and is asked by tests/test_hostile.py.
"""

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

TEXT = "第一章 总论\n\n人是社会的动物，他的生活离不开别人。\n\n第二章 生产\n\n生产是社会的基础。\n"
_XINCLUDE = "http://www.w3.org/2001/XInclude"
HUGE = 10_000_000  # bytes, about


@dataclass(frozen=True)
class Case:
    """Files by name, the first of them the seed; `fails` where no book may come of it, `huge` where it takes long."""

    name: str
    files: dict[str, bytes]
    fails: bool = False
    huge: bool = False

    @property
    def seed(self) -> str:
        return next(iter(self.files))


def cases(place: Path, url: str) -> list[Case]:
    """Every case, under a name of its own."""
    found = [
        *_encodings(),
        *_binaries(),
        *_empties(),
        *_injections(place, url),
        *_odd_characters(),
        *_shapes(),
        *_huge(),
        *_names(),
        *_layouts(place, url),
        *_settings(place),
        *_reviews(),
    ]
    assert len({case.name for case in found}) == len(found)
    return found


def _text(kind: str, name: str, data: str | bytes, *, fails: bool = False, huge: bool = False) -> Case:
    raw = data if isinstance(data, bytes) else data.encode("utf-8", "surrogatepass")
    return Case(f"{kind}-{name}", {f"{kind}-{name}.txt": raw}, fails, huge)


# ---------------------------------------------------------------- bytes


def _encodings() -> Iterator[Case]:
    for name in (
        "gb18030",
        "gbk",
        "big5",
        "big5hkscs",
        "utf-16",
        "utf-16-le",
        "utf-16-be",
        "utf-32",
        "utf-8-sig",
        "hz",
    ):
        yield _text("encoding", name, (TEXT * 3).translate({ord("别"): "別"}).encode(name, "replace"))
    for name in ("euc_jp", "shift_jis", "euc_kr", "koi8_r", "cp1252", "utf-7", "cp037"):
        yield _text("encoding", name, (TEXT * 3).encode(name, "replace"))
    yield _text("encoding", "two-in-one", TEXT.encode() * 20 + TEXT.encode("gb18030") * 20)
    yield _text("encoding", "cut-in-a-character", (TEXT * 30).encode()[:-2])
    yield _text("encoding", "a-bad-byte-on-every-line", TEXT.encode().replace(b"\n", b"\xff\n") * 20)
    yield _text("encoding", "surrogates-as-bytes", TEXT.encode() + b"\xed\xa0\x80\xed\xb0\x80" * 20)
    yield _text("encoding", "overlong", TEXT.encode() + b"\xc0\xaf\xe0\x80\xaf" * 20)
    yield _text("encoding", "utf-16-lone-surrogates", b"\xff\xfe" + TEXT.encode("utf-16-le") + b"\x00\xd8\x01\xd8" * 9)
    yield _text("encoding", "utf-16-odd-length", b"\xff\xfe" + TEXT.encode("utf-16-le") + b"\x4e")


def _binaries() -> Iterator[Case]:
    chance = random.Random(8)
    heads = {
        "png": b"\x89PNG\r\n\x1a\n",
        "jpeg": b"\xff\xd8\xff\xe0",
        "gif": b"GIF89a\x01\x00\x01\x00",
        "gzip": b"\x1f\x8b\x08\x00",
        "elf": b"\x7fELF\x02\x01\x01\x00",
        "sqlite": b"SQLite format 3\0",
        "exe": b"MZ\x90\x00\x03\x00",
        "rar": b"Rar!\x1a\x07\x00",
        "7z": b"7z\xbc\xaf\x27\x1c",
        "doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "mp3": b"ID3\x03\x00\x00",
        "pdf": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
        "bzip2": b"BZh91AY&SY",
        "djvu": b"AT&TFORM\x00\x00",
    }
    for name, head in heads.items():
        yield _text("binary", name, head + chance.randbytes(4000), fails=True)
    yield _text("binary", "zip", _zip({"a.txt": TEXT.encode()}), fails=True)
    yield _text("binary", "zip-bomb", _zip({f"{n}.txt": b"0" * 20_000_000 for n in range(3)}), fails=True)
    yield _text("binary", "every-byte", bytes(range(256)) * 40, fails=True)
    yield _text("binary", "zeros", b"\0" * 5000, fails=True)
    yield _text("binary", "ones", b"\xff" * 5000, fails=True)
    yield _text("binary", "chance", chance.randbytes(50_000), fails=True)
    yield _text("binary", "text-then-noise", TEXT.encode() + chance.randbytes(5000))
    yield _text("binary", "noise-then-text", chance.randbytes(5000) + TEXT.encode())


def _zip(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in files.items():
            file.writestr(name, data)
    return out.getvalue()


def _empties() -> Iterator[Case]:
    for name, text in {
        "nothing": "",
        "mark": "\ufeff",
        "spaces": " \u3000\t\u00a0",
        "lines": "\n" * 5000,
        "form-feeds": "\f" * 50,
        "returns": "\r" * 50,
    }.items():
        yield _text("empty", name, text, fails=True)
    for name, text in {
        "unseen": "\u200b\u200c\u2060\ufeff" * 50,
        "soft-hyphens": "\u00ad" * 50,
        "combining": "\u0301" * 50,
        "controls": "\x01\x02\x1b\x7f" * 50,
        "one-mark": "。",
        "one-letter": "a",
        "only-marks": "#\n**\n- \n|\n---\n```\n$$\n>\n",
    }.items():
        yield _text("empty", name, text)


# ---------------------------------------------------------------- what a text may hold


def _injections(place: Path, url: str) -> Iterator[Case]:
    file = place.as_uri()
    for name, text in {
        "script": "<script>fetch('{url}')</script>",
        "script-src": '<script src="{url}"></script>',
        "img": '<img src="{url}" onerror="alert(1)">',
        "img-file": '<img src="{file}">',
        "markdown-img": "![图]({url})",
        "markdown-file": "![图]({file})",
        "markdown-link": "[读](javascript:alert(1))",
        "svg": '<svg onload="alert(1)"><image href="{url}"/></svg>',
        "iframe": '<iframe src="{url}"></iframe>',
        "object": '<object data="{file}"></object>',
        "link": '<link rel="stylesheet" href="{url}">',
        "style": "<style>@import '{url}'; body {{ background: url({file}) }}</style>",
        "style-end": "</style></script></title><b>",
        "base": '<base href="{url}">',
        "meta": '<meta http-equiv="refresh" content="0;url={url}">',
        "cdata": "]]><![CDATA[ ]]> <!-- -- --> <?xml version='1.0'?> <!DOCTYPE x [<!ENTITY e SYSTEM '{file}'>]> &e;",
        "entities": "&lt;script&gt; &#60;script&#62; &#x3c;script&#x3e; &amp;lt; &bogus; &#0; &#xD800; &#x110000;",
        "jinja": "{{{{ 7 * 7 }}}} {{% include '{file}' %}} {{{{ ''.__class__.__mro__ }}}} {{# #}}",
        "percent": "%s%n%x %(name)s {{0}} {{__class__}} ${{HOME}} $(id) `id`",
        "latex": "$\\input{{{file}}}$ \\write18{{id}} \\immediate",
        "css": "}} * {{ content: url({url}) }} \\; '\" \\a",
        "path": "../../../../etc/passwd ..\\..\\x /etc/passwd file://{file}",
        "xinclude": '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{file}" parse="text"/>',
        "terminal": "\x1b[2J\x1b]0;title\x07\x9b31m",
        "json": '"}}]}}\\u0000</script><!--',
    }.items():
        words = text.format(url=url, file=file)
        yield _text(
            "inject",
            name,
            f"{words}\n\n第一章 {words}\n\n人是社会的动物{words}，离不开别人。\n\n# {words}\n\n{words}。\n",
        )


def _odd_characters() -> Iterator[Case]:
    for name, text in {
        "right-to-left": "\u202e第一章\u202c\n\n\u202b人是\u200f社会\u2067的\n",
        "isolates": "\u2066" * 5000 + "人" + "\u2069" * 5000,
        "surrogates": "人\ud800是\udfff社\ud83d会\n" * 20,
        "noncharacters": "人\ufffe是\uffff社\ufdd0会\U0001ffff\U0010ffff。\n" * 20,
        "private": "人\ue000是\uf8ff社\U000f0000会\U0010fffd。\n" * 20,
        "tags": "人" + "\U000e0001\U000e0041\U000e007f" * 2000 + "是\n",
        "selectors": "人\ufe00\ufe0f\U000e0100是" * 2000 + "\n",
        "zalgo": "人" + "\u0300\u0489\u20dd" * 5000 + "是。\n",
        "joiners": "\u200d".join("👨👩👧👦" * 1000) + "\n",
        "expanding": "\ufdfa\ufb03\u1e9e\u0130" * 3000 + "\n",
        "nul": "人\0是\0社会。\n" * 50,
        "del": "人\x7f是\x80社\x9f会\x85的。\n" * 50,
        "separators": "人\u2028是\u2029社\x1c会\x1d的\x1e。\n" * 50,
        "hangul-fillers": "\u3164\u115f\u1160人是。\n" * 50,
        "unassigned": "人\u0378\U0001fbff\U000e0fff是。\n" * 50,
        "rare-han": "𠀀𠮷𪚥𰻞𱍊㐂龥是。\n" * 50,
        "fullwidth-everything": "".join(chr(point) for point in range(0xFF01, 0xFFEF)) * 20 + "\n",
        "all-of-plane-0": "".join(chr(p) for p in range(0x20, 0x3100) if not 0xD800 <= p < 0xE000) + "\n",
        "mojibake": "人是社会的动物".encode().decode("latin-1") * 200 + "\n",
    }.items():
        yield _text("character", name, f"第一章 {text[:20]}\n\n{text}\n\n第二章 生产\n\n生产是社会的基础。\n")


def _shapes() -> Iterator[Case]:
    for name, text in {
        "deep-list": "".join("  " * depth + "- 人是\n" for depth in range(300)),
        "deep-quote": "".join(">" * depth + " 人是\n" for depth in range(300)),
        "deep-brackets": "（" * 3000 + "人" + "）" * 3000 + "\n",
        "deep-quotes": "“‘" * 2000 + "人" + "’”" * 2000 + "\n",
        "open-brackets": "（《“「『【〔［" * 1000 + "\n",
        "shut-brackets": "）》”」』】〕］" * 1000 + "\n",
        "wide-table": "|" + "甲|" * 3000 + "\n|" + "-|" * 3000 + "\n|" + "乙|" * 3000 + "\n",
        "long-table": "|甲|乙|\n|-|-|\n" + "|人|是|\n" * 2000,
        "ragged-table": "".join("|" + "甲|" * (n % 50) + "\n" for n in range(500)),
        "html-table": "<table>" + "<tr><td>人<table>" * 300 + "\n",
        "notes-without-end": "".join(f"人是①②③[{n}]社会[^{n}]。\n" for n in range(1000)),
        "notes-all-one": "人是①。\n" * 1000 + "① 注。\n" * 1000,
        "headings": "".join(f"第{n}章 人是\n" for n in range(1000)),
        "hash-headings": "".join(f"{'#' * (n % 7 + 1)} 人是{n}\n\n" for n in range(1000)),
        "headings-upside-down": "".join(f"（{n}）甲\n{n}. 乙\n一、丙\n第{n}章 丁\n" for n in range(300)),
        "contents-for-ever": "目录\n" + "".join(f"第{n}章 人是 …… {n}\n" for n in range(1500)),
        "folios": "".join(f"人是社会的动物。\n\n{n}\n\n\f" for n in range(800)),
        "running-heads": "".join(f"社会科学概论\n人是社会的动物，离不开别\n{n}\n\n\n\n" for n in range(500)),
        "one-line-a-hundred-times": "人是社会的动物，他的生活离不开别人。\n" * 1000,
        "short-lines": "人\n" * 5000,
        "blank-between": "人\n\n\n\n\n\n" * 2000,
        "dashes": "—-–―－一ー─━" * 1000 + "\n",
        "dots": "….·•。．" * 1500 + "\n",
        "spaces": ("人" + " " * 40) * 300 + "\n",
        "digits": "0123456789" * 2000 + "\n",
        "stars": "*" * 9999 + "人" + "*" * 9999 + "\n",
        "fences": "```\n" * 999 + "人\n",
        "dollars": "$" * 9999 + "人$\n",
        "cip": "图书在版编目（CIP）数据\n" * 300 + "ISBN 978-7-5008-5382-8\n" * 300,
        "verse": "白日依山尽\n黄河入海流\n\n" * 800,
        "dialogue": "“人是”“社会”“的”" * 1500 + "\n",
        "old-macintosh": TEXT.replace("\n", "\r") * 20,
        "all-ends": "人\r是\n社\r\n会\f的\v动\x85物\u2028。" * 300,
        "no-chinese": "Chapter 1\n\nMan is a social animal. " * 200,
        "model-talk": "以下是识别结果：\n```markdown\n" * 200 + TEXT,
    }.items():
        yield _text("shape", name, text)


def _huge() -> Iterator[Case]:
    """Each some ten megabytes: nothing may take more than its length asks."""
    for name, unit in {
        "line-of-han": "人是社会的动物，他的生活离不开别人。",
        "line-without-marks": "人是社会的动物他的生活离不开别人",
        "line-of-letters": "lorem ipsum dolor sit amet ",
        "line-of-one-letter": "a",
        "line-of-spaces": " ",
        "line-of-digits": "1234567890",
        "line-of-dashes": "—",
        "line-of-stops": "。",
        "line-of-dots": ".",
        "line-of-open-brackets": "（",
        "line-of-quotes": '"',
        "line-of-tags": "<b>",
        "line-of-entities": "&lt;",
        "line-of-stars": "*",
        "line-of-bars": "|",
        "line-of-hashes": "#",
        "line-of-one-han": "一",
    }.items():
        blank = not unit.strip()
        yield _text("huge", name, unit * (HUGE // len(unit.encode())), fails=blank, huge=True)
    yield _text("huge", "headings", "".join(f"第{n}章 人是社会\n\n人是。\n\n" for n in range(100_000)), huge=True)
    yield _text("huge", "hash-headings", "".join(f"# 人是{n}\n" for n in range(100_000)), huge=True)
    yield _text("huge", "lines", "人\n" * (HUGE // 4), huge=True)
    yield _text("huge", "blank-lines", "人" + "\n" * HUGE + "是", huge=True)
    yield _text("huge", "pages", "人是社会的动物。\n\f" * 100_000, huge=True)
    yield _text("huge", "notes", "人是①社会。\n\n① 注。\n\n" * 100_000, huge=True)
    yield _text("huge", "too-large", b"\xe4\xba\xba" * (40 * 2**20), fails=True, huge=True)


# ---------------------------------------------------------------- names


def _names() -> Iterator[Case]:
    stems = {
        "dots": "...",
        "flag": "-rf",
        "device": "CON",
        "newline": "a\nb",
        "percent": "%s%n",
        "shell": "$(id);`id`",
        "override": "\u202e倒",
        "long": "甲" * 80,
        "quote": "a'\"b",
        "tag": "<b>x",
        "backslash": "..\\..\\x",
        "emoji": "👨‍👩‍👧",
        "spaces": " a b ",
        "hash": "a#b?c&d",
    }
    for name, stem in stems.items():
        yield Case(f"name-{name}", {f"{stem}.txt": TEXT.encode()})
    for name, title in {
        "up": "../../../../tmp/x",
        "absolute": "/etc/passwd",
        "windows": "C:\\\\Windows\\\\x",
        "markup": "<script>alert(1)</script>",
        "long": "长" * 3000,
        "brackets": "]]> --> {{ 7 }} %s",
        "quotes": "'\\\"' onload='x",
    }.items():
        stem = f"title-{name}"
        settings = f'[book]\ntitle = "{title}"\ncreators = ["{title[:200]}"]\npublisher = "{title[:200]}"\n'
        yield Case(stem, {f"{stem}.txt": TEXT.encode(), f"{stem}.toml": settings.encode()})
    for name, title in {
        "up": "../../../../etc/x",
        "markup": "<b onclick='x'>",
        "nul": "第\0章",
        "anchor": "#a&b?c",
    }.items():
        yield _text("heading", name, f"# {title}\n\n人是社会的动物。\n\n## {title}\n\n离不开别人。\n")


# ---------------------------------------------------------------- layout formats


def _alto(words: str, before: str = "") -> bytes:
    block = f'<TextBlock><TextLine><String CONTENT="{words}"/></TextLine></TextBlock>'
    page = f"<Layout><Page><PrintSpace>{block}</PrintSpace></Page></Layout>"
    return f'<?xml version="1.0"?>{before}<alto>{page}</alto>'.encode()


def _page(words: str, before: str = "") -> bytes:
    line = f"<TextLine><TextEquiv><Unicode>{words}</Unicode></TextEquiv></TextLine>"
    page = f'<Page><TextRegion id="r">{line}</TextRegion></Page>'
    return f'<?xml version="1.0"?>{before}<PcGts>{page}</PcGts>'.encode()


def _hocr(words: str, before: str = "") -> bytes:
    paragraph = f'<p class="ocr_par"><span class="ocr_line">{words}</span></p>'
    return f'{before}<html><body><div class="ocr_page">{paragraph}</div></body></html>'.encode()


def _layouts(place: Path, url: str) -> Iterator[Case]:
    laughs = "<!DOCTYPE x [<!ENTITY a0 'ha'>" + "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 12))
    bombs = {
        "laughs": (laughs + "]>", "&a11;"),
        "quadratic": (f"<!DOCTYPE x [<!ENTITY a '{'a' * 50_000}'>]>", "&a;" * 20_000),
        "file": (f"<!DOCTYPE x [<!ENTITY a SYSTEM '{place.as_uri()}'>]>", "&a;"),
        "network": (f"<!DOCTYPE x [<!ENTITY a SYSTEM '{url}'>]>", "&a;"),
        "parameter": (f"<!DOCTYPE x [<!ENTITY % p SYSTEM '{url}'> %p;]>", "人"),
        "dtd": (f"<!DOCTYPE x SYSTEM '{url}'>", "人是社会的动物。"),
    }
    for name, (before, words) in bombs.items():
        yield Case(f"alto-{name}", {f"alto-{name}.xml": _alto(words, before)}, fails=name != "dtd")
        yield Case(f"page-{name}", {f"page-{name}.xml": _page(words, before)}, fails=name != "dtd")
        yield Case(f"hocr-{name}", {f"hocr-{name}.hocr": _hocr(words, before)})
    deep = 200_000
    files = {
        "deep.xml": b"<alto>" * deep,
        "deep-shut.xml": b"<alto>" + b"<a>" * deep + b"</a>" * deep + b"</alto>",
        "deep.hocr": b'<div class="ocr_page">' * 20_000,
        "attributes.xml": b"<alto " + b" ".join(b'a%d="x"' % n for n in range(50_000)) + b"/>",
        "cut.xml": _alto("人是社会")[:-30],
        "other-root.xml": b"<rss><channel/></rss>",
        "no-pages.xml": b"<alto/>",
        "stylesheet.xml": f'<?xml version="1.0"?><?xml-stylesheet href="{url}"?><alto/>'.encode(),
        "xinclude.xml": f'<alto xmlns:xi="{_XINCLUDE}"><xi:include href="{place.as_uri()}"/></alto>'.encode(),
        "encoding.xml": b'<?xml version="1.0" encoding="utf-99"?><alto/>',
        "not-xml.xml": TEXT.encode(),
        "nothing.xml": b"",
        "nothing.hocr": b"",
        "plain.html": b"<html><p>text</p></html>",
        "cut.pdf": b"%PDF-1.7\n1 0 obj\n<<",
        "bomb.pdf": _pdf_bomb(),
        "empty.pdf": b"",
        "no-pdf.pdf": TEXT.encode(),
    }
    for name, data in files.items():
        yield Case(f"layout-{name}", {f"layout-{name}": data}, fails=name != "deep.hocr")
    script = "人是<script>alert(1)</script><img src='{url}'/>社会"
    yield Case("layout-script", {"layout-script.hocr": _hocr(script.format(url=url))})
    yield Case("layout-markup", {"layout-markup.xml": _alto("&lt;script&gt;alert(1)&lt;/script&gt;人")})


def _pdf_bomb() -> bytes:
    """A page whose content is 60 MB of blanks, deflated."""
    stream = zlib.compress(b" " * 60_000_000)
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>",
        b"<</Filter/FlateDecode/Length %d>>stream\n%b\nendstream" % (len(stream), stream),
    ]
    return (
        b"%PDF-1.7\n"
        + b"".join(b"%d 0 obj%b endobj\n" % (n, body) for n, body in enumerate(objects, 1))
        + b"trailer<</Root 1 0 R>>"
    )


# ---------------------------------------------------------------- settings and decisions


def _settings(place: Path) -> Iterator[Case]:
    wrong: dict[str, str | bytes] = {
        "syntax": "[book\ntitle = 1",
        "no-quotes": "[book]\ntitle = 书名\n",
        "twice": "[book]\n[book]\n",
        "key-twice": "[book]\ntitle = 'a'\ntitle = 'b'\n",
        "unknown-table": "[boook]\n",
        "unknown-key": "[book]\ntitel = 'a'\n",
        "table-as-text": "book = 'a'\n",
        "title-number": "[book]\ntitle = 1\n",
        "title-date": "[book]\ntitle = 2013-04-01\n",
        "title-list": "[book]\ntitle = ['a']\n",
        "title-controls": '[book]\ntitle = "a\\u0000b"\n',
        "creators-number": "[book]\ncreators = 3\n",
        "creators-odd": "[book]\ncreators = [{ nam = 'a' }]\n",
        "isbn": "[book]\nisbn = '978-7-0000-0000-0'\n",
        "date": "[book]\ndate = '2013年'\n",
        "language": "[book]\nlanguage = 'tlh'\n",
        "vertical": "[epub]\nvertical = 'yes'\n",
        "profile": "[epub]\nprofile = 'papyrus'\n",
        "off-unknown": "[clean]\noff = ['no-such-rule']\n",
        "off-number": "[clean]\noff = [1]\n",
        "levels": "[structure]\nlevels = ['第一掌']\n",
        "editions": "editions = ['klingon']\n",
        "editions-text": "editions = 'source'\n",
        "convert-source": "[convert]\nsource = 'runes'\n",
        "convert-pair": "[convert.hant-tw]\n'' = ''\n",
        "cover-missing": "cover = 'no.jpg'\n",
        "cover-up": "cover = '../../../../../../etc/passwd'\n",
        "cover-absolute": f"cover = '{place}'\n",
        "cover-folder": "cover = '.'\n",
        "cover-nul": 'cover = "a\\u0000.jpg"\n',
        "cover-number": "cover = 1\n",
        "deep": "a = " + "[" * 50_000,
        "deep-keys": ".".join("a" * 20_000) + " = 1\n",
        "deep-tables": "".join(f"[{'.'.join('a' * n)}]\n" for n in range(1, 400)),
        "number": "[book]\ntitle = " + "9" * 10_000 + "\n",
        "not-utf-8": b"[book]\ntitle = '\xff\xfe'\n",
        "utf-16": "[book]\ntitle = 'a'\n".encode("utf-16"),
        "nul": "[book]\ntitle = 'a\0'\n",
        "large": "#" + "x" * 2_000_000,
        "binary": bytes(range(256)),
    }
    for name, data in wrong.items():
        raw = data if isinstance(data, bytes) else data.encode()
        yield Case(f"toml-{name}", {f"toml-{name}.txt": TEXT.encode(), f"toml-{name}.toml": raw}, fails=True)
    for name, text in {"empty": "", "mark": "\ufeff[book]\n", "comments": "# 一\n" * 5000}.items():
        yield Case(f"toml-{name}", {f"toml-{name}.txt": TEXT.encode(), f"toml-{name}.toml": text.encode()})
    picture = struct.pack(">8sI4sIIBBBBB", b"\x89PNG\r\n\x1a\n", 13, b"IHDR", 10**9, 10**9, 8, 2, 0, 0, 0)
    files = {"toml-picture.txt": TEXT.encode(), "toml-picture.toml": b"cover = 'c.png'\n", "c.png": picture}
    yield Case("toml-picture", files)  # a picture of 10^18 pixels, by its own account


def _reviews() -> Iterator[Case]:
    for name, text in {
        "syntax": "[[reject",
        "unknown": "[[refuse]]\n",
        "no-rule": "[[reject]]\nline = 1\n",
        "unknown-rule": "[[reject]]\nrule = 'no-such-rule'\nbefore = 'a'\n",
        "nothing-there": "[[reject]]\nrule = 'dashes'\nline = 3\nbefore = '-'\n",
        "line-beyond": "[[correct]]\nline = 99999\nbefore = 'a'\nafter = 'b'\n",
        "line-text": "[[correct]]\nline = 'one'\nbefore = 'a'\nafter = 'b'\n",
        "line-below": "[[correct]]\nline = -5\nbefore = '人'\nafter = '入'\n",
        "line-enormous": "[[correct]]\nline = 99999999999999999999\nbefore = '人'\nafter = '入'\n",
        "protect-number": "protect = 3\n",
    }.items():
        files = {f"review-{name}.txt": TEXT.encode(), f"review-{name}.review.toml": text.encode()}
        yield Case(f"review-{name}", files, fails=True)
