"""The shelf's own words, in each language it may speak. What books say of themselves is never translated."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from pipeline.catalogue.card import Card, Download, EditionCard
from pipeline.catalogue.settings import LANGUAGES
from pipeline.render.html import Html, tag, text

_SAID: Mapping[str, tuple[str, str, str]] = {
    "skip": ("跳到正文", "跳到正文", "Skip to content"),
    "language": ("语言", "語言", "Language"),
    "books": ("图书", "圖書", "Books"),
    "search": ("找书", "找書", "Search"),
    "search-hint": ("书名、作者、出版者、拼音", "書名、作者、出版者、拼音", "title, author, publisher, pinyin"),
    "edition": ("字形", "字形", "Script"),
    "format": ("格式", "格式", "Format"),
    "order": ("排序", "排序", "Order"),
    "newest": ("新到", "新到", "Newest"),
    "by-title": ("书名", "書名", "Title"),
    "by-author": ("作者", "作者", "Author"),
    "clear": ("清除", "清除", "Clear"),
    "count": ("共 {n} 种", "共 {n} 種", "{n} books"),
    "none": (
        "没有这样的书。换个词，或清除筛选。",
        "沒有這樣的書。換個詞，或清除篩選。",
        "No such book. Try another word, or clear.",
    ),
    "more": ("更多", "更多", "More"),
    "pages": ("分页", "分頁", "Pages"),
    "page": ("第 {n} 页", "第 {n} 頁", "Page {n}"),
    "previous": ("上一页", "上一頁", "Previous"),
    "next": ("下一页", "下一頁", "Next"),
    "read": ("在线阅读", "線上閱讀", "Read online"),
    "vertical": ("直排", "直排", "Vertical"),
    "downloads": ("下载", "下載", "Downloads"),
    "file": ("文件", "檔案", "File"),
    "size": ("大小", "大小", "Size"),
    "checksum": ("校验", "校驗", "Checksum"),
    "all-checksums": ("全部校验值", "全部校驗值", "All checksums"),
    "signature": ("签名", "簽名", "Signature"),
    "contents": ("目录", "目錄", "Contents"),
    "about": ("关于这本书", "關於這本書", "About this book"),
    "cover-of": ("《{n}》封面", "《{n}》封面", "Cover of {n}"),
    "back": ("全部图书", "全部圖書", "All books"),
    "series": ("丛书", "叢書", "Series"),
    "publisher": ("原出版者", "原出版者", "Print publisher"),
    "date": ("原出版时间", "原出版時間", "Print date"),
    "isbn": ("纸书 ISBN", "紙書 ISBN", "Print ISBN"),
    "class": ("分类号", "分類號", "CLC class"),
    "subject": ("主题", "主題", "Subjects"),
    "length": ("字数", "字數", "Length"),
    "characters": ("{n} 字", "{n} 字", "{n} characters"),
    "since": ("上架", "上架", "Since"),
    "rights": ("版权", "版權", "Rights"),
    "public-domain": ("公有领域", "公有領域", "Public domain"),
    "own": ("版权归发行者所有", "版權歸發行者所有", "Rights held by the publisher of this shelf"),
    "repaired": ("整理时的改正", "整理時的改正", "What was repaired"),
    "repaired-count": ("改正识别错误 {n} 处", "改正識別錯誤 {n} 處", "{n} misreadings repaired"),
    "untouched": ("文字一仍其旧，未作改动", "文字一仍其舊，未作改動", "The text stands as it was"),
    "review": ("逐处对照原文", "逐處對照原文", "Every place beside the raw text"),
    "kind": ("类别", "類別", "Kind"),
    "places": ("处", "處", "places"),
    "feeds": ("订阅与书目", "訂閱與書目", "Feeds and catalogues"),
    "opds": ("OPDS 书目（阅读软件用）", "OPDS 書目（閱讀軟體用）", "OPDS, for reading apps"),
    "onix": ("ONIX 3.0（书店用）", "ONIX 3.0（書店用）", "ONIX 3.0, for shops"),
    "news": ("新书订阅", "新書訂閱", "What is new (Atom)"),
    "contact": ("联系", "聯絡", "Contact"),
    "empty": ("书架上还没有书。", "書架上還沒有書。", "There is no book here yet."),
    "all-books": ("全部图书", "全部圖書", "All books"),
    "new-books": ("新到图书", "新到圖書", "New books"),
    "by-script": ("按字形", "按字形", "By script"),
}
_CLASSES = dict(zip(LANGUAGES, ("u-hans", "u-hant", "u-en"), strict=True))

SCRIPTS: Mapping[str, tuple[str, str, str]] = {
    "zh-Hans": ("简体", "簡體", "Simplified"),
    "zh-Hant": ("繁体", "繁體", "Traditional"),
    "zh-Hant-TW": ("台湾繁体", "臺灣繁體", "Traditional, Taiwan"),
    "zh-Hant-HK": ("香港繁体", "香港繁體", "Traditional, Hong Kong"),
}
FORMATS: Mapping[str, str] = {"epub": "EPUB", "pdf": "PDF"}


@dataclass(frozen=True, slots=True)
class Words:
    """The words in the shelf's languages; the first is the one it opens with."""

    languages: tuple[str, ...]

    def plain(self, key: str, n: object = "") -> str:
        """In the first language, for attributes and feeds."""
        return self._said(_SAID[key], self.languages[0]).format(n=n)

    def __call__(self, key: str, n: object = "") -> Html:
        """In every language, one of which the page shows."""
        return self._shown(_SAID[key], n)

    def script(self, lang: str) -> Html:
        return self._shown(SCRIPTS.get(lang, (lang,) * 3))

    def plain_script(self, lang: str, language: str = "") -> str:
        return self._said(SCRIPTS.get(lang, (lang,) * 3), language or self.languages[0])

    def edition(self, edition: EditionCard) -> Html:
        """臺灣繁體"""
        return self.script(edition.lang)

    def form(self, file: Download) -> Html:
        """EPUB · 直排"""
        name = text(FORMATS.get(file.format, file.format))
        return Html(f"{name} · {self('vertical')}") if file.vertical else name

    def rights(self, card: Card) -> Html:
        """By what right a book is handed out; licences by their own names."""
        return self(card.rights) if card.rights in _SAID else text(card.licence or card.rights)

    def _shown(self, said: tuple[str, str, str], n: object = "") -> Html:
        return _shown(self.languages, said, str(n))

    def _said(self, said: tuple[str, str, str], language: str) -> str:
        return said[LANGUAGES.index(language)]


@lru_cache(maxsize=4096)
def _shown(languages: tuple[str, ...], said: tuple[str, str, str], n: str) -> Html:
    """Words in every language, each in a span of its own unless they are the same."""
    words = {language: said[LANGUAGES.index(language)].format(n=n) for language in languages}
    if len(set(words.values())) == 1:
        return text(next(iter(words.values())))
    marks = ({"class": _CLASSES[each], "lang": None if each == languages[0] else each} for each in words)
    return Html("".join(tag("span", mark, text(word)) for mark, word in zip(marks, words.values(), strict=True)))
