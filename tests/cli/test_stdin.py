"""`--stdin-filename NAME -`: what an editor holds stands in for the file, in the file's history."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import DROP, FIRST, Run, drop_table

NAME = "migrations/versions/b2_drop.py"


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch):
    def type_in(text: str | bytes) -> None:
        data = text if isinstance(text, bytes) else text.encode()
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data), "utf-8"))

    return type_in


def test_the_text_stands_in_for_the_file(inside: Run, project: Path, typed) -> None:
    typed("# one more line\n" + DROP)
    document = json.loads(inside("check", "-f", "json", "--stdin-filename", NAME, "-", cwd=project).stdout)
    (finding,) = document["findings"]
    assert (finding["file"], finding["line"], finding["rule"]) == (NAME, 11, "MRT201")
    typed(
        DROP.replace("op.drop_column", "# op.drop_column").replace(
            "def upgrade():", "def upgrade():\n    pass"
        )
    )
    assert "MRT201" not in inside("check", "--stdin-filename", NAME, "-", cwd=project).stdout


def test_the_history_is_read_from_the_disk(inside: Run, project: Path, typed) -> None:
    typed(DROP.replace('"phone"', '"email"'))
    (project / "migrations/versions/a1_first.py").write_text(FIRST.replace('"phone"', '"email"'))
    text = inside("check", "--stdin-filename", NAME, "-", cwd=project).stdout
    assert "users.email" in text
    assert "a1_first.py" not in text


@pytest.mark.parametrize(
    "name", ["migrations/versions/c3_new.py", "./migrations/../migrations/versions/c3_new.py"]
)
def test_a_file_that_is_not_saved_yet(inside: Run, project: Path, typed, name: str) -> None:
    typed(drop_table("c3c3", "b2", "users"))
    result = inside("check", "-f", "concise", "--stdin-filename", name, "-", cwd=project)
    assert result.returncode == 1
    assert "c3_new.py:8:5: MRT202" in result.stdout
    assert "b2_drop.py" not in result.stdout
    assert not (project / "migrations/versions/c3_new.py").exists()


def test_an_absolute_name_and_another_folder(inside: Run, project: Path, tmp_path: Path, typed) -> None:
    typed("\n" + DROP)
    name = (project / NAME).as_posix()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    text = inside("check", "-f", "concise", "--stdin-filename", name, "-", cwd=elsewhere).stdout
    assert text.startswith(f"{name}:11:5: MRT201")


def test_a_folder_without_configuration(inside: Run, project: Path, typed) -> None:
    (project / "alembic.ini").unlink()
    (project / NAME).write_text("")
    typed(DROP)
    assert "MRT201" in inside("check", "--stdin-filename", NAME, "-", cwd=project).stdout


def test_what_cannot_be_parsed_is_a_finding(inside: Run, project: Path, typed) -> None:
    for text in ("revision = 'b2'\ndef (", b"\xff\xfe\x00", b"# coding: nonsense\n"):
        typed(text)
        result = inside("check", "-f", "concise", "--stdin-filename", NAME, "-", cwd=project)
        assert result.returncode == 1
        assert "MRT902" in result.stdout
        assert result.stderr == ""


@pytest.mark.parametrize("name", ["app.py", "migrations/env.py", "README.md", "gone/x.py"])
def test_files_that_are_no_migrations_are_passed_over(inside: Run, project: Path, typed, name: str) -> None:
    typed("x = 1\n")
    result = inside("check", "--stdin-filename", name, "-", cwd=project)
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")


def test_the_configuration_is_that_of_the_file(inside: Run, project: Path, tmp_path: Path, typed) -> None:
    (project / "mrt-lint.toml").write_text('ignore = ["MRT201"]\n')
    typed(DROP)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    name = (project / NAME).as_posix()
    assert inside("check", "--stdin-filename", name, "-", cwd=elsewhere).returncode == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["-"], "'-' needs --stdin-filename NAME"),
        (["--stdin-filename", NAME], "--stdin-filename goes with the one path '-'"),
        (["--stdin-filename", NAME, "-", NAME], "--stdin-filename goes with the one path '-'"),
        (["--stdin-filename", "migrations", "-"], "migrations is a folder, not a migration"),
    ],
)
def test_half_of_the_request_is_one_line(
    inside: Run, project: Path, typed, arguments: list[str], said: str
) -> None:
    typed(DROP)
    result = inside("check", *arguments, cwd=project)
    assert (result.returncode, result.stdout) == (2, "")
    assert said in result.stderr
    assert result.stderr.count("\n") == 1
