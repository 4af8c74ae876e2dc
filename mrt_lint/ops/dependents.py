"""Who depends on what: parts of a table kept under names of their own, and views on what they read.

PostgreSQL notes what a view reads and refuses to take it away (manual 5.14); SQLite refuses to drop
a column that a view names. The other databases leave the view behind, broken until it is back.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from mrt_lint.schema.expressions import identifiers, qualified, renamed
from mrt_lint.schema.names import Key, Kind, Name, Unknown
from mrt_lint.schema.objects import AnyObject, SchemaObject, Table

if TYPE_CHECKING:
    from mrt_lint.ops.base import Operation
    from mrt_lint.schema.state import State

BELONGING: tuple[Kind, ...] = ("trigger", "policy", "sequence", "grant", "other")
"""Kinds of objects that go with the table, or the view, they belong to."""


def belonging(state: State, kind: Kind, name: Name) -> list[SchemaObject]:
    """Returns the triggers (or policies, ...) of a table or view."""
    key = state.key("table", name)
    return [
        item
        for item in state.all(kind)
        if isinstance(item, SchemaObject) and item.table is not None and state.key("table", item.table) == key
    ]


def firing(
    state: State, name: Name, events: frozenset[str] = frozenset(), columns: frozenset[str] | None = None
) -> list[str]:
    """Returns the names of the triggers that a write to a table or view sets off: those not disabled.

    `events`: what the statement does ("insert", "update", "delete"), empty: any of it. An UPDATE of a
    partitioned table, which one that no migration makes may be, can move rows: that counts as deleting and
    inserting them (PostgreSQL manual, "Overview of Trigger Behavior"). `columns`: keys of what an UPDATE
    sets, None if not known; a trigger may be for others only (manual, CREATE TRIGGER).
    """
    table = state.table(name)
    options = dict(table.options) if table is not None else {}
    if options.get("triggers") == "disable":
        return []
    parted = table is None or table.assumed or any(key.startswith("partition") for key in options)
    if "update" in events and state.dialect == "postgresql" and parted:
        events = frozenset()
    return [
        item.name.name.partition(" on ")[0]
        for item in belonging(state, "trigger", name)
        if dict(item.details).get("altered enabled") != "disable"
        and _fires_on(item, events)
        and not (events == {"update"} and _is_for_others(state, table, item, columns))
    ]


_EVENTS: Final = frozenset(("insert", "update", "delete", "truncate"))


def _fires_on(trigger: SchemaObject, events: frozenset[str]) -> bool:
    """Returns whether one of the events that stand before ON in a trigger's definition is among these."""
    if not events or not isinstance(trigger.definition, str):
        return True
    words = [word.strip(",") for word in trigger.definition.lower().split()]
    head = words[: words.index("on")] if "on" in words else words
    named = _EVENTS.intersection(head)
    return not named or bool(named & events)


def _is_for_others(
    state: State, table: Table | None, trigger: SchemaObject, columns: frozenset[str] | None
) -> bool:
    """Returns whether the trigger is for an UPDATE OF columns that are none of these nor computed."""
    if state.dialect != "postgresql" or table is None or columns is None:
        return False
    named = _UPDATE_OF.search(_head(trigger))
    if named is None:
        return False
    keys = {state.fold(word) for word in named[1].replace(",", " ").split()}
    found = [table.columns.get(key) for key in keys]
    plain = all(column is not None and column.sure and column.generated is None for column in found)
    return plain and not keys & columns


_UPDATE_OF: Final = re.compile(r"\bupdate of ([\w, ]+?)(?: or | on |$)", re.IGNORECASE)


def _head(trigger: SchemaObject) -> str:
    """Returns what stands before ON in a trigger's definition, "" if that is not known."""
    definition = trigger.definition
    found = _ON.search(definition) if isinstance(definition, str) else None
    return definition[: found.start()] if found is not None and isinstance(definition, str) else ""


_ON: Final = re.compile(r" on ", re.IGNORECASE)


def _with_column_renamed(state: State, trigger: SchemaObject, old: str, new: str) -> SchemaObject:
    head = _head(trigger)
    named = _UPDATE_OF.search(head)
    if named is None or not isinstance(trigger.definition, str):
        return trigger
    written = new if re.fullmatch(r"\w+", new) else f'"{new}"'
    columns = re.sub(r"\w+", lambda word: written if _is(state, word[0], old) else word[0], named[1])
    text = head[: named.start(1)] + columns + head[named.end(1) :]
    return replace(trigger, definition=text + trigger.definition[len(head) :])


def without_belongings(state: State, name: Name) -> State:
    """Returns the state without what belongs to a table or view."""
    for kind in BELONGING:
        for item in belonging(state, kind, name):
            state = state.drop(kind, item.name)
    return state


def object_key(state: State, kind: Kind, name: Name, table: Name | None) -> Name:
    """Returns the name under which State keeps an object: PostgreSQL names some within their table."""
    within = kind in ("trigger", "policy") or (kind == "other" and name.name.startswith("rule "))
    if state.dialect != "postgresql" or table is None or not within:
        return name
    suffix = f" on {state.key('table', table).name}"
    return Name(name.name.removesuffix(suffix) + suffix, table.schema)


def rehomed(state: State, item: SchemaObject, table: Name) -> State:
    """Returns the state in which an object belongs to the table under its new name."""
    assert item.table is not None
    plain = Name(item.name.name.removesuffix(f" on {state.key('table', item.table).name}"), item.name.schema)
    name = object_key(state, item.kind, plain, table)
    moved = replace(item, name=item.name if name == plain else name, table=table)
    return state.drop(item.kind, item.name).put(moved)


def computed_from(state: State, table: Table, column: str) -> list[str]:
    """Returns the keys of the generated columns of a table that are computed from a column of it."""
    folded = state.fold(column)
    return [
        key
        for key, other in table.columns.items()
        if other.generated is not None
        and key != folded
        and folded in {state.fold(word) for word in identifiers(other.generated.expression)}
    ]


def kept_by_sqlite(state: State, table: Table, column: str) -> list[str]:
    """Returns in words why SQLite does not drop a column (manual, ALTER TABLE DROP COLUMN)."""
    folded = state.fold(column)
    found = []
    for index in table.indexes.values():
        texts = [*(() if isinstance(index.columns, Unknown) else index.columns), index.where or ""]
        if index.sure and any(folded in {state.fold(word) for word in identifiers(text)} for text in texts):
            found.append(f"index {index.name} names it")
    for constraint in table.constraints:
        own = folded in {state.fold(name) for name in constraint.columns}
        if constraint.kind in ("primary", "unique") and constraint.sure and own:
            found.append(f"it is part of a {'primary' if constraint.kind == 'primary' else 'unique'} key")
        elif constraint.sure and not isinstance(constraint.inline, Unknown):
            # What stands in a column's definition goes with that column alone.
            named = own or folded in {state.fold(word) for word in identifiers(constraint.expression or "")}
            if named and state.fold(constraint.inline) != folded:
                kind = "foreign key" if constraint.kind == "foreign" else "check"
                found.append(f"{kind} {constraint.name or 'without a name'} of the table names it")
    if len(table.columns) == 1 and state.knows_all_of(table):
        found.append("the table has no other column")
    found += [f"trigger {trigger.name} reads it" for trigger, sure in _read_by(state, table, folded) if sure]
    return found


def maybe_kept_by_sqlite(state: State, table: Table, column: str) -> str | None:
    """Returns in words on what it hangs whether SQLite drops a column; None: on nothing."""
    folded = state.fold(column)
    for index in table.indexes.values():
        texts = [*(() if isinstance(index.columns, Unknown) else index.columns), index.where or ""]
        if not index.sure and any(folded in map(state.fold, identifiers(text)) for text in texts):
            return f"index {index.name}, which is not there on every way, names it"
    triggers = _read_by(state, table, folded)
    return next((f"trigger {trigger.name} reads it" for trigger, sure in triggers if not sure), None)


def _read_by(state: State, table: Table, column: str) -> list[tuple[SchemaObject, bool]]:
    """Returns the triggers that name a column, each with whether that surely means this one.

    SQLite looks at all triggers anew after DROP COLUMN; a column that one only writes may be gone.
    """
    found = []
    key = state.key("table", table.name)
    for trigger in state.all("trigger"):
        if not isinstance(trigger, SchemaObject) or not isinstance(trigger.definition, str):
            continue
        words = {state.fold(word) for word in identifiers(trigger.definition)}
        own = trigger.table is not None and state.key("table", trigger.table) == key
        if column not in words or not (own or state.fold(table.name.name) in words):
            continue
        pairs = {(state.fold(one), state.fold(name)) for one, name in qualified(trigger.definition)}
        rows = {(state.fold("new"), column), (state.fold("old"), column)}
        found.append((trigger, own and bool(pairs & rows) and standing(state, trigger)))
    return found


def standing(state: State, item: SchemaObject) -> bool:
    """Returns whether the object surely exists: created in sight, on all paths, and nothing unknown since."""
    return not item.assumed and state.is_there(item)


def readers(state: State, name: Name, column: str | None = None) -> list[tuple[SchemaObject, bool]]:
    """Returns the views that read a relation, or one column of it, each with whether that is sure."""
    key = state.key("table", name)
    found: list[tuple[SchemaObject, bool]] = []
    for view in state.all("view"):
        if not isinstance(view, SchemaObject) or state.key("table", view.name) == key:
            continue
        reads = None if isinstance(view.reads, Unknown) or view.assumed else view.reads
        if reads is None:
            found.append((view, False))
            continue
        sure = [
            read.sure
            for read in reads
            if state.key("table", read.relation) == key and _concerns(state, read.column, column)
        ]
        if sure:
            found.append((view, any(sure)))
    return found


def _concerns(state: State, read: str | None, column: str | None) -> bool:
    if column is None or read is None:
        return column is None
    if read == "*":
        # SQLite keeps the star, and gives it a meaning when the view is read.
        return state.dialect != "sqlite"
    return state.fold(read) == state.fold(column)


def held(
    state: State,
    op: Operation,
    kind: Kind,
    name: Name,
    column: str | None = None,
    what: str = "be dropped",
    along: tuple[Name, ...] = (),
) -> State:
    """Returns the state with a fault if a view surely reads the relation or column, which forbids it.

    `along`: views that the same statement drops.
    """
    dropped = {state.key("view", other) for other in along}
    reading = (view for view, sure in readers(state, name, column) if sure and standing(state, view))
    view = next((view for view in reading if state.key("view", view.name) not in dropped), None)
    if view is None:
        return state
    subject = f"{name}.{column}" if column is not None else str(name)
    kind_of = "column" if column is not None else kind
    message = f"{kind_of} {subject} cannot {what} while view {view.name} reads it"
    return state.fault(op, "invalid", kind_of, subject, message)


def without_readers(state: State, op: Operation, name: Name, column: str | None = None) -> State:
    """Returns the state after CASCADE: without the views that read it, and those that read them."""
    for view, sure in readers(state, name, column):
        if state.get("view", view.name) is None:
            continue
        if sure:
            state = without_view(state, op, view.name, cascade=True)
        else:
            message = f"CASCADE may drop view {view.name}: whether it reads {name} is not known"
            state = state.doubt(op, message)
    return state


def without_view(state: State, op: Operation, name: Name, cascade: bool) -> State:
    """Returns the state without a view and what belongs to it; with CASCADE without its readers too."""
    state = without_belongings(state.drop("view", name), name)
    return without_readers(state, op, name) if cascade and state.dialect == "postgresql" else state


def follow_relation(state: State, old: Name, new: Name) -> State:
    """Returns the state in which views read a renamed relation under its new name.

    PostgreSQL and SQLite change the view with it; elsewhere it goes on naming the old one.
    """
    if state.dialect not in ("postgresql", "sqlite"):
        return state
    key = state.key("table", old)
    for view, sure in readers(state, old):
        if not sure or isinstance(view.reads, Unknown):
            continue
        reads = tuple(
            replace(read, relation=new) if state.key("table", read.relation) == key else read
            for read in view.reads
        )
        definition = view.definition
        if isinstance(definition, str) and _plainly_named(state, view, definition, old, new):
            definition = renamed(definition, old.name, new.name)
        state = state.put(replace(view, reads=reads, definition=definition))
    return state


def _plainly_named(state: State, view: SchemaObject, definition: str, old: Name, new: Name) -> bool:
    """Returns whether the old name stands in the text for the relation alone, and the new one is free."""
    words = {state.fold(word) for word in identifiers(definition)}
    columns = {state.fold(read.column) for read in view.reads or () if read.column is not None}
    outputs = {state.fold(column) for column in view.columns or ()}
    same_place = state.key("table", old).schema == state.key("table", new).schema
    return same_place and state.fold(new.name) not in words and state.fold(old.name) not in columns | outputs


def follow_column(state: State, table: Name, old: str, new: str) -> State:
    """Returns the state in which views read a renamed column under its new name.

    PostgreSQL leaves the view's own columns alone; SQLite rewrites its text. A trigger for an UPDATE OF the
    column stays the trigger of that column in PostgreSQL.
    """
    if state.dialect not in ("postgresql", "sqlite"):
        return state
    key = state.key("table", table)
    for view, sure in readers(state, table, old):
        if not sure or isinstance(view.reads, Unknown):
            continue
        alone = all(state.key("table", read.relation) == key for read in view.reads)
        reads = tuple(
            replace(read, column=new)
            if state.key("table", read.relation) == key and _is(state, read.column, old)
            else read
            for read in view.reads
        )
        definition = view.definition
        if state.dialect == "sqlite" and isinstance(definition, str) and alone:
            free = state.fold(new) not in {state.fold(word) for word in identifiers(definition)}
            own = not _is(state, table.name, old)
            definition = renamed(definition, old, new) if free and own else definition
        state = state.put(replace(view, reads=reads, definition=definition))
    for trigger in belonging(state, "trigger", table) if state.dialect == "postgresql" else ():
        state = state.put(_with_column_renamed(state, trigger, old, new))
    return state


def _is(state: State, one: str | None, other: str) -> bool:
    return one is not None and state.fold(one) == state.fold(other)


def vanished(before: State, after: State) -> list[AnyObject]:
    """Returns the objects that were there before and are not after, sorted by key."""
    keys = after.changed_since(before) or []
    return [found for key in keys if (found := _at(before, key)) is not None and _at(after, key) is None]


def _at(state: State, key: Key) -> AnyObject | None:
    found = state.objects.get(key)
    return None if found is None or not hasattr(found, "kind") else found  # type: ignore[return-value]
