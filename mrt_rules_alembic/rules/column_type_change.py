"""MRT303: a column gets a type that does not hold all of its values."""

from __future__ import annotations

from collections.abc import Iterator

from mrt_lint.hazards.casts import Conversion, harmful_conversion
from mrt_lint.ops import AlterColumnType, RedefineColumn
from mrt_lint.plugin import Context, Finding, Rule, Severity, migration
from mrt_lint.schema.casts import Effect
from mrt_lint.schema.names import Unknown

USERS = """
op.create_table(
    "users",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.String(80)),
    sa.Column("visits", sa.BigInteger),
    sa.Column("score", sa.Numeric(10, 2)),
)
"""


class ColumnTypeChange(Rule):
    """A type change that can lose or reject data.

    ## What it does
    Finds type changes of columns that held data before the migration: those that values may not fit,
    those that round, cut or reduce values, and those of which this is not known, for want of the old
    type. Changes that keep every value (a longer VARCHAR, a bigger integer) are left alone.

    ## Why is this bad?
    What does not fit makes the migration fail in production, where the long values are; what is rounded
    or cut is gone, and the downgrade only brings the old type back.

    ## Example
    ```python
    def upgrade():
        op.alter_column("users", "score", type_=sa.Integer(), existing_type=sa.Numeric(10, 2))

    def downgrade():
        op.alter_column("users", "score", type_=sa.Numeric(10, 2), existing_type=sa.Integer())
    ```

    ## Use instead
    Fill a column of the new type beside the old one, and drop the old one in a later release:
    ```python
    def upgrade():
        op.add_column("users", sa.Column("points", sa.Integer()))
        op.execute("UPDATE users SET points = round(score)")

    def downgrade():
        op.drop_column("users", "points")
    ```
    Where the old type is not known, say it with `existing_type=`.
    """

    code = "MRT303"
    name = "column-type-change"
    group = "rollback"
    severity = Severity.WARNING
    pattern = "Column type change"
    frameworks = ("alembic",)
    on = (AlterColumnType, RedefineColumn)

    BAD = [
        migration(
            'op.alter_column("users", "score", type_=sa.Integer())  # MRT303',
            'op.alter_column("users", "score", type_=sa.Numeric(10, 2), existing_type=sa.Integer())',
            given=USERS,
            database="postgresql",
        ),
        migration(
            'op.execute("ALTER TABLE users ALTER COLUMN visits TYPE INTEGER")  # MRT303',
            'op.execute("ALTER TABLE users ALTER COLUMN visits TYPE BIGINT")',
            given=USERS,
            database="postgresql",
        ),
    ]
    GOOD = [
        migration(
            'op.alter_column("users", "name", type_=sa.Text(), existing_type=sa.String(80))',
            """
            op.execute("UPDATE users SET name = substr(name, 1, 80)")
            op.alter_column("users", "name", type_=sa.String(80), existing_type=sa.Text())
            """,
            given=USERS,
            database="postgresql",
        ),
        migration(
            """
            op.add_column("users", sa.Column("points", sa.Integer()))
            op.execute("UPDATE users SET points = round(score)")
            """,
            'op.drop_column("users", "points")',
            given=USERS,
        ),
    ]

    def check(self, subject: AlterColumnType | RedefineColumn, ctx: Context) -> Iterator[Finding]:
        """Yields a finding unless every value surely passes."""
        if ctx.direction != "upgrade":
            return
        found = harmful_conversion(subject, ctx.before, ctx.roundtrip)
        if found is not None:
            yield self.finding(
                subject,
                f"{found.subject} changes {_types(found)}: {_effect(found)}",
                help="keep the old column beside one of the new type, or make sure that every value fits",
                subject=found.subject,
            )


def _types(found: Conversion) -> str:
    new = "a type that is not known" if isinstance(found.new, Unknown) else str(found.new)
    if isinstance(found.old, Unknown):
        return f"its type to {new}"
    return f"from {found.old} to {new}"


def _effect(found: Conversion) -> str:
    if found.computed:
        return "USING computes the new values, which may lose old ones"
    if found.effect is Effect.LOSSY:
        return "what the new type does not hold as it is may be changed without an error"
    if found.effect is Effect.MAY_FAIL:
        return "values that do not fit make it fail"
    if isinstance(found.old, Unknown):
        return "what type it had is not known, so this may lose or reject values"
    if isinstance(found.new, Unknown) or not (found.old.exact and found.new.exact):
        return "this may lose or reject values"
    return "values that the new type does not hold are rejected or changed"
