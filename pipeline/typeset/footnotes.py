"""Notes stay on the page of their mark.

Where a paragraph's last lines do not fit a page and may not be divided (widows, orphans), WeasyPrint 70 first makes
room by moving notes of that page to the next one, wherever their marks stand (layout/block.py, `_linebox_layout`:
"first try to report footnotes"). A reader then looks for a note that is not there. The paragraph can move as well as
the note, so that one decision is taken out; all other care for notes is WeasyPrint's.
"""

import inspect
from collections.abc import Callable
from typing import Any

from weasyprint.layout import block

DECISION = "report = not context.in_column and can_break_now and not could_break_before"


def keeping_notes() -> Callable[..., Any]:
    """`_linebox_layout` without the decision. Raises ValueError where WeasyPrint's text has changed."""
    source = inspect.getsource(block._linebox_layout)  # noqa: SLF001
    if source.count(DECISION) != 1:
        raise ValueError("weasyprint.layout.block._linebox_layout has changed")
    made: dict[str, Any] = {}
    exec(compile(source.replace(DECISION, "report = False"), __file__, "exec"), block.__dict__, made)  # noqa: S102
    function: Callable[..., Any] = made["_linebox_layout"]
    return function
