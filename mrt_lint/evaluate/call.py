"""One call as the evaluator sees it: what a meaning gets, and through which it emits operations."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeVar

from mrt_lint.classes import dataclass
from mrt_lint.evaluate.values import FrameworkValue, NotKnown, Value
from mrt_lint.ops.base import Operation
from mrt_lint.ops.span import Span

if TYPE_CHECKING:
    from mrt_lint.project import Project
    from mrt_lint.schema.dialects import Dialect
    from mrt_lint.schema.names import Name

MISSING: Any = object()


class EvaluatorServices(Protocol):
    """What a meaning may ask of the evaluator."""

    project: Project
    operations: list[Operation]
    """What the direction that is evaluated has emitted so far."""

    def facts(self, call: Call) -> dict[str, Any]:
        """Returns the base fields of an operation at this call (span, direction, guard, ...)."""

    def emit(self, operation: Operation) -> None:
        """Appends an operation to the direction that is evaluated."""

    def invoke(self, function: Value, args: tuple[Value, ...], kwargs: dict[str, Value], call: Call) -> Value:
        """Calls a value (a Function of the file, a Symbol with a meaning, a method)."""

    def dialects(self) -> tuple[Dialect, ...]:
        """Returns the databases under which SQL text at this point must be read."""

    def open_block(self, **facts: Any) -> None:
        """From here on operations carry these facts too (`batch="auto"`, `autocommit=True`)."""

    def close_block(self) -> None:
        """Ends the innermost block opened by `open_block`."""

    def mentions(self, word: str) -> bool:
        """Returns whether the text of the file whose code is evaluated holds a word."""

    def in_own_file(self) -> bool:
        """Returns whether code of the migration itself is evaluated, not of a module it imports."""

    def fresh_id(self, call: Call) -> str:
        """Returns an id for a Test evaluated at this call, unique in the file and the same in every run."""

    def mistaken(self, call: Call, exception: str, message: str) -> bool:
        """Ends a downgrade at a call that raises by mistake; returns whether it does, caught by nothing."""

    def sign(self, dialect: Dialect | Literal["elsewhere"]) -> None:
        """Notes that the file shows signs of being written for this database, or for others than the one."""


@dataclass(slots=True)
class Call:
    """A call with its evaluated arguments.

    `spelling`: as the user wrote the callee (`op.drop_column`). `source`: the whole call's text.
    `starred`: it has star arguments whose contents are not known; `known_args` False then.
    `extra["positions_only"]`: these are positional ones only, every keyword is known.
    """

    evaluator: EvaluatorServices
    spelling: str
    args: tuple[Value, ...]
    kwargs: dict[str, Value]
    span: Span
    statement: Span
    source: str = ""
    starred: bool = False
    extra: dict[str, Any] = field(default_factory=dict)

    def argument(self, position: int | None, name: str, default: Value = MISSING) -> Value:
        """Returns an argument given by position or by name, else `default`.

        Without a default a missing argument is a `NotKnown` that says so.
        """
        if name in self.kwargs:
            return self.kwargs[name]
        if position is not None and position < len(self.args):
            return self.args[position]
        if default is not MISSING and not self.starred:
            return default
        return NotKnown(f"argument {name!r} of {self.spelling}() is not given", self.span.line)

    def emit(self, operation: Callable[..., Operation], **fields: Any) -> None:
        """Emits `operation(**fields)` with span, direction, guard and the other facts of this place."""
        self.evaluator.emit(operation(**{**self.evaluator.facts(self), **fields}))

    def opaque(
        self, reason: str, tables: tuple[Name, ...] | None = None, data_only: bool = False
    ) -> NotKnown:
        """Emits an Opaque for this call and returns the value that stands for its result."""
        from mrt_lint.ops.control import Opaque

        self.emit(Opaque, reason=reason, source=self.source, tables=tables, data_only=data_only)
        return NotKnown(reason, self.span.line)


Meaning = Callable[[Call], Value] | FrameworkValue
"""What a qualified name means: a function for what is called, a FrameworkValue for what is a value.

The hook `mrt_values` returns `{"alembic.op.f": meaning}`; `"alembic.op.*"` stands for every other name
below `alembic.op`; "*" for what nothing else explains while a module is loaded (its name is in
`call.extra["path"]`). A function whose attribute `carries_effects` is True can emit operations: its name,
and every module above it, must not flow into code that is not understood (see `with_effects`).
"""

MeaningFunction = TypeVar("MeaningFunction", bound=Callable[..., Value])


def with_effects(meaning: MeaningFunction) -> MeaningFunction:
    """Marks a meaning as one that can emit operations, and returns it."""
    meaning.carries_effects = True  # type: ignore[attr-defined]
    return meaning
