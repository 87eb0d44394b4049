"""The structure tree of a tagged PDF (ISO 32000-1 § 14.7, 14.8), as PDF/UA-1 (ISO 14289-1) wants it.

WeasyPrint 70 tags every piece of a line with an element of its own, begins every element anew on each page, and leaves
running heads in the tree's numbering though not in the tree. Here an element of the document is one element of the
tree, over however many pages and lines it runs: a paragraph that crosses a page is read as one. Running heads, folios,
leaders and the repeated head of a long table are artifacts (§ 14.8.2.2). A note stands where its mark does.

Known are HTML's own elements and two classes that WeasyPrint users have for print: `nav` as a table of contents and
`span` floated to the foot as a note. `div`, `strong` and the like say nothing that PDF 1.7 has a word for.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pydyf  # type: ignore[import-untyped]
import weasyprint.pdf
from weasyprint.formatting_structure import boxes
from weasyprint.layout.absolute import AbsolutePlaceholder
from weasyprint.pdf import stream as stream_module

_ROLES = {
    **{f"h{rank}": f"H{rank}" for rank in range(1, 7)},
    "a": "Link",
    "article": "Art",
    "aside": "Sect",
    "blockquote": "BlockQuote",
    "caption": "Caption",
    "figcaption": "P",
    "img": "Figure",
    "li": "LI",
    "main": "Part",
    "nav": "Sect",
    "ol": "L",
    "p": "P",
    "rt": "RT",
    "ruby": "Ruby",
    "section": "Sect",
    "table": "Table",
    "tbody": "TBody",
    "td": "TD",
    "tfoot": "TFoot",
    "th": "TH",
    "thead": "THead",
    "tr": "TR",
    "ul": "L",
    "{http://www.w3.org/2000/svg}svg": "Figure",
}
_IN_CONTENTS = {"ol": "TOC", "ul": "TOC", "li": "TOCI"}
_ITEMS = frozenset({"LI", "TOCI"})
_NUMBERED, _BULLETED = "/Decimal", "/Disc"
_NOTE_CALL, _NOTE_MARKER, _ITEM_MARKER = "::footnote-call", "::footnote-marker", "::marker"


class _Node:
    """An element of the tree. Its kids are nodes, annotations, and (page, MCID) of what is shown."""

    __slots__ = ("attributes", "items", "kids", "made", "role")

    def __init__(self, role: str) -> None:
        self.role = role
        self.kids: list[_Node | tuple[int, int] | tuple[int, Any]] = []
        self.attributes: dict[str, Any] = {}
        self.items: dict[str, _Node] = {}  # what stands between it and its content: LBody, RB
        self.made = pydyf.Dictionary()

    @property
    def says_something(self) -> bool:
        """An empty line of a verse does not; an empty cell keeps its place in the row."""
        kids = any(not isinstance(kid, _Node) or kid.says_something for kid in self.kids)
        return kids or self.role in {"TD", "TH"}

    def item(self, role: str) -> "_Node":
        """The child of that role, made when first asked for."""
        if role not in self.items:
            self.items[role] = _Node(role)
            self.kids.append(self.items[role])
        return self.items[role]


@contextmanager
def marked(this: Any, box: Any, tag: str) -> Iterator[None]:  # noqa: ARG001  (its signature)
    """What is drawn of a box is marked content; what it is called and its number are told when all pages are drawn."""
    if this._tags is None:  # noqa: SLF001
        yield
        return
    this._tags[box] = (this.stream, len(this.stream))  # noqa: SLF001
    this.stream.append(b"/Span BMC")
    try:
        yield
    finally:
        this.stream.append(b"EMC")


def add_tags(pdf: Any, document: Any, pdf_version: Any, page_streams: Any) -> None:  # noqa: ARG001
    """Build the tree of a document and write it into the PDF."""
    _Tree(pdf, document).grow([stream._tags for stream in page_streams])  # noqa: SLF001


class _Tree:
    def __init__(self, pdf: Any, document: Any) -> None:
        self.pdf, self.document = pdf, document
        self.root = _Node("Document")
        self.nodes: dict[tuple[Any, str], _Node] = {}
        self.homes: set[int] = set()  # notes that have a place in the tree
        self.notes: list[_Node] = []
        self.heads: dict[Any, int] = {}  # where the head of a table was first set: it is said once
        self.numbers: list[list[_Node]] = [[] for _ in document.pages]
        self.areas: dict[tuple[Any, int], list[tuple[float, ...]]] = {}  # where a link is, by element and page
        self.annotations: list[tuple[Any, _Node]] = []
        self.tags: dict[Any, Any] = {}
        self.page = 0

    def grow(self, tags: list[dict[Any, Any]]) -> None:
        for number, page in enumerate(self.document.pages):
            self.page, self.tags = number, tags[number]
            for child in page._page_box.children:  # noqa: SLF001
                self._walk(child, self.root, contents=False)
            for where in self.tags.values():  # drawn, but of no box that stands on the page
                _artifact(where)
            self.tags.clear()
        for note in self.notes:
            if id(note) not in self.homes:
                self.root.kids.append(note)
        self._write()

    # ------------------------------------------------------------ boxes into nodes

    def _walk(self, box: Any, parent: _Node, *, contents: bool) -> None:
        if isinstance(box, AbsolutePlaceholder):
            box = box._box  # noqa: SLF001
        if isinstance(box, boxes.MarginBox):
            kind = b"Header" if box.at_keyword.startswith("@top") else b"Footer"
            self._artifacts(box, b"/Artifact <</Type/Pagination/Subtype/%s>> BDC" % kind)
            return
        if isinstance(box, boxes.TextBox):
            self._show(box, parent)
            return
        name = "" if box.element is None else box.element_tag
        if box.is_leader and box.link_annotation:
            self._annotate(parent, box)
        if box.is_leader or (name == "thead" and self.heads.setdefault(box.element, self.page) != self.page):
            self._artifacts(box, b"/Artifact BMC")
            return
        contents = contents or name == "nav"
        node = self._node(box, name, parent, contents=contents)
        if box.link_annotation:
            self._annotate(node, box)
        for child in getattr(box, "children", ()):
            self._walk(child, node, contents=contents)
        if isinstance(box, boxes.ReplacedBox):
            self._show(box, node)

    def _node(self, box: Any, name: str, parent: _Node, *, contents: bool) -> _Node:
        """The node that a box's content goes to: its element's own, or the parent's where the element has none."""
        element = box.element
        if element is None or name in {"html", "body"}:
            return parent
        if name.endswith((_NOTE_CALL, _NOTE_MARKER)):
            return self._note_mark(element, name, parent)
        if name.endswith(_ITEM_MARKER):
            item = self.nodes.get((element, name.removesuffix(_ITEM_MARKER)))
            return parent if item is None else item.items.get("Lbl") or _first(item, "Lbl")
        if name == "span" and isinstance(box, boxes.BlockBox) and self._is_note(box):
            return self._note(element)
        role = (_IN_CONTENTS if contents else _ROLES).get(name) or _ROLES.get(name)
        if role is None:
            return parent
        node = self.nodes.get((element, name))
        if node is None:
            node = self.nodes[element, name] = _Node(role)
            if parent.role in _ITEMS and role == "TOC":  # the contents of a chapter stand beside its line
                parent.kids.append(node)
            else:
                self._content_of(parent, role).kids.append(node)
            self._describe(node, box, element)
        return node

    def _content_of(self, node: _Node, role: str) -> _Node:
        """Where a child of that role belongs within `node`."""
        if node.role == "LI":
            return node.item("LBody")
        if node.role == "TOCI" and role == "Link":
            return node.item("Reference")
        return node

    def _describe(self, node: _Node, box: Any, element: Any) -> None:
        """Attributes that PDF/UA-1 asks for (§ 7.3, 7.5, 7.6), and a language of the element's own (§ 7.2)."""
        if node.role == "Figure":
            node.attributes["Alt"] = pydyf.String(_alternative(element))
            height = self.document.pages[self.page].height
            left, top = box.content_box_x(), box.content_box_y()
            corners = (left, height - top - box.height, left + box.width, height - top)
            layout = {"O": "/Layout", "BBox": pydyf.Array([round(0.75 * corner, 3) for corner in corners])}
            node.attributes["A"] = pydyf.Dictionary({**layout, "Placement": "/Block"})
        elif node.role == "TH":
            row = element.get("scope") == "row" or (element.get("scope") is None and not _in_head(self, element))
            node.attributes["A"] = pydyf.Dictionary({"O": "/Table", "Scope": "/Row" if row else "/Column"})
        elif node.role == "L":
            numbering = _NUMBERED if element.tag == "ol" else _BULLETED
            node.attributes["A"] = pydyf.Dictionary({"O": "/List", "ListNumbering": numbering})
        if node.role in {"TH", "TD"} and (box.colspan != 1 or box.rowspan != 1):
            spans = node.attributes.setdefault("A", pydyf.Dictionary({"O": "/Table"}))
            spans.update({"ColSpan": box.colspan, "RowSpan": box.rowspan})
        lang = element.get("lang")
        if lang and lang != self.document.metadata.lang:
            node.attributes["Lang"] = pydyf.String(lang)

    # ------------------------------------------------------------ notes

    def _is_note(self, box: Any) -> bool:
        return box.style["float"] == "footnote" or (box.element, "note") in self.nodes

    def _note(self, element: Any) -> _Node:
        if (element, "note") not in self.nodes:
            note = self.nodes[element, "note"] = _Node("Note")
            note.attributes["ID"] = pydyf.String(f"note-{len(self.notes) + 1:06}")
            self.notes.append(note)
        return self.nodes[element, "note"]

    def _note_mark(self, element: Any, name: str, parent: _Node) -> _Node:
        """In the text a reference, with the note after it; before the note its label."""
        note = self._note(element)
        if name.endswith(_NOTE_MARKER):
            return note.items.get("Lbl") or _first(note, "Lbl")
        if id(note) not in self.homes:
            self.homes.add(id(note))
            reference = self.nodes[element, name] = _Node("Reference")
            self._content_of(parent, "Reference").kids += [reference, note]
        return self.nodes[element, name]

    # ------------------------------------------------------------ what is shown

    def _show(self, box: Any, node: _Node) -> None:
        where = self.tags.pop(box, None)
        if where is None:
            return
        if node.role == "Ruby":
            node = node.item("RB")
        elif node.role in _ITEMS:
            node = self._content_of(node, "Link" if node.role == "TOCI" else "P")
        number = len(self.numbers[self.page])
        self.numbers[self.page].append(node)
        node.kids.append((self.page, number))
        stream, at = where
        stream[at] = b"/%s <</MCID %d>> BDC" % (node.role.encode(), number)

    def _artifacts(self, box: Any, opening: bytes) -> None:
        if isinstance(box, boxes.TextBox | boxes.ReplacedBox):
            where = self.tags.pop(box, None)
            if where is not None:
                _artifact(where, opening)
        for child in getattr(box, "children", ()):
            self._artifacts(child._box if isinstance(child, AbsolutePlaceholder) else child, opening)  # noqa: SLF001

    def _annotate(self, node: _Node, box: Any) -> None:
        """A link's annotation belongs to its element, and says in words where it leads (§ 7.18).

        One that lies within another of the same link (a leader, in a line that is a link) is taken away.
        """
        annotation = box.link_annotation
        left, bottom, right, top = annotation["Rect"]
        known = self.areas.setdefault((box.element, self.page), [])
        if any(x1 <= left and y1 <= bottom and right <= x2 and top <= y2 for x1, y1, x2, y2 in known):
            pages = self.pdf.pages["Kids"]
            self.pdf.objects[pages[3 * self.page]]["Annots"].remove(annotation.reference)
            annotation.clear()
            return
        known.append((left, bottom, right, top))
        words = " ".join("".join(box.element.itertext()).split())
        annotation["Contents"] = pydyf.String(words or str(annotation.get("Dest", "")))
        node.kids.append((self.page, annotation))
        self.annotations.append((annotation, node))

    # ------------------------------------------------------------ nodes into the PDF

    def _write(self) -> None:
        pdf, nums = self.pdf, pydyf.Array()
        root = pydyf.Dictionary({"Type": "/StructTreeRoot"})
        pdf.add_object(root)
        root["K"] = self._written(self.root, root.reference)
        for page, nodes in enumerate(self.numbers):
            nums.extend([page, pydyf.Array([node.made.reference for node in nodes])])
        for number, (annotation, node) in enumerate(self.annotations, start=len(self.numbers)):
            annotation["StructParent"] = number
            nums.extend([number, node.made.reference])
        parents = pydyf.Dictionary({"Nums": nums})
        pdf.add_object(parents)
        root["ParentTree"], root["ParentTreeNextKey"] = parents.reference, len(self.numbers) + len(self.annotations)
        names = pydyf.Array()
        for note in sorted(self.notes, key=lambda note: note.attributes["ID"].string):
            names.extend([note.attributes["ID"], note.made.reference])
        if names:
            root["IDTree"] = pydyf.Dictionary({"Names": names})
        pdf.catalog["StructTreeRoot"] = root.reference
        pdf.catalog["MarkInfo"] = pydyf.Dictionary({"Marked": "true"})
        pdf.catalog["ViewerPreferences"] = pydyf.Dictionary({"DisplayDocTitle": "true"})

    def _written(self, node: _Node, parent: bytes) -> bytes:
        """A node and all below it as objects; its reference."""
        made = node.made
        made.update({"S": f"/{node.role}", "P": parent})
        self.pdf.add_object(made)
        pages = self.pdf.page_references
        home = next((kid[0] for kid in node.kids if isinstance(kid, tuple)), None)
        kids = pydyf.Array()
        for kid in node.kids:
            if isinstance(kid, _Node):
                if kid.says_something:
                    kids.append(self._written(kid, made.reference))
                continue
            page, what = kid
            if not isinstance(what, int):
                kids.append(pydyf.Dictionary({"Type": "/OBJR", "Obj": what.reference, "Pg": pages[page]}))
            elif page == home:
                kids.append(what)
            else:
                kids.append(pydyf.Dictionary({"Type": "/MCR", "Pg": pages[page], "MCID": what}))
        if home is not None:
            made["Pg"] = pages[home]
        made["K"] = kids
        made.update(node.attributes)
        return made.reference  # type: ignore[no-any-return]


def _artifact(where: tuple[list[bytes], int], opening: bytes = b"/Artifact BMC") -> None:
    stream, at = where
    stream[at] = opening


def _first(node: _Node, role: str) -> _Node:
    """A child of that role before all others: a label."""
    node.items[role] = _Node(role)
    node.kids.insert(0, node.items[role])
    return node.items[role]


def _alternative(element: Any) -> str:
    """What a picture shows, in words."""
    title = element.find("{http://www.w3.org/2000/svg}title")
    return (element.get("alt") or ("" if title is None else title.text) or "").strip()


def _in_head(tree: _Tree, element: Any) -> bool:
    return any(cell is element for head in tree.heads for cell in head.iter())


REPLACED = ((stream_module.Stream, "marked", marked), (weasyprint.pdf, "add_tags", add_tags))
