"""What lowering a statement needs everywhere: its facts, the tables that it names, its WHERE."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field
from typing import Any

from sqlglot import exp

from mrt_lint.classes import dataclass
from mrt_lint.ops.contents import ColumnTest
from mrt_lint.ops.reading import ColumnRead
from mrt_lint.schema.dialects import Dialect
from mrt_lint.schema.names import Name
from mrt_lint.sql.canonical import canonical
from mrt_lint.sql.conditions import column_tests, condition_text
from mrt_lint.sql.failure import NotUnderstoodError
from mrt_lint.sql.functions import NUMBERING, unknown_calls
from mrt_lint.sql.holes import is_hole
from mrt_lint.sql.reads import reads_of
from mrt_lint.sql.scopes import Scope, table_name
from mrt_lint.sql.statement import Statement


@dataclass
class Writing:
    """One parsed statement that is lowered; `flags`: what its text said that sqlglot's grammar lacks."""

    statement: Statement
    ctes: dict[str, exp.Expr]
    flags: dict[str, Any] = field(default_factory=dict)

    @property
    def dialect(self) -> Dialect:
        """Returns the database whose language the statement is read in."""
        return self.statement.dialect

    def target(self, node: object, what: str) -> Name:
        """Returns the table that is written; raises NotUnderstoodError if it is none, or not known."""
        name = table_name(node, self.dialect)
        if name is None:
            raise NotUnderstoodError(f"{what} of something that is no table", data_only=True)
        if is_hole(name.name) or is_hole(name.schema or ""):
            raise NotUnderstoodError(f"{what} of a table that is known only at run time", data_only=True)
        return name

    def refuse_unknown_names(self, tree: exp.Expr, table: Name) -> None:
        """Raises NotUnderstoodError when a hole stands where only a clause can: as an alias."""
        for alias in tree.find_all(exp.TableAlias):
            if alias.this is not None and is_hole(alias.this.name):
                raise NotUnderstoodError("a clause that is known only at run time", (table,), data_only=True)

    def only_reads(self, tree: exp.Expr, numbers: bool = False) -> None:
        """Raises NotUnderstoodError if a query calls a function that is not known to change nothing.

        `numbers`: it gives rows that are written, which may take their numbers from a sequence.
        """
        calls = unknown_calls(tree, self.dialect)
        call = next((call for call in calls if not numbers or call not in NUMBERING), None)
        if call is not None:
            raise NotUnderstoodError(f"function {call}() may change anything")

    def where(self, tree: exp.Expr, scope: Scope, target: Name) -> tuple[str, tuple[ColumnRead, ...]]:
        """Returns the condition of an UPDATE or DELETE with those of its inner joins, and what it reads."""
        conditions = conditions_of(tree)
        for condition in conditions:
            self.refuse_unknown_names(condition, target)
        combined = exp.and_(*conditions) if conditions else None
        text = condition_text(combined, self.dialect)
        limits = [canonical(tree.args[key], self.dialect) for key in ("order", "limit") if tree.args.get(key)]
        if tree.args.get("limit") is not None or self.flags.get("limit"):
            text = " ".join(part for part in (text, *limits, str(self.flags.get("limit") or "")) if part)
        reads = tuple(dict.fromkeys(read for part in conditions for read in reads_of(part, scope)))
        return text, reads

    def tests(self, tree: exp.Expr, scope: Scope, target: Name) -> tuple[ColumnTest, ...] | None:
        """Returns the WHERE of an UPDATE or DELETE of one table as plain comparisons, if it is that."""
        limited = tree.args.get("limit") is not None or self.flags.get("limit")
        if limited or scope.tables() != (target,) or len(scope.relations) != 1:
            return None
        return column_tests(tree.args.get("where"), scope, target)


def conditions_of(tree: exp.Expr) -> list[exp.Expr]:
    """Returns what limits the rows of an UPDATE or DELETE: the ON of its inner joins, and its WHERE."""
    where = tree.args.get("where")
    return [*_join_conditions(tree), *([where.this] if where is not None else [])]


def joins_of(tree: exp.Expr) -> list[exp.Expr]:
    """Returns the joins of an UPDATE or DELETE."""
    from_ = tree.args.get("from_")
    items = [tree.this, *(tree.args.get("using") or []), from_.this if from_ is not None else None]
    return [join for item in items if isinstance(item, exp.Expr) for join in item.args.get("joins") or ()]


def _join_conditions(tree: exp.Expr) -> Iterator[exp.Expr]:
    """Yields the ON conditions of the inner joins of an UPDATE or DELETE, which limit the rows written."""
    for join in joins_of(tree):
        on = join.args.get("on")
        if on is not None and str(join.args.get("side") or "").upper() not in ("LEFT", "FULL", "RIGHT"):
            yield on


def bare(node: object) -> object:
    """Returns the name inside a column of a list."""
    return node.this if isinstance(node, (exp.Column, exp.Ordered)) else node
