"""Operations that run on some databases only, and the value of `dialect.name`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from mrt_lint.evaluate.values import Choice
from mrt_lint.ops.base import Operation
from mrt_lint.ops.guard import ALWAYS, DialectIs, Guard, Test, both

if TYPE_CHECKING:
    from mrt_lint.evaluate.call import Call

DIALECT_NAMES: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    ("postgresql", ("postgresql",)),
    ("mysql", ("mysql", "mariadb")),
    ("sqlite", ("sqlite",)),
    ("oracle", ("oracle",)),
    ("mssql", ("mssql",)),
)
"""What SQLAlchemy's `dialect.name` says, and on which databases; a MariaDB server answers as mysql."""


def on_dialects(names: tuple[str, ...]) -> Guard:
    """Returns the test whether the target database is one of these."""
    return Test(DialectIs(names))


def dialect_name() -> Choice:
    """Returns the value of `dialect.name`: one text per database."""
    return Choice(tuple((on_dialects(databases), name) for name, databases in DIALECT_NAMES))


def emit_for(call: Call, names: tuple[str, ...], operation: Callable[..., Operation], **fields: Any) -> None:
    """Emits an operation that only these databases carry out; nothing when none of them is a target."""
    targets = call.evaluator.dialects()
    if not any(target in names for target in targets):
        return
    if not all(target in names for target in targets):
        fields["guard"] = both(call.evaluator.facts(call).get("guard", ALWAYS), on_dialects(names))
    call.emit(operation, **fields)
