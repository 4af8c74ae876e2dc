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

    Of every six revisions two create a table with its indexes, and one each alters columns in a batch,
    adds columns with a backfill in SQL, adds constraints, and drops an index and a column.
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
    name = f"table_{number}"
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
    up = _indented(
        f'with op.batch_alter_table("{name}", schema=None) as batch_op:',
        "    batch_op.alter_column(",
        '        "field_3", existing_type=sa.String(length=200), type_=sa.Text(), existing_nullable=False',
        "    )",
        '    batch_op.alter_column("field_4", existing_type=sa.String(length=200), nullable=False)',
    )
    down = _indented(
        f'with op.batch_alter_table("{name}", schema=None) as batch_op:',
        '    batch_op.alter_column("field_4", existing_type=sa.String(length=200), nullable=True)',
        "    batch_op.alter_column(",
        '        "field_3", existing_type=sa.Text(), type_=sa.String(length=200), existing_nullable=False',
        "    )",
    )
    return up, down


def _backfill(number: int) -> tuple[str, str]:
    name = _table(number)
    up = _indented(
        f'op.add_column("{name}", sa.Column("label_{number}", sa.String(length=80), nullable=True))',
        "op.execute(",
        '    """',
        f"    UPDATE {name}",
        f"    SET label_{number} = lower(field_0)",
        f"    WHERE label_{number} IS NULL",
        '    """',
        ")",
    )
    return up, _indented(f'op.drop_column("{name}", "label_{number}")')


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
