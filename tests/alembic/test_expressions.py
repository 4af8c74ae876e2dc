"""Core expressions are the SQL that SQLAlchemy itself compiles them to."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from mrt_lint import ops
from mrt_lint.schema.dialects import Dialect
from mrt_lint.sql import lower_sql
from tests.alembic.making import lower
from tests.alembic.test_differential import emitted, normalised

ALL: tuple[Dialect, ...] = ("postgresql", "mysql", "sqlite")
PG: tuple[Dialect, ...] = ("postgresql",)

TABLES = """
t = sa.table("t", sa.column("id", sa.Integer), sa.column("a", sa.Integer), sa.column("b", sa.String),
             sa.column("at", sa.DateTime), sa.column("order", sa.Integer))
u = sa.table("u", sa.column("id", sa.Integer), sa.column("t_id", sa.Integer), sa.column("w", sa.String))
"""

CONDITIONS: dict[str, tuple[tuple[Dialect, ...], str]] = {
    "comparisons": (ALL, "sa.and_(t.c.a == 1, t.c.a != 2, t.c.a < 3, t.c.a <= 4, t.c.a > 5, t.c.a >= 6)"),
    "mirrored comparison": (ALL, "5 < t.c.a"),
    "null by ==": (ALL, "(t.c.a == None) | (t.c.b != None)"),
    "null by is_": (ALL, "t.c.a.is_(None) & t.c.b.is_not(None)"),
    "null by isnot": (ALL, "t.c.b.isnot(None)"),
    "not": (ALL, "~(t.c.a > 1)"),
    "not of each comparison": (
        ALL,
        "~(t.c.a == 1) & ~(t.c.a != 2) & ~(t.c.a <= 3) & ~t.c.b.like('_') & ~t.c.b.is_(None)",
    ),
    "not in a query": (ALL, "~t.c.id.in_(sa.select(u.c.t_id))"),
    "not exists": (ALL, "~sa.exists().where(u.c.t_id == t.c.id)"),
    "not_": (ALL, "sa.not_(sa.or_(t.c.a > 1, t.c.b == 'x'))"),
    "precedence of and, or": (ALL, "(t.c.a == 1) & ((t.c.b == 'x') | (t.c.b == 'y'))"),
    "arithmetic": (PG, "(t.c.a + 1) * 2 - t.c.id > 3"),
    "arithmetic on the right": (PG, "t.c.a - (t.c.id - 1) > 0"),
    "minus": (PG, "-t.c.a > 3"),
    "in_": (ALL, "t.c.a.in_([1, 2, 3])"),
    "not_in": (ALL, "t.c.b.not_in(['x', \"it's\"])"),
    "notin_": (ALL, "t.c.b.notin_(('x',))"),
    "in a query": (ALL, "t.c.id.in_(sa.select(u.c.t_id).where(u.c.w == 'x'))"),
    "like": (ALL, "t.c.b.like('a_') & t.c.b.not_like('_z')"),
    "ilike": (PG, "t.c.b.ilike('a_')"),
    "ilike elsewhere": (("mysql", "sqlite"), "t.c.b.ilike('a_')"),
    "between": (ALL, "t.c.a.between(1, 5)"),
    "between as a function": (ALL, "sa.between(t.c.a, 1, 5)"),
    "functions": (ALL, "sa.func.lower(sa.func.coalesce(t.c.b, 'x')) == 'x'"),
    "a function of a package": (PG, "sa.func.pg_catalog.length(t.c.b) > 3"),
    "case": (ALL, "sa.case((t.c.a == 1, 'x'), (t.c.a == 2, 'y'), else_='z') == t.c.b"),
    "case of a value": (ALL, "sa.case({1: 'x', 2: 'y'}, value=t.c.a, else_='z') == t.c.b"),
    "extract": (PG, "sa.extract('year', t.c.at) == 2020"),
    "a reserved name": (ALL, "t.c.order > 3"),
    "literal": (ALL, "t.c.a == sa.literal(3)"),
    "literal_column": (ALL, "sa.literal_column('a') > 3"),
    "an operator of one's own": (PG, "t.c.b.op('~')('x')"),
    "text in and_": (ALL, "sa.and_(sa.text('a > 1'), t.c.b == 'x')"),
    "exists": (ALL, "sa.exists().where(u.c.t_id == t.c.id)"),
    "exists of a select": (ALL, "sa.exists(sa.select(u.c.id).where(u.c.w == 'x'))"),
    "tuple_": (PG, "sa.tuple_(t.c.a, t.c.id) == sa.tuple_(t.c.id, t.c.a)"),
    "collate": (PG, "t.c.b.collate('C') == 'x'"),
    "concat": (ALL, "t.c.b.concat('x') == 'yx'"),
    "distinct from": (PG, "t.c.a.is_distinct_from(t.c.id)"),
    "a boolean": (PG, "t.c.a.is_(sa.true())"),
    "cast": (PG, "sa.cast(t.c.b, sa.Integer) == 3"),
    "cast method": (PG, "t.c.a.cast(sa.String(5)) == 'x'"),
}

STATEMENTS: dict[str, tuple[tuple[Dialect, ...], str]] = {
    "select": (ALL, "sa.select(t.c.id, t.c.b).where(t.c.a > 1)"),
    "select everything": (ALL, "sa.select(u)"),
    "select distinct, ordered, limited": (
        PG,
        "sa.select(t.c.b).distinct().order_by(t.c.b.desc(), t.c.a).limit(3).offset(1)",
    ),
    "select grouped": (
        PG,
        "sa.select(t.c.b, sa.func.count().label('n')).group_by(t.c.b).having(sa.func.count() > 1)",
    ),
    "select from a join": (PG, "sa.select(t.c.id, u.c.w).select_from(t.join(u, u.c.t_id == t.c.id))"),
    "select from an outer join": (
        PG,
        "sa.select(t.c.id).select_from(sa.outerjoin(t, u, u.c.t_id == t.c.id))",
    ),
    "select joined by method": (PG, "sa.select(t.c.id).join(u, u.c.t_id == t.c.id)"),
    "select of two tables": (PG, "sa.select(t.c.id, u.c.w).where(u.c.t_id == t.c.id)"),
    "select from an alias": (PG, "(lambda x: sa.select(x.c.id).where(x.c.a == 1))(t.alias('x'))"),
    "union": (PG, "sa.union_all(sa.select(t.c.id), sa.select(u.c.id))"),
    "update to null, text and functions": (
        PG,
        "t.update().values(a=None, b=sa.text('upper(b)'), at=sa.func.now())",
    ),
    "update by columns as keys": (ALL, "t.update().values({t.c.a: t.c.id + 1, 'b': 'x'})"),
    "update in order": (PG, "t.update().ordered_values((t.c.a, 1), (t.c.b, 'x'))"),
    "update where twice": (ALL, "t.update().where(t.c.a == 1).where(t.c.b == 'x').values(b='y')"),
    "update from another table": (PG, "t.update().where(u.c.t_id == t.c.id, u.c.w == 'x').values(b=u.c.w)"),
    "update of two tables on MySQL": (
        ("mysql",),
        "t.update().where(u.c.t_id == t.c.id).values({t.c.b: u.c.w})",
    ),
    "update to a subquery": (
        PG,
        "t.update().values(b=sa.select(u.c.w).where(u.c.t_id == t.c.id).scalar_subquery())",
    ),
    "delete everything": (ALL, "t.delete()"),
    "delete using": (PG, "t.delete().where(t.c.id == u.c.t_id)"),
    "insert": (ALL, "t.insert().values(a=1, b='x')"),
    "insert several": (ALL, "t.insert().values([{'a': 1, 'b': 'x'}, {'a': 2, 'b': None}])"),
    "insert from a query": (
        ALL,
        "t.insert().from_select(['a', 'b'], sa.select(u.c.id, u.c.w).where(u.c.id > 3))",
    ),
    "insert or nothing": (
        PG,
        "postgresql.insert(t).values(id=1).on_conflict_do_nothing(index_elements=['id'])",
    ),
    "insert or update": (
        PG,
        "(lambda i: i.on_conflict_do_update(index_elements=[t.c.id], set_={'a': i.excluded.a}))"
        "(postgresql.insert(t).values(id=1, a=2))",
    ),
    "insert or update on MySQL": (
        ("mysql",),
        "(lambda i: i.on_duplicate_key_update(a=i.inserted.a))(mysql.insert(t).values(id=1, a=2))",
    ),
    "create a view": (PG, "sa.schema.CreateView(sa.select(t.c.id).where(t.c.a > 1), 'v')"),
    "create a table from a query": (PG, "sa.schema.CreateTableAs(sa.select(t.c.id), 'copy')"),
}

CASES = [
    (f"condition {name}", dialect, f"op.execute(sa.delete(t).where({source}))")
    for name, (dialects, source) in CONDITIONS.items()
    for dialect in dialects
] + [
    (name, dialect, f"op.execute({source})")
    for name, (dialects, source) in STATEMENTS.items()
    for dialect in dialects
]


@pytest.mark.parametrize(
    ("dialect", "source"),
    [case[1:] for case in CASES],
    ids=[f"{name}-{dialect}" for name, dialect, _ in CASES],
)
def test_expression_is_sqlalchemys(dialect: Dialect, source: str) -> None:
    if "sa.schema.Create" in source and not hasattr(sa.schema, "CreateView"):
        pytest.skip("CreateView and CreateTableAs came with SQLAlchemy 2.1")
    sql = emitted(TABLES + source, dialect)
    want = normalised(lower_sql(sql, (dialect,), {}), dialect)
    got = normalised(lower(TABLES + source, dialects=(dialect,)), dialect)
    assert got, sql
    assert not any(isinstance(one, ops.Opaque) for one in got), got
    assert got == want, sql
