"""Examples for Django's rules: whole small migrations of one app, written in a line or two."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from textwrap import dedent, indent
from typing import Final

from mrt_lint.lint.examples import Example
from mrt_lint.schema.dialects import Dialect

PROJECT: Final = (("manage.py", ""), ("shop/__init__.py", ""), ("shop/migrations/__init__.py", ""))
"""The files around an example that make it a project."""

ITEM: Final = """
migrations.CreateModel(
    "Item",
    [
        ("id", models.BigAutoField(primary_key=True)),
        ("name", models.CharField(max_length=50)),
        ("note", models.TextField(null=True)),
    ],
),
"""
"""The model that most examples build on."""


def migration(
    operations: str,
    *,
    given: str | Sequence[str] = ITEM,
    code: str = "",
    atomic: bool = True,
    replaces: str = "",
    name: str = "",
    marks: str = "",
    database: Dialect | None = None,
    settings: Mapping[str, object] | None = None,
) -> Example:
    """Returns an example of one Django migration after the migrations `given` (their operations).

    `code`: what stands before the class. `marks`: the marker on the line of the class.
    """
    past = [given] if isinstance(given, str) else list(given)
    files: list[tuple[str, str]] = []
    for number, body in enumerate([*past, operations], 1):
        last = number == len(past) + 1
        stem = name if last and name else f"{number:04}_step"
        parent = f'("shop", "{files[-1][0].removesuffix(".py")}")' if files else ""
        lines = [
            "from django.contrib.postgres import operations as psql",
            "from django.db import migrations, models",
            "",
        ]
        if last and code:
            lines += [dedent(code).strip(), ""]
        lines.append("class Migration(migrations.Migration):" + (f"  # {marks}" if last and marks else ""))
        if last and not atomic:
            lines.append("    atomic = False")
        if last and replaces:
            lines.append(f"    replaces = {replaces}")
        lines += [f"    dependencies = [{parent}]", "    operations = ["]
        lines += [indent(dedent(body).strip(), " " * 8), "    ]"]
        files.append((f"{stem}.py", "\n".join(lines) + "\n"))
    facts = tuple((settings or {}).items())
    return Example(tuple(files), 1, database, facts, folder="shop/migrations", around=PROJECT)
