"""MRT842: a unique field is added with one default for all rows."""

from __future__ import annotations

from collections.abc import Iterator

from mrt_lint.hazards.existing import old_table
from mrt_lint.ops import AddColumn
from mrt_lint.plugin import Context, Finding, Rule, Severity
from mrt_lint.schema.names import Unknown
from mrt_rules_django.examples import migration


class UniqueWithCallableDefault(Rule):
    """A unique field added with a default that every row shares.

    ## What it does
    Finds AddField operations with `unique=True` and a default. A callable is called once, not once per row.

    ## Why is this bad?
    Every row that is there gets the same value, so that the constraint fails on the second row.

    ## Example
    ```python
    migrations.AddField("item", "key", models.UUIDField(default=uuid.uuid4, unique=True))
    ```

    ## Use instead
    Three migrations: add the field with `null=True`, fill it row by row, then make it unique
    (Django, "Migrations that add unique fields").
    """

    code = "MRT842"
    name = "unique-with-callable-default"
    group = "hygiene"
    severity = Severity.ERROR
    pattern = ""
    frameworks = ("django",)
    on = (AddColumn,)

    BAD = [
        migration(
            'migrations.AddField("item", "key", models.UUIDField(default=uuid4, unique=True)),  # MRT842',
            code="from uuid import uuid4",
            database="mysql",
        ),
    ]
    GOOD = [
        migration(
            'migrations.AddField("item", "key", models.UUIDField(null=True, unique=True)),', database="mysql"
        ),
    ]

    def check(self, subject: AddColumn, ctx: Context) -> Iterator[Finding]:
        """Yields a finding when every row would get the same value."""
        unique = any(one.kind == "unique" for one in subject.constraints)
        if ctx.direction != "upgrade" or not unique or subject.column.default is None or subject.sql:
            return
        if isinstance(subject.column.default, Unknown) and isinstance(subject.column.nullable, Unknown):
            return  # A field class that decides both: nothing says that there is a value at all.
        if old_table(subject.table, ctx.before, ctx.roundtrip) is None:
            return
        where = f"{subject.table}.{subject.column.name}"
        yield self.finding(
            subject,
            f"{where} is unique, and every row that is there gets the same default",
            help="add it with null=True, fill it row by row, make it unique in a later migration",
            subject=f"{where}:same value",
        )
