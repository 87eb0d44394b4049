"""The Book as JSON and back, without loss: `4-book.json`, for people, for other programs, and for the next run.

Every node is an object whose "is" names its class; a span is [line, start, end]; fields that hold their default are
left out. Types are read from book.py itself, so a node added there is known here; loading checks every type.
"""

import json
import types
import typing
from collections.abc import Callable
from dataclasses import MISSING, Field, fields, is_dataclass
from enum import Enum
from functools import cache

from pipeline import book as nodes
from pipeline.book import Book, Span

FORMAT = 1

Json: typing.TypeAlias = "str | int | bool | list[Json] | dict[str, Json] | None"
Decoder: typing.TypeAlias = Callable[[typing.Any], typing.Any]


class BookJsonError(ValueError):
    """The JSON is not a book of this format; the message says at which node."""


def dump(book: Book) -> str:
    """`book` as readable JSON: a block or section opens a line, what stands within a paragraph shares one."""
    return "".join(_lines({"format": FORMAT, "book": _encode(book)}, "")) + "\n"


def load(text: str) -> Book:
    """The book that `dump` wrote. Raises BookJsonError."""
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BookJsonError(f"no JSON: {error}") from error
    if not isinstance(whole, dict) or whole.get("format") != FORMAT:
        raise BookJsonError(f"not a book of format {FORMAT}")
    book = _decoder(Book)(whole.get("book"))
    assert isinstance(book, Book)  # noqa: S101  for the type checker: the decoder of Book yields nothing else
    return book


def load_outline(text: str) -> Book:
    """The book that `dump` wrote without its text: what it says of itself, and its headings. Raises BookJsonError.

    For catalogues, which read thousands of books: ten times quicker than `load`.
    """
    try:
        whole = json.loads(text, object_hook=_without_text)
    except (ValueError, RecursionError) as error:
        raise BookJsonError(f"no JSON: {error}") from error
    if not isinstance(whole, dict) or whole.get("format") != FORMAT:
        raise BookJsonError(f"not a book of format {FORMAT}")
    book = _decoder(Book)(whole.get("book"))
    assert isinstance(book, Book)  # noqa: S101  as above
    return book


def _without_text(node: dict[str, typing.Any]) -> dict[str, typing.Any]:
    match node.get("is"):
        case "Section":
            return node | {"blocks": []}
        case "Book":
            return {name: part for name, part in node.items() if name != "notes"} | {"front": []}
        case _:
            return node


# ---------------------------------------------------------------- out


def _encode(value: object) -> Json:
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, tuple):
        return [_encode(item) for item in value]
    if isinstance(value, Enum):
        return str(value.value)
    if not is_dataclass(value) or isinstance(value, type):
        raise TypeError(f"no part of a book: {type(value).__name__}")
    found: dict[str, Json] = {"is": type(value).__name__}
    for name, default in _defaults(type(value)):
        part = getattr(value, name)
        if part != default:
            found[name] = _encode(part)
    return found


@cache
def _defaults(kind: type) -> tuple[tuple[str, object], ...]:
    """The fields of a node with their defaults; MISSING, which nothing equals, where there is none."""
    return tuple((field.name, field.default) for field in fields(kind))


_ONE_LINE = json.JSONEncoder(ensure_ascii=False).encode
_OPEN = frozenset({"Book", "Section", "Quote", "List", "ListItem", "Table", "Box", "Note", "Metadata", "Unprinted"})
_BRANCHES = frozenset({"book", "front", "sections", "notes", "blocks", "items", "rows", "leaves", "facts", "metadata"})


def _lines(value: Json, indent: str, *, open_list: bool = False) -> typing.Iterator[str]:
    """`value` as pieces of JSON text, with a new line for each part of what is worth seeing apart."""
    more = indent + " "
    if isinstance(value, dict) and value and (value.get("is") in _OPEN or "book" in value):
        for at, (key, part) in enumerate(value.items()):
            yield f"{',' if at else '{'}\n{more}{json.dumps(key)}: "
            yield from _lines(part, more, open_list=key in _BRANCHES)
        yield f"\n{indent}}}"
    elif isinstance(value, list) and value and open_list:
        for at, part in enumerate(value):
            yield f"{',' if at else '['}\n{more}"
            yield from _lines(part, more)
        yield f"\n{indent}]"
    else:
        yield _ONE_LINE(value)


# ---------------------------------------------------------------- in


@cache
def _decoder(hint: object) -> Decoder:
    """The function that turns JSON into a value of type `hint`, checking as it goes."""
    origin = typing.get_origin(hint)
    if origin is tuple:
        item = typing.get_args(hint)[0]
        return lambda value: tuple(map(_decoder(item), _expect(value, list, hint)))
    if origin in {typing.Union, types.UnionType}:
        return _union(typing.get_args(hint))
    if hint is Span:
        return _span
    if isinstance(hint, type) and is_dataclass(hint):
        return _node(hint)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return lambda value: _member(hint, value)
    if hint in {str, int, bool}:
        return lambda value: _expect(value, typing.cast("type", hint), hint)
    raise TypeError(f"book.py holds a type that JSON cannot: {hint}")


def _union(options: tuple[object, ...]) -> Decoder:
    nodes_by_name = {option.__name__: option for option in options if isinstance(option, type) and is_dataclass(option)}
    plain = [option for option in options if option not in nodes_by_name.values() and option is not type(None)]

    def decode(value: typing.Any) -> typing.Any:
        if value is None and type(None) in options:
            return None
        if isinstance(value, dict) and value.get("is") in nodes_by_name:
            return _decoder(nodes_by_name[value["is"]])(value)
        if len(plain) == 1:
            return _decoder(plain[0])(value)
        raise BookJsonError(f"expected one of {', '.join(nodes_by_name)}: {str(value)[:80]}")

    return decode


@cache
def _shape(kind: type) -> dict[str, tuple[Field[typing.Any], object]]:
    hints = typing.get_type_hints(kind, vars(nodes))
    return {field.name: (field, hints[field.name]) for field in fields(kind)}


def _node(kind: type) -> Decoder:
    def decode(value: typing.Any) -> typing.Any:
        given = _expect(value, dict, kind)
        shape = _shape(kind)
        if given.get("is") != kind.__name__:
            raise BookJsonError(f"expected {kind.__name__}: {str(value)[:80]}")
        if odd := given.keys() - shape.keys() - {"is"}:
            raise BookJsonError(f"{kind.__name__} has no {', '.join(sorted(odd))}")
        if missing := [name for name, (field, _) in shape.items() if name not in given and field.default is MISSING]:
            raise BookJsonError(f"{kind.__name__} lacks {', '.join(missing)}")
        return kind(**{name: _decoder(shape[name][1])(part) for name, part in given.items() if name != "is"})

    return decode


def _span(value: typing.Any) -> Span:
    numbers = _expect(value, list, Span)
    if len(numbers) != 3 or not all(type(number) is int for number in numbers):
        raise BookJsonError(f"expected a span [line, start, end]: {str(value)[:80]}")
    return Span(*numbers)


def _member(kind: type[Enum], value: typing.Any) -> Enum:
    try:
        return kind(value)
    except ValueError:
        raise BookJsonError(f"no {kind.__name__}: {str(value)[:80]}") from None


def _expect(value: typing.Any, kind: type, hint: object) -> typing.Any:
    if type(value) is not kind:
        raise BookJsonError(f"expected {getattr(hint, '__name__', hint)}: {str(value)[:80]}")
    return value
