"""Compares two States: names and definitions. The one comparison for the replay and for live databases."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from typing import Any

from mrt_lint.classes import dataclass
from mrt_lint.ops.conventions import is_within, may_be_called_otherwise, may_name
from mrt_lint.ops.enums import LABELS_OF_RUN_TIME, as_mere_type
from mrt_lint.ops.sequences import is_serial, serial_column
from mrt_lint.ops.taken_names import shares_names
from mrt_lint.replay.called import as_called_before
from mrt_lint.replay.keys import as_indexes
from mrt_lint.replay.tracing import column_now, table_now
from mrt_lint.roundtrip import GIVEN_NAME
from mrt_lint.schema.dialects import FACTS, MYSQL
from mrt_lint.schema.expressions import folded
from mrt_lint.schema.names import UNKNOWN, Key, Name, Unknown
from mrt_lint.schema.objects import AnyObject, Column, Constraint, EnumType, Index, SchemaObject, Table
from mrt_lint.schema.origin import Filled
from mrt_lint.schema.state import State
from mrt_lint.schema.types import SqlType


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference: `how` is "left" (only after), "lost" (only before), "changed" or "unknown".

    `kind` of the object, `table` and `part` its place, `field` the part of its definition that
    differs, `old` and `new` its values there. "unknown": it was replaced, and what it was is not known.
    """

    how: str
    kind: str
    table: Name | None
    part: str | None
    field: str = ""
    old: Any = None
    new: Any = None


_COLUMN_FIELDS = ("type", "nullable", "default", "identity", "autoincrement", "generated", "comment")
_INDEX_FIELDS = ("columns", "unique", "method", "where", "include", "options")
_CONSTRAINT_FIELDS = (
    "kind", "columns", "expression", "ref_table", "ref_columns", "ondelete", "onupdate",
    "deferrable", "initially", "match", "validated", "nulls_not_distinct",
)  # fmt: skip


def differences(before: State, after: State, between: State | None = None) -> Iterator[Difference]:
    """Yields every difference in names and definitions, sorted by object.

    `between` (after the upgrade, before the downgrade) tells, where a definition before is not
    known, whether the downgrade changed back at all what the upgrade had changed.
    """
    keys = after.changed_since(before)
    if keys is None:
        keys = sorted({*before.objects.keys(), *after.objects.keys()})
    for key in keys:
        yield from _object(before, after, between, key)


def _present(state: State | None, key: Key) -> AnyObject | None:
    if state is None:
        return None
    found = state.objects.get(key)
    return None if found is None or not hasattr(found, "kind") else found  # type: ignore[return-value]


def _object(before: State, after: State, between: State | None, key: Key) -> Iterator[Difference]:
    old, new, middle = _present(before, key), _present(after, key), _present(between, key)
    if isinstance(old, Table) and between is not None:
        middle = table_now(before, between, old.name)
    if old is new or (old is None and new is None):
        return
    if isinstance(old, Table) or isinstance(new, Table):
        yield from _tables(old, new, middle, after, before)  # type: ignore[arg-type]
        return
    some = old or new
    assert some is not None
    owner = getattr(some, "table", None)
    if old is None or new is None:
        if key.kind == "other" and old is not None and _index_somewhere(after, key.name):
            return
        other = before if old is None else after
        if isinstance(some, SchemaObject) and _of_a_column(other, some):
            return
        if isinstance(old, SchemaObject) and _of_another_name(after, old):
            return
        how = "left" if old is None else "lost"
        if owner is not None and some.name.name.startswith("index "):
            yield Difference(how, "index", owner, some.name.name.removeprefix("index "))
            return
        yield Difference(how, key.kind, some.name, None, new=owner)
        return
    old, new = _comparable(old, new), _comparable(new, old)
    if _of_run_time(old) != _of_run_time(new):
        yield Difference("unknown", key.kind, some.name, None)
        return
    yield from _fields(key.kind, some.name, None, old, new, middle, _fields_of(old, new))


def _comparable(one: AnyObject, other: AnyObject) -> AnyObject:
    """Returns an enum whose labels are not known as the mere type that a single label made of the other."""
    if isinstance(one, EnumType) and isinstance(one.labels, Unknown) and isinstance(other, SchemaObject):
        return as_mere_type(one.name, one.assumed)
    return one


def _of_run_time(one: AnyObject) -> bool:
    """Returns whether a type was made with labels known only at run time."""
    return isinstance(one, SchemaObject) and LABELS_OF_RUN_TIME in one.details


def _of_a_column(state: State, sequence: SchemaObject) -> bool:
    """Returns whether the sequence is there also where it does not stand for itself: a column has it."""
    if sequence.kind != "sequence":
        return False
    return is_serial(sequence) or serial_column(state, sequence.name) is not None


def _of_another_name(state: State, sequence: SchemaObject) -> bool:
    """Returns whether a numbered column has its sequence in the other state too, under another name.

    A renamed table keeps the name of the sequence; made anew it gets one after its own.
    """
    details = dict(sequence.details)
    if sequence.kind != "sequence" or details.keys() != {"column", "serial"} or sequence.table is None:
        return False
    column = state.column(sequence.table, details.get("column", ""))
    return column is not None and bool(column.identity or column.autoincrement)


def _index_somewhere(state: State, loose: str) -> bool:
    name = loose.removeprefix("index ")
    return any(name in table.indexes for table in state.tables())


def _fields_of(old: AnyObject, new: AnyObject) -> tuple[str, ...]:
    if type(old) is not type(new):
        return ("kind",)
    skip = {"kind", "name", "assumed", "sure", "table"}
    return tuple(field.name for field in fields(old) if field.compare and field.name not in skip)


def _tables(
    old: Table | None, new: Table | None, middle: Table | None, after: State, before: State
) -> Iterator[Difference]:
    some = old or new
    assert some is not None
    if old is None or new is None:
        if not some.temporary:
            yield Difference("left" if old is None else "lost", "table", some.name, None)
        return
    name = old.name
    if middle is not None and middle.complete and not old.complete:
        middle = None  # The upgrade made it anew: what it states need not be what it changes.
    for one in _fields("table", name, None, old, new, middle, ("comment", "options")):
        # Nothing says what a table that no migration made had, unless the upgrade set it and it is left so.
        said = one.old or before.knows_all_of(old)
        left = middle is not None and getattr(middle, one.field) == one.new
        yield one if said else replace(one, how=one.how if left else "unknown", old=UNKNOWN)
    for key in dict.fromkeys([*old.columns, *new.columns]):
        if old.columns.get(key) is new.columns.get(key):
            continue
        in_middle = column_now(before, middle, name, key) if middle else None
        yield from _columns(name, old.columns.get(key), new.columns.get(key), in_middle, old, before)
    new = as_called_before(old, new, before, after)
    # Made again by the downgrade in a table that is not fully known: it may have been there before.
    # So may what is dropped by a part of the upgrade that is not understood.
    known = before.knows_all_of(old) and new.complete
    kept = () if known or middle is None else middle.constraints
    constraints = _constraints(name, old, new, after, None if known else kept)
    yield from as_indexes([*constraints, *_indexes(name, old, new, middle, known, after)], before.dialect)


def _columns(
    table: Name, old: Column | None, new: Column | None, middle: Column | None, owner: Table, before: State
) -> Iterator[Difference]:
    if old is new:
        return
    if old is None:
        assert new is not None
        if not before.knows_all_of(owner) and middle is None:
            # Re-created by the downgrade in a table that is not fully known: it may have been there.
            yield Difference("unknown", "column", table, new.name)
            return
        yield Difference("left", "column", table, new.name)
        return
    if new is None:
        yield Difference("lost", "column", table, old.name)
        return
    for one in _fields("column", table, old.name, old, new, middle, _COLUMN_FIELDS):
        # Nothing says how a column that is merely presupposed gets its values.
        said = not (old.assumed and one.field in ("identity", "autoincrement", "generated"))
        may_be_same = one.field == "type" and isinstance(old.type, Unknown) and _is_older(new.type, before)
        # What stands in a column that was made anew may have stood in the old one too.
        anew = isinstance(new.origin, Filled) and isinstance(one.old, Unknown)
        yield replace(one, how="unknown") if may_be_same or anew or not (said or one.old) else one


def _is_older(kind: SqlType | Unknown, before: State) -> bool:
    """Returns whether a type of this name was there before: swapped for one with other labels, perhaps."""
    return isinstance(kind, SqlType) and before.get("type", Name(kind.name, kind.schema)) is not None


def _fields(
    kind: str,
    table: Name | None,
    part: str | None,
    old: object,
    new: object,
    middle: object | None,
    names: tuple[str, ...],
) -> Iterator[Difference]:
    for field in names:
        before, after = getattr(old, field), getattr(new, field)
        between = getattr(middle, field, UNKNOWN) if middle is not None else UNKNOWN
        how = _changed(before, after, between, untouched=middle is new)
        if how is not None:
            yield Difference(how, kind, table, part, field, before, after)


def _changed(before: Any, after: Any, between: Any, untouched: bool) -> str | None:
    """Returns "changed", "unknown" or None (the same) for one field of a definition.

    Where it is not known before, it has changed if the upgrade set it and the downgrade left it.
    """
    if before == after:
        return None
    if isinstance(before, Unknown):
        return "changed" if untouched and after == between else "unknown"
    if isinstance(after, Unknown):
        return "unknown"
    if isinstance(before, SqlType) and isinstance(after, SqlType) and not (before.exact and after.exact):
        return "changed" if before.name != after.name else "unknown"
    return "changed"


def structure(state: State, constraint: Constraint) -> tuple[Any, ...]:
    """Returns what makes two constraints the same apart from their name."""
    reference = state.key("table", constraint.ref_table) if constraint.ref_table is not None else None
    columns = tuple(state.fold(column) for column in constraint.columns)
    if constraint.kind == "check":
        columns = ()
    same = ("expression", *_CONSTRAINT_FIELDS[5:])
    targets = tuple(state.fold(column) for column in constraint.ref_columns)
    return (
        constraint.kind,
        columns,
        reference,
        targets,
        *(_value(state, constraint, field) for field in same),
    )


def _value(state: State, constraint: Constraint, field: str) -> Any:
    """Returns a field of a constraint, a condition as it compares where names fold."""
    value = getattr(constraint, field)
    return (
        folded(value, state.fold) if field == "expression" and value and FACTS[state.dialect].folds else value
    )


def _constraints(
    table: Name, old: Table, new: Table, state: State, between: tuple[Constraint, ...] | None
) -> Iterator[Difference]:
    """Yields differences of constraints; `between`: those after the upgrade of a table not fully known."""
    before = [c for c in old.constraints if not _among(c, new.constraints)]
    after = [c for c in new.constraints if not _among(c, old.constraints)]
    for match in (
        _same_place,
        _same_automatic,
        _same_name,
        _same_structure,
        _same_by_convention,
        _same_reference,
        _both_primary,
    ):
        for constraint in list(before):
            twin = next((other for other in after if match(state, constraint, other)), None)
            if twin is None:
                continue
            before.remove(constraint)
            after.remove(twin)
            yield from _constraint_pair(table, constraint, twin, state)
    for constraint in list(before):
        # A table has one primary key: the presupposed one may be the very one that the downgrade makes.
        presupposed = constraint.kind == "primary" and constraint.assumed and not constraint.columns
        named = (c for c in after if c.automatic and may_name(state, constraint.name, c.columns))
        meant = next((c for c in named if constraint.kind in (UNKNOWN, c.kind)), None)
        if constraint.assumed and meant is not None:
            before.remove(constraint)
            after.remove(meant)
            yield Difference("unknown", meant.word, table, constraint.called, old=constraint, new=meant)
            continue
        left = [c for c in after if any(c is one for one in between)] if between is not None else after
        twin = next((c for c in after if c.kind == "primary" and c not in left), None)
        if presupposed and twin is not None:
            before.remove(constraint)
            after.remove(twin)
            yield Difference("unknown", constraint.word, table, twin.called, old=constraint, new=twin)
    for constraint in before:
        yield Difference("lost", constraint.word, table, constraint.called, old=constraint)
    for constraint in after:
        how = "left" if between is None or constraint in between else "unknown"
        yield Difference(how, constraint.word, table, constraint.called, new=constraint)


def _among(one: Constraint | Index, others: Sequence[Constraint | Index | None]) -> bool:
    """Returns whether one of the others is the same, whether it is there on all ways or not."""
    return one in others or any(
        other is not None and other.sure != one.sure and replace(other, sure=one.sure) == one
        for other in others
    )


def _same_place(state: State, one: Constraint, other: Constraint) -> bool:
    return _same_name(state, one, other) and structure(state, one) == structure(state, other)


def _same_name(state: State, one: Constraint | Index, other: Constraint | Index) -> bool:
    if one.name is None or other.name is None or state.fold(one.name) != state.fold(other.name):
        return False
    if isinstance(one, Index) or isinstance(other, Index):
        return True
    if isinstance(one.kind, Unknown) or isinstance(other.kind, Unknown):
        return True
    return shares_names(state.dialect, one.kind, other.kind)


def _same_automatic(state: State, one: Constraint, other: Constraint) -> bool:
    """Returns whether two are the same under names that the database numbers (`orders_chk_1`)."""
    return one.automatic and other.automatic and _same_structure(state, one, other)


def _same_by_convention(state: State, one: Constraint, other: Constraint) -> bool:
    """Returns whether a naming convention that is not known may give both checks the same name."""
    if state.names_known or one.name is None or other.name is None or other.kind != "check":
        return False
    if one.kind != "check" and not (one.assumed and isinstance(one.kind, Unknown)):
        return False
    return is_within(state, one.name, other.name) or is_within(state, other.name, one.name)


def _both_primary(state: State, one: Constraint, other: Constraint) -> bool:
    """Returns whether both are the primary key, of which a table has one: it has other columns then."""
    known = not one.assumed and not other.assumed and bool(one.columns and other.columns)
    return known and one.kind == other.kind == "primary"


def _same_structure(state: State, one: Constraint, other: Constraint) -> bool:
    return structure(state, one) == structure(state, other)


def _same_reference(state: State, one: Constraint, other: Constraint) -> bool:
    return one.kind == "foreign" and structure(state, one)[:4] == structure(state, other)[:4]


def _constraint_pair(table: Name, old: Constraint, new: Constraint, state: State) -> Iterator[Difference]:
    part = old.name or new.name or old.called
    by_convention = not _same_name(state, old, new) and _same_by_convention(state, old, new)
    if isinstance(old.kind, Unknown) or old.assumed or by_convention:
        yield Difference("unknown", new.word, table, part)
        return
    if structure(state, old) != structure(state, new):
        field = next(f for f in _CONSTRAINT_FIELDS if _value(state, old, f) != _value(state, new, f))
        yield Difference("changed", old.word, table, part, field, getattr(old, field), getattr(new, field))
    elif (named := _another_name(state, old, new)) is not None:
        yield Difference("changed", old.word, table, part, named, old.name, new.name)


def _another_name(state: State, old: Constraint | Index, new: Constraint | Index) -> str | None:
    """Returns the field of the difference between two names, None where there is surely none.

    MySQL's own names number foreign keys by what else is there, and are those of its primary keys in any
    case, so of them little is said; nor of a name that a naming convention may have given where it is
    not known.
    """
    if _same_name(state, old, new):
        return None
    if old.automatic == new.automatic:
        known = bool(old.name and new.name) and (not old.automatic or state.dialect == "postgresql")
        return "name" if known else None
    if state.dialect in MYSQL and (isinstance(old, Index) or old.kind == "primary"):
        return None
    return GIVEN_NAME if state.names_known else None


def _indexes(
    table: Name, old: Table, new: Table, middle: Table | None, known: bool, state: State
) -> Iterator[Difference]:
    before = {key: index for key, index in old.indexes.items() if not _among(index, [new.indexes.get(key)])}
    after = {key: index for key, index in new.indexes.items() if not _among(index, [old.indexes.get(key)])}
    for key in sorted(before.keys() & after.keys()):
        one, other = before.pop(key), after.pop(key)
        if one.assumed:
            yield Difference("unknown", "index", table, one.name)
            continue
        yield from _fields(
            "index", table, one.name, one, other, middle.indexes.get(key) if middle else None, _INDEX_FIELDS
        )

    def loosely(one: Index, other: Index) -> bool:
        return any(may_be_called_otherwise(state, table, index) for index in (one, other))

    for key, index in list(before.items()):
        twin = next(
            (
                k
                for k, other in after.items()
                if _alike(index, other)
                and (
                    index.automatic or other.automatic or _serve_alike(index, other) or loosely(index, other)
                )
            ),
            None,
        )
        if twin is not None:
            same = loosely(index, after[twin]) or _serve_alike(index, after[twin])
            named = None if same else _another_name(state, index, after[twin])
            if named is not None:
                yield Difference("changed", "index", table, index.name, named, index.name, after[twin].name)
            del before[key], after[twin]
    for key, index in list(before.items()):
        fitting = (k for k, other in after.items() if may_name(state, index.name, other.columns))
        twin = next((k for k in fitting if index.assumed and loosely(index, after[k])), None)
        if twin is not None:
            yield Difference("unknown", "index", table, index.name, old=index, new=after[twin])
            del before[key], after[twin]
    for index in before.values():
        yield Difference("lost", "index", table, index.name, old=index)
    for key, index in after.items():
        made_by_upgrade = known or (middle is not None and key in middle.indexes)
        yield Difference("left" if made_by_upgrade else "unknown", "index", table, index.name, new=index)


def _serve_alike(one: Index, other: Index) -> bool:
    """Returns whether both are there for nothing but a foreign key, whatever they are called (MySQL)."""
    return one.implied and other.implied


def _alike(one: Index, other: Index) -> bool:
    return all(getattr(one, field) == getattr(other, field) for field in _INDEX_FIELDS)
