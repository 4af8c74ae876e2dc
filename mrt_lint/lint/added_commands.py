"""The commands that plugins add, apart from the registry: a command need not load any rule."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from mrt_lint.errors import PluginError
from mrt_lint.lint.plugins import Hooks, Plugin

if TYPE_CHECKING:
    import click


def commands(plugins: Iterable[Plugin]) -> dict[str, click.Command]:
    """Returns the commands that plugins add, by name."""
    hooks = Hooks(plugins)
    found: dict[str, click.Command] = {}
    for plugin in hooks.plugins:
        for command in hooks.items(plugin, "mrt_commands"):
            name = getattr(command, "name", None)
            if not name:
                raise PluginError(f"{plugin} must return click commands with a name from mrt_commands()")
            if name in found:
                raise PluginError(f"{plugin} adds the command {name!r}, which another plugin already adds")
            found[name] = command
    return found
