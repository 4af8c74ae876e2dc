"""Plugins: found by entry point, imported, and asked one hook at a time, so that every error has a name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib.metadata import EntryPoint, entry_points
from typing import Any, Final

import pluggy

from mrt_lint.classes import dataclass
from mrt_lint.errors import PluginError
from mrt_lint.lint import hookspecs
from mrt_lint.lint.meanings import Later

OWN: Final = "mrt-lint"
"""The distribution whose plugins come first."""


@dataclass(frozen=True, slots=True)
class Plugin:
    """One plugin: the entry point's name, the distribution it came with, the module (or object)."""

    name: str
    module: Any
    distribution: str = ""

    def __str__(self) -> str:
        """Returns how messages name it."""
        return f"plugin {self.name!r}" + (f" ({self.distribution})" if self.distribution else "")


def installed() -> tuple[Plugin, ...]:
    """Returns every installed plugin, imported: ours first, then by distribution and name.

    Raises PluginError, in one line that names plugin and distribution, when one cannot be imported.
    """
    points = entry_points(group=hookspecs.PROJECT)
    return tuple(_imported(point) for point in sorted(points, key=_order))


def _order(point: EntryPoint) -> tuple[bool, str, str]:
    name = point.dist.name if point.dist else ""
    return (name != OWN, name.lower(), point.name)


def _imported(point: EntryPoint) -> Plugin:
    distribution = f"{point.dist.name} {point.dist.version}" if point.dist else ""
    plugin = Plugin(point.name, None, distribution)
    try:
        return Plugin(point.name, point.load(), distribution)
    except (Exception, SystemExit) as error:
        raise PluginError(f"{plugin} cannot be imported: {one_line(error)}") from error


def one_line(error: BaseException) -> str:
    """Returns the exception's class and text without line breaks."""
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


class Hooks:
    """The plugins behind pluggy. Everything that goes wrong in them is a PluginError."""

    def __init__(self, plugins: Iterable[Plugin]) -> None:
        """Registers the plugins; raises PluginError for a hook that does not exist."""
        self.manager = pluggy.PluginManager(hookspecs.PROJECT)
        self.manager.add_hookspecs(hookspecs)
        self.plugins = tuple(plugins)
        for plugin in self.plugins:
            self._register(plugin)

    def _register(self, plugin: Plugin) -> None:
        try:
            self.manager.register(plugin.module, name=f"{plugin.distribution}:{plugin.name}")
            self.manager.check_pending()
        except pluggy.PluginValidationError as error:
            raise PluginError(
                f"{plugin} breaks the plugin contract: {' '.join(str(error).split())}"
            ) from error
        except ValueError as error:
            raise PluginError(f"{plugin} is registered twice: {one_line(error)}") from error

    def implements(self, plugin: Plugin, hook: str) -> bool:
        """Returns whether the plugin has the hook."""
        callers = self.manager.get_hookcallers(plugin.module) or []
        return any(caller.name == hook for caller in callers)

    def ask(self, plugin: Plugin, hook: str, **arguments: Any) -> Any:
        """Returns what one plugin's hook returns, None when it has none; its error is a PluginError."""
        if not self.implements(plugin, hook):
            return None
        others = [other.module for other in self.plugins if other is not plugin]
        try:
            answers = self.manager.subset_hook_caller(hook, others)(**arguments)
            return answers[0] if answers else None
        except Exception as error:
            raise PluginError(f"{plugin} failed in {hook}(): {one_line(error)}") from error

    def items(self, plugin: Plugin, hook: str, **arguments: Any) -> list[Any]:
        """Returns the answer as a list; what cannot be listed is a PluginError."""
        answer = self.ask(plugin, hook, **arguments)
        if answer is None:
            return []
        try:
            return list(answer)
        except Exception as error:
            raise PluginError(f"{plugin} failed in {hook}(): {one_line(error)}") from error

    def table(self, plugin: Plugin, hook: str) -> Mapping[str, Any]:
        """Returns the answer as a mapping, a copy unless it is made later; what is none is a PluginError."""
        answer = self.ask(plugin, hook)
        if answer is not None and not isinstance(answer, Mapping):
            raise PluginError(f"{plugin} must return a mapping from {hook}(), not {type(answer).__name__}")
        if isinstance(answer, Later):
            return answer
        return {} if answer is None else dict(answer)
