"""Every example of every rule of ours, through the whole path: exactly the marked findings, nothing else."""

from __future__ import annotations

import pytest

from mrt_lint.lint.plugins import installed
from mrt_lint.lint.registry import build
from mrt_lint.lint.rule import Rule
from mrt_lint.testing import problems

REGISTRY = build([plugin for plugin in installed() if plugin.distribution.startswith("mrt-lint ")])


@pytest.mark.parametrize("rule", REGISTRY.rules, ids=lambda rule: rule.code)
def test_the_examples_of(rule: Rule) -> None:
    assert list(problems(rule, REGISTRY)) == []


def test_every_rule_has_examples() -> None:
    lacking = [
        rule.code for rule in REGISTRY.rules if not rule.GOOD or not (rule.BAD or rule.code == "MRT900")
    ]
    assert lacking == []
