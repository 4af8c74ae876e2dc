"""Selection: which rules apply, decided as ruff decides it.

A selector is a code, a prefix of codes, a group or `ALL`. Within one layer (the configuration file,
the command line) the most specific selector that matches a rule wins, and `ignore` wins over
`select` between equals; `check-compat` selects the group rolling-deploy. `select` replaces what
earlier layers selected; `extend-select` and `ignore` without it change what earlier layers decided.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from mrt_lint.classes import dataclass
from mrt_lint.config.settings import COMMAND_LINE, Layer, Settings
from mrt_lint.errors import ConfigError, MrtError, UsageError, nearest
from mrt_lint.lint.finding import Severity

if TYPE_CHECKING:
    from mrt_lint.lint.registry import Registry
    from mrt_lint.lint.rule import Rule

ALL = "ALL"
ROLLING_DEPLOY = "rolling-deploy"
EXACT = 1_000
_LOOKALIKES = str.maketrans("OIL", "011")


@dataclass(frozen=True, slots=True)
class Selector:
    """One selector and what it means: how specific it is, the codes it matches.

    `named`: codes that it may switch on although their rules are opt-in.
    """

    text: str
    specificity: int
    codes: frozenset[str]
    named: frozenset[str] = frozenset()


def selector(text: str, registry: Registry) -> Selector:
    """Returns what a selector means. Raises UsageError, with the nearest, when it matches no rule."""
    word = text.strip()
    code = word.upper()
    codes = {rule.code: rule for rule in registry.rules}
    if code == ALL:
        return Selector(ALL, 0, frozenset(codes))
    group = registry.groups.get(word.lower())
    if group is not None:
        named = frozenset(rule.code for rule in group)
        return Selector(word.lower(), 1, named, named)
    if code in codes:
        return Selector(code, EXACT, frozenset({code}), frozenset({code}))
    matches = frozenset(known for known in codes if code and known.startswith(code))
    if not matches:
        known = [*codes, *registry.groups, ALL]
        digits = code[:3] + code[3:].translate(_LOOKALIKES)
        near = nearest(digits, known) or nearest(code, known) or nearest(word.lower(), known)
        raise UsageError(f"unknown rule or group {text!r}{near}")
    return Selector(code, 1 + len(code), matches)


def selected(settings: Settings, registry: Registry) -> frozenset[str]:
    """Returns the codes of the rules that apply. Raises ConfigError or UsageError for an unknown selector."""
    opt_in = frozenset(rule.code for rule in registry.rules if rule.opt_in)
    chosen: frozenset[str] = frozenset()
    deciding, compatibility = _compatibility(settings, registry)
    for layer in settings.layers:
        more = compatibility if layer is deciding else ()
        chosen = _after(chosen, layer, more, opt_in, registry)
    always = frozenset(rule.code for rule in registry.rules if rule.always)
    return chosen | (always - _exactly_ignored(settings, registry))


def _compatibility(settings: Settings, registry: Registry) -> tuple[Layer, list[Selector]]:
    """Returns the layer that decides about `check-compat`, and what it selects there."""
    layer = next(each for each in reversed(settings.layers) if "check-compat" in each.values)
    wanted = layer.values["check-compat"] and ROLLING_DEPLOY in registry.groups
    return layer, [selector(ROLLING_DEPLOY, registry)] if wanted else []


def _after(
    chosen: frozenset[str],
    layer: Layer,
    more: Sequence[Selector],
    opt_in: frozenset[str],
    registry: Registry,
) -> frozenset[str]:
    wanted = [*_selectors(layer, "select", registry), *_selectors(layer, "extend-select", registry), *more]
    ignored = _selectors(layer, "ignore", registry)
    for one in wanted:
        if one.specificity and one.codes <= opt_in and not one.named:
            rules = [rule for rule in registry.rules if rule.code in one.codes]
            raise _error(layer, "select", f"{one.text!r} matches opt-in rules only; {_how_to_name(rules)}")
    decided: dict[str, bool] = {}
    for specificity in sorted({one.specificity for one in [*wanted, *ignored]}):
        for one in wanted:
            if one.specificity == specificity:
                decided.update(dict.fromkeys(one.codes - (opt_in - one.named), True))
        for one in ignored:
            if one.specificity == specificity:
                decided.update(dict.fromkeys(one.codes, False))
    on = frozenset(code for code, value in decided.items() if value)
    off = frozenset(code for code, value in decided.items() if not value)
    return on if "select" in layer.values else (chosen | on) - off


def _how_to_name(rules: Sequence[Rule]) -> str:
    codes = ", ".join(rule.code for rule in rules)
    groups = ", ".join(sorted({rule.group for rule in rules}))
    return f"they need their exact code ({codes}) or their group ({groups})"


def _selectors(layer: Layer, key: str, registry: Registry) -> list[Selector]:
    found = []
    for text in layer.values.get(key, ()):
        try:
            found.append(selector(text, registry))
        except UsageError as error:
            raise _error(layer, key, str(error)) from None
    return found


def _error(layer: Layer, key: str, message: str) -> MrtError:
    where = layer.where.get(key, COMMAND_LINE)
    if where == COMMAND_LINE:
        return UsageError(f"--{key}: {message}")
    return ConfigError(f"{where}: {key!r}: {message}")


def _exactly_ignored(settings: Settings, registry: Registry) -> frozenset[str]:
    ignored = [one for layer in settings.layers for one in _selectors(layer, "ignore", registry)]
    return frozenset(one.text for one in ignored if one.specificity == EXACT)


def severities(settings: Settings, registry: Registry) -> dict[str, Severity]:
    """Returns the severity that the configuration gives to rules, by code.

    Keys are codes, prefixes, groups or any name of a rule (`"DROP COLUMN in upgrade"`); the more
    specific wins. Raises ConfigError for one that means no rule.
    """
    found: dict[str, tuple[int, Severity]] = {}
    for word, value in settings["severity"]:
        try:
            specificity, codes = _meant(word, registry)
        except UsageError as error:
            raise ConfigError(f"{settings.where('severity')}: 'severity': {error}") from None
        for code in codes:
            if code not in found or found[code][0] <= specificity:
                found[code] = (specificity, Severity(value))
    return {code: severity for code, (_, severity) in found.items()}


def _meant(word: str, registry: Registry) -> tuple[int, frozenset[str]]:
    try:
        one = selector(word, registry)
    except UsageError:
        return EXACT, frozenset(rule.code for rule in registry.named(word))
    return one.specificity, one.codes


@dataclass(frozen=True, slots=True)
class PerFileIgnore:
    """Rules that do not apply to the files that a glob matches."""

    glob: str
    codes: frozenset[str]


def per_file_ignores(settings: Settings, registry: Registry) -> tuple[PerFileIgnore, ...]:
    """Returns the ignores for single files. Raises ConfigError for an unknown selector."""
    where = settings.where("per-file-ignores")
    return tuple(
        PerFileIgnore(glob, frozenset(_codes(words, registry, where)))
        for glob, words in settings["per-file-ignores"]
    )


def _codes(words: Iterable[str], registry: Registry, where: str) -> Iterator[str]:
    for word in words:
        try:
            yield from selector(word, registry).codes
        except UsageError as error:
            raise ConfigError(f"{where}: 'per-file-ignores': {error}") from None
