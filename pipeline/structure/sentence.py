"""What the end of a line and the start of the next say: does a sentence end here, may a paragraph begin here?"""

import re

CLOSERS = '”’」』）)】〕]》〉〞＂"'
FINALS = "。！？!?…．"
WEAK = "；：;:"  # an end where an enumeration follows, a pause elsewhere
_TAIL = CLOSERS + " \t\u3000*＊①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_NEVER_OPENS = re.compile(r"^[，。、；：！？…）)】〕》〉」』”’％%,;:!?.]")
_LATIN_END = re.compile(r"[A-Za-z0-9,;:.)]$")
_LATIN_START = re.compile(r"^[A-Za-z0-9(]")


def bare(text: str) -> str:
    """The text without the closing marks, note marks and blanks at its end."""
    return text.rstrip(_TAIL)


def ends(text: str) -> bool:
    """Whether a sentence ends with this text: 。！？…… and what may close after them (GB/T 15834 4.2 to 4.5)."""
    body = bare(text)
    if not body:
        return False
    if body[-1] in FINALS or (body[-1] == "." and not re.search(r"[A-Za-z0-9]\.$", body[-8:])):
        return True
    return text.rstrip(" \t\u3000")[-1:] in "）)" and _ended_before_bracket(text)


def _ended_before_bracket(text: str) -> bool:
    """Whether the text closes with a source in brackets after a stop: ……社会主义。”（见《新青年》第二期）."""
    start = max(text.rfind("（", -120), text.rfind("(", -120), len(text) - 120 if len(text) > 120 else -1)
    inner = text[start + 1 :] if start > 0 else ""
    return bool(inner) and text[start] in "（(" and text[:start].rstrip("”’」』")[-1:] in FINALS


def ends_weakly(text: str) -> bool:
    """Whether the text ends with a semicolon or a colon, which close an item or lead to one."""
    body = bare(text)
    return bool(body) and body[-1] in WEAK


def cannot_open(text: str) -> bool:
    """Whether the text begins with a mark that no paragraph begins with (kinsoku: it belongs to the line before)."""
    return bool(_NEVER_OPENS.match(text.lstrip()))


def needs_space(before: str, after: str) -> bool:
    """Whether the line end between two pieces was the space between two Latin words."""
    before, after = before.rstrip(), after.lstrip()
    if not (before[-1:].isascii() and after[:1].isascii()):
        return False
    return bool(_LATIN_END.search(before[-1:]) and _LATIN_START.match(after[:1])) and bool(
        re.search(r"[A-Za-z]", before[-12:] + after[:12])
    )
