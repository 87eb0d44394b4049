"""Characters that may have been misread, run by run: what stands there, what may have stood on the page, and the
figures.

Asked are, of every character, those that look like it, and those that an engine cannot give and so always reads as
something else; and of these only such as make a word with a neighbour that the character read makes no word as good
with. The lattice then says by how much the run becomes likelier. The evidence of the book is asked for all at once.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline.language.evidence import Evidence, Standing
from pipeline.language.known import Known

_LEAST = 1.0  # log10: what a change must gain to be looked at further
_ASKED = 5  # characters that are asked in one place
_LOOKS = 6.0  # log10 that full resemblance is worth, against none
_STRANGE = 0.5  # the resemblance of characters that are not listed as alike
_MISREAD = 0.3  # and what it gains where the engine always misreads the character
_COMMON = -6.4  # log10: rarer characters are not expected
_WORD = 1.5  # 9 + log10 of a word that a character must make with its neighbour
_MOSTLY = 0.5  # the share of its places from which on a character is mostly misread
_EVERYDAY = -3.7  # log10: commoner characters need no word about them
_LONELY = 2.5  # 9 + log10 of the best word with a neighbour, below which a character stands by itself
_NOTHING: dict[str, float] = {}


@dataclass(frozen=True, slots=True)
class Suspect:
    """Column `at` of a run: `read` stands there, `meant` may have been printed.

    `alike`: how much the two look alike, 0 where they do not. `gain`: log10, how much likelier the run becomes.
    `ahead`: by how much of it before the next best character. `level`: log10 a character of the run as read.
    `misread`: the share of the places of `meant` that the engine of this text misreads, 0 where that is not known.
    """

    at: int
    read: str
    meant: str
    alike: float
    gain: float
    ahead: float
    level: float
    misread: float = 0.0


@dataclass(frozen=True, slots=True)
class Weighed:
    """A suspect in run number `run`, and what the book and the dictionary say of both characters.

    `repeated`: in how many different contexts the book has the same two characters as a suspect.
    """

    run: int
    suspect: Suspect
    standing_read: Standing
    standing_meant: Standing
    word_read: tuple[int, float]
    word_meant: tuple[int, float]
    repeated: int = 1


class Reader:
    """Reads runs of Han characters. What it found of a run it remembers, so that a second reading costs nothing."""

    _REMEMBERED = 400_000  # runs

    def __init__(self, known: Known, *, strangers: bool = False) -> None:
        """`strangers`: whether characters that an engine cannot give are asked too, where nothing looks alike."""
        self.known = known
        self._strangers = strangers
        self._found: dict[str, tuple[Suspect, ...]] = {}
        common = {char for char, figure in known.lexicon.words.items() if len(char) == 1 and figure > _COMMON}
        self._everyday = frozenset(char for char in common if known.lexicon.words[char] > _EVERYDAY)
        self._rare = frozenset(char for char, rate in known.misread.items() if rate >= _MOSTLY and char in common)
        self._alike = {
            char: {other: alike for other, alike in others.items() if other in common}
            for char, others in known.alike.items()
        }
        self._before: dict[str, frozenset[str]] = {}  # by second character: unreadable ones that may begin its word
        for first in self._rare:
            for second in known.lexicon.beside.get(first, _NOTHING):
                self._before[second] = self._before.get(second, frozenset()) | {first}
        self._after: dict[str, frozenset[str]] = {}  # by first character: unreadable ones that may end its word

    def suspects(self, run: str) -> tuple[Suspect, ...]:
        """The best guess for each column of a run where there is one worth a look."""
        found = self._found.get(run)
        if found is None:
            if len(self._found) >= self._REMEMBERED:
                self._found.clear()
            found = self._found[run] = tuple(self._suspects(run)) if len(run) > 1 else ()
        return found

    def weighed(self, runs: Sequence[str], evidence: Evidence) -> list[Weighed]:
        """All suspects of all runs with what the book says of them."""
        found = [(number, suspect) for number, run in enumerate(runs) for suspect in self.suspects(run)]
        places = [(runs[number], suspect.at) for number, suspect in found]
        read = evidence.standings(places, [suspect.read for _, suspect in found], own=1)
        meant = evidence.standings(places, [suspect.meant for _, suspect in found], own=0)
        longest = self.known.lexicon.longest
        contexts: dict[tuple[str, str], set[tuple[str, str]]] = {}
        for number, suspect in found:
            text, at = runs[number], suspect.at
            beside = (text[at - 1 : at], text[at + 1 : at + 2])
            contexts.setdefault((suspect.read, suspect.meant), set()).add(beside)
        weighed = []
        for (number, suspect), as_read, as_meant in zip(found, read, meant, strict=True):
            low, high = max(0, suspect.at - 6), suspect.at + 7
            text, at = runs[number][low:high], suspect.at - low
            changed = text[:at] + suspect.meant + text[at + 1 :]
            weighed.append(
                Weighed(
                    number,
                    suspect,
                    as_read,
                    as_meant,
                    longest(text, at),
                    longest(changed, at),
                    len(contexts[suspect.read, suspect.meant]),
                )
            )
        return weighed

    def _suspects(self, run: str) -> Iterator[Suspect]:
        asked = [(at, list(self._asked(run, at))) for at in range(len(run))]
        if not any(chars for _, chars in asked):
            return
        lattice = self.known.lattice(run)
        level = lattice.figure / len(run)
        for at, chars in asked:
            gains = sorted(
                ((gain + _LOOKS * max(alike, self._strange(char)), gain, char, alike))
                for char, alike in chars
                if (gain := lattice.gain(at, char)) >= _LEAST
            )
            if gains:
                best, gain, char, alike = gains[-1]
                ahead = min(gain, best - gains[-2][0] if len(gains) > 1 else gain)
                misread = self.known.misread.get(char, 0.0) if self._strangers else 0.0
                yield Suspect(at, run[at], char, alike, gain, ahead, level, misread)

    def _strange(self, char: str) -> float:
        """What stands for the resemblance of a character that does not look like the one read."""
        return _STRANGE + (_MISREAD * self.known.misread.get(char, 0.0) if self._strangers else 0.0)

    def _asked(self, run: str, at: int) -> Iterator[tuple[str, float]]:
        """The characters worth asking in a column, with how much each looks like what stands there."""
        beside = self.known.lexicon.beside
        read = run[at]
        before = run[at - 1] if at else ""
        after = run[at + 1] if at + 1 < len(run) else ""
        follows = beside.get(before, _NOTHING)
        now = max(follows.get(read, 0.0), beside.get(read, _NOTHING).get(after, 0.0))
        alike = self._alike.get(read, _NOTHING)
        lonely = now < _LONELY and self.known.lexicon.words.get(read, _COMMON) < _EVERYDAY
        best: list[tuple[float, str, float]] = []
        for char, resemblance in alike.items():
            word = follows.get(char, 0.0)
            if after and (other := beside.get(char, _NOTHING).get(after, 0.0)) > word:
                word = other
            if (word > _WORD and word > now - 0.5) or (lonely and char in self._everyday):
                best.append((word - now + 12 * resemblance, char, resemblance))
        if self._strangers:
            best += self._unreadable(before, after, alike, now)
        best.sort(reverse=True)
        seen = set[str]()
        for _, char, resemblance in best:
            if char not in seen and char != read:
                seen.add(char)
                yield char, resemblance
            if len(seen) == _ASKED:
                return

    def _unreadable(
        self, before: str, after: str, alike: Mapping[str, float], now: float
    ) -> Iterator[tuple[float, str, float]]:
        """Characters that the engine cannot give, that look like nothing here, and make a word with a neighbour."""
        beside = self.known.lexicon.beside
        least = max(_WORD, now + 0.7)
        for char in self._unreadable_after(before):
            if char not in alike and (word := beside[before][char]) > least:
                yield word - now + 9, char, 0.0
        for char in self._before.get(after, ()):
            if char not in alike and (word := beside[char][after]) > least:
                yield word - now + 9, char, 0.0

    def _unreadable_after(self, before: str) -> frozenset[str]:
        """Characters that the engine cannot give and that may follow this one; found when first asked for."""
        found = self._after.get(before)
        if found is None:
            follows = self.known.lexicon.beside.get(before, _NOTHING)
            found = self._after[before] = frozenset(follows.keys() & self._rare)
        return found


def features(weighed: Weighed) -> tuple[float, ...]:
    """A suspect as the figures that `likelihood` weighs; all of order 1."""
    suspect, read, meant = weighed.suspect, weighed.standing_read, weighed.standing_meant
    stranger = 1.0 if suspect.alike == 0.0 else 0.0
    return (
        1.0,
        min(suspect.gain, 9.0) / 3,
        max(0.0, suspect.gain - 3.0) / 3,
        min(suspect.ahead, 6.0) / 3,
        stranger,
        max(0.0, suspect.alike - 0.55) * 4,
        max(0.0, suspect.alike - 0.85) * 10,
        (suspect.level + 2) / 1.0,
        math.log1p(read.pairs) / 3,
        math.log1p(read.threes) / 2,
        read.size / 3,
        math.log1p(meant.pairs) / 3,
        math.log1p(meant.threes) / 2,
        meant.size / 3,
        1.0 if meant.size > read.size else 0.0,
        1.0 if meant.size > read.size + 1 else 0.0,
        float(weighed.word_read[0] > 1),
        float(weighed.word_read[0] > 2),
        (weighed.word_read[1] + 6) / 2 if weighed.word_read[0] > 1 else 0.0,
        float(weighed.word_meant[0] - weighed.word_read[0]),
        float(weighed.word_meant[0] > 2),
        float(weighed.word_meant[0] > 3),
        (weighed.word_meant[1] + 5) / 2,
        1.0 if suspect.at == 0 else 0.0,
        stranger * suspect.gain / 3,
        stranger * (1.0 if meant.size > read.size else 0.0),
        suspect.misread,
        suspect.misread * stranger,
        suspect.misread * math.log(weighed.repeated),
        (1.0 - suspect.misread) * math.log(weighed.repeated),
        suspect.misread * min(suspect.gain, 9.0) / 3,
        suspect.misread * read.size / 3,
        suspect.misread * math.log1p(read.pairs) / 3,
    )


# Logistic regression over errors put into 80,000 characters of laws (tests/proofread/errors.py), as in `features`.
WEIGHTS = (
    -7.953,
    2.339,
    -0.168,
    0.520,
    0.527,
    2.105,
    1.062,
    0.786,
    -2.214,
    -0.002,
    -2.125,
    1.782,
    0.302,
    2.487,
    -0.131,
    -0.344,
    -0.691,
    -0.239,
    -0.439,
    -0.135,
    1.373,
    0.213,
    0.453,
    -0.007,
    0.173,
    -0.707,
    5.316,
    -3.509,
    1.126,
    -1.053,
    0.112,
    2.363,
    -0.144,
)


def likelihood(weighed: Weighed) -> float:
    """How likely it is, 0 to 1, that the character was misread and that it is this one that was printed."""
    weight = sum(weight * figure for weight, figure in zip(WEIGHTS, features(weighed), strict=True))
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, weight))))
