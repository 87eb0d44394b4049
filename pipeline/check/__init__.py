"""A reading of anybody's finished EPUB by rules of Chinese typesetting: what a proofreader would mark.

It changes nothing. Rules stand in the order in which their findings are listed; each finding has a place, what is wrong
and what to do. EPUBCheck asks whether the file is sound; this asks whether the book is.
"""

import json
from collections.abc import Iterator
from pathlib import Path

from pipeline.check import shape, wording
from pipeline.check.reading import open_epub
from pipeline.check.rule import CheckRule, Finding
from pipeline.errors import PipelineError

RULES: tuple[CheckRule, ...] = (*wording.RULES, *shape.RULES)


def check(data: bytes, name: str = "") -> tuple[Finding, ...]:
    """All that the rules find in the EPUB with these bytes. Raises PipelineError where it cannot be opened."""
    return tuple(_findings(data, name))


def check_file(path: Path) -> tuple[Finding, ...]:
    """The same for a file. Raises PipelineError where it cannot be read."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise PipelineError(f"读不了这个文件（{error.strerror}）", remedy="看看路径和权限", where=str(path)) from None
    return check(data, str(path))


def told(finding: Finding, *, as_json: bool = False) -> str:
    """A finding on one line, for people or for programs."""
    at = finding.place
    if as_json:
        said = {"rule": finding.rule, "file": at.file, "line": at.line, "excerpt": at.excerpt}
        return json.dumps({**said, "why": finding.why, "advice": finding.advice}, ensure_ascii=False)
    excerpt = "".join(character if character.isprintable() else "�" for character in at.excerpt)
    return f"{at.file}:{at.line}  {finding.rule}  {finding.why}：{excerpt}（{finding.advice}）"


def _findings(data: bytes, name: str) -> Iterator[Finding]:
    opened = open_epub(data, name)
    for rule in RULES:
        yield from (Finding(rule.id, place, rule.why, rule.advice) for place in rule.find(opened))
