"""Mistakes that other tools are known for, as named cases through the installed command."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

USERS = 'op.create_table("users", sa.Column("id", sa.Integer), sa.Column("phone", sa.Text), sa.Column("name", sa.Text))'
DROP_PHONE = 'op.drop_column("users", "phone")'
ADD_PHONE = 'op.add_column("users", sa.Column("phone", sa.Text))'


def text(
    revision: str, parent: object, upgrade: str = "pass", downgrade: str = "pass", head: str = ""
) -> str:
    up, down = (body.strip().replace("\n", "\n    ") for body in (upgrade, downgrade))
    head = head or f"revision = {revision!r}\ndown_revision = {parent!r}\n"
    return f"import sqlalchemy as sa\nfrom alembic import op\n\n{head}\n\ndef upgrade():\n    {up}\n\n\ndef downgrade():\n    {down}\n"


def project(folder: Path, files: dict[str, str], ini: str = "") -> Path:
    versions = folder / "migrations" / "versions"
    versions.mkdir(parents=True)
    (folder / "alembic.ini").write_text(f"[alembic]\nscript_location = %(here)s/migrations\n{ini}")
    (folder / "migrations" / "env.py").write_text("from alembic import context\n")
    for name, content in files.items():
        path = versions / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    return folder


def report(folder: Path, *arguments: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "mrt_lint", "check", "--format", "json", *arguments]
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False, env={**os.environ, "NO_COLOR": "1"}
    )
    assert done.returncode in (0, 1), done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def codes(folder: Path, *arguments: str) -> list[str]:
    return sorted(finding["rule"] for finding in report(folder, *arguments)["findings"])


def test_a_merged_branch_point_is_not_several_heads(tmp_path: Path) -> None:
    files = {
        "1.py": text("a", None),
        "2.py": text("b", "a"),
        "3.py": text("c", "a"),
        "4.py": text("d", ("b", "c")),
    }
    assert "MRT901" not in codes(project(tmp_path, files))
    (tmp_path / "migrations/versions/4.py").unlink()
    assert codes(tmp_path).count("MRT901") == 2


def test_a_data_hole_is_matched_by_table_and_column(tmp_path: Path) -> None:
    back = 'op.add_column("users", sa.Column("{}", sa.Text))'
    files = {
        "1.py": text("a", None, USERS, 'op.drop_table("users")'),
        "2.py": text("b", "a", DROP_PHONE, ADD_PHONE),
        "3.py": text("c", "b", back.format("mobile"), 'op.drop_column("users", "mobile")'),
    }
    assert "MRT903" not in codes(project(tmp_path, files))
    (tmp_path / "migrations/versions/4.py").write_text(text("d", "c", ADD_PHONE, DROP_PHONE))
    assert codes(tmp_path).count("MRT903") == 1


def test_an_annotated_revision_is_seen(tmp_path: Path) -> None:
    head = 'revision: str = "{0}"\ndown_revision: "str | None" = {1}\nbranch_labels: "str | None" = None\n'
    files = {
        "1.py": text("", None, USERS, 'op.drop_table("users")', head.format("a", None)),
        "2.py": text("", None, DROP_PHONE, ADD_PHONE, head.format("b", '"a"')),
    }
    found = report(project(tmp_path, files))
    assert [(m["revision"], m["verdict"]) for m in found["migrations"]] == [
        ("a", "reversible"),
        ("b", "lossy"),
    ]


def test_noqa_counts_on_every_line_of_a_call(tmp_path: Path) -> None:
    first = text("a", None, USERS, 'op.drop_table("users")')
    for number, body in enumerate(
        [
            'op.drop_column(  # noqa: MRT201\n    "users",\n    "phone",\n)',
            'op.drop_column(\n    "users",  # noqa: MRT201 -- agreed\n    "phone",\n)',
            'op.drop_column(\n    "users",\n    "phone",\n)  # noqa: MRT201',
        ]
    ):
        folder = project(tmp_path / str(number), {"1.py": first, "2.py": text("b", "a", body, ADD_PHONE)})
        assert codes(folder) == []


def test_not_every_drop_column_is_an_operation(tmp_path: Path) -> None:
    body = """
frame = Frame()
frame.drop_column("users", "phone")
helper.op.drop_column("users", "phone")
op.create_index("ix", "users", ["name"])
"""
    head = 'import helper_of_ours as helper\nrevision = "b"\ndown_revision = "a"\n\n\nclass Frame:\n    def drop_column(self, *names):\n        return names\n'
    files = {
        "1.py": text("a", None, USERS, 'op.drop_table("users")'),
        "2.py": text("", None, body, 'op.drop_index("ix")', head),
    }
    assert "MRT201" not in codes(project(tmp_path, files))


def test_versions_in_sub_folders_are_found(tmp_path: Path) -> None:
    files = {
        "2023/1.py": text("a", None, USERS, 'op.drop_table("users")'),
        "2024/2.py": text("b", "a", DROP_PHONE, ADD_PHONE),
    }
    folder = project(tmp_path, files, ini="recursive_version_locations = true\n")
    assert codes(folder) == ["MRT201"]
    (folder / "alembic.ini").unlink()
    assert codes(folder, "migrations/versions") == ["MRT201"]


def test_findings_name_the_path_as_given(tmp_path: Path) -> None:
    files = {
        "1.py": text("a", None, USERS, 'op.drop_table("users")'),
        "2.py": text("b", "a", DROP_PHONE, ADD_PHONE),
    }
    found = report(project(tmp_path, files), "migrations/versions/2.py")
    assert [finding["file"] for finding in found["findings"]] == ["migrations/versions/2.py"]


def test_one_execute_in_downgrade_silences_nothing_else(tmp_path: Path) -> None:
    up = f'{DROP_PHONE}\nop.execute("CREATE TABLE extra (id integer)")'
    down = f'{ADD_PHONE}\nop.execute("DROP TABLE extra")'
    files = {"1.py": text("a", None, USERS, 'op.drop_table("users")'), "2.py": text("b", "a", up, down)}
    assert codes(project(tmp_path, files)) == ["MRT201"]


def test_sql_words_that_are_no_statements(tmp_path: Path) -> None:
    up = """
op.execute("-- DROP TABLE users\\nSELECT 1")
op.execute("/* ALTER TABLE users DROP COLUMN phone */ SELECT 'TRUNCATE users; DROP TABLE users'")
op.execute('''CREATE FUNCTION f() RETURNS void AS $$ BEGIN DELETE FROM users; DROP TABLE users; END $$ LANGUAGE plpgsql''')
"""
    files = {
        "1.py": text("a", None, USERS, 'op.drop_table("users")'),
        "2.py": text("b", "a", up, 'op.execute("DROP FUNCTION f()")'),
    }
    found = report(project(tmp_path, files), "--database", "postgresql")
    assert (found["findings"], found["migrations"][1]["verdict"]) == ([], "reversible")


def test_a_new_table_by_the_name_of_a_renamed_one_is_no_data_hole(tmp_path: Path) -> None:
    anew = 'op.rename_table("users", "people")\nop.create_table("users", sa.Column("id", sa.Integer))'
    files = {
        "1.py": text("a", None, USERS, 'op.drop_table("users")'),
        "2.py": text("b", "a", anew, 'op.drop_table("users")\nop.rename_table("people", "users")'),
        "3.py": text("c", "b", ADD_PHONE, DROP_PHONE),
    }
    assert "MRT903" not in codes(project(tmp_path, files))
