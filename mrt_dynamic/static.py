"""The static half on the project that is verified: what it foretold, and which operations there are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from mrt_dynamic.report.evidence import Evidence, Place
from mrt_dynamic.snapshot.wording import shortened
from mrt_lint.errors import MrtError
from mrt_lint.lint.migration_file import RiskWarning

if TYPE_CHECKING:
    from mrt_dynamic.results import Verified
    from mrt_lint.config.option import Option
    from mrt_lint.config.settings import Settings
    from mrt_lint.lint.files import Files
    from mrt_lint.lowered import Migration
    from mrt_lint.schema.dialects import Dialect

Predictions = Mapping[str, Sequence[RiskWarning]]
"""Findings by revision."""


def findings(
    where: Path,
    settings: Settings,
    cwd: Path,
    checks: Sequence[Callable[..., Any]] = (),
    severities: Mapping[str, str] | None = None,
) -> list[RiskWarning]:
    """Returns the findings on an alembic.ini or a folder of versions, by file and line.

    `checks`: custom checks besides those of the configuration; `severities`: others than usual, by
    pattern or code. Paths are relative to `cwd`. Raises MrtError.
    """
    from mrt_lint.lint.custom import custom_checks, with_checks
    from mrt_lint.lint.engine import check
    from mrt_lint.lint.plugins import installed
    from mrt_lint.lint.registry import build

    registry = custom_checks(build(installed()), settings)
    if checks:
        named = [(getattr(each, "__name__", "check"), each) for each in checks]
        registry = with_checks(registry, named, "MRTConfig(custom_checks=...)")
    settings, others = _with_options(settings, registry.options), severities or {}
    return [
        RiskWarning(
            each.revision or "",
            each.path,
            each.pattern or each.name,
            each.message,
            others.get(each.pattern or each.name, others.get(each.rule, each.severity.value)),
            line=each.span.line,
            code=each.rule,
        )
        for each in check([where], settings, registry, cwd=cwd).findings
    ]


def _with_options(settings: Settings, options: Iterable[Option]) -> Settings:
    """Returns the settings with the defaults of options that they do not know."""
    from mrt_lint.config.settings import DEFAULT, Layer

    known = {option.name for option in settings.options}
    missing = tuple(option for option in options if option.name not in known)
    layer = Layer(
        {option.name: option.default for option in missing},
        dict.fromkeys((option.name for option in missing), DEFAULT),
    )
    return replace(settings, layers=(layer, *settings.layers), options=(*settings.options, *missing))


def predictions(find: Callable[[], Sequence[RiskWarning]]) -> Predictions:
    """Returns the errors and warnings among findings by revision; none if the static half cannot be run."""
    found: dict[str, list[RiskWarning]] = {}
    try:
        for each in find():
            if each.severity != "info":
                found.setdefault(each.revision, []).append(each)
    except MrtError:
        return {}
    return found


def evidence(
    where: Path, settings: Settings, cwd: Path, results: Iterable[Verified], predicted: Predictions
) -> Evidence:
    """Returns what is known of the revisions that fail; nothing if the static half cannot be run.

    `where`: the alembic.ini; `cwd`: the folder to which the files of the results are relative.
    """
    failing = {(cwd / each.file).resolve(): each.revision for each in results if not each.passed}
    places: dict[str, Sequence[Place]] = {}
    lines: dict[str, Sequence[str]] = {}
    with suppress(MrtError):
        for files in _projects(where, settings, cwd) if failing else ():
            dialects = _dialects(files, settings)
            for path in files.project.files:
                if (revision := failing.get(path.resolve())) is None:
                    continue
                lines[revision] = files.lines(str(path))
                migration = files.lower_one(path, dialects).migration
                if migration is not None:
                    places[revision] = list(dict.fromkeys(_places(migration, lines[revision])))
    return Evidence(predicted, places, lines)


def _projects(where: Path, settings: Settings, cwd: Path) -> Iterator[Files]:
    from mrt_lint.lint.files import Files
    from mrt_lint.lint.plugins import installed
    from mrt_lint.lint.registry import build
    from mrt_lint.lint.scope import projects, scope

    registry = build(installed())
    for project in projects(scope([where], settings, cwd), settings, registry):
        files = Files(project, registry.frontend(project.framework), registry.meanings)
        files.read()
        yield files


def _dialects(files: Files, settings: Settings) -> tuple[Dialect, ...]:
    """Returns the databases whose SQL the project's may be."""
    from mrt_lint.lint.named_databases import mentioned
    from mrt_lint.lint.targets import candidates, configured

    known = configured(settings["database"], files.project)
    return known.dialects if known is not None else candidates(mentioned(files.sources()))


def _places(migration: Migration, lines: Sequence[str]) -> Iterator[Place]:
    """Yields the operations of a migration that do something, the upgrade first."""
    for operation in (*(migration.upgrade or ()), *(migration.downgrade or ())):
        if operation.has_effect:
            span = operation.span
            text = " ".join(line.strip() for line in lines[span.line - 1 : span.end_line])
            names = frozenset(name.lower() for name in _named(operation))
            yield Place(
                operation.direction, span.line, shortened(text, _LONGEST), operation.describe(), names
            )


_LONGEST: Final = 120
"""Characters of an operation's source that are quoted."""

_NAMING: Final = ("name", "new", "new_name", "trigger", "columns", "assignments")
"""Fields of operations, columns and constraints whose texts are names; of pairs the first text is."""

_ASIDE: Final = ("span", "statement", "guard", "transaction", "existing_type")
"""Fields that say nothing of what an operation is about."""


def _named(value: Any, field: str = "") -> Iterator[str]:
    """Yields what an operation names: tables with and without their schema, columns, constraints."""
    from mrt_lint.schema.names import Name

    if isinstance(value, Name):
        yield from (str(value), value.name)
    elif isinstance(value, str) and field in _NAMING:
        yield value
    elif isinstance(value, tuple) and value:
        for each in value:
            yield from _named(each[0] if isinstance(each, tuple) and each else each, field)
    elif is_dataclass(value):
        for each in fields(value):
            if each.name not in _ASIDE:
                yield from _named(getattr(value, each.name), each.name)
