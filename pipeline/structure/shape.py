"""The shape of lines: what rules ask before they ask for words. Pure, cheap, and linear in the text."""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from pipeline.pages import Page

HAN = r"\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
CHINESE_DIGITS = "〇零○一二三四五六七八九十百千两廿卅壹贰叁肆伍陆柒捌玖拾"

_NOT_WORDS = re.compile(r"[\W_]+")
# What NFKC leaves alone, or turns into marks that are dropped anyway: then the closer look is not needed.
_EVERYDAY = re.compile(r"[\x00-\x7f\u3400-\u4dbf\u4e00-\u9fff\u3000-\u3002“”‘’—…《》，；：？！（）「」『』·]*+")
_BULLET = re.compile(r"^[\s\-*•·●○■□◆◇▶►▷◎★☆※➤#>|]+(?=\S)")
_SENTENCE_INSIDE = re.compile(r"[。；！？].{2,}")
_COMMA = re.compile(r"[，,；;]")
_BLANKS = re.compile(r"[\s　]+")
_BLANKS_BESIDE_HAN = re.compile(rf"(?<=[{HAN}）》”：，])\s+|\s+(?=[{HAN}（《“：，])")
_BRACKETS = re.compile(rf"(?<=[{HAN}])\(([^()]*)\)")
_COLON = re.compile(rf"(?<=[{HAN}]):(?=[{HAN}])")
_ENDS_IN_FOLIO = re.compile(r"[\s.…·/／]\d{1,4}$")
_ENDS_IN_NUMBER = re.compile(rf"[{HAN}\w”’）)》」』？！?!…·.\-—/／\s]\s*[(（]?\d{{1,4}}[)）]?\s*$")

# Characters of labels, headings and imprints that a Traditional book prints otherwise.
_SIMPLIFIED = str.maketrans(
    "書編譯責輯設計發電話郵經銷開張數號價權總監製務網統國際標準傳項營規頁審訂機構單時間達圖館據冊錄選館華廠廣東門縣區號樓層",
    "书编译责辑设计发电话邮经销开张数号价权总监制务网统国际标准传项营规页审订机构单时间达图馆据册录选馆华厂广东门县区号楼层",
)

SHORT = 60  # a title may be this long; a line that is longer and carries no folio is prose
PAGE_GAP = 3  # blank lines in a row that stand for a page break where the text has no other sign of it


@lru_cache(maxsize=1 << 15)
def key(text: str) -> str:
    """`text` without spaces, punctuation and widths: what two readings of one title have in common."""
    if _EVERYDAY.fullmatch(text):
        return _NOT_WORDS.sub("", text).casefold()
    return _NOT_WORDS.sub("", unicodedata.normalize("NFKC", text)).casefold()


def bare(text: str) -> str:
    """`text` without the bullet, `#` or `**` before it and the `**` after it."""
    return _BULLET.sub("", text, count=1).replace("**", "").strip()


def tight(text: str) -> str:
    """A title or name without the spaces that print puts between Han, its marks in full width."""
    text = _BLANKS.sub(" ", text).strip(" 《》“”*")
    text = _BLANKS_BESIDE_HAN.sub("", text)
    text = _BRACKETS.sub(r"（\1）", text)
    return _COLON.sub("：", text)


def simplified(text: str) -> str:
    """`text` for comparison with Simplified patterns, character by character: columns stay what they are."""
    return text.translate(_SIMPLIFIED)


def looks_like_prose(text: str) -> bool:
    """Whether one line, alone, reads as a sentence of running text rather than a title, a name or an entry."""
    line = text.strip()
    size = len(line)
    if size < 8:
        return False
    numbered = line[-1] in ")）" or line[-1].isdecimal()  # spares most lines two closer looks
    if numbered and size <= SHORT and _ENDS_IN_FOLIO.search(line):
        return False
    if line.endswith(("。", "。”", "。’", "。」", "。）")) or (size >= 20 and _SENTENCE_INSIDE.search(line)):
        return True
    if numbered and _ENDS_IN_NUMBER.search(line):
        return False
    return size > SHORT or (size >= 30 and len(_COMMA.findall(line)) >= 2)


def prose(lines: Sequence[str]) -> Sequence[bool]:
    """For each line whether it belongs to running text: by itself, or as the wrapped beginning of such a line."""
    return _prose(tuple(lines))


@lru_cache(maxsize=1)
def _prose(lines: tuple[str, ...]) -> Sequence[bool]:
    found = [looks_like_prose(line) for line in lines]
    for at in range(len(lines) - 2, -1, -1):
        if not found[at] and found[at + 1] and len(lines[at].strip()) >= 20:
            found[at] = not _ENDS_IN_NUMBER.search(lines[at])
    return found


def page_starts(lines: Sequence[str], pages: Sequence[Page]) -> frozenset[int]:
    """First non-blank lines of pages, where pages are known or a gap of blank lines shows them."""
    return _page_starts(tuple(lines), frozenset(page.start for page in pages))


@lru_cache(maxsize=1)
def _page_starts(lines: tuple[str, ...], known: frozenset[int]) -> frozenset[int]:
    starts = set()
    blank, fresh = PAGE_GAP, True
    for at, line in enumerate(lines):
        fresh = fresh or at in known
        if not line.strip():
            blank += 1
            continue
        if fresh or blank >= PAGE_GAP:
            starts.add(at)
        blank, fresh = 0, False
    return frozenset(starts)
