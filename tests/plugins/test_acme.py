"""The example plugin, built and installed for real, and the installed `mrt-lint` run with it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

EXAMPLE = Path(__file__).parents[2] / "examples" / "mrt-lint-acme"

MIGRATION = """\
import time
from alembic import op
import sqlalchemy as sa

revision = "a1"
down_revision = None


def upgrade():
    op.create_table("orders", sa.Column("id", sa.Integer), sa.Column("price", sa.Float))
    op.create_audit_table("orders")
    op.execute("ALTER TABLE orders ADD COLUMN total double precision")
    time.sleep(1)


def downgrade():
    op.drop_audit_table("orders")
    op.drop_table("orders")
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Returns a folder with the example installed into it by pip, from a copy of its source, offline."""
    import shutil

    folder = tmp_path_factory.mktemp("acme")
    source = shutil.copytree(EXAMPLE, folder / "source", ignore=shutil.ignore_patterns("__pycache__"))
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    command += [
        "--no-build-isolation",
        "--no-deps",
        "--no-index",
        "--target",
        str(folder / "site"),
        str(source),
    ]
    subprocess.run(command, check=True, capture_output=True, text=True, timeout=300)
    return folder / "site"


@pytest.fixture
def versions(tmp_path: Path) -> Path:
    folder = tmp_path / "versions"
    folder.mkdir()
    (folder / "a1.py").write_text(MIGRATION)
    return folder


def test_its_rules_are_listed_with_their_origin(site: Path, mrt_lint: Any) -> None:
    rows = json.loads(mrt_lint("rules", "--format", "json", site=site).stdout)
    mine = [(row["code"], row["group"], row["plugin"]) for row in rows if row["code"].startswith("ACM")]
    assert mine == [("ACM001", "acme", "mrt-lint-acme 1.0.0"), ("ACM002", "acme", "mrt-lint-acme 1.0.0")]
    assert not any(
        row["code"].startswith("ACM") for row in json.loads(mrt_lint("rules", "-f", "json").stdout)
    )


def test_operations_nodes_and_directives(site: Path, mrt_lint: Any, versions: Path) -> None:
    result = mrt_lint("check", "-f", "json", "--database", "postgresql", str(versions), site=site)
    document = json.loads(result.stdout)
    found = [(finding["rule"], finding["line"]) for finding in document["findings"]]
    assert found == [("ACM001", 10), ("ACM001", 12), ("ACM002", 13)]
    (migration,) = document["migrations"]
    assert (migration["verdict"], migration["unknown"]) == ("reversible", [])


def test_without_the_plugin_the_directive_is_not_understood(mrt_lint: Any, versions: Path) -> None:
    result = mrt_lint("check", "-f", "json", "--database", "postgresql", str(versions))
    (migration,) = json.loads(result.stdout)["migrations"]
    assert migration["verdict"] == "unknown"
    assert any("create_audit_table" in doubt["reason"] for doubt in migration["unknown"])


@pytest.mark.parametrize(
    ("arguments", "codes"),
    [
        (["--select", "ACM"], ["ACM001", "ACM001", "ACM002"]),
        (["--select", "acme"], ["ACM001", "ACM001", "ACM002"]),
        (["--select", "ACM002"], ["ACM002"]),
        (["--ignore", "ACM"], []),
    ],
)
def test_its_rules_are_selected_like_ours(
    site: Path, mrt_lint: Any, versions: Path, arguments: list[str], codes: list[str]
) -> None:
    common = ["check", "-f", "json", "--database", "postgresql", str(versions)]
    document = json.loads(mrt_lint(*common, *arguments, site=site).stdout)
    assert [finding["rule"] for finding in document["findings"]] == codes


@pytest.mark.parametrize("comment", ["# noqa: ACM002 -- wait for the cache", "# mrt: ignore[ACM002]"])
def test_its_rules_are_suppressed_like_ours(site: Path, mrt_lint: Any, versions: Path, comment: str) -> None:
    path = versions / "a1.py"
    path.write_text(MIGRATION.replace("time.sleep(1)", f"time.sleep(1)  {comment}"))
    result = mrt_lint("check", "-f", "concise", "--select", "ACM002,MRT905", str(versions), site=site)
    assert "(1 suppressed)" in result.stdout
    assert "MRT905" not in result.stdout


def test_its_page(site: Path, mrt_lint: Any) -> None:
    text = mrt_lint("rule", "money-as-float", site=site).stdout
    assert text.startswith("# money-as-float (ACM001)\n")
    assert "from mrt-lint-acme 1.0.0" in text
    assert "# ACM001" in text


def test_its_own_tests_pass(site: Path) -> None:
    import os

    paths = os.pathsep.join([str(site), str(EXAMPLE.parents[1])])
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", os.devnull]
    result = subprocess.run(
        [*command, "--rootdir", str(EXAMPLE), str(EXAMPLE / "tests")],
        env={**os.environ, "PYTHONPATH": paths},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr
