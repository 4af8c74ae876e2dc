"""MRT601: a RunPython cannot be reversed in a squashed migration."""

from __future__ import annotations

from collections.abc import Iterator

from mrt_lint.plugin import Context, Finding, Migration, Rule, Severity
from mrt_rules_django.examples import migration
from mrt_rules_django.spelling import NOOP, unreversed


class SquashedRunPythonWithoutReverse(Rule):
    """A RunPython without reverse_code in a squashed migration.

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

    code = "MRT601"
    name = "squashed-runpython-without-reverse"
    group = "rollback"
    severity = Severity.ERROR
    pattern = "Squashed migration: RunPython without reverse_code"
    frameworks = ("django",)
    on = (Migration,)
    options = (NOOP,)

    BAD = [
        migration(
            "migrations.RunPython(fill),  # MRT601",
            code="def fill(apps, schema_editor):\n    print('nothing')",
            replaces='[("shop", "0002_a"), ("shop", "0003_b")]',
        ),
    ]
    GOOD = [
        migration(
            "migrations.RunPython(fill, clear),",
            code="def fill(apps, schema_editor):\n    pass\n\ndef clear(apps, schema_editor):\n    pass",
            replaces='[("shop", "0002_a"), ("shop", "0003_b")]',
        ),
    ]

    def check(self, subject: Migration, ctx: Context) -> Iterator[Finding]:
        """Yields a finding for each such operation."""
        if not subject.replaces:
            return
        yield from unreversed(self, subject, ctx.options[NOOP.name])
