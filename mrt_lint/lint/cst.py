"""CST nodes for rules that ask for them by name; the only place of the engine that needs libcst."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Any

from mrt_lint.errors import PluginError, nearest

if TYPE_CHECKING:
    import libcst


def check_names(names: Collection[str]) -> None:
    """Raises PluginError when a name is no class of libcst nodes."""
    if not names:
        return
    import libcst

    known = [name for name, value in vars(libcst).items() if _is_node_class(value)]
    for name in sorted(names):
        if name not in known:
            raise PluginError(
                f"a rule asks for {name!r}, which is no class of libcst nodes{nearest(name, known)}"
            )


def _is_node_class(value: Any) -> bool:
    import libcst

    return isinstance(value, type) and issubclass(value, libcst.CSTNode)


def nodes_named(tree: libcst.Module, names: Collection[str]) -> Iterator[tuple[str, libcst.CSTNode]]:
    """Yields (name, node) for every node whose class, or a base of it, has one of the names."""
    from mrt_lint.source.cst import walk

    wanted = frozenset(names)
    matching: dict[type[libcst.CSTNode], list[str]] = {}
    for node in walk(tree):
        kind = type(node)
        if kind not in matching:
            matching[kind] = sorted(wanted & {base.__name__ for base in kind.__mro__})
        for name in matching[kind]:
            yield name, node
