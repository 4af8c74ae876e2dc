"""ALTER TABLE actions on the table itself: its name, schema, storage, owner, triggers, partitions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mrt_lint.ops.base import Operation
from mrt_lint.ops.objects import AlterObject
from mrt_lint.ops.partitions import AttachPartition, DetachPartition
from mrt_lint.ops.tables import RenameTable
from mrt_lint.schema.names import Name
from mrt_lint.sql.action import Action, Lowering


def _rename_table(action: Action) -> Iterator[Operation]:
    new = action.reader.name()
    if new.schema is None and action.table.schema is not None:
        new = Name(new.name, action.table.schema)
    yield action.make(RenameTable, new=new)


def _set_schema(action: Action) -> Iterator[Operation]:
    yield action.make(RenameTable, new=Name(action.table.name, action.reader.identifier()))


def _fixed(option: str, value: str | None) -> Lowering:
    def lower(action: Action) -> Iterator[Operation]:
        yield action.option(option, value)

    return lower


def _worded(option: str) -> Lowering:
    def lower(action: Action) -> Iterator[Operation]:
        action.reader.take("=")
        yield action.option(option, action.reader.text())

    return lower


def _settings(action: Action) -> Iterator[Operation]:
    action.reader.position -= 1
    for part in action.reader.parens().split():
        name = part.until("=").text()
        yield action.option(name, part.rest().text() if part.take("=") else None)


def _trigger(change: str) -> Lowering:
    def lower(action: Action) -> Iterator[Operation]:
        if action.reader.take("ALL", "USER"):
            yield action.option("triggers", None if change == "ENABLE" else change.lower())
            return
        yield action.make(AlterObject, kind="trigger", name=Name(action.reader.identifier()), change=change)

    return lower


def _rule(change: str) -> Lowering:
    def lower(action: Action) -> Iterator[Operation]:
        name = Name(f"rule {action.reader.identifier()}")
        yield action.make(AlterObject, kind="other", name=name, change=change)

    return lower


def _attach(action: Action) -> Iterator[Operation]:
    partition = action.reader.name()
    action.reader.take("FOR VALUES")
    bounds = "DEFAULT" if action.reader.take("DEFAULT") else action.reader.text()
    yield action.make(AttachPartition, partition=partition, bounds=bounds)


def _detach(action: Action) -> Iterator[Operation]:
    partition = action.reader.name()
    concurrently = action.reader.take("CONCURRENTLY", "FINALIZE") == "CONCURRENTLY"
    yield action.make(DetachPartition, partition=partition, concurrently=concurrently)


def _inherit(value: str | None) -> Lowering:
    def lower(action: Action) -> Iterator[Operation]:
        yield action.option(f"inherits {action.reader.name()}", value)

    return lower


def _cluster_on(action: Action) -> Iterator[Operation]:
    yield action.option("cluster on", action.reader.identifier())


def nothing(action: Action) -> Iterator[Operation]:
    """FORCE, DISABLE KEYS, ORDER BY, SET WITHOUT OIDS: nothing that is compared changes."""
    action.reader.rest()
    return iter(())


def _no_force(action: Action) -> Iterator[Operation]:
    action.reader.expect("SECURITY")
    yield action.option("force_row_security", None)


ACTIONS: Final[dict[str, Lowering]] = {
    "RENAME TO": _rename_table,
    "RENAME AS": _rename_table,
    "SET SCHEMA": _set_schema,
    "SET (": _settings,
    "RESET (": _settings,
    "SET TABLESPACE": _worded("tablespace"),
    "SET ACCESS METHOD": _worded("access method"),
    "SET LOGGED": _fixed("unlogged", None),
    "SET UNLOGGED": _fixed("unlogged", "true"),
    "SET WITHOUT OIDS": nothing,
    "SET WITHOUT CLUSTER": _fixed("cluster on", None),
    "OWNER TO": _worded("owner"),
    "CLUSTER ON": _cluster_on,
    "ENABLE ROW LEVEL SECURITY": _fixed("row_security", "enabled"),
    "DISABLE ROW LEVEL SECURITY": _fixed("row_security", None),
    "FORCE ROW LEVEL SECURITY": _fixed("force_row_security", "true"),
    "NO FORCE ROW LEVEL": _no_force,
    "ENABLE TRIGGER": _trigger("ENABLE"),
    "DISABLE TRIGGER": _trigger("DISABLE"),
    "ENABLE REPLICA TRIGGER": _trigger("ENABLE REPLICA"),
    "ENABLE ALWAYS TRIGGER": _trigger("ENABLE ALWAYS"),
    "ENABLE RULE": _rule("ENABLE"),
    "DISABLE RULE": _rule("DISABLE"),
    "ATTACH PARTITION": _attach,
    "DETACH PARTITION": _detach,
    "INHERIT": _inherit("true"),
    "NO INHERIT": _inherit(None),
    "REPLICA IDENTITY": _worded("replica_identity"),
}
