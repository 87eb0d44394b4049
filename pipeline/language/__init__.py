"""What the rules may ask of the language: words, how likely a run of words is, and which characters look alike.

`known()` gives all of it, read once in a process. The words are those of jieba's dictionary (MIT), the model is
libime's trigram model of words (LGPL-2.1-or-later, Debian's libime-data-language-model) read through KenLM; the
look-alikes are drawn by `tests/proofread/make_lookalikes.py`. Where a part is not there, `missing` says so: less is
found then, and nothing that is found is surer than before.
"""

from functools import cache

from pipeline.language.known import Known, identity, read

__all__ = ["Known", "identity", "known"]


@cache
def known() -> Known:
    """What there is on this machine. About a second, once."""
    return read()
