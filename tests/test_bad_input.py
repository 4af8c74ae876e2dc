"""Bad input through the installed command: one clear line, the right exit status, never a traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.test_never_again import project, text

GOOD = text("a", None, 'op.create_table("t", sa.Column("id", sa.Integer))', 'op.drop_table("t")')


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "mrt_lint", *arguments]
    environment = {**os.environ, "NO_COLOR": "1", "PYTHONWARNINGS": "error"}
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False, timeout=120, env=environment
    )
    assert "Traceback" not in done.stdout + done.stderr
    return done


def problems(folder: Path) -> list[str]:
    done = run(folder, "check", "--format", "concise")
    assert done.returncode in (0, 1), done.stderr
    return (
        [line for line in done.stdout.splitlines() if "MRT" in line.split(" ")[1:2][0]] if done.stdout else []
    )


# What a file holds, and the codes that it must give (a history of one good migration is beside it).
FILES: dict[str, tuple[bytes, set[str]]] = {
    "syntax error": (b'revision = "b"\ndown_revision = "a"\ndef upgrade(:\n', {"MRT902"}),
    "binary": (bytes(range(256)) * 20, {"MRT902"}),
    "a byte order mark": (b"\xef\xbb\xbf" + text("b", "a").encode(), set()),
    "CRLF": (text("b", "a").replace("\n", "\r\n").encode(), set()),
    "latin-1 with its declaration": (
        b"# -*- coding: latin-1 -*-\n# caf\xe9\n" + text("b", "a").encode(),
        set(),
    ),
    "latin-1 without a declaration": (b"# caf\xe9\n" + text("b", "a").encode(), {"MRT902"}),
    "20,000 lines": (text("b", "a", "\n".join(f"x{n} = {n}" for n in range(20_000))).encode(), set()),
    "5,000 nested brackets": (
        f'revision = "b"\ndown_revision = "a"\nx = {"(" * 5000}1{")" * 5000}\n'.encode(),
        {"MRT902"},
    ),
    "an attribute chain of 5,000": (
        f'revision = "b"\ndown_revision = "a"\nx = a{".b" * 5000}\n'.encode(),
        {"MRT902"},
    ),
    "a call chain of 5,000": (
        f'revision = "b"\ndown_revision = "a"\nx = a{"()" * 5000}\n'.encode(),
        {"MRT902"},
    ),
    "a sum of 5,000 terms": (
        f'revision = "b"\ndown_revision = "a"\nx = {" + ".join(["1"] * 5000)}\n'.encode(),
        {"MRT902"},
    ),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_with(name: str, tmp_path: Path) -> None:
    content, expected = FILES[name]
    folder = project(tmp_path, {"1.py": GOOD})
    (folder / "migrations/versions/2.py").write_bytes(content)
    lines = problems(folder)
    assert {line.split(" ")[1] for line in lines} == expected
    assert len(lines) == len(expected)


def test_an_empty_file_is_what_alembic_makes_of_it(tmp_path: Path) -> None:
    folder = project(tmp_path, {"1.py": GOOD, "empty.py": ""})
    assert [line.split(" ")[1] for line in problems(folder)] == ["MRT902"]


def test_duplicate_ids(tmp_path: Path) -> None:
    folder = project(tmp_path, {"1.py": GOOD, "2.py": text("b", "a"), "3.py": text("b", "a")})
    assert [line.split(" ")[1] for line in problems(folder)] == ["MRT906", "MRT906"]


def test_a_cycle(tmp_path: Path) -> None:
    folder = project(tmp_path, {"1.py": GOOD, "2.py": text("b", "c"), "3.py": text("c", "b")})
    assert [line.split(" ")[1] for line in problems(folder)] == ["MRT908", "MRT908"]


def test_an_unknown_parent(tmp_path: Path) -> None:
    folder = project(tmp_path, {"1.py": GOOD, "2.py": text("b", "lost")})
    assert [line.split(" ")[1] for line in problems(folder)] == ["MRT907"]


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the superuser can read everything"
)
def test_an_unreadable_file(tmp_path: Path) -> None:
    folder = project(tmp_path, {"1.py": GOOD, "2.py": text("b", "a")})
    (folder / "migrations/versions/2.py").chmod(0)
    assert [line.split(" ")[1] for line in problems(folder)] == ["MRT902"]


def test_a_folder_in_the_place_of_a_file(tmp_path: Path) -> None:
    folder = project(tmp_path, {"1.py": GOOD})
    (folder / "migrations/versions/2.py").mkdir()
    assert problems(folder) == []


def test_a_link_to_nothing(tmp_path: Path) -> None:
    folder = project(tmp_path, {"1.py": GOOD})
    try:
        (folder / "migrations/versions/2.py").symlink_to(tmp_path / "nowhere.py")
    except OSError:
        pytest.skip("no links here")
    assert [line.split(" ")[1] for line in problems(folder)] in ([], ["MRT902"])


def test_no_migrations_at_all(tmp_path: Path) -> None:
    done = run(tmp_path, "check")
    assert done.returncode == 0
    assert "No migrations found in the current folder" in " ".join(done.stdout.split())


# Arguments, files to write, and what the one line on standard error must say. Exit status 2 each.
WRONG: dict[str, tuple[list[str], dict[str, str], str]] = {
    "missing path": (["check", "nowhere"], {}, "nowhere"),
    "broken pyproject.toml": (
        ["check"],
        {"pyproject.toml": "[tool.mrt-lint\nselect = 1\n"},
        "pyproject.toml",
    ),
    "unknown key": (["check"], {"pyproject.toml": "[tool.mrt-lint]\nselct = []\n"}, "did you mean 'select'"),
    "unknown rule code": (["check", "--select", "MRT999"], {}, "MRT999"),
    "unknown code in configuration": (
        ["check"],
        {"pyproject.toml": '[tool.mrt-lint]\nselect = ["MRT999"]\n'},
        "MRT999",
    ),
    "unknown database": (["check", "--database", "postgrez"], {}, "postgrez"),
    "unknown rule": (["rule", "MRT2010"], {}, "MRT201"),
    "a command that is not built yet": (["report"], {}, "not built yet"),
}


@pytest.mark.parametrize("name", WRONG)
def test_the_run_itself_is_wrong(name: str, tmp_path: Path) -> None:
    arguments, files, said = WRONG[name]
    folder = project(tmp_path, {"1.py": GOOD})
    for file, content in files.items():
        (folder / file).write_text(content)
    done = run(folder, *arguments)
    assert done.returncode == 2
    assert said in done.stderr
    assert done.stderr.strip().count("\n") <= 3
