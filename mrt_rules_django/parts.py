"""What one field is in the database: a column with its constraints and indexes."""

from __future__ import annotations

from typing import Final

from mrt_lint.classes import dataclass
from mrt_lint.schema.dialects import MYSQL
from mrt_lint.schema.names import UNKNOWN, Name, Unknown
from mrt_lint.schema.objects import Column, Constraint, Generated, Index
from mrt_lint.schema.types import SqlType
from mrt_rules_django.conditions import expression_text
from mrt_rules_django.defaults import database_default
from mrt_rules_django.field_types import AUTO, POSITIVE
from mrt_rules_django.models import Models, is_relation
from mrt_rules_django.naming import part_name
from mrt_rules_django.specs import Model, Spec

_LIKE: Final = {"varchar": "varchar_pattern_ops", "text": "text_pattern_ops"}
_NO_INDEX: Final = ("longtext", "longblob", "json")


@dataclass(frozen=True, slots=True)
class Parts:
    """A field's column, the constraints in its definition, its foreign key, and its indexes."""

    column: Column
    inline: tuple[Constraint, ...] = ()
    foreign: Constraint | None = None
    indexes: tuple[Index, ...] = ()

    @property
    def constraints(self) -> tuple[Constraint, ...]:
        """Returns all its constraints."""
        return (*self.inline, self.foreign) if self.foreign is not None else self.inline


def parts_of(models: Models, model: Model, name: str, spec: Spec) -> Parts:
    """Returns what a field with a column is on the database of `models`."""
    table, dialect = models.table(model), models.dialect
    column_name = models.column_name(name, spec)
    kind = models.type_of(model, spec)
    primary = spec.get("primary_key") is True
    null = spec.get("null", False if spec.base else UNKNOWN)
    nullable: bool | Unknown = null if isinstance(null, bool) else UNKNOWN if null is UNKNOWN else bool(null)
    auto = spec.base in AUTO
    generated = _generated(models, spec)
    comment = spec.get("db_comment")
    default = database_default(models, spec, kind)
    if generated is not None:
        nullable = True  # Django writes no NOT NULL for it
    if nullable is True and primary:
        nullable = False
    column = Column(
        column_name,
        kind,
        nullable,
        default,
        identity="by default" if auto and dialect == "postgresql" else None,
        autoincrement=auto and dialect != "postgresql",
        generated=generated,
        comment=comment if isinstance(comment, str) and dialect != "sqlite" else None,
        python_default=spec.has("default"),
    )
    inline: list[Constraint] = []
    if primary:
        inline.append(Constraint("primary", None, (column_name,)))
    unique = spec.get("unique") is True or spec.base == "OneToOneField"
    if unique and not primary:
        inline.append(Constraint("unique", None, (column_name,)))
    check = _check(models, spec, column_name)
    if check:
        inline.append(Constraint("check", None, (), check))
    foreign = _foreign(models, model, spec, table, column_name)
    indexes = _indexes(models, spec, table, column_name, kind, unique or primary, foreign)
    return Parts(column, tuple(inline), foreign, indexes)


def _generated(models: Models, spec: Spec) -> Generated | None:
    if spec.base != "GeneratedField":
        return None
    return Generated(
        expression_text(spec.get("expression"), models, None), spec.get("db_persist") is not False
    )


def _check(models: Models, spec: Spec, column: str) -> str:
    """Returns the condition that Django puts on the column of a positive number or of JSON."""
    if spec.base in POSITIVE:
        return f"{column} >= 0"
    if spec.base == "JSONField" and models.dialect == "sqlite":
        return f"json_valid({column}) OR {column} IS NULL"
    if spec.base == "JSONField" and models.dialect == "mariadb":
        return f"json_valid({column})"
    return ""


def _foreign(models: Models, model: Model, spec: Spec, table: Name, column: str) -> Constraint | None:
    if not is_relation(spec) or spec.get("db_constraint") is False:
        return None
    to_table, to_column, _ = models.referenced(model, spec)
    if to_table is None:
        return None
    name = part_name(table, (column,), f"_fk_{to_table.name}_{to_column}", models.dialect)
    deferred = models.dialect in ("postgresql", "sqlite", "oracle")
    return Constraint(
        "foreign",
        None if models.dialect == "sqlite" else name,
        (column,),
        ref_table=to_table,
        ref_columns=(to_column,),
        ondelete=_database_action(spec),
        deferrable=deferred,
        initially="DEFERRED" if deferred else None,
        automatic=models.dialect == "postgresql",
    )


def _database_action(spec: Spec) -> str | None:
    """Returns ON DELETE of a key that the database itself follows (Django 6.1, `DB_CASCADE`)."""
    action = spec.get("on_delete")
    name = getattr(action, "path", "").rpartition(".")[2]
    return {"DB_CASCADE": "CASCADE", "DB_SET_NULL": "SET NULL"}.get(name)


def _indexes(
    models: Models,
    spec: Spec,
    table: Name,
    column: str,
    kind: SqlType | Unknown,
    unique: bool,
    foreign: Constraint | None,
) -> tuple[Index, ...]:
    wanted = spec.get("db_index", is_relation(spec) or spec.base == "SlugField") is True
    found: list[Index] = []
    plain = kind.name if isinstance(kind, SqlType) else ""
    if wanted and not unique and not _is_served(models, plain, foreign):
        found.append(Index(part_name(table, (column,), "", models.dialect), (column,), automatic=True))
    like = _LIKE.get(plain)
    simple = isinstance(kind, SqlType) and kind.element is None
    if (
        models.dialect == "postgresql"
        and like
        and simple
        and (wanted or unique)
        and not spec.get("db_collation")
    ):
        name = part_name(table, (column,), "_like", models.dialect)
        found.append(Index(name, (f"{column} {like}",), automatic=True))
    return tuple(found)


def _is_served(models: Models, kind: str, foreign: Constraint | None) -> bool:
    """Returns whether Django makes no index: MySQL has one for the foreign key, and none for long texts."""
    return models.dialect in MYSQL and (foreign is not None or kind in _NO_INDEX)


def join_parts(
    models: Models, model: Model, name: str, spec: Spec
) -> (
    tuple[Name, tuple[Column, ...], tuple[Constraint, ...], tuple[Constraint, ...], tuple[Index, ...]] | None
):
    """Returns the join table of a ManyToManyField: name, columns, constraints, foreign keys, indexes."""
    table = models.join_table(model, name, spec)
    if table is None:
        return None
    dialect = models.dialect
    auto = models.auto_field(model.app)
    key_type = models.type_of(model, Spec("", base=auto)) if auto else UNKNOWN
    own, other = models.join_columns(model, spec)
    columns = [
        Column(
            "id",
            key_type,
            False,
            identity="by default" if dialect == "postgresql" else None,
            autoincrement=dialect != "postgresql",
        )
    ]
    constraints = [Constraint("primary", None, ("id",))]
    keys: list[Constraint] = []
    indexes: list[Index] = []
    to_own = Spec("", options=(("to", f"{model.app}.{model.name}"),), base="ForeignKey")
    to_other = Spec("", options=(("to", spec.get("to")),), base="ForeignKey")
    if spec.get("db_constraint") is False:
        to_own, to_other = to_own.changed(db_constraint=False), to_other.changed(db_constraint=False)
    for column, relation in ((own, to_own), (other, to_other)):
        kind = models.type_of(model, relation)
        columns.append(Column(column, kind, False))
        foreign = _foreign(models, model, relation, table, column)
        if foreign is not None:
            keys.append(foreign)
        indexes += _indexes(models, relation, table, column, kind, False, foreign)
    unique = part_name(table, (own, other), "_uniq", dialect)
    if dialect == "sqlite":
        indexes.append(Index(unique, (own, other), unique=True, automatic=True))
    else:
        constraints.append(Constraint("unique", unique, (own, other), automatic=True))
    return table, tuple(columns), tuple(constraints), tuple(keys), tuple(indexes)
