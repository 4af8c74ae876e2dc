"""What conditions say of single columns: constants to try, lengths, patterns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from mrt_dynamic.seeding.comparing import NOW
from mrt_dynamic.seeding.conditions import Const, Node, Op, Ref, atoms, columns_of, walk
from mrt_dynamic.seeding.patterns import glob_texts, like_texts, regex_texts
from mrt_dynamic.seeding.values import Maker

_SIZES: Final = frozenset(
    {
        "length",
        "char_length",
        "character_length",
        "octet_length",
        "len",
        "cardinality",
        "array_length",
        "array_size",
    }
)
_PATTERNS: Final = {
    "like": like_texts,
    "ilike": like_texts,
    "regex": regex_texts,
    "iregex": regex_texts,
    "glob": glob_texts,
}


@dataclass(frozen=True, slots=True)
class Hint:
    """One thing to try. `kind`: "value", "size" or the operator of a pattern."""

    kind: str
    constant: Any

    def values(self, maker: Maker, key: int, number: int) -> Iterable[Any]:
        """Yields candidates for the row of this number."""
        if self.kind == "size":
            for size in (self.constant, self.constant + 1, self.constant - 1):
                found = maker.sized(size, key, number)
                if found is not None:
                    yield found
        elif self.kind in _PATTERNS:
            if isinstance(self.constant, str):
                for text in _PATTERNS[self.kind](self.constant, number):
                    try:
                        yield maker.parse(text)
                    except ValueError:
                        continue
        else:
            yield from maker.around(self.constant, number)


def hints_of(conditions: Sequence[Node]) -> dict[str, list[Hint]]:
    """Returns what to try for each column (folded name), in the order of the conditions, each once."""
    found: dict[str, dict[Hint, None]] = {}
    for node in conditions:
        for atom in atoms(node):
            for name in columns_of(atom):
                found.setdefault(name, {}).update(dict.fromkeys(_hints(atom, name)))
    return {name: list(hints) for name, hints in found.items()}


def _hints(atom: Node, name: str) -> Iterator[Hint]:
    """Yields what one comparison says of one of its columns."""
    for part in walk(atom):
        if isinstance(part, Op) and part.name in _PATTERNS and name in columns_of(part.args[0]):
            pattern = part.args[1]
            if isinstance(pattern, Const) and isinstance(pattern.value, str):
                yield Hint(part.name, pattern.value)
    sized = any(
        isinstance(part, Op)
        and part.name in _SIZES
        and any(isinstance(arg, Ref) and arg.name == name for arg in part.args)
        for part in walk(atom)
    )
    for constant in _constants(atom):
        if sized and isinstance(constant, int) and not isinstance(constant, bool):
            yield Hint("size", constant)
        elif constant is not None:
            yield Hint("value", constant)


def _constants(node: Node) -> Iterator[Any]:
    """Yields the constants of a comparison; types of casts and units of EXTRACT are none."""
    if isinstance(node, Const):
        yield node.value
    elif isinstance(node, Op):
        if node.name in _PATTERNS:
            args: Sequence[Node] = node.args[:1]
        elif node.name == "cast":
            args = node.args[:1]
        elif node.name in ("extract", "date_part"):
            args = node.args[1:]
        elif node.name == "now":
            yield NOW
            return
        else:
            args = node.args
        for arg in args:
            yield from _constants(arg)
