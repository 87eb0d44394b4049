"""The places of an edition in the other script that a person should look at: a section of the review page, and JSON.

One decision settles a question, or a single place of it; both are shown as they go into <book>.review.toml.
"""

import json
from dataclasses import dataclass

from pipeline.render.artifact import Artifact
from pipeline.render.html import Html
from pipeline.style import Style

SUFFIX = "conversion.json"


@dataclass(frozen=True, slots=True)
class Place:
    """A place of the cleaned text by its line (from 0), with what stands before and after it. `sure` is from 0 to 1."""

    line: int
    left: str
    word: str
    right: str
    sure: float

    @property
    def around(self) -> str:
        """The words to name the place by: they hold `word` once."""
        left, right = self.left, self.right
        while self.word in left:
            left = left[left.index(self.word) + 1 :]
        while self.word in right:
            right = right[: right.rindex(self.word)]
        return left + self.word + right


@dataclass(frozen=True, slots=True)
class Asked:
    """Is `before` in these places `ours`, as the edition has it, or `other`? `gain`: how many are likely wrong."""

    before: str
    ours: str
    other: str
    gain: float
    places: tuple[Place, ...]

    def decision(self, after: str, place: Place | None = None) -> str:
        """The lines for <book>.review.toml: for every place of the question, or for one."""
        said = f"[[convert]]\nbefore = {_quoted(self.before)}\nafter = {_quoted(after)}\n"
        return said if place is None else f"{said}around = {_quoted(place.around)}\n"


@dataclass(frozen=True, slots=True)
class ConversionList:
    """What to ask about an edition of so many characters, the most useful question first."""

    edition: str
    characters: int
    asked: tuple[Asked, ...]

    @property
    def places(self) -> int:
        return sum(len(question.places) for question in self.asked)


def section(listed: ConversionList, name: str, style: Style) -> Html:
    """The part of the review page of the book `name`."""
    return Html(style.render("conversion.html.j2", listed=listed, name=name))


def render(listed: ConversionList) -> Artifact:
    """The list as JSON, for programs: lines count from 1."""
    said = {
        "edition": listed.edition,
        "characters": listed.characters,
        "questions": [
            {
                "before": question.before,
                "ours": question.ours,
                "other": question.other,
                "likely-wrong": round(question.gain, 2),
                "keep": question.decision(question.ours),
                "change": question.decision(question.other),
                "places": [
                    {"line": place.line + 1, "around": place.around, "sure": round(place.sure, 3)}
                    for place in question.places
                ],
            }
            for question in listed.asked
        ],
    }
    data = json.dumps(said, ensure_ascii=False, indent=1) + "\n"
    return Artifact(SUFFIX, data.encode("utf-8", "surrogatepass"), "application/json")


def _quoted(words: str) -> str:
    """A basic string of TOML (v1.0.0)."""
    return json.dumps(words, ensure_ascii=False).replace("\x7f", "\\u007f")
