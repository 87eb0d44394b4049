"""Our lines as WeasyPrint's boxes: what stands in for its `get_next_linebox`, `split_first_line` and `justify_line`.

A block whose inline content is plain (text, and inline boxes without borders, padding or shifts) is broken as one
paragraph, whatever inline tags divide it, so marks are kept from a line's ends and squeezed across tags as well. All
else (floats beside the text, leaders, odd scripts) goes WeasyPrint's own way, piece by piece through
`split_first_line`, where at least each piece is set by the same rules.
"""

from dataclasses import dataclass, replace
from typing import Any

from weasyprint.formatting_structure import boxes
from weasyprint.layout import inline, preferred
from weasyprint.layout import leader as find_leader
from weasyprint.text import line_break

from pipeline.typeset.characters import BEYOND, Kind
from pipeline.typeset.paragraph import Line, Paragraph, Unit, break_lines, first_line
from pipeline.typeset.shaping import Face, face_of

_WRAPPING = ("normal", "pre-line")
_STOCK_LINE = inline.get_next_linebox
_STOCK_LEADER = inline.handle_leader
_STOCK_SPLIT = line_break.split_first_line
_STOCK_SPACING = inline.add_word_spacing
_SLACK = 0.01  # px
_MINIMUM_GAPS = 6  # a line with fewer is not spread by more than half an em each


class SetText:
    """A piece of a set line: units [start, end) of a paragraph. Stands where WeasyPrint keeps its Pango layout."""

    __slots__ = ("end", "extra", "face", "first_line_direction", "lead", "line", "paragraph", "start")

    def __init__(
        self, face: Face, paragraph: Paragraph, line: Line, start: int, end: int, lead: float,
        extra: float = 0.0,
    ) -> None:  # fmt: skip
        self.face, self.paragraph, self.line, self.start, self.end = face, paragraph, line, start, end
        self.lead, self.extra = lead, extra
        self.first_line_direction = 0

    @property
    def text(self) -> str:
        """What it says."""
        return self.paragraph.words(self.start, self.end)

    @property
    def gaps(self) -> int:
        """Its shares when the line is spread; the gap after its last unit is the line's."""
        return self.paragraph.grown[self.end - 1] - self.paragraph.grown[self.start] if self.end > self.start else 0

    def deactivate(self) -> None:
        """Nothing of Pango's is held."""

    def reactivate(self, style: Any) -> None:
        """Nothing of Pango's is needed."""


def can_set(style: Any) -> bool:
    """Whether text of this style is ours to set: Chinese, left to right, nothing that needs Pango at every line."""
    said = getattr(style, "zh_can_set", None)
    if said is None:
        said = style.zh_can_set = (
            (style["lang"] or "").startswith("zh")
            and style["direction"] == "ltr"
            and style["letter_spacing"] == "normal"
            and not style["word_spacing"]
            and style["text_decoration_line"] == "none"
            and style["font_size"] > 0
            and style["white_space"] in ("normal", "pre-line", "nowrap", "pre")
        )
    return said


# ---------------------------------------------------------------- whole paragraphs


@dataclass(slots=True)
class _Run:
    """A text box or an object of a paragraph, and the units it holds: [start, end). `offsets` are its bytes."""

    path: tuple[int, ...]
    box: Any
    start: int
    end: int


class Plan:
    """A block's inline content broken into lines for one width."""

    def __init__(self, linebox: Any, runs: list[_Run], paragraph: Paragraph, lines: list[Line]) -> None:
        self.runs, self.paragraph, self.lines = runs, paragraph, lines
        self.starts: dict[tuple[int, ...], int] = {(): 0}
        self.rows: list[tuple[Line, float, float]] = []
        self._skipped: dict[int, tuple[int, int]] = {}  # of a run: up to which unit its bytes are counted
        self.simple = (
            len(runs) == 1
            and runs[0].path == (0,)
            and len(linebox.children) == 1
            and isinstance(runs[0].box, boxes.TextBox)
            and runs[0].box.style["vertical_align"] == "baseline"
        )
        if self.simple:
            self.baseline, self.feed = _feed(linebox, runs[0].box)

    def spread(self, width: float, linebox: Any) -> None:
        """Settle where each line of a plain paragraph begins and how far its gaps are spread; then let its sums go."""
        for line in self.lines:
            indent = linebox.text_indent if line.start == 0 else 0.0
            extra, shift = spreading(self, line, width - indent - line.width, linebox.style)
            self.rows.append((line, indent + shift, extra))
        self.paragraph.forget()

    def resume(self, number: int) -> Any:
        """WeasyPrint's skip stack after a line, which the next is known by."""
        resume = self._resume(self.lines[number].resume)
        if resume is not None:
            self.starts[flat(resume)] = number + 1
        return resume

    def _resume(self, at: int | None) -> Any:
        """WeasyPrint's skip stack for the unit at which the next line begins."""
        if at is None:
            return None
        run = next(run for run in self.runs if run.start <= at < run.end)
        since, skipped = self._skipped.get(run.start, (run.start, 0))
        if since > at:
            since, skipped = run.start, 0
        skipped += len(self.paragraph.words(since, at).encode())
        self._skipped[run.start] = at, skipped
        stack: Any = {skipped: None} if isinstance(run.box, boxes.TextBox) and skipped else None
        for index in reversed(run.path):
            stack = {index: stack}
        return stack


def flat(stack: Any) -> tuple[int, ...]:
    path: list[int] = []
    while stack:
        ((index, stack),) = stack.items()
        path.append(index)
    return tuple(path)


def _feed(linebox: Any, child: Any) -> tuple[float, float]:
    """Where the baseline of a line of one text box lies below its top, and how high it is."""
    face = face_of(child.style)
    line_height, baseline = line_break.strut(linebox.style)
    own_height, _ = line_break.strut(child.style)
    own = face.baseline + (own_height - face.height) / 2
    top = max(baseline, own)
    return top, top + max(line_height - baseline, own_height - own)


@dataclass(slots=True)
class _Leaf:
    """A text box or an object of inline content. `lifted` is said of its inline box: text boxes do not inherit it."""

    path: tuple[int, ...]
    box: Any
    lifted: bool


def _leaves(box: Any, path: tuple[int, ...], found: list[_Leaf], *, lifted: bool = False) -> bool:
    """Collect the leaves of inline content; False where something in it is not ours."""
    for index, child in enumerate(box.children):
        here = (*path, index)
        if isinstance(child, boxes.TextBox):
            if not can_set(child.style) or child.style["white_space"] not in _WRAPPING or BEYOND.search(child.text):
                return False
            found.append(_Leaf(here, child, lifted))
        elif isinstance(child, boxes.InlineBox) and _is_plain(child):
            if not _leaves(child, here, found, lifted=lifted or _is_lifted(child.style)):
                return False
        elif isinstance(child, boxes.InlineBlockBox) and not child.is_leader and child.is_in_normal_flow():
            found.append(_Leaf(here, child, lifted))
        else:
            return False
    return True


def _is_lifted(style: Any) -> bool:
    """Whether an inline box stands above the line: WeasyPrint computes `super` to a length, as it does a shift."""
    shift = style["vertical_align"]
    return isinstance(shift, int | float) and shift > 0


def _is_plain(box: Any) -> bool:
    """Whether an inline box is nothing but its children: no edges, no shift, no leader."""
    style = box.style
    plain = getattr(style, "zh_plain", None)
    if plain is None:
        plain = style.zh_plain = style["position"] == "static" and not any(
            style[f"border_{side}_width"]
            or getattr(style[f"padding_{side}"], "value", 1)
            or getattr(style[f"margin_{side}"], "value", 1)
            for side in ("left", "right", "top", "bottom")
        )
    return plain and box.is_in_normal_flow() and not box.is_leader


def _plan(context: Any, linebox: Any, block: Any, absolutes: Any, fixed: Any) -> Plan | None:
    """The lines of a block for its width, made once; None where they are not ours."""
    key = (block.width, linebox.text_indent if not isinstance(linebox.text_indent, str) else 0)
    made: dict[tuple[float, float], Plan | None] = linebox.__dict__.setdefault("zh_plans", {})
    if key in made:
        return made[key]
    made[key] = plan = _made_plan(context, linebox, block, absolutes, fixed)
    return plan


def _made_plan(context: Any, linebox: Any, block: Any, absolutes: Any, fixed: Any) -> Plan | None:
    found: list[_Leaf] = []
    if not can_set(linebox.style) or not _leaves(linebox, (), found) or not found:
        return None
    units: list[Unit] = []
    runs: list[_Run] = []
    for leaf in found:
        said = _units(context, leaf, block, absolutes, fixed)
        if said is None:
            return None
        runs.append(_Run(leaf.path, leaf.box, len(units), len(units) + len(said)))
        units += said
    if not units or units[0].kind is Kind.SPACE or all(unit.kind is Kind.SPACE for unit in units):
        return None
    paragraph = Paragraph(units)
    justify = linebox.style["text_align_all"] == "justify"
    lines = break_lines(paragraph, block.width, linebox.text_indent, justify=justify)
    plan = Plan(linebox, runs, paragraph, lines)
    if plan.simple:
        plan.spread(block.width, linebox)
    return plan


def _units(context: Any, leaf: _Leaf, block: Any, absolutes: Any, fixed: Any) -> list[Unit] | None:
    """A leaf's units, or None where something in it is Pango's to set. What is lifted stays with what it marks."""
    if not isinstance(leaf.box, boxes.TextBox):
        return [_object(context, leaf.box, block, absolutes, fixed)]
    units = face_of(leaf.box.style).units(leaf.box.text)
    if units is None or not leaf.lifted:
        return units
    return [
        replace(unit, kind=Kind.MARK, plain=False, blank_left=0.0, blank_right=0.0)
        if unit.kind not in (Kind.SPACE, Kind.BREAK)
        else unit
        for unit in units
    ]


def _object(context: Any, box: Any, block: Any, absolutes: Any, fixed: Any) -> Unit:
    """An inline block as a unit; it is laid out again where its line is made."""
    inline.resolve_percentages(box, block)
    laid = inline.atomic_box(context, box, 0, None, block, absolutes, fixed)
    size = box.style["font_size"]
    return Unit("\ufffc", Kind.OBJECT, laid.margin_width(), size)


def get_next_linebox(
    context: Any,
    linebox: Any,
    position_y: float,
    bottom_space: float,
    skip_stack: Any,
    containing_block: Any,
    absolute_boxes: Any,
    fixed_boxes: Any,
    first_letter_style: Any,
    first_line_style: Any,
) -> tuple[Any, Any]:
    """The next line of a block: from our plan of it, or WeasyPrint's own where there is none."""
    plan = number = None
    if not context.excluded_shapes and not first_letter_style and not first_line_style:
        if skip_stack is None:
            linebox.zh_indent = linebox.text_indent
        plan = plan_for(context, linebox, containing_block, absolute_boxes, fixed_boxes)
        number = plan.starts.get(flat(skip_stack)) if plan else None
    if plan is None or number is None:
        return _STOCK_LINE(  # type: ignore[no-any-return]
            context, linebox, position_y, bottom_space, skip_stack, containing_block, absolute_boxes, fixed_boxes,
            first_letter_style, first_line_style,
        )  # fmt: skip
    line = plan.lines[number]
    room = containing_block.width - (linebox.text_indent if number == 0 else 0)
    box = _line_box(context, linebox, plan, line, containing_block, absolute_boxes, fixed_boxes, number)
    shift = _align(box, plan, line, room - line.width, linebox.style)
    x = containing_block.content_box_x()
    box.position_x = x
    bottom, top = inline.line_box_verticality(box)
    box.baseline, box.position_y, box.height = -top, top, bottom - top
    box.margin_top = box.margin_bottom = 0
    box.translate(shift, position_y - top)
    box.position_y = position_y
    linebox.width, linebox.height = box.width, box.height
    return box, plan.resume(number)


def plan_for(context: Any, linebox: Any, block: Any, absolutes: Any, fixed: Any) -> Plan | None:
    """The plan of this block's width; on a later page the indent is gone, but the lines are those of the first."""
    indent, linebox.text_indent = linebox.text_indent, getattr(linebox, "zh_indent", linebox.text_indent)
    try:
        return _plan(context, linebox, block, absolutes, fixed)
    finally:
        linebox.text_indent = indent


def _line_box(
    context: Any, linebox: Any, plan: Plan, line: Line, block: Any, absolutes: Any, fixed: Any, number: int
) -> Any:
    """A line's boxes, set from x = the block's edge."""
    plan.paragraph.remember()
    x = block.content_box_x() + (linebox.text_indent if number == 0 else 0)
    box, end = _fill(_Maker(context, plan, line, block, absolutes, fixed), linebox, (), x)
    box.width = end - block.content_box_x()
    return box


@dataclass(slots=True)
class _Maker:
    """What is needed to make one line's boxes."""

    context: Any
    plan: Plan
    line: Line
    block: Any
    absolutes: Any
    fixed: Any


def _fill(maker: _Maker, box: Any, path: tuple[int, ...], x: float) -> tuple[Any, float]:
    """A copy of a line or inline box with what of it stands on this line, from `x`; and where it ends."""
    children, begin = [], x
    for index, child in enumerate(box.children):
        here = (*path, index)
        runs = (
            [r for r in maker.plan.runs if r.path[: len(here)] == here]
            if path or not maker.plan.simple
            else maker.plan.runs
        )
        if not any(r.start < maker.line.end and r.end > maker.line.start for r in runs):
            continue
        if isinstance(child, boxes.TextBox):
            if "padding_top" not in child.__dict__:  # a text box has no edges: once is enough
                inline.resolve_percentages(child, maker.block)
            new, x = _text_box(maker, child, runs[0], x)
        elif isinstance(child, boxes.InlineBox):
            inline.resolve_percentages(child, maker.block)
            new, x = _fill(maker, child, here, x)
        else:
            new = inline.atomic_box(maker.context, child, x, None, maker.block, maker.absolutes, maker.fixed)
            new.position_x = x
            x += new.margin_width() + _gap_after(maker, runs[0].end - 1)
        children.append(new)
    made = box.copy_with_children(children)
    made.position_x, made.width = begin, x - begin
    inline._adjust_line_height(made)  # noqa: SLF001
    return made, x


def _gap_after(maker: _Maker, unit: int) -> float:
    """The gap after a unit within its line."""
    if unit >= maker.line.end - 1:
        return 0.0
    return maker.plan.paragraph.gap(unit, maker.line)


def _text_box(maker: _Maker, box: Any, run: _Run, x: float) -> tuple[Any, float]:
    """The part of a text box that stands on the line. Its width holds the gap after it, so that boxes adjoin."""
    line, paragraph = maker.line, maker.plan.paragraph
    start, end = max(run.start, line.start), min(run.end, line.end)
    lead = line.lead if start == line.start else 0.0
    text = SetText(face_of(box.style), paragraph, line, start, end, lead)
    width = paragraph.upto[end - 1] - paragraph.upto[start] + paragraph.units[end - 1].width - lead
    width += _gap_after(maker, end - 1) - paragraph.taken(start, end, line)
    last = paragraph.units[end - 1]
    if end == line.end and last.kind is Kind.CLOSING and end < len(paragraph.units):
        width -= last.blank_right
    new = box.copy_with_text(text.text)
    _dress(new, text, width, x)
    return new, x + width


def _dress(box: Any, text: SetText, width: float, x: float) -> None:
    """What `split_text_box` gives a text box."""
    box.width, box.height, box.pango_layout, box.position_x = width, text.face.height, text, x
    line_height, _ = line_break.strut(box.style)
    half = (line_height - text.face.height) / 2
    box.margin_top = box.margin_bottom = half
    box.baseline = text.face.baseline + half


def _align(box: Any, plan: Plan, line: Line, free: float, style: Any) -> float:
    """Spread a line to its measure, or say how far to shift it."""
    extra, shift = spreading(plan, line, free, style)
    if extra:
        _spread(box, extra, 0.0, line.end)
    return shift


def spreading(plan: Plan, line: Line, free: float, style: Any) -> tuple[float, float]:
    """What each gap of a line is spread by, and how far the line is shifted (CSS Text 3 § 6)."""
    last = line.resume is None or line.forced
    align = style["text_align_all"]
    if last and style["text_align_last"] != "auto":
        align = style["text_align_last"]
    elif last and align == "justify":
        align = "start"
    if free <= 0 or align in ("start", "left"):
        return 0.0, 0.0
    if align != "justify":
        return 0.0, free / 2 if align == "center" else free
    gaps = plan.paragraph.gaps(line.start, line.end)
    if gaps and not (free / gaps > style["font_size"] / 2 and gaps < _MINIMUM_GAPS and not last):
        return free / gaps, 0.0
    return 0.0, 0.0


def _spread(box: Any, share: float, shift: float, end: int) -> float:
    """Give each gap of a line its share; `shift` is how far the boxes before have pushed this one."""
    box.position_x += shift
    if isinstance(box, boxes.TextBox) and isinstance(box.pango_layout, SetText):
        text = box.pango_layout
        text.extra = share
        after = text.paragraph.grow[text.end - 1] if text.end < end else 0
        grown = share * (text.gaps + after)
    elif isinstance(box, boxes.LineBox | boxes.InlineBox):
        grown = 0.0
        for child in box.children:
            grown = _spread(child, share, shift + grown, end) - shift
    else:
        box.position_x -= shift
        box.translate(shift, 0)
        grown = share
    box.width += grown if isinstance(box, boxes.TextBox | boxes.LineBox | boxes.InlineBox) else 0
    return shift + grown


# ---------------------------------------------------------------- pieces of text, on WeasyPrint's own way


def split_first_line(
    text: str,
    style: Any,
    context: Any,
    max_width: float | None,
    justification_spacing: float,
    is_line_start: bool = True,  # noqa: FBT001, FBT002  (WeasyPrint's own signature)
    minimum: bool = False,  # noqa: FBT001, FBT002
) -> tuple[Any, int, int | None, float, float, float]:
    """One line of a text box, set by our rules: (layout, bytes, bytes to skip, width, height, baseline)."""
    units = (
        face_of(style).units(text) if text and can_set(style) and "\n" not in text and not BEYOND.search(text) else None
    )
    if not units:
        return _STOCK_SPLIT(text, style, context, max_width, justification_spacing, is_line_start, minimum)  # type: ignore[no-any-return]
    face = face_of(style)
    paragraph = Paragraph(units)
    count = len(units)
    wraps = style["white_space"] in _WRAPPING and max_width is not None and max_width < 2**21
    line = first_line(paragraph, max_width or 0.0) if wraps else paragraph.line(0, count, float("inf"))
    end = line.end if line.resume is not None else count
    set_text = SetText(face, paragraph, line, line.start, max(end, 1), 0.0)
    length = len(set_text.text.encode())
    resume = None if line.resume is None else len("".join(unit.text for unit in units[: line.resume]).encode())
    width = line.width if line.resume is not None else paragraph.upto[count]
    return set_text, length, resume, width, face.height, face.baseline


def justify_line(context: Any, line: Any, extra_width: float) -> None:
    """Spread a line that WeasyPrint made itself: over our gaps and its spaces alike."""
    gaps = _count(line)
    if gaps and not (extra_width / gaps > line.style["font_size"] / 2 and gaps < _MINIMUM_GAPS):
        _space_out(context, line, extra_width / gaps, 0.0)


def _count(box: Any) -> int:
    if isinstance(box, boxes.TextBox):
        text = getattr(box, "pango_layout", None)
        return text.gaps if isinstance(text, SetText) else inline.count_expandable_spaces(box)
    if isinstance(box, boxes.LineBox | boxes.InlineBox):
        return sum(_count(child) for child in box.children if child.is_in_normal_flow())
    return 0


def _space_out(context: Any, box: Any, share: float, advance: float) -> float:
    if isinstance(box, boxes.TextBox) and isinstance(getattr(box, "pango_layout", None), SetText):
        box.position_x += advance
        box.pango_layout.extra = share
        grown: float = share * box.pango_layout.gaps
        box.width += grown
        return advance + grown
    if isinstance(box, boxes.LineBox | boxes.InlineBox):
        box.position_x += advance
        before = advance
        for child in box.children:
            if child.is_in_normal_flow():
                advance = _space_out(context, child, share, advance)
        box.width += advance - before
        return advance
    return float(_STOCK_SPACING(context, box, share, advance))


def handle_leader(context: Any, line: Any, containing_block: Any) -> None:
    """A leader as one text: WeasyPrint makes a box of each dot."""
    _STOCK_LEADER(context, line, containing_block)
    _, leader = find_leader.leader_index(line)
    if leader is None or len(leader.children) < 2:
        return
    dots = leader.children
    text = dots[0].pango_layout
    if not isinstance(text, SetText):
        return
    units = list(text.paragraph.units[text.start : text.end]) * len(dots)
    row = Paragraph(units)
    whole = row.line(0, len(units), float("inf"))
    first = dots[-1]  # they are made from the right
    step = dots[0].width
    first.width = step * len(dots)
    if abs(row.upto[-1] - first.width) < _SLACK:
        first.pango_layout = SetText(text.face, row, whole, 0, len(units), 0.0)
        first.text = first.pango_layout.text
        leader.children = (first,)
    else:
        first.width = step


REPLACED = (
    (inline, "handle_leader", handle_leader),
    (inline, "get_next_linebox", get_next_linebox),
    (inline, "split_first_line", split_first_line),
    (inline, "justify_line", justify_line),
    (preferred, "split_first_line", split_first_line),
    (line_break, "split_first_line", split_first_line),
)
