"""Columns of a domain that has a default of its own: PostgreSQL fills them when they are added."""

from __future__ import annotations

import pytest

from tests.rules.linting import findings, found

USERS = """
op.create_table("users", sa.Column("id", sa.Integer, primary_key=True), sa.Column("email", sa.String(80)))
"""
ADD = 'op.execute("ALTER TABLE users ADD COLUMN kind grade NOT NULL")'
DROP = 'op.execute("ALTER TABLE users DROP COLUMN kind")'


@pytest.mark.parametrize(
    ("domain", "codes"),
    [
        ("CREATE DOMAIN grade AS int DEFAULT 5", []),
        ("CREATE DOMAIN grade AS varchar(9) NOT NULL DEFAULT 'plain' CHECK (VALUE <> '')", []),
        ("CREATE DOMAIN level AS int DEFAULT 1; CREATE DOMAIN grade AS level CHECK (VALUE > 0)", []),
        ("CREATE DOMAIN grade AS int", ["MRT401"]),
        ("CREATE DOMAIN grade AS int DEFAULT NULL CHECK (VALUE > 0)", ["MRT401"]),
        ("CREATE DOMAIN level AS int; CREATE DOMAIN grade AS level CHECK (VALUE > 0)", ["MRT401"]),
        ("CREATE TYPE grade AS ENUM ('a', 'b')", ["MRT401"]),
    ],
)
def test_a_required_column_of_a_domain(domain: str, codes: list[str]) -> None:
    given = f'{USERS}\nop.execute("{domain}")'
    assert found("MRT401", ADD, DROP, given=given, database="postgresql") == codes
    again = ["MRT806"] if codes else []
    older = f"{given}\n{ADD}"
    assert found("MRT806", DROP, ADD, given=older, database="postgresql") == again


def test_the_default_of_the_domain_is_what_old_rows_hold() -> None:
    given = f'{USERS}\nop.execute("CREATE DOMAIN grade AS int DEFAULT 5")\n{ADD}'
    (told,) = findings("MRT201", DROP, ADD, given=given, database="postgresql")
    assert "re-adds it with 5 in every row" in told.message


def test_a_default_that_a_domain_gets_later_is_no_sure_failure() -> None:
    later = 'op.execute("ALTER DOMAIN grade SET DEFAULT 5")'
    given = f'{USERS}\nop.execute("CREATE DOMAIN grade AS int")\n{ADD}\n{later}'
    assert found("MRT806", DROP, ADD, given=given, database="postgresql") == []


@pytest.mark.parametrize(("default", "codes"), [(', default="5"', []), ("", ["MRT806"])])
def test_a_domain_that_the_project_creates_otherwise(default: str, codes: list[str]) -> None:
    domain = f'postgresql.DOMAIN("grade", sa.Integer{default})'
    add = (
        "from sqlalchemy.dialects import postgresql\n"
        f'op.add_column("users", sa.Column("kind", {domain}, nullable=False))'
    )
    given = f'{USERS}\nop.add_column("users", sa.Column("kind", sa.Integer))'
    assert (
        found("MRT806", 'op.drop_column("users", "kind")', add, given=given, database="postgresql") == codes
    )
