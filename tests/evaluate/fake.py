"""A tiny framework: `fw.touch(name)` emits an operation; values that reach the database; conditions.

Sources are evaluated against it, and operations are written as short texts:
`name` without a condition, `name if <guard>` with one, `!reason` for Opaque, `raise X: text` for Refuse.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import dedent
from typing import Any

from mrt_lint.evaluate.call import Call, Meaning, with_effects
from mrt_lint.evaluate.evaluator import Evaluator
from mrt_lint.evaluate.values import Choice, Class, Condition, FrameworkValue, Method, NotKnown, Text, Value
from mrt_lint.ops.base import Operation
from mrt_lint.ops.control import Opaque, Refuse
from mrt_lint.ops.guard import (
    ALWAYS,
    NEVER,
    AllOf,
    DialectIs,
    Exists,
    Guard,
    Not,
    Test,
)
from mrt_lint.project import Project
from mrt_lint.schema.names import Name


@dataclass(frozen=True, slots=True, kw_only=True)
class Touch(Operation):
    """What `fw.touch(name)` emits."""

    name: Any


class Connection(FrameworkValue):
    """A way to the database."""

    carries_effects = True

    def attribute(self, name: str, call: Call) -> Value:
        return dialect_name() if name == "dialect" else Method(self, name)

    def call_method(self, name: str, call: Call) -> Value:
        if name == "execute":
            return touch(call)
        if name == "rows":
            return NotKnown("rows known only at run time", call.span.line)
        return super().call_method(name, call)

    def contains(self, item: Value, call: Call) -> Value:
        return Condition(Test(Exists("table", Name(item)), call.evaluator.fresh_id(call)))


@dataclass(eq=False)
class Block(FrameworkValue):
    """`with fw.block("mode") as b:`; its operations carry the mode as their batch."""

    mode: str
    carries_effects = True

    def call_method(self, name: str, call: Call) -> Value:
        return touch(call)

    def enter(self, call: Call) -> Value:
        call.evaluator.open_block(batch=self.mode)
        return self

    def leave(self, call: Call) -> None:
        touch(call, f"end of {self.mode}")
        call.evaluator.close_block()


@dataclass(frozen=True)
class Column(FrameworkValue):
    """A value without effects that knows operators."""

    name: str

    def attribute(self, name: str, call: Call) -> Value:
        return Column(f"{self.name}.{name}")

    def binary(self, operator: str, other: Value, swapped: bool, call: Call) -> Value:
        other = other.name if isinstance(other, Column) else other
        return Column(f"({other} {operator} {self.name})" if swapped else f"({self.name} {operator} {other})")

    def item(self, key: Value, call: Call) -> Value:
        return Column(f"{self.name}[{key}]")

    def call(self, call: Call) -> Value:
        return Column(f"{self.name}({', '.join(map(str, call.args))})")


@dataclass(frozen=True)
class Base(FrameworkValue):
    """What `fw.base()` returns: classes derived from it become models."""

    def subclass(self, cls: Class, call: Call) -> Value:
        return Column(f"model {cls.name} of {sorted(cls.attributes)}")


def touch(call: Call, name: Value = None) -> Value:
    """Emits a Touch; an unknown name is an Opaque."""
    name = call.argument(0, "name") if name is None else name
    if isinstance(name, (NotKnown, Text)):
        return call.opaque("unknown name")
    call.emit(Touch, name=name)
    return None


def dialect_name() -> Choice:
    """Returns `connection.dialect.name`."""
    return Choice(tuple((Test(DialectIs((name,))), name) for name in ("postgresql", "mysql", "sqlite")))


def autocommit(call: Call) -> Value:
    return Autocommit()


class Autocommit(FrameworkValue):
    def enter(self, call: Call) -> Value:
        call.evaluator.open_block(autocommit=True)
        return None

    def leave(self, call: Call) -> None:
        call.evaluator.close_block()


def crash(call: Call) -> Value:
    raise ZeroDivisionError("a bug")


MEANINGS: Mapping[str, Meaning] = {
    "fw.touch": with_effects(touch),
    "fw.connection": with_effects(lambda call: Connection()),
    "fw.block": with_effects(lambda call: Block(call.args[0] if call.args else "auto")),
    "fw.wild.*": with_effects(lambda call: touch(call, f"{call.spelling}*")),
    "fw.run": with_effects(lambda call: call.evaluator.invoke(call.args[0], (Connection(),), {}, call)),
    "fw.dialect": lambda call: dialect_name(),
    "fw.f": lambda call: call.argument(0, "name"),
    "fw.column": lambda call: Column(call.args[0]),
    "fw.base": lambda call: Base(),
    "fw.value": Column("value"),
    "fw.unknown": lambda call: NotKnown("unknown", call.span.line),
    "fw.offline": lambda call: False,
    "fw.autocommit": autocommit,
    "fw.crash": crash,
    "fw.seen": lambda call: Column(repr((call.args, call.kwargs, call.starred))),
}

HEADER = "import fw\nfrom fw import touch, connection, unknown, dialect\n"


@dataclass
class Run:
    """One evaluation: the evaluator and what it emitted."""

    evaluator: Evaluator
    operations: tuple[Operation, ...]
    texts: list[str] = field(default_factory=list)


def evaluator(source: str, root: Path | None = None, meanings: Mapping[str, Meaning] = MEANINGS) -> Evaluator:
    """Returns an Evaluator for a migration file, in a project whose modules lie below `root`."""
    from mrt_lint.source.source import Source

    path = (root or Path("nowhere")) / "versions" / "m.py"
    roots = (root,) if root is not None else ()
    project = Project("fake", path.parent, import_roots=roots)
    return Evaluator(Source(path, source.encode()), project, meanings, ("postgresql", "mysql"))


def run(source: str, root: Path | None = None, **options: Any) -> Run:
    """Evaluates `upgrade` of a source after the imports of HEADER."""
    one = evaluator(HEADER + dedent(source), root, **options)
    operations = one.run("upgrade", "upgrade")
    return Run(one, operations, [shown(operation) for operation in operations])


def body(source: str, root: Path | None = None) -> list[str]:
    """Returns the operations of a function body, as texts."""
    indented = "".join(f"    {line}\n" for line in dedent(source).strip().splitlines())
    return run(f"def upgrade():\n{indented}", root).texts


def value(expression: str, before: str = "", root: Path | None = None) -> Value:
    """Returns the value of an expression at module level."""
    one = evaluator(f"{HEADER}{dedent(before)}\nresult = ({expression})\n", root)
    return one.module().get("result", one)


def shown(operation: Operation) -> str:
    """Returns an operation as a short text."""
    if isinstance(operation, Touch):
        text = str(operation.name)
    elif isinstance(operation, Opaque):
        text = f"!{operation.reason}"
    elif isinstance(operation, Refuse):
        text = f"raise {operation.exception}: {operation.message}"
    else:
        text = operation.describe()
    return text if operation.guard == ALWAYS else f"{text} if {shown_guard(operation.guard)}"


def shown_guard(guard: Guard) -> str:
    """Returns a guard as a short text."""
    if guard == NEVER:
        return "never"
    if isinstance(guard, Test):
        predicate = guard.predicate
        if isinstance(predicate, DialectIs):
            return "|".join(predicate.names)
        if isinstance(predicate, Exists):
            return f"exists {predicate.name}"
        return predicate.text
    if isinstance(guard, Not):
        return f"not ({shown_guard(guard.part)})"
    joint = " and " if isinstance(guard, AllOf) else " or "
    return joint.join(
        f"({shown_guard(part)})" if not isinstance(part, (Test, Not)) else shown_guard(part)
        for part in guard.parts
    )
