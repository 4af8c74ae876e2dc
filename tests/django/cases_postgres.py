"""Miniature histories for the operations of django.contrib.postgres; see `cases`."""

from __future__ import annotations

from tests.django.case import ITEM, PG, Case, on_item

_EXTENSIONS = (
    "BloomExtension",
    "BtreeGinExtension",
    "BtreeGistExtension",
    "CITextExtension",
    "CryptoExtension",
    "HStoreExtension",
    "TrigramExtension",
    "UnaccentExtension",
)


POSTGRES_CASES = (
    on_item(
        "index_concurrently",
        'psql.AddIndexConcurrently("item", models.Index(fields=["size"], name="i_c")),',
        atomic=False,
        **PG,
    ),
    Case(
        "remove_index_concurrently",
        (
            ITEM + 'migrations.AddIndex("item", models.Index(fields=["size"], name="i_c")),',
            'psql.RemoveIndexConcurrently("item", "i_c"),',
        ),
        atomic=False,
        **PG,
    ),
    on_item(
        "add_constraint_not_valid",
        'psql.AddConstraintNotValid("item", models.CheckConstraint(check=Q(size__gte=0), name="c_s")),',
        before=(6, 0),
        **PG,
    ),
    on_item(
        "add_constraint_not_valid_now",
        'psql.AddConstraintNotValid("item", models.CheckConstraint(condition=Q(size__gte=0), name="c_s")),',
        since=(5, 1),
        **PG,
    ),
    Case(
        "validate_constraint",
        (
            ITEM,
            'psql.AddConstraintNotValid("item", models.CheckConstraint(check=Q(size__gte=0), name="c_s")),',
            'psql.ValidateConstraint("item", "c_s"),',
        ),
        before=(6, 0),
        **PG,
    ),
    Case(
        "validate_constraint_now",
        (
            ITEM,
            'psql.AddConstraintNotValid("item", models.CheckConstraint(condition=Q(size__gte=0), name="c_s")),',
            'psql.ValidateConstraint("item", "c_s"),',
        ),
        since=(5, 1),
        **PG,
    ),
    on_item(
        "exclusion",
        'psql.BtreeGistExtension(), migrations.AddConstraint("item", pconstraints.ExclusionConstraint(name="x_n", expressions=[("name", "=")])),',
        **PG,
    ),
    on_item(
        "add_gin",
        'migrations.AddField("item", "words", pfields.ArrayField(models.CharField(max_length=9), default=list)), migrations.AddIndex("item", pindexes.GinIndex(fields=["words"], name="g")),',
        **PG,
    ),
    *(
        on_item(
            f"index_{kind.lower()}",
            f'migrations.AddIndex("item", pindexes.{kind}(fields=["{field}"], name="k")),',
            **PG,
        )
        for kind, field in (
            ("BTreeIndex", "name"),
            ("BrinIndex", "size"),
            ("HashIndex", "name"),
        )
    ),
    on_item(
        "opclass",
        'migrations.AddIndex("item", models.Index(fields=["name"], name="o", opclasses=["varchar_pattern_ops"])),',
        **PG,
    ),
    on_item(
        "covering",
        'migrations.AddIndex("item", models.Index(fields=["name"], name="o", include=["size"])),',
        **PG,
    ),
    *(on_item(f"extension_{kind.lower()}", f"psql.{kind}(),", **PG) for kind in _EXTENSIONS),
    on_item("create_extension", 'psql.CreateExtension("fuzzystrmatch"),', **PG),
    on_item("collation", 'psql.CreateCollation("j1_german", "de-x-icu", provider="icu"),', **PG),
    Case(
        "remove_collation",
        (
            'psql.CreateCollation("j1_french", "fr-x-icu", provider="icu"),',
            'psql.RemoveCollation("j1_french", "fr-x-icu", provider="icu"),',
        ),
        **PG,
    ),
)
