"""What Alembic does not compare, or only word by word: keys, CHECK constraints, defaults, enum labels.

The models are created in a scratch database of their own; both schemas are then read from the
catalogues, so that the database itself has put both into the same words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from mrt_dynamic.drift.words import Drift
from mrt_lint.schema.names import Name
from mrt_lint.schema.objects import Column, EnumType, Table

if TYPE_CHECKING:
    import sqlalchemy as sa

    from mrt_dynamic.verify.run import Verifier
    from mrt_lint.schema.state import State


def modelled(verifier: Verifier, metadata: sa.MetaData) -> tuple[State | None, str]:
    """Returns the schema that the models make of an empty database, else None and why there is none."""
    import sqlalchemy as sa

    from mrt_dynamic.scratch.trouble import first_line

    if verifier.settings.isolation == "in-place":
        return None, "that needs a second scratch database, which isolation = 'in-place' forbids"
    with verifier.another() as scratch:
        engine = scratch.engine()
        try:
            with engine.connect() as connection:
                for schema in sorted({table.schema for table in metadata.sorted_tables if table.schema}):
                    if not sa.inspect(connection).has_schema(schema):
                        connection.execute(sa.schema.CreateSchema(schema))
                metadata.create_all(connection)
                connection.commit()
                return verifier.ground.lookout.schema(connection), ""
        except (sa.exc.SQLAlchemyError, NotImplementedError) as error:
            return None, f"the models cannot be created in an empty database ({first_line(error)})"
        finally:
            engine.dispose()


def structural(database: State, models: State, tables: Iterable[sa.Table]) -> Iterator[Drift]:
    """Yields the differences in what both schemas have of these tables, by table."""
    for each in sorted(tables, key=lambda table: table.fullname):
        name = Name(each.name, each.schema)
        there, wanted = database.table(name), models.table(name)
        if there is not None and wanted is not None:
            yield from _primary(there, wanted)
            yield from _defaults(there, wanted)
            yield from _checks(there, wanted)
    for enum in models.all("type"):
        existing = database.get("type", enum.name)
        if isinstance(enum, EnumType) and isinstance(existing, EnumType):
            yield from _labels(existing, enum)


def _primary(there: Table, wanted: Table) -> Iterator[Drift]:
    old, new = _key(there), _key(wanted)
    if old == new:
        return
    message = (
        f"the primary key of {there.name} is {_columns(new)} in the models, {_columns(old)} in the database"
    )
    yield Drift("modify_primary_key", message, str(there.name))


def _key(table: Table) -> tuple[str, ...]:
    return next((each.columns for each in table.constraints if each.kind == "primary"), ())


def _columns(names: tuple[str, ...]) -> str:
    return f"({', '.join(names)})" if names else "missing"


def is_generated(models: State, drift: Drift) -> bool:
    """Returns whether a difference is about a generated column."""
    table = models.table(Name(*reversed((drift.table or "").rsplit(".", 1))))
    found = table.columns.get(models.fold(drift.column or "")) if table is not None else None
    return found is not None and found.generated is not None


def _defaults(there: Table, wanted: Table) -> Iterator[Drift]:
    for key, new in wanted.columns.items():
        old = there.columns.get(key)
        if old is None or old.autoincrement or new.autoincrement or old.default == new.default:
            continue
        # Of another type it is in other words anyway.
        if old.type != new.type and (old.default is None) == (new.default is None):
            continue
        message = (
            f"{there.name}.{new.name} has {_default(new)} in the models, {_default(old)} in the database"
        )
        yield Drift("modify_default", message, str(there.name), new.name)


def _default(column: Column) -> str:
    return "no server default" if column.default is None else f"the server default {column.default}"


def _checks(there: Table, wanted: Table) -> Iterator[Drift]:
    old, new = _conditions(there), _conditions(wanted)
    for kind, found in (("add_check", new - old), ("remove_check", old - new)):
        side = "models, not in the database" if kind == "add_check" else "database, not in the models"
        for condition in sorted(found.elements()):
            message = f"the CHECK constraint {condition} on {there.name} is in the {side}"
            yield Drift(kind, message, str(there.name))


def _conditions(table: Table) -> Counter[str]:
    """Returns the conditions, whatever the constraints are called."""
    return Counter(each.expression or "" for each in table.constraints if each.kind == "check")


def _labels(there: EnumType, wanted: EnumType) -> Iterator[Drift]:
    if there.labels != wanted.labels and isinstance(there.labels, tuple) and isinstance(wanted.labels, tuple):
        message = (
            f"the enum type {there.name} has the labels {', '.join(wanted.labels)} in the models,"
            f" {', '.join(there.labels)} in the database"
        )
        yield Drift("modify_enum", message)
