"""What a step that raised says: message, statement, line, and whether it was declared irreversible."""

from __future__ import annotations

from pathlib import Path

import pytest

from mrt_dynamic.engine.alembic import run
from mrt_dynamic.engine.base import Driver, StepError
from mrt_dynamic.engine.project import load
from mrt_dynamic.scratch.names import new_name
from tests.backends import DATABASES
from tests.dynamic.projects import ENV, Migration, init, scratch_on, write


def fail(
    tmp_path: Path,
    down: str | None,
    database: str = "sqlite",
    module: str = "",
    files: dict[str, str] | None = None,
    env: str = ENV,
) -> tuple[StepError, str]:
    """Returns what a downgrade raised, and the line of the file that it names."""
    migration = Migration("a1", None, "pass", down, module)
    file = write(tmp_path / "project", [migration], env, files=files)
    project = load(file)

    def work(driver: Driver) -> StepError:
        driver.upgrade("a1")
        with pytest.raises(StepError) as error:
            driver.downgrade("a1")
        return error.value

    with scratch_on(database, tmp_path) as scratch:
        error = run(project, scratch, work)
    lines = Path(project.revisions[0].file).read_text().splitlines()
    return error, lines[error.line - 1].strip() if error.line else ""


MISSING = {
    "sqlite": "no such table: gone",
    "postgresql": 'relation "gone" does not exist',
    "mariadb": "Table 'gone' doesn't exist",
}


@pytest.mark.parametrize("database", DATABASES)
def test_an_error_of_the_database(tmp_path: Path, database: str) -> None:
    down = "x = 1\nop.execute(\n    \"DELETE FROM gone WHERE name = '%% x'\"\n)"
    error, line = fail(tmp_path, down, database)
    assert str(error) == error.message
    name = (error.statement or "").strip()
    assert error.message == MISSING[database]
    assert name.startswith("DELETE FROM gone")
    assert line == "op.execute("
    assert not error.declared
    assert error.__cause__ is not None


@pytest.mark.parametrize(("database", "driver"), [("sqlite", "aiosqlite"), ("postgresql", "asyncpg")])
def test_an_error_of_an_asynchronous_driver(tmp_path: Path, database: str, driver: str) -> None:
    pytest.importorskip(driver)
    project = load(
        init(tmp_path / "project", "async", [Migration("a1", None, "op.execute('DELETE FROM gone')")])
    )
    with scratch_on(database, tmp_path) as scratch, pytest.raises(StepError) as error:
        run(project, scratch, lambda step: step.upgrade("a1"))
    assert error.value.message == MISSING[database]
    assert error.value.statement == "DELETE FROM gone"


def test_an_error_of_the_code(tmp_path: Path) -> None:
    error, line = fail(tmp_path, "given = {}\nop.execute(given['x'])")
    assert (error.message, error.statement, line) == ("KeyError: 'x'", None, "op.execute(given['x'])")
    assert not error.declared


def test_the_line_is_that_of_the_migration_not_of_its_helper(tmp_path: Path) -> None:
    module = "from helping import remove"
    files = {"helping.py": "from alembic import op\ndef remove(name):\n    op.drop_table(name)\n"}
    error, line = fail(tmp_path, "def inner():\n    remove('gone')\ninner()", module=module, files=files)
    assert (error.message, error.statement, line) == (
        MISSING["sqlite"],
        "\nDROP TABLE gone",
        "remove('gone')",
    )


def test_the_statement_behind_an_error_that_the_migration_wrapped(tmp_path: Path) -> None:
    down = "try:\n    op.drop_table('gone')\nexcept Exception as error:\n    raise RuntimeError('no luck') from error"
    error, line = fail(tmp_path, down)
    assert (error.message, error.statement) == ("RuntimeError: no luck", "\nDROP TABLE gone")
    assert line == "raise RuntimeError('no luck') from error"
    assert not error.declared


def test_a_downgrade_that_is_not_there(tmp_path: Path) -> None:
    error, _ = fail(tmp_path, None)
    assert error.message == "the migration has no downgrade function"
    assert (error.declared, error.line, error.statement) == (False, None, None)


def test_a_migration_that_exits(tmp_path: Path) -> None:
    error, line = fail(tmp_path, "import sys\nprint('nothing to go back to')\nsys.exit(3)")
    assert error.message == "it exits with 3: nothing to go back to"
    assert line == "sys.exit(3)"
    assert not error.declared


def test_an_error_without_text_says_where(tmp_path: Path) -> None:
    error, _ = fail(tmp_path, "assert 1 > 2")
    assert error.message == "AssertionError in downgrade()"


def test_only_the_first_line_of_an_error(tmp_path: Path) -> None:
    error, _ = fail(tmp_path, "raise ValueError('first\\nsecond')")
    assert error.message == "ValueError: first"


def test_nothing_that_differs_from_run_to_run(tmp_path: Path) -> None:
    name = new_name()
    error, _ = fail(tmp_path, f"raise ValueError(f'{name}.t, {{object()}}, `{name}`.`t`, {name}_1')")
    assert error.message == "ValueError: t, <object object>, `t`, mrt_scratch"
    error, _ = fail(tmp_path / "other", "raise ValueError('mrt_0123456789abcdef0123.t')")
    assert error.message == "ValueError: mrt_0123456789abcdef0123.t"


def test_a_statement_without_its_parameter(tmp_path: Path) -> None:
    error, _ = fail(tmp_path, "op.execute(sa.text('DELETE FROM t WHERE a = :a'))")
    assert error.message == "A value is required for bind parameter 'a'"
    assert error.statement == "DELETE FROM t WHERE a = ?"


def test_passwords_are_masked(tmp_path: Path) -> None:
    error, _ = fail(tmp_path, "raise ValueError('postgresql://me:hunter2@db/x is gone')")
    assert error.message == "ValueError: postgresql://me:***@db/x is gone"


IRREVERSIBLE = """
class IrreversibleMigration(Exception):
    pass
def refuse():
    raise IrreversibleMigration("no")
def later():
    raise NotImplementedError
def check(value):
    raise ValueError(value)
"""

DECLARED = {
    "not implemented": "raise NotImplementedError",
    "with a reason": "raise NotImplementedError('the prices are gone')",
    "any exception": "raise Exception('cannot go back')",
    "over several lines": "raise (\n    RuntimeError(\n        'cannot go back'\n    )\n)",
    "on one line with a condition": "if True: raise RuntimeError('no')",
    "an assertion that always fails": "assert False, 'no way back'",
    "made elsewhere": "error = RuntimeError('no')\nraise error",
    "in a function of the migration": "def inner():\n    raise NotImplementedError\ninner()",
    "a helper's own exception": "from helping import refuse\nrefuse()",
    "a helper's NotImplementedError": "from helping import later\nlater()",
    "in finally": "try:\n    pass\nfinally:\n    raise NotImplementedError",
}
NOT_DECLARED = {
    "an accident on the way to raising": "raise KeyError({}['x'])",
    "a key error": "{}['x']",
    "a helper's ValueError": "from helping import check\ncheck('x')",
    "after another error": "try:\n    {}['x']\nexcept KeyError:\n    raise NotImplementedError",
    "refused by a helper after another error": (
        "from helping import refuse\ntry:\n    {}['x']\nexcept KeyError:\n    refuse()"
    ),
    "another error again": "try:\n    {}['x']\nexcept KeyError:\n    raise",
    "what Alembic cannot do": "op.create_check_constraint('c', 't', 'a > 1')",
    "an assertion about the data": "rows = 1\nassert rows == 0, 'rows are left'",
    "a library's NotImplementedError": "import numbers\nint.__new__(numbers.Complex)",
    "a name that is not there": "raise NotThere('x')",
}


@pytest.mark.parametrize("case", DECLARED)
def test_refused_on_purpose(tmp_path: Path, case: str) -> None:
    error, _ = fail(tmp_path, DECLARED[case], files={"helping.py": IRREVERSIBLE})
    assert error.declared, error.message


@pytest.mark.parametrize("case", NOT_DECLARED)
def test_not_refused_on_purpose(tmp_path: Path, case: str) -> None:
    error, _ = fail(tmp_path, NOT_DECLARED[case], files={"helping.py": IRREVERSIBLE})
    assert not error.declared, error.message


def test_a_refusal_is_one_also_when_the_caller_handles_another_error(tmp_path: Path) -> None:
    project = load(write(tmp_path / "project", [Migration("a1", None, "pass", "raise NotImplementedError")]))

    def work(driver: Driver) -> bool:
        driver.upgrade("a1")
        try:
            raise LookupError
        except LookupError:
            with pytest.raises(StepError) as error:
                driver.downgrade("a1")
        return error.value.declared

    with scratch_on("sqlite", tmp_path) as scratch:
        assert run(project, scratch, work)
