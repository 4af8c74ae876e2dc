"""Names of constraints are those that SQLAlchemy itself gives."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from mrt_lint.schema.names import Name
from mrt_rules_alembic.naming import DEFAULT_CONVENTION, Conv, Subject, conventional_name

USUAL = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
LONG = {
    "ix": "ix__%(table_name)s__%(column_0N_name)s",
    "uq": "uq__%(table_name)s__%(column_0_N_name)s",
    "ck": "ck__%(table_name)s__%(constraint_name)s",
    "fk": "fk__%(table_name)s__%(column_0_N_name)s__%(referred_table_name)s__%(referred_column_0_name)s",
    "pk": "pk__%(table_name)s__%(column_0_key)s",
}
WRAPPING = {"uq": "%(constraint_name)s_uq", "ck": "%(constraint_name)s_ck", "ix": "%(constraint_name)s_ix"}


def _real(
    convention: dict[str, str] | None,
    key: str,
    name: str | None,
    columns: tuple[str, ...],
    schema: str | None,
):
    metadata = sa.MetaData(naming_convention=convention)
    sa.Table("groups", metadata, sa.Column("id", sa.Integer), sa.Column("kind", sa.Integer))
    table = sa.Table("users", metadata, *(sa.Column(column, sa.Integer) for column in columns), schema=schema)
    if key == "ix":
        item = sa.Index(name, *table.c)
    elif key == "uq":
        item = sa.UniqueConstraint(*columns, name=name)
        table.append_constraint(item)
    elif key == "ck":
        item = sa.CheckConstraint("a > 0", name=name)
        table.append_constraint(item)
    elif key == "fk":
        item = sa.ForeignKeyConstraint(columns, ["groups.id", "groups.kind"][: len(columns)], name=name)
        table.append_constraint(item)
    else:
        item = sa.PrimaryKeyConstraint(*columns, name=name)
        table.append_constraint(item)
    return item.name


CASES = [
    (convention, key, name, columns, schema)
    for convention in (None, USUAL, LONG, WRAPPING)
    for key in ("ix", "uq", "ck", "fk", "pk")
    for name in (None, "given")
    for columns in (("a",), ("a", "b"))
    for schema in (None, "auth")
    if not (name is None and convention and "constraint_name" in convention.get(key, ""))
]


@pytest.mark.parametrize(("convention", "key", "name", "columns", "schema"), CASES)
def test_name_is_sqlalchemys(convention, key, name, columns, schema):
    referred = ("id", "kind")[: len(columns)] if key == "fk" else ()
    own = () if key == "ck" else columns
    subject = Subject(key, Name("users", schema), own, Name("groups") if referred else None, referred)
    assert conventional_name(name, subject, convention or DEFAULT_CONVENTION) == _real(
        convention, key, name, columns, schema
    )


def test_a_final_name_is_not_wrapped():
    subject = Subject("ck", Name("users"))
    assert conventional_name(Conv("positive"), subject, USUAL) == "positive"


def test_a_token_of_the_project_gives_no_name():
    subject = Subject("uq", Name("users"), ("a",))
    assert conventional_name(None, subject, {"uq": "uq_%(all_my_columns)s"}) is None
