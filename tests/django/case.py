"""One miniature history, and the models that most of them build on.

The last migration of each is the one under test; `models`, `migrations` and `psql` are imported.
"""

from __future__ import annotations

from dataclasses import dataclass

ITEM = """
migrations.CreateModel(
    name="Shelf",
    fields=[
        ("id", models.BigAutoField(primary_key=True)),
        ("code", models.CharField(max_length=12, unique=True)),
    ],
),
migrations.CreateModel(
    name="Item",
    fields=[
        ("id", models.BigAutoField(primary_key=True)),
        ("name", models.CharField(max_length=50)),
        ("size", models.IntegerField(null=True)),
        ("weight", models.PositiveIntegerField(default=1)),
        ("shelf", models.ForeignKey(to="{app}.shelf", on_delete=models.CASCADE, null=True)),
        ("made", models.DateTimeField(auto_now_add=True)),
    ],
),
"""


@dataclass(frozen=True)
class Case:
    """One history. `only`: the databases that have the operation."""

    name: str
    steps: tuple[str, ...]
    only: tuple[str, ...] = ("sqlite", "postgresql")
    atomic: bool = True
    since: tuple[int, int] = (4, 2)
    before: tuple[int, int] = (99, 0)

    def source(self, number: int) -> str:
        """Returns the file of one migration."""
        parent = f'("{self.name}", "{number:04}_step")' if number else ""
        last = number == len(self.steps) - 1
        return HEADER.format(
            parent=parent, body=self.steps[number].replace("{app}", self.name), atomic=self.atomic or not last
        )


HEADER = """import django.contrib.postgres.constraints as pconstraints
import django.contrib.postgres.fields as pfields
import django.contrib.postgres.indexes as pindexes
import django.contrib.postgres.operations as psql
from django.db import migrations, models
from django.db.models import F, Q
from django.db.models.functions import Lower, Now, Upper


class Migration(migrations.Migration):
    atomic = {atomic}
    dependencies = [{parent}]
    operations = [
{body}
    ]
"""


def on_item(name: str, operation: str, **facts: object) -> Case:
    """Returns the case of one operation after two models."""
    return Case(name, (ITEM, operation), **facts)  # type: ignore[arg-type]


PG = {"only": ("postgresql",)}
