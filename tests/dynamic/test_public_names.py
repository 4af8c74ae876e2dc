"""The names that users write, and their defaults: what is added may be added, nothing here may change."""

from __future__ import annotations

import inspect
import subprocess
import sys
import unittest
from dataclasses import MISSING, fields
from typing import Any

import pytest

import mrt_dynamic
from mrt_dynamic import MRTConfig, MRTTestCase, RevisionResult, RiskWarning
from mrt_dynamic.revision_result import FailureText
from mrt_dynamic.testing import builtin
from mrt_dynamic.testing.fixture import MRT

NEEDED = inspect.Parameter.empty
METHODS: dict[str, list[Any]] = {
    "upgrade": ["head"],
    "downgrade": ["-1"],
    "upgrade_to": [NEEDED],
    "upgrade_one": [],
    "downgrade_one": [],
    "downgrade_to": [NEEDED],
    "current_revision": [],
    "seed": [NEEDED, NEEDED, "id"],
    "assert_data_intact": [],
    "check_revision": [NEEDED],
    "check_migration": [NEEDED, NEEDED],
    "check_all": [None],
    "assert_reversible": ["head"],
    "assert_all_reversible": [None],
    "check_static": [None],
    "assert_no_static_errors": [None],
    "assert_schema_matches": [None, None],
    "reset": [],
    "migrate_up_to": [NEEDED],
    "migrate_up_one": [],
    "migrate_down_to": [NEEDED],
    "migrate_down_one": [],
    "insert_into": [NEEDED, NEEDED],
}
"""The defaults of their parameters, in order."""

NAMED = {
    "upgrade": ["revision"],
    "seed": ["table", "rows", "pk_col"],
    "check_migration": ["app", "name"],
    "check_all": ["apps"],
    "assert_all_reversible": ["apps"],
    "assert_schema_matches": ["target_metadata", "metadata_path"],
}
"""Parameters that are given by name."""

CONFIG = {
    "alembic_ini": "alembic.ini",
    "db_url": "",
    "seed_rows": 3,
    "skip": {},
    "severity_overrides": {},
    "custom_seeds": {},
    "custom_checks": [],
    "migration_timeout": 60,
    "minimum_downgrade_revision": None,
    "target_metadata": None,
    "django_settings": None,
    "django_apps": None,
    "django_project_dir": None,
    "explain_model": None,
    "skip_default_tests": set(),
    "seed_overrides": {},
}
"""In the order in which they may be given without names."""


@pytest.mark.parametrize("name", METHODS)
def test_a_method_of_the_fixture(name: str) -> None:
    _, *parameters = inspect.signature(getattr(MRT, name)).parameters.values()
    assert [each.default for each in parameters] == METHODS[name]
    assert [each.name for each in parameters] == NAMED.get(name, [each.name for each in parameters])


def test_properties_of_the_fixture() -> None:
    for name in ("heads", "current", "engine"):
        assert isinstance(vars(MRT)[name], property)


def test_mrt_config() -> None:
    usual = MRTConfig()
    assert {name: getattr(usual, name) for name in CONFIG} == CONFIG
    assert [each.name for each in fields(MRTConfig)][: len(CONFIG)] == list(CONFIG)


def test_a_result() -> None:
    names = ["revision", "passed", "skipped", "skip_reason", "failures"]
    assert [each.name for each in fields(RevisionResult)][:5] == names
    assert issubclass(FailureText, str)
    for count, score in ((0, 0), (1, 25), (4, 100), (5, 100)):
        result = RevisionResult("a1", not count, False, None, [FailureText("lost")] * count)
        assert result.risk_score == score
        assert result.failure_summary() == "\n".join(["  - lost"] * count)


def test_a_risk_warning() -> None:
    usual = {each.name: each.default for each in fields(RiskWarning)}
    needed = dict.fromkeys(["revision", "file", "pattern", "message", "severity"], MISSING)
    assert usual == {**needed, "line": None, "code": ""}
    assert list(usual) == ["revision", "file", "pattern", "message", "severity", "line", "code"]


def test_the_test_case() -> None:
    assert issubclass(MRTTestCase, unittest.TestCase)
    given = {
        name: getattr(MRTTestCase, name) for name in ("migrate_from", "migrate_to", "db_url", "db_alias")
    }
    assert given == {"migrate_from": None, "migrate_to": None, "db_url": "", "db_alias": "default"}
    assert {"old_apps", "apps", "assertRollbackSafe", "assertDataIntact"} <= set(dir(MRTTestCase))


def test_the_package() -> None:
    """Nothing is imported before a name is used."""
    assert {"MRTConfig", "RevisionResult", "RiskWarning", "MRTTestCase", "__version__"} == set(
        mrt_dynamic.__all__
    )
    code = "import sys, mrt_dynamic; print(sorted({'sqlalchemy', 'alembic', 'unittest', 'pytest'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_the_built_in_tests() -> None:
    assert [name for name in vars(builtin) if name.startswith("test_")] == [
        "test_mrt_single_head",
        "test_mrt_upgrade",
        "test_mrt_downgrade_base",
        "test_mrt_up_down_consistency",
        "test_mrt_static_no_errors",
        "test_mrt_schema_matches_models",
    ]
