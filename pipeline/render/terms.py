"""The words that an edition adds to a book (目录, 注释, 封面 …), in both scripts, for every renderer.

They stand here as a pair each, since an edition's own furniture is never sent through a converter: what is printed on
every page must be right by reading, not by rule.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Terms:
    """One script's words. Attributes are named for what they call, in the field's English terms."""

    cover: str = "封面"
    half_title: str = "半书名页"
    title_page: str = "书名页"
    copyright_page: str = "版权页"
    contents: str = "目录"
    contents_with_breaks: str = "目　录"
    body: str = "正文"
    notes: str = "注释"
    box: str = "附框"
    landmarks: str = "导览"
    page_list: str = "印刷版页码"
    colophon: str = "本版说明"
    colophon_with_breaks: str = "本版说明"


HANS = Terms()
HANT = Terms(
    cover="封面",
    half_title="半書名頁",
    title_page="書名頁",
    copyright_page="版權頁",
    contents="目錄",
    contents_with_breaks="目　錄",
    body="正文",
    notes="註釋",
    box="附框",
    landmarks="導覽",
    page_list="印刷版頁碼",
    colophon="本版說明",
    colophon_with_breaks="本版說明",
)


def terms(lang: str) -> Terms:
    """The words for a BCP 47 tag: Traditional for zh-Hant and its regions, else Simplified."""
    return HANT if lang.lower().startswith(("zh-hant", "zh-tw", "zh-hk", "zh-mo")) else HANS
