"""MRT411: a field that every row needs a value for is added to a table that has rows."""

from __future__ import annotations

from collections.abc import Iterator

from mrt_lint.hazards.nullability import added_required
from mrt_lint.ops import AddColumn
from mrt_lint.plugin import Context, Finding, Rule, Severity
from mrt_rules_django.examples import migration


class AddFieldNotNull(Rule):
    """A NOT NULL field without a default, added to a model that existed before.

    ## What it does
    Finds fields that are added NOT NULL while nothing says what the rows that are there get: no default, no
    `db_default`, and nothing that Django fills by itself.

    ## Why is this bad?
    PostgreSQL and SQLite refuse the column as soon as the table has rows; MySQL stores the type's zero value.

    ## Example
    ```python
    migrations.AddField("item", "size", models.IntegerField())
    ```

    ## Use instead
    ```python
    migrations.AddField("item", "size", models.IntegerField(default=0), preserve_default=False)
    ```
    """

    code = "MRT411"
    name = "add-field-not-null"
    group = "locks"
    severity = Severity.ERROR
    pattern = "AddField NOT NULL without default"
    frameworks = ("django",)
    on = (AddColumn,)

    BAD = [
        migration(
            'migrations.AddField("item", "size", models.IntegerField()),  # MRT411', database="postgresql"
        ),
        migration(
            'migrations.AddField("item", "size", models.IntegerField(blank=True)),  # MRT411',
            database="postgresql",
        ),
    ]
    GOOD = [
        migration(
            'migrations.AddField("item", "size", models.IntegerField(default=0), preserve_default=False),'
        ),
        migration(
            'migrations.AddField("item", "text", models.TextField(blank=True)),', database="postgresql"
        ),
        migration(
            'migrations.AddField("item", "tags", models.ManyToManyField("shop.item")),', database="postgresql"
        ),
    ]

    def check(self, subject: AddColumn, ctx: Context) -> Iterator[Finding]:
        """Yields a finding when the rows that are there would have no value."""
        if ctx.direction != "upgrade" or not added_required(subject, ctx.before, ctx.roundtrip):
            return
        where = f"{subject.table}.{subject.column.name}"
        yield self.finding(
            subject,
            f"{where} is added NOT NULL without a default: this fails when the table has rows",
            help="give it a default (a one-off one with preserve_default=False), or null=True",
            subject=where,
        )
