"""The formats of `mrt-lint verify` as users get them: what stands in the table, the file, the page."""

from __future__ import annotations

import json
import re
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest

from mrt_dynamic.commands.verify import verify
from mrt_dynamic.report.formats import FORMATS
from tests.cli.conftest import Run
from tests.cli.conftest import inside as inside
from tests.dynamic.commands import NEVER, ORDERS, PHONE, USERS, shop
from tests.dynamic.projects import Migration

SOURCE = 'batch.drop_column("phone")'
RAISES = Migration(
    "d4e5f6a7",
    "c3d4e5f6",
    'op.create_table("t", sa.Column("id", sa.Integer))',
    'op.drop_table("t")\nop.drop_table("not_there")',
)


def test_the_command_offers_what_the_table_of_formats_holds() -> None:
    (option,) = [each for each in verify.params if each.name == "form"]
    assert list(option.type.choices) == list(FORMATS)  # type: ignore[attr-defined]
    assert all(name in (getattr(option, "help", "") or "") for name in FORMATS)


@pytest.mark.parametrize("form", FORMATS)
def test_each_goes_to_the_terminal_or_to_a_file(inside: Run, tmp_path: Path, form: str) -> None:
    shop(tmp_path)
    shown = inside("verify", "--format", form, cwd=tmp_path)
    written = inside("verify", "--format", form, "--output", "report", cwd=tmp_path)
    assert shown.returncode == written.returncode == 1
    assert shown.stderr == written.stderr == ""
    assert re.fullmatch(
        r"3 revisions on SQLite [\d.]+: 2 passed and 1 failed\. Written to report\.\n", written.stdout
    )
    assert steady(shown.stdout) == steady((tmp_path / "report").read_text("utf-8"))
    if form != "json":
        assert "MRT206" in shown.stdout


def steady(text: str) -> str:
    """Returns a report without durations."""
    return re.sub(r"\b\d+\.\d{2,3}\b( s)?", "", re.sub(r'"duration_s": [\d.e-]+', "", text))


def test_a_failure_shows_operation_source_line_and_prediction(inside: Run, tmp_path: Path) -> None:
    shop(tmp_path)
    line = next(
        number
        for number, text in enumerate(
            (tmp_path / "migrations/versions/b2c3d4e5_it.py").read_text().splitlines(), 1
        )
        if SOURCE in text
    )
    page = inside("verify", "--format", "html", cwd=tmp_path).stdout
    assert f"upgrade, line {line}: drop column users.phone" in page
    assert "batch.drop_column(&quot;phone&quot;)" in page
    assert "MRT206 users.phone VARCHAR(20) is dropped; the downgrade re-adds it empty" in page
    assert f"(migrations/versions/b2c3d4e5_it.py:{line})" in page
    root = Xml.fromstring(inside("verify", "--format", "junit", cwd=tmp_path).stdout)
    (failure,) = root.iter("failure")
    assert failure.attrib["type"] == "rows-changed"
    assert f"upgrade, line {line}: {SOURCE}" in (failure.text or "")
    assert "MRT206" in (failure.text or "")
    told = inside("verify", cwd=tmp_path).stdout
    assert f"        upgrade, line {line}: {SOURCE}\n" in told


def test_a_step_that_raises_shows_the_line_that_did(inside: Run, tmp_path: Path) -> None:
    shop(tmp_path, USERS, PHONE, ORDERS, RAISES)
    page = inside("verify", "d4e5f6a7", "--format", "html", cwd=tmp_path).stdout
    assert "downgrade-failed" in page
    assert "<code>op.drop_table(&quot;not_there&quot;)</code>" in page


def test_what_is_skipped_and_declared_stands_in_every_format(inside: Run, tmp_path: Path) -> None:
    table = 'db-url = "sqlite://"\nskip = { "b2c3d4e5" = "exported" }'
    shop(tmp_path, USERS, PHONE, ORDERS, NEVER, table=table)
    junit = Xml.fromstring(inside("verify", "--format", "junit", cwd=tmp_path).stdout)
    assert [each.attrib["message"] for each in junit.iter("skipped")] == ["exported"]
    assert next(junit.iter("testsuite")).attrib["failures"] == "0"
    page = inside("verify", "--format", "html", cwd=tmp_path).stdout
    assert "skipped: exported" in page
    assert "declares that it cannot be taken back" in page
    assert "Every revision passes" in page


def test_a_table_called_script_is_inert(inside: Run, tmp_path: Path) -> None:
    name = "<script>alert(1)</script>"
    made = Migration(
        "a1",
        None,
        f'op.create_table("{name}", sa.Column("id", sa.Integer, primary_key=True), sa.Column("c", sa.Text))',
        f'op.drop_table("{name}")',
    )
    lost = Migration(
        "b2", "a1", f'op.drop_column("{name}", "c")', f'op.add_column("{name}", sa.Column("c", sa.Text))'
    )
    shop(tmp_path, made, lost)
    page = inside("verify", "--format", "html", cwd=tmp_path).stdout
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;.c: " in page
    junit = inside("verify", "--format", "junit", cwd=tmp_path).stdout
    assert f"{name}.c: " in next(Xml.fromstring(junit).iter("failure")).attrib["message"]
    found = json.loads(inside("verify", "--format", "json", cwd=tmp_path).stdout)
    assert found["revisions"][1]["failures"][0]["table"] == name


@pytest.mark.parametrize("kind", ["data", "none"])
def test_a_project_configured_in_pyproject_alone(inside: Run, tmp_path: Path, kind: str) -> None:
    from tests.dynamic.projects import init

    data = Migration("c3d4e5f6", "a1b2c3d4", "op.execute(\"UPDATE users SET phone = '1' WHERE phone = 'x'\")")
    init(tmp_path, "pyproject", (USERS, PHONE) if kind == "none" else (USERS, data))
    (tmp_path / "alembic.ini").unlink()
    result = inside("verify", "--db-url", "sqlite://", cwd=tmp_path)
    assert (result.returncode, result.stderr) == (1, "")
    assert "mrt-lint check says so too" in " ".join(result.stdout.split())
