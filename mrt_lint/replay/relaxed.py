"""Finds where a downgrade tightens again what the upgrade relaxed: rows written meanwhile may not fit."""

from __future__ import annotations

from collections.abc import Iterator

from mrt_lint.classes import dataclass
from mrt_lint.ops.base import Operation
from mrt_lint.ops.columns import AddColumn
from mrt_lint.ops.control import Opaque, PythonCode
from mrt_lint.ops.copied_tables import CreateTableAs
from mrt_lint.ops.data import Insert
from mrt_lint.ops.deletes import Delete, Truncate
from mrt_lint.ops.dropped_columns import DropColumn
from mrt_lint.ops.enforced import checks_keys
from mrt_lint.ops.enums import users
from mrt_lint.ops.tables import RenameTable
from mrt_lint.ops.updates import Update
from mrt_lint.replay.differences import structure
from mrt_lint.replay.tracing import column_now, rows_now, table_now
from mrt_lint.schema.casts import Effect, cast_effect
from mrt_lint.schema.expressions import identifiers, renamed
from mrt_lint.schema.names import Name, Unknown
from mrt_lint.schema.objects import Column, Constraint, EnumType, Index, Table
from mrt_lint.schema.origin import NUMBERED, Filled
from mrt_lint.schema.replacing import replace
from mrt_lint.schema.state import State


@dataclass(frozen=True, slots=True)
class Tightening:
    """What the old schema forbids and the new one allows: `what` in words, on `table` and `part`.

    `check`: the condition of a CHECK.
    """

    table: Name
    part: str | None
    kind: str
    what: str
    check: str | None = None


def tightenings(
    before: State, between: State, after: State, upgrade: list[Operation], downgrade: list[Operation]
) -> Iterator[Tightening]:
    """Yields every relaxation that the downgrade takes back without first handling the new rows.

    A downgrade that updates or deletes rows of the table before it tightens is taken to handle them.
    """
    handled = {
        between.key("table", operation.table)
        for operation in downgrade
        if isinstance(operation, Update | Delete | Truncate)
    }
    for key in sorted({*(between.changed_since(before) or ()), *(after.changed_since(before) or ())}):
        old, middle, new = (state.objects.get(key) for state in (before, between, after))
        if isinstance(old, Table):
            middle = _written_meanwhile(before, between, old.name, upgrade)
            if middle is not None and not _gets_rows_of(between, middle, old.name, downgrade):
                continue
        if isinstance(old, EnumType) and isinstance(middle, EnumType) and isinstance(new, EnumType):
            columns = users(between, old.name)
            if not columns or any(between.key("table", table) not in handled for table, _ in columns):
                yield from _labels(old, middle, new)
        if (
            isinstance(old, Table)
            and isinstance(middle, Table)
            and isinstance(new, Table)
            and key not in handled
        ):
            yield from _columns(between, old, middle, new, downgrade)
            keys = checks_keys(between, downgrade)
            for one in _constraints(before, between, old, middle, new, keys, downgrade):
                if one.check is None or not _implied(between, after, old, middle, new, one.check):
                    yield one


def may_be_handled(
    between: State, found: Tightening, downgrade: list[Operation], tightening: Operation | None
) -> bool:
    """Returns whether code that is not understood may handle the rows before the downgrade tightens."""
    for step in downgrade:
        if step is tightening:
            return False
        tables: tuple[Name, ...] | None = ()
        if isinstance(step, PythonCode):
            tables = step.writes
        elif isinstance(step, Opaque) and (step.data_only or step.tables is None):
            tables = step.tables  # A directive on one table leaves its rows alone.
        if tables is None or any(
            between.key("table", table) == between.key("table", found.table) for table in tables
        ):
            return True
    return False


def _written_meanwhile(before: State, between: State, name: Name, upgrade: list[Operation]) -> Table | None:
    """Returns the table into which new code writes what table `name` got before.

    That is the table of that name, or what it was renamed to; never a mere copy of its rows.
    """
    table = rows_now(before, between, name)
    if table is None or between.key("table", table.name) == before.key("table", name):
        return table
    renamed = {between.key("table", step.new) for step in upgrade if isinstance(step, RenameTable)}
    return table if between.key("table", table.name) in renamed else None


def _gets_rows_of(between: State, middle: Table, name: Name, downgrade: list[Operation]) -> bool:
    """Returns whether rows of `middle` may be in the table that is called `name` after the downgrade.

    They are not where that one is another table, which only gets its name back.
    """
    if any(isinstance(step, Insert | CreateTableAs | PythonCode | Opaque) for step in downgrade):
        return True
    for step in reversed(downgrade):
        if isinstance(step, RenameTable) and between.key("table", step.new) == between.key("table", name):
            name = step.table
    other = between.table(name)
    return other is None or between.key("table", other.name) == between.key("table", middle.name)


def _labels(old: EnumType, middle: EnumType, new: EnumType) -> Iterator[Tightening]:
    if (
        isinstance(old.labels, Unknown)
        or isinstance(middle.labels, Unknown)
        or isinstance(new.labels, Unknown)
    ):
        return
    followed = set(new.labels if new.was is None else new.was)
    added = [
        label
        for label, was in zip(middle.labels, middle.was or middle.labels, strict=True)
        if label not in old.labels
        and label not in new.labels
        # Rows with a label that was renamed follow it back, unless the type is another one by then.
        and not (was in old.labels and was in followed)
    ]
    if added:
        yield Tightening(
            old.name, None, "type", f"rows that hold {', '.join(repr(label) for label in added)}"
        )


def _columns(
    state: State, old: Table, middle: Table, new: Table, downgrade: list[Operation]
) -> Iterator[Tightening]:
    for name, column in old.columns.items():
        if middle.columns.get(name) is column:
            continue
        wide, narrow = column_now(state, middle, old.name, column.name), new.columns.get(name)
        if wide is None or narrow is None or _is_made_anew(state, old.name, narrow, downgrade):
            continue
        if column.nullable is False and wide.nullable is True and narrow.nullable is False:
            yield Tightening(old.name, column.name, "column", f"rows with NULL in {column.name}")
        if _narrows(state, column, wide, narrow):
            yield Tightening(
                old.name, column.name, "column", f"values of {wide.type} that do not fit {narrow.type}"
            )


def _is_made_anew(state: State, table: Name, column: Column, downgrade: list[Operation]) -> bool:
    """Returns whether the downgrade drops a column and adds it again: it holds no value of meanwhile."""
    if not isinstance(column.origin, Filled) and column.origin != NUMBERED:
        return False
    own = (state.key("table", table), state.fold(column.name))
    named = {
        (type(step), state.key("table", step.table), state.fold(name))
        for step in downgrade
        if isinstance(step, AddColumn | DropColumn)
        for name in [step.column.name if isinstance(step, AddColumn) else step.name]
    }
    return {(AddColumn, *own), (DropColumn, *own)} <= named


def _is_on_new_columns(
    state: State, table: Table, constraint: Constraint, downgrade: list[Operation]
) -> bool:
    """Returns whether no value of meanwhile gets to a constraint: the downgrade makes its columns anew.

    NULL in one column keeps a foreign key (unless MATCH FULL) and a unique constraint from looking at others.
    """
    names = constraint.columns or tuple(identifiers(constraint.expression or ""))
    columns = [one for name in names if (one := table.columns.get(state.fold(name))) is not None]
    anew = [one for one in columns if _is_made_anew(state, table.name, one, downgrade)]
    if any(one.origin in (Filled(None), Filled("NULL")) for one in anew):
        if constraint.kind == "foreign" and (constraint.match or "").upper() != "FULL":
            return True
        if constraint.kind == "unique" and not constraint.nulls_not_distinct:
            return True
    return bool(anew) and len(anew) == len(columns)


def _narrows(state: State, old: Column, wide: Column, narrow: Column) -> bool:
    if old.type != narrow.type or wide.type == narrow.type:
        return False
    if isinstance(narrow.type, Unknown) or not narrow.type.exact:
        return False
    widens = cast_effect(old.type, wide.type, state.dialect) is Effect.LOSSLESS
    return widens and cast_effect(wide.type, narrow.type, state.dialect) is not Effect.LOSSLESS


def _constraints(
    before: State,
    between: State,
    old: Table,
    middle: Table,
    new: Table,
    keys: bool,
    downgrade: list[Operation],
) -> Iterator[Tightening]:
    """Yields constraints and unique indexes that are taken back; `keys`: foreign keys are checked."""
    relaxed = [
        c
        for c in old.constraints
        if (keys or c.kind != "foreign") and not _untouched(between, old, middle, c)
    ]
    after = {structure(before, c) for c in new.constraints} if relaxed else set()
    for constraint in relaxed:
        if structure(before, constraint) not in after or (
            constraint.kind == "primary" and constraint.assumed
        ):
            continue
        meanwhile = _renamed(between, old, middle, constraint)
        if meanwhile is None or _is_on_new_columns(between, new, constraint, downgrade):
            continue
        others = (*middle.constraints, *_unique_indexes(middle))
        if not any(_guards_as_much(before, between, meanwhile, other) for other in others):
            check = constraint.expression if constraint.kind == "check" else None
            yield Tightening(old.name, constraint.name, "constraint", _violating(constraint), check)
    uniques = {i.columns for i in middle.indexes.values() if i.unique is True}
    for index in old.indexes.values():
        back = any(other.unique is True and other.columns == index.columns for other in new.indexes.values())
        if index.unique is not True or isinstance(index.columns, Unknown) or not back:
            continue
        if any(_keeps_unique(between, other, index) for other in middle.constraints):
            continue
        if index.columns not in uniques and all(between.fold(c) in middle.columns for c in index.columns):
            yield Tightening(old.name, index.name, "index", f"rows with the same {', '.join(index.columns)}")


def _untouched(state: State, old: Table, middle: Table, constraint: Constraint) -> bool:
    """Returns whether a constraint and its columns are those of before, untouched."""
    if not any(constraint is other for other in middle.constraints):
        return False
    keys = [state.fold(name) for name in constraint.columns] or list(old.columns)
    return all(old.columns.get(key) is middle.columns.get(key) for key in keys)


def _unique_indexes(table: Table) -> Iterator[Constraint]:
    """Yields as constraints the unique indexes over columns that hold for every row of a table."""
    for index in table.indexes.values():
        if index.unique is True and index.where is None and not isinstance(index.columns, Unknown):
            yield Constraint("unique", index.name, index.columns)


def _keeps_unique(state: State, constraint: Constraint, index: Index) -> bool:
    """Returns whether a key keeps out every row that a unique index keeps out."""
    if constraint.kind not in ("primary", "unique") or not constraint.columns:
        return False
    nulls_distinct = not any(name == "nulls_not_distinct" for name, _ in index.options)
    names = {state.fold(name) for name in index.columns} if not isinstance(index.columns, Unknown) else set()
    return nulls_distinct and {state.fold(name) for name in constraint.columns} <= names


def _renamed(state: State, old: Table, middle: Table, constraint: Constraint) -> Constraint | None:
    """Returns the constraint with its columns as they are called meanwhile, None if one is not there."""
    names: dict[str, str] = {}
    for column in old.columns.values():
        now = column_now(state, middle, old.name, column.name)
        if now is not None:
            names[state.fold(column.name)] = now.name
    if not all(state.fold(name) in names for name in constraint.columns):
        return None
    columns = tuple(names[state.fold(name)] for name in constraint.columns)
    expression = constraint.expression
    words = identifiers(expression) if expression else set()
    said = {key for key in map(state.fold, words) if key in old.columns}
    if said and not said & names.keys():
        return None  # Rows written meanwhile have none of its columns: the downgrade fills these itself.
    changed = {old.columns[key].name: new for key, new in names.items() if state.fold(new) != key}
    if expression is not None and changed:
        # By way of names that stand for nothing else: two columns may have changed theirs.
        for place, name in enumerate(changed):
            expression = renamed(expression, name, f"_renamed_{place}_")
        for place, name in enumerate(changed.values()):
            expression = renamed(expression, f"_renamed_{place}_", name)
    return replace(constraint, columns=columns, expression=expression)


def _guards_as_much(before: State, between: State, old: Constraint, other: Constraint) -> bool:
    """Returns whether a constraint of the new schema keeps out what the old one did.

    A foreign key whose target was renamed is the same one; a key over fewer columns keeps out more.
    """
    keys = ("primary", "unique")
    if old.kind in keys and other.kind in keys and other.columns and not old.nulls_not_distinct:
        return {between.fold(name) for name in other.columns} <= {between.fold(name) for name in old.columns}
    if old.kind != other.kind:
        return False
    if old.kind == "check" and old.expression and other.expression:
        from mrt_lint.sql.allowed import allows_no_more

        if allows_no_more(other.expression, old.expression, between.dialect):
            return True
    if old.kind != "foreign" or old.ref_table is None or other.ref_table is None:
        return structure(before, old) == structure(before, other)
    target = table_now(before, between, old.ref_table)
    name = target.name if target is not None else old.ref_table
    return old.columns == other.columns and between.key("table", name) == between.key(
        "table", other.ref_table
    )


def _implied(between: State, after: State, old: Table, middle: Table, new: Table, check: str) -> bool:
    """Returns whether no row that the new schema lets in violates a check: NOT NULL or its own checks say so.

    Only of columns that the downgrade leaves as they are, or adds anew with NULL in every row.
    """
    from mrt_lint.sql.implied import is_implied
    from mrt_lint.sql.nulls import holds_without_nulls

    def present(name: str) -> bool:
        column = old.columns.get(between.fold(name))
        now = column_now(between, middle, old.name, column.name) if column is not None else None
        back = new.columns.get(between.fold(name))
        if now is None or back is None or now.nullable is not False or not now.sure:
            return False
        return after.origin(new, back) == between.origin(middle, now)

    def absent(name: str) -> bool:
        back = new.columns.get(between.fold(name))
        return (
            back is not None
            and between.fold(name) not in middle.columns
            and after.origin(new, back) in (Filled(None), Filled("NULL"))
        )

    def untouched(name: str) -> bool:
        now, back = middle.columns.get(between.fold(name)), new.columns.get(between.fold(name))
        if now is None or back is None or between.fold(name) not in old.columns:
            return False
        return after.origin(new, back) == between.origin(middle, now)

    if holds_without_nulls(check, present, between.dialect):
        return True
    named = {name for name in identifiers(check) if between.fold(name) in old.columns}
    if not all(absent(name) or untouched(name) for name in named):
        return False
    known = [c.expression for c in middle.constraints if c.kind == "check" and c.validated and c.sure]
    told = [text for text in known if text is not None]
    return is_implied(check, told, between.dialect, absent=absent, present=present)


def _violating(constraint: Constraint) -> str:
    columns = ", ".join(constraint.columns)
    if constraint.kind in ("primary", "unique"):
        return f"rows with the same {columns}"
    if constraint.kind == "foreign":
        return f"rows whose {columns} refers to nothing in {constraint.ref_table}"
    return f"rows that violate {constraint.expression or constraint.name}"
