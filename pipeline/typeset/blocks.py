"""A plain paragraph's lines as one box a page: what stands in for WeasyPrint's `_linebox_layout`.

WeasyPrint makes two boxes for each line, and visits each of them some twenty times on its way to the PDF. Most of a
book is paragraphs of one text box, whose lines are known before the first is set (boxes.py): as many of them as stand
on a page become one line box, as high as they are together, with one text box in it that draws them all. Where a page
may end (widows, orphans; CSS Fragmentation 3 § 3.3) is reckoned as WeasyPrint does it line by line.
"""

from collections.abc import Callable
from math import inf
from typing import Any

from weasyprint.formatting_structure import boxes
from weasyprint.layout import block, inline
from weasyprint.text import line_break

from pipeline.typeset import footnotes
from pipeline.typeset.boxes import Plan, flat, plan_for
from pipeline.typeset.paragraph import Line, Paragraph
from pipeline.typeset.shaping import Face, face_of

_STOCK_EARLIER_BREAK = block.find_earlier_page_break


class SetLines:
    """Lines of a paragraph, one under another. Stands where WeasyPrint keeps a text box's Pango layout.

    `rows` are (line, x from the box's edge, what each gap is spread by); `feed` is from baseline to baseline.
    """

    __slots__ = ("face", "feed", "first_line_direction", "paragraph", "rows", "text")

    def __init__(
        self, face: Face, paragraph: Paragraph, rows: tuple[tuple[Line, float, float], ...], feed: float
    ) -> None:
        self.face, self.paragraph, self.rows, self.feed = face, paragraph, rows, feed
        self.text = paragraph.words(rows[0][0].start, rows[-1][0].end)
        self.first_line_direction = 0

    def deactivate(self) -> None:
        """Nothing of Pango's is held."""

    def reactivate(self, style: Any) -> None:
        """Nothing of Pango's is needed."""


class _Lines:
    """Which lines of which plan a line box holds: `lines[first:first + count]`."""

    __slots__ = ("box", "count", "first", "linebox", "plan")

    def __init__(self, plan: Plan, linebox: Any, containing: Any, first: int, count: int) -> None:
        self.plan, self.linebox, self.box, self.first, self.count = plan, linebox, containing, first, count


def _layout(line_by_line: Callable[..., Any]) -> Callable[..., Any]:
    """`_linebox_layout`; what is not plain goes `line_by_line`."""

    def linebox_layout(
        context: Any, box: Any, index: int, child: Any, new_children: list[Any], page_is_empty: bool,  # noqa: FBT001
        absolute_boxes: Any, fixed_boxes: Any, adjoining_margins: Any, bottom_space: float, position_y: float,
        skip_stack: Any, first_letter_style: Any, first_line_style: Any, draw_bottom_decoration: bool,  # noqa: FBT001
        max_lines: Any,
    ) -> tuple[Any, ...]:  # fmt: skip
        plan = number = None
        if not (first_letter_style or first_line_style or max_lines or context.in_column or context.excluded_shapes):
            plan, number = _plain(context, box, child, skip_stack, absolute_boxes, fixed_boxes)
        if plan is None or number is None or (page_is_empty and _is_too_high(context, plan, bottom_space, position_y)):
            return line_by_line(  # type: ignore[no-any-return]
                context, box, index, child, new_children, page_is_empty, absolute_boxes, fixed_boxes,
                adjoining_margins, bottom_space, position_y, skip_stack, first_letter_style, first_line_style,
                draw_bottom_decoration, max_lines,
            )  # fmt: skip
        if adjoining_margins:
            position_y += block.collapse_margin(adjoining_margins)
        edge = box.border_bottom_width + box.padding_bottom
        kept = _fitting(context, plan, number, bottom_space, position_y, edge, page_is_empty, draw_bottom_decoration)
        total = len(plan.lines) - number
        if kept < total:
            staying = _broken(kept, total, box.style, page_is_empty=page_is_empty)
            if staying is None:
                return True, False, {index: skip_stack}, position_y, [], max_lines
            kept = staying
        if kept:
            new_children.append(_line_box(_Lines(plan, child, box, number, kept), position_y))
            position_y += kept * plan.feed
        resume = plan.resume(number + kept - 1) if kept else skip_stack
        return False, kept < total, {index: resume}, position_y, [], max_lines

    return linebox_layout


def _plain(
    context: Any, box: Any, linebox: Any, skip_stack: Any, absolutes: Any, fixed: Any
) -> tuple[Plan | None, int | None]:
    """The plan of a block whose content is one text box, and the line that `skip_stack` begins; else nothing."""
    children = linebox.children
    if len(children) != 1 or type(children[0]) is not boxes.TextBox or isinstance(box, boxes.InlineBlockBox):
        return None, None
    inline.resolve_percentages(linebox, box)
    if skip_stack is None:
        inline.resolve_one_percentage(linebox, "text_indent", box.width)
        linebox.zh_indent = linebox.text_indent
    else:
        linebox.text_indent = 0
    plan = plan_for(context, linebox, box, absolutes, fixed)
    if plan is None or not plan.simple:
        return None, None
    return plan, plan.starts.get(flat(skip_stack))


def _is_too_high(context: Any, plan: Plan, bottom_space: float, position_y: float) -> bool:
    """Whether not even one line fits an empty page."""
    return bool(context.overflows_page(bottom_space, position_y + plan.feed))


def _fitting(
    context: Any, plan: Plan, number: int, bottom_space: float, y: float, edge: float,
    page_is_empty: bool, decorated: bool,  # noqa: FBT001
) -> int:  # fmt: skip
    """How many lines from `number` fit the page; the last of them with the block's edge under it."""
    total = len(plan.lines) - number
    bottom = (context.page_bottom - bottom_space) * (1 + 1e-9)
    under = edge if decorated else 0.0
    if bottom == inf:
        return total
    kept = min(max(int((bottom - under - y) / plan.feed + 1e-6), 0), total)
    while kept < total and y + (kept + 1) * plan.feed + under <= bottom:
        kept += 1
    while kept and y + kept * plan.feed + (edge if kept == total else under) > bottom:
        kept -= 1
    return 1 if page_is_empty and not kept else kept


def _broken(kept: int, total: int, style: Any, *, page_is_empty: bool) -> int | None:
    """How many of `kept` lines stay, so that orphans and widows are as wanted; None where the block has to move whole
    (WeasyPrint's `_break_line`).
    """
    if page_is_empty:
        needed = max(style["widows"] - (total - kept), 0)
        return kept - needed if needed <= kept - style["orphans"] else kept
    spare = kept - style["orphans"]
    needed = max(style["widows"] - (total - kept), 0)
    return None if spare < 0 or needed > spare else kept - needed


def _line_box(these: _Lines, position_y: float) -> Any:
    """A line box that holds all these lines."""
    plan, linebox, containing = these.plan, these.linebox, these.box
    child = plan.runs[0].box
    if "padding_top" not in child.__dict__:
        inline.resolve_percentages(child, containing)
    x = containing.content_box_x()
    face = face_of(child.style)
    rows = tuple(plan.rows[these.first : these.first + these.count])
    text = SetLines(face, plan.paragraph, rows, plan.feed)
    box = child.copy_with_text(text.text)
    half = (line_break.strut(child.style)[0] - face.height) / 2
    box.width, box.height, box.pango_layout, box.position_x = containing.width, face.height, text, x
    box.margin_top = box.margin_bottom = half
    box.baseline = face.baseline + half
    made = linebox.copy_with_children([box])
    made.position_x, made.width = x, containing.width
    made.baseline, made.height, made.position_y = plan.baseline, plan.feed * these.count, position_y
    made.margin_top = made.margin_bottom = 0
    box.position_y = position_y + plan.baseline - box.baseline
    made.resume_at = plan.resume(these.first + these.count - 1)
    made.zh_lines = these
    linebox.width, linebox.height = made.width, made.height
    return made


def find_earlier_page_break(context: Any, children: Any, absolute_boxes: Any, fixed_boxes: Any) -> Any:
    """The last place where lines may be parted, within a box that holds several; all else is WeasyPrint's."""
    these = getattr(children[0], "zh_lines", None) if children else None
    if these is None:
        return _STOCK_EARLIER_BREAK(context, children, absolute_boxes, fixed_boxes)
    style = children[0].style
    count = these.count - style["widows"]
    if count < max(style["orphans"], 1):
        return None
    fewer = _Lines(these.plan, these.linebox, these.box, these.first, count)
    made = _line_box(fewer, children[0].position_y)
    return [made], {0: made.resume_at}


def replaced() -> tuple[tuple[Any, str, Any], ...]:
    """What stands in for WeasyPrint's functions."""
    return (
        (block, "_linebox_layout", _layout(footnotes.keeping_notes())),
        (block, "find_earlier_page_break", find_earlier_page_break),
    )
