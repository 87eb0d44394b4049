"""A text from one script to another, with all that is known: OpenCC, exceptions, names, the publisher's own pairs."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from pipeline.config import ConvertSettings
from pipeline.conversion import exceptions, names
from pipeline.conversion.converter import Convert, converter, steps_between
from pipeline.conversion.passage import Converted, Fixed, convert_with
from pipeline.conversion.untouched import untouched


@dataclass(frozen=True, slots=True)
class Translator:
    """Turns texts of one script into another.

    `words` never reach `convert`: names and the publisher's pairs. `mends` (exceptions.toml) are put right afterwards,
    character by character, so that what stands beside them is converted in its company. `forms` are the characters
    that a region writes otherwise than OpenCC has it.
    """

    convert: Convert
    words: Mapping[str, str]
    words_in: re.Pattern[str] | None
    mends: Mapping[str, str]
    mends_in: re.Pattern[str] | None
    forms: Mapping[str, str]

    def text(self, text: str) -> str:
        """One text, converted."""
        return self.converted(text).text

    def parts(self, parts: Sequence[str]) -> list[str]:
        """The parts of one text (a paragraph's leaves), converted as one and cut again; no part moves into another."""
        whole = self.converted("".join(parts))
        return [whole.text] if len(parts) == 1 else whole.cut([len(part) for part in parts], self.mended)

    def converted(self, text: str) -> Converted:
        return convert_with(text, tuple(self._fixed(text)), self.mended)

    def mended(self, text: str) -> str:
        """What OpenCC makes of `text`, with the exceptions put right."""
        made = self._plain(text)
        if self.mends_in is None:
            return made
        places = list(self.mends_in.finditer(text))
        if len(made) != len(text):  # words of another length: no character answers to its place
            aside = [Fixed(found.start(), found.end(), self.mends[found[0]]) for found in places]
            return convert_with(text, aside, self._plain).text
        at, parts = 0, []
        for found in places:
            parts += [made[at : found.start()], self.mends[found[0]]]
            at = found.end()
        return "".join((*parts, made[at:])) if parts else made

    def _plain(self, text: str) -> str:
        """What OpenCC makes of `text`, in the forms of the region."""
        made = self.convert(text)
        for form, ours in self.forms.items():  # a handful, seldom there: quicker than str.translate
            if form in made:
                made = made.replace(form, ours)
        return made

    def known(self, text: str) -> Iterator[tuple[int, int, str, str]]:
        """Where more than OpenCC decides: start, end, what it becomes, and by which knowledge, in Chinese."""
        for fixed in self._fixed(text):
            why = "人名或本书的对照" if text[fixed.start : fixed.end] in self.words else "不转换"
            yield fixed.start, fixed.end, fixed.text, why
        plain = self._plain(text)
        for found in self.mends_in.finditer(text) if self.mends_in is not None else ():
            after = self.mends[found[0]]
            if len(plain) != len(text) or plain[found.start() : found.end()] != after:
                yield found.start(), found.end(), after, "例外表"

    def _fixed(self, text: str) -> Iterator[Fixed]:
        """What is laid aside: addresses first, then known words between them, the longest at each place."""
        at = 0
        for start, end in (*untouched(text), (len(text), len(text))):
            if self.words_in is not None:
                for found in self.words_in.finditer(text, at, start):
                    yield Fixed(found.start(), found.end(), self.words[found[0]])
            if start < end:
                yield Fixed(start, end, text[start:end])
            at = end


def translator(script: str, target: str, *, people: tuple[str, ...] = (), settings: ConvertSettings) -> Translator:
    """Ready to turn `script` into `target` (hans, hant, hant-tw, hant-hk). `people` are names that the book gives."""
    words: dict[str, str] = {}
    mends: dict[str, str] = {}
    forms: Mapping[str, str] = {}
    if script == "hans":
        regional = converter(steps_between("hant", target, vocabulary=False))
        forms = exceptions.forms(target)
        mends = {
            word: regional(becomes).translate(str.maketrans("".join(forms), "".join(forms.values())))
            for word, becomes in exceptions.words(target).items()
        }
        by_character = converter(("s2t",))
        words = {name: regional(names.traditional(name, by_character)) for name in people}
    elif target == "hans":
        mends = dict(exceptions.back())
    words |= settings.pairs_for(target)
    return Translator(
        converter(steps_between(script, target, vocabulary=settings.vocabulary)),
        words,
        _any_of(tuple(sorted(words))),
        mends,
        _any_of(tuple(sorted(mends))),
        forms,
    )


@cache
def _any_of(words: tuple[str, ...]) -> re.Pattern[str] | None:
    """One pattern for all `words`, the longest first, gathered by their first characters so that few are tried."""
    if not words:
        return None
    by_first: dict[str, list[str]] = {}
    for word in sorted(words, key=lambda word: (-len(word), word)):
        by_first.setdefault(word[0], []).append(re.escape(word[1:]))
    return re.compile("|".join(f"{re.escape(first)}(?:{'|'.join(rests)})" for first, rests in by_first.items()))
