"""styles/ to a frozen Style: CSS and templates as data; workers need no shared disk. Only this file knows Jinja2.

Templates escape every value (markup made by render/html.py says that it is markup by `__html__`) and stop at a name
they do not know, so a misspelt field cannot leave a hole in a page.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from jinja2 import DictLoader, Environment, StrictUndefined

STYLES = Path(__file__).resolve().parent.parent / "styles"


@dataclass(frozen=True, slots=True)
class Style:
    """The looks of a book: stylesheets and templates by file name ("book.css", "copyright.xhtml.j2")."""

    sheets: Mapping[str, str]
    templates: Mapping[str, str]

    def render(self, template: str, **values: object) -> str:
        """The template of that name with these values. Raises jinja2 errors for faults of ours only."""
        return _environment(tuple(self.templates.items())).get_template(template).render(**values)


@lru_cache(maxsize=4)
def _environment(templates: tuple[tuple[str, str], ...]) -> Environment:
    return Environment(
        loader=DictLoader(dict(templates)),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def load(folder: Path = STYLES) -> Style:
    """Everything in styles/, read once in the parent and sent to the workers."""
    return Style(
        sheets={path.name: path.read_text("utf-8") for path in sorted(folder.glob("*.css"))},
        templates={path.name: path.read_text("utf-8") for path in sorted((folder / "templates").glob("*.j2"))},
    )
