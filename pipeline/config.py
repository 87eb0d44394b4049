"""<book>.toml to frozen settings; an error names file, key and remedy."""

from dataclasses import dataclass, field

from pipeline.book import Creator


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


@dataclass(frozen=True, slots=True)
class EpubSettings:
    """[epub]: choices for the e-book."""

    vertical: bool = False
    embed_fonts: bool = False
    profile: str = "generic"


@dataclass(frozen=True, slots=True)
class PrintSettings:
    """[print]: the trimmed page by name or as "140x203" in millimetres, and the house style."""

    trim: str = "16开"
    style: str = "classic"


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
    editions: tuple[str, ...] = ()
    cover: Cover | None = None
