"""Lines that open or close a Markdown code block are taken out: ``` ```markdown ```text ~~~.

Why: chat models put what they read into a code block.
Left alone: backticks within a line; blocks in a programming language (```python), which a book on computing may have.
"""

from collections.abc import Iterator

from pipeline.clean.rule import LineRule
from pipeline.ledger import Confidence, Fix
from pipeline.pages.marker import is_fence


def find(text: str) -> Iterator[Fix]:
    """The line, if it is a fence and nothing else."""
    if is_fence(text):
        yield Fix(0, len(text), "")


RULE = LineRule(
    id="code-fences",
    confidence=Confidence.CERTAIN,
    find=find,
    why="识别模型加的代码块记号",
    trigger=("```", "~~~", "'''", "\u2018\u2018\u2018"),
)
