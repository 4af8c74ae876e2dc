"""ACM001: an amount of money in a floating-point column. A rule on operations."""

from __future__ import annotations

from collections.abc import Iterator

from mrt_lint.ops.columns import AddColumn
from mrt_lint.ops.tables import CreateTable
from mrt_lint.plugin import Context, Finding, Rule, Severity, migration
from mrt_lint.schema.names import Unknown

MONEY = ("amount", "price", "total")
FLOATS = ("double", "float", "real")


class MoneyAsFloat(Rule):
    """A column for money that cannot hold cents exactly.

    ## What it does

    Finds new columns called `amount`, `price` or `total` (also with words in front: `net_price`)
    whose type is a floating-point number, in any spelling: `op.add_column`, `op.create_table` or SQL.

    ## Why is this bad?

    0.10 has no exact value in binary. Sums drift, and a later change of the type rounds every row.

    ## Example

    ```python
    op.add_column("orders", sa.Column("net_price", sa.Float))
    ```

    ## Use instead

    ```python
    op.add_column("orders", sa.Column("net_price", sa.Numeric(12, 2)))
    ```
    """

    code = "ACM001"
    name = "money-as-float"
    group = "acme"
    severity = Severity.ERROR
    on = (AddColumn, CreateTable)

    BAD = [
        migration(
            'op.add_column("orders", sa.Column("net_price", sa.Float))  # ACM001',
            'op.drop_column("orders", "net_price")',
            given='op.create_table("orders", sa.Column("id", sa.Integer, primary_key=True))',
        ),
    ]
    GOOD = [
        migration(
            'op.add_column("orders", sa.Column("net_price", sa.Numeric(12, 2)))',
            'op.drop_column("orders", "net_price")',
            given='op.create_table("orders", sa.Column("id", sa.Integer, primary_key=True))',
        ),
    ]

    def check(self, subject: AddColumn | CreateTable, ctx: Context) -> Iterator[Finding]:
        if ctx.direction == "downgrade":
            return
        columns = (subject.column,) if isinstance(subject, AddColumn) else subject.columns
        for column in columns:
            if isinstance(column.type, Unknown) or column.type.name not in FLOATS:
                continue
            if column.name.lower().split("_")[-1] in MONEY:
                yield self.finding(
                    subject,
                    f"{subject.table}.{column.name} is {column.type}, which cannot hold cents exactly",
                    help="use NUMERIC with two decimals, or an integer of cents",
                    subject=f"{subject.table}.{column.name}",
                )
