"""The built-in tests: when they appear, and that they tell the truth."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.backends import need, server_url
from tests.dynamic.commands import MODELS, NEVER, ORDERS, PHONE, USERS, shop
from tests.dynamic.plugin.conftest import Run
from tests.dynamic.plugin.conftest import run as run
from tests.dynamic.projects import Migration

CONSISTENCY = "test_mrt_up_down_consistency"
BUILT_IN = [
    "test_mrt_single_head",
    "test_mrt_upgrade",
    "test_mrt_downgrade_base",
    f"{CONSISTENCY}[a1b2c3d4]",
    f"{CONSISTENCY}[b2c3d4e5]",
    f"{CONSISTENCY}[c3d4e5f6]",
    "test_mrt_static_no_errors",
    "test_mrt_schema_matches_models",
]


def test_they_appear_by_configuration_alone_and_tell_the_truth(run: Run, tmp_path: Path) -> None:
    table = 'db-url = "sqlite://"\ntarget-metadata = "models:metadata"'
    shop(tmp_path, table=table, files={"models.py": MODELS})
    (tmp_path / "tests").mkdir()
    done = run()
    assert done.code == 1
    assert list(done.outcomes) == BUILT_IN
    failed = [name for name, outcome in done.outcomes.items() if outcome == "failed"]
    assert failed == [f"{CONSISTENCY}[b2c3d4e5]", "test_mrt_static_no_errors"]
    assert "b2c3d4e5 is lossy (migrations/versions/b2c3d4e5_it.py)" in done.text
    assert "rows-changed: users.phone:" in done.text
    assert "mrt-lint check says so too: MRT206 users.phone" in done.text
    assert "Traceback" not in done.text
    assert list(tmp_path.glob("*.db")) == []


def test_the_same_by_an_mrt_config_in_a_conftest(run: Run, tmp_path: Path) -> None:
    shop(tmp_path, table=None)
    conftest = "from mrt_dynamic import MRTConfig\n\ndef pytest_configure(config):\n    config._mrt_config = MRTConfig(db_url='sqlite://', skip={'b2c3d4e5': 'exported'})\n"
    (tmp_path / "conftest.py").write_text(conftest)
    done = run("-rs", "-k", CONSISTENCY)
    assert done.outcomes == {
        f"{CONSISTENCY}[a1b2c3d4]": "passed",
        f"{CONSISTENCY}[b2c3d4e5]": "skipped",
        f"{CONSISTENCY}[c3d4e5f6]": "passed",
    }
    assert "exported" in done.text


def test_the_same_by_overriding_the_fixture(run: Run, tmp_path: Path) -> None:
    shop(tmp_path / "backend", USERS, table=None)
    conftest = (
        "import pytest\nfrom mrt_dynamic import MRTConfig\n\n@pytest.fixture(scope='session')\ndef mrt_config():\n"
        "    return MRTConfig(alembic_ini='backend/alembic.ini', db_url='sqlite://',"
        " skip_default_tests={'test_mrt_static_no_errors'})\n"
    )
    (tmp_path / "conftest.py").write_text(conftest)
    done = run()
    assert done.code == 0
    assert done.outcomes == {
        "test_mrt_single_head": "passed",
        "test_mrt_upgrade": "passed",
        "test_mrt_downgrade_base": "passed",
        f"{CONSISTENCY}[a1b2c3d4]": "passed",
        "test_mrt_schema_matches_models": "skipped",
    }


def test_nothing_appears_without_configuration_or_when_turned_off(run: Run, tmp_path: Path) -> None:
    shop(tmp_path, table=None)
    (tmp_path / "test_own.py").write_text("def test_own():\n    pass\n")
    assert list(run().outcomes) == ["test_own"]
    (tmp_path / "pyproject.toml").write_text(
        '[tool.pytest.ini_options]\nmrt_default_tests = false\n[tool.mrt-lint.verify]\ndb-url = "sqlite://"\n'
    )
    assert list(run().outcomes) == ["test_own"]


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        (["tests/test_own.py"], ["test_own"]),
        (["tests/test_own.py::test_own"], ["test_own"]),
        (["tests", "--collect-only", "-qq"], None),
        (["-k", "b2c3d4e5"], [f"{CONSISTENCY}[b2c3d4e5]"]),
        (["-m", "not mrt"], ["test_own"]),
    ],
    ids=["file", "node", "folder", "k", "m"],
)
def test_what_the_command_line_selects(
    run: Run, tmp_path: Path, arguments: list[str], names: list[str] | None
) -> None:
    shop(tmp_path)
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests/test_own.py").write_text("def test_own():\n    pass\n")
    done = run(*arguments)
    if names is None:
        assert [line.rpartition("::")[2] for line in done.text.splitlines() if "::" in line] == [
            *BUILT_IN,
            "test_own",
        ]
    else:
        assert list(done.outcomes) == names


def test_last_failed_runs_the_failed_revision_again(run: Run, tmp_path: Path) -> None:
    shop(tmp_path)
    run("-k", "consistency")
    assert run("--lf").outcomes == {f"{CONSISTENCY}[b2c3d4e5]": "failed"}


def test_skip_default_tests(run: Run, tmp_path: Path) -> None:
    table = 'db-url = "sqlite://"\nskip-default-tests = ["test_mrt_up_down_consistency", "test_mrt_static_no_errors"]'
    shop(tmp_path, USERS, table=table)
    assert list(run("--collect-only", "-qq").text.split()).count("mrt-lint::test_mrt_upgrade") == 1
    done = run("--collect-only", "-qq")
    assert "consistency" not in done.text
    assert "static" not in done.text
    shop_table = table.replace("test_mrt_static_no_errors", "test_mrt_static_no_error")
    (tmp_path / "pyproject.toml").write_text(
        f"[tool.pytest.ini_options]\n[tool.mrt-lint.verify]\n{shop_table}\n"
    )
    done = run()
    assert done.code == 4
    assert (
        "no built-in test is called 'test_mrt_static_no_error'; did you mean 'test_mrt_static_no_errors'?"
        in done.text
    )


def test_failing_steps_heads_and_refusals(run: Run, tmp_path: Path) -> None:
    two = Migration("e1", "a1b2c3d4"), Migration("e2", "a1b2c3d4", down='op.drop_table("gone")')
    shop(tmp_path, USERS, *two)
    done = run("-k", "head or base or test_mrt_upgrade")
    assert done.outcomes == {
        "test_mrt_single_head": "failed",
        "test_mrt_upgrade": "passed",
        "test_mrt_downgrade_base": "failed",
    }
    assert "there are 2 heads (e1, e2): run `alembic merge heads`" in done.text
    assert "the downgrade of e2 fails at line" in done.text
    assert "The above exception" not in done.text


def test_a_refusal_skips_the_way_down_and_a_floor_ends_it(run: Run, tmp_path: Path) -> None:
    shop(tmp_path, USERS, PHONE, ORDERS, NEVER)
    assert run("-k", "base or d4e5f6a7").outcomes == {
        "test_mrt_downgrade_base": "skipped",
        f"{CONSISTENCY}[d4e5f6a7]": "passed",
    }
    (tmp_path / "pyproject.toml").write_text(
        '[tool.pytest.ini_options]\n[tool.mrt-lint.verify]\ndb-url = "sqlite://"\n'
        'minimum-downgrade-revision = "d4e5f6a7"\n'
    )
    assert set(run("-k", "base or consistency", "-rs").outcomes.values()) == {"passed", "skipped"}


@pytest.mark.parametrize(
    ("place", "text", "said"),
    [
        ("alembic.ini", None, "alembic.ini does not exist"),
        ("pyproject.toml", "[tool.mrt-lint.verify]\nseed-rowz = 3\n", "seed-rows"),
        (
            "pyproject.toml",
            "[tool.mrt-lint.verify]\nskip = { zzzz = 'x' }\n",
            "skip: no migration is called 'zzzz'",
        ),
        ("migrations/versions/zz.py", "def broken(:\n", "zz.py"),
    ],
    ids=["ini", "toml", "skip", "revision"],
)
def test_a_wrong_project_ends_the_run_with_one_message(
    run: Run, tmp_path: Path, place: str, text: str | None, said: str
) -> None:
    shop(tmp_path, USERS)
    if text is None:
        (tmp_path / place).unlink()
    else:
        (tmp_path / place).write_text(text)
    done = run()
    assert done.code == 4
    assert sum(said in line for line in done.text.splitlines()) == 1
    assert said in done.text
    assert "INTERNALERROR" not in done.text
    assert "Traceback" not in done.text


def test_a_database_that_cannot_be_used_fails_each_test_in_one_line(run: Run, tmp_path: Path) -> None:
    shop(tmp_path, USERS, table='db-url = "postgresql+psycopg://me:s3cret@db.example.org/x"')
    done = run("-k", "upgrade or consistency")
    assert set(done.outcomes.values()) <= {"failed", "error"}
    assert "mrt-lint: " in done.text
    assert "db.example.org" in done.text
    assert "s3cret" not in done.text
    assert "The above exception" not in done.text


def test_workers_give_the_same_results_and_leave_nothing_behind(run: Run, tmp_path: Path) -> None:
    pytest.importorskip("xdist")
    need("postgresql")
    url = server_url("postgresql").render_as_string(hide_password=False)
    shop(
        tmp_path, table=f'db-url = "{url}"\ntarget-metadata = "models:metadata"', files={"models.py": MODELS}
    )
    before = databases()
    done = run("-n", "2", plugins=("xdist.plugin",))
    failed = {name for name, outcome in done.outcomes.items() if outcome == "failed"}
    assert sorted(done.outcomes) == sorted(BUILT_IN)
    assert failed == {f"{CONSISTENCY}[b2c3d4e5]", "test_mrt_static_no_errors"}
    assert not {name for name in databases() - before if name in done.text}


def databases() -> set[str]:
    import sqlalchemy as sa

    engine = sa.create_engine(server_url("postgresql"))
    with engine.connect() as connection:
        found = set(connection.scalars(sa.text("SELECT datname FROM pg_database")))
    engine.dispose()
    return found


def test_the_order_of_revisions_does_not_matter(run: Run, tmp_path: Path) -> None:
    shop(tmp_path)
    reverse = "def pytest_collection_modifyitems(items):\n    items.reverse()\n"
    (tmp_path / "conftest.py").write_text(reverse)
    one_by_one = "    config.workerinput = {}\n"
    (tmp_path / "conftest.py").write_text(reverse + "\ndef pytest_configure(config):\n" + one_by_one)
    done = run("-k", "consistency")
    assert done.outcomes == {
        f"{CONSISTENCY}[c3d4e5f6]": "passed",
        f"{CONSISTENCY}[b2c3d4e5]": "failed",
        f"{CONSISTENCY}[a1b2c3d4]": "passed",
    }
    assert "note:" not in done.text
