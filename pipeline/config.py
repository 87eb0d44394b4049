"""<book>.toml to frozen settings; an error names file, line, key and remedy.

The dataclasses are the schema: a key is a field, its type is the field's. docs/settings.md documents each key.
"""

import hashlib
import re
import tomllib
import typing
from collections.abc import Sequence
from dataclasses import MISSING, dataclass, field, fields, is_dataclass, replace
from datetime import date
from pathlib import Path

from pipeline.book import Book, Creator
from pipeline.errors import SettingsError

T = typing.TypeVar("T")
Verbatim = typing.NewType("Verbatim", str)  # words of a text: taken as they stand, spaces and all

_LARGEST_TOML = 1 << 20  # bytes
_LARGEST_COVER = 20 << 20
_IMAGES = ((b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"))


@dataclass(frozen=True, slots=True)
class BookSettings:
    """[book]: what the publisher says over what the text says. Empty means: as the text has it."""

    title: str = ""
    subtitle: str = ""
    series: str = ""
    creators: tuple[Creator, ...] = ()
    publisher: str = ""
    place: str = ""
    isbn: str = ""
    date: str = ""
    language: str = ""
    rights: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True)
class CleanSettings:
    """[clean]: rule ids that are switched off for this book."""

    off: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StructureSettings:
    """[structure]: heading forms by level ("篇", "一、", "1.", "（1）"), outermost first, and rules switched off."""

    levels: tuple[str, ...] = ()
    off: tuple[str, ...] = ()


CONVERT_SOURCES = ("", "hans", "hant", "hant-tw", "hant-hk")  # "" is found from the text
EPUB_PROFILES = ("generic", "kindle", "apple", "duokan")  # what each means: render/profile.py


@dataclass(frozen=True, slots=True)
class EpubSettings:
    """[epub]: choices for the e-book."""

    vertical: bool = False
    embed_fonts: bool = False
    profile: str = "generic"


@dataclass(frozen=True, slots=True)
class IsbnSettings:
    """[print.isbn]: the ISBN of our own printed editions, by edition; never that of the book they are made from."""

    source: str = ""
    hans: str = ""
    hant: str = ""
    hant_tw: str = ""
    hant_hk: str = ""

    def of(self, edition: str) -> str:
        """The ISBN of an edition, "" where it has none."""
        return str(getattr(self, edition.replace("-", "_"), ""))


@dataclass(frozen=True, slots=True, repr=False)
class InkProfile:
    """The ICC profile of the publisher's own press, read and checked when the settings were read."""

    name: str
    data: bytes

    def __repr__(self) -> str:
        return f"InkProfile({self.name!r}, {hashlib.sha256(self.data).hexdigest()})"


@dataclass(frozen=True, slots=True)
class PrintSettings:
    """[print]: the trimmed page by name or as "140x203" in millimetres, and the house style; and for the cover how
    thick a leaf is in millimetres, what the book costs, and the ISBN of each edition; and the profile of the press.

    A leaf of 80 g offset paper is 0.108 mm thick (by the trade's rule: 0.001346 mm for each gram).
    """

    trim: str = "16开"
    style: str = "classic"
    paper: float = 0.108
    price: str = ""
    isbn: IsbnSettings = field(default_factory=IsbnSettings)
    profile: InkProfile | None = None


@dataclass(frozen=True, slots=True)
class Pair:
    """A word, and what it becomes in an edition of another script."""

    word: str
    becomes: str


@dataclass(frozen=True, slots=True)
class ConvertSettings:
    """[convert]: how editions of the other script are made; the tables of an edition hold the publisher's own pairs.

    `source` says which script the text is in, where it is not to be found from its characters.
    """

    source: str = ""
    vocabulary: bool = False
    hans: tuple[Pair, ...] = ()
    hant: tuple[Pair, ...] = ()
    hant_tw: tuple[Pair, ...] = ()
    hant_hk: tuple[Pair, ...] = ()

    def pairs_for(self, edition: str) -> dict[str, str]:
        """The publisher's pairs for an edition; those for `hant` hold in its regions too, unless said otherwise."""
        tables = {"hans": (self.hans,), "hant-tw": (self.hant, self.hant_tw), "hant-hk": (self.hant, self.hant_hk)}
        return {pair.word: pair.becomes for table in tables.get(edition, (self.hant,)) for pair in table}


_BY_EDITION = (ConvertSettings, IsbnSettings)  # their keys are editions: "hant-tw"
_THINNEST, _THICKEST = 0.02, 1.0  # of a leaf, in millimetres

# What a publisher may say of his right to hand a book out: SPDX names, and two words of our own.
LICENCES = {
    "CC0-1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
    "CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/",
    "CC-BY-SA-4.0": "https://creativecommons.org/licenses/by-sa/4.0/",
    "CC-BY-NC-4.0": "https://creativecommons.org/licenses/by-nc/4.0/",
    "CC-BY-NC-SA-4.0": "https://creativecommons.org/licenses/by-nc-sa/4.0/",
    "CC-BY-ND-4.0": "https://creativecommons.org/licenses/by-nd/4.0/",
    "CC-BY-NC-ND-4.0": "https://creativecommons.org/licenses/by-nc-nd/4.0/",
}
RIGHTS = ("public-domain", "own", "licence", *LICENCES)


@dataclass(frozen=True, slots=True)
class ShelvingSettings:
    """[shelf]: by what right a book is handed out, since when, and whether its review page goes with it.

    No rights: the book is built and left off the shelf. "licence" needs the words of `licence`.
    """

    rights: str = ""
    licence: str = ""
    since: str = ""
    review: bool = False


@dataclass(frozen=True, slots=True)
class Cover:
    """The publisher's cover image, read and checked when the settings were read."""

    name: str
    data: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class Settings:
    """All that a publisher may choose for one book; the defaults make a good book of any text."""

    book: BookSettings = field(default_factory=BookSettings)
    clean: CleanSettings = field(default_factory=CleanSettings)
    structure: StructureSettings = field(default_factory=StructureSettings)
    epub: EpubSettings = field(default_factory=EpubSettings)
    print: PrintSettings = field(default_factory=PrintSettings)
    convert: ConvertSettings = field(default_factory=ConvertSettings)
    shelf: ShelvingSettings = field(default_factory=ShelvingSettings)
    editions: tuple[str, ...] = ()
    cover: Cover | None = None

    @property
    def digest(self) -> str:
        """A hex SHA-256 of what shapes a book: not of comments, editions asked for, or how it is handed out."""
        cover = b"" if self.cover is None else self.cover.media_type.encode() + self.cover.data
        shaping = replace(self, editions=(), cover=None, shelf=ShelvingSettings())
        said = repr(shaping).encode("utf-8", "surrogatepass")
        return hashlib.sha256(hashlib.sha256(said).digest() + cover).hexdigest()


# ---------------------------------------------------------------- reading


def read(path: Path) -> Settings:
    """The settings in `path`; the defaults where there is no such file. Raises SettingsError."""
    text = _text(path)
    return Settings() if text is None else parse(text, path)


def read_table(kind: type[T], path: Path) -> tuple[T, str] | None:
    """Another .toml of the publisher's by the schema `kind`, and its text; None where there is no such file.

    Raises SettingsError as `read` does.
    """
    text = _text(path)
    if text is None:
        return None
    place = _Place(text, path)
    table: T = _table(kind, _loads(place), (), place)
    return table, text


def error_at(text: str, path: Path, keys: Sequence[str], message: str, remedy: str) -> SettingsError:
    """What is wrong with a key of a .toml that was read, with the line it stands on."""
    return _Place(text, path).error(keys, message, remedy)


def _text(path: Path) -> str | None:
    """The characters of a .toml; None where there is none."""
    try:
        if path.stat().st_size > _LARGEST_TOML:
            raise SettingsError("设置文件超过 1 MB", remedy="里面只该有几十行设置", where=str(path))
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return None
    except OSError as error:
        raise SettingsError(f"读不了：{error.strerror or error}", remedy="请检查权限", where=str(path)) from error
    except UnicodeDecodeError:
        raise SettingsError("设置文件不是 UTF-8", remedy="请用编辑器另存为 UTF-8", where=str(path)) from None


def parse(text: str, path: Path) -> Settings:
    """The settings that `text` says; `path` is named in errors, and a cover is looked for beside it."""
    place = _Place(text, path)
    table = _loads(place)
    cover = table.pop("cover", None)
    settings: Settings = _table(Settings, table, (), place)
    _check(settings, place)
    return settings if cover is None else replace(settings, cover=_cover(cover, place))


def _loads(place: "_Place") -> dict[str, typing.Any]:
    try:
        return tomllib.loads(place.text)
    except (ValueError, RecursionError) as error:
        line = re.search(r"at line (\d+)", str(error))
        raise SettingsError(
            f"不是合规的 TOML：{error}",
            remedy='文字要加引号，如 title = "书名"',
            where=f"{place.path}:{line[1]}" if line else str(place.path),
        ) from None


@dataclass(frozen=True, slots=True)
class _Place:
    """Finds the line of a key, for errors: tomllib does not keep it."""

    text: str
    path: Path

    def error(self, keys: Sequence[str], message: str, remedy: str) -> SettingsError:
        line = self._line(keys)
        where = f"{self.path}:{line}" if line else str(self.path)
        return SettingsError(message, remedy=remedy, where=f"{where} {'.'.join(keys)}")

    def _line(self, keys: Sequence[str]) -> int:
        """The line (from 1) where `keys` are first set, or something under them; 0 where that is not plain to see."""
        header = re.compile(r"\s*\[+\s*([^\]#]*?)\s*\]+\s*(?:#.*)?")
        under: list[str] = []
        for number, line in enumerate(self.text.splitlines(), 1):
            if found := header.fullmatch(line):
                under = _bare_keys(found[1])
                set_here = under
            else:
                set_here = [*under, *_bare_keys(line.partition("=")[0])]
            if set_here[: len(keys)] == list(keys):
                return number
        return 0


def _bare_keys(dotted: str) -> list[str]:
    return [part.strip().strip("\"'") for part in dotted.split(".")]


def _table(kind: type, given: object, keys: tuple[str, ...], place: _Place) -> typing.Any:
    """A dataclass from a table of the .toml, each key checked."""
    if not isinstance(given, dict):
        raise place.error(keys, f"这里应是一个表，却是{_spoken(given)}", f"写成 [{'.'.join(keys)}]，下面一行一个设置")
    hints = typing.get_type_hints(kind)
    known = {item.name.replace("_", "-") if kind in _BY_EDITION else item.name: item.name for item in fields(kind)}
    for key in given:
        if key not in known:
            raise place.error((*keys, key), "没有这个设置", nearest(key, tuple(known)))
    for item in fields(kind):
        if item.name not in given and item.default is MISSING and item.default_factory is MISSING:
            raise place.error(keys, f"这里缺 {item.name}", f"补上一行 {item.name} = …")
    return kind(**{known[key]: _value(hints[known[key]], value, (*keys, key), place) for key, value in given.items()})


def _value(hint: object, value: object, keys: tuple[str, ...], place: _Place) -> object:
    if hint is Creator:
        return _creator(value, keys, place)
    if hint == InkProfile | None:
        return _ink_profile(value, keys, place)
    if isinstance(hint, type) and is_dataclass(hint):
        return _table(hint, value, keys, place)
    if hint == tuple[Pair, ...]:
        return _pairs(value, keys, place)
    if typing.get_origin(hint) is tuple:
        if not isinstance(value, list):
            raise place.error(keys, f"这里应是一个列表，却是{_spoken(value)}", f'写成 {keys[-1]} = ["…", "…"]')
        return tuple(_value(typing.get_args(hint)[0], item, keys, place) for item in value)
    return _scalar(hint, value, keys, place)


def _scalar(hint: object, value: object, keys: tuple[str, ...], place: _Place) -> object:
    if hint is bool:
        if not isinstance(value, bool):
            raise place.error(keys, f"这里应是 true 或 false，却是{_spoken(value)}", f"写成 {keys[-1]} = true")
        return value
    if hint is float:
        if not isinstance(value, int | float) or isinstance(value, bool):
            raise place.error(keys, f"这里应是数字，却是{_spoken(value)}", f"写成 {keys[-1]} = 0.1")
        return float(value)
    if hint is int:
        if not isinstance(value, int) or isinstance(value, bool):
            raise place.error(keys, f"这里应是数字，却是{_spoken(value)}", f"写成 {keys[-1]} = 12")
        return value
    if not isinstance(value, str):
        raise place.error(keys, f"这里应是文字，却是{_spoken(value)}", f'加引号，写成 {keys[-1]} = "…"')
    if hint in (Verbatim, Verbatim | None):
        return value
    if any((ord(char) < 32 and char not in "\t\n\r") or 127 <= ord(char) < 160 for char in value):
        raise place.error(keys, "文字里有控制字符", "请删去")
    return value.strip()


def _creator(value: object, keys: tuple[str, ...], place: _Place) -> Creator:
    """A creator as a name, or as {name, role}; without a role, 著."""
    if isinstance(value, str) and value.strip():
        return Creator(value.strip(), "著")
    if isinstance(value, dict) and value.keys() <= {"name", "role"} and isinstance(value.get("name"), str):
        role = value.get("role", "著")
        if value["name"].strip() and isinstance(role, str):
            return Creator(value["name"].strip(), role.strip() or "著")
    raise place.error(keys, f"认不出这位作者：{str(value)[:60]}", '写成 creators = [{ name = "张三", role = "编著" }]')


def _pairs(value: object, keys: tuple[str, ...], place: _Place) -> tuple[Pair, ...]:
    """A table of words and what they become."""
    example = f'写成 [{".".join(keys)}]，下面一行一个：“"软件" = "軟體"”'
    if not isinstance(value, dict):
        raise place.error(keys, f"这里应是一个表，却是{_spoken(value)}", example)
    for word, becomes in value.items():
        if not isinstance(becomes, str) or not word.strip() or not becomes.strip():
            raise place.error((*keys, word), f"认不出这一对：{word[:20]!r} = {str(becomes)[:20]!r}", example)
    return tuple(Pair(word, becomes) for word, becomes in value.items())


def _spoken(value: object) -> str:
    """A TOML type in Chinese."""
    kinds: tuple[tuple[type, str], ...] = (
        (bool, "真假值"),
        (int, "数字"),
        (float, "数字"),
        (str, "文字"),
        (list, "列表"),
        (dict, "表"),
    )
    return next((said for kind, said in kinds if isinstance(value, kind)), "日期")


def nearest(key: str, known: Sequence[str]) -> str:
    """The remedy for an unknown key: the one that was meant, or all there are."""
    from rapidfuzz import process  # noqa: PLC0415  only where a key is wrong

    best = process.extractOne(key.casefold(), known, score_cutoff=60)
    return f"是不是 {best[0]}？" if best else f"可用：{'、'.join(known[:12])}"


# ---------------------------------------------------------------- what types cannot say


def _check(settings: Settings, place: _Place) -> None:
    book = settings.book
    _check_print(settings.print, place)
    if book.language not in {"", "zh-Hans", "zh-Hant"}:
        raise place.error(
            ("book", "language"), f"不认识的语言 {book.language!r}", "写 zh-Hans（简体）或 zh-Hant（繁体）"
        )
    if settings.convert.source not in CONVERT_SOURCES:
        raise place.error(
            ("convert", "source"),
            f"不认识的字形 {settings.convert.source!r}",
            f"可用：{'、'.join(CONVERT_SOURCES[1:])}",
        )
    if settings.epub.profile not in EPUB_PROFILES:
        raise place.error(
            ("epub", "profile"), f"还没有 {settings.epub.profile!r} 这种适配", f"可用：{'、'.join(EPUB_PROFILES)}"
        )
    if book.date and not re.fullmatch(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?", book.date):
        raise place.error(("book", "date"), f"日期 {book.date!r} 不合格式", "写成 2013、2013-04 或 2013-04-01")
    if book.isbn:
        from stdnum import isbn  # noqa: PLC0415  only where one is given

        if not isbn.is_valid(book.isbn):
            raise place.error(("book", "isbn"), f"ISBN {book.isbn!r} 的校验码不对", "请对照版权页核对数字")
    _check_shelving(settings.shelf, place)


def _check_shelving(said: ShelvingSettings, place: _Place) -> None:
    if said.rights not in {"", *RIGHTS}:
        near = nearest(said.rights, RIGHTS)
        raise place.error(
            ("shelf", "rights"), f"不认识的版权状况 {said.rights!r}", f"{near} 全部写法：{'、'.join(RIGHTS)}"
        )
    if said.rights == "licence" and not said.licence:
        raise place.error(
            ("shelf", "rights"), "写了 licence，却没有写是什么许可", '补上一行 licence = "经……授权"，或许可的名称'
        )
    if said.since and not is_day(said.since):
        raise place.error(("shelf", "since"), f"日期 {said.since!r} 不合格式", "写成 2026-11-01")


def is_day(words: str) -> bool:
    """Whether `words` are a day as 2026-11-01, and one that the calendar has."""
    try:
        return date.fromisoformat(words).isoformat() == words
    except ValueError:
        return False


def _check_print(said: PrintSettings, place: _Place) -> None:
    """The paper is paper, and each ISBN is one, and no two editions share it."""
    if not _THINNEST <= said.paper <= _THICKEST:
        raise place.error(
            ("print", "paper"),
            f"一张纸厚 {said.paper:g} 毫米，不像书纸",
            "写一张（两面）的厚度，单位毫米，例如 80 克胶版纸是 0.108",
        )
    from stdnum import isbn  # noqa: PLC0415  only where one is given

    given: dict[str, str] = {}
    for item in fields(IsbnSettings):
        number, edition = getattr(said.isbn, item.name), item.name.replace("_", "-")
        if number and not isbn.is_valid(number):
            raise place.error(
                ("print", "isbn", edition), f"ISBN {number!r} 的校验码不对", "请对照书号实名申领的通知核对"
            )
        if number and (other := given.setdefault(isbn.compact(isbn.to_isbn13(number)), edition)) != edition:
            raise place.error(("print", "isbn", edition), f"和 {other} 版用了同一个 ISBN", "每个版本要有自己的书号")


def refuse_unknown_names(
    settings: Settings, clean: Sequence[str], structure: Sequence[str], forms: Sequence[str]
) -> None:
    """Raise SettingsError where a rule is switched off, or a heading form ordered, that does not exist.

    `clean` and `structure` are the ids of the rules there are, `forms` the signs of the heading forms.
    """
    rules = "全部规则见 python -m pipeline rules"
    levels = tuple(sign.replace("(", "（").replace(")", "）") for sign in settings.structure.levels)
    for where, named, known, more in (
        ("[clean] off", settings.clean.off, clean, rules),
        ("[structure] off", settings.structure.off, structure, rules),
        ("[structure] levels", levels, forms, f"可用：{'  '.join(forms)}"),
    ):
        for name in named:
            if name not in known:
                raise SettingsError(f"不认识 {name!r}", remedy=f"{nearest(name, known)} {more}", where=where)


def _cover(name: object, place: _Place) -> Cover:
    """The image beside the .toml, as bytes."""
    path, data = _beside(name, ("cover",), place, "封面", "cover.jpg")
    for magic, media_type in _IMAGES:
        if data.startswith(magic):
            return Cover(path, data, media_type)
    raise place.error(("cover",), f"封面 {name!r} 不是 PNG 或 JPEG", "请另存为 .jpg 或 .png")


def _ink_profile(name: object, keys: tuple[str, ...], place: _Place) -> InkProfile:
    """The profile of a four-colour press beside the .toml (ICC.1 § 7.2: class prtr, colour space CMYK)."""
    path, data = _beside(name, keys, place, "特性文件", "印厂.icc")
    if data[36:40] != b"acsp" or data[12:20] != b"prtrCMYK":
        raise place.error(keys, f"{name!r} 不是 CMYK 印刷机的特性文件（ICC）", "请向印厂要一个 .icc 文件，或不写这一行")
    return InkProfile(path, data)


def _beside(name: object, keys: tuple[str, ...], place: _Place, what: str, example: str) -> tuple[str, bytes]:
    """Name and bytes of a file beside the .toml. A path that leaves that folder is refused."""
    if not isinstance(name, str) or not name.strip():
        raise place.error(keys, f"这里应是文件名，却是{_spoken(name)}", f'写成 {keys[-1]} = "{example}"')
    folder = place.path.parent.resolve()
    try:
        path = (folder / name).resolve()
        if not path.is_relative_to(folder):
            raise place.error(keys, f"{what} {name!r} 不在设置文件的文件夹里", "请把它放在 .toml 旁边")
        if path.stat().st_size > _LARGEST_COVER:
            raise place.error(keys, f"{what}超过 20 MB", "请缩小：图的长边 4000 像素足够")
        return path.name, path.read_bytes()
    except (OSError, ValueError) as error:
        said = getattr(error, "strerror", None) or error
        raise place.error(keys, f"读不了{what} {name!r}：{said}", "请检查文件名，它要放在 .toml 旁边") from error


# ---------------------------------------------------------------- using


def override(book: Book, said: BookSettings) -> Book:
    """`book` with what the publisher says of it in place of what the text says."""
    names = ("title", "subtitle", "series", "creators", "publisher", "place", "isbn", "date")
    chosen: dict[str, typing.Any] = {name: value for name in names if (value := getattr(said, name))}
    return replace(book, metadata=replace(book.metadata, **chosen), lang=said.language or book.lang)
