"""What users of pytest-mrt know: each hazard of its documentation, in our own words, under the code they know.

Every case runs as a bare file, when nothing is known of the schema, and after a history that built it.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from mrt_lint.config.settings import settings
from mrt_lint.lint.examples import Step, history, migration
from mrt_lint.lint.finding import Severity
from mrt_lint.lint.plugins import installed
from mrt_lint.lint.policy import policy
from mrt_lint.lint.registry import build
from mrt_lint.testing import run

REGISTRY = build([plugin for plugin in installed() if plugin.distribution.startswith("mrt-lint ")])

SCHEMA = """
op.create_table("accounts", sa.Column("id", sa.Integer, primary_key=True))
op.create_table(
    "members",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("given", sa.String(40)),
    sa.Column("family", sa.String(40)),
    sa.Column("mail", sa.String(80)),
    sa.Column("level", sa.String(10)),
    sa.Column("points", sa.Integer),
    sa.Column("account_id", sa.Integer),
    sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_members_account"),
    sa.UniqueConstraint("mail", name="uq_members_mail"),
)
op.create_index("ix_members_family", "members", ["family"])
op.create_table("journal", sa.Column("id", sa.Integer, primary_key=True), sa.Column("line", sa.Text))
op.execute("CREATE VIEW grown_members AS SELECT id, given FROM members")
op.execute("CREATE TYPE member_state AS ENUM ('new', 'known')")
op.execute("CREATE SEQUENCE invoice_no")
op.execute("CREATE FUNCTION note() RETURNS trigger AS $$ BEGIN RETURN NEW; END $$ LANGUAGE plpgsql")
"""


@dataclass(frozen=True)
class Known:
    """A hazard and the code it is known by."""

    code: str
    upgrade: str
    downgrade: str | None = "pass"
    database: str | None = None


KNOWN = (
    Known(
        "MRT201",
        'op.drop_column("members", "mail")',
        'op.add_column("members", sa.Column("mail", sa.String(80), nullable=True))',
    ),
    Known("MRT202", 'op.drop_table("journal")'),
    Known("MRT203", 'op.execute("TRUNCATE TABLE journal")'),
    Known("MRT102", 'op.create_table("guests", sa.Column("id", sa.Integer, primary_key=True))'),
    Known("MRT101", 'op.add_column("members", sa.Column("rank", sa.Integer))', None),
    Known("MRT301", 'op.rename_table("journal", "diary")'),
    Known("MRT302", 'op.alter_column("members", "given", new_column_name="first")'),
    Known("MRT207", 'op.execute("DROP VIEW grown_members")'),
    Known("MRT304", "op.execute(\"ALTER TYPE member_state ADD VALUE 'gone'\")"),
    Known(
        "MRT208",
        """
        op.add_column("members", sa.Column("whole", sa.String))
        op.execute("UPDATE members SET whole = given || ' ' || family")
        op.drop_column("members", "given")
        op.drop_column("members", "family")
        """,
    ),
    Known("MRT206", 'with op.batch_alter_table("members") as batch_op:\n    batch_op.drop_column("points")'),
    Known("MRT401", 'op.add_column("members", sa.Column("rank", sa.Integer, nullable=False))'),
    Known("MRT303", 'op.alter_column("members", "points", type_=sa.String(10))'),
    Known("MRT103", 'op.execute("UPDATE members SET given = UPPER(given)")'),
    Known(
        "MRT204",
        'op.add_column("journal", sa.Column("member_id", sa.Integer,\n'
        '    sa.ForeignKey("members.id", ondelete="CASCADE")))',
    ),
    Known("MRT407", 'op.create_index("ix_members_mail", "members", ["mail"])'),
    Known(
        "MRT404",
        'op.add_column("members", sa.Column("token", sa.Uuid, server_default=sa.text("gen_random_uuid()")))',
    ),
    Known("MRT405", 'op.add_column("members", sa.Column("rank", sa.Integer, server_default="0"))'),
    Known("MRT406", 'op.create_unique_constraint("uq_members_family", "members", ["family"])'),
    Known("MRT408", 'op.drop_index("ix_members_family", table_name="members")'),
    Known("MRT409", 'op.drop_constraint("uq_members_mail", "members")'),
    Known("MRT501", 'op.execute("ALTER SEQUENCE invoice_no RESTART WITH 5000")'),
    Known("MRT403", 'op.execute("ALTER TABLE members ALTER COLUMN points SET NOT NULL")'),
    Known(
        "MRT402",
        'op.alter_column("members", "points", nullable=False)',
        'op.alter_column("members", "points")',
    ),
    Known(
        "MRT410",
        'with op.batch_alter_table("members") as batch_op:\n    batch_op.drop_constraint("uq_members_mail")',
    ),
    Known(
        "MRT205",
        'op.drop_constraint("fk_members_account", "members", type_="foreignkey")',
    ),
    Known(
        "MRT502",
        'op.execute("CREATE TRIGGER tr_note BEFORE UPDATE ON members FOR EACH ROW EXECUTE FUNCTION note()")',
    ),
    Known("MRT503", "op.execute(\"CREATE TYPE mood AS ENUM ('good', 'bad')\")"),
    Known(
        "MRT106",
        'journal = sa.table("journal", sa.column("line", sa.Text))\n'
        'op.bulk_insert(journal, [{"line": "begun"}])',
    ),
    Known("MRT104", 'op.execute("CREATE EXTENSION hstore")'),
    Known("MRT105", 'op.get_bind().execute(sa.text("CREATE EXTENSION hstore"))'),
    Known("MRT213", 'op.alter_column("members", "points", existing_type=sa.Integer, nullable=False)'),
)

IDS = [known.code for known in KNOWN]


@pytest.mark.parametrize("known", KNOWN, ids=IDS)
def test_a_bare_file(known: Known) -> None:
    example = migration(known.upgrade, known.downgrade)
    assert known.code in {finding.rule for finding in run(example, REGISTRY).findings}


@pytest.mark.parametrize("known", KNOWN, ids=IDS)
def test_after_a_history(known: Known) -> None:
    example = migration(known.upgrade, known.downgrade, given=SCHEMA)
    assert known.code in {finding.rule for finding in run(example, REGISTRY).findings}


def test_several_heads() -> None:
    root, mail, phone = (
        Step(revision="r"),
        Step(revision="a", parents='"r"'),
        Step(revision="b", parents='"r"'),
    )
    assert "MRT901" in {finding.rule for finding in run(history(root, mail, phone), REGISTRY).findings}


NAMES = {
    "Missing downgrade": "MRT101",
    "No-op downgrade": "MRT102",
    "noop downgrade": "MRT102",
    "DROP COLUMN in upgrade": "MRT201",
    "DROP COLUMN": "MRT201",
    "DROP TABLE in upgrade": "MRT202",
    "TRUNCATE": "MRT203",
    "TRUNCATE in migration": "MRT203",
    "NOT NULL without default": "MRT401",
    "Column type change": "MRT303",
    "Raw SQL (op.execute)": "MRT104",
    "Data transform without reverse": "MRT103",
    "CASCADE DELETE": "MRT204",
    "INDEX without CONCURRENTLY": "MRT407",
    "ADD COLUMN with volatile DEFAULT": "MRT404",
    "ADD COLUMN with server_default": "MRT405",
    "UNIQUE constraint on existing data": "MRT406",
    "DROP INDEX without reverse": "MRT408",
    "DROP CONSTRAINT without reverse": "MRT409",
    "rename_table without reverse": "MRT301",
    "rename_column without reverse": "MRT302",
    "DROP VIEW without reverse": "MRT207",
    "SEQUENCE modification": "MRT501",
    "ENUM value added": "MRT304",
    "Multi-step destructive migration": "MRT208",
    "NOT NULL without reverting nullable": "MRT402",
    "NOT NULL via raw SQL without reverse": "MRT403",
    "bulk_insert without reverse": "MRT106",
    "context.execute without reverse": "MRT105",
    "DROP COLUMN in batch_alter_table": "MRT206",
    "DROP CONSTRAINT in batch_alter_table": "MRT410",
    "DROP FOREIGN KEY without restore": "MRT205",
    "CREATE TRIGGER without DROP TRIGGER": "MRT502",
    "CREATE TYPE without DROP TYPE": "MRT503",
    "Multiple heads": "MRT901",
    "Data hole chain": "MRT903",
    "Orphaned migration": "MRT904",
    "SET NOT NULL on existing column": "MRT213",
    "Syntax error": "MRT902",
    "DROP COLUMN during rolling deploy": "MRT701",
    "RENAME COLUMN during rolling deploy": "MRT702",
    "DROP TABLE during rolling deploy": "MRT703",
    "ADD NOT NULL column without server_default": "MRT704",
    "Column type change during rolling deploy": "MRT705",
}
"""The names of patterns that severity overrides know, and the codes they mean."""


@pytest.mark.parametrize("name", NAMES)
def test_a_pattern_name_in_severity_overrides(name: str) -> None:
    for spelling in (name, name.lower().replace(" ", "-"), name.upper()):
        given = settings(None, {"severity": {spelling: "info"}}, REGISTRY.options)
        assert policy(given, REGISTRY).severities == {NAMES[name]: Severity.INFO}
