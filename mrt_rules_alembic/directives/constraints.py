"""Directives on constraints: create and drop of each kind."""

from __future__ import annotations

from typing import Final, Literal

from mrt_lint.evaluate.values import Value
from mrt_lint.ops import AddConstraint, DropConstraint, DropListed, Opaque, WrongCall
from mrt_lint.ops.guard import ALWAYS, EntryIs, Guard, Test, Undecided, both, parts_of, tests_of
from mrt_lint.schema.dialects import MYSQL
from mrt_lint.schema.names import UNKNOWN, Name, Unknown
from mrt_lint.schema.objects import ConstraintKind
from mrt_rules_alembic.directives.step import Directive, Meaning, Step, UnclearError, reason_of
from mrt_rules_alembic.naming import ConventionKey, Subject, conventional_name
from mrt_rules_alembic.sqlalchemy.constructors import condition_sql, exclusion_columns
from mrt_rules_alembic.sqlalchemy.definitions import constraint_definition
from mrt_rules_alembic.sqlalchemy.expressions import RawText
from mrt_rules_alembic.sqlalchemy.listings import EntryFact, EntryName
from mrt_rules_alembic.sqlalchemy.schema_items import ConstraintItem


def _add(step: Step, table: Name, item: ConstraintItem) -> None:
    constraint = constraint_definition(item, table, step.call, step.convention)
    step.emit(AddConstraint, table=table, constraint=constraint)


def _name(step: Step, table: Name) -> str | None:
    return step.optional("constraint_name", "the constraint's name", (table,))


def _simple(kind: Literal["primary", "unique"]) -> Meaning:
    def create(step: Step) -> Value:
        table = step.table()
        columns = step.names("columns", "the constraint's columns", (table,))
        _add(step, table, ConstraintItem(kind, _name(step, table), columns, options=step.options()))
        return None

    return create


def create_check_constraint(step: Step) -> Value:
    """Emits ADD CONSTRAINT .. CHECK."""
    table = step.table()
    condition = condition_sql(step.get("condition"), step.call)
    if condition is None:
        raise UnclearError(f"the condition is not known{reason_of(step.get('condition'))}", (table,))
    if step.batch is not None and not isinstance(condition, RawText):
        step.batch.by_columns.append(condition)
    _add(step, table, ConstraintItem("check", _name(step, table), (), condition, options=step.options()))
    return None


def create_foreign_key(step: Step) -> Value:
    """Emits ADD CONSTRAINT .. FOREIGN KEY."""
    if step.batch is not None:
        table = step.batch.table
    else:
        table = Name(step.known("source_table", "the table's name"), step.schema("source_schema"))
    if isinstance(entry := step.get("referent_table"), EntryFact) and entry.loop:
        return _add_listed(step, table, entry)
    referred = Name(
        step.known("referent_table", "the referred table's name", (table,)),
        step.optional("referent_schema", "the referred table's schema", (table,)),
    )
    item = ConstraintItem(
        "foreign",
        _name(step, table),
        step.names("local_cols", "the foreign key's columns", (table,)),
        ref_table=referred,
        ref_columns=step.names("remote_cols", "the referred columns", (table,)),
        options=step.options(),
    )
    _add(step, table, item)
    return None


def create_exclude_constraint(step: Step) -> Value:
    """Emits ADD CONSTRAINT .. EXCLUDE (PostgreSQL)."""
    step.call.evaluator.sign("postgresql")
    table = step.table()
    item = ConstraintItem(
        "exclude",
        _name(step, table),
        exclusion_columns(step.rest),
        options={**step.options(), "elements": None if step.call.starred else step.rest},
    )
    _add(step, table, item)
    return None


_KINDS: Final[dict[str, tuple[ConstraintKind, ConventionKey]]] = {
    "foreignkey": ("foreign", "fk"),
    "primary": ("primary", "pk"),
    "unique": ("unique", "uq"),
    "check": ("check", "ck"),
}


def drop_constraint(step: Step) -> Value:
    """Emits DROP CONSTRAINT; a convention is applied to the name as it is on creation.

    Without a name a convention gives the name of a constraint of no columns (`generic_constraint`).
    MySQL drops a primary key without its name; of a name that is read from the database it is the only one.
    """
    table = step.table()
    given = step.get("type_")
    if given == "primary" and not isinstance(step.get("constraint_name"), str | None):
        conditional = step.flag("if_exists")
        step.emit(DropConstraint, table=table, name=None, kind="primary", conditional=conditional)
        return None
    if isinstance(entry := step.get("constraint_name"), EntryName) and entry.loop:
        return _drop_listed(step, table, entry)
    name = _name(step, table)
    kind: ConstraintKind | Unknown = UNKNOWN
    if isinstance(given, str) and given in _KINDS:
        kind, key = _KINDS[given]
        name = conventional_name(name, Subject(key, table), step.convention)
    elif isinstance(given, str):
        step.emit(WrongCall, message=f"{given!r} is no type_ of a constraint: op.drop_constraint() raises")
        return None
    elif name is not None:
        name = str(name)
    fields = {"table": table, "kind": kind, "conditional": step.flag("if_exists")}
    fields["needs_name"] = name is None
    fields["by_convention"] = step.batch is not None and step.batch.names_by_convention
    if kind == "primary":
        anew = step.batch is not None and step.batch.recreate == "always"
        step.emit_on(MYSQL, DropConstraint, **{**fields, "name": None, "needs_name": anew})
        if name is None and ("pk" in step.convention or not step.call.evaluator.project.naming_known):
            reason = "the naming convention, which names the primary key, is not known"
            step.emit_elsewhere(MYSQL, Opaque, reason=reason, source=step.call.source, tables=(table,))
        else:
            step.emit_elsewhere(MYSQL, DropConstraint, name=name, **fields)
    else:
        step.emit(DropConstraint, name=name, **fields)
    return None


def _drop_listed(step: Step, table: Name, entry: EntryName) -> Value:
    """Emits the drop of each constraint that an inspector lists and that the conditions let pass."""
    kind = entry.listing.kind
    reason = f"the constraint's name is not known: {step.call.source} reads it from the database"
    if kind is None or entry.listing.table != table:
        raise UnclearError(reason, (table,))
    guard, matching = _without_loop(step, entry.loop)
    fields = {"reason": reason, "source": step.call.source, "tables": (table,), "guard": guard}
    step.emit(DropListed, table=table, kind=kind, matching=matching, **fields)
    return None


def _add_listed(step: Step, table: Name, entry: EntryFact) -> Value:
    """Emits the creation of what an inspector listed: not followed, and no matter of a condition."""
    reason = "the foreign keys that op.create_foreign_key() makes are read from the database"
    guard, _ = _without_loop(step, entry.loop)
    step.emit(Opaque, reason=reason, source=step.call.source, tables=(table,), guard=guard)
    return None


def _without_loop(step: Step, loop: str) -> tuple[Guard, Guard]:
    """Returns the conditions outside of the loop over a list, and those on the entry in turn."""
    guard: Guard = ALWAYS
    matching: Guard = ALWAYS
    for part in parts_of(step.call.evaluator.facts(step.call)["guard"]):
        asked = [test.predicate for test in tests_of(part)]
        if any(isinstance(one, EntryIs) for one in asked):
            matching = both(matching, part)
        elif not (isinstance(part, Test) and isinstance(asked[0], Undecided) and asked[0].text == loop):
            guard = both(guard, part)
    return guard, matching


_LEGACY: Final = {
    "name": "constraint_name",
    "source": "table_name",
    "tablename": "table_name",
    "cols": "columns",
    "local_cols": "columns",
}

DIRECTIVES: Final = (
    Directive(
        "create_primary_key",
        _simple("primary"),
        ("constraint_name", "table_name", "columns", "schema"),
        ("constraint_name", "columns"),
        legacy=_LEGACY,
    ),
    Directive(
        "create_unique_constraint",
        _simple("unique"),
        ("constraint_name", "table_name", "columns", "schema"),
        ("constraint_name", "columns"),
        legacy=_LEGACY,
    ),
    Directive(
        "create_check_constraint",
        create_check_constraint,
        ("constraint_name", "table_name", "condition", "schema"),
        ("constraint_name", "condition"),
        legacy={"name": "constraint_name", "source": "table_name"},
    ),
    Directive(
        "create_foreign_key",
        create_foreign_key,
        (
            "constraint_name",
            "source_table",
            "referent_table",
            "local_cols",
            "remote_cols",
            "onupdate",
            "ondelete",
            "deferrable",
            "initially",
            "match",
            "source_schema",
            "referent_schema",
        ),
        ("constraint_name", "referent_table", "local_cols", "remote_cols"),
        legacy={"name": "constraint_name", "source": "source_table", "referent": "referent_table"},
    ),
    Directive(
        "create_exclude_constraint",
        create_exclude_constraint,
        ("constraint_name", "table_name"),
        ("constraint_name",),
        variadic=True,
    ),
    Directive(
        "drop_constraint",
        drop_constraint,
        ("constraint_name", "table_name", "type_", "schema"),
        ("constraint_name", "type_"),
        legacy={"name": "constraint_name", "tablename": "table_name", "type": "type_"},
    ),
)
