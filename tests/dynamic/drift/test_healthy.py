"""What Alembic itself writes from the models is no drift, whatever the models hold."""

from __future__ import annotations

import logging
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import alembic
import pytest
from alembic import command
from alembic.config import Config

from mrt_dynamic.drift.run import metadata_of, migrated
from mrt_dynamic.verify.run import Verifier
from mrt_dynamic.verify.settings import verify_settings
from mrt_lint.config.settings import settings
from tests.backends import need, scratch, server_url
from tests.dynamic.projects import write

MODELS = """
import datetime
import decimal
import enum
import uuid
from typing import Optional

import sqlalchemy as sa
from sqlalchemy.dialects import mysql as my
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

CONVENTION = {
    "ix": "ix_%(column_0_label)s", "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s", "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
}
IN = f"{SCHEMA}." if SCHEMA else ""
COMMENTS = DATABASE != "sqlite"


class Base(DeclarativeBase):
    metadata = sa.MetaData(naming_convention=CONVENTION if NAMED else None, schema=SCHEMA)


class Color(enum.Enum):
    red = "red"
    blue = "blue"


class Wrapped(sa.types.TypeDecorator):
    impl = sa.Text
    cache_ok = True


class User(Base):
    __tablename__ = "users"
    __table_args__ = (
        sa.CheckConstraint("age > 0 AND age < 200", name="age"),
        sa.UniqueConstraint("email", "tenant"),
        sa.Index("ix_users_names", "last", "first"),
        sa.Index("ix_users_adult", "age", sqlite_where=sa.text("age > 17"), postgresql_where=sa.text("age > 17")),
        {"comment": "people"} if COMMENTS else {},
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(sa.String(200), index=True)
    tenant: Mapped[int] = mapped_column(sa.BigInteger)
    age: Mapped[Optional[int]]
    first: Mapped[Optional[str]] = mapped_column(sa.String(50))
    last: Mapped[Optional[str]] = mapped_column(sa.String(50))
    created: Mapped[datetime.datetime] = mapped_column(sa.DateTime(timezone=True), server_default=sa.func.now())
    active: Mapped[bool] = mapped_column(server_default=sa.true())
    flag: Mapped[bool] = mapped_column(sa.Boolean(create_constraint=True, name="flag"), server_default=sa.false())
    score: Mapped[float] = mapped_column(server_default="0.5")
    money: Mapped[decimal.Decimal] = mapped_column(sa.Numeric(10, 2), server_default="0.00")
    key: Mapped[uuid.UUID] = mapped_column(sa.Uuid, unique=True)
    data: Mapped[Optional[dict]] = mapped_column(sa.JSON)
    blob: Mapped[Optional[bytes]] = mapped_column(sa.LargeBinary)
    color: Mapped[Color] = mapped_column(sa.Enum(Color, name="color"), server_default="red")
    shade: Mapped[Color] = mapped_column(
        sa.Enum(Color, name="shade", native_enum=False, length=10, create_constraint=True)
    )
    wrapped: Mapped[Optional[str]] = mapped_column(Wrapped)
    day: Mapped[Optional[datetime.date]]
    hour: Mapped[Optional[datetime.time]]
    span: Mapped[Optional[datetime.timedelta]] = mapped_column(sa.Interval)
    small: Mapped[Optional[int]] = mapped_column(sa.SmallInteger)
    unicode: Mapped[Optional[str]] = mapped_column(sa.Unicode(30))
    real: Mapped[Optional[float]] = mapped_column(sa.REAL)
    wide: Mapped[Optional[float]] = mapped_column(sa.Double)
    code: Mapped[Optional[str]] = mapped_column(sa.CHAR(3))
    note: Mapped[str] = mapped_column(
        sa.String(20), server_default=sa.text("'a b'"), comment="it's a note" if COMMENTS else None
    )
    boss_id: Mapped[Optional[int]] = mapped_column(sa.ForeignKey(f"{IN}users.id", ondelete="SET NULL"))
    total: Mapped[Optional[int]] = mapped_column(sa.Computed("age * 2", persisted=True))


class Order(Base):
    __tablename__ = "orders"
    a: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    b: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(
        sa.ForeignKey(f"{IN}users.id", ondelete="CASCADE", onupdate="CASCADE"), index=True
    )


class Line(Base):
    __tablename__ = "lines"
    __table_args__ = (sa.ForeignKeyConstraint(["oa", "ob"], [f"{IN}orders.a", f"{IN}orders.b"]),)
    id: Mapped[int] = mapped_column(primary_key=True)
    oa: Mapped[int]
    ob: Mapped[int]


sa.Table(
    "friends",
    Base.metadata,
    sa.Column("one", sa.ForeignKey(f"{IN}users.id"), primary_key=True),
    sa.Column("other", sa.ForeignKey(f"{IN}users.id"), primary_key=True),
)
sa.Table("keyless", Base.metadata, sa.Column("x", sa.Integer))
if DATABASE == "postgresql":
    own = sa.Table(
        "own",
        Base.metadata,
        sa.Column("id", sa.Integer, sa.Identity(always=True, start=10), primary_key=True),
        sa.Column("tags", pg.ARRAY(sa.String(20)), server_default="{}"),
        sa.Column("doc", pg.JSONB, server_default=sa.text("'{}'::jsonb")),
        sa.Column("ip", pg.INET),
        sa.Column("during", pg.TSTZRANGE),
        sa.Column("n", sa.Integer, nullable=False, server_default=sa.text("1 + 1")),
        sa.Column("made", sa.Uuid, server_default=sa.text("gen_random_uuid()")),
        sa.Column("name", sa.Text),
        pg.ExcludeConstraint(("during", "&&"), name="no_overlap"),
    )
    sa.Index("ix_own_gin", own.c.doc, postgresql_using="gin")
    sa.Index("ix_own_part", own.c.n, postgresql_where=own.c.n > 3)
    sa.Index("ix_own_lower", sa.func.lower(own.c.name))
    sa.Index("ix_own_desc", own.c.n.desc().nullslast())
    sa.Index("ix_own_more", own.c.n, postgresql_include=["ip"])
if DATABASE == "mariadb":
    own = sa.Table(
        "own",
        Base.metadata,
        sa.Column("id", my.INTEGER(unsigned=True), primary_key=True),
        sa.Column("one", my.ENUM("a", "b")),
        sa.Column("some", my.SET("x", "y")),
        sa.Column("long", my.LONGTEXT),
        sa.Column("at", my.TIMESTAMP, server_default=sa.text("CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP")),
        sa.Column("year", my.YEAR),
        sa.Column("tiny", my.TINYINT(1)),
        sa.Column("name", sa.String(300)),
        mysql_engine="InnoDB",
        mysql_charset="utf8mb4",
    )
    sa.Index("ix_own_name", own.c.name, mysql_length=10)
"""
ENV = """
from alembic import context
from sqlalchemy import engine_from_config, pool
import healthy_models
config = context.config
engine = engine_from_config(
    config.get_section(config.config_ini_section), prefix="sqlalchemy.", poolclass=pool.NullPool
)
with engine.connect() as connection:
    context.configure(
        connection=connection, target_metadata=healthy_models.Base.metadata, include_schemas={schemas}
    )
    with context.begin_transaction():
        context.run_migrations()
"""


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)
    sys.modules.pop("healthy_models", None)


def generate(folder: Path, database: str, schema: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets Alembic write the first revision of the models."""
    shutil.copy(Path(alembic.__file__).parent / "templates/generic/script.py.mako", folder / "migrations")
    new = f'op.execute("CREATE SCHEMA {schema}")\n    ' if schema not in (None, "public") else ""
    with monkeypatch.context() as patch, scratch(database, folder) as engine:
        patch.syspath_prepend(str(folder))
        if new:
            with engine.begin() as connection:
                connection.exec_driver_sql(f"CREATE SCHEMA {schema}")
        config = Config(str(folder / "alembic.ini"))
        url = engine.url.render_as_string(hide_password=False)
        config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
        command.revision(config, "models", autogenerate=True)
    (file,) = (folder / "migrations/versions").glob("*.py")
    text = file.read_text().replace(
        "import sqlalchemy as sa", "import healthy_models\nimport sqlalchemy as sa"
    )
    file.write_text(text.replace("    # ### commands", f"    {new}# ### commands", 1))
    sys.modules.pop("healthy_models", None)


@pytest.mark.parametrize(
    ("database", "named", "schema", "schemas"),
    [
        ("sqlite", False, None, False),
        ("sqlite", True, None, False),
        ("mariadb", False, None, False),
        ("mariadb", True, None, False),
        ("postgresql", False, None, False),
        ("postgresql", True, None, False),
        ("postgresql", True, "auth", True),
        ("postgresql", False, "auth", False),
        ("postgresql", True, "public", False),
    ],
)
def test_a_generated_revision_is_no_drift(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    database: str,
    named: bool,
    schema: str | None,
    schemas: bool,
) -> None:
    need(database)
    head = f"DATABASE, NAMED, SCHEMA = {database!r}, {named!r}, {schema!r}\n"
    write(
        tmp_path, (), env=ENV.replace("{schemas}", str(schemas)), files={"healthy_models.py": head + MODELS}
    )
    generate(tmp_path, database, schema, monkeypatch)
    url = "sqlite://" if database == "sqlite" else server_url(database).render_as_string(hide_password=False)
    verifier = Verifier(verify_settings(settings(None, {}, (), tmp_path), {"db-url": url}, tmp_path))
    metadata = metadata_of("healthy_models:Base", verifier.project)
    with verifier:
        compared = migrated(verifier, metadata)
    assert ([each.message for each in compared.found], compared.notes) == ([], ())
