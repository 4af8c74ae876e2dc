"""Policy: what the configuration decides about rules and findings, resolved once for a run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from mrt_lint.classes import dataclass
from mrt_lint.config.settings import Settings
from mrt_lint.history import History
from mrt_lint.lint.finding import Finding, Severity
from mrt_lint.lint.globs import matches
from mrt_lint.lint.registry import Registry
from mrt_lint.lint.rule import Rule, Turn
from mrt_lint.lint.select import PerFileIgnore, per_file_ignores, selected, severities
from mrt_lint.project import Project


@dataclass(frozen=True, slots=True)
class Policy:
    """`rules`: those to run; `selected`: the codes whose findings count.

    More rules run than are selected: a rule that speaks only where no other does must know what
    the others of its group would say. `historic`: codes of rules about the history; `codes`: the
    code of every rule by its name.
    """

    rules: tuple[Rule, ...]
    selected: frozenset[str]
    known: frozenset[str]
    default: frozenset[str]
    severities: dict[str, Severity]
    ignores: tuple[PerFileIgnore, ...]
    historic: frozenset[str]
    codes: Mapping[str, str]

    def code(self, finding: Finding) -> str:
        """Returns the code of the rule that decides about a finding.

        A custom check may give a finding a code of its own; the check is then known by its name.
        """
        return finding.rule if finding.rule in self.known else self.codes.get(finding.name, finding.rule)

    def applying(self, path: str) -> frozenset[str]:
        """Returns the codes whose findings count in a file (relative to the configuration's folder)."""
        ignored: set[str] = set()
        for each in self.ignores:
            if matches(path, each.glob):
                ignored |= each.codes
        return self.selected - ignored

    def graded(self, findings: Iterable[Finding]) -> list[Finding]:
        """Returns the findings with the severities of the configuration."""
        return [
            replace(finding, severity=self.severities[self.code(finding)])
            if self.code(finding) in self.severities
            else finding
            for finding in findings
        ]


def policy(settings: Settings, registry: Registry) -> Policy:
    """Returns the policy of a run. Raises ConfigError or UsageError for what names no rule."""
    codes = selected(settings, registry)
    listening = {rule.group for rule in registry.rules if rule.code in codes and rule.turn}
    return Policy(
        rules=tuple(rule for rule in registry.rules if rule.code in codes or _speaks(rule, listening)),
        selected=codes,
        known=frozenset(rule.code for rule in registry.rules),
        default=frozenset(rule.code for rule in registry.rules if not rule.opt_in),
        severities=severities(settings, registry),
        ignores=per_file_ignores(settings, registry),
        historic=frozenset(rule.code for rule in registry.rules if _is_historic(rule)),
        codes={rule.name: rule.code for rule in registry.rules},
    )


def _is_historic(rule: Rule) -> bool:
    return rule.group == "history" or all(wanted in (History, Project) for wanted in rule.on)


def _speaks(rule: Rule, listening: set[str]) -> bool:
    return (
        rule.group in listening
        and not rule.opt_in
        and rule.turn is not Turn.LAST
        and not any(isinstance(wanted, str) for wanted in rule.on)
    )
