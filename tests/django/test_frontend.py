"""What is found, which migrations there are, what they build on, and what the command says of them."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from mrt_lint.config.settings import settings
from mrt_lint.lint.engine import check
from mrt_lint.lint.report import Report
from mrt_lint.schema.dialects import Dialect
from mrt_rules_django.discover import discover
from tests.django.agreeing import REGISTRY

HEAD = "from django.conf import settings\nfrom django.db import migrations, models\n\n"
MODEL = """migrations.CreateModel("Item", [("id", models.BigAutoField(primary_key=True)),
    ("name", models.CharField(max_length=20)), ("size", models.IntegerField(null=True))]),"""


def write(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text), encoding="utf-8")


def step(operations: str = "", needs: str = "", more: str = "", code: str = "") -> str:
    return (
        f"{HEAD}{code}\nclass Migration(migrations.Migration):\n    {more or 'pass'}\n"
        f"    dependencies = [{needs}]\n    operations = [\n{operations}\n    ]\n"
    )


def report(
    root: Path, *paths: str, database: Dialect | None = "postgresql", extra: tuple[str, ...] = ()
) -> Report:
    given = {"database": database, "extend-select": [*extra]}
    chosen = [root / path for path in paths] or [root]
    return check(chosen, settings(None, given, REGISTRY.options, root), REGISTRY, cwd=root)


def verdicts(found: Report) -> dict[str, str]:
    return {each.revision: str(each.verdict.value) for each in found.migrations}


def codes(found: Report) -> list[str]:
    return [finding.rule for finding in found.findings]


def one_app(root: Path, operations: str, **facts: str) -> Report:
    write(
        root,
        {
            "manage.py": "",
            "shop/__init__.py": "",
            "shop/migrations/__init__.py": "",
            "shop/migrations/0001_initial.py": step(MODEL),
            "shop/migrations/0002_next.py": step(operations, '("shop", "0001_initial")', **facts),
        },
    )
    return report(root)


@pytest.mark.parametrize("asked", [".", "deep", "deep/apps/shop", "deep/apps/shop/migrations"])
def test_a_project_is_found_from_wherever_one_looks(tmp_path: Path, asked: str) -> None:
    write(
        tmp_path,
        {
            "manage.py": "",
            "deep/apps/shop/apps.py": 'class C(AppConfig):\n    name = "deep.apps.shop"\n    label = "store"\n',
            "deep/apps/shop/migrations/__init__.py": "",
            "deep/apps/shop/migrations/0001_initial.py": step(MODEL),
            "deep/apps/shop/migrations/helper.py": "x = 1\n",
            "deep/apps/empty/migrations/__init__.py": "",
        },
    )
    assert verdicts(report(tmp_path, asked)) == {"store.0001_initial": "reversible"}


def test_a_single_file_is_reported_with_its_whole_project_in_mind(tmp_path: Path) -> None:
    one_app(tmp_path, 'migrations.RemoveField("item", "size"),')
    found = report(tmp_path, "shop/migrations/0002_next.py")
    assert verdicts(found) == {"shop.0002_next": "lossy"}
    assert codes(found) == ["MRT209"]
    assert "shop_item.size INTEGER" in found.findings[0].message


def test_a_file_that_is_no_migration_is_passed_over(tmp_path: Path) -> None:
    write(tmp_path, {"manage.py": "", "shop/models.py": "class Migration: pass\n"})
    assert list(discover([tmp_path / "shop/models.py", tmp_path])) == []


def test_the_database_is_read_from_the_settings(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "manage.py": "",
            "site/settings.py": 'DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3"}}\n',
            "shop/migrations/0001_initial.py": step(MODEL),
        },
    )
    (project,) = discover([tmp_path])
    assert project.dialect == "sqlite"


def test_squashed_next_to_its_originals_is_no_second_head(tmp_path: Path) -> None:
    add = 'migrations.AddField("item", "more", models.IntegerField(null=True)),'
    write(
        tmp_path,
        {
            "manage.py": "",
            "shop/migrations/0001_initial.py": step(MODEL),
            "shop/migrations/0002_more.py": step(add, '("shop", "0001_initial")'),
            "shop/migrations/0001_squashed_0002.py": step(
                MODEL + add, more='replaces = [("shop", "0001_initial"), ("shop", "0002_more")]'
            ),
            "shop/migrations/0003_last.py": step(
                'migrations.RemoveField("item", "more"),', '("shop", "0001_squashed_0002")'
            ),
        },
    )
    found = report(tmp_path)
    assert codes(found) == ["MRT209"]
    assert verdicts(found)["shop.0001_squashed_0002"] == "reversible"


def test_two_leaves_of_an_app_are_two_heads_those_of_two_apps_are_not(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "manage.py": "",
            "shop/migrations/0001_initial.py": step(MODEL),
            "shop/migrations/0002_a.py": step("", '("shop", "0001_initial")'),
            "shop/migrations/0002_b.py": step("", '("shop", "0001_initial")'),
            "other/migrations/0001_initial.py": step("", '("shop", "0002_a")'),
        },
    )
    found = report(tmp_path)
    assert [(finding.rule, finding.revision) for finding in found.findings] == [
        ("MRT901", "shop.0002_a"),
        ("MRT901", "shop.0002_b"),
    ]


def test_an_app_outside_of_the_project_is_no_unknown_parent(tmp_path: Path) -> None:
    user = """migrations.CreateModel("Note", [("id", models.AutoField(primary_key=True)),
        ("user", models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE))]),"""
    needs = 'migrations.swappable_dependency(settings.AUTH_USER_MODEL), ("auth", "0001_initial")'
    write(
        tmp_path,
        {
            "manage.py": "",
            "shop/migrations/0001_initial.py": step(user, needs),
            "shop/migrations/0002_gone.py": step("", '("shop", "0001_typo")'),
        },
    )
    found = report(tmp_path)
    assert codes(found) == ["MRT907"]
    assert verdicts(found)["shop.0001_initial"] == "reversible"


@pytest.mark.parametrize(
    ("operations", "verdict", "expected"),
    [
        ('migrations.AddField("item", "tags", models.ManyToManyField("shop.item")),', "reversible", []),
        ('migrations.AlterField("item", "name", models.CharField(max_length=90)),', "fragile", ["MRT805"]),
        (
            'migrations.AlterField("item", "size", models.IntegerField(null=True, help_text="x")),',
            "reversible",
            [],
        ),
        (
            'migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel("Item")]),',
            "reversible",
            [],
        ),
        (
            "*[migrations.AddField('item', n, models.IntegerField(null=True)) for n in 'ab'],",
            "reversible",
            [],
        ),
        ("Custom(),", "unknown", ["MRT909"]),
        ('migrations.AddField("item", "x", Strange(null=True)),', "reversible", []),
    ],
)
def test_operations_and_their_verdicts(
    tmp_path: Path, operations: str, verdict: str, expected: list[str]
) -> None:
    found = one_app(tmp_path, operations, code="from somewhere.else_ import Custom, Strange\n")
    assert (verdicts(found)["shop.0002_next"], codes(found)) == (verdict, expected)


FILL = """
def fill(apps, schema_editor):
    Thing = apps.get_model("shop.Item")
    for thing in Thing.objects.all():
        {body}

def back(apps, schema_editor):
    {back}
"""


@pytest.mark.parametrize(
    ("body", "back", "call", "verdict", "expected"),
    [
        ("print(thing.name)", "pass", "fill, back", "reversible", []),
        ("print(thing.name)", "pass", "fill, reverse_code=back", "reversible", []),
        ("print(thing.name)", "pass", "fill", "irreversible", ["MRT107"]),
        ("thing.name = 'x'; thing.save()", "pass", "fill, back", "lossy", ["MRT804"]),
        ("thing.delete()", "pass", "fill, back", "lossy", ["MRT804"]),
        ("send(thing)", "pass", "fill, back", "unknown", ["MRT909"]),
    ],
)
def test_python_code(
    tmp_path: Path, body: str, back: str, call: str, verdict: str, expected: list[str]
) -> None:
    code = "from mail import send\n" + FILL.format(body=body, back=back)
    found = one_app(tmp_path, f"migrations.RunPython({call}),", code=code)
    assert (verdicts(found)["shop.0002_next"], codes(found)) == (verdict, expected)


def test_a_backfill_of_a_field_that_was_just_added_loses_nothing(tmp_path: Path) -> None:
    code = FILL.format(body="thing.label = thing.name; thing.save(update_fields=['label'])", back="pass")
    operations = """migrations.AddField("item", "label", models.CharField(max_length=20, default="")),
        migrations.RunPython(fill, migrations.RunPython.noop),"""
    found = one_app(tmp_path, operations, code=code)
    assert verdicts(found)["shop.0002_next"] == "reversible"


def test_a_type_that_is_not_known_before_and_after_is_not_called_the_same(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "manage.py": "",
            "shop/migrations/0001_initial.py": step(
                MODEL + 'migrations.AddField("item", "x", Strange(null=True, size=3)),',
                code="from somewhere import Strange\n",
            ),
            "shop/migrations/0002_next.py": step(
                'migrations.AlterField("item", "x", Strange(null=True, size=2)),',
                '("shop", "0001_initial")',
                code="from somewhere import Strange\n",
            ),
        },
    )
    assert verdicts(report(tmp_path))["shop.0002_next"] == "unknown"


def test_both_frameworks_in_one_repository(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "alembic.ini": "[alembic]\nscript_location = %(here)s/ledger\n",
            "ledger/env.py": "",
            "ledger/versions/0001.py": 'revision = "0001"\ndown_revision = None\ndef upgrade(): pass\n',
            "shop/migrations/0001_initial.py": step(MODEL),
        },
    )
    assert set(verdicts(report(tmp_path))) == {"0001", "shop.0001_initial"}


def test_an_added_field_with_a_python_default_breaks_old_writers(tmp_path: Path) -> None:
    one_app(tmp_path, 'migrations.AddField("item", "n", models.IntegerField(default=0)),')
    assert codes(report(tmp_path, extra=("MRT704",))) == ["MRT704"]


@pytest.mark.parametrize("database", ["sqlite", "postgresql", "mysql"])
def test_unique_together_that_becomes_a_constraint_is_as_strict_as_before(
    tmp_path: Path, database: Dialect
) -> None:
    together = 'migrations.AlterUniqueTogether("item", {}),'
    constraint = (
        'migrations.AddConstraint("item", models.UniqueConstraint(fields=["name", "size"], name="u")),'
    )
    write(
        tmp_path,
        {
            "manage.py": "",
            "shop/migrations/0001_initial.py": step(MODEL + together.format('{("name", "size")}')),
            "shop/migrations/0002_next.py": step(
                together.format("set()") + constraint, '("shop", "0001_initial")'
            ),
            "shop/migrations/0003_next.py": step(
                'migrations.RemoveConstraint("item", "u"),', '("shop", "0002_next")'
            ),
        },
    )
    found = verdicts(report(tmp_path, database=database))
    assert found["shop.0002_next"] == "reversible"
    assert found["shop.0003_next"] == "fragile"


def test_the_settings_are_looked_for_below_the_only_manage_py(tmp_path: Path) -> None:
    engine = 'DATABASES = {"default": {"ENGINE": "django.db.backends.mysql"}}\n'
    write(
        tmp_path,
        {
            "pyproject.toml": "",
            "services/web/manage.py": "",
            "services/web/site/settings/base.py": engine,
            "services/web/shop/migrations/0001_initial.py": step(MODEL),
        },
    )
    (project,) = discover([tmp_path])
    assert (project.root, project.dialect) == (tmp_path, "mysql")


def test_a_package_in_a_hidden_folder_is_no_part_of_the_project_around_it(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").touch()
    package = tmp_path / ".packages" / "shop"
    write(
        package, {"__init__.py": "", "migrations/__init__.py": "", "migrations/0001_initial.py": step(MODEL)}
    )
    (project,) = discover([package])
    assert [path.name for path in project.files] == ["0001_initial.py"]
