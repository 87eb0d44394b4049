"""People are a stage: what a person decided about one book, and how the cleaning engine hears it.

`seeds/<book>.review.toml` accepts or rejects what rules propose by (rule, line, before), adds corrections of its own,
and names words that no rule may change. docs/review.md shows every key.

- A rejected edit is not made, nor does the same rule, or another with the same words, make it later at that place.
- An accepted doubt is made, by its rule, and is CERTAIN from then on.
- A correction is made when the rules have come to rest; it stands in the ledger as rule `reviewer`, CERTAIN, and no
  rule touches it after.
- A protected word stands as it is wherever it stands; only a line that goes as a whole (a running head) takes it along.
- A decision that no longer meets anything is an error that says what stands there now: the seed or the rules have
  changed since, and a person should look again.

What was decided about places is handed on as `Held` places of the cleaned lines, so that a second cleaning changes
nothing (law 2).
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path

from pipeline.config import Verbatim, nearest, read_table
from pipeline.errors import SettingsError
from pipeline.ledger import Confidence, Edit, Fix, record

RULE = "reviewer"
_SHOWN = 40  # characters of a line in an error


# ---------------------------------------------------------------- what a person may say


@dataclass(frozen=True, slots=True)
class Decision:
    """Yes or no to what a rule proposes. `line` counts from 1 as editors do; 0, or left out: wherever it is proposed.

    `after` narrows it to one proposal of several, `around` (words of the line about it) to one place of several.
    """

    rule: str
    before: Verbatim
    line: int = 0
    after: Verbatim | None = None
    around: Verbatim | None = None
    why: str = ""

    def meets(self, edit: Edit, text: str) -> bool:
        """Whether this speaks of `edit`, which a rule proposes for the line `text`."""
        return (
            edit.rule == self.rule
            and edit.before == self.before
            and self.line in {0, edit.line + 1}
            and (self.after is None or edit.after == self.after)
            and (not self.around or _within(edit, self.around, text))
        )


@dataclass(frozen=True, slots=True)
class Correction:
    """A correction of the reviewer's own: `before`, as it stands in the cleaned line, becomes `after`.

    Without `line` it is made wherever `before` stands.
    """

    before: Verbatim
    after: Verbatim
    line: int = 0
    why: str = ""


@dataclass(frozen=True, slots=True)
class Conversion:
    """In editions of the other script `before` becomes `after` wherever the words `around` stand.

    `before` and `around` are words of the cleaned text, `after` is written in any region's characters. Without
    `around`: wherever the conversion is in doubt between `after` and another. Without `editions`: in all of them.
    """

    before: Verbatim
    after: Verbatim
    around: Verbatim | None = None
    editions: tuple[str, ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True)
class Review:
    """A <book>.review.toml: [[accept]], [[reject]], [[correct]], [[convert]] and protect."""

    accept: tuple[Decision, ...] = ()
    reject: tuple[Decision, ...] = ()
    correct: tuple[Correction, ...] = ()
    convert: tuple[Conversion, ...] = ()
    protect: tuple[Verbatim, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.accept or self.reject or self.correct or self.convert or self.protect)


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A review with the file that holds it: `path` and `text` are for errors and shape nothing."""

    said: Review = field(default_factory=Review)
    path: str = ""
    text: str = ""

    @property
    def digest(self) -> str:
        """A hex SHA-256 of what was decided, not of comments or of the order of keys."""
        return hashlib.sha256(repr(self.said).encode("utf-8", "surrogatepass")).hexdigest()

    def error(self, kind: str, number: int, message: str, remedy: str) -> SettingsError:
        """What is wrong with the `number`th entry (from 0) of `kind`, with its line in the file."""
        heads = list(re.finditer(rf"(?m)^[ \t]*\[\[\s*{kind}\s*\]\]|^[ \t]*{kind}\s*=", self.text))
        at = heads[min(number, len(heads) - 1)].start() if heads else 0
        line = f":{self.text.count(chr(10), 0, at) + 1}" if heads else ""
        return SettingsError(message, remedy=remedy, where=f"{self.path}{line} {kind} 第 {number + 1} 条")


# ---------------------------------------------------------------- reading


def beside(settings: Path) -> Path:
    """Where the review of a book lies whose settings are at `settings`: <book>.toml -> <book>.review.toml."""
    return settings.with_suffix(".review.toml")


def read(path: Path) -> Reviewed:
    """What was decided in `path`; nothing where there is no such file. Raises SettingsError."""
    found = read_table(Review, path)
    if found is None:
        return Reviewed()
    review = Reviewed(found[0], str(path), found[1])
    _check(review)
    return review


def _check(review: Reviewed) -> None:
    """What types cannot say. Raises SettingsError."""
    said = review.said
    lists: dict[str, tuple[Decision | Correction, ...]]
    lists = {"accept": said.accept, "reject": said.reject, "correct": said.correct}
    for kind, number, each in ((kind, *pair) for kind, listed in lists.items() for pair in enumerate(listed)):
        if each.line < 0:
            raise review.error(kind, number, f"行号 {each.line} 不对", "从 1 数起；不写就是全书每一处")
    for number, entry in enumerate(said.correct):
        if not entry.before:
            raise review.error("correct", number, "before 是空的", "写上要改的字；要添字，就连旁边的字一起写")
        if entry.before == entry.after:
            raise review.error("correct", number, "before 与 after 一样", "写上改成什么；要保护原文用 protect")
        if re.search(r"[\r\n\f]", entry.before + entry.after):
            raise review.error("correct", number, "更正不能跨行", "一行写一条：清理从不移动行")
    for number, choice in enumerate(said.convert):
        if not choice.before or not choice.after:
            raise review.error("convert", number, "before 或 after 是空的", "写上原文的字和它的繁体")
        if choice.around and choice.around.count(choice.before) != 1:
            raise review.error(
                "convert", number, f"around 里应当恰好有一个“{choice.before}”", "写上它旁边的字，长短合适"
            )
    for number, word in enumerate(said.protect):
        if not word.strip():
            raise review.error("protect", number, "有一个空的词", "删去它")


def refuse_unknown_rules(review: Reviewed, rules: Sequence[str]) -> None:
    """Raise SettingsError where a decision names a cleaning rule that does not exist."""
    for kind, entries in (("accept", review.said.accept), ("reject", review.said.reject)):
        for number, entry in enumerate(entries):
            if entry.rule not in rules:
                remedy = f"{nearest(entry.rule, rules)} 全部规则见 python -m pipeline rules"
                raise review.error(kind, number, f"没有清理规则 {entry.rule!r}", remedy)


def refuse_unknown_editions(review: Reviewed, editions: Sequence[str]) -> None:
    """Raise SettingsError where a conversion is decided for an edition that does not exist."""
    for number, entry in enumerate(review.said.convert):
        for name in entry.editions:
            if name not in editions:
                raise review.error("convert", number, f"没有 {name!r} 这种版本", nearest(name, editions))


# ---------------------------------------------------------------- hearing


@dataclass(frozen=True, slots=True)
class Held:
    """Columns [start, end) of a line (from 0) that were decided upon.

    Of a rejection: `rule` may not change them, and no other rule may put `after` there. Of a correction: `rule` is
    empty, and no rule may change them.
    """

    line: int
    start: int
    end: int
    rule: str = ""
    after: str | None = None

    def refuses(self, edit: Edit) -> bool:
        end = edit.start + len(edit.before)
        if not self.rule:
            return (
                edit.start < self.end and self.start < end if self.start < self.end else edit.start < self.start < end
            )
        if edit.rule == self.rule:
            empty = self.start == self.end or edit.start == end
            touching = edit.start <= self.end and self.start <= end
            return touching if empty else edit.start < self.end and self.start < end
        return (edit.start, end, edit.after) == (self.start, self.end, self.after)

    def moved(self, edits: Sequence[Edit]) -> "Held":
        """Where this place lies once `edits` of its line are made, which one rule made together."""
        start = _moved(self.start, edits, upwards=False)
        return replace(self, start=start, end=max(start, _moved(self.end, edits, upwards=self.start < self.end)))


def _moved(column: int, edits: Sequence[Edit], *, upwards: bool) -> int:
    """A column after `edits`; one inside an edit goes to its end (`upwards`) or to its start."""
    shift = 0
    for edit in sorted(edits, key=lambda edit: edit.start):
        end = edit.start + len(edit.before)
        if end < column or (end == column and (edit.before or not upwards)):
            shift += len(edit.after) - len(edit.before)
        elif edit.start < column:
            return edit.start + shift + (len(edit.after) if upwards else 0)
    return column + shift


class Hearing:
    """The decisions of one review while a text is cleaned: which were met, and which places are held.

    `again` are the places that an earlier cleaning held: then only they and the protected words count, for the rest
    has been done.
    """

    def __init__(self, review: Reviewed | None = None, again: Iterable[Held] | None = None) -> None:
        self.review = review or Reviewed()
        said = self.review.said
        self.first = again is None
        self.protect = said.protect
        self.accept = said.accept if self.first else ()
        self.reject = said.reject if self.first else ()
        self.correct = said.correct if self.first else ()
        self._held: dict[int, list[Held]] = {}
        for held in again or ():
            self._hold(held)
        self._met = set[tuple[str, int]]()

    @property
    def idle(self) -> bool:
        """Whether nobody said anything: then nothing here needs to be asked."""
        return not (self.protect or self.accept or self.reject or self.correct or self._held)

    @property
    def held(self) -> tuple[Held, ...]:
        """Every place that was decided upon, in order."""
        return tuple(held for line in sorted(self._held) for held in self._held[line])

    def judge(self, text: str, edits: Sequence[Edit]) -> list[Edit]:
        """What may stand of the edits that one rule proposes for the line `text`."""
        return [judged for edit in edits if (judged := self._judged(text, edit)) is not None]

    def _judged(self, text: str, edit: Edit) -> Edit | None:
        if any(held.refuses(edit) for held in self._held.get(edit.line, ())) or self._protects(text, edit):
            return None
        if self._meets("reject", self.reject, text, edit):
            self._hold(Held(edit.line, edit.start, edit.start + len(edit.before), edit.rule, edit.after))
            return None
        if self._meets("accept", self.accept, text, edit):
            return replace(edit, confidence=Confidence.CERTAIN, why=f"{edit.why}（已由人核准）")
        return edit

    def _meets(self, kind: str, decisions: Sequence[Decision], text: str, edit: Edit) -> bool:
        met = [(kind, number) for number, decision in enumerate(decisions) if decision.meets(edit, text)]
        self._met.update(met)
        return bool(met)

    def _protects(self, text: str, edit: Edit) -> bool:
        if edit.before == text and not edit.after:
            return False
        end = edit.start + len(edit.before)
        changed = text[: edit.start] + edit.after + text[end:]
        return any(
            start < end and edit.start < start + len(word) and not _kept(word, start, edit, changed)
            for word in self.protect
            for start in _places(word, text)
        )

    def _hold(self, held: Held) -> None:
        self._held.setdefault(held.line, []).append(held)

    def move(self, line: int, made: Sequence[Edit]) -> None:
        """Take the places of a line along with edits that were made to it."""
        if line in self._held:
            self._held[line] = [held.moved(made) for held in self._held[line]]

    def corrections(self, lines: Sequence[str]) -> Iterator[tuple[int, list[Edit]]]:
        """The reviewer's own corrections upon lines that the rules have left at rest, once; their places are held.

        Raises SettingsError where one meets nothing, meets several places of its line, or two overlap.
        """
        found: dict[int, list[tuple[int, Fix]]] = {}
        for number, each in enumerate(self.correct):
            for line, start in self._corrected(number, each, lines):
                fix = Fix(start, start + len(each.before), each.after, each.why or "人的更正")
                found.setdefault(line, []).append((number, fix))
        self.correct = ()
        for line in sorted(found):
            self._refuse_overlaps(line, found[line])
            fixes = [fix for _, fix in found[line]]
            edits = list(record(RULE, line, lines[line], fixes, Confidence.CERTAIN, ""))
            self.move(line, edits)
            shift = 0
            for edit in reversed(edits):
                self._hold(Held(line, edit.start + shift, edit.start + shift + len(edit.after)))
                shift += len(edit.after) - len(edit.before)
            yield line, edits

    def _corrected(self, number: int, each: Correction, lines: Sequence[str]) -> list[tuple[int, int]]:
        if each.line > len(lines):
            raise self.review.error("correct", number, f"没有第 {each.line} 行", f"这本书有 {len(lines)} 行")
        wanted = range(len(lines)) if not each.line else (each.line - 1,)
        places = [(line, start) for line in wanted for start in _places(each.before, lines[line], overlapping=False)]
        if not places:
            where = f"第 {each.line} 行" if each.line else "全书"
            now = f"；这一行现在是“{_brief(lines[each.line - 1])}”" if each.line else ""
            remedy = "照 review.html 上的现文写 before，或删去这一条"
            raise self.review.error("correct", number, f"{where}没有“{_brief(each.before)}”{now}", remedy)
        if each.line and len(places) > 1:
            message = f"第 {each.line} 行有 {len(places)} 处“{_brief(each.before)}”"
            raise self.review.error("correct", number, message, "把 before 连旁边的字写长，到只剩一处")
        return places

    def _refuse_overlaps(self, line: int, found: Sequence[tuple[int, Fix]]) -> None:
        ordered = sorted(found, key=lambda pair: (pair[1].start, pair[1].end))
        for (first, one), (second, other) in pairwise(ordered):
            if other.start < one.end:
                numbers = sorted((first, second))
                message = f"在第 {line + 1} 行与第 {numbers[0] + 1} 条改同样的字"
                raise self.review.error("correct", numbers[1], message, "合成一条")

    def refuse_unmet(self, seed: Sequence[str], lines: Sequence[str], made: Sequence[Edit]) -> None:
        """Raise SettingsError for the first decision that met nothing, with what stands there now.

        `made` is every edit and doubt of this cleaning.
        """
        for kind, decisions in (("accept", self.accept), ("reject", self.reject)):
            for number, each in enumerate(decisions):
                if (kind, number) not in self._met:
                    raise self._unmet(kind, number, each, lines, made)
        for number, word in enumerate(self.protect if self.first else ()):
            if not any(word in line for line in seed) and not any(word in line for line in lines):
                raise self.review.error("protect", number, f"全书没有“{_brief(word)}”", "核对写法，或删去它")

    def _unmet(
        self, kind: str, number: int, each: Decision, lines: Sequence[str], made: Sequence[Edit]
    ) -> SettingsError:
        if each.line > len(lines):
            return self.review.error(kind, number, f"没有第 {each.line} 行", f"这本书有 {len(lines)} 行")
        where = f"第 {each.line} 行" if each.line else "全书"
        message = f"规则 {each.rule} 在{where}没有提议改“{_brief(each.before)}”"
        if each.line:
            message += f"；这一行现在是“{_brief(lines[each.line - 1])}”"
        others = [edit for edit in made if edit.rule == each.rule and each.line in {0, edit.line + 1}]
        near = "、".join(f"“{_brief(edit.before)}”→“{_brief(edit.after)}”" for edit in others[:3])
        remedy = (
            f"它提议的是 {near}，照抄或删去这一条" if near else "原文或规则变过了：对照 review.html 改写或删去这一条"
        )
        return self.review.error(kind, number, message, remedy)


def _places(word: str, text: str, *, overlapping: bool = True) -> Iterator[int]:
    """Every column of `text` where `word` begins."""
    at = text.find(word)
    while at >= 0:
        yield at
        at = text.find(word, at + (1 if overlapping else len(word)))


def _within(edit: Edit, around: str, text: str) -> bool:
    end = edit.start + len(edit.before)
    return any(start <= edit.start and end <= start + len(around) for start in _places(around, text))


def _kept(word: str, start: int, edit: Edit, changed: str) -> bool:
    """Whether the word that stood at `start` stands in the changed line, where the edit can have moved it."""
    shift = len(edit.after) - len(edit.before)
    low, high = sorted((start, start + shift))
    return changed.find(word, max(0, low), high + len(word)) >= 0


def _brief(text: str) -> str:
    shown = "".join(char if char.isprintable() or char == "\u3000" else f"⟨{ord(char):04X}⟩" for char in text[:_SHOWN])
    return shown + ("……" if len(text) > _SHOWN else "")
