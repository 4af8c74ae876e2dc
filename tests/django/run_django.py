"""Runs the histories of a project with real Django and prints what SQL every migration ran, both ways."""

from __future__ import annotations

import json
import sys
from typing import Any


def main(folder: str, labels: list[str], database: dict[str, Any]) -> dict[str, Any]:
    """Returns, per app, the statements of each migration forwards, and of the last one backwards."""
    import django
    from django.conf import settings

    sys.path.insert(0, folder)
    settings.configure(
        INSTALLED_APPS=labels,
        DATABASES={"default": database},
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        USE_TZ=True,
        SILENCED_SYSTEM_CHECKS=["*"],
    )
    django.setup()
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    ran: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        words = sql.split()
        if words and words[0].upper() not in ("SELECT", "PRAGMA") and "django_migrations" not in sql:
            ran.append(sql if not params else sql % tuple(_literal(value) for value in params))
        return execute(sql, params, many, context)

    found: dict[str, Any] = {"version": list(django.VERSION[:2])}
    with connection.execute_wrapper(note):
        for label in labels:
            executor = MigrationExecutor(connection)
            names = sorted(name for app, name in executor.loader.graph.nodes if app == label)
            forwards, error = [], ""
            for name in names:
                ran.clear()
                try:
                    executor.migrate([(label, name)])
                except Exception as trouble:  # noqa: BLE001 - the test tells what it was
                    error = f"{name}: {trouble}"
                    break
                executor.loader.applied_migrations = executor.recorder.applied_migrations()
                forwards.append(list(ran))
            ran.clear()
            if not error:
                try:
                    executor.migrate([(label, names[-2] if len(names) > 1 else None)])
                except Exception as trouble:  # noqa: BLE001 - the test tells what it was
                    error = f"backwards: {trouble}"
            found[label] = {"forwards": forwards, "backwards": list(ran), "error": error}
    return found


def _literal(value: Any) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, (int, float)):
        return str(value)
    if hasattr(value, "obj"):
        value = json.dumps(value.obj)
    return "'" + str(value).replace("'", "''") + "'"


if __name__ == "__main__":
    given = json.loads(sys.stdin.read())
    print(json.dumps(main(given["folder"], given["labels"], given["database"])))
