"""Migrations that only write things down are read straight from the tree, as the evaluator reads them."""

from __future__ import annotations

from pathlib import Path
from textwrap import indent

import pytest

from benchmarks.django_histories import write as write_history
from mrt_lint.lowered import Lowered
from mrt_lint.project import Project
from mrt_lint.source.source import Source
from mrt_rules_django import written
from mrt_rules_django.discover import discover
from tests.django.agreeing import REGISTRY

HEAD = """import datetime
import uuid
import django.db.models.deletion
import django.utils.timezone as clock
from django.conf import settings
from django.contrib.postgres import fields as pg
from django.db import migrations, models
from django.db.models import Q
from django.db.models.functions import Upper
{more}

class Migration({base}):
    initial = True
    {atomic}
    dependencies = [migrations.swappable_dependency(settings.AUTH_USER_MODEL), ("shop", "0001_initial")]
    operations = [
{operations}
    ]
{after}
"""
PLAIN = [
    'migrations.AddField("item", "a", models.CharField("what it is called", max_length=20, default=""))',
    'migrations.AddField(model_name="item", name="a", field=models.FloatField(default=-1.5))',
    'migrations.AddField("item", "a", models.DateTimeField(default=clock.now), preserve_default=False)',
    'migrations.AddField("item", "a", models.UUIDField(default=uuid.uuid4, editable=False))',
    'migrations.AddField("item", "a", models.JSONField(default=dict))',
    'migrations.AddField("item", "a", models.DateField(default=datetime.date(2020, 1, 2)))',
    'migrations.AddField("item", "a", pg.ArrayField(models.IntegerField(), size=3, null=True))',
    'migrations.AddField("item", "ö", models.CharField(max_length=2, choices=[("ä", "Ä"), ("b", "B")]))',
    """migrations.CreateModel("Order", fields=[
        ("id", models.AutoField(primary_key=True)),
        ("owner", models.ForeignKey(settings.AUTH_USER_MODEL, django.db.models.deletion.CASCADE)),
    ], options={"ordering": ["-id"], "unique_together": {("id", "owner")}}, bases=(models.Model,))""",
    'migrations.AlterUniqueTogether("item", {("a", "b"), ("c", "d")})',
    'migrations.AddIndex("item", models.Index(Upper("name"), condition=Q(size__gt=0), name="i"))',
    'migrations.AddConstraint("item", models.CheckConstraint(check=models.Q(("size__gt", 0)), name="c"))',
    "migrations.RunSQL(\"UPDATE shop_item SET size = 1\", reverse_sql='')",
    'migrations.RunSQL([("DELETE FROM shop_item WHERE size = %s", [3])])',
    'migrations.RenameField(old_name="a", model_name="item", new_name="b")',
]
LEFT_TO_THE_EVALUATOR = [
    'migrations.RemoveField("item", *["a"])',
    'migrations.RemoveField(**{"model_name": "item", "name": "a"})',
    'migrations.RemoveField("item", "a" + "b")',
    'migrations.RemoveField("item", f"{1}")',
    'migrations.AddIndex("item", models.Index(fields=["a"], condition=Q(a=1) | Q(b=2), name="i"))',
    "migrations.RunPython(migrations.RunPython.noop, migrations.RunPython.noop)",
    "*[migrations.DeleteModel(name) for name in ('a', 'b')]",
    'migrations.AddField("item", "a", models.CharField(max_length=initial))',
    'migrations.AddField("item", "a", shop_fields.Money(null=True))',
    'migrations.AddField("item", "a", models.CharField(default=__name__))',
    'models.Value(1).resolve("a")',
    "undefined",
]


def file(operations: str, more: str = "", base: str = "migrations.Migration", **parts: str) -> str:
    parts = {"atomic": "", "after": "", **parts}
    return HEAD.format(operations=indent(operations, " " * 8), more=more, base=base, **parts)


def both(
    monkeypatch: pytest.MonkeyPatch, source: bytes, project: Project, path: Path
) -> tuple[Lowered, Lowered, bool]:
    """Returns the file as it is lowered, as the evaluator alone lowers it, and whether it was written down."""
    frontend, plain = REGISTRY.frontend("django"), []
    read = written.written

    def noting(*given: object) -> object:
        found = read(*given)  # type: ignore[arg-type]
        plain.append(found is not None)
        return found

    results = []
    for reader in (noting, lambda *given: None):
        monkeypatch.setattr(written, "written", reader)
        lowered = frontend.lower(
            Source(path, source), project, dialects=("postgresql", "mysql"), meanings=REGISTRY.meanings
        )
        results.append(lowered)
    monkeypatch.setattr(written, "written", read)
    return results[0], results[1], any(plain)


def lowered(monkeypatch: pytest.MonkeyPatch, root: Path, text: str) -> tuple[Lowered, Lowered, bool]:
    path = root / "shop" / "migrations" / "0002_next.py"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    (root / "manage.py").write_text("")
    (root / "shop_fields.py").write_text(
        "from django.db import models\n\nclass Money(models.DecimalField):\n    pass\n"
    )
    (project,) = discover([root])
    return both(monkeypatch, path.read_bytes(), project, path)


@pytest.mark.parametrize("operation", PLAIN)
def test_what_is_written_down_is_read_alike(
    operation: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other, plain = lowered(monkeypatch, tmp_path, file(f"{operation},"))
    assert plain
    assert one == other
    assert repr(one) == repr(other)
    assert one.migration is not None
    assert one.migration.upgrade


@pytest.mark.parametrize("operation", LEFT_TO_THE_EVALUATOR)
def test_what_is_more_than_that_is_left_to_the_evaluator(
    operation: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other, plain = lowered(monkeypatch, tmp_path, file(f"{operation},", "import shop_fields\n"))
    assert not plain
    assert one == other


@pytest.mark.parametrize(
    "parts",
    [
        {"more": "from .more import *\n"},
        {"more": "for name in ('a', 'b'):\n    print(name)\n"},
        {"more": "class Other:\n    pass\n"},
        {"more": "def code(apps, schema_editor, given=print('x')):\n    pass\n"},
        {"after": "Migration.atomic = False\n"},
        {"atomic": "models = None"},
        {"atomic": "def apply(self, *given): pass"},
        {"base": "migrations.Migration, object"},
        {"base": "object"},
    ],
)
def test_a_file_that_does_more_is_left_to_the_evaluator(
    parts: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = file('migrations.AddField("item", "a", models.TextField(null=True)),', **parts)
    one, other, plain = lowered(monkeypatch, tmp_path, text)
    assert not plain
    assert one == other


def test_atomic_and_unused_functions_are_read_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = file('migrations.DeleteModel("Item"),', "def unused():\n    return 1\n", atomic="atomic = False")
    one, other, plain = lowered(monkeypatch, tmp_path, text)
    assert plain
    assert one == other
    assert one.migration is not None
    assert not one.migration.atomic


def test_a_whole_history_is_read_alike(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (project,) = discover([write_history(tmp_path, 500)])
    plain = 0
    for path in project.files:
        one, other, was_plain = both(monkeypatch, path.read_bytes(), project, path)
        assert repr(one) == repr(other), path
        plain += was_plain
    assert plain > 400
