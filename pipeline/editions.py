"""Editions: a Book in one script. Only the text of its leaves may change, and its metadata, never its shape (law 4).

"source" is the text as it stands, and so is the edition of the script that the text is in already. The others are
converted run by run (a paragraph, a heading, a cell): phrases cross leaves, so a run is one text, cut back afterwards.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from pipeline import walk
from pipeline.book import Book, Creator, Emphasis, Fact, Inlines, LineBreak, Metadata, Repairs, Ruby, Text, WordSpace
from pipeline.config import ConvertSettings
from pipeline.conversion import names, quotes
from pipeline.conversion.region import region
from pipeline.conversion.translator import Ruling, Translator, translator

if TYPE_CHECKING:
    from pipeline.conversion.second_votes import Question

SOURCE = "source"
_SAMPLED = 5000  # leaves by which the register of a book is told
# What each edition is called in BCP 47; "source" has the tag of the text itself.
LANGS: Mapping[str, str] = MappingProxyType(
    {"hans": "zh-Hans", "hant": "zh-Hant", "hant-tw": "zh-Hant-TW", "hant-hk": "zh-Hant-HK"}
)
EDITIONS = (SOURCE, *LANGS)


def edition(book: Book, name: str, settings: ConvertSettings, decided: tuple[Ruling, ...] = ()) -> Book:
    """`book` as the edition `name`, with what a person decided. Raises KeyError for a name that is not in EDITIONS."""
    if name == SOURCE:
        return book
    script = source_script(book, settings)
    if script == name:
        return replace(book, lang=LANGS[name])
    turn = _Turn(_translator(book, script, name, settings, decided), _marks(script, name))
    return replace(walk.map_runs(book, turn.run), lang=LANGS[name], metadata=turn.metadata(book.metadata))


def repairs(said: Repairs, lang: str) -> Repairs:
    """What was mended, told in the script of an edition: the rules themselves speak Simplified."""
    if not lang.startswith("zh-Hant"):
        return said
    turn = translator("hans", "hant-hk" if lang.endswith("HK") else "hant-tw", settings=ConvertSettings())
    return Repairs(tuple((rule, quotes.to_corners(turn.text(what)), count) for rule, what, count in said.counts))


def by_context(book: Book, name: str, settings: ConvertSettings) -> bool:
    """Whether the edition `name` is one whose characters have to be chosen: Traditional, made from Simplified."""
    return name not in {SOURCE, "hans"} and source_script(book, settings) == "hans"


def questions(
    book: Book, name: str, settings: ConvertSettings, decided: tuple[Ruling, ...] = ()
) -> "tuple[Question, ...]":
    """What a person should look at in the edition `name`; none where it was not made from Simplified.

    A doubt's `text` counts the runs of the book in reading order (`runs`), its `at` the characters of that run.
    """
    if not by_context(book, name, settings):
        return ()
    from pipeline.conversion.second_votes import second_votes  # noqa: PLC0415  for those who ask

    return second_votes(map(said, runs(book)), _translator(book, "hans", name, settings, decided))


def meets(book: Book, settings: ConvertSettings, decision: Ruling) -> bool:
    """Whether a decision about the conversion meets any place of the book."""
    texts = [text for text in map(said, runs(book)) if decision.before in text]
    if decision.around:
        return any(decision.around in text for text in texts)
    ours = _translator(book, source_script(book, settings), "hant", settings)
    own = replace(decision, after=ours.own_form(decision.after))
    return any(next(own.places(text, ours.doubts(text)), None) is not None for text in texts)


def runs(book: Book) -> tuple[Inlines, ...]:
    """Every run of shown inlines, in reading order: what is converted as one text."""
    found: list[Inlines] = []

    def note(run: Inlines) -> Inlines:
        found.append(run)
        return run

    walk.map_runs(book, note)
    return tuple(found)


def said(run: Inlines) -> str:
    """The text of a run as it is converted: readings left out, a break as a line feed."""
    return "".join(leaf.text if isinstance(leaf, Text) else _BREAK for leaf, aside in _read(run) if not aside)


def line_at(run: Inlines, at: int) -> int:
    """The cleaned line (from 0) of the character `at` of a run, as `said` gives it. Raises IndexError past its end."""
    for leaf, aside in _read(run):
        if aside:
            continue
        if not isinstance(leaf, Text):
            at -= 1
            continue
        for span in leaf.spans:
            if at < span.end - span.start:
                return span.line
            at -= span.end - span.start
    raise IndexError(at)


def source_script(book: Book, settings: ConvertSettings) -> str:
    """Which of the scripts the text itself is in: as the publisher says, else as its characters show."""
    if settings.source:
        return settings.source
    if book.lang == "zh-Hans":
        return "hans"
    return region(leaf.text for leaf in walk.leaves(book) if isinstance(leaf, Text))


def _translator(
    book: Book, script: str, name: str, settings: ConvertSettings, decided: tuple[Ruling, ...] = ()
) -> Translator:
    about = book.metadata
    people = [
        *(name for creator in about.creators for name in names.names(creator.name)),
        *names.people((fact.label, fact.value) for fact in about.facts),
    ]
    sample = "".join(leaf.text for leaf in islice(walk.leaves(book), _SAMPLED) if isinstance(leaf, Text))
    return translator(
        script, name, people=tuple(dict.fromkeys(people)), sample=sample, decided=decided, settings=settings
    )


def _marks(script: str, name: str) -> Callable[[str], str]:
    if script == "hans":
        return quotes.to_corners
    return quotes.to_curly if name == "hans" else _as_they_are


def _as_they_are(text: str) -> str:
    return text


_BREAK = "\n"


def _read(inlines: Inlines) -> Iterator[tuple[Text | LineBreak | WordSpace, bool]]:
    """The leaves that carry text or part it, in reading order; True for a reading, which stands beside the text."""
    for inline in inlines:
        match inline:
            case Text() | LineBreak() | WordSpace():
                yield inline, False
            case Emphasis(inlines=inner):
                yield from _read(inner)
            case Ruby(base=base, reading=reading):
                yield from _read(base)
                yield reading, True


@dataclass(frozen=True, slots=True)
class _Turn:
    """The other script, for each kind of thing a Book holds."""

    translator: Translator
    marks: Callable[[str], str]

    def run(self, inlines: Inlines) -> Inlines:
        """One run of inlines as one text. A line break parts words, a page break and a note's mark do not."""
        leaves = list(_read(inlines))
        if not leaves:
            return inlines
        told = self._parts([leaf.text if isinstance(leaf, Text) else _BREAK for leaf, aside in leaves if not aside])
        texts = [self.plain(leaf.text) if aside and isinstance(leaf, Text) else next(told) for leaf, aside in leaves]
        said = (text for text, (leaf, _) in zip(texts, leaves, strict=True) if isinstance(leaf, Text))
        return walk.map_texts(inlines, said)

    def _parts(self, parts: Sequence[str]) -> Iterator[str]:
        converted = self.translator.parts(parts)
        turned = self.marks("".join(converted))
        at = 0
        for part in converted:
            yield turned[at : at + len(part)]
            at += len(part)

    def plain(self, text: str) -> str:
        return self.marks(self.translator.text(text))

    def metadata(self, said: Metadata) -> Metadata:
        """What the book says of itself. Numbers (ISBN, CIP, class marks, dates) are left alone."""
        words = ("title", "subtitle", "series", "publisher", "place", "edition", "printing", "format", "sheets")
        plain: dict[str, Any] = {field: self.plain(getattr(said, field)) for field in (*words, "words", "price", "cip")}
        return replace(
            said,
            **plain,
            creators=tuple(Creator(self.plain(each.name), self.plain(each.role)) for each in said.creators),
            subjects=tuple(map(self.plain, said.subjects)),
            facts=tuple(Fact(self.plain(each.label), self.plain(each.value), each.line) for each in said.facts),
        )
