"""The engine on tiny projects of a made-up framework: subjects, targets, scope, crashes, order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest

from mrt_lint.config.settings import settings
from mrt_lint.errors import ConfigError, PluginError, UsageError
from mrt_lint.history import History
from mrt_lint.lint.engine import check
from mrt_lint.lint.finding import Finding, Severity
from mrt_lint.lint.registry import Registry, build
from mrt_lint.lint.report import Report
from mrt_lint.lint.rule import EVERYTHING, Rule, Turn
from mrt_lint.lint.subjects import Crash, UnusedSuppression
from mrt_lint.lowered import Lowered, Migration
from mrt_lint.ops.base import Operation
from mrt_lint.ops.columns import AddColumn
from mrt_lint.ops.dropped_columns import DropColumn
from mrt_lint.project import Project
from mrt_lint.replay import Judgement
from mrt_lint.roundtrip import RoundTrip
from mrt_lint.verdict import Verdict
from tests.lint.conftest import Write
from tests.lint.fake import FakeFrontend
from tests.lint.making import configured, plugin, rule

A = """
    revision = "a"
    def upgrade():
        create("users", "id", "phone")
    def downgrade():
        drop_table("users")
"""
B = """
    revision = "b"
    parents = ["a"]
    def upgrade():
        drop("users", "phone")
    def downgrade():
        add("users", "phone")
"""


def says(template: str, **options: Any) -> Any:
    """Returns a `check` that finds one thing, formatted with the subject and the context."""

    def check_(self: Rule, subject: Any, ctx: Any) -> Iterator[Finding]:
        where = subject if isinstance(subject, Operation | Migration | Lowered) else ctx.migration
        yield self.finding(where, template.format(subject=subject, ctx=ctx), **options)

    return check_


CRASHES = rule(
    "TST900",
    on=(Crash,),
    always=True,
    check=lambda self, crash, ctx: iter(
        [self.finding(crash.span, f"{crash.what} failed: {crash.error}", path=crash.path)]
    ),
)
UNUSED = rule(
    "TST905",
    on=(UnusedSuppression,),
    check=lambda self, unused, ctx: iter(
        [
            self.finding(
                unused.span, f"{unused.why} {' '.join(unused.codes)}{unused.suggestion}", path=unused.path
            )
        ]
    ),
)
DROPS = rule("TST201", on=(DropColumn,), check=says("drops {subject.name}"))


def registered(*rules: type[Rule], frontend: FakeFrontend | None = None) -> Registry:
    return build([plugin(mrt_rules=list(rules), mrt_frontends=[frontend or FakeFrontend()])])


def run(
    root: Path, *rules: type[Rule], paths: list[str] | None = None, frontend: Any = None, **given: Any
) -> Report:
    registry = registered(*rules, frontend=frontend)
    raw = {key.replace("_", "-"): value for key, value in {"database": "postgresql", **given}.items()}
    chosen = settings(None, raw, registry.options, root)
    return check([Path(path) for path in paths or []], chosen, registry, cwd=root)


def told(report: Report) -> list[str]:
    return [f"{each.path}:{each.span.line} {each.rule} {each.message}" for each in report.findings]


def test_operations_come_with_their_place_and_states(project: Write) -> None:
    seen = rule(
        "TST001",
        on=(DropColumn, AddColumn),
        check=says("{ctx.direction} {ctx.dialect} of {ctx.migration.id}: {subject.table}"),
    )

    def states(self: Rule, subject: Any, ctx: Any) -> Iterator[Finding]:
        before, after = ctx.before.column("users", "phone"), ctx.after.column("users", "phone")
        yield self.finding(subject, f"{before is not None} {after is not None} {ctx.roundtrip.verdict.value}")

    report = run(project(a=A, b=B), seen, rule("TST002", on=(DropColumn,), check=states))
    assert told(report) == [
        "b.py:4 TST001 upgrade postgresql of b: users",
        "b.py:4 TST002 True False lossy",
        "b.py:6 TST001 downgrade postgresql of b: users",
    ]
    assert [finding.revision for finding in report.findings] == ["b", "b", "b"]


def test_a_rule_on_a_base_class_sees_all_subclasses(project: Write) -> None:
    report = run(project(a=A, b=B), rule(on=(Operation,), check=says("{subject.api}")))
    assert [each.message for each in report.findings] == ["create", "drop_table", "drop", "add"]


@pytest.mark.parametrize(
    ("on", "count"),
    [(Migration, 2), (Lowered, 3), (Judgement, 2), (RoundTrip, 2), (History, 1), (Project, 1)],
)
def test_every_kind_of_subject(project: Write, on: type, count: int) -> None:
    seen: list[Any] = []
    looking = rule(on=(on,), check=lambda self, subject, ctx: iter(seen.append(subject) or ()))
    run(project(a=A, b=B, helper="x = 1"), looking)
    assert len(seen) == count
    assert all(isinstance(each, on) for each in seen)


def test_findings_are_merged_over_databases(project: Write) -> None:
    root = project(
        a=A,
        b="""
        revision = "b"
        parents = ["a"]
        def upgrade():
            drop("users", "phone")
            if "mysql":
                drop("users", "id")
        def downgrade():
            add("users", "phone")
        """,
    )
    report = run(root, DROPS, rule("TST301", on=(RoundTrip,), check=says("on {ctx.dialect}")), database=None)
    drops = [(each.message, each.dialects) for each in report.findings if each.rule == "TST201"]
    assert drops == [("drops phone", ()), ("drops id", ("mysql",))]
    trips = {(each.message, each.dialects) for each in report.findings if each.revision == "a"}
    assert trips == {("on postgresql", ("postgresql",)), ("on mysql", ("mysql",))}


@pytest.mark.parametrize(
    ("frontend", "given", "targets", "guessed"),
    [
        (FakeFrontend(), {"database": "sqlite"}, ("sqlite",), False),
        (FakeFrontend(dialect="oracle"), {}, ("oracle",), False),
        (FakeFrontend(dialect="oracle"), {"database": "mysql"}, ("mysql",), False),
        (FakeFrontend(signs=("postgresql",)), {}, ("postgresql",), False),
        (FakeFrontend(signs=("postgresql", "mysql")), {}, ("postgresql", "mysql"), True),
        (FakeFrontend(signs=("elsewhere", "postgresql")), {}, ("postgresql", "mysql"), True),
        (FakeFrontend(), {}, ("postgresql", "mysql"), True),
    ],
)
def test_targets(project: Write, frontend: Any, given: Any, targets: Any, guessed: bool) -> None:
    report = run(project(a=A), frontend=frontend, **{"database": None, **given})
    assert report.targets == targets
    assert report.guessed == (targets if guessed else ())


GUARDED = 'revision = "a"\ndef upgrade():\n    if "{}":\n        create("t", "id")\n'


@pytest.mark.parametrize(
    ("names", "signs", "targets"),
    [
        (["sqlite"], (), ("postgresql", "mysql", "sqlite")),
        (["mysql"], (), ("postgresql", "mysql")),
        (["sqlite", "postgresql"], (), ("postgresql", "sqlite")),
        (["sqlite"], ("postgresql",), ("postgresql", "sqlite")),
        (["postgresql"], ("postgresql",), ("postgresql", "mysql")),
        (["oracle", "mssql"], (), ("oracle", "mssql")),
    ],
)
def test_guards_tell_which_databases_count(
    project: Write, names: list[str], signs: tuple[str, ...], targets: tuple[str, ...]
) -> None:
    files = {f"m{number}": GUARDED.format(name) for number, name in enumerate(names)}
    frontend = FakeFrontend(signs=signs)
    report = run(project(**files), frontend=frontend, database=None)
    assert report.targets == report.guessed == targets
    assert all(set(targets) <= set(dialects) for _, dialects in frontend.lowered[-len(files) :])


def test_a_database_that_the_history_refuses_does_not_count(project: Write) -> None:
    refusing = 'revision = "a"\ndef upgrade():\n    if "sqlite":\n        refuse()\n    create("t", "id")\n'
    files = {"a": refusing, "b": GUARDED.format("mysql").replace('"a"', '"b"')}
    report = run(project(**files), database=None)
    assert (report.targets, report.guessed) == (("mysql", "sqlite"), ("mysql",))


def test_version_needs_a_known_database(project: Write) -> None:
    with pytest.raises(UsageError, match=r"--database-version: .* set 'database' too"):
        run(project(a=A), database=None, database_version="15")


def test_version_and_options_reach_the_rule(project: Write) -> None:
    report = run(
        project(a=A),
        rule(check=says("{ctx.database_version} {ctx.options[strict]}")),
        database_version="15.2",
    )
    assert [each.message for each in report.findings] == ["(15, 2) False"]


def test_only_given_files_are_reported_on_but_all_are_read(project: Write) -> None:
    report = run(project(a=A, b=B), DROPS, paths=["b.py"])
    assert told(report) == ["b.py:4 TST201 drops phone"]
    assert [(each.revision, each.verdict) for each in report.migrations] == [("b", Verdict.LOSSY)]
    assert report.files == 1
    assert run(project(a=A, b=B), DROPS, paths=["a.py"]).findings == ()


def test_a_finding_about_a_given_file_is_shown_at_its_place_elsewhere(project: Write) -> None:
    def pairs(self: Rule, history: Any, ctx: Any) -> Iterator[Finding]:
        first, last = history.order
        yield self.finding(first, "goes with the last", related=[last])

    report = run(project(a=A, b=B), rule(on=(History,), check=pairs), paths=["b.py"])
    assert told(report) == ["a.py:1 TST001 goes with the last"]


def test_files_that_are_no_migrations_are_passed_over(project: Write) -> None:
    root = project(a=A, helper="x = 1")
    report = run(root, rule(), paths=["helper.py"])
    assert (report.findings, report.files, report.notes, report.exit_code) == ((), 0, (), 0)


def test_missing_path(project: Write) -> None:
    with pytest.raises(UsageError, match=r"no such file or folder: gone/x.py"):
        run(project(a=A), paths=["gone/x.py"])


def test_missing_path_in_the_configuration(project: Write) -> None:
    with pytest.raises(UsageError, match=r"command line: 'paths': no such file or folder: gone|gone"):
        run(project(a=A), paths=["gone"])


def test_a_folder_without_migrations_is_said(tmp_path: Path) -> None:
    report = run(tmp_path.resolve(), rule())
    assert report.exit_code == 0
    assert "No migrations found in the current folder" in report.notes[0]


def test_paths_are_shown_as_given(project: Write, tmp_path: Path) -> None:
    root = project("sub", a=A)
    top = tmp_path.resolve()
    assert [each.path for each in run(top, rule()).findings] == ["sub/a.py"]
    assert [each.path for each in run(top, rule(), paths=["sub"]).findings] == ["sub/a.py"]
    assert [each.path for each in run(top, rule(), paths=[str(root)]).findings] == [f"{root.as_posix()}/a.py"]
    assert [each.path for each in run(root, rule(), paths=["../sub/a.py"]).findings] == ["../sub/a.py"]


def test_excluded_files_are_read_but_not_reported_on(project: Write) -> None:
    report = run(project(a=A, b=B), DROPS, rule(), exclude=["a.py"])
    assert {each.path for each in report.findings} == {"b.py"}
    assert report.files == 1


def test_a_crashing_rule_is_one_finding_per_file_and_the_rest_goes_on(project: Write) -> None:
    def crash(self: Rule, subject: Any, ctx: Any) -> Iterator[Finding]:
        raise ValueError("two\nlines")

    crashing = rule("TST666", on=(Operation,), check=crash)
    report = run(project(a=A, b=B), crashing, DROPS, CRASHES)
    text = "rule TST666 (rule-tst666) failed: ValueError: two lines"
    assert told(report) == [
        f"a.py:3 TST900 {text}",
        "b.py:4 TST201 drops phone",
        f"b.py:4 TST900 {text}",
    ]
    assert "in crash" in report.crashes[0].traceback


@pytest.mark.parametrize("answer", [None, 3, ["text"]])
def test_a_rule_that_yields_no_findings_has_crashed(project: Write, answer: Any) -> None:
    report = run(project(a=A), rule(check=lambda self, subject, ctx: answer), CRASHES)
    assert [each.rule for each in report.findings] == ["TST900"]


def test_asking_for_what_a_subject_has_not_is_a_crash_of_the_rule(project: Write) -> None:
    report = run(project(a=A), rule(check=says("{ctx.before}")), CRASHES)
    assert "NotHereError: ctx.before does not exist" in report.findings[0].message


def test_a_crashing_rule_leaves_its_suppressions_alone(project: Write) -> None:
    def crash(self: Rule, subject: Any, ctx: Any) -> Iterator[Finding]:
        raise ValueError

    crashing = rule("TST666", on=(DropColumn,), check=crash)
    root = project(a=A, b=B.replace('"phone")', '"phone")  # mrt: ignore[TST666, TST201]', 1))
    report = run(root, crashing, rule("TST201", on=(History,), check=lambda *_: iter(())), CRASHES, UNUSED)
    assert {f"{each.rule} {each.message[:14]}" for each in report.findings} == {
        "TST900 rule TST666 (r",
        "TST905 unused TST201",
    }


def test_a_crashing_rule_that_is_not_selected_stays_silent(project: Write) -> None:
    def crash(self: Rule, subject: Any, ctx: Any) -> Iterator[Finding]:
        raise ValueError

    crashing = rule("TST666", on=(Operation,), check=crash)
    last = rule("TST801", on=(RoundTrip,), turn=Turn.LAST, check=lambda self, subject, ctx: iter(()))
    assert run(project(a=A), crashing, last, CRASHES, select=["TST801"]).findings == ()


def test_a_crashing_frontend_is_a_finding_on_that_file(project: Write) -> None:
    report = run(project(a=A, b=B, c="frontend_crash = 1"), DROPS, CRASHES)
    assert told(report) == [
        "b.py:4 TST201 drops phone",
        "c.py:1 TST900 frontend fake failed: RuntimeError: fake crash",
    ]
    assert report.files == 3


def test_a_crash_is_reported_whatever_is_selected(project: Write) -> None:
    root = project(c="frontend_crash = 1")
    assert len(run(root, DROPS, CRASHES, select=["TST201"]).findings) == 1
    assert run(root, DROPS, CRASHES, ignore=["TST900"]).findings == ()


def test_unreadable_files_are_problems(project: Write) -> None:
    root = project(a=A, b="def (")
    (root / "c.py").symlink_to(root / "nothing.py")
    found = rule(
        on=(Lowered,),
        check=lambda self, lowered, ctx: iter(
            [self.finding(lowered, lowered.problem.message)] if lowered.problem else []
        ),
    )
    first, second = run(root, found).findings
    assert (first.path, first.message.partition(":")[0]) == ("b.py", "syntax error")
    assert (second.path, second.message.partition(":")[0]) == ("c.py", "cannot be read")


def test_rules_of_the_last_turn_hear_what_was_said(project: Write) -> None:
    def late(self: Rule, trip: Any, ctx: Any) -> Iterator[Finding]:
        for subject in ("users.phone", "USERS.PHONE", "users", "users.id", "other"):
            if not ctx.spoken(subject):
                yield self.finding(ctx.migration, f"new: {subject}", subject=subject)

    last = rule("TST100", on=(RoundTrip,), turn=Turn.LAST, check=late)
    speaking = rule("TST201", on=(DropColumn,), check=says("dropped", subject="users.phone"))
    root = project(a=A, b=B)
    report = run(root, last, speaking, paths=["b.py"])
    assert [each.message for each in report.findings if each.rule == "TST100"] == [
        "new: other",
        "new: users",
        "new: users.id",
    ]
    alone = run(root, last, speaking, paths=["b.py"], select=["TST100"])
    assert {each.rule for each in alone.findings} == {"TST100"}
    assert len(alone.findings) == 3


@pytest.mark.parametrize(
    ("group", "subject", "heard"),
    [
        ("testing", "users", True),
        ("testing", "users.phone", True),
        ("testing", EVERYTHING, True),
        ("testing", "users.ph", False),
        ("testing", "", False),
        ("other", "users.phone", False),
    ],
)
def test_what_counts_as_spoken(project: Write, group: str, subject: str, heard: bool) -> None:
    answers: list[bool] = []
    late = rule(
        "TST801",
        on=(RoundTrip,),
        turn=Turn.LAST,
        check=lambda self, trip, ctx: iter(answers.append(ctx.spoken("users.phone")) or ()),
    )
    speaking = rule("TST201", on=(DropColumn,), group=group, check=says("dropped", subject=subject))
    run(project(a=A, b=B), late, speaking, paths=["b.py"])
    assert answers == [heard]


def test_cst_rules_see_nodes_with_places_and_names(project: Write) -> None:
    root = project(
        a="""
        from alembic import op
        revision = "a"
        parents = []
        def upgrade():
            op.execute(
                "x")
        """.replace("from alembic import op\n", "")
    )
    (root / "a.py").write_text('revision = "a"\nparents = []\ndef upgrade():\n    drop(\n        "t", "c")\n')

    def calls(self: Rule, node: Any, ctx: Any) -> Iterator[Finding]:
        yield self.finding(ctx.span(node), f"{type(node).__name__} {ctx.resolve(node)!r}")

    report = run(root, rule(on=("Call",), check=calls), rule("TST002", on=("BaseExpression",), check=calls))
    assert [each.message for each in report.findings if each.rule == "TST001"] == ["Call ''"]
    assert report.findings[-1].path == "a.py"
    (call,) = [each for each in report.findings if each.rule == "TST001"]
    assert (call.span.line, call.span.column, call.span.end_line) == (4, 5, 5)
    assert {"Name ''", "List ''"} <= {each.message for each in report.findings if each.rule == "TST002"}


def test_libcst_is_not_imported_unless_a_rule_needs_it(project: Write) -> None:
    import subprocess
    import sys

    code = (
        "import sys; from pathlib import Path; from tests.lint.test_engine import *;"
        f"run(Path({str(project(a=A, b=B))!r}), DROPS, rule('TST002', on=('Call',)), select=['TST201']);"
        "sys.exit('libcst' in sys.modules or 'sqlglot' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_node_name_that_does_not_exist_is_a_plugin_error(project: Write) -> None:
    with pytest.raises(PluginError, match=r"'Cal', which is no class of libcst nodes; did you mean 'Call'"):
        run(project(a=A), rule(on=("Cal",)))


def test_rules_see_every_operation_that_may_run(project: Write) -> None:
    root = project(
        a=A,
        b="""
        revision = "b"
        parents = ["a"]
        def upgrade():
            if word:
                drop("users", "phone")
            else:
                drop("users", "id")
            if "mysql":
                drop("users", "other")
            add("users", "name")
        def downgrade():
            refuse()
            drop("users", "name")
        """,
    )

    def states(self: Rule, subject: Any, ctx: Any) -> Iterator[Finding]:
        columns = sorted(ctx.before.table("users").columns)
        yield self.finding(subject, f"{subject.api} on {' '.join(columns)}")

    report = run(root, rule(on=(DropColumn, AddColumn), check=states), paths=["b.py"])
    assert [(each.span.line, each.message.partition(" on ")[0]) for each in report.findings] == [
        (5, "drop"),
        (7, "drop"),
        (10, "add"),
    ]
    assert report.findings[0].message == "drop on id phone"


def test_suppressions(project: Write) -> None:
    root = project(
        a=A,
        b="""
        revision = "b"
        parents = ["a"]
        def upgrade():
            drop(
                "users",
                "phone",
            )  # mrt: ignore[TST201] -- nobody used it
        def downgrade():
            add("users", "phone")
        """,
    )
    report = run(root, DROPS, UNUSED)
    assert report.findings == ()
    (suppressed,) = report.suppressed
    assert (suppressed.finding.rule, suppressed.finding.path) == ("TST201", "b.py")
    assert suppressed.suppression.reason == "nobody used it"
    assert report.migrations[1].verdict is Verdict.LOSSY


@pytest.mark.parametrize(
    ("comment", "given", "expected"),
    [
        ("# mrt: ignore[TST201]", {}, []),
        ("# mrt: ignore[TST201, TST202]", {}, ["TST905 unused TST202"]),
        ("# mrt: ignore[TST202]", {}, ["TST201 drops phone", "TST905 unused TST202"]),
        (
            "# mrt: ignore[TST209]",
            {},
            ["TST201 drops phone", "TST905 unknown TST209; did you mean 'TST202'?"],
        ),
        ("# mrt: ignore[TST202, TST905]", {}, ["TST201 drops phone"]),
        ("# mrt: ignore[TST202]", {"select": ["TST201", "TST905"]}, ["TST201 drops phone"]),
        ("# mrt: ignore[TST202]", {"per_file_ignores": {"b.py": ["TST202"]}}, ["TST201 drops phone"]),
        ("# mrt: ignore[TST202]", {"ignore": ["TST905"]}, ["TST201 drops phone"]),
        ("# mrt: ignore[XYZ]", {}, ["TST201 drops phone", "TST905 malformed XYZ"]),
    ],
)
def test_suppressions_that_do_nothing(project: Write, comment: str, given: Any, expected: list[str]) -> None:
    root = project(a=A, b=B.replace('drop("users", "phone")', f'drop("users", "phone")  {comment}'))
    report = run(root, DROPS, rule("TST202", on=(History,), check=lambda *_: iter(())), UNUSED, **given)
    assert [f"{each.rule} {each.message}" for each in report.findings] == expected


def test_severities_and_per_file_ignores(project: Write) -> None:
    report = run(
        project(a=A, b=B),
        DROPS,
        rule(),
        severity={"Rule TST201": "error"},
        per_file_ignores={"b.py": ["TST001"]},
    )
    assert [(each.rule, each.severity) for each in report.findings] == [
        ("TST001", Severity.WARNING),
        ("TST201", Severity.ERROR),
    ]
    assert report.exit_code == 1


@pytest.mark.parametrize(
    ("severity", "strict", "code"),
    [("error", False, 1), ("warning", False, 0), ("warning", True, 1), ("info", True, 0)],
)
def test_exit_code(project: Write, severity: str, strict: bool, code: int) -> None:
    report = run(project(a=A), rule(severity=Severity(severity)), strict=strict)
    assert report.exit_code == code


def test_the_report_is_the_same_in_every_run_and_for_any_order_of_paths(project: Write) -> None:
    root = project(a=A, b=B)
    rules = [DROPS, rule(), rule("TST003", on=(Operation,)), CRASHES]

    def once(order: list[str], *given: Any) -> Report:
        registry = registered(*given)
        chosen = settings(None, {}, (), root)
        when = datetime(2026, 1, 2, tzinfo=timezone.utc)
        return check([Path(path) for path in order], chosen, registry, cwd=root, now=lambda: when)

    first = once(["a.py", "b.py"], *rules)
    assert first == once(["b.py", "a.py"], *reversed(rules))
    assert first.checked_at == "2026-01-02T00:00:00+00:00"
    assert list(first.findings) == sorted(first.findings, key=lambda each: each.sort_key)


def test_a_failing_discovery_names_the_frontend(project: Write) -> None:
    class Broken(FakeFrontend):
        def discover(self, paths: Any) -> Any:
            raise OSError("no")

    with pytest.raises(PluginError, match="frontend 'fake' failed to look for projects: OSError: no"):
        run(project(a=A), frontend=Broken())


def test_unknown_rule_in_the_configuration_stops_the_run(project: Write) -> None:
    registry = registered(DROPS)
    with pytest.raises(UsageError, match=re.escape("--select: unknown rule or group 'TST999'")):
        check([], settings(None, {"select": ["TST999"]}, (), project(a=A)), registry)
    with pytest.raises(ConfigError):
        check([], configured('select = ["TST999"]'), registry)
