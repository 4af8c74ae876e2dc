"""Meanings of whole packages are made only where a project names one of these, and are then the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

import mrt_rules_alembic
import mrt_rules_django
from mrt_lint.config.settings import settings
from mrt_lint.errors import PluginError
from mrt_lint.lint.engine import check
from mrt_lint.lint.meanings import Later, Meanings, Reach
from mrt_lint.lint.registry import build
from tests.django.agreeing import REGISTRY
from tests.lint.making import plugin


def never() -> Mapping[str, Any]:
    raise AssertionError("made, though nothing asks for it")


def merged(*tables: Mapping[str, Any]) -> Meanings:
    found = Meanings()
    for table in tables:
        assert found.add(table) is None
    return found


@pytest.mark.parametrize("package", [mrt_rules_alembic, mrt_rules_django])
def test_the_packages_are_those_of_all_names(package: Any) -> None:
    later = package.mrt_values()
    assert later.packages == {name.partition(".")[0] for name in later}


def test_another_package_makes_nothing() -> None:
    meanings = merged({"shop.f": print}, Later(["sea"], never))
    assert meanings["shop.f"] is print
    assert "shop.g" not in meanings
    assert Reach(meanings).table == {"shop.f": print}


def test_what_is_asked_for_is_made_once() -> None:
    made: list[int] = []

    def make() -> Mapping[str, Any]:
        made.append(1)
        return {"sea.f": print, "sea.below.g": len}

    meanings = merged({"shop.f": abs}, Later(["sea"], make))
    assert (meanings["sea.f"], meanings.get("sea.h"), len(meanings), made) == (print, None, 3, [1])
    assert dict(meanings) == {"shop.f": abs, "sea.f": print, "sea.below.g": len}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (Later(["sea"], lambda: {"sea.f": print}), {"sea.f": len}),
        ({"sea.f": print}, Later(["sea"], lambda: {"sea.f": len})),
        (Later(["sea", "x"], lambda: {"sea.f": print}), Later(["sea", "y"], lambda: {"sea.f": len})),
    ],
)
def test_a_name_has_one_meaning(first: Mapping[str, Any], second: Mapping[str, Any]) -> None:
    with pytest.raises(PluginError, match=r"plugin 'two' .* gives 'sea.f' in mrt_values"):
        build([plugin("one", "one 1", mrt_values=first), plugin("two", "two 1", mrt_values=second)])


def test_other_names_of_a_package_can_come_from_another_plugin() -> None:
    found = merged(Later(["sea"], lambda: {"sea.f": print}), {"sea.g": len}, Later(["sky"], never))
    assert (found["sea.f"], found["sea.g"]) == (print, len)


def test_a_project_reaches_what_its_texts_name() -> None:
    meanings = merged(Later(["sea", "sea_more"], lambda: {"sea.f": print}), Later(["sky"], never))
    reach, other = Reach(meanings), Reach(meanings)
    assert [reach.see(text) for text in (b"import shop", b"import sea_more", b"import sea")] == [
        False,
        True,
        False,
    ]
    assert reach.table == {"sea.f": print}
    other.see(b"from sea import f")
    assert other.table is reach.table


HEAD = "from django.db import migrations, models\n"
FIRST = f"""{HEAD}
class Migration(migrations.Migration):
    operations = [migrations.CreateModel("Item", [("id", models.BigAutoField(primary_key=True))])]
"""
SECOND = f"""{HEAD}from shop.tools import clear

class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]
    operations = [migrations.RunPython(clear, migrations.RunPython.noop)]
"""
TOOLS = """from sqlalchemy import text

def clear(apps, editor):
    editor.execute(str(text("DELETE FROM shop_item")))
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "shop" / "migrations"
    folder.mkdir(parents=True)
    texts = {
        tmp_path / "manage.py": "",
        tmp_path / "shop" / "__init__.py": "",
        tmp_path / "shop" / "tools.py": TOOLS,
        folder / "__init__.py": "",
        folder / "0001_initial.py": FIRST,
        folder / "0002_clear.py": SECOND,
    }
    for path, text in texts.items():
        path.write_text(text, encoding="utf-8")
    return tmp_path


def test_a_module_that_a_migration_reads_counts(
    project: Path, monkeypatch: pytest.MonkeyPatch, same_time: Callable[[], Any]
) -> None:
    def report() -> Any:
        used = settings(None, {"database": "postgresql"}, REGISTRY.options, project)
        return check([project], used, REGISTRY, cwd=project, now=same_time)

    found = report()
    monkeypatch.setattr(Reach, "table", property(lambda reach: dict(reach._meanings)))
    assert found == report()
    assert [str(each.verdict.value) for each in found.migrations][1] != "reversible"


@pytest.fixture
def same_time() -> Callable[[], Any]:
    from datetime import datetime, timezone

    return lambda: datetime(2025, 1, 1, tzinfo=timezone.utc)


def test_a_module_that_names_more_is_lowered_again(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from mrt_lint.lint.files import Files
    from mrt_rules_django.discover import discover

    (one,) = discover([project])
    files = Files(one, REGISTRY.frontend("django"), REGISTRY.meanings)
    files.read()
    assert not any(name.startswith("sqlalchemy") for name in files._reach.table)
    files.lower(("postgresql",), lambda what, done, total: None)
    assert "sqlalchemy.text" in files._reach.table
    assert not files.crashes
