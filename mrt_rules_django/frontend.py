"""The Django frontend: finds projects, writes down what each migration says, and links them to one schema."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from mrt_lint.classes import dataclass
from mrt_lint.errors import MeaningError, SourceError
from mrt_lint.lowered import Lowered, Migration, Problem
from mrt_lint.ops.span import NOWHERE, Span
from mrt_lint.schema.replacing import replace

if TYPE_CHECKING:
    from mrt_lint.evaluate.call import Meaning
    from mrt_lint.evaluate.evaluator import Evaluator
    from mrt_lint.evaluate.values import Class, Value
    from mrt_lint.project import Project
    from mrt_lint.schema.dialects import Dialect
    from mrt_lint.source.source import Source


@dataclass(slots=True)
class Evaluation:
    """The evaluator of one file, made when it is first needed: most files only write things down."""

    source: Source
    project: Project
    meanings: Mapping[str, Meaning]
    dialects: tuple[Dialect, ...]
    _made: Evaluator | None = None

    @property
    def evaluator(self) -> Evaluator:
        """Returns the evaluator."""
        if self._made is None:
            from mrt_lint.evaluate.evaluator import Evaluator

            self._made = Evaluator(self.source, self.project, self.meanings, self.dialects)
        return self._made

    @property
    def signs(self) -> tuple[str, ...]:
        """Returns the databases that the code shows."""
        return tuple(self._made.signs) if self._made is not None else ()

    @property
    def helpers(self) -> tuple[tuple[str, str], ...]:
        """Returns (path, digest) of the project's modules that were read."""
        return tuple(self._made.helpers_read) if self._made is not None else ()


class DjangoFrontend:
    """Django's projects. Stateless: everything is in the arguments."""

    name = "django"

    def discover(self, paths: Sequence[Path]) -> Iterable[Project]:
        """Yields every project found at or around these paths."""
        from mrt_rules_django.discover import discover

        return discover(paths)

    def lower(
        self,
        source: Source,
        project: Project,
        *,
        dialects: tuple[Dialect, ...],
        meanings: Mapping[str, Meaning],
    ) -> Lowered:
        """Returns what the file says, its operations as drafts; `link` makes operations of them."""
        from mrt_rules_django.unreadable import unreadable

        evaluation = Evaluation(source, project, _with_fallback(meanings), dialects)
        base = Lowered(source.path.as_posix(), source.digest, suppressions=source.suppressions)
        try:
            node = _migration_class(source.ast)
            if node is None:
                return base
            lowered = _lower(source, project, evaluation, base, node)
        except SourceError as error:
            span = Span(error.line, error.column, error.line, error.column + 1)
            unread = unreadable(source, base, _label(source.path, project), span, error.reason)
            return replace(base, problem=Problem(error.reason, span), migration=unread)
        except MeaningError as error:
            span = Span(error.line, 1, error.line, 1)
            return replace(base, problem=Problem(str(error), span, "this is a defect of the plugin"))
        signs = set(evaluation.signs)
        if b"django.contrib.postgres" in source.data:
            signs.add("postgresql")
        if not (signs or evaluation.helpers):
            return lowered
        return replace(lowered, helpers=evaluation.helpers, signs=tuple(sorted(signs)))

    def link(
        self, lowered: tuple[Lowered, ...], project: Project, dialects: tuple[Dialect, ...]
    ) -> tuple[Lowered, ...]:
        """Returns the files with operations in the place of drafts, by the models of the whole project."""
        from mrt_rules_django.link import link

        return link(lowered, project, dialects)


_merged: list[tuple[Mapping[str, Meaning], Mapping[str, Meaning]]] = []
"""The meanings of this run and the same with the fallback; kept since they are the same for every file."""


def _with_fallback(meanings: Mapping[str, Meaning]) -> Mapping[str, Meaning]:
    from mrt_rules_django.meanings import unexplained

    if not _merged or _merged[0][0] is not meanings:
        _merged[:] = [(meanings, {**meanings, "*": unexplained})]
    return _merged[0][1]


def _migration_class(tree: ast.Module) -> ast.ClassDef | None:
    """Returns the class `Migration` of a file (the last, inside an `if` too), None if it has none."""
    found = None
    waiting: list[ast.AST] = [tree]
    while waiting:
        for statement in ast.iter_child_nodes(waiting.pop()):
            if isinstance(statement, ast.ClassDef) and statement.name == "Migration":
                found = statement
            elif isinstance(statement, ast.If | ast.Try | ast.With):
                waiting.append(statement)
    return found


def _lower(
    source: Source, project: Project, evaluation: Evaluation, base: Lowered, node: ast.ClassDef
) -> Lowered:
    from mrt_lint.evaluate.values import Class
    from mrt_rules_django.drafts import directions
    from mrt_rules_django.live_models import live_models
    from mrt_rules_django.unreadable import literal_pairs
    from mrt_rules_django.written import written

    value: Value = written(source, node, evaluation.meanings)
    if value is None:
        value = evaluation.evaluator.module().get("Migration", evaluation.evaluator)
    span = _header(source, node)
    if not isinstance(value, Class):
        problem = Problem("what the class Migration is, is known only at run time", span, "write it out")
        return replace(base, problem=problem)
    if any(_is_of(one, "south.") for one in value.bases):
        return base
    label = _label(source.path, project)
    identity = f"{label}.{source.path.stem}"
    dependencies, trouble = _dependencies(_attribute(value, "dependencies"), label, project)
    if trouble:
        dependencies = tuple(dict.fromkeys((*dependencies, *literal_pairs(node, "dependencies"))))
    same = tuple(name for name in dependencies if name.partition(".")[0] == label)
    others = tuple(name for name in dependencies if name.partition(".")[0] != label)
    atomic = _attribute(value, "atomic")
    upgrade, downgrade = directions(evaluation, value, span, trouble)
    migration = Migration(
        identity,
        base.path,
        "django",
        same,
        others,
        (),
        upgrade,
        downgrade,
        span,
        _assignment(source, node, "dependencies") or span,
        span,
        span,
        source.path.stem.partition("_")[2].replace("_", " "),
        replaces=_replaces(_attribute(value, "replaces"), node, label),
        needed_by=_pairs(_attribute(value, "run_before"), label),
        atomic=atomic is not False,
        live_models=tuple(live_models(source)),
    )
    return replace(base, migration=migration)


def _is_of(value: Value, prefix: str) -> bool:
    from mrt_lint.evaluate.values import Symbol

    return isinstance(value, Symbol) and value.path.startswith(prefix)


_labels: list[tuple[Project, dict[str, str]]] = []
"""The labels of the project that is read, by folder."""


def _label(path: Path, project: Project) -> str:
    if not _labels or _labels[0][0] is not project:
        _labels[:] = [(project, {str(place): label for place, label in project.labels})]
    folder = path.absolute().parent
    return _labels[0][1].get(str(folder), folder.parent.name)


def _attribute(cls: Class, name: str) -> Value:
    """Returns an attribute of the class or of a base in the project, None without one."""
    from mrt_lint.evaluate.values import Class

    waiting: list[Value] = [cls]
    for _ in range(20):
        if not waiting:
            break
        one = waiting.pop(0)
        if isinstance(one, Class):
            if name in one.attributes:
                return one.attributes[name]
            waiting.extend(one.bases)
    return None


def _replaces(value: Value, node: ast.ClassDef, label: str) -> tuple[str, ...]:
    """Returns what a squashed migration replaces; what is known only at run time stands as one name."""
    from mrt_rules_django.unreadable import literal_pairs

    found, trouble = _dependencies(value, label, None)
    if not trouble:
        return found
    return tuple(dict.fromkeys((*found, *literal_pairs(node, "replaces"), f"{label}.<at run time>")))


def _pairs(value: Value, label: str) -> tuple[str, ...]:
    return _dependencies(value, label, None)[0]


def _dependencies(value: Value, label: str, project: Project | None) -> tuple[tuple[str, ...], str]:
    """Returns dependencies as `app.name`, and what is not known of them, in words."""
    from mrt_rules_django.values import Made

    if value is None:
        return (), ""
    if isinstance(value, Made) and value.path == "+":
        parts = [_dependencies(part, label, project) for part in value.args]
        names = tuple(dict.fromkeys(name for part in parts for name in part[0]))
        return names, next((part[1] for part in parts if part[1]), "")
    if not isinstance(value, (list, tuple, set, frozenset)):
        return (), "the dependencies are known only at run time"
    found: list[str] = []
    trouble = ""
    for item in value:
        if isinstance(item, (list, tuple)) and len(item) == 2 and all(isinstance(x, str) for x in item):
            found.append(f"{item[0]}.{item[1]}")
        elif isinstance(item, Made) and item.path == "swappable_dependency":
            found.append(f"{_swapped_app(item, project)}.__first__")
        else:
            trouble = "a dependency is known only at run time"
    return tuple(dict.fromkeys(found)), trouble


def _swapped_app(item: object, project: Project | None) -> str:
    from mrt_rules_django.references import setting_of, swapped_model
    from mrt_rules_django.values import Made, plain

    assert isinstance(item, Made)
    value = plain(item.args[0]) if item.args else None
    name = swapped_model(setting_of(value), project) if setting_of(value) else value
    return name.partition(".")[0] if isinstance(name, str) else "__unknown__"


def _header(source: Source, node: ast.ClassDef) -> Span:
    whole = source.span(node)
    return Span(whole.line, whole.column, whole.line, whole.column + len(f"class {node.name}"))


def _assignment(source: Source, node: ast.ClassDef, name: str) -> Span | None:
    for statement in node.body:
        if isinstance(statement, ast.Assign) and any(
            isinstance(target, ast.Name) and target.id == name for target in statement.targets
        ):
            span = source.span(statement)
            return span if span != NOWHERE else None
    return None
