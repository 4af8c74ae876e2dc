"""Runs operations on a State, once for every way in which undecidable conditions can turn out."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import field, replace

from mrt_lint.classes import dataclass
from mrt_lint.ops.base import Operation
from mrt_lint.ops.control import Probe, Refuse
from mrt_lint.ops.copied_tables import CreateTableAs
from mrt_lint.ops.guard import (
    ALWAYS,
    NEVER,
    ColumnIs,
    DialectIs,
    EntryIs,
    Exists,
    Guard,
    Test,
    Undecided,
    database_answers,
    resolve,
    specialised,
)
from mrt_lint.ops.listed import DropListed
from mrt_lint.ops.tables import CreateTable
from mrt_lint.replay.attempts import Attempts, is_attempt, key_of
from mrt_lint.replay.emptiness import empty_along
from mrt_lint.replay.fusing import fused
from mrt_lint.schema.names import Key, Name, Unknown
from mrt_lint.schema.objects import Column, Constraint, Index, Table
from mrt_lint.schema.reflected_types import reflected_as
from mrt_lint.schema.state import Assumption, State

MOST = 8
"""Scenarios explored per direction; a migration with more counts as not understood."""

SETTING = "setting: "
"""How the key of a condition begins that is the same in upgrade and downgrade."""

SCHEMA = "schema: "
"""How a question to the schema begins that the history does not answer."""

ENTRY = "an entry's "
"""How a question to the entries of a list of the schema begins."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One way in which a direction can run.

    `steps`: (state before, operation) as executed. `decisions`: how each undecidable condition
    was taken to turn out. `refused`: the operation that raised on purpose. `answers`: to every
    question to the schema, by its test; `questions`: those that are among the decisions. `doubted`:
    every `try` of which an operation may fail for what is in the rows or not known of the schema.
    `against`: how many of the questions were answered against all that the history says. `empty`: tables
    (by their keys of before the migration) that held no rows then, since it has looked.
    """

    state: State
    steps: tuple[tuple[State, Operation], ...]
    decisions: Mapping[str, bool]
    refused: Refuse | None = None
    answers: Mapping[str, bool] = field(default_factory=dict)
    questions: Mapping[str, Exists] = field(default_factory=dict)
    doubted: frozenset[str] = frozenset()
    against: int = 0
    empty: frozenset[Key] = frozenset()

    @property
    def course(self) -> tuple[object, ...]:
        """Returns what tells it from other outcomes: what ran, and what the other direction asks again."""
        ran = tuple(id(step) for _, step in self.steps)
        faults = tuple(id(fault.operation) for fault in self.state.faults)
        return (ran, faults, tuple(sorted(self.settings.items())), self.empty)

    @property
    def acts(self) -> int:
        """Returns how many operations change something."""
        failed = {id(fault.operation) for fault in self.state.faults if fault.sure}
        return sum(step.has_effect and id(step) not in failed for _, step in self.steps)

    @property
    def meant(self) -> tuple[bool, int, int]:
        """Returns how likely it is what the migration is there for: the greatest is."""
        return (self.refused is None, -self.against, self.acts)

    @property
    def settings(self) -> dict[str, bool]:
        """Returns the decisions that hold for the downgrade too."""
        return {key: value for key, value in self.decisions.items() if key.startswith(SETTING)}


@dataclass(slots=True)
class _Answers:
    """Answers the tests of guards, and notes what had to be decided without knowing.

    `said`: what an earlier migration tells of what was decided; `missed`: when a table was decided not to be
    there.
    """

    given: Mapping[str, bool]
    asked: dict[str, bool] = field(default_factory=dict)
    attempts: Attempts = field(default_factory=Attempts)
    memory: dict[str, bool] = field(default_factory=dict)
    questions: dict[str, Exists] = field(default_factory=dict)
    said: dict[str, bool] = field(default_factory=dict)
    missed: dict[str, State] = field(default_factory=dict)
    state: State | None = None
    looked: dict[str, tuple[Key, ...]] = field(default_factory=dict)
    empty: set[Key] = field(default_factory=set)

    def __call__(self, test: Test) -> bool | None:
        predicate = test.predicate
        if isinstance(predicate, DialectIs):
            return self.state is not None and predicate.holds(self.state.dialect)
        if is_attempt(test):
            self.asked.setdefault(key_of(test), self.given.get(key_of(test), True))
            return self.attempts.answer(test, self.given)
        if isinstance(predicate, Undecided):
            holds = self._decide(SETTING + predicate.key if predicate.setting else predicate.key)
            if predicate.rows_of is not None and not holds:
                self.empty.update(self.looked.get(predicate.key, ()))
            return holds
        if isinstance(predicate, EntryIs):
            return self._decide(f"{ENTRY}{predicate.fact} is {', '.join(predicate.values)}")
        identity = test.id or repr(predicate)
        if identity not in self.memory:
            known = exists(self.state, predicate) if self.state is not None else None
            if known is None and isinstance(predicate, Exists):
                known = self._answered(predicate)
            elif known is None:
                known = self._decide(describe(predicate))
            self.memory[identity] = known
        return self.memory[identity]

    def outcome(
        self, state: State, steps: Sequence[tuple[State, Operation]], refused: Refuse | None = None
    ) -> Outcome:
        """Returns the outcome of the run, without the decisions that its course has shown."""
        asked = {key: value for key, value in self.asked.items() if key not in self.attempts.proven}
        doubted = frozenset(self.attempts.doubted)
        empty = frozenset(self.empty)
        against = sum(asked.get(key, said) is not said for key, said in self.said.items())
        return Outcome(
            state, tuple(steps), asked, refused, self.memory, self.questions, doubted, against, empty
        )

    def look(self, state: State, predicate: Undecided) -> None:
        """Notes which tables are empty if the one that is looked at is.

        Met twice, as in a loop, the question may have two answers.
        """
        table = state.table(predicate.rows_of) if predicate.rows_of is not None else None
        again = table is None or predicate.key in self.looked
        self.looked[predicate.key] = () if again or table is None else empty_along(state, table)

    def _answered(self, question: Exists) -> bool:
        """Returns the answer to a question to the schema: of a table that was not found, no part is.

        Unless something has been done since.
        """
        key = f"{SCHEMA}{describe(question)}"
        table = describe(Exists("table", question.name))
        if question.part is not None and self.state is not None and self.missed.get(table) is self.state:
            return False
        self.questions.setdefault(key, question)
        if self.state is not None and left_there(self.state, question):
            self.said.setdefault(key, True)
        answer = self._decide(key)
        if question.kind == "table" and not answer and self.state is not None:
            self.missed[table] = self.state
        return answer

    def _decide(self, key: str) -> bool:
        value = self.given.get(key, True)
        self.asked.setdefault(key, value)
        return value


def exists(state: State, predicate: Exists | ColumnIs) -> bool | None:
    """Returns whether the schema holds an object or a column is as asked, None if that is not known."""
    if isinstance(predicate, ColumnIs):
        return _is(state, predicate)
    kind, name = predicate.kind, predicate.name
    if kind in ("type", "view"):
        found = state.get(kind, name)
        if found is not None:
            return True if found.sure else None
        return False if state.absent(kind, name) else None
    if not name.name:
        answers = [exists(state, Exists(kind, table.name, predicate.part)) for table in state.tables()]
        if True in answers:
            return True
        return False if state.complete and None not in answers else None
    table = state.table(name)
    if table is None:
        return False if state.absent("table", name) else None
    if kind == "table":
        return True if table.sure else None
    part = state.fold(predicate.part or "")
    found_parts = _parts(state, table, kind, part)
    present, sure = bool(found_parts), any(found.sure for found in found_parts)
    if present:
        return True if sure and table.sure else None
    known = state.knows_all_of(table) or (kind, part) in table.gone
    return False if known else None


def _parts(state: State, table: Table, kind: str, part: str) -> list[Column | Constraint | Index]:
    """Returns what a table has under a name; a unique constraint has an index of its name."""
    if kind == "column":
        return [table.columns[part]] if part in table.columns else []
    named: list[Column | Constraint | Index] = [
        one
        for one in table.constraints
        if one.name is not None and state.fold(one.name) == part and (kind != "index" or one.kind == "unique")
    ]
    return [*named, table.indexes[part]] if kind == "index" and part in table.indexes else named


def left_there(state: State, predicate: Exists) -> bool:
    """Returns whether an earlier migration tells that there is what it is not known to be.

    It found, in the way that it is there for, the table that others make, and saw to its parts: who finds the
    table later finds these too, unless others make it anew in between.
    """
    table = state.table(predicate.name) if predicate.kind not in ("type", "view") else None
    if table is None or table.sure:
        return False
    if predicate.kind == "table":
        return state.is_of_others(state.key("table", predicate.name))
    found = _parts(state, table, predicate.kind, state.fold(predicate.part or ""))
    return any(part.sure for part in found)


def _is(state: State, predicate: ColumnIs) -> bool | None:
    column = state.column(predicate.table, predicate.column)
    if column is None or not column.sure:
        return None
    if predicate.what == "nullable":
        return None if isinstance(column.nullable, Unknown) else column.nullable
    kind = column.type
    return None if isinstance(kind, Unknown) else reflected_as(kind, predicate.classes, state.dialect)


def describe(predicate: Exists | ColumnIs) -> str:
    """Returns the question in words."""
    if isinstance(predicate, ColumnIs):
        what = f"of type {' or '.join(predicate.classes)}" if predicate.classes else predicate.what
        return f"column {predicate.table}.{predicate.column} is {what}"
    owner = str(predicate.name) if predicate.name.name else ""
    subject = ".".join(text for text in (owner, predicate.part) if text)
    return f"{predicate.kind} {subject} exists"


def questions(assumption: Assumption) -> tuple[str, ...]:
    """Returns the keys under which it is decided whether what an assumption says is there."""
    table = f"{SCHEMA}table {assumption.table} exists"
    if assumption.kind == "object":
        return (f"{SCHEMA}{assumption.value.kind} {assumption.table} exists",)
    if assumption.kind == "table":
        return (table,)
    return (f"{SCHEMA}{assumption.kind} {assumption.table}.{assumption.value.name} exists", table)


Prepared = Sequence[tuple[Operation, Guard]]
"""Operations with what is left of their guards once the database is known."""


def prepared(state: State, operations: Sequence[Operation]) -> Prepared:
    """Returns the operations that may run on the database of a state."""
    answer = database_answers(state.dialect)
    guards: dict[int, Guard] = {}
    found = []
    for operation in operations:
        guard = guards.get(id(operation.guard))
        if guard is None:
            guard = guards[id(operation.guard)] = specialised(operation.guard, answer)
        if guard != NEVER:
            found.append((operation, guard))
    return fused(found)


def run(state: State, operations: Prepared, given: Mapping[str, bool]) -> Outcome:
    """Returns what happens when undecidable conditions turn out as given (those not given: true)."""
    answers = _Answers(given)
    steps: list[tuple[State, Operation]] = []
    for operation, guard in operations:
        answers.state = state
        if guard != ALWAYS and not resolve(guard, answers):
            continue
        if isinstance(operation, Probe):
            asked = operation.test.predicate
            if isinstance(asked, Undecided) and asked.rows_of is not None:
                answers.look(state, asked)
                continue
            if is_attempt(operation.test):
                answers.attempts.reached_end(operation.test)
            resolve(operation.test, answers)
        elif isinstance(operation, Refuse):
            steps.append((state, operation))
            return answers.outcome(state, steps, operation)
        else:
            found = operation.drops(state) if isinstance(operation, DropListed) else None
            for step in (operation,) if found is None else found:
                state = answers.attempts.carried_out(step, guard, state, steps)
    return answers.outcome(_without_temporary(state, steps), steps)


def _without_temporary(state: State, steps: Sequence[tuple[State, Operation]]) -> State:
    """Returns the state without what is temporary: it ends with the connection, so with the direction."""
    names = [
        step.table for _, step in steps if isinstance(step, CreateTable | CreateTableAs) and step.temporary
    ]
    for name in names:
        if state.table(name) is not None:
            state = state.drop("table", name)
    for key in (state.changed_since(steps[0][0]) or ()) if steps else ():
        if key.schema == "pg_temp" and state.get(key.kind, Name(key.name, key.schema)) is not None:
            state = state.drop(key.kind, Name(key.name, key.schema))
    return state


def explore(
    state: State, operations: Prepared, fixed: Mapping[str, bool] | None = None
) -> tuple[tuple[Outcome, ...], bool]:
    """Returns every outcome that differs from the others, and whether there were too many."""
    found: dict[tuple[object, ...], Outcome] = {}
    waiting: list[dict[str, bool]] = [dict(fixed or {})]
    tried = refused = 0
    while waiting and len(found) - refused < MOST and tried < MOST * MOST:
        given = waiting.pop(0)
        outcome = run(state, operations, given)
        tried += 1
        if outcome.course not in found:
            found[outcome.course] = outcome
            # Checks that raise come one after the other; each way that ends in one says little.
            refused += outcome.refused is not None and not outcome.refused.mistaken
        waiting += flips(given, outcome.decisions)
    if waiting:
        best = busiest(state, operations, max(found.values(), key=lambda outcome: outcome.acts))
        found.setdefault(best.course, best)
    return tuple(found.values()), bool(waiting)


def busiest(state: State, operations: Prepared, best: Outcome, unmade: Container[Exists] = ()) -> Outcome:
    """Returns the outcome in which questions to the schema are answered so that most is done.

    What a migration is there for is among the ways in which all of `if not has_table(..)` turn out.
    `unmade`: questions of which the history says no as far as it is understood.
    """
    best = weighing(best, unmade)
    for key in [key for key in best.decisions if key.startswith(SCHEMA)]:
        if key not in best.decisions:
            continue  # an answer taken meanwhile leaves nothing to ask there
        other = weighing(run(state, operations, {**best.decisions, key: not best.decisions[key]}), unmade)
        if other.meant > best.meant:
            best = other
    return best


def weighing(outcome: Outcome, unmade: Container[Exists]) -> Outcome:
    """Returns the outcome with the number of answers that speak of what no migration made."""
    against = sum(outcome.decisions[key] and asked in unmade for key, asked in outcome.questions.items())
    return replace(outcome, against=outcome.against + against) if against else outcome


def flips(given: Mapping[str, bool], decisions: Mapping[str, bool]) -> list[dict[str, bool]]:
    """Returns the ways that a run has not taken: one of its decisions otherwise, those before it as taken."""
    taken, others = dict(given), []
    for key, value in decisions.items():
        if key not in given:
            others.append({**taken, key: not value})
            taken[key] = value
    return others
