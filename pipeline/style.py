"""styles/ to a frozen Style: CSS, templates and the press's colours as data; workers need no shared disk.

Only this file knows Jinja2.

Templates escape every value (markup made by render/html.py says that it is markup by `__html__`) and stop at a name
they do not know, so a misspelt field cannot leave a hole in a page. They run in Jinja2's sandbox, and no file of a
style lies outside its folder, so that a style of somebody else's can be tried without fear for one's files.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from jinja2 import DictLoader, Environment, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from pipeline.errors import SettingsError

PRESS = ("pdf", "print", "cover")  # formats that come from one layout: to read, for the press, its cover
STYLES = Path(__file__).resolve().parent.parent / "styles"


@dataclass(frozen=True, slots=True)
class Profile:
    """An ICC profile: its file name, its bytes, and the condition that it characterises.

    `condition` is a press's name in the registry of the ICC (https://registry.color.org), "" where it has none there.
    """

    name: str
    data: bytes
    condition: str = ""


_NONE = Profile("", b"")  # of a style that only draws

# ISO Coated v2 300 % by basICColor, under the zlib licence (beside it): offset on coated paper, ISO 12647-2.
OFFSET, CONDITION = "ISOcoated_v2_300_bas.icc", "FOGRA39"
SCREEN = "sRGB2014.icc"  # by the ICC, free of restrictions


@dataclass(frozen=True, slots=True)
class Style:
    """The looks of a book: stylesheets and templates by file name ("book.css", "copyright.xhtml.j2").

    `press` and `screen` say what colours are meant: inks of a printed page, and light of a screen.
    """

    sheets: Mapping[str, str]
    templates: Mapping[str, str]
    press: Profile = _NONE
    screen: Profile = _NONE

    def render(self, template: str, **values: object) -> str:
        """The template of that name with these values. Raises jinja2 errors for faults of ours only."""
        return _environment(tuple(self.templates.items())).get_template(template).render(**values)


@lru_cache(maxsize=4)
def _environment(templates: tuple[tuple[str, str], ...]) -> Environment:
    return ImmutableSandboxedEnvironment(
        loader=DictLoader(dict(templates)),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def load(folder: Path = STYLES) -> Style:
    """Everything in styles/, read once in the parent and sent to the workers. Raises SettingsError for a link that
    leads out of it, and for what is no text.
    """
    return Style(
        sheets={path.name: _read(path, folder) for path in sorted(folder.glob("*.css"))},
        templates={path.name: _read(path, folder) for path in sorted((folder / "templates").glob("*.j2"))},
        press=_profile(folder, OFFSET, CONDITION),
        screen=_profile(folder, SCREEN),
    )


def _read(path: Path, folder: Path) -> str:
    if not path.resolve().is_relative_to(folder.resolve()):
        raise _astray(path)
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"样式文件读不了：{error}", remedy="请存成 UTF-8 文字", where=str(path)) from None


def _profile(folder: Path, name: str, condition: str = "") -> Profile:
    """A profile of this folder's; looks that print nothing have none."""
    path = folder / "profiles" / name
    if not path.resolve().is_relative_to(folder.resolve()):
        raise _astray(path)
    return Profile(name, path.read_bytes(), condition) if path.exists() else _NONE


def _astray(path: Path) -> SettingsError:
    return SettingsError("样式文件指到它的文件夹之外", remedy="请把文件本身放进来，不要用链接", where=str(path))
