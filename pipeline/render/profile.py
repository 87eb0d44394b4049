"""What a shop's reading system wants otherwise than EPUB says; chosen by `[epub] profile`.

Only additions that other readers pass over: class names, prefixed properties. None costs a message of EPUBCheck.

- generic: nothing; what every reader takes.
- kindle: no fonts of ours; Kindle sets the reader's own.
- apple: `ibooks:specified-fonts`, without which Apple Books sets its own font over embedded ones (Apple Books Asset
  Guide, "Embedding Fonts").
- duokan: 多看阅读 pops up a note whose mark is a picture in `a.duokan-footnote` and whose words stand in
  `ol.duokan-footnote-content > li.duokan-footnote-item` (多看电子书规范扩展, 注释); 微信读书 and QQ阅读 take the
  words from the alternative text of `img.qqreader-footnote`. All other readers show the same picture and the same note.
"""

from dataclasses import dataclass

from pipeline.config import EpubSettings
from pipeline.render.cover import outline, sign
from pipeline.style import Style

IBOOKS = "ibooks: http://vocabulary.itunes.apple.com/rdf/ibooks/vocabulary-extensions-1.0/"
_MARK = "注"  # the same in either script
_SIDE = 96  # pixels of the mark's picture; it is shown at the size of a letter


@dataclass(frozen=True, slots=True)
class Profile:
    """What differs for one shop."""

    own_fonts: bool = True  # whether fonts may be embedded at all
    says_fonts: bool = False  # whether embedded fonts are announced to Apple Books
    pictured_marks: bool = False  # whether marks of notes are pictures


_PROFILES = {
    "generic": Profile(),
    "kindle": Profile(own_fonts=False),
    "apple": Profile(says_fonts=True),
    "duokan": Profile(pictured_marks=True),
}


def profile(settings: EpubSettings) -> Profile:
    """The profile of that name; settings have been checked against `config.EPUB_PROFILES`."""
    return _PROFILES[settings.profile]


def note_mark(style: Style) -> bytes:
    """The picture of a note's mark, a PNG: 注 in a ring, grey enough for a light and a dark page."""
    return sign(style.render("note-mark.svg.j2", side=_SIDE, letter=outline(_MARK, _SIDE * 0.56)))
