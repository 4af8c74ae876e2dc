"""MRT840: a migration imports ORM models of the application."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from mrt_lint.plugin import Context, Finding, Migration, Rule, Severity, migration
from mrt_rules_alembic.live_models import live_models

USERS = """
op.create_table("users", sa.Column("id", sa.Integer, primary_key=True), sa.Column("state", sa.String(20)))
"""


class LiveModelImport(Rule):
    """An ORM model imported from the application.

    ## What it does
    Finds imports of the application's mapped classes, tables and declarative bases. Constants, enums,
    column types and helper modules of the migrations themselves are left alone. In Django's migrations it
    finds managers of imported models (`Item.objects`), under whatever name they were imported.

    ## Why is this bad?
    The migration sees the model as it is today, not as it was when the migration was written. As soon as
    the model gets another column, the migration asks for it on a schema that does not have it yet, and
    no new database can be set up any more; when the model is gone, no migration can be loaded at all.

    ## Example
    ```python
    from shop.models import User

    def upgrade():
        session = Session(bind=op.get_bind())
        session.query(User).update({"state": "active"})
    ```

    ## Use instead
    ```python
    users = sa.table("users", sa.column("id"), sa.column("state"))

    def upgrade():
        op.execute(users.update().values(state="active"))
    ```
    """

    code = "MRT840"
    name = "live-model-import"
    group = "hygiene"
    severity = Severity.WARNING
    on = (Migration,)

    BAD = [
        migration(
            """
            session = Session(bind=op.get_bind())
            print(session.query(User).count())
            """,
            "pass",
            given=USERS,
            imports="""
            from sqlalchemy.orm import Session
            from shop.models import User  # MRT840
            """,
        ),
    ]
    GOOD = [
        migration(
            """
            users = sa.table("users", sa.column("id"), sa.column("mood"))
            op.add_column("users", sa.Column("mood", sa.String(20)))
            op.execute(users.update().values(mood=Mood.GOOD.value))
            """,
            'op.drop_column("users", "mood")',
            given=USERS,
            imports="from shop.models import Mood",
        ),
    ]

    def check(self, subject: Migration, ctx: Context) -> Iterator[Finding]:
        """Yields a finding for every model: at its import, or where the frontend has seen its use."""
        for span, statement, name in subject.live_models:
            finding = self.finding(
                span,
                f"uses {name} of the application: as the code is today, not as it was when this was written",
                help="take the model from apps.get_model(): it is as the migrations made it up to here",
            )
            yield replace(finding, statement=statement)
        if ctx.project.framework != "alembic":
            return
        for model in live_models(ctx.source, ctx.project):
            finding = self.finding(
                ctx.source.span(model.node),
                f"imports {', '.join(model.paths)} of the application: as the code is today, "
                "not as it was when this was written",
                help="declare what the migration needs of the table: sa.table('users', sa.column('id'), ...)",
            )
            yield replace(finding, statement=ctx.source.span(model.statement))
