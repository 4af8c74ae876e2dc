"""Mistakes that other tools make with Django's migrations, and that we made on real ones, as named cases."""

from __future__ import annotations

from pathlib import Path

import pytest

from mrt_lint.config.settings import settings
from mrt_lint.lint.engine import check
from mrt_lint.lint.finding import Severity
from mrt_lint.schema.dialects import Dialect
from tests.django.agreeing import REGISTRY
from tests.django.test_frontend import MODEL, report, step, write


def codes(root: Path) -> list[str]:
    """Returns the codes of the findings that count, sorted."""
    found = report(root, database=None).findings
    return sorted(finding.rule for finding in found if finding.severity is not Severity.INFO)


def project(root: Path, operations: str, **facts: str) -> Path:
    """Returns a project whose last migration has these operations."""
    write(
        root,
        {
            "manage.py": "",
            "settings.py": 'DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql"}}\n',
            "shop/__init__.py": "",
            "shop/models.py": "from django.db import models\n\n\nclass Item(models.Model):\n    pass\n",
            "shop/migrations/__init__.py": "",
            "shop/migrations/0001_initial.py": step(MODEL),
            "shop/migrations/0002_next.py": step(operations, '("shop", "0001_initial")', **facts),
        },
    )
    return root


@pytest.mark.parametrize("decoys", [0, 30])
def test_a_project_is_known_however_many_other_files_come_first(tmp_path: Path, decoys: int) -> None:
    project(tmp_path, 'migrations.RemoveField("item", "size"),')
    for number in range(decoys):
        write(
            tmp_path,
            {f"shop/migrations/0000_{number:02}_helper.py": "X = 1\n", f"a{number}/tool.py": "X = 1\n"},
        )
    assert codes(tmp_path) == ["MRT209"]


def test_add_field_of_a_many_to_many_field_is_not_reported_as_not_null(tmp_path: Path) -> None:
    project(tmp_path, 'migrations.AddField("item", "tags", models.ManyToManyField("shop.item")),')
    assert codes(tmp_path) == []


def test_alter_field_that_was_never_nullable_is_not_reported(tmp_path: Path) -> None:
    project(
        tmp_path, 'migrations.AlterField("item", "name", models.CharField(max_length=20, verbose_name="n")),'
    )
    assert codes(tmp_path) == []


def test_state_only_operations_are_not_reported(tmp_path: Path) -> None:
    project(
        tmp_path,
        """migrations.SeparateDatabaseAndState(state_operations=[
            migrations.RemoveField("item", "size"), migrations.DeleteModel("Item")]),""",
    )
    assert codes(tmp_path) == []


def test_a_longer_max_length_is_no_lossy_change(tmp_path: Path) -> None:
    # Only the way back can fail, for rows that only the new schema allows.
    project(tmp_path, 'migrations.AlterField("item", "name", models.CharField(max_length=21)),')
    assert codes(tmp_path) == ["MRT805"]


GET_MODEL = """
{head}

def fill(apps, schema_editor):
    {body}
"""


@pytest.mark.parametrize(
    ("head", "body", "expected"),
    [
        ("", 'Item = apps.get_model("shop.Item"); Item.objects.count()', []),
        ("", 'Item = apps.get_model("shop", "Item"); Item.objects.count()', []),
        ("", 'get = apps.get_model; Item = get("shop", "Item"); Item.objects.count()', []),
        ("", 'Item = apps.get_app_config("shop").get_model("Item"); Item.objects.count()', []),
        ("from shop.models import Item", "Item.objects.count()", ["MRT840"]),
        ("from shop.models import Item as I", "I.objects.count()", ["MRT840"]),
        ("from shop import models as m", "m.Item.objects.count()", ["MRT840"]),
        ("import shop.models", "shop.models.Item.objects.count()", ["MRT840"]),
    ],
)
def test_a_live_model_is_told_from_a_frozen_one(
    tmp_path: Path, head: str, body: str, expected: list[str]
) -> None:
    code = GET_MODEL.format(head=head, body=body)
    project(tmp_path, "migrations.RunPython(fill, migrations.RunPython.noop),", code=code)
    found = [code for code in codes(tmp_path) if code not in ("MRT909", "MRT107")]
    assert found == expected


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("fill, back", []),
        ("fill, reverse_code=back", []),
        ("code=fill, reverse_code=back", []),
        ("fill", ["MRT107"]),
    ],
)
def test_reverse_code_counts_by_position_too(tmp_path: Path, call: str, expected: list[str]) -> None:
    code = "def fill(apps, schema_editor):\n    pass\n\ndef back(apps, schema_editor):\n    pass\n"
    project(tmp_path, f"migrations.RunPython({call}),", code=code)
    assert codes(tmp_path) == expected


@pytest.mark.parametrize("call", ['"DROP TABLE x", ""', '"DROP TABLE x", reverse_sql=migrations.RunSQL.noop'])
def test_reverse_sql_counts_by_position_too(tmp_path: Path, call: str) -> None:
    project(tmp_path, f"migrations.RunSQL({call}),")
    assert "MRT108" not in codes(tmp_path)


def test_findings_name_the_app(tmp_path: Path) -> None:
    project(tmp_path, 'migrations.RemoveField("item", "size"),')
    found = report(tmp_path, database=None)
    assert [finding.revision for finding in found.findings] == ["shop.0002_next"]
    assert [each.revision for each in found.migrations] == ["shop.0001_initial", "shop.0002_next"]


# -- what real projects brought to light -----------------------------------------------------------


def test_a_removed_positive_field_does_not_tighten_again(tmp_path: Path) -> None:
    add = 'migrations.AddField("item", "n", models.PositiveIntegerField(default=0)),'
    write(
        tmp_path,
        {
            "shop/migrations/0003_gone.py": step(
                'migrations.RemoveField("item", "n"),', '("shop", "0002_next")'
            )
        },
    )
    assert codes(project(tmp_path, add)) == ["MRT209"]


@pytest.mark.parametrize(
    ("code", "operation"),
    [
        ("MRT209", 'migrations.RemoveField("item", "size"),'),
        ("MRT210", 'migrations.DeleteModel("Item"),'),
        ("MRT211", 'migrations.RunSQL("DROP TABLE shop_item", "CREATE TABLE shop_item (id int)"),'),
    ],
)
@pytest.mark.parametrize(("back", "severity"), [("fill", Severity.WARNING), ("print", Severity.ERROR)])
def test_what_code_that_is_not_understood_may_bring_back_is_no_error(
    tmp_path: Path, code: str, operation: str, back: str, severity: Severity
) -> None:
    run = f"migrations.RunPython(migrations.RunPython.noop, lambda apps, editor: {back}(editor.connection)),"
    project(tmp_path, f"{run}\n{operation}", code="from library import fill\n")
    found = report(tmp_path, database=None).findings
    assert [finding.severity for finding in found if finding.rule == code] == [severity]


def test_the_sequence_of_a_renamed_table_is_not_missed(tmp_path: Path) -> None:
    rename = 'migrations.RenameModel("Item", "Thing"),'
    write(
        tmp_path,
        {"shop/migrations/0003_gone.py": step('migrations.DeleteModel("Thing"),', '("shop", "0002_next")')},
    )
    assert codes(project(tmp_path, rename)) == ["MRT210"]


def test_a_field_class_that_implies_null_needs_no_default(tmp_path: Path) -> None:
    fields = """
    from django.db import models


    class NullCharField(models.CharField):
        def __init__(self, *args, **kwargs):
            kwargs["null"] = kwargs["blank"] = True
            super().__init__(*args, **kwargs)

        def deconstruct(self):
            name, path, args, kwargs = super().deconstruct()
            del kwargs["null"], kwargs["blank"]
            return name, path, args, kwargs
    """
    write(tmp_path, {"shop/fields.py": fields})
    add = 'migrations.AddField("item", "code", NullCharField(max_length=9, unique=True)),'
    project(tmp_path, add, code="from shop.fields import NullCharField")
    assert set(codes(tmp_path)) <= {"MRT413"}


def test_a_dependency_that_nobody_wrote_down_is_followed(tmp_path: Path) -> None:
    # In Django's own order the app that comes first by name refers to a model of a later one.
    key = 'migrations.CreateModel("Note", [("id", models.AutoField(primary_key=True)), ("item", models.ForeignKey("shop.item", models.CASCADE))]),'
    write(tmp_path, {"notes/migrations/0001_initial.py": step(key)})
    project(tmp_path, 'migrations.AddField("item", "n", models.IntegerField(null=True)),')
    assert codes(tmp_path) == []


def test_dependencies_that_are_partly_known_make_no_second_head(tmp_path: Path) -> None:
    project(tmp_path, "")
    path = tmp_path / "shop/migrations/0002_next.py"
    text = path.read_text().replace(
        '[("shop", "0001_initial")]', '[("shop", "0001_initial")] + settings.MORE'
    )
    path.write_text(text)
    assert "MRT901" not in codes(tmp_path)


def test_a_file_for_a_newer_python_keeps_its_place_in_the_graph(tmp_path: Path) -> None:
    code = "def f():\n    try:\n        pass\n    except (A, B) if C else D, E:\n        pass\n"
    write(tmp_path, {"shop/migrations/0003_last.py": step("", '("shop", "0002_next")')})
    project(tmp_path, "", code=code)
    assert set(codes(tmp_path)) == {"MRT902"}


def test_a_column_that_another_takes_the_name_of_is_no_data_hole(tmp_path: Path) -> None:
    move = """migrations.AddField("item", "size_text", models.CharField(max_length=9, null=True)),
    migrations.RemoveField("item", "size"),"""
    rename = 'migrations.RenameField("item", "size_text", "size"),'
    write(tmp_path, {"shop/migrations/0003_last.py": step(rename, '("shop", "0002_next")')})
    project(tmp_path, move)
    assert "MRT903" not in codes(tmp_path)


def test_migrations_in_a_package_of_another_name_are_found(tmp_path: Path) -> None:
    project(tmp_path, 'migrations.RemoveField("item", "size"),')
    (tmp_path / "shop/migrations").rename(tmp_path / "shop/db_migrations")
    assert codes(tmp_path) == ["MRT209"]


def test_a_class_inside_a_function_is_no_migration(tmp_path: Path) -> None:
    project(tmp_path, "")
    text = "from django.db import models\n\n\ndef model():\n    class Migration(models.Model):\n        pass\n    return Migration\n"
    write(tmp_path, {"shop/migrations/recorder.py": text})
    assert codes(tmp_path) == []


def test_an_operation_with_an_argument_that_hangs_on_a_condition_is_that_operation(tmp_path: Path) -> None:
    add = 'migrations.AddField("item", "look", models.CharField(max_length=9, default=LOOK)),'
    code = "from shop.conf import get\n\nLOOK = 'plain' if get('PLAIN') else get('LOOK')\n"
    write(
        tmp_path,
        {
            "shop/migrations/0003_gone.py": step(
                'migrations.RemoveField("item", "look"),', '("shop", "0002_next")'
            )
        },
    )
    project(tmp_path, add, code=code)
    assert codes(tmp_path) == ["MRT209"]


KEYS = """migrations.CreateModel("Shelf", [("id", models.BigAutoField(primary_key=True))]),
    migrations.CreateModel("Book", [("id", models.BigAutoField(primary_key=True)), ("shelf", {})]),"""
RELATION = 'models.{}("shop.shelf", models.CASCADE, null=True)'.format


@pytest.mark.parametrize("database", ["mysql", "mariadb"])
def test_the_unique_index_of_a_key_can_go_while_the_field_is_altered(
    tmp_path: Path, database: Dialect
) -> None:
    # Django takes the foreign key off while it alters the field, so MySQL does not need the index.
    alter = f'migrations.AlterField("book", "shelf", {RELATION("OneToOneField")}),'
    project(tmp_path, KEYS.format(RELATION("ForeignKey")))
    write(tmp_path, {"shop/migrations/0003_one.py": step(alter, '("shop", "0002_next")')})
    found = report(tmp_path, database=database)
    assert [str(each.verdict.value) for each in found.migrations] == ["reversible"] * 3


@pytest.mark.parametrize("database", ["mysql", "postgresql", "sqlite"])
def test_a_constraint_that_comes_back_is_told_at_the_operation(tmp_path: Path, database: Dialect) -> None:
    alter = f'migrations.AlterField("book", "shelf", {RELATION("ForeignKey")}),'
    project(tmp_path, KEYS.format(RELATION("OneToOneField")))
    write(tmp_path, {"shop/migrations/0003_many.py": step(alter, '("shop", "0002_next")')})
    text = (tmp_path / "shop/migrations/0003_many.py").read_text().splitlines()
    (line,) = [number for number, words in enumerate(text, 1) if "AlterField" in words]
    found = report(tmp_path, database=database).findings
    told = {(each.revision, each.span.line) for each in found if each.rule == "MRT805"}
    assert told == {("shop.0003_many", line)}


def test_a_column_made_anew_under_its_own_name_is_no_rename(tmp_path: Path) -> None:
    again = """migrations.RenameField("item", "size", "size_old"),
        migrations.AddField("item", "size", models.IntegerField(null=True)),
        migrations.RemoveField("item", "size_old"),"""
    assert "MRT810" not in codes(project(tmp_path, again))


@pytest.mark.parametrize("database", ["mysql", "mariadb"])
def test_checks_that_the_database_numbers_are_told_apart_by_what_they_say(
    tmp_path: Path, database: Dialect
) -> None:
    fields = "".join(f'("{name}", models.PositiveIntegerField(default=0)), ' for name in "abc")
    project(
        tmp_path,
        f'migrations.CreateModel("Sum", [("id", models.BigAutoField(primary_key=True)), {fields}]),',
    )
    gone = 'migrations.RemoveField("sum", "a"), migrations.RemoveField("sum", "b"),'
    write(tmp_path, {"shop/migrations/0003_gone.py": step(gone, '("shop", "0002_next")')})
    found = report(tmp_path, database=database).findings
    assert {each.rule for each in found} == {"MRT209"}


def test_the_collation_that_differs_is_named(tmp_path: Path) -> None:
    sql = """migrations.RunSQL('ALTER TABLE shop_item ALTER name TYPE varchar(20) COLLATE "C"', ""),"""
    project(tmp_path, sql)
    found = report(tmp_path, database=None).findings
    (message,) = [each.message for each in found if each.rule == "MRT803"]
    assert "COLLATE C instead of VARCHAR(20) without COLLATE" in message


@pytest.mark.parametrize(
    ("setting", "expected"),
    [("", ["info"]), ("allow", []), ("warning", ["warning"]), ("error", ["error"])],
)
def test_a_declared_noop_is_reported_as_configured(tmp_path: Path, setting: str, expected: list[str]) -> None:
    code = "def fill(apps, schema_editor):\n    apps.get_model('shop', 'Item').objects.update(mark=1)\n"
    operations = """migrations.AddField("item", "mark", models.IntegerField(null=True)),
        migrations.RunPython(fill, migrations.RunPython.noop),"""
    project(tmp_path, operations, code=code)
    given = {"runpython-noop": setting} if setting else {}
    chosen = settings(None, given, REGISTRY.options, tmp_path)
    found = check([tmp_path], chosen, REGISTRY, cwd=tmp_path).findings
    assert [str(each.severity.value) for each in found if each.rule == "MRT107"] == expected


def test_columns_that_are_computed_from_one_another_again_and_again_come_to_an_end(tmp_path: Path) -> None:
    # Terms that refer to the last ones twice would grow exponentially.
    lines = " ".join("UPDATE shop_item SET size = size + weight, weight = weight + size;" for _ in range(60))
    add = 'migrations.AddField("item", "weight", models.IntegerField(default=0)),'
    project(tmp_path, f'{add}\nmigrations.RunSQL("{lines}", ""),')
    assert "MRT804" in codes(tmp_path)


def test_what_a_squashed_migration_replaces_may_be_computed(tmp_path: Path) -> None:
    project(tmp_path, "")
    old = tmp_path / "shop/migrations/0002_next.py"
    text = old.read_text().replace("    pass\n", "    replaces = squashed.replaces(squashed.OLD)\n")
    old.unlink()
    head = "from shop import squashed\n"
    write(tmp_path, {"shop/migrations/0002_squashed_next.py": head + text})
    assert codes(tmp_path) == []


@pytest.mark.parametrize("database", ["mysql", "mariadb"])
@pytest.mark.parametrize(
    "operation",
    [
        'migrations.AddIndex("book", models.Index(fields=["shelf", "id"], name="by_shelf")),',
        'migrations.AlterUniqueTogether("book", {("shelf", "id")}),',
    ],
)
def test_the_index_of_a_foreign_key_is_the_same_under_another_name(
    tmp_path: Path, database: Dialect, operation: str
) -> None:
    # MySQL drops its own index for the key when a wider one comes; Django makes another before that goes.
    project(tmp_path, KEYS.format(RELATION("ForeignKey")))
    write(tmp_path, {"shop/migrations/0003_wide.py": step(operation, '("shop", "0002_next")')})
    found = report(tmp_path, database=database)
    assert [str(each.verdict.value) for each in found.migrations] == ["reversible"] * 3
