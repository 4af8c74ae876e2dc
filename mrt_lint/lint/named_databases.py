"""Which databases a file names: in code, in comments and docstrings, not in SQL or in data."""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from mrt_lint.errors import SourceError
from mrt_lint.schema.dialects import ALIASES, DIALECTS, Dialect, dialect_named

if TYPE_CHECKING:
    from mrt_lint.source.source import Source

_WORDS: Final[dict[str, Dialect]] = {
    **{name: name for name in DIALECTS},
    **{alias: name for alias, name in ALIASES.items() if len(alias) > 2},
}
_BYTES: Final = {word.encode(): name for word, name in _WORDS.items()}

_ASKS: Final = frozenset(
    (
        "dialect",
        "dialects",
        "vendor",
        "drivername",
        "driver",
        "variant",
        "backend",
        "url",
        "engine",
        "database",
    )
)
"""Parts of names of what says or takes a database's name; beside none of these a text is data."""

_SCHEME_SIGNS: Final = (":", "+")


def mentioned(sources: Iterable[Source]) -> set[Dialect]:
    """Returns every database that some file names: as code, or in words about it.

    A comment ("SQLite cannot do that") tells where a project runs as well as a comparison does. A word in SQL
    or in data, the key of a JSON document, does not. A file that cannot be parsed names every database whose
    word stands in it.
    """
    found: set[Dialect] = set()
    for source in sources:
        lower = source.data.lower()
        there = {name for word, name in _BYTES.items() if name not in found and word in lower}
        if there:
            found |= there & _named(source, there)
    return found


def _named(source: Source, there: set[Dialect]) -> set[Dialect]:
    try:
        nodes = list(ast.walk(source.ast))
        names = {part for name in _identifiers(nodes) for part in name.lower().split("_")}
        found = {_WORDS[part] for part in names if part in _WORDS}
        asks = not names.isdisjoint(_ASKS)
        for text in _texts(nodes) if asks else _compared(nodes):
            dialect = _of_text(text)
            if dialect is not None:
                found.add(dialect)
        if not there <= found:
            said = "\n".join((*_docstrings(nodes), *_comments(source.data))).lower()
            found |= {name for word, name in _WORDS.items() if word in said}
        return found
    except (SourceError, SyntaxError, tokenize.TokenError):
        return there


def _identifiers(nodes: Iterable[ast.AST]) -> Iterator[str]:
    """Yields every name in the code: of variables, attributes, keywords, functions, imported modules."""
    for node in nodes:
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield node.name
        elif isinstance(node, (ast.arg, ast.keyword)):
            yield node.arg or ""
        elif isinstance(node, ast.alias):
            yield from node.name.split(".")
        elif isinstance(node, ast.ImportFrom):
            yield from (node.module or "").split(".")


def _texts(nodes: Iterable[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def _compared(nodes: Iterable[ast.AST]) -> Iterator[str]:
    """Yields the texts that a condition is made of: compared with something, or as its beginning."""
    for node in nodes:
        if isinstance(node, ast.Compare):
            sides: list[ast.expr] = [node.left, *node.comparators]
        elif isinstance(node, (ast.If, ast.IfExp)):
            sides = [node.test]
        elif isinstance(node, ast.MatchValue):
            sides = [node.value]
        elif isinstance(node, ast.Call) and getattr(node.func, "attr", "") in ("startswith", "endswith"):
            sides = node.args
        else:
            continue
        for side in sides:
            for item in side.elts if isinstance(side, (ast.Tuple, ast.List, ast.Set)) else (side,):
                if isinstance(item, ast.Constant) and isinstance(item.value, str):
                    yield item.value


def _docstrings(nodes: Iterable[ast.AST]) -> Iterator[str]:
    """Yields the texts that stand for themselves."""
    for node in nodes:
        if (
            isinstance(node, ast.Expr)
            and isinstance(node.value, ast.Constant)
            and isinstance(node.value.value, str)
        ):
            yield node.value.value


def _comments(content: bytes) -> Iterator[str]:
    for token in tokenize.tokenize(io.BytesIO(content).readline):
        if token.type == tokenize.COMMENT:
            yield token.string


def _of_text(text: str) -> Dialect | None:
    """Returns the database that a text is the name of, with a driver or as the scheme of a URL too."""
    word = text.strip().lower()
    for sign in _SCHEME_SIGNS:
        word = word.partition(sign)[0]
    return dialect_named(word) if word in _WORDS else None
