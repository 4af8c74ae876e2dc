"""What a directive is lowered to equals what the SQL that the real Alembic emits for it is lowered to."""

from __future__ import annotations

import io
import itertools
import textwrap
import warnings
from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy.dialects import mysql, postgresql, sqlite

from mrt_lint import ops
from mrt_lint.ops import Operation
from mrt_lint.ops.base import TransactionFacts
from mrt_lint.ops.guard import ALWAYS
from mrt_lint.ops.span import NOWHERE
from mrt_lint.schema.dialects import Dialect
from mrt_lint.schema.names import UNKNOWN, Name
from mrt_lint.schema.objects import Column
from mrt_lint.schema.types import SqlType
from mrt_lint.sql import lower_sql
from tests.alembic.making import lower

CONVENTION = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

ALL: tuple[Dialect, ...] = ("postgresql", "mysql", "sqlite")
PG: tuple[Dialect, ...] = ("postgresql",)
PG_LITE: tuple[Dialect, ...] = ("postgresql", "sqlite")
PG_MY: tuple[Dialect, ...] = ("postgresql", "mysql")
MY: tuple[Dialect, ...] = ("mysql",)

SNIPPETS: dict[str, tuple[tuple[Dialect, ...], str]] = {
    "create_table": (
        ALL,
        """
        op.create_table(
            "users",
            sa.Column("id", sa.Integer(), primary_key=True),
            sa.Column("name", sa.String(50), nullable=False),
            sa.Column("age", sa.SmallInteger(), server_default="0"),
            sa.Column("born", sa.DateTime(timezone=True), server_default=sa.func.now()),
            sa.Column("ratio", sa.Numeric(10, 2), server_default=sa.text("1.5")),
            sa.Column("flag", sa.Boolean(), server_default=sa.false()),
        )
        """,
    ),
    "create_table with constraints": (
        ALL,
        """
        op.create_table(
            "orders",
            sa.Column("id", sa.BigInteger(), nullable=False),
            sa.Column("user_id", sa.Integer(), nullable=False),
            sa.Column("state", sa.String(10), nullable=True),
            sa.PrimaryKeyConstraint("id", name="pk_orders"),
            sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_user", ondelete="CASCADE"),
            sa.UniqueConstraint("user_id", "state", name="uq_user_state"),
            sa.CheckConstraint("state <> 'x'", name="ck_state"),
        )
        """,
    ),
    "create_table with column shorthands": (
        PG_LITE,
        """
        op.create_table(
            "things",
            sa.Column("id", sa.Integer, primary_key=True),
            sa.Column("owner", sa.Integer, sa.ForeignKey("users.id", ondelete="SET NULL")),
            sa.Column("code", sa.String(8), unique=True),
            sa.Column("kind", sa.String(8), index=True),
            sa.Column("both", sa.String(8), index=True, unique=True),
            sa.Column("n", sa.Integer, sa.CheckConstraint("n > 0", name="ck_n")),
        )
        """,
    ),
    "create_table in a schema": (
        PG,
        """
        op.create_table(
            "users",
            sa.Column("id", sa.Integer, primary_key=True),
            sa.Column("group_id", sa.Integer, sa.ForeignKey("auth.groups.id")),
            sa.Column("mail", sa.Text, index=True),
            schema="auth",
        )
        """,
    ),
    "create_table with comments": (
        PG_MY,
        """
        op.create_table("t", sa.Column("a", sa.Integer, comment="the a"), comment="the t")
        """,
    ),
    "create_table composite key counts nowhere": (
        ALL,
        """
        op.create_table(
            "m", sa.Column("a", sa.Integer, primary_key=True), sa.Column("b", sa.Integer, primary_key=True)
        )
        """,
    ),
    "create_table primary key with foreign key does not count": (
        PG_MY,
        """
        op.create_table("m", sa.Column("id", sa.Integer, sa.ForeignKey("users.id"), primary_key=True))
        """,
    ),
    "create_table autoincrement False": (
        PG_MY,
        """
        op.create_table("m", sa.Column("id", sa.Integer, primary_key=True, autoincrement=False))
        """,
    ),
    "create_table with identity and computed": (
        PG,
        """
        op.create_table(
            "m",
            sa.Column("id", sa.Integer, sa.Identity(always=True), primary_key=True),
            sa.Column("a", sa.Integer),
            sa.Column("b", sa.Integer, sa.Computed("a * 2", persisted=True)),
        )
        """,
    ),
    "create_table temporary": (
        PG_MY,
        'op.create_table("m", sa.Column("a", sa.Integer), prefixes=["TEMPORARY"])',
    ),
    "create_table if not exists": (
        ALL,
        'op.create_table("m", sa.Column("a", sa.Integer), if_not_exists=True)',
    ),
    "create_table with an enum": (
        ALL,
        'op.create_table("m", sa.Column("state", sa.Enum("new", "done", name="order_state")))',
    ),
    "create_table with index objects": (
        PG,
        """
        op.create_table(
            "m",
            sa.Column("a", sa.Integer),
            sa.Column("b", sa.Text),
            sa.Index("ix_ab", "a", "b", unique=True),
            sa.Index("ix_gin", "b", postgresql_using="gin"),
        )
        """,
    ),
    "create_table with an unnamed foreign key, unique and check": (
        PG_LITE,
        """
        op.create_table(
            "m",
            sa.Column("a", sa.Integer),
            sa.ForeignKeyConstraint(["a"], ["users.id"], deferrable=True, initially="DEFERRED"),
            sa.UniqueConstraint("a"),
            sa.CheckConstraint("a > 1"),
        )
        """,
    ),
    "drop_table": (ALL, 'op.drop_table("users")'),
    "drop_table in a schema if exists": (PG, 'op.drop_table("users", schema="auth", if_exists=True)'),
    "rename_table": (ALL, 'op.rename_table("users", "people")'),
    "rename_table in a schema": (PG, 'op.rename_table("users", "people", schema="auth")'),
    "table comment": (PG_MY, 'op.create_table_comment("t", "words", existing_comment=None)'),
    "no table comment": (PG, 'op.drop_table_comment("t")'),
    "add_column": (ALL, 'op.add_column("users", sa.Column("phone", sa.String(20), nullable=True))'),
    "add_column not null with default": (
        ALL,
        'op.add_column("users", sa.Column("n", sa.Integer, nullable=False, server_default="7"))',
    ),
    "add_column with a quoted default": (
        ALL,
        """op.add_column("users", sa.Column("n", sa.String(9), server_default="it's"))""",
    ),
    "add_column with text default": (
        PG_MY,
        'op.add_column("users", sa.Column("n", sa.DateTime, server_default=sa.text("CURRENT_TIMESTAMP")))',
    ),
    "add_column in a schema": (PG, 'op.add_column("users", sa.Column("n", sa.Integer), schema="auth")'),
    "add_column if not exists": (
        PG,
        'op.add_column("users", sa.Column("n", sa.Integer), if_not_exists=True)',
    ),
    "add_column with a foreign key": (
        PG_MY,
        'op.add_column("users", sa.Column("g", sa.Integer, sa.ForeignKey("groups.id", name="fk_g")))',
    ),
    "add_column with an inline reference": (
        PG,
        'op.add_column("u", sa.Column("g", sa.Integer, sa.ForeignKey("groups.id")), inline_references=True)',
    ),
    "add_column unique": (PG_MY, 'op.add_column("users", sa.Column("g", sa.Integer, unique=True))'),
    "add_column indexed": (ALL, 'op.add_column("users", sa.Column("g", sa.Integer, index=True))'),
    "add_column with a check": (
        PG,
        'op.add_column("users", sa.Column("g", sa.Integer, sa.CheckConstraint("g > 0")))',
    ),
    "add_column primary key": (PG, 'op.add_column("users", sa.Column("id", sa.Integer, primary_key=True))'),
    "add_column inline primary key": (
        PG,
        'op.add_column("users", sa.Column("id", sa.Integer, primary_key=True), inline_primary_key=True)',
    ),
    "add_column with a comment": (PG, 'op.add_column("users", sa.Column("g", sa.Integer, comment="words"))'),
    "add_column identity": (PG, 'op.add_column("users", sa.Column("g", sa.Integer, sa.Identity()))'),
    "add_column computed": (
        PG,
        'op.add_column("users", sa.Column("g", sa.Integer, sa.Computed("a + b", persisted=True)))',
    ),
    "drop_column": (ALL, 'op.drop_column("users", "phone")'),
    "drop_column in a schema if exists": (
        PG,
        'op.drop_column("users", "phone", schema="auth", if_exists=True)',
    ),
    "alter_column type": (
        PG_MY,
        'op.alter_column("t", "c", type_=sa.String(9), existing_type=sa.String(5), existing_nullable=False)',
    ),
    "alter_column type using": (
        PG,
        'op.alter_column("t", "c", type_=sa.Integer, postgresql_using="c::integer")',
    ),
    "alter_column nullable": (
        PG_MY,
        'op.alter_column("t", "c", nullable=False, existing_type=sa.Integer, existing_server_default="5")',
    ),
    "alter_column loses a default on MySQL": (
        PG_MY,
        'op.alter_column("t", "c", nullable=True, existing_type=sa.Integer)',
    ),
    "alter_column default": (
        PG_MY,
        'op.alter_column("t", "c", server_default="x", existing_type=sa.String(9))',
    ),
    "alter_column drop default": (
        PG_MY,
        'op.alter_column("t", "c", server_default=None, existing_type=sa.String(9))',
    ),
    "alter_column name": (ALL, 'op.alter_column("t", "c", new_column_name="d", existing_type=sa.Integer)'),
    "alter_column everything": (
        PG_MY,
        """
        op.alter_column(
            "t", "c", nullable=False, server_default=sa.text("0"), new_column_name="d", type_=sa.BigInteger,
            comment="words", existing_type=sa.Integer, existing_nullable=True,
        )
        """,
    ),
    "alter_column comment": (
        PG_MY,
        'op.alter_column("t", "c", comment=None, existing_type=sa.Integer, existing_comment="old")',
    ),
    "alter_column identity": (
        PG,
        'op.alter_column("t", "c", server_default=sa.Identity(always=True), existing_server_default=None)',
    ),
    "alter_column drop identity": (
        PG,
        'op.alter_column("t", "c", server_default=None, existing_server_default=sa.Identity())',
    ),
    "alter_column datetime default on MySQL": (
        MY,
        'op.alter_column("t", "c", server_default=sa.text("CURRENT_TIMESTAMP"), existing_type=sa.DateTime())',
    ),
    "alter_column autoincrement": (
        MY,
        'op.alter_column("t", "c", autoincrement=True, existing_type=sa.Integer, existing_nullable=False)',
    ),
    "create_index": (ALL, 'op.create_index("ix_a", "t", ["a", "b"])'),
    "create_index unique": (ALL, 'op.create_index("ix_a", "t", ["a"], unique=True)'),
    "create_index in a schema": (PG, 'op.create_index("ix_a", "t", ["a"], schema="auth")'),
    "create_index concurrently": (
        PG,
        'op.create_index("ix_a", "t", ["a"], postgresql_concurrently=True, if_not_exists=True)',
    ),
    "create_index with options": (
        PG,
        """
        op.create_index(
            "ix_a", "t", ["a"], postgresql_where=sa.text("a IS NOT NULL"), postgresql_include=["b"],
            postgresql_using="btree",
        )
        """,
    ),
    "create_index gin with an operator class": (
        PG,
        'op.create_index("ix_a", "t", ["a"], postgresql_using="gin", postgresql_ops={"a": "gin_trgm_ops"})',
    ),
    "create_index on an expression": (
        PG_LITE,
        'op.create_index("ix_a", "t", [sa.text("lower(a)"), "b"])',
    ),
    "create_index descending": (PG_LITE, 'op.create_index("ix_a", "t", [sa.text("a DESC"), sa.text("b")])'),
    "create_index on a function": (PG, 'op.create_index("ix_a", "t", [sa.func.lower(sa.column("a"))])'),
    "create_index nulls not distinct": (
        PG,
        'op.create_index("ix_a", "t", ["a"], unique=True, postgresql_nulls_not_distinct=True)',
    ),
    "create_index with a condition on SQLite": (
        ("sqlite",),
        'op.create_index("ix_a", "t", ["a"], sqlite_where=sa.text("a > 3"))',
    ),
    "create_index with storage parameters": (
        PG,
        'op.create_index("ix_a", "t", ["a"], postgresql_with={"fillfactor": 50})',
    ),
    "create_index with a prefix length": (MY, 'op.create_index("ix_a", "t", ["a"], mysql_length=10)'),
    "create_index fulltext": (MY, 'op.create_index("ix_a", "t", ["a"], mysql_prefix="FULLTEXT")'),
    "drop_index": (PG_LITE, 'op.drop_index("ix_a")'),
    "drop_index of a table": (ALL, 'op.drop_index("ix_a", table_name="t")'),
    "drop_index concurrently": (
        PG,
        'op.drop_index("ix_a", table_name="t", postgresql_concurrently=True, if_exists=True)',
    ),
    "drop_index in a schema": (PG, 'op.drop_index("ix_a", table_name="t", schema="auth")'),
    "create_primary_key": (PG_MY, 'op.create_primary_key("pk_t", "t", ["a", "b"])'),
    "create_unique_constraint": (PG_MY, 'op.create_unique_constraint("uq_t", "t", ["a", "b"])'),
    "create_unique_constraint deferrable": (
        PG,
        'op.create_unique_constraint("uq_t", "t", ["a"], deferrable=True, initially="DEFERRED", schema="s")',
    ),
    "create_check_constraint": (PG_MY, """op.create_check_constraint("ck_t", "t", "a > 0 AND b <> 'x'")"""),
    "create_check_constraint from an expression": (
        PG_MY,
        'op.create_check_constraint("ck_t", "t", sa.func.length(sa.column("name")) > 5)',
    ),
    "create_check_constraint not valid": (
        PG,
        'op.create_check_constraint("ck_t", "t", "a > 0", postgresql_not_valid=True)',
    ),
    "create_foreign_key": (PG_MY, 'op.create_foreign_key("fk_t", "t", "users", ["user_id"], ["id"])'),
    "create_foreign_key with options": (
        PG,
        """
        op.create_foreign_key(
            "fk_t", "t", "users", ["a", "b"], ["x", "y"], ondelete="CASCADE", onupdate="SET NULL",
            deferrable=True, initially="DEFERRED", source_schema="one", referent_schema="two", match="FULL",
        )
        """,
    ),
    "create_foreign_key not valid": (
        PG,
        'op.create_foreign_key("fk_t", "t", "users", ["u"], ["id"], postgresql_not_valid=True)',
    ),
    "create_exclude_constraint": (
        PG,
        """
        op.create_exclude_constraint(
            "ex_t", "t", (sa.column("room"), "="), (sa.column("during"), "&&"), where=sa.text("room > 1"),
            using="gist",
        )
        """,
    ),
    "drop_constraint of each kind": (
        PG_MY,
        """
        op.drop_constraint("uq_t", "t", type_="unique")
        op.drop_constraint("fk_t", "t", type_="foreignkey")
        op.drop_constraint("pk_t", "t", type_="primary")
        op.drop_constraint("ck_t", "t", type_="check")
        """,
    ),
    "drop_constraint without a kind": (PG, 'op.drop_constraint("x", "t", schema="auth", if_exists=True)'),
    "bulk_insert": (
        ALL,
        """
        t = sa.table("t", sa.column("a", sa.Integer), sa.column("b", sa.String))
        op.bulk_insert(t, [{"a": 1, "b": "one"}, {"a": 2, "b": "it's two"}])
        """,
    ),
    "execute": (ALL, """op.execute("UPDATE t SET a = 1 WHERE b = 'x'")"""),
    "execute text with parameters": (
        ALL,
        'op.execute(sa.text("UPDATE t SET a = :a WHERE b = :b").bindparams(a=1, b="x"))',
    ),
    "execute Core statements": (
        ALL,
        """
        t = sa.table("t", sa.column("a", sa.Integer), sa.column("b", sa.String), sa.column("c", sa.Integer))
        op.execute(t.update().where(t.c.b == op.inline_literal("x")).values({"a": op.inline_literal(1)}))
        op.execute(t.update().values(a=t.c.c))
        op.execute(t.delete().where(t.c.a.is_(None)))
        op.execute(sa.delete(t).where(sa.and_(t.c.a > t.c.c, sa.or_(t.c.b.is_not(None), t.c.a <= t.c.c))))
        op.execute(t.insert().values(a=op.inline_literal(1), b=sa.null()))
        """,
    ),
    "execute insert from select": (
        ALL,
        """
        old = sa.table("old", sa.column("x"), sa.column("y"))
        new = sa.table("new", sa.column("a"), sa.column("b"))
        rows = sa.select(old.c.x, old.c.y).where(old.c.x.is_not(None))
        op.execute(new.insert().from_select(["a", "b"], rows))
        """,
    ),
    "execute update from another table": (
        PG,
        """
        a = sa.table("a", sa.column("id"), sa.column("v"))
        b = sa.table("b", sa.column("id"), sa.column("w"))
        op.execute(a.update().where(a.c.id == b.c.id).values(v=b.c.w))
        """,
    ),
    "execute update with a subquery": (
        PG_LITE,
        """
        a = sa.table("a", sa.column("id"), sa.column("v"))
        b = sa.table("b", sa.column("a_id"), sa.column("w"))
        op.execute(a.update().values(v=sa.select(b.c.w).where(b.c.a_id == a.c.id).scalar_subquery()))
        """,
    ),
    "execute DDL elements": (
        PG,
        """
        op.execute(sa.schema.CreateSequence(sa.Sequence("s", start=5)))
        op.execute(sa.schema.DropSequence(sa.Sequence("s2")))
        op.execute(sa.schema.CreateSchema("auth"))
        op.execute(sa.schema.DropSchema("auth", cascade=True))
        op.execute(sa.DDL("ALTER TABLE t ADD COLUMN x INTEGER"))
        """,
    ),
    "batch without recreation": (
        PG_MY,
        """
        with op.batch_alter_table("t", schema=None) as batch_op:
            batch_op.add_column(sa.Column("a", sa.Integer()))
            batch_op.drop_column("b")
            batch_op.alter_column("c", nullable=False, existing_type=sa.Integer())
            batch_op.create_index("ix_a", ["a"], unique=False)
            batch_op.create_unique_constraint("uq_a", ["a"])
            batch_op.create_foreign_key("fk_a", "users", ["a"], ["id"], ondelete="CASCADE")
            batch_op.drop_index("ix_old")
            batch_op.drop_constraint("uq_old", type_="unique")
        """,
    ),
    "batch execute runs before the batch": (
        PG,
        """
        with op.batch_alter_table("t") as batch_op:
            batch_op.add_column(sa.Column("a", sa.Integer()))
            batch_op.execute("UPDATE t SET b = 1")
        """,
    ),
    "invoke of operation objects": (
        PG,
        """
        from alembic.operations import ops

        op.invoke(ops.DropColumnOp("t", "c"))
        op.invoke(ops.CreateTableOp("m", [sa.Column("a", sa.Integer)]))
        op.invoke(ops.AlterColumnOp("t", "c", modify_nullable=False))
        op.invoke(ops.DropConstraintOp("x", "t", "unique"))
        """,
    ),
}

CONVENTIONAL: dict[str, tuple[tuple[Dialect, ...], str]] = {
    "unnamed parts of a new table": (
        PG_LITE,
        """
        op.create_table(
            "users",
            sa.Column("id", sa.Integer, primary_key=True),
            sa.Column("mail", sa.String(9), unique=True),
            sa.Column("kind", sa.String(9), index=True),
            sa.Column("g", sa.Integer, sa.ForeignKey("groups.id")),
            sa.CheckConstraint("g > 0", name="positive"),
            sa.CheckConstraint("g > 1", name=op.f("final")),
        )
        """,
    ),
    "create with None": (
        PG,
        """
        op.create_unique_constraint(None, "t", ["a"])
        op.create_foreign_key(None, "t", "users", ["a"], ["id"])
        op.create_primary_key(None, "t", ["a"])
        op.create_index(None, "t", ["a"])
        op.create_check_constraint("positive", "t", "a > 0")
        op.create_check_constraint(op.f("final"), "t", "a > 0")
        """,
    ),
    "drop is wrapped as create is": (
        PG,
        """
        op.drop_constraint("positive", "t", type_="check")
        op.drop_constraint(op.f("ck_t_positive"), "t", type_="check")
        op.drop_constraint("uq_t", "t", type_="unique")
        op.drop_index("ix_t", table_name="t")
        """,
    ),
    "a column added with its parts": (
        PG,
        """
        op.add_column("t", sa.Column("a", sa.Integer, sa.ForeignKey("users.id"), unique=True))
        op.add_column("t", sa.Column("b", sa.Integer, index=True))
        """,
    ),
}


def emitted(snippet: str, dialect: Dialect, convention: dict[str, str] | None = None) -> str:
    """Returns the SQL that the real Alembic emits for a snippet, offline."""
    buffer = io.StringIO()
    options: dict[str, Any] = {"as_sql": True, "output_buffer": buffer, "literal_binds": True}
    if convention:
        options["target_metadata"] = sa.MetaData(naming_convention=convention)
    context = MigrationContext.configure(dialect_name=dialect, opts=options)
    names = {"sa": sa, "mysql": mysql, "postgresql": postgresql, "sqlite": sqlite}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with Operations.context(context) as op:
            exec(textwrap.dedent(snippet), {**names, "op": op})
    return buffer.getvalue()


BASE_FIELDS = {
    "span": NOWHERE,
    "statement": NOWHERE,
    "api": "",
    "sql": False,
    "batch": None,
    "guard": ALWAYS,
    "transaction": TransactionFacts(),
}
ONLY_IN_PYTHON = {
    "existing_type": UNKNOWN,
    "existing_nullable": UNKNOWN,
    "existing_default": UNKNOWN,
    "existing_comment": UNKNOWN,
}


def _plain_type(value: Any, dialect: Dialect) -> Any:
    if not isinstance(value, SqlType):
        return value
    found = replace(value.for_dialect(dialect), creates_type=False)
    return replace(found, labels=()) if dialect == "postgresql" else found


def _plain_column(column: Column, dialect: Dialect) -> Column:
    return replace(column, type=_plain_type(column.type, dialect), python_default=False)


def normalised(operations: tuple[Operation, ...], dialect: Dialect) -> list[Operation]:
    """Returns operations with only what both Python and SQL can say, parts of a table one by one.

    Indexes and constraints that follow one another are sorted: SQLAlchemy keeps them in sets.
    """
    found = [one for operation in operations for one in _normalised(operation, dialect)]
    result: list[Operation] = []
    for kind, group in itertools.groupby(found, key=type):
        members = list(group)
        if kind is ops.Insert:
            members = _joined_inserts(members)
        result += sorted(members, key=repr) if kind in (ops.CreateIndex, ops.AddConstraint) else members
    return result


def _joined_inserts(inserts: list[Any]) -> list[Operation]:
    """Returns inserts into one table as one: Alembic offline prints a statement for each row."""
    first = inserts[0]
    if any((one.table, one.columns) != (first.table, first.columns) or one.rows is None for one in inserts):
        return inserts
    return [replace(first, rows=tuple(row for one in inserts for row in one.rows))]


def _normalised(operation: Operation, dialect: Dialect) -> Iterator[Operation]:
    known = {field.name for field in fields(operation)}
    changes: dict[str, Any] = {
        key: value for key, value in {**BASE_FIELDS, **ONLY_IN_PYTHON}.items() if key in known
    }
    if isinstance(operation, (ops.Update, ops.Delete)) and not operation.sources:
        changes |= _unqualified(operation)
    operation = replace(operation, **changes)
    if isinstance(operation, ops.CreateTable):
        yield from _table_parts(operation, dialect)
        return
    if isinstance(operation, (ops.AddColumn, ops.RedefineColumn)):
        column = _plain_column(operation.column, dialect)
        if isinstance(operation, ops.AddColumn) and dialect == "postgresql" and column.comment:
            yield replace(operation, column=replace(column, comment=None))
            yield ops.SetColumnComment(table=operation.table, name=column.name, comment=column.comment)
            return
        yield replace(operation, column=column)
        return
    if isinstance(operation, ops.AlterColumnType):
        yield replace(operation, type=_plain_type(operation.type, dialect))
        return
    if isinstance(operation, ops.DropConstraint) and dialect == "mysql" and operation.kind == "unique":
        yield ops.DropIndex(name=Name(str(operation.name), operation.table.schema), table=operation.table)
        return
    if isinstance(operation, ops.DropConstraint) and dialect == "postgresql":
        yield replace(operation, kind=UNKNOWN)
        return
    if isinstance(operation, ops.DropIndex) and dialect in ("postgresql", "sqlite"):
        yield replace(operation, table=None)
        return
    yield operation


def _unqualified(operation: ops.Update | ops.Delete) -> dict[str, Any]:
    """Returns the texts without the name of the one table, which SQLAlchemy writes and people do not."""

    def text(sql: str) -> str:
        return sql.replace(f"{operation.table.name}.", "") if "SELECT" not in sql else sql

    changes: dict[str, Any] = {"where": text(operation.where)}
    if isinstance(operation, ops.Update) and operation.assignments is not None:
        changes["assignments"] = tuple(
            (name, replace(one, sql=text(one.sql))) for name, one in operation.assignments
        )
    return changes


def _table_parts(operation: ops.CreateTable, dialect: Dialect) -> Iterator[Operation]:
    for column in operation.columns:
        type_ = column.type.for_dialect(dialect) if isinstance(column.type, SqlType) else None
        if type_ is not None and type_.creates_type and dialect == "postgresql":
            yield ops.CreateType(type=Name(type_.name, type_.schema), labels=type_.labels)
    columns = tuple(_plain_column(column, dialect) for column in operation.columns)
    comments = [(column.name, column.comment) for column in columns if column.comment]
    if dialect == "postgresql":
        columns = tuple(replace(column, comment=None) for column in columns)
    constraints = tuple(sorted(operation.constraints, key=repr))
    comment = None if dialect == "postgresql" else operation.comment
    yield replace(operation, columns=columns, constraints=constraints, indexes=(), comment=comment)
    for index in operation.indexes:
        yield ops.CreateIndex(table=operation.table, index=index)
    if dialect == "postgresql":
        if operation.comment:
            yield ops.SetTableComment(table=operation.table, comment=operation.comment)
        for name, text in comments:
            yield ops.SetColumnComment(table=operation.table, name=name, comment=text)


CASES = [
    (name, dialect, snippet, None) for name, (dialects, snippet) in SNIPPETS.items() for dialect in dialects
] + [
    (name, dialect, snippet, CONVENTION)
    for name, (dialects, snippet) in CONVENTIONAL.items()
    for dialect in dialects
]


@pytest.mark.parametrize(
    ("dialect", "snippet", "convention"),
    [case[1:] for case in CASES],
    ids=[f"{name}-{dialect}" for name, dialect, _, _ in CASES],
)
def test_directive_equals_its_sql(dialect: Dialect, snippet: str, convention: dict[str, str] | None) -> None:
    sql = emitted(snippet, dialect, convention)
    want = normalised(lower_sql(sql, (dialect,), {}), dialect)
    got = normalised(lower(snippet, dialects=(dialect,), convention=convention), dialect)
    assert not any(isinstance(one, ops.Opaque) for one in got), got
    assert got == want, sql
