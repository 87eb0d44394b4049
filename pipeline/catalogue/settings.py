"""shelf.toml to frozen settings: what the publisher says of the whole shelf. docs/shelf.md documents each key."""

import re
from dataclasses import dataclass, field, replace
from pathlib import Path

from pipeline.config import error_at, read_table

LANGUAGES = ("zh-Hans", "zh-Hant", "en")
_BASE_URL = re.compile(r"https?://[A-Za-z0-9.-]+(:\d+)?(/[A-Za-z0-9._~!$&'()*+,;=:@%/-]*)?")
_CONTACT = re.compile(r"[^\s@<>\"]+@[^\s@<>\"]+\.[^\s@<>\"]+|https?://[^\s<>\"]+")
_GPG_KEY = re.compile(r"[\w+][\w.+@ -]{0,199}")


@dataclass(frozen=True, slots=True)
class ShelfSettings:
    """[shelf]: the name over the door, where it will stand, whom to write to, and in which languages it speaks.

    `base_url` ends in a slash; without it links stay relative, and there is no sitemap. `minisign` is the path of a
    secret key, `gpg` the name of a key that GnuPG knows; either signs SHA256SUMS.
    """

    name: str = "书架"
    description: str = ""
    base_url: str = ""
    contact: str = ""
    licence: str = ""
    languages: tuple[str, ...] = ("zh-Hans", "en")
    minisign: str = ""
    gpg: str = ""


@dataclass(frozen=True, slots=True)
class _File:
    shelf: ShelfSettings = field(default_factory=ShelfSettings)


def read(path: Path) -> ShelfSettings:
    """The settings in `path`; the defaults where there is no such file. Raises SettingsError."""
    found = read_table(_File, path)
    if found is None:
        return ShelfSettings()
    said, text = found[0].shelf, found[1]

    def refuse(key: str, message: str, remedy: str) -> None:
        raise error_at(text, path, ("shelf", key), message, remedy)

    if not said.name:
        refuse("name", "书架没有名称", '写成 name = "某某书架"')
    if said.base_url and not _BASE_URL.fullmatch(said.base_url):
        refuse("base_url", f"网址 {said.base_url!r} 不能用", "写成 https://example.org/books/，不带 ? 和 #")
    if said.contact and not _CONTACT.fullmatch(said.contact):
        refuse("contact", f"认不出 {said.contact!r}", "写电子邮箱，或以 https:// 开头的网址")
    for language in said.languages:
        if language not in LANGUAGES:
            refuse("languages", f"书架还不会说 {language!r}", f"可用：{'、'.join(LANGUAGES)}")
    if not said.languages or len(set(said.languages)) < len(said.languages):
        refuse("languages", "语言至少写一种，每种写一次", '写成 languages = ["zh-Hans", "en"]')
    if said.minisign and not (path.parent / said.minisign).expanduser().is_file():
        refuse("minisign", f"找不到私钥 {said.minisign!r}", "写 minisign -G 生成的私钥的路径，相对于这个文件")
    if said.gpg and not _GPG_KEY.fullmatch(said.gpg):
        refuse("gpg", f"认不出 GPG 密钥 {said.gpg!r}", "写密钥的指纹，或它的电子邮箱")
    base = said.base_url if said.base_url.endswith("/") or not said.base_url else f"{said.base_url}/"
    key = str((path.parent / said.minisign).expanduser()) if said.minisign else ""
    return replace(said, base_url=base, minisign=key)
