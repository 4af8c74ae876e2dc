"""MRT413: an index is built while nothing can write to the table."""

from __future__ import annotations

from collections.abc import Iterator

from mrt_lint.hazards.existing import old_table
from mrt_lint.hazards.locks import blocking_builds
from mrt_lint.ops import AddColumn, AddConstraint, CreateIndex
from mrt_lint.plugin import Context, Finding, Rule, Severity
from mrt_rules_django.examples import migration


class AddIndexNotConcurrent(Rule):
    """An index built on an existing model while nothing can write to its table (PostgreSQL).

    ## What it does
    Finds indexes of AddIndex, `db_index`, foreign keys and `unique` that PostgreSQL builds in one go on a
    table that
    existed before.

    ## Why is this bad?
    The build holds a lock against writing until the whole table was read and sorted.

    ## Example
    ```python
    migrations.AddIndex("item", models.Index(fields=["name"], name="by_name"))
    ```

    ## Use instead
    ```python
    class Migration(migrations.Migration):
        atomic = False
        operations = [AddIndexConcurrently("item", models.Index(fields=["name"], name="by_name"))]
    ```
    """

    code = "MRT413"
    name = "add-index-not-concurrent"
    group = "locks"
    severity = Severity.WARNING
    pattern = "AddIndex without atomic=False"
    frameworks = ("django",)
    on = (CreateIndex, AddConstraint, AddColumn)

    BAD = [
        migration(
            'migrations.AddIndex("item", models.Index(fields=["name"], name="by_name")),  # MRT413',
            database="postgresql",
        ),
        migration(
            'migrations.AddField("item", "next", models.OneToOneField('
            '"shop.item", models.CASCADE, null=True)),  # MRT413',
            database="postgresql",
        ),
    ]
    GOOD = [
        migration(
            'psql.AddIndexConcurrently("item", models.Index(fields=["name"], name="by_name")),',
            atomic=False,
            database="postgresql",
        ),
        migration(
            'migrations.AddIndex("item", models.Index(fields=["name"], name="by_name")),', database="mysql"
        ),
    ]

    def check(self, subject: CreateIndex | AddConstraint | AddColumn, ctx: Context) -> Iterator[Finding]:
        """Yields a finding for every index that is built under a lock against writing."""
        if ctx.direction != "upgrade":
            return
        if isinstance(subject, AddConstraint | AddColumn):
            built = _uniques(subject)
            if ctx.dialect != "postgresql" or not built or subject.sql:
                return
            if old_table(subject.table, ctx.before, ctx.roundtrip) is None:
                return
        else:
            built = [(one.name, one.subject) for one in blocking_builds(subject, ctx.before, ctx.roundtrip)]
        for name, where in built:
            yield self.finding(
                subject,
                f"index {name} on {subject.table} is built without CONCURRENTLY: "
                "nothing can write to the table meanwhile",
                help="use AddIndexConcurrently in a migration with atomic = False",
                subject=where,
            )


def _uniques(subject: AddConstraint | AddColumn) -> list[tuple[str, str]]:
    """Returns the unique constraints that come with an operation: the name of the index and its subject."""
    if isinstance(subject, AddConstraint):
        one = subject.constraint
        name = one.name or ""
        return [(name, f"{subject.table}.{name}")] if one.kind == "unique" and one.index is None else []
    unique = any(one.kind in ("unique", "primary") for one in subject.constraints)
    # The names are those that PostgreSQL gives.
    name = f"{subject.table.name}_{subject.column.name}_key"
    return [(name, f"{subject.table}.{subject.column.name}:unique")] if unique else []
