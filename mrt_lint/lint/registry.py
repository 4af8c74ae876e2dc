"""Registry: everything that the installed plugins bring: rules, frontends, meanings, formats."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mrt_lint.classes import dataclass
from mrt_lint.errors import PluginError, UsageError, nearest
from mrt_lint.lint.contract import breach
from mrt_lint.lint.meanings import Meanings
from mrt_lint.lint.plugins import Hooks, Plugin, one_line
from mrt_lint.lint.rule import Rule

if TYPE_CHECKING:
    from mrt_lint.config.option import Option
    from mrt_lint.evaluate.call import Meaning
    from mrt_lint.frontend import Frontend
    from mrt_lint.lint.report import Report
    from mrt_lint.project import Project
    from mrt_lint.render.style import Style


@dataclass(frozen=True, slots=True)
class Registry:
    """What the plugins bring, in an order that is the same in every run. `rules` sorted by code."""

    plugins: tuple[Plugin, ...] = ()
    rules: tuple[Rule, ...] = ()
    origins: Mapping[str, Plugin] = field(default_factory=dict)
    frontends: tuple[Frontend, ...] = ()
    meanings: Mapping[str, Meaning] = field(default_factory=dict)
    renderers: Mapping[str, Callable[[Report, Style], str]] = field(default_factory=dict)
    discoverers: tuple[Callable[[Sequence[Path]], Iterable[Project]], ...] = ()

    @property
    def by_code(self) -> dict[str, Rule]:
        """Returns every rule by its code."""
        return {rule.code: rule for rule in self.rules}

    @property
    def groups(self) -> dict[str, tuple[Rule, ...]]:
        """Returns the rules of every group, by the group's name."""
        names = sorted({rule.group for rule in self.rules})
        return {name: tuple(rule for rule in self.rules if rule.group == name) for name in names}

    @property
    def options(self) -> tuple[Option, ...]:
        """Returns the configuration keys that rules declare, each once, by name."""
        found = {option.name: option for rule in self.rules for option in rule.options}
        return tuple(found[name] for name in sorted(found))

    def frontend(self, name: str) -> Frontend:
        """Returns the frontend of a framework. Raises PluginError when there is none."""
        for frontend in self.frontends:
            if frontend.name == name:
                return frontend
        names = [frontend.name for frontend in self.frontends]
        raise PluginError(f"no frontend is called {name!r}{nearest(name, names)}")

    def named(self, word: str) -> tuple[Rule, ...]:
        """Returns the rules that a code, a name, a pattern or an alias means.

        Case, spaces, hyphens and underscores do not matter. Raises UsageError with the nearest.
        """
        if (rule := self.by_code.get(word.strip().upper())) is not None:
            return (rule,)
        wanted = plain(word)
        found = tuple(rule for rule in self.rules if wanted in map(plain, names_of(rule)))
        if not found:
            known = [rule.code for rule in self.rules]
            known += [name for rule in self.rules for name in names_of(rule)]
            near = nearest(word, known) or nearest(word.upper(), known) or nearest(word.lower(), known)
            raise UsageError(f"no rule is called {word!r}{near}")
        return found


def plain(word: str) -> str:
    """Returns a name as it is compared.

    >>> plain("DROP COLUMN in upgrade") == plain("drop-column-in_upgrade")
    True
    """
    return "".join(character for character in word.casefold() if character not in " -_\t")


def names_of(rule: Rule) -> tuple[str, ...]:
    """Returns every name under which a rule is known, besides its code."""
    return (rule.name, *((rule.pattern,) if rule.pattern else ()), *rule.aliases)


def build(plugins: Iterable[Plugin]) -> Registry:
    """Returns the registry of these plugins. Raises PluginError for whatever breaks the contract."""
    hooks = Hooks(plugins)
    rules: dict[str, Rule] = {}
    origins: dict[str, Plugin] = {}
    frontends: list[Frontend] = []
    meanings = Meanings()
    renderers: dict[str, Any] = {}
    discoverers = []
    for plugin in hooks.plugins:
        for candidate in hooks.items(plugin, "mrt_rules"):
            rule = _rule(plugin, candidate, origins)
            rules[rule.code], origins[rule.code] = rule, plugin
        frontends += hooks.items(plugin, "mrt_frontends")
        if (taken := meanings.add(hooks.table(plugin, "mrt_values"))) is not None:
            raise _twice(plugin, taken, "mrt_values")
        formats = hooks.table(plugin, "mrt_renderers")
        if (taken := next((name for name in formats if name in renderers), None)) is not None:
            raise _twice(plugin, taken, "mrt_renderers")
        renderers.update(formats)
        if hooks.implements(plugin, "mrt_discover"):
            discoverers.append(_discoverer(hooks, plugin))
    _check_options(rules, origins)
    return Registry(
        plugins=hooks.plugins,
        rules=tuple(rules[code] for code in sorted(rules)),
        origins=origins,
        frontends=tuple(frontends),
        meanings=meanings,
        renderers=renderers,
        discoverers=tuple(discoverers),
    )


def _twice(plugin: Plugin, name: str, hook: str) -> PluginError:
    return PluginError(f"{plugin} gives {name!r} in {hook}(), which another plugin already gives")


def _rule(plugin: Plugin, candidate: Any, origins: Mapping[str, Plugin]) -> Rule:
    name = getattr(candidate, "__name__", None)
    where = f"{plugin}: rule {name}: " if name else f"{plugin}: "
    if (fault := breach(candidate)) is not None:
        raise PluginError(where + fault)
    if candidate.code in origins:
        raise PluginError(f"{where}code {candidate.code!r} is taken by {origins[candidate.code]}")
    try:
        rule: Rule = candidate()
    except Exception as error:
        raise PluginError(f"{where}cannot be made: {one_line(error)}") from error
    return rule


def _check_options(rules: Mapping[str, Rule], origins: Mapping[str, Plugin]) -> None:
    seen: dict[str, Option] = {}
    for code, rule in rules.items():
        for option in rule.options:
            if seen.setdefault(option.name, option) is not option:
                raise PluginError(f"{origins[code]}: rule {code}: option {option.name!r} is declared twice")


def _discoverer(hooks: Hooks, plugin: Plugin) -> Callable[[Sequence[Path]], Iterable[Project]]:
    def discover(paths: Sequence[Path]) -> Iterable[Project]:
        return hooks.items(plugin, "mrt_discover", paths=paths)

    return discover
