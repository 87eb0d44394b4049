"""Characters that an engine misread: 领寻 is 领导, 已尔扎克 is 巴尔扎克, 个农 is 佃农.

Why: engines take one character for another that looks like it, and always misread a character that their model lacks.
A word model says how much likelier the text becomes with the other character; the look-alike table, whether one may be
read for the other; and the book itself, which of the two it writes elsewhere.
Mended (LIKELY) is only what all of them agree on: the corrected words stand elsewhere in the book, over more characters
than those read and between the same neighbours; the model finds them much likelier; the two look alike. Or, where the
text was read by Tesseract, that engine is known to misread just this character, and does so in the same way in several
words of the book. All else that is worth a look is a doubt.
Left alone: numerals for numerals; the CIP record, the imprint and printed contents, where names stand; names before a
title; classical passages; places where the word read stands in the book or in the dictionary; texts in Traditional
characters. Without the word model nothing is mended, and without the dictionary nothing is said at all.
"""

import re
from collections.abc import Iterator

from pipeline.clean.reading import Reading
from pipeline.clean.rule import ProofRule
from pipeline.language.misreadings import Weighed, likelihood
from pipeline.ledger import Confidence, Fix

LOCKED = 0.9  # how likely a change must be for being made, with all else that is asked of it
WORTH = 0.3  # and for being shown
_NUMERALS = frozenset("〇零一二三四五六七八九十百千万亿两廿卅壹贰叁肆伍陆柒捌玖拾佰仟甲乙丙丁")
_SEEN = 3  # characters in a row, the changed one among them, that must stand elsewhere in the book
_AHEAD = 2  # by how many characters this must be more than of those read
_ALIKE, _LESS_ALIKE = 0.82, 0.78  # resemblance; the lesser where the character read is hardly used by itself
_HARDLY = -4.6  # log10
_MISREAD = 0.5  # the share of its places that the engine misreads, from which on it is known to misread a character
_ENGINE = 0.96  # how likely a change must be that the engine is witness of, in several places
_PLACES = 2  # in different words
_GAIN = 2.5  # log10: by how much the model must find the change likelier
_TITLE = re.compile("(?:同志|先生|女士|小姐|太太|主席|主任|书记|总理|部长|局长|教授|老师|医生|将军|司令|师长|团长)")
_CLASSICAL = re.compile("[之乎者也矣焉哉曰兮其而乃遂吾汝尔]")
_MODERN = re.compile("[的了着们这那吗呢吧是在和]")
_PASSAGE = 60  # characters on either side that tell whether a passage is classical


def find(reading: Reading) -> Iterator[tuple[int, Fix]]:
    """Each character that may have been misread, as sure as it is."""
    for weighed in reading.weighed:
        chance = likelihood(weighed)
        if chance < WORTH:
            continue
        suspect = weighed.suspect
        run = reading.runs[weighed.run]
        line, column = run.place(suspect.at)
        if line in reading.reserved or _both_numerals(weighed):
            continue
        sure = (
            chance >= LOCKED
            and _agreed(weighed, reading, chance)
            and not _left(run.text, suspect.at, reading, weighed.run)
        )
        confidence = Confidence.LIKELY if sure else Confidence.DOUBTFUL
        yield line, Fix(column, column + 1, suspect.meant, _why(weighed), confidence, chance)


def _both_numerals(weighed: Weighed) -> bool:
    return weighed.suspect.read in _NUMERALS and weighed.suspect.meant in _NUMERALS


def _agreed(weighed: Weighed, reading: Reading, chance: float) -> bool:
    """Whether the dictionary, the model, the look of the characters and the book or the engine all say the same.

    The book must know the character between both its neighbours: 经济力虽弱 is right beside any number of 经济力量.
    """
    suspect, read, meant = weighed.suspect, weighed.standing_read, weighed.standing_meant
    if reading.known.model is None or weighed.word_read[0] > 2 or weighed.word_meant[0] < 2 or suspect.gain < _GAIN:
        return False
    if suspect.misread >= _MISREAD and chance >= _ENGINE and weighed.repeated >= _PLACES:
        return True
    run = reading.runs[weighed.run].text
    between = meant.between > 0 or (suspect.at in {0, len(run) - 1} and meant.size > _SEEN)
    rare = reading.known.lexicon.words.get(suspect.read, _HARDLY - 1) < _HARDLY
    return (
        suspect.alike >= (_LESS_ALIKE if rare else _ALIKE) and between and meant.size >= max(_SEEN, read.size + _AHEAD)
    )


def _left(run: str, at: int, reading: Reading, number: int) -> bool:
    """Whether the place is a name before a title, or stands in a classical passage."""
    if _TITLE.match(run, at + 1) or _TITLE.match(run, at + 2):
        return True
    around = "".join(other.text for other in reading.runs[max(0, number - 5) : number + 6])
    middle = sum(len(other.text) for other in reading.runs[max(0, number - 5) : number]) + at
    passage = around[max(0, middle - _PASSAGE) : middle + _PASSAGE]
    return len(_CLASSICAL.findall(passage)) > 2 * len(_MODERN.findall(passage)) + 2


def _why(weighed: Weighed) -> str:
    """The reason in words."""
    suspect, meant = weighed.suspect, weighed.standing_meant
    looks = "形近" if suspect.alike else "识别引擎多半认不出“" + suspect.meant + "”"
    book = f"，书中别处有同样的话 {meant.times} 处" if meant.size >= _SEEN else ""
    return f"“{suspect.read}”疑是“{suspect.meant}”：{looks}，改后文句通顺得多{book}"


RULE = ProofRule(
    id="misread-characters",
    confidence=Confidence.LIKELY,
    find=find,
    why="形近字误识",
)
