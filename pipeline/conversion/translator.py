"""A text from one script to another, with all that is known: OpenCC, exceptions, names, the publisher's own pairs."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from pipeline.config import ConvertSettings
from pipeline.conversion import exceptions, names
from pipeline.conversion.contexts import Choice, Contexts
from pipeline.conversion.converter import Convert, converter, steps_between
from pipeline.conversion.passage import Converted, Fixed, convert_with
from pipeline.conversion.register import register
from pipeline.conversion.untouched import untouched

DOUBTFUL = 0.999  # a choice less sure than this is put before a person


@dataclass(frozen=True, slots=True)
class Ruling:
    """A person's decision: `before` becomes `after` wherever the words `around` stand, which hold it once.

    Without `around`: wherever the contexts are in doubt between `after` and another.
    """

    before: str
    after: str
    around: str = ""

    def places(self, text: str, doubts: Iterable[Choice]) -> Iterator[int]:
        """Where `before` begins, of the places that are meant."""
        if not self.around:
            for doubt in doubts:
                if doubt.before == self.before and self.after in {doubt.best, doubt.other}:
                    yield doubt.at
        elif (inside := self.around.find(self.before)) >= 0:
            at = text.find(self.around)
            while at >= 0:
                yield at + inside
                at = text.find(self.around, at + 1)


@dataclass(frozen=True, slots=True)
class Translator:
    """Turns texts of one script into another.

    `words` never reach `convert`: names and the publisher's pairs. `mends` (exceptions.toml) are put right afterwards,
    character by character, so that what stands beside them is converted in its company. `forms` are the characters
    that a region writes otherwise than OpenCC has it, `region` turns OpenCC's standard forms into the region's.
    `contexts` choose between the candidates of a Simplified character; with a region's own `vocabulary`, what the
    contexts say is put in afterwards. `decided` comes before all but `words`.
    """

    convert: Convert
    words: Mapping[str, str]
    words_in: re.Pattern[str] | None
    mends: Mapping[str, str]
    mends_in: re.Pattern[str] | None
    forms: Mapping[str, str]
    region: Convert
    contexts: Contexts | None
    vocabulary: bool
    decided: tuple[Ruling, ...]

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
        """What OpenCC and the contexts make of `text`, with the exceptions and what was decided put in."""
        made = self._plain(text)
        fixes = list(self._fixes(text, made))
        if not fixes:
            return made
        if len(made) != len(text):  # words of another length: no character answers to its place
            return convert_with(text, fixes, self._plain).text
        at, parts = 0, []
        for fix in fixes:
            parts += [made[at : fix.start], fix.text]
            at = fix.end
        return "".join((*parts, made[at:]))

    def choices(self, text: str) -> Iterator[Choice]:
        """Where a character of `text` has several candidates, in the forms of the region; not where we were told."""
        if self.contexts is not None:
            told = {place for fixed in self._fixed(text) for place in range(fixed.start, fixed.end)}
            told.update(fix.start for fix in self._decided(text))
            for choice in self.contexts.choices(text, _standard()(text)):
                if choice.at not in told:
                    yield replace(choice, best=self._formed(choice.best), other=self._formed(choice.other))

    def _fixes(self, text: str, made: str) -> Iterator[Fixed]:
        """What is put into `made`, in order: decisions before exceptions, exceptions before contexts."""
        fixes = list(self._decided(text))
        fixes += [] if self.mends_in is None else self._mends(text, self.mends_in)
        fixes += self._by_context(text, made) if self.vocabulary else ()
        if len(fixes) < 2:
            yield from fixes
            return
        taken = bytearray(len(text))
        kept: list[Fixed] = []
        for fix in fixes:
            if not any(taken[fix.start : fix.end]):
                taken[fix.start : fix.end] = b"1" * (fix.end - fix.start)
                kept.append(fix)
        yield from sorted(kept, key=lambda fix: fix.start)

    def _mends(self, text: str, words: re.Pattern[str]) -> Iterator[Fixed]:
        for found in words.finditer(text):
            yield Fixed(found.start(), found.end(), self.mends[found[0]])

    def _decided(self, text: str) -> Iterator[Fixed]:
        doubts: list[Choice] | None = None
        for each in self.decided:
            if doubts is None and not each.around and each.before in text:
                doubts = self.doubts(text)
            ours = replace(each, after=self.own_form(each.after))
            for at in ours.places(text, doubts or ()):
                yield Fixed(at, at + len(each.before), ours.after)

    def doubts(self, text: str) -> list[Choice]:
        """Where the votes are close."""
        if self.contexts is None:
            return []
        return [
            replace(choice, best=self._formed(choice.best), other=self._formed(choice.other))
            for choice in self.contexts.choices(text, _standard()(text))
            if choice.sure < DOUBTFUL
        ]

    def _by_context(self, text: str, made: str) -> Iterator[Fixed]:
        """What the contexts say against OpenCC, for text that was converted with another region's words."""
        for at, one, other in self._against(text):
            if len(made) != len(text) or made[at] == self._formed(one):
                yield Fixed(at, at + 1, self._formed(other))

    def _against(self, text: str) -> Iterator[tuple[int, str, str]]:
        """Where the contexts speak against OpenCC: the place, OpenCC's character and theirs, in standard forms."""
        if self.contexts is not None:
            standard = _standard()(text)
            chosen = self.contexts.choose(text, standard)
            for at, (one, other) in enumerate(zip(standard, chosen, strict=True)):
                if one != other:
                    yield at, one, other

    def own_form(self, word: str) -> str:
        """A word of any region's characters as this edition writes it."""
        return self._formed(converter(("tw2t", "hk2t"))(word))

    def _formed(self, word: str) -> str:
        """A word of OpenCC's standard forms, or of another region's, as the edition writes it."""
        formed = self.region(word)
        return "".join(self.forms.get(char, char) for char in formed)

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
        for fix in self._fixes(text, plain):
            if len(plain) != len(text) or plain[fix.start : fix.end] != fix.text:
                yield fix.start, fix.end, fix.text, "例外表或人的决定"
        if not self.vocabulary:
            for at, _, other in self._against(text):
                yield at, at + 1, self._formed(other), "上下文"

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


def translator(
    script: str,
    target: str,
    *,
    people: tuple[str, ...] = (),
    sample: str = "",
    decided: tuple[Ruling, ...] = (),
    settings: ConvertSettings,
) -> Translator:
    """Ready to turn `script` into `target` (hans, hant, hant-tw, hant-hk).

    `people` are names that the book gives, `sample` is text of it by which its register is told.
    """
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
    steps = steps_between(script, target, vocabulary=settings.vocabulary)
    by_context = script == "hans" and target != "hans"
    region = converter(steps_between("hant", target, vocabulary=False)) if by_context else str
    votes = Contexts(register(sample), taiwan=target == "hant-tw") if by_context else None
    vocabulary = by_context and steps[0] != "s2t"
    return Translator(
        _chosen(region, votes) if votes is not None and not vocabulary else converter(steps),
        words,
        _any_of(tuple(sorted(words))),
        mends,
        _any_of(tuple(sorted(mends))),
        forms,
        region,
        votes,
        vocabulary,
        decided if by_context else (),
    )


def _chosen(region: Convert, votes: Contexts) -> Convert:
    """From Simplified by OpenCC, with the characters that the contexts vote for, into the forms of a region."""
    standard = _standard()

    def convert(text: str) -> str:
        return region(votes.choose(text, standard(text)))

    return convert


def _standard() -> Convert:
    """From Simplified into OpenCC's standard forms."""
    return converter(("s2t",))


@cache
def _any_of(words: tuple[str, ...]) -> re.Pattern[str] | None:
    """One pattern for all `words`, the longest first, gathered by their first characters so that few are tried."""
    if not words:
        return None
    by_first: dict[str, list[str]] = {}
    for word in sorted(words, key=lambda word: (-len(word), word)):
        by_first.setdefault(word[0], []).append(re.escape(word[1:]))
    return re.compile("|".join(f"{re.escape(first)}(?:{'|'.join(rests)})" for first, rests in by_first.items()))
