"""Miniature histories, one or more for each operation of Django.

What goes before, and the operation itself: the last migration of each is the one under test.
"""

from __future__ import annotations

from tests.django.case import ITEM, PG, Case, on_item
from tests.django.cases_postgres import POSTGRES_CASES

EVERY_FIELD = """
migrations.CreateModel(
    name="Every",
    fields=[
        ("id", models.AutoField(primary_key=True)),
        ("big", models.BigIntegerField()),
        ("binary", models.BinaryField(null=True)),
        ("flag", models.BooleanField(default=True)),
        ("char", models.CharField(max_length=30, db_index=True)),
        ("date", models.DateField()),
        ("moment", models.DateTimeField()),
        ("price", models.DecimalField(max_digits=8, decimal_places=2)),
        ("span", models.DurationField()),
        ("email", models.EmailField(max_length=254)),
        ("file", models.FileField(upload_to="x")),
        ("path", models.FilePathField()),
        ("real", models.FloatField()),
        ("number", models.IntegerField()),
        ("address", models.GenericIPAddressField()),
        ("data", models.JSONField()),
        ("pbig", models.PositiveBigIntegerField()),
        ("pint", models.PositiveIntegerField()),
        ("psmall", models.PositiveSmallIntegerField()),
        ("slug", models.SlugField()),
        ("small", models.SmallIntegerField()),
        ("text", models.TextField(db_index=True)),
        ("time", models.TimeField()),
        ("url", models.URLField()),
        ("key", models.UUIDField(unique=True)),
    ],
),
"""

CASES = (
    Case("create_model", (ITEM,)),
    Case("every_field", (EVERY_FIELD,)),
    Case(
        "meta",
        (
            """
            migrations.CreateModel(
                name="Meta",
                fields=[
                    ("id", models.SmallAutoField(primary_key=True)),
                    ("a", models.IntegerField(db_column="alpha")),
                    ("b", models.CharField(max_length=5)),
                    ("c", models.IntegerField(db_index=True)),
                ],
                options={
                    "db_table": "named",
                    "unique_together": {("a", "b")},
                    "indexes": [
                        models.Index(fields=["a", "-b"], name="m_ab"),
                        models.Index(fields=["c"], name="m_c_part", condition=Q(c__gt=0)),
                        models.Index(Upper("b"), name="m_upper"),
                    ],
                    "constraints": [
                        models.UniqueConstraint(fields=["b", "c"], name="m_u"),
                        models.UniqueConstraint(fields=["c"], name="m_up", condition=Q(a__isnull=False)),
                        models.UniqueConstraint(Lower("b"), name="m_ul"),
                    ],
                },
            ),
            """,
        ),
    ),
    Case(
        "text_key",
        (
            """
            migrations.CreateModel("K", [("code", models.CharField(max_length=9, primary_key=True))]),
            migrations.CreateModel("L", [("id", models.BigAutoField(primary_key=True)),
                ("k", models.ForeignKey("{app}.K", models.CASCADE)),
                ("o", models.OneToOneField("{app}.K", models.CASCADE, related_name="+"))]),
            """,
        ),
    ),
    Case(
        "to_field",
        (
            ITEM,
            """migrations.CreateModel("L", [("id", models.BigAutoField(primary_key=True)),
            ("s", models.ForeignKey("{app}.Shelf", models.CASCADE, to_field="code", db_column="shelf_code"))]),""",
        ),
    ),
    Case(
        "inheritance",
        (
            ITEM,
            """
            migrations.CreateModel("Box", [
                ("item_ptr", models.OneToOneField(auto_created=True, on_delete=models.CASCADE,
                    parent_link=True, primary_key=True, serialize=False, to="{app}.item")),
                ("depth", models.IntegerField())], bases=("{app}.item",)),
            migrations.CreateModel("Proxy", [], options={"proxy": True}, bases=("{app}.item",)),
            migrations.CreateModel("Foreign", [("id", models.AutoField(primary_key=True))],
                options={"managed": False}),
            """,
        ),
    ),
    Case(
        "order_with_respect_to",
        (ITEM, 'migrations.AlterOrderWithRespectTo("item", "shelf"),'),
    ),
    Case(
        "order_removed",
        (
            ITEM,
            'migrations.AlterOrderWithRespectTo("item", "shelf"),',
            'migrations.AlterOrderWithRespectTo("item", None),',
        ),
    ),
    Case(
        "many_to_many",
        (
            ITEM,
            """
            migrations.CreateModel("Tag", [("id", models.AutoField(primary_key=True)),
                ("items", models.ManyToManyField("{app}.Item")),
                ("likes", models.ManyToManyField("self"))]),
            """,
        ),
    ),
    on_item("delete_model", 'migrations.DeleteModel("Item"),'),
    on_item("add_null", 'migrations.AddField("item", "x", models.CharField(max_length=9, null=True)),'),
    on_item("add_default", 'migrations.AddField("item", "x", models.CharField(max_length=9, default="d")),'),
    on_item(
        "add_one_off",
        'migrations.AddField("item", "x", models.IntegerField(default=3), preserve_default=False),',
    ),
    on_item("add_blank", 'migrations.AddField("item", "x", models.TextField(blank=True)),'),
    on_item("add_callable", 'migrations.AddField("item", "x", models.JSONField(default=dict)),'),
    on_item("add_unique", 'migrations.AddField("item", "x", models.SlugField(null=True, unique=True)),'),
    on_item("add_positive", 'migrations.AddField("item", "x", models.PositiveSmallIntegerField(default=0)),'),
    on_item(
        "add_fk",
        'migrations.AddField("item", "x", models.ForeignKey("{app}.shelf", models.CASCADE, null=True, related_name="+")),',
    ),
    on_item(
        "add_one_to_one",
        'migrations.AddField("item", "x", models.OneToOneField("{app}.shelf", models.CASCADE, null=True, related_name="+")),',
    ),
    on_item(
        "add_fk_soft",
        'migrations.AddField("item", "x", models.ForeignKey("{app}.shelf", models.CASCADE, null=True, related_name="+", db_constraint=False, db_index=False)),',
    ),
    on_item(
        "add_m2m",
        'migrations.AddField("item", "x", models.ManyToManyField("{app}.shelf", related_name="+")),',
    ),
    on_item(
        "add_db_default", 'migrations.AddField("item", "x", models.IntegerField(db_default=7)),', since=(5, 0)
    ),
    on_item(
        "add_db_now",
        'migrations.AddField("item", "x", models.DateTimeField(db_default=Now())),',
        since=(5, 0),
        **PG,
    ),
    on_item(
        "add_generated",
        'migrations.AddField("item", "x", models.GeneratedField(expression=F("size") * 2, output_field=models.IntegerField(), db_persist=True)),',
        since=(5, 0),
        only=("postgresql",),
    ),
    on_item("remove_field", 'migrations.RemoveField("item", "size"),'),
    on_item("remove_fk", 'migrations.RemoveField("item", "shelf"),'),
    on_item("remove_default", 'migrations.RemoveField("item", "weight"),'),
    on_item("alter_longer", 'migrations.AlterField("item", "name", models.CharField(max_length=80)),'),
    on_item("alter_type", 'migrations.AlterField("item", "size", models.BigIntegerField(null=True)),'),
    on_item(
        "alter_text", 'migrations.AlterField("item", "size", models.CharField(max_length=20, null=True)),'
    ),
    on_item("alter_not_null", 'migrations.AlterField("item", "size", models.IntegerField(default=5)),'),
    on_item(
        "alter_null", 'migrations.AlterField("item", "name", models.CharField(max_length=50, null=True)),'
    ),
    on_item(
        "alter_unique", 'migrations.AlterField("item", "name", models.CharField(max_length=50, unique=True)),'
    ),
    on_item("alter_not_unique", 'migrations.AlterField("shelf", "code", models.CharField(max_length=12)),'),
    on_item(
        "alter_index",
        'migrations.AlterField("item", "name", models.CharField(max_length=50, db_index=True)),',
    ),
    on_item("alter_positive", 'migrations.AlterField("item", "weight", models.IntegerField(default=1)),'),
    on_item(
        "alter_to_positive", 'migrations.AlterField("item", "size", models.PositiveIntegerField(null=True)),'
    ),
    on_item(
        "alter_column",
        'migrations.AlterField("item", "name", models.CharField(max_length=50, db_column="title")),',
    ),
    on_item(
        "alter_nothing",
        'migrations.AlterField("item", "name", models.CharField(max_length=50, help_text="x", default="y")),',
    ),
    on_item(
        "alter_fk_soft",
        'migrations.AlterField("item", "shelf", models.ForeignKey("{app}.shelf", models.SET_NULL, null=True, db_constraint=False)),',
    ),
    on_item(
        "alter_fk_to_one",
        'migrations.AlterField("item", "shelf", models.OneToOneField("{app}.shelf", models.CASCADE, null=True)),',
    ),
    on_item("alter_fk_to_int", 'migrations.AlterField("item", "shelf", models.IntegerField(null=True)),'),
    on_item("alter_key", 'migrations.AlterField("shelf", "id", models.AutoField(primary_key=True)),'),
    on_item("rename_field", 'migrations.RenameField("item", "size", "volume"),'),
    on_item("rename_fk", 'migrations.RenameField("item", "shelf", "rack"),'),
    on_item("rename_unique", 'migrations.RenameField("shelf", "code", "label"),'),
    on_item("rename_model", 'migrations.RenameModel("Shelf", "Rack"),'),
    Case(
        "rename_with_m2m",
        (
            ITEM
            + 'migrations.AddField("item", "racks", models.ManyToManyField("{app}.shelf", related_name="+")),',
            'migrations.RenameModel("Shelf", "Rack"), migrations.RenameModel("Item", "Thing"),',
        ),
    ),
    Case(
        "rename_m2m_field",
        (
            ITEM
            + 'migrations.AddField("item", "racks", models.ManyToManyField("{app}.shelf", related_name="+")),',
            'migrations.RenameField("Item", "racks", "places"),',
        ),
    ),
    Case(
        "alter_table_m2m",
        (
            ITEM
            + 'migrations.AddField("item", "racks", models.ManyToManyField("{app}.shelf", related_name="+")),',
            'migrations.AlterModelTable("item", "goods"),',
        ),
    ),
    on_item("alter_table", 'migrations.AlterModelTable("item", "goods"),'),
    on_item("alter_comment", 'migrations.AlterModelTableComment("item", "all goods"),', only=("postgresql",)),
    on_item("unique_together", 'migrations.AlterUniqueTogether("item", {("name", "size")}),'),
    Case(
        "unique_together_changed",
        (
            ITEM + 'migrations.AlterUniqueTogether("item", {("name", "size")}),',
            'migrations.AlterUniqueTogether("item", {("name", "weight")}),',
        ),
    ),
    on_item("index_together", 'migrations.AlterIndexTogether("item", {("name", "size")}),'),
    on_item("options", 'migrations.AlterModelOptions("item", {"ordering": ["name"]}),'),
    on_item("managers", 'migrations.AlterModelManagers("item", []),'),
    on_item("add_index", 'migrations.AddIndex("item", models.Index(fields=["name", "-size"], name="i_ns")),'),
    Case(
        "remove_index",
        (
            ITEM + 'migrations.AddIndex("item", models.Index(fields=["name"], name="i_n")),',
            'migrations.RemoveIndex("item", "i_n"),',
        ),
    ),
    Case(
        "rename_index",
        (
            ITEM + 'migrations.AddIndex("item", models.Index(fields=["name"], name="r_n")),',
            'migrations.RenameIndex("item", new_name="r_m", old_name="r_n"),',
        ),
    ),
    on_item(
        "add_unique_constraint",
        'migrations.AddConstraint("item", models.UniqueConstraint(fields=["name", "size"], name="u_ns")),',
    ),
    on_item(
        "add_deferrable",
        'migrations.AddConstraint("item", models.UniqueConstraint(fields=["name"], name="u_d", deferrable=models.Deferrable.DEFERRED)),',
        **PG,
    ),
    Case(
        "remove_constraint",
        (
            ITEM + 'migrations.AddConstraint("item", models.UniqueConstraint(fields=["name"], name="u_n")),',
            'migrations.RemoveConstraint("item", "u_n"),',
        ),
    ),
    on_item(
        "separate",
        'migrations.SeparateDatabaseAndState(database_operations=[migrations.RunSQL("CREATE INDEX by_hand ON {app}_item (size)", "DROP INDEX by_hand")], state_operations=[migrations.AddIndex("item", models.Index(fields=["size"], name="by_hand"))]),',
    ),
    on_item(
        "separate_state",
        'migrations.SeparateDatabaseAndState(state_operations=[migrations.RemoveField("item", "size")]),',
    ),
    on_item(
        "run_sql",
        'migrations.RunSQL([("ALTER TABLE {app}_item ADD COLUMN note varchar(9) DEFAULT \'x\'", None), "CREATE INDEX n ON {app}_item (note)"], ["DROP INDEX n", "ALTER TABLE {app}_item DROP COLUMN note"]),',
    ),
    on_item("run_python", "migrations.RunPython(migrations.RunPython.noop, migrations.RunPython.noop),"),
    Case(
        "rename_index_unnamed",
        (
            ITEM + 'migrations.AlterIndexTogether("item", {("name", "size")}),',
            'migrations.RenameIndex("item", new_name="r_u", old_fields=("name", "size")),',
        ),
        before=(5, 1),
    ),
    Case(
        "comment_removed",
        (
            ITEM + 'migrations.AlterModelTableComment("item", "all goods"),',
            'migrations.AlterModelTableComment("item", None),',
        ),
        **PG,
    ),
    Case(
        "alter_constraint",
        (
            ITEM + 'migrations.AddConstraint("item", models.UniqueConstraint(fields=["name"], name="u_v")),',
            'migrations.AlterConstraint("item", "u_v", models.UniqueConstraint(fields=["name"], name="u_v", violation_error_message="taken")),',
        ),
        since=(5, 2),
    ),
    on_item(
        "add_check",
        'migrations.AddConstraint("item", models.CheckConstraint(check=Q(size__gt=0) | Q(size__isnull=True), name="c_s")),',
        before=(6, 0),
    ),
    on_item(
        "add_check_now",
        'migrations.AddConstraint("item", models.CheckConstraint(condition=Q(size__gt=0) | Q(size__isnull=True), name="c_s")),',
        since=(5, 1),
    ),
    Case(
        "remove_check",
        (
            ITEM
            + 'migrations.AddConstraint("item", models.CheckConstraint(condition=Q(size__gt=0), name="c_s")),',
            'migrations.RemoveConstraint("item", "c_s"),',
        ),
        since=(5, 1),
    ),
    Case(
        "key_moves",
        (
            'migrations.CreateModel("M", [("host", models.CharField(max_length=9, primary_key=True))]),',
            """migrations.AlterField("m", "host", models.CharField(max_length=9, unique=True)),
            migrations.AddField("m", "id", models.AutoField(auto_created=True, primary_key=True)),""",
        ),
    ),
    Case(
        "key_becomes_another",
        (
            """migrations.CreateModel("M", [("id", models.AutoField(primary_key=True)),
                ("host", models.CharField(max_length=9))]),""",
            """migrations.RemoveField("m", "id"),
            migrations.AlterField("m", "host", models.CharField(max_length=9, primary_key=True)),""",
        ),
    ),
    *POSTGRES_CASES,
)
