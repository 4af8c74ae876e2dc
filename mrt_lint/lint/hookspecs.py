"""The plugin contract: every hook that a package may implement, and the markers to do it with.

A plugin is a module named by an entry point in the group `mrt_lint`:

    [project.entry-points.mrt_lint]
    acme = "mrt_lint_acme"

It is imported at the start of a run, so it should import what is heavy inside the hooks. Each hook
is a module-level function with the decorator `hookimpl`. All are optional. Our own rules and the
Alembic frontend come in through the same hooks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pluggy

if TYPE_CHECKING:
    import click

    from mrt_lint.evaluate.call import Meaning
    from mrt_lint.frontend import Frontend
    from mrt_lint.lint.report import Report
    from mrt_lint.lint.rule import Rule
    from mrt_lint.project import Project
    from mrt_lint.render.style import Style

PROJECT = "mrt_lint"
"""The name of the entry-point group and of pluggy's markers."""

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@hookspec
def mrt_rules() -> Iterable[type[Rule]]:  # type: ignore[empty-body]
    """Returns rule classes. Each keeps the contract that `mrt_lint.lint.rule.Rule` states."""


@hookspec
def mrt_frontends() -> Iterable[Frontend]:  # type: ignore[empty-body]
    """Returns frontends: how the migrations of a framework are found and lowered to operations."""


@hookspec
def mrt_values() -> Mapping[str, Meaning]:  # type: ignore[empty-body]
    """Returns what qualified names mean when a migration calls them: `{"alembic.op.f": meaning}`.

    A meaning takes a `mrt_lint.evaluate.call.Call`, emits operations through it and returns the
    call's value. Two plugins must not give a meaning to the same name.
    """


@hookspec
def mrt_discover(paths: Sequence[Path]) -> Iterable[Project]:  # type: ignore[empty-body]
    """Returns projects in layouts that no frontend finds by itself.

    `Project.framework` names the frontend that lowers their files.
    """


@hookspec
def mrt_renderers() -> Mapping[str, Callable[[Report, Style], str]]:  # type: ignore[empty-body]
    """Returns output formats by name: pure functions of the report that return the whole text."""


@hookspec
def mrt_commands() -> Iterable[click.Command]:  # type: ignore[empty-body]
    """Returns commands to add to `mrt-lint`. They are asked for by `--help`: import lazily."""
