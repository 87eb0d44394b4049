"""OpenCC, and nothing else: the only file that knows it.

A converter is named by the steps that OpenCC's own configurations make ("s2tw"; "tw2t", "t2hk"). It converts all that
it is given: whoever calls leaves out what must stay (untouched.py). Characters that OpenCC has no entry for come back
as they are, private-use and variation selectors among them.
"""

from collections.abc import Callable
from functools import cache
from types import MappingProxyType
from typing import TypeAlias

import opencc

Convert: TypeAlias = Callable[[str], str]

# What turns a text of one script into another: steps in OpenCC's names. Left out: a script into itself.
STEPS = MappingProxyType(
    {
        ("hans", "hant"): ("s2t",),
        ("hans", "hant-tw"): ("s2t", "t2tw"),  # s2tw by two steps: the same text, in half the time
        ("hans", "hant-hk"): ("s2t", "t2hk"),
        ("hant", "hans"): ("t2s",),
        ("hant", "hant-tw"): ("t2tw",),
        ("hant", "hant-hk"): ("t2hk",),
        ("hant-tw", "hans"): ("tw2s",),
        ("hant-tw", "hant"): ("tw2t",),
        ("hant-tw", "hant-hk"): ("tw2t", "t2hk"),
        ("hant-hk", "hans"): ("hk2s",),
        ("hant-hk", "hant"): ("hk2t",),
        ("hant-hk", "hant-tw"): ("hk2t", "t2tw"),
    }
)
# The same with the other region's own vocabulary (软件 → 軟體), for those who ask for it.
WITH_VOCABULARY = MappingProxyType(
    {
        ("hans", "hant-tw"): ("s2twp",),
        ("hans", "hant-hk"): ("s2hkp",),
        ("hant-tw", "hans"): ("tw2sp",),
        ("hant-hk", "hans"): ("hk2sp",),
    }
)


def converter(steps: tuple[str, ...]) -> Convert:
    """A function that takes text through `steps`, in order. Its text may hold any character but NUL.

    Made once in a process: a configuration takes a few milliseconds to load.
    """
    loaded = [_loaded(step) for step in steps]

    def convert(text: str) -> str:
        for each in loaded:
            text = each(text)
        return text

    return convert


@cache
def _loaded(step: str) -> Convert:
    convert: Convert = opencc.OpenCC(step).convert
    return convert


def steps_between(source: str, target: str, *, vocabulary: bool) -> tuple[str, ...]:
    """The steps from one script to another; none where they are the same. Raises KeyError for a name not known."""
    if source == target:
        return ()
    wanted = (source, target)
    return WITH_VOCABULARY[wanted] if vocabulary and wanted in WITH_VOCABULARY else STEPS[wanted]
