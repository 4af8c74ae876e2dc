"""Writes Alembic histories of any length, in the proportions of real ones."""

from __future__ import annotations

from pathlib import Path

HEAD = '''"""{title}

Revision ID: {revision}
Revises: {parent}
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "{revision}"
down_revision = {parent!r}
branch_labels = None
depends_on = None


'''

ENV = """from alembic import context

context.configure(url=context.config.get_main_option("sqlalchemy.url"))
with context.begin_transaction():
    context.run_migrations()
"""


def write(folder: Path, count: int) -> Path:
    """Writes a history of `count` revisions into a folder and returns its versions folder.

    Of every six revisions two create tables with their indexes, and one each alters columns in a batch,
    adds columns with a backfill in SQL, adds constraints, and drops an index and a column. A file has
    about 60 lines, as in published histories (17,000 lines in 288 files of one of them).
    """
    versions = folder / "migrations" / "versions"
    versions.mkdir(parents=True)
    (folder / "alembic.ini").write_text(
        "[alembic]\nscript_location = %(here)s/migrations\nsqlalchemy.url = postgresql://localhost/bench\n"
    )
    (folder / "migrations" / "env.py").write_text(ENV)
    parent = None
    for number in range(count):
        revision = f"{number:012x}"
        upgrade, downgrade = _BODIES[number % len(_BODIES)](number)
        text = HEAD.format(title=f"Step {number}", revision=revision, parent=parent).replace("'", '"')
        text += f"def upgrade():\n{upgrade}\n\ndef downgrade():\n{downgrade}"
        (versions / f"{revision}_step_{number}.py").write_text(text)
        parent = revision
    return versions


def _indented(*lines: str) -> str:
    return "".join(f"    {line}\n" for line in lines)


def _table(number: int) -> str:
    return f"table_{number - number % 6}"


def _create(number: int) -> tuple[str, str]:
    pairs = [_one_table(f"table_{number}"), _one_table(f"table_{number}_items")]
    return "".join(up for up, _ in pairs), "".join(down for _, down in reversed(pairs))


def _one_table(name: str) -> tuple[str, str]:
    columns = [
        f'    sa.Column("field_{i}", sa.String(length=200), nullable={i % 2 == 0}),' for i in range(12)
    ]
    up = _indented(
        "op.create_table(",
        f'    "{name}",',
        '    sa.Column("id", sa.Integer(), nullable=False),',
        '    sa.Column("amount", sa.Numeric(precision=10, scale=2), server_default="0", nullable=False),',
        '    sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()")),',
        *columns,
        f'    sa.CheckConstraint("amount >= 0", name=op.f("ck_{name}_amount")),',
        f'    sa.PrimaryKeyConstraint("id", name=op.f("pk_{name}")),',
        ")",
        f'op.create_index(op.f("ix_{name}_field_0"), "{name}", ["field_0"], unique=False)',
        f'op.create_index(op.f("ix_{name}_field_1"), "{name}", ["field_1", "field_2"], unique=True)',
    )
    down = _indented(
        f'op.drop_index(op.f("ix_{name}_field_1"), table_name="{name}")',
        f'op.drop_index(op.f("ix_{name}_field_0"), table_name="{name}")',
        f'op.drop_table("{name}")',
    )
    return up, down


def _alter(number: int) -> tuple[str, str]:
    name = _table(number)

    def altered(old: str, new: str) -> list[str]:
        lines = []
        for number in (3, 5, 7, 9):
            lines += [
                "    batch_op.alter_column(",
                f'        "field_{number}",',
                f"        existing_type={old},",
                f"        type_={new},",
                "        existing_nullable=False,",
                "    )",
            ]
        return lines

    batch = f'with op.batch_alter_table("{name}", schema=None) as batch_op:'
    up = _indented(
        batch,
        *altered("sa.String(length=200)", "sa.Text()"),
        '    batch_op.alter_column("field_4", existing_type=sa.String(length=200), nullable=False)',
    )
    down = _indented(
        batch,
        '    batch_op.alter_column("field_4", existing_type=sa.String(length=200), nullable=True)',
        *altered("sa.Text()", "sa.String(length=200)"),
    )
    return up, down


def _backfill(number: int) -> tuple[str, str]:
    name = _table(number)
    more = [f"extra_{number}_{index}" for index in range(8)]
    up = _indented(
        *(
            f'op.add_column("{name}", sa.Column("{column}", sa.BigInteger(), nullable=True))'
            for column in more
        ),
        f'op.add_column("{name}", sa.Column("label_{number}", sa.String(length=80), nullable=True))',
        "op.execute(",
        '    """',
        f"    UPDATE {name}",
        f"    SET label_{number} = lower(field_0)",
        f"    WHERE label_{number} IS NULL",
        '    """',
        ")",
    )
    down = [f'op.drop_column("{name}", "{column}")' for column in [*more, f"label_{number}"]]
    return up, _indented(*down)


def _constraints(number: int) -> tuple[str, str]:
    name, other = _table(number), f"table_{number - number % 6 + 1}"
    up = _indented(
        f'op.add_column("{name}", sa.Column("ref_{number}", sa.Integer(), nullable=True))',
        "op.create_foreign_key(",
        f'    op.f("fk_{name}_{number}"), "{name}", "{other}", ["ref_{number}"], ["id"], ondelete="CASCADE"',
        ")",
    )
    down = _indented(
        f'op.drop_constraint(op.f("fk_{name}_{number}"), "{name}", type_="foreignkey")',
        f'op.drop_column("{name}", "ref_{number}")',
    )
    return up, down


def _drop(number: int) -> tuple[str, str]:
    name = _table(number)
    up = _indented(
        f'op.drop_index(op.f("ix_{name}_field_0"), table_name="{name}")',
        f'op.drop_column("{name}", "field_11")',
    )
    down = _indented(
        f'op.add_column("{name}", sa.Column("field_11", sa.String(length=200), nullable=True))',
        f'op.create_index(op.f("ix_{name}_field_0"), "{name}", ["field_0"], unique=False)',
    )
    return up, down


_BODIES = (_create, _create, _alter, _backfill, _constraints, _drop)
