"""Which encoding a Chinese text is in: marks first, then UTF-8, then what reads most like Chinese.

Statistics of bytes alone mistake GB18030 for Big5 and both for Korean; so every candidate is decoded and judged by
what it says: real Chinese is made of a few hundred very common characters, mojibake of rare ones.
"""

import codecs
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.errors import SourceError
from pipeline.notice import Notice, Severity

_MARKS = (  # longest first: the UTF-32 mark begins with that of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CHINESE = ("gb18030", "big5hkscs", "cp950", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
_UNICODE = frozenset({"utf-8", "gb18030", *(encoding for _, encoding in _MARKS)})
_SPOKEN = {"big5hkscs": "Big5", "cp950": "Big5", "gb18030": "GB18030"}
_BINARY = (
    (b"%PDF-", "PDF"),
    (b"PK\x03\x04", "ZIP（docx、epub 等）"),
    (b"\x89PNG\r\n", "PNG 图像"),
    (b"\xff\xd8\xff", "JPEG 图像"),
    (b"GIF8", "GIF 图像"),
    (b"II*\x00", "TIFF 图像"),
    (b"MM\x00*", "TIFF 图像"),
    (b"\x1f\x8b", "gzip"),
    (b"7z\xbc\xaf", "7z"),
    (b"Rar!", "RAR"),
    (b"{\\rtf", "RTF"),
    (b"AT&TFORM", "DjVu"),
    (b"\xd0\xcf\x11\xe0", "Word 97–2003（doc）"),
    (b"\x7fELF", "程序"),
)
_SAMPLE = 1 << 16  # bytes that are enough to judge by
_BAD_SHARE = 0.001  # of the bytes: so much may be broken before a decoding is refused
_PLAUSIBLE = 0.25  # of the Han characters are among the common ones: in real text .35 and more, in mojibake < .1

# The commonest characters of modern and of classical prose, in both scripts.
_COMMON = frozenset(
    "的一是不了在人有我他这個们們中来來上大为為和国國地到以说說时時要就出会會可也你对對生能而子那得于於着著下自之年过過"
    "发發后後作里裡用道行所然家种種事成方多经經么麼去法学學如都同现現当當没動动面起看定天分还還进進好小部其些主样樣理心"
    "她本前开開但因只从從想实實日军軍者意无無力它与與长長把机機十民第公此已工使情明性知全三又关關点點正业業外将將两兩高"
    "间間由问問很最重并並物手应應战戰向头頭文体體政美相见見被利什二等产產或新己制身果加西斯月话話合回特代内內信表化老给給"
    "世位次度门門任常先海通教儿兒原东東声聲提立及比员員解水名真论論处處走义義各入几幾口认認条條平系气氣题題活尔爾更别別打"
    "女变變四神总總何电電数數安少报報才结結反受目太量再感建务務做接必场場件计計管期市直德资資命山金指克许許统統区區保至队隊"
    "形社便空决決治展马馬科司五基眼书書非则則听聽白却卻界达達光放强強即像难難且权權思王象完设設式色路记記南品住告类類求据據"
    "程北边邊死张張该該交规規万萬取拉格望觉覺术術领領共确確传傳师師观觀清今切院让讓识識候带帶导導争爭运運曰乎矣焉哉吾汝其夫"
    "，。、；：？！“”「」《》（）的　"
)


@dataclass(frozen=True, slots=True)
class Decoded:
    """One file as text. `bad` counts the places whose bytes became U+FFFD."""

    text: str
    encoding: str
    bad: int = 0
    notices: tuple[Notice, ...] = ()


def decode_pages(files: Sequence[tuple[str, bytes]]) -> tuple[Decoded, ...]:
    """Decode the files of one book, (where, bytes) each.

    A file with a mark, or in sound UTF-8, speaks for itself; the others are judged together, since a page of three
    words is too short to be judged alone. Raises SourceError for what is no text.
    """
    own = [_by_itself(where, data) for where, data in files]
    rest = [(where, data) for (where, data), done in zip(files, own, strict=True) if done is None]
    encoding = _judge(rest) if rest else ""
    return tuple(done or _in(encoding, where, data) for (where, data), done in zip(files, own, strict=True))


def _by_itself(where: str, data: bytes) -> Decoded | None:
    for magic, kind in _BINARY:
        if data.startswith(magic):
            raise SourceError(
                f"这是 {kind}，不是纯文字", remedy="先用 OCR 或另存为的办法得到 .txt（UTF-8）", where=where
            )
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            found = _in(encoding, where, data[len(mark) :])
            said = Notice("byte-order-mark", f"文件开头有 {encoding.upper()} 字节序标记，已去掉")
            return replace(found, notices=(said, *(n for n in found.notices if n.code != "encoding")))
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return None
    if text.count("\0") * 8 > len(text):  # UTF-16 of Latin text is sound UTF-8 full of NUL
        return None
    _refuse_binary(text, where)
    return Decoded(text, "utf-8")


def _judge(files: Sequence[tuple[str, bytes]]) -> str:
    """The encoding in which `files` read most like Chinese; UTF-8 with a few broken bytes counts as UTF-8."""
    sample = _sample(files)
    if _broken(sample, "utf-8") <= _allowed(len(sample)):
        return "utf-8"
    best = max(_CHINESE, key=lambda encoding: plausibility(sample, encoding))
    if plausibility(sample, best) >= _PLAUSIBLE:
        return best
    foreign = _foreign(sample)
    if foreign is not None:
        return foreign
    raise SourceError(
        "认不出编码：不是 UTF-8、UTF-16、GB18030 或 Big5 的中文",
        remedy="用编辑器另存为 UTF-8，或 iconv -f 原编码 -t UTF-8 转换",
        where=files[0][0],
    )


def _sample(files: Sequence[tuple[str, bytes]]) -> bytes:
    """Some of the bytes, from the start of each file, of a length that keeps two- and four-byte units whole."""
    share = max(_SAMPLE // len(files), 64) // 4 * 4
    return b"".join(data[:share] if len(data) > share else data for _, data in files[: _SAMPLE // 64])


def plausibility(data: bytes, encoding: str) -> float:
    """How much `data`, decoded so, reads like Chinese: the share of common characters among those beyond ASCII.

    Broken bytes, NUL and private-use characters count against it. 0 where nothing but ASCII is left.
    """
    text = data.decode(encoding, errors="replace")
    if encoding.startswith("utf-") and text.count("\n") == 0 and len(text) > 2000:
        return 0.0  # two-byte text of one line and no line end is another encoding read in pairs
    beyond = [char for char in text if char > "\x7f"]
    if not beyond:
        return 0.0
    common = sum(char in _COMMON for char in beyond)
    odd = sum(char == "\ufffd" or "\ue000" <= char <= "\uf8ff" for char in beyond) + text.count("\0")
    return (common - 4 * odd) / len(beyond)


def _foreign(sample: bytes) -> str | None:
    """What charset-normalizer makes of a text that is not Chinese: Japanese, Korean, Latin with accents."""
    from charset_normalizer import from_bytes  # noqa: PLC0415  rarely needed, and slow to import

    best = from_bytes(sample).best()
    if best is None or best.encoding in {"ascii", "utf_8"} or best.percent_chaos > 10 or best.percent_coherence < 20:
        return None
    return str(best.encoding)


def _in(encoding: str, where: str, data: bytes) -> Decoded:
    """`data` in `encoding`, with U+FFFD where a few bytes are broken."""
    notices: list[Notice] = []
    bad = 0
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        bad = _broken(data, encoding)
        if bad > _allowed(len(data)):
            raise SourceError(
                f"按 {_spoken(encoding)} 读，坏字节太多", remedy="请重新导出，或先转成 UTF-8", where=where
            ) from None
        first = data[error.start : error.end].hex(" ").upper()
        message = f"有 {bad} 处字节（首处 {first}）不合 {_spoken(encoding)}，以 � 代替"
        notices.append(Notice("bad-bytes", message, severity=Severity.WARNING))
        text = data.decode(encoding, errors="replace")
    _refuse_binary(text, where)
    if encoding != "utf-8":
        notices.insert(0, Notice("encoding", f"原文编码是 {_spoken(encoding)}，已转为 UTF-8"))
    return Decoded(text, encoding, bad, tuple(notices))


def _broken(data: bytes, encoding: str) -> int:
    """In how many places `data` breaks the rules of `encoding`."""
    replaced = data.decode(encoding, errors="replace").count("\ufffd")
    return replaced - data.count("\ufffd".encode(encoding)) if replaced and encoding in _UNICODE else replaced


def _allowed(size: int) -> int:
    """So many broken places are an accident (a file cut within a character, a flipped bit) in `size` bytes."""
    return max(2, int(size * _BAD_SHARE))


def _refuse_binary(text: str, where: str) -> None:
    head = text[:_SAMPLE]
    controls = sum(head.count(chr(code)) for code in range(32) if chr(code) not in "\t\n\v\f\r")
    if controls * 10 > max(len(head), 40):
        raise SourceError("文件里多是控制字符，不是文字", remedy="请给出 OCR 得到的 .txt", where=where)


def _spoken(encoding: str) -> str:
    return _SPOKEN.get(encoding, encoding.upper())
