"""Selection behaves as ruff's: layers, specificity, opt-in rules, the nearest name for what is unknown."""

from __future__ import annotations

import pytest

from mrt_lint.errors import ConfigError, UsageError
from mrt_lint.lint.finding import Severity
from mrt_lint.lint.select import per_file_ignores, selected, severities
from tests.lint.making import configured, registry, rule

REGISTRY = registry(
    rule("TST101", group="rollback"),
    rule("TST102", group="rollback", name="noop-downgrade", pattern="No-op downgrade", aliases=("noop",)),
    rule("TST201", group="locks"),
    rule("TST210", group="locks", opt_in=True),
    rule("TST701", group="rolling", opt_in=True),
    rule("TST702", group="rolling", opt_in=True),
    rule("TST900", group="hygiene", always=True),
)
USUAL = {"TST101", "TST102", "TST201", "TST900"}


@pytest.mark.parametrize(
    ("file", "line", "expected"),
    [
        ("", {}, USUAL),
        ('select = ["TST1"]', {}, {"TST101", "TST102", "TST900"}),
        ('select = ["rollback"]', {}, {"TST101", "TST102", "TST900"}),
        ('select = ["ROLLBACK"]', {}, {"TST101", "TST102", "TST900"}),
        ('select = ["tst101"]', {}, {"TST101", "TST900"}),
        ("select = []", {}, {"TST900"}),
        ('ignore = ["TST1"]', {}, {"TST201", "TST900"}),
        ('ignore = ["ALL"]', {}, {"TST900"}),
        ('ignore = ["TST900"]', {}, USUAL - {"TST900"}),
        ('ignore = ["hygiene"]', {}, USUAL),
        ('select = ["TST101"]\nignore = ["TST1"]', {}, {"TST101", "TST900"}),
        ('select = ["TST1"]\nignore = ["TST101"]', {}, {"TST102", "TST900"}),
        ('select = ["TST101"]\nignore = ["TST101"]', {}, {"TST900"}),
        ('select = ["rollback"]\nignore = ["TST1"]', {}, {"TST900"}),
        ('extend-select = ["TST701"]', {}, USUAL | {"TST701"}),
        ('select = ["TST2"]\nextend-select = ["TST101"]', {}, {"TST201", "TST101", "TST900"}),
        ('select = ["TST101"]', {"select": ["TST2"]}, {"TST201", "TST900"}),
        ('select = ["TST101", "TST102"]', {"ignore": ["TST102"]}, {"TST101", "TST900"}),
        ('ignore = ["TST101"]', {"select": ["TST101"]}, {"TST101", "TST900"}),
        ('ignore = ["TST101"]', {"extend-select": ["TST101"]}, USUAL),
        ('select = ["TST101"]', {"extend-select": ["TST201"]}, {"TST101", "TST201", "TST900"}),
    ],
)
def test_layers_and_specificity(file: str, line: dict, expected: set[str]) -> None:
    assert selected(configured(file, line), REGISTRY) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["ALL"], USUAL),
        (["TST210"], {"TST210", "TST900"}),
        (["locks"], {"TST201", "TST210", "TST900"}),
        (["TST2"], {"TST201", "TST900"}),
        (["rolling"], {"TST701", "TST702", "TST900"}),
        (["ALL", "rolling"], USUAL | {"TST701", "TST702"}),
    ],
)
def test_opt_in_rules_need_their_code_or_group(words: list[str], expected: set[str]) -> None:
    assert selected(configured("", {"select": words}), REGISTRY) == expected


def test_prefix_of_opt_in_rules_only_is_refused() -> None:
    with pytest.raises(UsageError, match=r"--select: 'TST7' matches opt-in .*TST701, TST702.*rolling"):
        selected(configured("", {"select": ["TST7"]}), REGISTRY)


def test_unknown_code_on_the_command_line() -> None:
    with pytest.raises(UsageError, match=r"--ignore: unknown rule or group 'TST1O1'; did you mean 'TST101'"):
        selected(configured("", {"ignore": ["TST1O1"]}), REGISTRY)


def test_unknown_group_in_the_file_names_file_and_line() -> None:
    with pytest.raises(ConfigError, match=r"mrt-lint.toml:2: 'select': .*'rolback'; did you mean 'rollback'"):
        selected(configured('strict = true\nselect = ["rolback"]'), REGISTRY)


@pytest.mark.parametrize(
    ("key", "codes"),
    [
        ("TST102", {"TST102"}),
        ("noop-downgrade", {"TST102"}),
        ("No-op Downgrade", {"TST102"}),
        ("NO OP DOWNGRADE", {"TST102"}),
        ("noop", {"TST102"}),
        ("TST1", {"TST101", "TST102"}),
        ("rollback", {"TST101", "TST102"}),
    ],
)
def test_severity_by_code_or_any_name(key: str, codes: set[str]) -> None:
    found = severities(configured(f'[severity]\n"{key}" = "error"'), REGISTRY)
    assert found == dict.fromkeys(codes, Severity.ERROR)


@pytest.mark.parametrize("order", [("TST1", "TST102"), ("TST102", "TST1")])
def test_severity_of_the_more_specific_key_wins(order: tuple[str, str]) -> None:
    values = {"TST1": "info", "TST102": "error"}
    text = "[severity]\n" + "\n".join(f'{key} = "{values[key]}"' for key in order)
    assert severities(configured(text), REGISTRY) == {"TST101": Severity.INFO, "TST102": Severity.ERROR}


def test_severity_of_an_unknown_rule() -> None:
    with pytest.raises(ConfigError, match=r"mrt-lint.toml:1: 'severity': no rule is called 'no-op downgrad'"):
        severities(configured('severity = {"no-op downgrad" = "error"}'), REGISTRY)


def test_per_file_ignores_resolve_prefixes_and_groups() -> None:
    text = '[per-file-ignores]\n"old/*" = ["TST1", "locks"]'
    (ignore,) = per_file_ignores(configured(text), REGISTRY)
    assert ignore.codes == {"TST101", "TST102", "TST201", "TST210"}


def test_per_file_ignores_with_an_unknown_code() -> None:
    with pytest.raises(ConfigError, match=r"mrt-lint.toml:1: 'per-file-ignores': unknown rule or group 'X1'"):
        per_file_ignores(configured('per-file-ignores = {"a.py" = ["X1"]}'), REGISTRY)
