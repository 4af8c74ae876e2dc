"""What a migration need not find: it drops it only if it is there, and nothing says that it is.

`if has_column("t", "c"): drop_column("t", "c")` and `DROP TABLE IF EXISTS w` clear away what an earlier
run, another branch or a hand may have left. If no migration of the history made it, and the downgrade
does not make it again, nobody says that it ever was there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import field

from mrt_lint.classes import dataclass
from mrt_lint.lowered import Migration
from mrt_lint.ops.base import Operation
from mrt_lint.ops.columns import AddColumn, RenameColumn
from mrt_lint.ops.constraints import AddConstraint, DropConstraint
from mrt_lint.ops.copied_tables import CreateTableAs
from mrt_lint.ops.dropped_columns import DropColumn
from mrt_lint.ops.guard import Exists, Undecided, tests_of
from mrt_lint.ops.indexes import CreateIndex, DropIndex
from mrt_lint.ops.tables import CreateTable, DropTable, RenameTable
from mrt_lint.replay.causes import parts, places
from mrt_lint.schema.names import Name
from mrt_lint.schema.state import State

Thing = tuple[str, str, str]
"""Kind, folded table ("" for an index, whose name says enough) and folded part of an object."""


@dataclass(slots=True)
class Unmade:
    """What an upgrade makes itself or drops only if it is there.

    `rooted`: the whole history up to the migration is known, and made something before it. `cleared`:
    what is dropped under a condition, and spoken of in no other way before it is made; `spoken`: what is.
    So is what the downgrade alone drops, IF EXISTS. The sets are filled when the first question comes: most
    migrations leave none.
    `repeated`: what is dropped under a condition, whatever else is done with it: if an earlier migration
    dropped it already, that is done once more.
    `made`: what the upgrade makes, `offered` what it makes under a condition; `dropped`: what it drops
    whether it is there or not; `restored`: what it drops in either way and the downgrade makes again.
    """

    migration: Migration
    before: State
    rooted: bool
    filled: bool = False
    cleared: set[Thing] = field(default_factory=set)
    repeated: set[Thing] = field(default_factory=set)
    spoken: set[Thing] = field(default_factory=set)
    made: set[Thing] = field(default_factory=set)
    offered: set[Thing] = field(default_factory=set)
    dropped: set[Thing] = field(default_factory=set)
    restored: set[Thing] = field(default_factory=set)

    def __contains__(self, question: object) -> bool:
        """Returns whether nothing but such a drop speaks of the object that is asked for."""
        if not isinstance(question, Exists):
            return False
        kind, name = question.kind, question.name
        if not name.name or kind in ("type", "view"):
            return False
        self._fill()
        thing = _thing(self.before, kind, name, question.part)
        table = self.before.table(name)
        if kind == "table" and table is None and self.before.dropped("table", name):
            return thing in self.repeated
        if thing not in self.cleared:
            return False
        if kind == "table":
            return self.rooted and table is None
        return table is not None and not table.assumed and not _has(self.before, question)

    def makes(self, question: Exists) -> bool:
        """Returns whether the upgrade makes the object itself, or its table, or makes sure of it."""
        self._fill()
        if question.part is not None and self.makes(Exists("table", question.name)):
            return True
        thing = _thing(self.before, question.kind, question.name, question.part)
        if question.kind in ("index", "constraint"):
            return thing in self.made and thing not in self.dropped | self.restored
        return thing in self.offered and thing not in self.spoken | self.dropped

    def _fill(self) -> None:
        """Reads the operations, once."""
        if self.filled:
            return
        self.filled = True
        before = self.before
        made_again = _left_made(before, self.migration.downgrade or ())
        for step in self.migration.upgrade or ():
            thing, made = _dropped(before, step), set(_made(before, step))
            if thing is not None:
                self.restored |= {thing} & made_again
                where = self.cleared if _asks(before, step, thing) else self.dropped
                if where is self.dropped or thing not in self.made:
                    where.add(thing)
            self.spoken |= {*_mentioned(before, step)} - {thing} - made - self.made
            self.made |= made
            if any(isinstance(test.predicate, Exists | Undecided) for test in tests_of(step.guard)):
                self.offered |= made
        self.repeated = self.cleared - self.dropped - made_again
        for step in self.migration.downgrade or ():
            thing = _dropped(before, step)
            if thing is not None and step.conditional and thing not in self.made:
                self.cleared.add(thing)
        self.cleared -= self.spoken | self.dropped | made_again


def _thing(state: State, kind: str, table: Name | None, part: str | None) -> Thing:
    owner = "" if kind == "index" or table is None else str(state.key("table", table))
    return kind, owner, state.fold(part or "")


def _dropped(state: State, step: Operation) -> Thing | None:
    if isinstance(step, DropTable):
        return _thing(state, "table", step.table, None)
    if isinstance(step, DropColumn):
        return _thing(state, "column", step.table, step.name)
    if isinstance(step, DropIndex):
        return _thing(state, "index", None, step.name.name)
    if isinstance(step, DropConstraint) and step.name:
        return _thing(state, "constraint", step.table, step.name)
    return None


def _made(state: State, step: Operation) -> Iterator[Thing]:
    """Yields what there is after the step and was not before."""
    if isinstance(step, CreateTable | CreateTableAs):
        yield _thing(state, "table", step.table, None)
    if isinstance(step, RenameTable):
        yield _thing(state, "table", step.new, None)
    if isinstance(step, RenameColumn):
        yield _thing(state, "column", step.table, step.new)
    columns = step.columns if isinstance(step, CreateTable) else ()
    constraints = step.constraints if isinstance(step, CreateTable | AddColumn) else ()
    indexes = step.indexes if isinstance(step, CreateTable | AddColumn) else ()
    if isinstance(step, AddColumn):
        columns = (step.column,)
    if isinstance(step, AddConstraint):
        constraints = (step.constraint,)
    if isinstance(step, CreateIndex):
        indexes = (step.index,)
    table = getattr(step, "table", None)
    for column in columns:
        yield _thing(state, "column", table, column.name)
    for constraint in constraints:
        if constraint.name:
            yield _thing(state, "constraint", table, constraint.name)
    for index in indexes:
        if index.name:
            yield _thing(state, "index", None, index.name)


def _left_made(state: State, steps: Iterable[Operation]) -> set[Thing]:
    """Returns what steps make and leave there; an index that a constraint takes over bears its name then."""
    found: set[Thing] = set()
    for step in steps:
        found |= {*_made(state, step)}
        if isinstance(step, AddConstraint) and step.constraint.index not in (None, step.constraint.name):
            found.discard(_thing(state, "index", None, step.constraint.index))
    return found


def _mentioned(state: State, step: Operation) -> Iterator[Thing]:
    """Yields what a step speaks of, by whatever kind the name may be of."""
    for table in places(step):
        yield _thing(state, "table", table, None)
        for part in parts(step):
            yield _thing(state, "column", table, part)
            yield _thing(state, "constraint", table, part)
    for part in parts(step):
        yield _thing(state, "index", None, part)


def _asks(state: State, step: Operation, thing: Thing) -> bool:
    """Returns whether a drop is carried out only if there is something to drop.

    A condition that is not understood may ask for a part of a table in its own way, but hardly for a table.
    """
    if step.conditional:
        return True
    asked = [test.predicate for test in tests_of(step.guard)]
    if any(isinstance(one, Exists) and _thing(state, one.kind, one.name, one.part) == thing for one in asked):
        return True
    return thing[0] != "table" and any(isinstance(one, Undecided) for one in asked)


def _has(state: State, question: Exists) -> bool:
    table = state.table(question.name)
    part = state.fold(question.part or "")
    if table is None:
        return False
    if question.kind == "column":
        return part in table.columns
    named = any(state.fold(one.name or "") == part for one in table.constraints)
    return named or (question.kind == "index" and part in table.indexes)
