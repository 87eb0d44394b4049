"""Imports run one way. This test reads every `import` in pipeline/, wherever it stands, and compares it with the plan:

    cli -> build -> {source, clean, structure, editions, render, catalogue} -> {book, ledger, notice, errors} -> stdlib

A *room* is a module or a package directly under pipeline/. A new room needs a line in ROOMS; that is the moment to
think about where it belongs (docs/architecture.md).
"""

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

PIPELINE = Path(__file__).resolve().parent.parent / "pipeline"

# The words that everybody shares; they know each other and the standard library, nothing else.
VOCABULARY = frozenset({"errors", "notice", "ledger", "pages", "book", "walk"})
STAGES = frozenset({"source", "clean", "structure", "editions", "render", "catalogue"})

# Which rooms each room may read, itself aside.
ROOMS: dict[str, frozenset[str]] = {
    **dict.fromkeys(VOCABULARY, VOCABULARY),
    # what the stages are made from
    "encoding": frozenset({"errors", "notice"}),
    "layout": frozenset({"errors"}),  # hOCR, ALTO, PAGE, PDF to lines
    "language": frozenset({"errors", "notice"}),
    "config": VOCABULARY,
    "style": frozenset({"errors"}),
    "typeset": frozenset({"errors", "notice"}),  # lays out lines for WeasyPrint; knows nothing of books
    # the stages
    "source": frozenset({"errors", "notice", "pages", "encoding", "layout"}),
    "review": frozenset({"errors", "ledger", "config"}),  # what a person decided; the cleaning engine hears it
    "clean": frozenset({"errors", "notice", "ledger", "pages", "config", "language", "review"}),  # lines, never a Book
    "structure": VOCABULARY | {"config", "language"},
    "conversion": frozenset({"errors", "config"}),  # texts of one script into another; knows nothing of books
    "convert": frozenset({"errors", "config", "source", "conversion", "structure"}),  # plain text, no book
    "editions": VOCABULARY | {"config", "language", "conversion"},
    "render": (VOCABULARY - {"ledger"}) | {"config", "style", "typeset"},
    # the shelf reads what is built, and says it in the words of the renderers
    "catalogue": (VOCABULARY - {"ledger", "pages"})
    | {"config", "style", "source", "store", "book_json", "editions", "conversion", "render"},
    "check": frozenset({"errors"}),  # reads anybody's EPUB; knows nothing of how ours are made
    "serve": frozenset({"errors", "catalogue"}),  # the shelf over HTTP
    # what holds the stages together
    "book_json": VOCABULARY,
    "laws": VOCABULARY,
    "executor": frozenset({"errors", "notice"}),
    "cluster": frozenset({"errors", "executor", "store"}),  # dask
    "store": VOCABULARY | {"source", "config", "book_json", "bootstrap", "style"},
    "tasks": VOCABULARY
    | STAGES
    | {"config", "conversion", "language", "review", "style", "laws", "book_json", "bootstrap"},
    "build": VOCABULARY
    | STAGES
    | {"config", "language", "review", "style", "laws", "executor", "store", "book_json", "tasks", "cluster"},
    "watch": frozenset({"build", "errors", "review", "source", "style", "tasks"}),
    "progress": VOCABULARY | {"build"},  # how a run is told
    "explain": VOCABULARY | STAGES | {"config", "review"},
    # the doors
    "bootstrap": frozenset(),  # runs before anything is installed
    "doctor": frozenset({"bootstrap"}),
    "cli": VOCABULARY
    | STAGES
    | {"build", "config", "style", "store", "executor", "book_json", "tasks", "doctor", "progress", "explain", "check"}
    | {"convert", "serve", "watch"},
    "__main__": frozenset({"cli"}),
    "__init__": frozenset(),
}

# Files that may read more than their room does.
MORE = {f"render/{file}.py": frozenset({"ledger"}) for file in ("review", "collation")}

# Libraries that a room of the vocabulary may use besides the standard library: pages compares running heads.
MORE_LIBRARIES = {"pages": frozenset({"rapidfuzz"})}

# Libraries with a single door: one file of these, and no other, imports them.
ONE_FILE = frozenset({"ebooklib", "opencc", "jinja2", "dask", "distributed", "kenlm", "zhconv_rs"})
ONLY_IN = {"weasyprint": ("render/pdf.py", "typeset/"), "typer": ("cli.py",)}


@dataclass(frozen=True)
class Import:
    """`file` (relative to pipeline/) imports `module` on `line`."""

    file: str
    line: int
    module: str

    def __str__(self) -> str:
        return f"pipeline/{self.file}:{self.line} imports {self.module}"


def imports(root: Path) -> Iterator[Import]:
    """Every import below `root`, also those inside functions and under TYPE_CHECKING."""
    for path in sorted(root.rglob("*.py")):
        file = path.relative_to(root).as_posix()
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                yield from (Import(file, node.lineno, alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                yield from (Import(file, node.lineno, name) for name in _from(root, file, node))


def _from(root: Path, file: str, node: ast.ImportFrom) -> Iterator[str]:
    """The modules that a `from` names: pipeline.walk for `from pipeline import walk` and for `from . import walk`, but
    pipeline.book for `from pipeline.book import Text`, since Text is no module.
    """
    package = ["pipeline", *Path(file).parent.parts]
    base = package[: len(package) - node.level + 1] if node.level else []
    module = ".".join([*base, *((node.module or "").split(".") if node.module else [])])
    for alias in node.names:
        inner = f"{module}.{alias.name}"
        yield inner if _is_module(root, inner) else module


def _is_module(root: Path, module: str) -> bool:
    parts = module.split(".")
    path = root.joinpath(*parts[1:])
    return parts[0] == "pipeline" and (path.with_suffix(".py").exists() or path.is_dir())


def room(file: str) -> str:
    return file.split("/", maxsplit=1)[0].removesuffix(".py")


def violations(root: Path) -> list[str]:
    """Each import that the plan does not allow, as a line for the reader."""
    every = list(imports(root))
    return [*_wrong_rooms(root, every), *_wrong_libraries(every), *_circles(root, every)]


def _wrong_rooms(root: Path, every: list[Import]) -> Iterator[str]:
    for name in sorted({room(path.relative_to(root).as_posix()) for path in root.rglob("*.py")} - set(ROOMS)):
        yield f"pipeline/{name} has no place in ROOMS of {Path(__file__).name}"
    for each in every:
        parts = each.module.split(".")
        if parts[0] != "pipeline" or len(parts) == 1 or room(each.file) not in ROOMS:
            continue
        own = room(each.file)
        allowed = ROOMS[own] | MORE.get(each.file, frozenset())
        if parts[1] not in allowed | {own}:
            yield f"{each}: {own} may read only {', '.join(sorted(allowed - {own})) or 'nothing'}"


def _wrong_libraries(every: list[Import]) -> Iterator[str]:
    doors: dict[str, set[str]] = {}
    for each in every:
        library = each.module.split(".")[0]
        if library in ONE_FILE:
            doors.setdefault(library, set()).add(each.file)
        if library in ONLY_IN and not each.file.startswith(ONLY_IN[library]):
            yield f"{each}: only {' and '.join(ONLY_IN[library])} may"
        known = sys.stdlib_module_names | {"pipeline"} | MORE_LIBRARIES.get(room(each.file), frozenset())
        if room(each.file) in VOCABULARY and library not in known:
            yield f"{each}: the vocabulary stands on the standard library alone"
    for library, files in sorted(doors.items()):
        if len(files) > 1:
            yield f"{library} is imported in {', '.join(sorted(files))}: it has one door"


def _circles(root: Path, every: list[Import]) -> Iterator[str]:
    graph: dict[str, set[str]] = {}
    for each in every:
        importer = ".".join(["pipeline", *Path(each.file).with_suffix("").parts]).removesuffix(".__init__")
        if each.module.startswith("pipeline.") and importer != each.module:
            graph.setdefault(importer, set()).add(each.module)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        yield f"imports in a circle: {' -> '.join(reversed(error.args[1]))}"


def test_imports_run_one_way() -> None:
    assert violations(PIPELINE) == []


def test_the_pipeline_is_really_read() -> None:
    """A test that looks in the wrong place would find nothing wrong."""
    assert {"book", "clean", "structure", "render"} <= {room(each.file) for each in imports(PIPELINE)}


# Small trees with one fault each, and the words by which it is told.
FAULTS = {
    "clean knows the book": ({"clean/x.py": "from pipeline.book import Text"}, "clean may read only"),
    "clean knows the book by another name": ({"clean/x.py": "from pipeline import book"}, "pipeline.book"),
    "clean knows the book by a relative name": ({"clean/x.py": "from ..book import Text"}, "pipeline.book"),
    "clean knows the book inside a function": (
        {"clean/x.py": "def f():\n    import pipeline.book\n    return pipeline.book"},
        "clean/x.py:2",
    ),
    "clean knows the book for its types": (
        {"clean/x.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from pipeline.book import Text"},
        "clean/x.py:3",
    ),
    "render knows clean": ({"render/x.py": "from pipeline.clean import clean"}, "render may read only"),
    "render knows structure": ({"render/x.py": "import pipeline.structure.rule"}, "render may read only"),
    "render reads the ledger": ({"render/epub.py": "from pipeline.ledger import Edit"}, "pipeline.ledger"),
    "the vocabulary knows a stage": ({"book.py": "from pipeline.clean import clean"}, "book may read only"),
    "the vocabulary knows a library": ({"book.py": "import lxml.etree"}, "standard library"),
    "a stage knows the run": ({"source.py": "from pipeline import build"}, "source may read only"),
    "typesetting knows books": ({"typeset/line.py": "from pipeline.book import Text"}, "typeset may read only"),
    "set-up knows the project": ({"bootstrap.py": "from pipeline import errors"}, "bootstrap may read only nothing"),
    "two doors to ebooklib": (
        {"render/epub.py": "from ebooklib import epub", "catalogue/opds.py": "import ebooklib"},
        "ebooklib is imported in catalogue/opds.py, render/epub.py",
    ),
    "two doors to opencc": ({"editions.py": "import opencc", "language/x.py": "import opencc"}, "opencc"),
    "weasyprint outside print": ({"render/epub.py": "import weasyprint"}, "only render/pdf.py and typeset/ may"),
    "a circle": (
        {"clean/a.py": "from pipeline.clean.b import x", "clean/b.py": "from pipeline.clean import a"},
        "in a circle",
    ),
    "a room without a place": ({"helpers.py": ""}, "pipeline/helpers has no place"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_found(fault: str, tmp_path: Path) -> None:
    files, told = FAULTS[fault]
    found = violations(planted(tmp_path, files))
    assert len(found) == 1
    assert told in found[0]


def test_what_the_plan_allows_is_not_blamed(tmp_path: Path) -> None:
    files = {
        "clean/x.py": "import re\nfrom pipeline.ledger import Fix\nfrom pipeline.clean.rule import LineRule",
        "clean/rule.py": "from . import shape",
        "clean/shape.py": "",
        "render/review.py": "from pipeline.ledger import Edit",
        "render/pdf.py": "import weasyprint\nfrom pipeline.typeset import line",
        "typeset/line.py": "from weasyprint.layout import inline",
        "render/epub.py": "from ebooklib import epub\nfrom lxml import etree",
    }
    assert violations(planted(tmp_path, files)) == []


def planted(root: Path, files: dict[str, str]) -> Path:
    """A small pipeline/ with the rooms that the samples name, and `files` in it."""
    for name in ("book.py", "errors.py", "ledger.py", "build.py", "clean/__init__.py", "structure/rule.py"):
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).touch()
    for name, text in files.items():
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(text)
    return root
