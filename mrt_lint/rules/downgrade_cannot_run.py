"""MRT806: the downgrade acts on what is not there, or fails on existing rows."""

from __future__ import annotations

from collections.abc import Iterator

from mrt_lint.hazards.faults import fails_here_alone
from mrt_lint.hazards.reached import stopped_before, unreached
from mrt_lint.hazards.reversing import dropped_in_vain, follows_from_failing
from mrt_lint.hazards.strength import told
from mrt_lint.ops import DropConstraint, Refuse, WrongCall
from mrt_lint.plugin import Context, Finding, Rule, Severity, Span, Turn, migration
from mrt_lint.roundtrip import Harm, Reason, RoundTrip

_HELP = {
    "missing": "use the name that upgrade leaves, and undo the steps of upgrade in reverse order",
    "exists": "drop it in downgrade before it is created again",
    "taken": "drop the one that has the name first",
    "not-null": "add the column nullable or with a server default, fill it, then set NOT NULL",
    "unique": "write it to the row that it is for: name that row in WHERE",
    "invalid": "drop what depends on it first",
    "transaction": "run it inside `with op.get_context().autocommit_block():`",
    "unsupported": "use op.batch_alter_table, which rebuilds the table on SQLite",
}

_OF_MISTAKES = {
    "NameError": "import or define the name",
    "TypeError": "give the call what it takes",
}

USERS = """
op.create_table(
    "users",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("email", sa.String(80), nullable=False),
)
"""


class DowngradeCannotRun(Rule):
    """A downgrade that fails.

    ## What it does
    Replays the downgrade on the schema that upgrade leaves and finds statements that act on objects
    which do not exist at that point (a wrong name, a wrong order), create what is still there, or add
    a NOT NULL column without a default to a table that has rows; also a migration that has nothing to
    undo and no downgrade function: the rollback stops there all the same.

    ## Why is this bad?
    The rollback stops half way with an error. On databases without transactional DDL the schema is
    then neither the old nor the new one.

    ## Example
    ```python
    def upgrade():
        op.create_index("ix_users_mail", "users", ["email"])

    def downgrade():
        op.drop_index("ix_users_email", table_name="users")
    ```

    ## Use instead
    ```python
    def downgrade():
        op.drop_index("ix_users_mail", table_name="users")
    ```
    """

    code = "MRT806"
    name = "downgrade-cannot-run"
    group = "rollback"
    severity = Severity.ERROR
    on = (RoundTrip,)
    turn = Turn.LAST

    BAD = [
        migration(
            """
            op.create_index("ix_users_mail", "users", ["email"])  # MRT407
            """,
            'op.drop_index("ix_users_email", table_name="users")  # MRT806',
            given=USERS,
        ),
        migration(
            'op.drop_column("users", "email")  # MRT201',
            'op.add_column("users", sa.Column("email", sa.String(80), nullable=False))  # MRT806',
            given=USERS,
            database="postgresql",
        ),
        migration("pass", None, marks={"revision": "MRT806"}),
    ]
    GOOD = [
        migration(
            'op.create_index("ix_users_mail", "users", ["email"])',
            'op.drop_index("ix_users_mail", table_name="users")',
            given=USERS,
            database="mysql",
        ),
    ]

    def check(self, subject: RoundTrip, ctx: Context) -> Iterator[Finding]:
        """Yields a finding for every statement of the downgrade that surely fails.

        What one statement fails by more than once (in a loop over tables) is one finding: the rollback stops
        at the first. So it never gets to what would fail after that, which is not told.
        """
        failing: dict[Span, list[tuple[Reason, str]]] = {}
        for reason in subject.reasons:
            if unreached(reason, subject):
                continue
            place = reason.reverse.span if reason.reverse is not None else subject.migration.identity
            if dropped_in_vain(reason, subject) and not ctx.spoken(reason.subject):
                failing.setdefault(place, []).append((reason, _never_made(reason)))
            if reason.harm is not Harm.CANNOT_RUN or ctx.spoken(""):
                continue
            if reason.reverse is None:
                yield self._nothing_to_run(subject)
            elif not follows_from_failing(reason, subject):
                stopped = stopped_before(reason, subject)
                what = f"{reason.message}; {stopped}" if stopped else reason.message
                failing.setdefault(place, []).append((reason, what))
        also = fails_here_alone(subject, ctx.shared.judgements) if failing else None
        for found in failing.values():
            (reason, what), *others = sorted(found, key=lambda one: bool(one[0].condition))
            more = f"; {len(others)} more would fail at this statement" if others else ""
            if also is not None:
                more += f"; the upgrade fails as well: {also.message}"
            yield self.finding(
                reason.reverse or subject.migration,
                told(f"the downgrade fails here: {what}{more}", reason),
                help=_help(reason),
                # On another database it may fail for sure: these are two findings.
                subject=f"{_about(reason)}:{'may not' if reason.condition or also else 'cannot'} run"
                + (" if it gets there" if stopped_before(reason, subject) else ""),
                severity=Severity.WARNING if reason.condition or also is not None else None,
            )

    def _nothing_to_run(self, trip: RoundTrip) -> Finding:
        """Returns the finding about a migration without a downgrade and with nothing to undo."""
        return self.finding(
            trip.migration,
            "there is no downgrade function: nothing is to be undone, but a rollback past this revision "
            "stops here with an error",
            help="add `def downgrade(): pass`",
            severity=Severity.WARNING,
        )


def _about(reason: Reason) -> str:
    """Returns what a finding is about; one database may have no such type, another refuse the cast to it."""
    lacking = reason.kind == "type" and reason.field == "unsupported"
    return f"{reason.subject} type" if lacking else reason.subject


def _never_made(reason: Reason) -> str:
    """Returns the drop of a part that no migration has made of a table known since, in words."""
    return f"{reason.kind} {reason.part} of {reason.table} is made by no migration that could be read"


def _help(reason: Reason) -> str:
    drop = reason.reverse
    if reason.harm is Harm.OBJECT_LOST:
        return _HELP["missing"]
    if reason.kind == "type" and reason.field == "unsupported":
        return "give the type the length that it had, or a variant for this database"
    if isinstance(drop, WrongCall):
        return "give the call what it takes"
    if isinstance(drop, Refuse):
        return _OF_MISTAKES.get(drop.exception, "mend the call")
    if isinstance(drop, DropConstraint) and drop.needs_name and drop.name is None:
        return "name the constraint in upgrade and drop it by that name"
    order = "run upgrade and downgrade on a copy of the schema and mend the order"
    return _HELP.get(reason.field, order)
