"""Rows that a migration writes with numbers of its own, where other rows are."""

from __future__ import annotations

from tests.dynamic.catalogue.case import bug, right
from tests.dynamic.catalogue.givens import table

_GIVEN = table(
    """
    options = op.create_table(
        "options",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("held", sa.String(40)),
        sa.UniqueConstraint("name", name="uq_options_name"),
    )
    op.bulk_insert(options, [{"id": n, "name": f"option {n}", "held": "yes"} for n in (1, 2, 3)])
    """,
    "options",
    "INSERT INTO options (id, name, held) VALUES (91, 'mine', NULL)",
)
_ADDED = """
options = sa.table("options", sa.column("id"), sa.column("name"), sa.column("held"))
op.bulk_insert(options, [{"id": n, "name": f"option {n}", "held": "no"} for n in range(4, 16)])
"""
_TAKEN = 'op.execute("DELETE FROM options WHERE id BETWEEN 4 AND 15")\n'

CASES = [
    right("rows with the next numbers, written and taken back", _GIVEN, _ADDED, _TAKEN),
    bug(
        "rows with the next numbers, and old ones overwritten",
        _GIVEN,
        _ADDED + "op.execute(\"UPDATE options SET held = 'no' WHERE held IS NULL\")",
        _TAKEN,
        "lossy",
        "rows-changed",
        "options",
        "held",
    ),
]
