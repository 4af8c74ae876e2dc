"""The installed command on Django projects: what may be asked for, and what is shown of it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.django.test_frontend import MODEL, step, write
from tests.test_never_again import report

SHOP = '("shop", "{}")'.format
NOTES = '("notes", "{}")'.format
GONE = 'migrations.RemoveField("item", "size"),'


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Returns a repository with two apps, of which one builds on the other, and an Alembic history."""
    squashed = 'replaces = [("shop", "0001_initial"), ("shop", "0002_more")]'
    more = 'migrations.AddField("item", "more", models.IntegerField(null=True)),'
    note = """migrations.CreateModel("Note", [("id", models.BigAutoField(primary_key=True)),
        ("text", models.TextField(null=True))]),"""
    write(
        tmp_path,
        {
            "manage.py": "",
            "site/settings.py": 'DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql"}}\n',
            "apps/shop/migrations/__init__.py": "",
            "apps/shop/migrations/0001_initial.py": step(MODEL),
            "apps/shop/migrations/0002_more.py": step(more, SHOP("0001_initial")),
            "apps/shop/migrations/0001_squashed_0002_more.py": step(MODEL + more, more=squashed),
            "apps/shop/migrations/0003_gone.py": step(GONE, SHOP("0001_squashed_0002_more")),
            "apps/notes/migrations/__init__.py": "",
            "apps/notes/migrations/0001_initial.py": step(note, SHOP("0002_more")),
            "apps/notes/migrations/0002_text.py": step(
                'migrations.RemoveField("note", "text"),', NOTES("0001_initial")
            ),
            "ledger/alembic.ini": "[alembic]\nscript_location = %(here)s/history\n",
            "ledger/history/env.py": "",
            "ledger/history/versions/a1.py": (
                "import sqlalchemy as sa\nfrom alembic import op\n\nrevision = 'a1'\ndown_revision = None\n"
                "def upgrade():\n    op.create_table('t', sa.Column('id', sa.Integer))\n"
                "def downgrade():\n    op.drop_table('t')\n"
            ),
        },
    )
    return tmp_path


def shown(folder: Path, *arguments: str) -> tuple[set[str], list[tuple[str, str]]]:
    """Returns the revisions with a verdict, and the findings as (rule, revision)."""
    found = report(folder, *arguments)
    return (
        {each["revision"] for each in found["migrations"]},
        [(each["rule"], each["revision"]) for each in found["findings"]],
    )


SHOPS = {"shop.0001_initial", "shop.0001_squashed_0002_more", "shop.0002_more", "shop.0003_gone"}
BOTH = [("MRT209", "notes.0002_text"), ("MRT209", "shop.0003_gone")]


def test_a_repository_with_both_frameworks(repository: Path) -> None:
    revisions, findings = shown(repository, ".")
    assert revisions == {*SHOPS, "notes.0001_initial", "notes.0002_text", "a1"}
    assert findings == BOTH  # a squashed migration next to its originals is no second head


@pytest.mark.parametrize("asked", ["apps/shop", "apps/shop/migrations"])
def test_an_app_and_its_folder(repository: Path, asked: str) -> None:
    revisions, findings = shown(repository, asked)
    assert revisions >= SHOPS
    assert ("MRT209", "shop.0003_gone") in findings


def test_single_files_are_judged_with_the_whole_project_in_mind(repository: Path) -> None:
    revisions, findings = shown(repository, "apps/shop/migrations/0003_gone.py", "manage.py")
    assert (revisions, findings) == ({"shop.0003_gone"}, [("MRT209", "shop.0003_gone")])


def test_since_reaches_over_apps(repository: Path) -> None:
    revisions, findings = shown(repository, ".", "--since", "shop.0002_more")
    assert {"shop.0003_gone", "notes.0001_initial", "notes.0002_text"} <= revisions
    assert "shop.0001_initial" not in revisions
    assert findings == BOTH
    revisions, findings = shown(repository, ".", "--since", "notes.0001_initial")
    assert (revisions, findings) == ({"notes.0002_text"}, BOTH[:1])


def test_an_unknown_since_names_the_nearest(repository: Path) -> None:
    command = [sys.executable, "-m", "mrt_lint", "check", ".", "--since", "shop.0003_goen"]
    done = subprocess.run(command, cwd=repository, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "shop.0003_gone" in done.stderr


def test_the_graph_is_that_of_all_apps(repository: Path) -> None:
    write(
        repository,
        {
            "apps/shop/migrations/0004_a.py": step("", SHOP("0003_gone")),
            "apps/shop/migrations/0004_b.py": step("", SHOP("0003_gone")),
            "apps/notes/migrations/0003_typo.py": step("", SHOP("0009_typo") + ", " + NOTES("0002_text")),
        },
    )
    _, findings = shown(repository, ".")
    assert [one for one in findings if one[0] != "MRT209"] == [
        ("MRT907", "notes.0003_typo"),
        ("MRT901", "shop.0004_a"),
        ("MRT901", "shop.0004_b"),
    ]


@pytest.mark.parametrize(
    ("pattern", "code"),
    [
        ("RemoveField", "MRT209"),
        ("DeleteModel", "MRT210"),
        ("RunSQL DROP TABLE", "MRT211"),
        ("RunSQL TRUNCATE", "MRT212"),
        ("AddField NOT NULL without default", "MRT411"),
        ("AlterField to NOT NULL without default", "MRT412"),
        ("AddIndex without atomic=False", "MRT413"),
        ("Missing atomic=False", "MRT414"),
        ("RunSQL without reverse_sql", "MRT108"),
        ("RunPython without reverse_code", "MRT107"),
        ("RenameModel with data-loss operations", "MRT305"),
        ("Squashed migration: RunPython without reverse_code", "MRT601"),
        ("Squashed migration: missing replaces list", "MRT602"),
        ("RemoveField during rolling deploy", "MRT701"),
    ],
)
def test_the_names_that_users_know_are_accepted(pattern: str, code: str) -> None:
    from tests.django.agreeing import REGISTRY

    assert [rule.code for rule in REGISTRY.named(pattern)] == [code]


def test_a_severity_by_the_name_that_users_know(repository: Path) -> None:
    (repository / "mrt-lint.toml").write_text('severity = {"RemoveField" = "warning"}\n')
    command = [sys.executable, "-m", "mrt_lint", "check", "."]
    done = subprocess.run(
        command,
        cwd=repository,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "NO_COLOR": "1"},
    )
    assert done.returncode == 0, done.stdout + done.stderr
