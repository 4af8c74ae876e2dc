"""What migrations written in Python mean, case by case; the expected operations follow from what Alembic does."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import pytest

from mrt_lint import ops
from mrt_lint.ops import Operation
from mrt_lint.ops.base import TransactionFacts
from mrt_lint.ops.guard import ALWAYS, DialectIs, Exists, Guard, Not, Test, Undecided
from mrt_lint.ops.span import NOWHERE
from mrt_lint.schema.names import UNKNOWN, Name
from mrt_lint.schema.objects import Column, Constraint, Index
from mrt_lint.schema.types import SqlType, sql_type
from tests.alembic.making import lower

T = Name("t")


def _guard(guard: Guard) -> Guard:
    """A guard whose tests have no place, so that they can be written down."""
    if isinstance(guard, Test):
        return replace(guard, id="", line=0)
    if isinstance(guard, Not):
        return Not(_guard(guard.part))
    return replace(guard, parts=tuple(_guard(part) for part in guard.parts))


def plain(operation: Operation, *keep: str) -> Operation:
    """An operation without its place in the file; `keep` names the facts that matter to the case."""
    bare = type(operation)(**{field.name: getattr(operation, field.name) for field in fields(operation)})
    facts: dict[str, Any] = {"span": NOWHERE, "statement": NOWHERE, "api": "", "sql": False, "batch": None}
    facts |= {"guard": ALWAYS, "transaction": TransactionFacts()}
    if "guard" in keep:
        facts["guard"] = _guard(operation.guard)
    for name in keep:
        if name != "guard":
            facts.pop(name)
    if isinstance(operation, (ops.Update, ops.Delete)):
        facts["tests"] = None
    return replace(bare, **facts)


def literal(sql: str) -> ops.Expression:
    return ops.Expression(sql, literal=True)


def update(
    sets: dict[str, ops.Expression], where: str = "", reads: tuple[str, ...] = (), table: Name = T
) -> Operation:
    """An UPDATE of one table."""
    return ops.Update(
        table=table,
        assignments=tuple(sets.items()),
        where=where,
        where_reads=tuple(ops.ColumnRead((table,), name) for name in reads),
    )


def delete(where: str = "", reads: tuple[str, ...] = (), table: Name = T) -> Operation:
    """A DELETE from one table."""
    return ops.Delete(
        table=table, where=where, where_reads=tuple(ops.ColumnRead((table,), name) for name in reads)
    )


CORE = 't = sa.table("t", sa.column("id"), sa.column("a"), sa.column("b", sa.String))\nconn = op.get_bind()\n'

STATEMENTS: dict[str, tuple[str, list[Operation]]] = {
    "op under an alias": (
        "from alembic import op as o\no.drop_column('t', 'a')",
        [ops.DropColumn(table=T, name="a")],
    ),
    "a directive imported by name": (
        "from alembic.op import drop_column\ndrop_column('t', 'a')",
        [ops.DropColumn(table=T, name="a")],
    ),
    "op as an argument of a helper": (
        "def helper(where):\n    where.drop_column('t', 'a')\nhelper(op)",
        [ops.DropColumn(table=T, name="a")],
    ),
    "an Operations object": (
        "from alembic.operations import Operations\n"
        "from alembic.migration import MigrationContext\n"
        "other = Operations(MigrationContext.configure(op.get_bind()))\n"
        "other.drop_column('t', 'a')",
        [ops.DropColumn(table=T, name="a")],
    ),
    "any x.drop_column() is no operation": (
        "class Frame:\n    def drop_column(self, *a):\n        pass\nFrame().drop_column('t', 'a')\n"
        "{}.get('x', Frame()).drop_column('t', 'b')",
        [],
    ),
    "legacy argument names": (
        "op.create_unique_constraint(name='u', source='t', local_cols=['a'])\n"
        "op.create_foreign_key(name='f', source='t', referent='p', local_cols=['a'], remote_cols=['id'])\n"
        "op.drop_constraint(name='u', tablename='t', type='unique')\n"
        "op.alter_column('t', 'a', name='b')\n"
        "op.drop_index(name='i', tablename='t')",
        [
            ops.AddConstraint(table=T, constraint=Constraint("unique", "u", ("a",))),
            ops.AddConstraint(
                table=T,
                constraint=Constraint("foreign", "f", ("a",), ref_table=Name("p"), ref_columns=("id",)),
            ),
            ops.DropConstraint(table=T, name="u", kind="unique"),
            ops.RenameColumn(table=T, name="a", new="b"),
            ops.DropIndex(name=Name("i"), table=T),
        ],
    ),
    "a loop over names": (
        "for name in ('a', 'b'):\n    op.drop_column('t', name)",
        [ops.DropColumn(table=T, name="a"), ops.DropColumn(table=T, name="b")],
    ),
    "keywords from a dict": (
        "op.drop_index('i', **{'table_name': 't', 'if_exists': True})",
        [ops.DropIndex(name=Name("i"), table=T, conditional=True)],
    ),
    "columns from a function": (
        "def stamps():\n    return [sa.Column('at', sa.Date()), sa.Column('by', sa.Integer())]\n"
        "op.create_table('t', *stamps())",
        [
            ops.CreateTable(
                table=T, columns=(Column("at", sql_type("date")), Column("by", sql_type("integer")))
            )
        ],
    ),
    "a text with an unknown part names no table": (
        "import os\nop.drop_table(f\"t_{os.environ['X']}\")",
        [ops.Opaque(reason="", source="op.drop_table(f\"t_{os.environ['X']}\")")],
    ),
    "an unknown column of a known table": (
        "import os\nop.drop_column('t', os.environ['X'])",
        [ops.Opaque(reason="", source="op.drop_column('t', os.environ['X'])", tables=(T,))],
    ),
    "an unknown directive is opaque": (
        "op.create_spaceship('t')",
        [ops.Opaque(reason="", source="op.create_spaceship('t')")],
    ),
    "too many arguments are opaque": (
        "op.drop_index('i', 't', 'public', 'more')",
        [
            ops.Opaque(
                reason="", source="op.drop_index('i', 't', 'public', 'more')", tables=(Name("t", "public"),)
            )
        ],
    ),
    "an unknown argument list of create_table leaves it incomplete": (
        "import os\nop.create_table('t', sa.Column('a', sa.Date()), *os.listdir())",
        [ops.CreateTable(table=T, columns=(Column("a", sql_type("date")),), complete=False)],
    ),
    "an unknown type is not guessed": (
        "from elsewhere import Strange\nop.add_column('t', sa.Column('a', Strange()))",
        [ops.AddColumn(table=T, column=Column("a", UNKNOWN))],
    ),
    "an unknown default is not guessed": (
        "from elsewhere import default\nop.alter_column('t', 'a', server_default=default())",
        [ops.SetDefault(table=T, name="a", default=UNKNOWN)],
    ),
    "a default of the ORM never reaches the database": (
        "op.add_column('t', sa.Column('a', sa.Date(), default=5))",
        [ops.AddColumn(table=T, column=Column("a", sql_type("date"), python_default=True))],
    ),
    "FetchedValue is a default that is not known": (
        "op.add_column('t', sa.Column('a', sa.Date(), sa.FetchedValue()))",
        [ops.AddColumn(table=T, column=Column("a", sql_type("date"), default=UNKNOWN))],
    ),
    "a foreign key without a type has no known type": (
        "op.add_column('t', sa.Column('p', sa.ForeignKey('p.id')))",
        [
            ops.AddColumn(table=T, column=Column("p", UNKNOWN)),
            ops.AddConstraint(
                table=T,
                constraint=Constraint("foreign", None, ("p",), ref_table=Name("p"), ref_columns=("id",)),
            ),
        ],
    ),
    "Core update with operators": (
        CORE + "conn.execute(t.update().where((t.c.a > 1) & ~t.c.b.in_(['x', 'y'])).values(a=t.c.a + 1))",
        [
            update(
                {"a": ops.Expression("a + 1", reads=(ops.ColumnRead((T,), "a"),))},
                "a > 1 AND NOT b IN ('x', 'y')",
                ("a", "b"),
            )
        ],
    ),
    "Core statements with bind parameters": (
        CORE + "conn.execute(sa.update(t).where(t.c.id == sa.bindparam('i')).values(a=sa.bindparam('v')), "
        "[{'i': 1, 'v': 2}, {'i': 3, 'v': 4}])",
        [update({"a": literal("2")}, "id = 1", ("id",)), update({"a": literal("4")}, "id = 3", ("id",))],
    ),
    "case and functions": (
        CORE
        + "conn.execute(t.update().values(a=sa.case((t.c.b == 'x', 1), else_=0), b=sa.func.lower(t.c.b)))",
        [
            update(
                {
                    "a": ops.Expression(
                        "CASE WHEN b = 'x' THEN 1 ELSE 0 END", reads=(ops.ColumnRead((T,), "b"),)
                    ),
                    "b": ops.Expression("lower(b)", reads=(ops.ColumnRead((T,), "b"),)),
                }
            )
        ],
    ),
    "delete by a text condition": (
        CORE + "conn.execute(sa.delete(t).where(sa.text('a IS NULL')))",
        [delete("a IS NULL", ("a",))],
    ),
    "insert in its forms": (
        CORE + "conn.execute(t.insert(), {'a': 1})\nconn.execute(t.insert().values([{'a': 1}, {'a': 2}]))\n"
        "conn.execute(sa.insert(t).values(a=1, b=None))",
        [
            ops.Insert(table=T, columns=("a",), rows=(("1",),)),
            ops.Insert(table=T, columns=("a",), rows=(("1",), ("2",))),
            ops.Insert(table=T, columns=("a", "b"), rows=(("1", "NULL"),)),
        ],
    ),
    "insert of rows that are not known": (
        CORE
        + "rows = conn.execute(sa.text('SELECT 1')).fetchall()\nconn.execute(t.insert(), [dict(r) for r in rows])",
        [ops.Query(query="SELECT 1"), ops.Insert(table=T)],
    ),
    "insert that overwrites": (
        CORE
        + "conn.execute(postgresql.insert(t).values(id=1, a=2).on_conflict_do_update(index_elements=['id'], "
        "set_={'a': 2}))",
        [ops.Insert(table=T, columns=("id", "a"), rows=(("1", "2"),), replaces=True, updates=("a",))],
    ),
    "insert that skips": (
        CORE + "conn.execute(postgresql.insert(t).values(id=1).on_conflict_do_nothing())",
        [ops.Insert(table=T, columns=("id",), rows=(("1",),), skips=True)],
    ),
    "an empty bulk_insert does nothing": ("op.bulk_insert(sa.table('t', sa.column('a')), [])", []),
    "parameters of a text": (
        "op.get_bind().execute(sa.text('DELETE FROM t WHERE a = :x'), {'x': 'it'})",
        [delete("a = 'it'", ("a",))],
    ),
    "a string for the driver keeps its colons": (
        "op.get_bind().exec_driver_sql(\"DELETE FROM t WHERE a = ':x'\")",
        [delete("a = ':x'", ("a",))],
    ),
    "a SELECT only reads": (
        CORE + "conn.execute(sa.select(t.c.a).where(t.c.b == 'x').order_by(t.c.a))",
        [ops.Query(query="SELECT t.a FROM t WHERE t.b = 'x' ORDER BY t.a")],
    ),
    "a cursor": (
        "cur = op.get_bind().connection.cursor()\ncur.execute('DELETE FROM t')",
        [delete()],
    ),
    "SQL that is not known": (
        "import os\nop.execute(open('x.sql').read())",
        [ops.Opaque(reason="", source="op.execute(open('x.sql').read())")],
    ),
    "an engine may lead elsewhere": (
        "e = sa.create_engine('sqlite://')\nwith e.connect() as c:\n    x = c.execute(sa.text('SELECT 1'))",
        [],
    ),
    "enum types are created and dropped": (
        "e = postgresql.ENUM('a', 'b', name='st')\ne.create(op.get_bind())\n"
        "e.drop(op.get_bind(), checkfirst=False)\nsa.Enum('c', name='su').create(op.get_bind())",
        [
            ops.CreateType(type=Name("st"), labels=("a", "b"), conditional=True),
            ops.DropType(type=Name("st")),
            ops.CreateType(type=Name("su"), labels=("c",)),
        ],
    ),
    "create_all of tables in the file": (
        "md = sa.MetaData()\nt = sa.Table('t', md, sa.Column('a', sa.Date()))\nmd.create_all(op.get_bind())\n"
        "t.drop(op.get_bind(), checkfirst=True)",
        [
            ops.CreateTable(table=T, columns=(Column("a", sql_type("date")),), conditional=True),
            ops.DropTable(table=T, conditional=True),
        ],
    ),
    "create_all of tables elsewhere": (
        "from shop.models import Base\nBase.metadata.create_all(op.get_bind())",
        [ops.Opaque(reason="", source="Base.metadata.create_all(op.get_bind())")],
    ),
    "the explicit key of a reflected table": (
        "md = sa.MetaData()\nt = sa.Table('t', md, autoload_with=op.get_bind())\n"
        "op.execute(t.update().values(a=t.c.b))",
        [update({"a": ops.Expression("b", column="b", reads=(ops.ColumnRead((T,), "b"),))})],
    ),
    "sequences": (
        "s = sa.Sequence('s', start=7)\ns.create(op.get_bind())\ns.drop(op.get_bind())",
        [
            ops.CreateSequence(sequence=Name("s"), definition="start with 7", conditional=True),
            ops.DropSequence(sequence=Name("s"), conditional=True),
        ],
    ),
    "sync_enum_values": (
        "op.sync_enum_values('public', 'st', ['a', 'b'], [('t', 'c')], enum_values_to_rename=[('x', 'a')])",
        [
            ops.RenameEnumValue(type=Name("st"), label="x", new="a"),
            ops.ReplaceEnumValues(type=Name("st"), labels=("a", "b"), columns=((T, "c"),)),
        ],
    ),
    "sync_enum_values with references": (
        "from alembic_postgresql_enum import TableReference\n"
        "op.sync_enum_values(enum_schema='x', enum_name='st', new_values=['a'], affected_columns=["
        "TableReference(table_schema='x', table_name='t', column_name='c')], enum_values_to_rename=[])",
        [ops.ReplaceEnumValues(type=Name("st", "x"), labels=("a",), columns=((Name("t", "x"), "c"),))],
    ),
    "entities of alembic_utils": (
        "from alembic_utils.pg_extension import PGExtension\nfrom alembic_utils.pg_view import PGView\n"
        "v = PGView(schema='public', signature='v', definition='SELECT 1 AS one')\nop.create_entity(v)\n"
        "op.replace_entity(v)\nop.drop_entity(v, cascade=True)\n"
        "op.create_entity(PGExtension(schema='public', signature='citext'))",
        [
            ops.CreateView(view=Name("v", "public"), query="SELECT 1 AS one", reads=(), columns=("one",)),
            ops.CreateView(
                view=Name("v", "public"), query="SELECT 1 AS one", replace=True, reads=(), columns=("one",)
            ),
            ops.DropView(view=Name("v", "public"), cascade=True),
        ],
    ),
    "geospatial tables": (
        "op.create_geospatial_table('t', sa.Column('a', sa.Date()))\nop.drop_geospatial_table('t')",
        [ops.CreateTable(table=T, columns=(Column("a", sql_type("date")),)), ops.DropTable(table=T)],
    ),
    "run_async gives the connection": (
        "async def work(conn):\n    await conn.execute(sa.text('DELETE FROM t'))\nop.run_async(work)",
        [delete()],
    ),
    "offline branches do not run": ("if context.is_offline_mode():\n    op.drop_table('t')", []),
    "existing information of alter_column": (
        "op.alter_column('t', 'a', type_=sa.Text(), existing_type=sa.String(5), nullable=False, "
        "existing_nullable=True, server_default=None, existing_server_default='x')",
        [
            ops.AlterColumnType(
                table=T, name="a", type=sql_type("text"), existing_type=sql_type("varchar", 5)
            ),
            ops.SetNullable(table=T, name="a", nullable=False, existing_nullable=True),
            ops.SetDefault(table=T, name="a", default=None, existing_default="'x'"),
        ],
    ),
}


def compared(operations: tuple[Operation, ...]) -> list[Operation]:
    """Operations without their places; an Opaque's reason is for people and may be worded anew."""
    found = []
    for operation in operations:
        if isinstance(operation, ops.CreateObject):
            continue
        one = plain(operation)
        if isinstance(one, ops.Opaque):
            assert one.reason
            one = replace(one, reason="")
        found.append(_bare_types(one))
    return found


def _bare_types(operation: Operation) -> Operation:
    """Types as they are on PostgreSQL."""

    def bare(value: Any) -> Any:
        if isinstance(value, SqlType):
            return value.for_dialect("postgresql")
        return replace(value, type=bare(value.type)) if isinstance(value, Column) else value

    changes: dict[str, Any] = {}
    for name in ("type", "existing_type", "column"):
        if hasattr(operation, name):
            changes[name] = bare(getattr(operation, name))
    if isinstance(operation, ops.CreateTable):
        changes["columns"] = tuple(bare(column) for column in operation.columns)
    return replace(operation, **changes)


@pytest.mark.parametrize(("source", "expected"), STATEMENTS.values(), ids=STATEMENTS.keys())
def test_statement_means(source: str, expected: list[Operation]) -> None:
    assert compared(lower(source)) == expected


DIALECT = "dialect = op.get_bind().dialect.name\n"


def on(*names: str) -> Guard:
    return Test(DialectIs(names))


def exists(kind: Any, name: str, part: str | None = None) -> Guard:
    return Test(Exists(kind, Name(name), part))


DROP = ops.DropColumn(table=T, name="a")
INSPECT = "insp = sa.inspect(op.get_bind())\n"
APART = """
config = op.get_context().config
engine = sa.engine_from_config(config.get_section(config.config_ini_section), prefix="sqlalchemy.")
insp = sa.inspect(engine)
"""

GUARDED: dict[str, tuple[str, Guard]] = {
    "the name of the dialect": (
        DIALECT + "if dialect == 'postgresql':\n    op.drop_column('t', 'a')",
        on("postgresql"),
    ),
    "through the context": (
        "if op.get_context().dialect.name == 'sqlite':\n    op.drop_column('t', 'a')",
        on("sqlite"),
    ),
    "MariaDB answers as mysql": (
        "if op.get_bind().engine.name == 'mysql':\n    op.drop_column('t', 'a')",
        on("mysql", "mariadb"),
    ),
    "has_table": (INSPECT + "if insp.has_table('u'):\n    op.drop_column('t', 'a')", exists("table", "u")),
    "has_table of the dialect": (
        "b = op.get_bind()\nif b.dialect.has_table(b, 'u'):\n    op.drop_column('t', 'a')",
        exists("table", "u"),
    ),
    "has_table of the engine": (
        "b = op.get_bind()\nif b.engine.dialect.has_table(b.connect(), 'u'):\n    op.drop_column('t', 'a')",
        exists("table", "u"),
    ),
    "through an engine of the configuration": (
        APART + "if not insp.has_table('u'):\n    op.drop_column('t', 'a')",
        Not(exists("table", "u")),
    ),
    "through an engine that may not see what was done": (
        APART + "op.drop_table('v')\nif not insp.has_table('u'):\n    op.drop_column('t', 'a')",
        Not(Test(Undecided("insp.has_table('u')"))),
    ),
    "from_engine": (
        "from sqlalchemy.engine.reflection import Inspector\n"
        "if 'u' not in Inspector.from_engine(op.get_bind()).get_table_names():\n    op.drop_column('t', 'a')",
        Not(exists("table", "u")),
    ),
    "names in a comprehension": (
        INSPECT
        + "names = [c['name'] for c in insp.get_columns('u')]\nif 'x' in names:\n    op.drop_column('t', 'a')",
        exists("column", "u", "x"),
    ),
    "names in a set": (
        INSPECT
        + "names = {c['name'] for c in insp.get_columns('u')}\nif 'x' in names:\n    op.drop_column('t', 'a')",
        exists("column", "u", "x"),
    ),
    "names by get": (
        INSPECT + "if 'x' in [c.get('name') for c in insp.get_indexes('u')]:\n    op.drop_column('t', 'a')",
        exists("index", "u", "x"),
    ),
    "a set of table names": (
        INSPECT + "tables = set(insp.get_table_names())\nif 'u' in tables:\n    op.drop_column('t', 'a')",
        exists("table", "u"),
    ),
    "any of the names": (
        INSPECT + "if any(c['name'] == 'x' for c in insp.get_columns('u')):\n    op.drop_column('t', 'a')",
        exists("column", "u", "x"),
    ),
    "none of the names": (
        INSPECT
        + "if not any(c['name'] == 'x' for c in insp.get_foreign_keys('u')):\n    op.drop_column('t', 'a')",
        Not(exists("constraint", "u", "x")),
    ),
    "all differ": (
        INSPECT + "if all(c['name'] != 'x' for c in insp.get_columns('u')):\n    op.drop_column('t', 'a')",
        Not(exists("column", "u", "x")),
    ),
    "a dict of names": (
        INSPECT
        + "fks = {f['name']: f for f in insp.get_foreign_keys('u')}\nif 'x' in fks:\n    op.drop_column('t', 'a')",
        exists("constraint", "u", "x"),
    ),
    "the entries of one name": (
        INSPECT + "if [c for c in insp.get_columns('u') if c['name'] == 'x']:\n    op.drop_column('t', 'a')",
        exists("column", "u", "x"),
    ),
    "has_index": (
        INSPECT + "if insp.has_index('u', 'i'):\n    op.drop_column('t', 'a')",
        exists("index", "u", "i"),
    ),
    "in a schema": (
        INSPECT + "if insp.has_table('u', schema='s'):\n    op.drop_column('t', 'a')",
        Test(Exists("table", Name("u", "s"))),
    ),
    "what was found by a query": (
        "if op.get_bind().execute(sa.text('SELECT 1')).scalar():\n    op.drop_column('t', 'a')",
        Test(Undecided("op.get_bind().execute(sa.text('SELECT 1')).scalar()")),
    ),
    "a listing that the code has changed": (
        INSPECT
        + "tables = set(insp.get_table_names())\ntables.add('u')\nif 'u' in tables:\n    op.drop_column('t', 'a')",
        Test(Undecided("'u' in tables")),
    ),
    "a fact that is not followed": (
        INSPECT + "if insp.get_columns('u')[0]['nullable']:\n    op.drop_column('t', 'a')",
        Test(Undecided("insp.get_columns('u')[0]['nullable']")),
    ),
    "a function of the project, which may ask the database": (
        "from project.db import has_column\nif has_column('t', 'a'):\n    op.drop_column('t', 'a')",
        Test(Undecided("has_column('t', 'a')")),
    ),
    "a function that reads the environment": (
        "from os import getenv\nif getenv('FULL'):\n    op.drop_column('t', 'a')",
        Test(Undecided("getenv('FULL')", setting=True)),
    ),
    "the first match": (
        INSPECT + "x = next((c for c in insp.get_columns('u') if c['name'] == 'x'), None)\n"
        "if x is not None:\n    op.drop_column('t', 'a')",
        Test(Exists("column", Name("u"), "x")),
    ),
}


@pytest.mark.parametrize(("source", "guard"), GUARDED.values(), ids=GUARDED.keys())
def test_condition_becomes_a_guard(source: str, guard: Guard) -> None:
    found = [
        one
        for one in lower(source, dialects=("postgresql", "mysql", "sqlite"))
        if isinstance(one, ops.DropColumn)
    ]
    assert [_guard(one.guard) for one in found] == [guard]


def test_the_same_question_has_one_answer() -> None:
    """An inspector keeps what it has read, whatever the migration has done since."""
    source = (
        INSPECT + "if not insp.has_table('u'):\n    op.create_table('u', sa.Column('a', sa.Date()))\n"
        "if not insp.has_table('u'):\n    op.drop_column('t', 'a')"
    )
    created, dropped = lower(source)
    assert created.guard == dropped.guard


def test_a_loop_over_what_the_database_holds_is_not_followed() -> None:
    (found,) = lower(INSPECT + "for name in insp.get_table_names():\n    op.drop_table(name)")
    assert isinstance(found, ops.Opaque)


def test_a_dialect_is_told_by_its_class() -> None:
    source = (
        "from sqlalchemy.dialects.mysql.base import MySQLDialect\n"
        "from sqlalchemy.dialects.postgresql.base import PGDialect\n"
        "dialect = op.get_bind().dialect\n"
        "if isinstance(dialect, MySQLDialect):\n    op.drop_column('t', 'a')\n"
        "if isinstance(dialect, (PGDialect, MySQLDialect)):\n    op.drop_column('t', 'b')\n"
    )
    first, second = lower(source, dialects=("postgresql", "mysql", "sqlite"))
    assert _guard(first.guard) == Test(DialectIs(("mysql", "mariadb")))
    assert _guard(second.guard) == Test(DialectIs(("postgresql", "mysql", "mariadb")))


MODELS = """
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, declarative_base, mapped_column, sessionmaker

Base = declarative_base()


class User(Base):
    __tablename__ = "users"
    id = sa.Column(sa.Integer, primary_key=True)
    name = sa.Column("full_name", sa.String(5))


class Modern(DeclarativeBase):
    pass


class Team(Modern):
    __tablename__ = "teams"
    __table_args__ = {"schema": "s"}
    slug: Mapped[str] = mapped_column(sa.String(9), primary_key=True)
"""
USERS, TEAMS = Name("users"), Name("teams", "s")

SESSIONS: dict[str, tuple[str, list[Operation]]] = {
    "execute": (
        "s = Session(bind=op.get_bind())\ns.execute(sa.update(User).where(User.id == 3).values(name='x'))",
        [update({"full_name": literal("'x'")}, "id = 3", ("id",), USERS)],
    ),
    "query update": (
        "s = sessionmaker(bind=op.get_bind())()\n"
        "s.query(User).filter(User.name == 'a').update({'name': 'b'}, synchronize_session=False)",
        [update({"full_name": literal("'b'")}, "full_name = 'a'", ("full_name",), USERS)],
    ),
    "query update by columns": (
        "s = Session(op.get_bind())\ns.query(User).update({User.name: None})",
        [update({"full_name": literal("NULL")}, table=USERS)],
    ),
    "query delete": (
        "with Session(op.get_bind()) as s:\n    s.query(Team).filter_by(slug='x').delete()",
        [delete("slug = 'x'", ("slug",), TEAMS)],
    ),
    "objects that are added": (
        "s = Session(op.get_bind())\ns.add(User(name='x'))\ns.add_all([User(), Team()])",
        [
            ops.PythonCode(what="s.add()", writes=(USERS,)),
            ops.PythonCode(what="s.add_all()", writes=(USERS, TEAMS)),
        ],
    ),
    "objects of an unknown class": (
        "from elsewhere import Thing\ns = Session(op.get_bind())\ns.add(Thing())",
        [ops.PythonCode(what="s.add()", writes=None)],
    ),
    "changed objects are written when flushed": (
        "s = Session(op.get_bind())\nfor user in s.query(User).all():\n    user.name = 'x'\ns.commit()",
        [
            ops.Update(
                table=USERS, assignments=(("full_name", ops.Expression()),), where="mrt_hole_upgrade_33_9"
            )
        ],
    ),
    "batches of rows from a generator": (
        "def batches(query):\n    session = sa.inspect(query).session\n    result = session.execute(query)\n"
        "    while True:\n        rows = result.fetchmany(100)\n        if not rows:\n            break\n"
        "        for row in rows:\n            yield row[0]\n        session.commit()\n"
        "s = Session(op.get_bind())\nfor user in batches(s.query(User)):\n    user.name = 'x'\ns.commit()",
        [
            ops.Update(
                table=USERS, assignments=(("full_name", ops.Expression()),), where="mrt_hole_upgrade_43_9_1"
            )
        ],
    ),
    "which rows made it write does not matter": (
        "s = Session(op.get_bind())\nif not s.query(User).first():\n    s.add(User())",
        [ops.PythonCode(what="s.add()", writes=(USERS,))],
    ),
    "Flask-SQLAlchemy's session": (
        "from flask_sqlalchemy import SQLAlchemy\ndb = SQLAlchemy()\ns = db.Session(bind=op.get_bind())\n"
        "s.query(User).delete()",
        [ops.Delete(table=USERS)],
    ),
    "a relationship is not followed": (
        "from sqlalchemy.orm import relationship\nclass Owner(Base):\n    __tablename__ = 'owners'\n"
        "    id = sa.Column(sa.Integer, primary_key=True)\n    users = relationship('User')\n"
        "s = Session(op.get_bind())\nfor owner in s.query(Owner):\n    owner.users = []\ns.commit()",
        [
            ops.PythonCode(
                what="changes to objects of owners", reads=(Name("owners"),), writes=(Name("owners"),)
            )
        ],
    ),
    "objects that are not flushed are not written": (
        "s = Session(op.get_bind())\nfor user in s.query(User).all():\n    user.name = 'x'\ns.close()",
        [],
    ),
    "objects that a loop over the rows deletes": (
        "s = Session(op.get_bind())\nfor user in s.query(User):\n    s.delete(user)\ns.flush()",
        [ops.Delete(table=USERS, where="mrt_hole_upgrade_33_9")],
    ),
    "a method of an object may write it": (
        "s = Session(op.get_bind())\ns.query(User).first().rename()\ns.commit()",
        [
            ops.PythonCode(what="s.query(User).first().rename()", writes=None),
            ops.PythonCode(what="changes to objects of users", reads=(USERS,), writes=(USERS,)),
        ],
    ),
    "a transaction flushes at its end": (
        "s = Session(op.get_bind())\nwith s.begin():\n    s.get(User, 1).name = 'x'",
        [ops.PythonCode(what="changes to objects of users", reads=(USERS,), writes=(USERS,))],
    ),
    "pure reads": ("s = Session(op.get_bind())\nnames = s.query(User.name).all()", []),
    "bulk mappings": (
        "s = Session(op.get_bind())\ns.bulk_insert_mappings(User, [{'name': 'x'}])",
        [ops.Insert(table=USERS, columns=("full_name",), rows=(("'x'",),))],
    ),
    "the table of a class": (
        "User.__table__.drop(op.get_bind())",
        [ops.DropTable(table=USERS)],
    ),
}


@pytest.mark.parametrize(("source", "expected"), SESSIONS.values(), ids=SESSIONS.keys())
def test_session_means(source: str, expected: list[Operation]) -> None:
    assert compared(lower(source, before=MODELS)) == expected


REBUILD = (ops.BeginRebuild, ops.EndRebuild)


def test_a_batch_is_carried_out_at_its_end() -> None:
    source = """
        with op.batch_alter_table("t", recreate="always") as batch_op:
            batch_op.drop_column("a")
            op.execute("DELETE FROM t")
            batch_op.create_index("i", ["b"])
        """
    found = [plain(one, "batch") for one in lower(source) if not isinstance(one, REBUILD)]
    assert found == [
        replace(delete(), batch="always"),
        replace(DROP, batch="always"),
        ops.CreateIndex(table=T, index=Index("i", ("b",)), batch="always"),
    ]


def test_what_a_rebuild_adds_is_added_where_the_table_is_rebuilt() -> None:
    source = """
        with op.batch_alter_table("t", table_args=(sa.CheckConstraint("b > 0", name="c"),)) as batch_op:
            batch_op.drop_column("a")
        """
    found = [
        plain(one, "batch", "guard")
        for one in lower(source, dialects=("postgresql", "sqlite"))
        if not isinstance(one, REBUILD)
    ]
    check = ops.AddConstraint(
        table=T, constraint=Constraint("check", "c", (), "b > 0"), batch="auto", needs_name=False
    )
    assert found == [replace(DROP, batch="auto"), replace(check, guard=on("sqlite"))]


def test_an_autocommit_block_is_a_fact_of_its_operations() -> None:
    source = """
        with op.get_context().autocommit_block():
            op.drop_column("t", "a")
        op.drop_column("t", "b")
        with op.get_bind().engine.connect().execution_options(isolation_level="AUTOCOMMIT") as c:
            c.execute(sa.text("DELETE FROM t"))
        """
    assert [one.transaction.autocommit for one in lower(source)] == [True, False, True]


def test_an_index_is_what_each_database_makes_of_it() -> None:
    source = (
        'op.create_index("i", "t", ["a"], postgresql_where=sa.text("a > 1"), postgresql_concurrently=True)'
    )
    found = [plain(one, "guard") for one in lower(source, dialects=("postgresql", "mysql"))]
    assert found == [
        ops.CreateIndex(
            table=T, index=Index("i", ("a",), where="a > 1"), concurrently=True, guard=on("postgresql")
        ),
        ops.CreateIndex(table=T, index=Index("i", ("a",)), guard=on("mysql")),
    ]


def test_alter_column_redefines_the_column_on_mysql() -> None:
    """MODIFY states the whole definition: a default that is not named is lost there."""
    source = 'op.alter_column("t", "a", nullable=False, existing_type=sa.Integer())'
    found = [plain(one, "guard") for one in lower(source, dialects=("postgresql", "mysql"))]
    column = Column("a", sql_type("integer"), nullable=False)
    mysql = Test(DialectIs(("mysql", "mariadb")))
    assert found == [
        ops.RedefineColumn(table=T, name="a", column=column, existing_type=sql_type("integer"), guard=mysql),
        ops.SetNullable(table=T, name="a", nullable=False, guard=Not(mysql)),
    ]


USER_TYPES = {
    "a decorator": (
        "class Code(sa.types.TypeDecorator):\n    impl = sa.String(7)\n    cache_ok = True\n",
        "Code()",
        sql_type("varchar", 7),
    ),
    "a decorator whose impl takes the arguments": (
        "class Code(sa.TypeDecorator):\n    impl = sa.String\n",
        "Code(9)",
        sql_type("varchar", 9),
    ),
    "a decorator given as a class": (
        "class Code(sa.TypeDecorator):\n    impl = sa.Date\n",
        "Code",
        sql_type("date"),
    ),
    "a decorator that chooses by database": (
        "class Code(sa.TypeDecorator):\n    impl = sa.CHAR\n"
        "    def load_dialect_impl(self, dialect):\n"
        "        if dialect.name == 'postgresql':\n"
        "            return dialect.type_descriptor(postgresql.UUID())\n"
        "        return dialect.type_descriptor(sa.CHAR(32))\n",
        "Code()",
        sql_type("uuid"),
    ),
    "a variant": ("", "sa.Text().with_variant(postgresql.JSONB(), 'postgresql')", sql_type("jsonb")),
    "an array": ("", "postgresql.ARRAY(sa.String(3))", SqlType("varchar", element=sql_type("varchar", 3))),
    "an enum class": (
        "import enum\nclass State(enum.Enum):\n    NEW = 1\n    DONE = 2\n",
        "sa.Enum(State)",
        SqlType("state", labels=("NEW", "DONE"), creates_type=True),
    ),
    "an enum class by its values": (
        "import enum\nclass State(enum.Enum):\n    NEW = 'new'\n    DONE = 'done'\n",
        "sa.Enum(State, name='st', values_callable=lambda e: [m.value for m in e])",
        SqlType("st", labels=("new", "done"), creates_type=True),
    ),
    "an enum that is created elsewhere": (
        "",
        "postgresql.ENUM('a', name='st', create_type=False)",
        SqlType("st", labels=("a",)),
    ),
    "an enum without a type": ("", "sa.Enum('a', 'bcd', native_enum=False)", sql_type("varchar", 3)),
    "a type with SQL of its own": (
        "class Point(sa.types.UserDefinedType):\n    def get_col_spec(self, **kw):\n        return 'POINT'\n",
        "Point()",
        replace(sql_type("point"), exact=False),
    ),
}


@pytest.mark.parametrize(("before", "type_", "expected"), USER_TYPES.values(), ids=USER_TYPES.keys())
def test_type_of_the_project(before: str, type_: str, expected: SqlType) -> None:
    (found,) = lower(f"op.add_column('t', sa.Column('a', {type_}))", before=before)
    assert isinstance(found, ops.AddColumn)
    assert isinstance(found.column.type, SqlType)
    assert found.column.type.for_dialect("postgresql") == expected


def test_the_check_of_a_boolean_is_where_there_are_no_booleans() -> None:
    source = 'op.create_table("t", sa.Column("a", sa.Boolean(create_constraint=True, name="ck")))'
    found = lower(source, dialects=("postgresql", "sqlite"))
    check = Constraint("check", "ck", (), "a IN (0, 1)")
    assert [(one.constraints, _guard(one.guard)) for one in found if isinstance(one, ops.CreateTable)] == [
        ((), on("postgresql")),
        ((check,), on("sqlite")),
    ]


def test_the_check_of_a_type_that_changes_stays_on_mysql() -> None:
    kind = 'sa.Enum({}, name="{}", native_enum=False, create_constraint=True)'
    old, new = kind.format('"a"', "ck"), kind.format('"a", "b"', "ck2")
    source = f'op.alter_column("t", "a", type_={new}, existing_type={old})'
    for dialect, dropped in (("postgresql", ["ck"]), ("mysql", []), ("mariadb", [])):
        found = lower(source, dialects=(dialect,))
        assert [one.name for one in found if isinstance(one, ops.DropConstraint)] == dropped, dialect
        assert [one.constraint.name for one in found if isinstance(one, ops.AddConstraint)] == ["ck2"], (
            dialect
        )


def test_an_enum_follows_its_tables_schema() -> None:
    source = 'op.create_table("t", sa.Column("a", sa.Enum("x", name="e", inherit_schema=True)), schema="s")'
    (found,) = lower(source)
    assert isinstance(found, ops.CreateTable)
    assert isinstance(found.columns[0].type, SqlType)
    assert found.columns[0].type.schema == "s"
