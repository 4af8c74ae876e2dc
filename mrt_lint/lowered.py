"""What a frontend makes of one file: plain immutable data, fit to be cached."""

from __future__ import annotations

from typing import Final

from mrt_lint.classes import dataclass
from mrt_lint.ops.base import Operation
from mrt_lint.ops.span import NOWHERE, Span
from mrt_lint.schema.names import Name


@dataclass(frozen=True, slots=True)
class Migration:
    """One migration of any framework.

    `id`: the revision. `parents`: what it builds on; `depends_on`: what must run before it without
    being its parent, `depends_on_more`: on what else is known only at run time. `upgrade` / `downgrade`:
    the operations in order; None when the function is missing. `identity`: the span of `revision = ...`
    where findings about the whole migration sit.
    `merge`: more than one parent. `spans` of the functions' bodies are NOWHERE when missing.
    `replaces`: the ids that it stands for (a squashed migration). `needed_by`: ids that must run after it.
    `atomic` False: the runner opens no transaction around it. `presupposes`: tables made by migrations
    outside of the project. `live_models`: models of the application that its code uses as they are today,
    where the frontend tells (the span of the use, that of its statement, the model's name).
    """

    id: str
    path: str
    framework: str
    parents: tuple[str, ...] = ()
    depends_on: tuple[str, ...] = ()
    branch_labels: tuple[str, ...] = ()
    upgrade: tuple[Operation, ...] | None = ()
    downgrade: tuple[Operation, ...] | None = ()
    identity: Span = NOWHERE
    parents_span: Span = NOWHERE
    upgrade_span: Span = NOWHERE
    downgrade_span: Span = NOWHERE
    title: str = ""
    replaces: tuple[str, ...] = ()
    needed_by: tuple[str, ...] = ()
    atomic: bool = True
    presupposes: tuple[Name, ...] = ()
    live_models: tuple[tuple[Span, Span, str], ...] = ()
    depends_on_more: bool = False

    @property
    def merge(self) -> bool:
        """Returns whether it joins branches."""
        return len(self.parents) > 1


@dataclass(frozen=True, slots=True)
class Suppression:
    """One `noqa` or `mrt: ignore` comment. `codes` empty: every code. `file`: the whole file.

    `malformed` holds what could not be read as a code; such a comment suppresses nothing.
    `ours`: written as `mrt: ...`, so that it serves no other tool.
    """

    line: int
    column: int
    end_column: int
    codes: tuple[str, ...] = ()
    reason: str = ""
    file: bool = False
    malformed: str = ""
    ours: bool = False


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a file gave no migration (MRT902)."""

    message: str
    span: Span = NOWHERE
    help: str = ""


ELSEWHERE: Final = "elsewhere"
"""The sign that a file runs on other databases than the one it shows, too."""


@dataclass(frozen=True, slots=True)
class Lowered:
    """One file after lowering. `migration` None with no `problem`: the file is no migration.

    `digest`: SHA-256 of the bytes. `helpers`: (path, digest) of project modules read for it.
    `signs`: databases that its code shows (`postgresql_*` arguments, dialect imports), and `ELSEWHERE`.
    """

    path: str
    digest: str
    migration: Migration | None = None
    problem: Problem | None = None
    suppressions: tuple[Suppression, ...] = ()
    helpers: tuple[tuple[str, str], ...] = ()
    signs: tuple[str, ...] = ()
