"""styles/ to a frozen Style: CSS and templates as data, so that workers need no shared disk."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

STYLES = Path(__file__).resolve().parent.parent / "styles"


@dataclass(frozen=True, slots=True)
class Style:
    """The looks of a book: stylesheets and templates by file name ("book.css", "copyright.xhtml.j2")."""

    sheets: Mapping[str, str]
    templates: Mapping[str, str]


def load(folder: Path = STYLES) -> Style:
    """Everything in styles/, read once in the parent and sent to the workers."""
    return Style(
        sheets={path.name: path.read_text("utf-8") for path in sorted(folder.glob("*.css"))},
        templates={path.name: path.read_text("utf-8") for path in sorted((folder / "templates").glob("*.j2"))},
    )
