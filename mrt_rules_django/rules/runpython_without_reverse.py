"""MRT107: a RunPython cannot be reversed."""

from __future__ import annotations

from collections.abc import Iterator

from mrt_lint.plugin import Context, Finding, Migration, Rule, Severity
from mrt_rules_django.examples import migration
from mrt_rules_django.spelling import NOOP, unreversed


class RunPythonWithoutReverse(Rule):
    """A RunPython without reverse_code.

    ## What it does
    Finds RunPython operations without `reverse_code`. One with `RunPython.noop` is mentioned as information;
    the configuration `runpython-noop` makes that a warning, an error, or nothing.

    ## Why is this bad?
    Django refuses to migrate backwards over it (IrreversibleError), before anything is undone.

    ## Example
    ```python
    migrations.RunPython(fill)
    ```

    ## Use instead
    Say how to undo it, or that there is nothing to undo:
    ```python
    migrations.RunPython(fill, reverse_code=migrations.RunPython.noop)
    ```
    """

    code = "MRT107"
    name = "runpython-without-reverse"
    group = "rollback"
    severity = Severity.ERROR
    pattern = "RunPython without reverse_code"
    frameworks = ("django",)
    on = (Migration,)
    options = (NOOP,)

    BAD = [
        migration(
            "migrations.RunPython(fill),  # MRT107",
            code="def fill(apps, schema_editor):\n    print('nothing')",
        ),
        migration(
            """
            migrations.AddField("item", "size", models.IntegerField(null=True)),
            migrations.RunPython(fill, migrations.RunPython.noop),  # MRT107
            """,
            code="def fill(apps, schema_editor):\n    apps.get_model('shop', 'Item').objects.update(size=0)",
        ),
    ]
    GOOD = [
        migration(
            """
            migrations.AddField("item", "size", models.IntegerField(null=True)),
            migrations.RunPython(fill, migrations.RunPython.noop),
            """,
            code="def fill(apps, schema_editor):\n    apps.get_model('shop', 'Item').objects.update(size=0)",
            settings={"runpython-noop": "allow"},
        ),
        migration(
            "migrations.RunPython(fill, clear),",
            code="def fill(apps, schema_editor):\n    pass\n\ndef clear(apps, schema_editor):\n    pass",
        ),
    ]

    def check(self, subject: Migration, ctx: Context) -> Iterator[Finding]:
        """Yields a finding for each such operation."""
        if subject.replaces:
            return
        yield from unreversed(self, subject, ctx.options[NOOP.name])
