"""How well Simplified text gets its Traditional characters back: `python -m tests.score_script [FOLDER]`.

FOLDER holds Traditional originals as *.txt, one a genre; without it, tests/originals (public domain, see its README).
Each is made Simplified by OpenCC's t2s and turned back by the press (edition hant-tw), by plain OpenCC (s2tw) and by
zhconv-rs (zh-TW). An error is a character that differs from the original, glyph variants of one word aside
(`VARIANTS`). Printed are errors per 100,000 characters; then, of ours, how many stand in the list that a person is
asked about, how many questions that list has for 10,000 characters and how many places.
Exit code: 0 where ours has at most half the errors of the better of the others, else 1; 2 without texts.
"""

import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import opencc
import zhconv_rs

from pipeline.config import ConvertSettings
from pipeline.conversion.second_votes import second_votes
from pipeline.conversion.translator import Translator, translator

ORIGINALS = Path(__file__).parent / "originals"
# Glyphs for one word, standard above and variant below: which of them an original prints is its printer's choice.
VARIANTS = (
    "裡着為群峰啟床線麵污吃眾卻腳強戶內恆唇嘆煙煙灶痴才淒秘艷鉤說臺溫衛偽稅銳脫悅閱教癒擡簷麼真既鎮詠豬蔥"
    "豎繞杯溪升閒樑鋪捆鏽濕恤凌劄挨即值晚查鄉青鑑贗淨奸鷄湧",
    "裏著爲羣峯啓牀綫麪汙喫衆却脚强户内恒脣歎菸烟竈癡纔悽祕豔鈎説台温衞僞税鋭脱悦閲敎愈抬檐麽眞旣鎭咏猪葱"
    "竪遶盃谿陞閑梁舖綑銹溼卹淩札捱卽値晩査鄕靑鑒贋凈姦雞涌",
)
_FOLD = str.maketrans(VARIANTS[1], VARIANTS[0])
Convert = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Score:
    """What one converter made of one text."""

    characters: int
    errors: Counter[str]  # "原>得": how often

    @property
    def rate(self) -> float:
        """Errors per 100,000 characters."""
        return 100_000 * self.errors.total() / max(1, self.characters)

    def __add__(self, other: "Score") -> "Score":
        return Score(self.characters + other.characters, self.errors + other.errors)


@dataclass(frozen=True, slots=True)
class Asked:
    """The list that a person is asked about: its questions and places, and how many of the errors stand in it."""

    characters: int
    errors: int
    covered: int
    questions: int
    places: int

    def __add__(self, other: "Asked") -> "Asked":
        return Asked(*(getattr(self, name) + getattr(other, name) for name in self.__slots__))

    def __str__(self) -> str:
        share = 10_000 / max(1, self.characters)
        return (
            f"{self.covered} of {self.errors} errors asked about ({self.covered / max(1, self.errors):.0%}), "
            f"in {self.questions * share:.1f} questions and {self.places * share:.0f} places per 10,000"
        )


def simplified(original: str) -> list[tuple[str, str]]:
    """The lines of an original beside their Simplified form; lines whose length changes are left out."""
    lines = zip(original.split("\n"), opencc.OpenCC("t2s").convert(original).split("\n"), strict=True)
    return [(line, made) for line, made in lines if line and len(line) == len(made)]


def score(lines: Sequence[tuple[str, str]], convert: Convert) -> Score:
    """How far what `convert` makes of the Simplified lines is from the originals."""
    errors = Counter[str]()
    for original, made in lines:
        wanted, got = original.translate(_FOLD), convert(made).translate(_FOLD)
        if len(wanted) == len(got):
            errors.update(f"{right}>{wrong}" for right, wrong in zip(wanted, got, strict=True) if right != wrong)
        else:
            errors[f"{wanted}>{got}"] += 1
    return Score(sum(len(original) for original, _ in lines), errors)


def asked(lines: Sequence[tuple[str, str]], ours: Translator) -> Asked:
    """How much of what is wrong would be put before a person."""
    questions = second_votes([made for _, made in lines], ours)
    places = {(doubt.text, doubt.at) for question in questions for doubt in question.doubts}
    wrong = {
        (number, at)
        for number, (original, made) in enumerate(lines)
        for at, (right, got) in enumerate(zip(original.translate(_FOLD), ours.text(made).translate(_FOLD), strict=True))
        if right != got
    }
    return Asked(
        sum(len(original) for original, _ in lines), len(wrong), len(wrong & places), len(questions), len(places)
    )


def press(lines: Sequence[tuple[str, str]]) -> Translator:
    """Ours, for a text of these lines."""
    return translator("hans", "hant-tw", sample="\n".join(made for _, made in lines), settings=ConvertSettings())


def main(arguments: Sequence[str]) -> int:
    """Score every text in the folder; see the module."""
    folder = Path(arguments[0]) if arguments else ORIGINALS
    files = sorted(folder.glob("*.txt"))
    if not files:
        print(f"no *.txt in {folder}", file=sys.stderr)  # noqa: T201
        return 2
    totals: dict[str, Score] = {}
    listed = Asked(0, 0, 0, 0, 0)
    for file in files:
        lines = simplified(file.read_text("utf-8"))
        ours = press(lines)
        converters: dict[str, Convert] = {
            "ours": ours.text,
            "OpenCC s2tw": opencc.OpenCC("s2tw").convert,
            "zhconv-rs": lambda text: zhconv_rs.zhconv(text, "zh-TW"),
        }
        found = {name: score(lines, convert) for name, convert in converters.items()}
        for name, each in found.items():
            totals[name] = totals.get(name, Score(0, Counter())) + each
        list_of_this = asked(lines, ours)
        listed += list_of_this
        _tell(file.stem, found, list_of_this)
    _tell("all", totals, listed)
    return int(_ratio(totals) > 0.5)


def _ratio(found: dict[str, Score]) -> float:
    others = min(each.rate for name, each in found.items() if name != "ours")
    return found["ours"].rate / max(others, 1e-9)


def _tell(text: str, found: dict[str, Score], listed: Asked) -> None:
    for name, each in found.items():
        worst = " ".join(f"{pair}{count}" for pair, count in each.errors.most_common(8))
        print(f"{text:8} {name:12} {each.characters:7} {each.rate:5.0f} per 100,000  {worst}")  # noqa: T201
    print(f"{text:8} ours / the better of the others: {_ratio(found):.2f} (goal 0.50); {listed}")  # noqa: T201


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
