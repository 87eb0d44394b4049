"""What no converter may touch: addresses, numbers and words in Latin letters, also with Han characters in them."""

import re
from collections.abc import Iterator

# Inside an address stands anything but space and the marks that end one in Chinese text.
_BODY = r"[^\s<>\"'`“”‘’「」『』《》〈〉（）()【】〔〕，。；：！？、…—]"
_UNTOUCHED = re.compile(
    rf"""
      \b(?:https?|ftps?|file|git|ssh)://{_BODY}+          # https://例子.中国/后面?面=里
    | \bwww\.{_BODY}+
    | \b(?:mailto|doi|urn|tel):{_BODY}+
    | {_BODY}*?[A-Za-z0-9]@{_BODY}+                      # e-mail: a local part that ends in Latin, and a domain
    | \b(?:[A-Za-z0-9-]+\.)+(?:com|org|net|edu|gov|cn|tw|hk|info|io)\b(?:/{_BODY}*)?
    | [\x00-\x08\x0b-\x1f\x7f]+                           # NUL ends a text for a C library
    """,
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)
_TRIGGER = re.compile(r"[@.:\x00-\x08\x0b-\x1f\x7f]")


def untouched(text: str) -> Iterator[tuple[int, int]]:
    """Where in `text` something stands that must come out byte for byte: start and end, in order, never overlapping.

    Plain Latin letters and digits are not listed: no converter changes them.
    """
    if _TRIGGER.search(text):
        for found in _UNTOUCHED.finditer(text):
            yield found.span()
