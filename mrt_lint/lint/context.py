"""Context: what a rule may ask about the subject it is shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from typing import TYPE_CHECKING, Any, TypeVar

from mrt_lint.classes import dataclass
from mrt_lint.hazards.versions import ImpliedVersions
from mrt_lint.lint.spoken import Spoken

if TYPE_CHECKING:
    import libcst

    from mrt_lint.history import History
    from mrt_lint.lint.rule import Rule
    from mrt_lint.lowered import Lowered, Migration
    from mrt_lint.ops.base import Direction, Operation
    from mrt_lint.ops.span import Span
    from mrt_lint.project import Project
    from mrt_lint.replay import Judgement
    from mrt_lint.roundtrip import RoundTrip
    from mrt_lint.schema.dialects import Dialect
    from mrt_lint.schema.state import State
    from mrt_lint.source.cst import CstIndex
    from mrt_lint.source.source import Source


Given = TypeVar("Given")


class NotHereError(LookupError):
    """A rule asked for what this kind of subject does not have (the state before a History)."""


@dataclass(slots=True, kw_only=True)
class ProjectContext:
    """What is the same for every subject of one project.

    `dialects`: the target databases that count, in order. `database_version`: as
    configured, `(15, 3)`; None when unknown or when there is more than one target. `files`: every
    file of the project. `judgements`: by revision. `load`: a file's Source, by its path.
    """

    project: Project
    history: History
    dialects: tuple[Dialect, ...]
    database_version: tuple[int, ...] | None
    options: Mapping[str, Any]
    files: tuple[Lowered, ...]
    judgements: Mapping[str, Judgement]
    load: Callable[[str], Source]
    spoken: Spoken = field(default_factory=Spoken)
    implied: ImpliedVersions = field(default_factory=ImpliedVersions)


@dataclass(slots=True, kw_only=True)
class Context:
    """Given to `Rule.check` with its subject; valid only while `check` runs.

    `dialect`: the target database for which the subject is looked at; None for subjects that are
    the same on all of them (Migration, Lowered, History, CST nodes).
    """

    shared: ProjectContext
    rule: Rule
    dialect: Dialect | None = None
    path: str = ""
    lowered: Lowered | None = None
    operation: Operation | None = None
    state: State | None = None
    trip: RoundTrip | None = None
    of: Migration | None = None

    @property
    def project(self) -> Project:
        """Returns the project that the subject belongs to."""
        return self.shared.project

    @property
    def history(self) -> History:
        """Returns the whole history."""
        return self.shared.history

    @property
    def dialects(self) -> tuple[Dialect, ...]:
        """Returns every target database that was replayed."""
        return self.shared.dialects

    @property
    def database_version(self) -> tuple[int, ...] | None:
        """Returns the target's version as configured (`(15, 3)`), None if unknown."""
        return self.shared.database_version

    def implied_version(self, dialect: Dialect) -> tuple[int, ...] | None:
        """Returns the least version on which the migration and all before it run, None if any may do.

        A statement of theirs needs it; the target may be newer.
        """
        return self.shared.implied.of(self.history, self.migration, dialect)

    @property
    def options(self) -> Mapping[str, Any]:
        """Returns the value of every configuration key by its name."""
        return self.shared.options

    @property
    def files(self) -> tuple[Lowered, ...]:
        """Returns every file of the project after lowering, also those that could not be read."""
        return self.shared.files

    @property
    def migration(self) -> Migration:
        """Returns the migration that the subject belongs to."""
        return _given(self.of, "migration")

    @property
    def direction(self) -> Direction:
        """Returns whether the operation runs in the upgrade or in the downgrade."""
        return _given(self.operation, "direction").direction

    @property
    def before(self) -> State:
        """Returns the state right before the operation."""
        return _given(self.state, "before")

    @property
    def after(self) -> State:
        """Returns the state right after the operation."""
        return _given(self.operation, "after").apply(self.before)

    @property
    def roundtrip(self) -> RoundTrip:
        """Returns the round trip of the migration on `dialect`."""
        return _given(self.trip, "roundtrip")

    @property
    def judgement(self) -> Judgement:
        """Returns the verdict of the migration over all target databases."""
        return _given(self.shared.judgements.get(self.migration.id), "judgement")

    @property
    def source(self) -> Source:
        """Returns the file's Source (text, bytes, syntax tree), read when first asked for."""
        return self.shared.load(self.path)

    def spoken(self, subject: str, *, everything: bool = True) -> bool:
        """Returns whether another rule of the same group has a finding on this object.

        A finding on a table speaks of its parts too, one with `EVERYTHING` of all objects of the
        migration. Only a rule of a later `turn` can rely on it. It does not matter whether the
        other rule is selected: `--select MRT802` does not report what MRT201 is there to report.
        `everything` False: findings with `EVERYTHING` do not count.
        """
        return self.shared.spoken.of(self.rule, self.path, subject, self.dialect, everything)

    def spoken_at(self, operation: Operation) -> bool:
        """Returns whether another rule of the same group has a finding at the operation's own span.

        As `spoken`, for a rule that speaks of statements rather than objects.
        """
        return self.shared.spoken.at(self.rule, self.path, operation.span, self.dialect)

    def span(self, node: libcst.CSTNode) -> Span:
        """Returns where a CST node stands."""
        return self._index.span(node)

    def resolve(self, node: libcst.CSTNode) -> str:
        """Returns the qualified name that an expression means (`alembic.op.drop_column`), "" if unknown."""
        return self._index.resolve(node)

    @property
    def _index(self) -> CstIndex:
        return self.source.index


def _given(value: Given | None, name: str) -> Given:
    if value is None:
        raise NotHereError(f"ctx.{name} does not exist for this kind of subject")
    return value
