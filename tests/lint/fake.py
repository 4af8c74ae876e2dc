"""A frontend for the tests of the engine: migrations in a few made-up calls.

    revision = "b"; parents = ["a"]
    def upgrade():
        drop("users", "phone")

`if "mysql":` is a test of the database, `if word:` a condition known only at run time.
A folder with a file `fake.ini` is a project; its `*.py` are its files.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from mrt_lint.errors import SourceError
from mrt_lint.lowered import Lowered, Migration, Problem
from mrt_lint.ops.columns import AddColumn
from mrt_lint.ops.control import Opaque, Refuse
from mrt_lint.ops.dropped_columns import DropColumn
from mrt_lint.ops.guard import ALWAYS, DialectIs, Guard, Test, Undecided, negate
from mrt_lint.ops.span import NOWHERE, Span
from mrt_lint.ops.tables import CreateTable, DropTable
from mrt_lint.project import Project
from mrt_lint.schema.names import Name
from mrt_lint.schema.objects import Column
from mrt_lint.schema.types import sql_type

INTEGER = sql_type("integer")

MEANINGS: dict[str, Any] = {
    "create": lambda table, *columns: (CreateTable, {"columns": tuple(Column(c, INTEGER) for c in columns)}),
    "drop_table": lambda table: (DropTable, {}),
    "add": lambda table, name: (AddColumn, {"column": Column(name, INTEGER)}),
    "drop": lambda table, name: (DropColumn, {"name": name}),
}


class FakeFrontend:
    name = "fake"

    def __init__(self, dialect: str | None = None, signs: tuple[str, ...] = ()) -> None:
        self.dialect = dialect
        self.signs = signs
        self.lowered: list[tuple[str, tuple[str, ...]]] = []

    def discover(self, paths: Sequence[Path]) -> list[Project]:
        found = []
        for path in paths:
            starts = [path, *path.parents] if path.is_dir() else [*path.parents]
            root = next((each for each in starts if (each / "fake.ini").exists()), None)
            below = [root] if root else [ini.parent for ini in sorted(path.rglob("fake.ini"))]
            for each in below:
                files = tuple(sorted(each.glob("*.py")))
                found.append(
                    Project("fake", each, files, dialect=self.dialect, config_file=each / "fake.ini")  # type: ignore[arg-type]
                )
        return found

    def lower(
        self, source: Any, project: Project, *, dialects: tuple[str, ...], meanings: Mapping[str, Any]
    ) -> Lowered:
        path = str(source.path)
        self.lowered.append((source.path.name, dialects))
        if "frontend_crash" in source.text:
            raise RuntimeError("fake crash")
        try:
            tree = source.ast
        except SourceError as error:
            span = Span(error.line, error.column, error.line, error.column + 1)
            return Lowered(path, source.digest, problem=Problem(error.reason, span))
        facts: dict[str, Any] = {"upgrade": None, "downgrade": None, "parents": []}
        identity = NOWHERE
        for node in tree.body:
            if isinstance(node, ast.Assign):
                name = node.targets[0].id  # type: ignore[attr-defined]
                facts[name] = ast.literal_eval(node.value)
                identity = source.span(node) if name == "revision" else identity
            elif isinstance(node, ast.FunctionDef):
                facts[node.name] = tuple(_operations(node, source))
        if "revision" not in facts:
            return Lowered(path, source.digest)
        migration = Migration(
            facts["revision"],
            path,
            "fake",
            parents=tuple(facts["parents"]),
            upgrade=facts["upgrade"],
            downgrade=facts["downgrade"],
            identity=identity,
        )
        return Lowered(path, source.digest, migration, suppressions=source.suppressions, signs=self.signs)


def _operations(function: ast.FunctionDef, source: Any) -> Any:
    for statement in function.body:
        calls: list[tuple[Guard, ast.stmt]] = [(ALWAYS, statement)]
        if isinstance(statement, ast.If):
            guard: Guard
            if isinstance(statement.test, ast.Name):
                guard = Test(Undecided(statement.test.id))
            else:
                guard = Test(DialectIs((ast.literal_eval(statement.test),)))
            calls = [(guard, each) for each in statement.body]
            calls += [(negate(guard), each) for each in statement.orelse]
        for guard, each in calls:
            if isinstance(each, ast.Expr) and isinstance(each.value, ast.Call):
                call = each.value
                name = call.func.id  # type: ignore[attr-defined]
                facts = {
                    "span": source.span(call),
                    "statement": source.span(each),
                    "direction": function.name,
                    "guard": guard,
                    "api": name,
                }
                if name == "refuse":
                    yield Refuse(exception="RuntimeError", **facts)
                    continue
                if name not in MEANINGS:
                    yield Opaque(reason=f"{name} is not known", **facts)
                    continue
                arguments = [ast.literal_eval(argument) for argument in call.args]
                operation, fields = MEANINGS[name](*arguments)
                yield operation(table=Name(arguments[0]), **fields, **facts)
