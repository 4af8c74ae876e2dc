"""Rules are loaded for a configuration only where it may speak of their options."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mrt_dynamic import static
from mrt_dynamic.verify.configuration import configuration
from mrt_lint.config.option import Option, one_of
from mrt_lint.errors import ConfigError
from mrt_lint.lint import plugins
from mrt_lint.lint.finding import Finding
from mrt_lint.lint.plugins import Plugin
from tests.dynamic.projects import table, write
from tests.lint.making import Hookable, rule

OURS = "[tool.mrt-lint]\nstrict = true\n[tool.mrt-lint.verify]\nseed-rows = 5\n"
COLOUR = Option("colour", one_of("red", "blue"), "Which one.", "red", '"red"')


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Returns a list in which is noted that the rules are loaded."""
    found: list[str] = []
    known = plugins.installed

    def installed() -> Any:
        found.append("loaded")
        return known()

    monkeypatch.setattr(plugins, "installed", installed)
    return found


def test_keys_of_our_own_need_no_rules(tmp_path: Path, asked: list[str]) -> None:
    (tmp_path / "pyproject.toml").write_text(OURS)
    settings = configuration(tmp_path)
    assert (settings["strict"], dict(settings["verify"])["seed-rows"], asked) == (True, 5, [])
    assert (settings.root, settings.where("strict")) == (tmp_path, f"{settings.file}:2")


def test_a_rule_s_own_option_is_judged_by_the_rule(tmp_path: Path, asked: list[str]) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.mrt-lint]\nrunpython-noop = 'allow'\n")
    assert configuration(tmp_path)["runpython-noop"] == "allow"
    assert asked
    (tmp_path / "pyproject.toml").write_text("[tool.mrt-lint]\nrunpython-noop = 'never'\n")
    with pytest.raises(ConfigError, match="runpython-noop"):
        configuration(tmp_path)


def test_a_key_that_nobody_knows_is_told(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.mrt-lint]\nstrikt = true\n")
    with pytest.raises(ConfigError, match="strikt"):
        configuration(tmp_path)


@pytest.mark.parametrize("content", ["", OURS])
def test_options_that_were_not_loaded_have_their_defaults(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str
) -> None:
    def check(self: Any, subject: Any, ctx: Any) -> Iterator[Finding]:
        yield self.finding(subject, f"it is {ctx.options['colour']}")

    mine = Plugin("mine", Hookable(mrt_rules=[rule("TST001", options=(COLOUR,), check=check)]), "mine 1")
    own = plugins.installed()
    monkeypatch.setattr(plugins, "installed", lambda: (*own, mine))
    (tmp_path / "pyproject.toml").write_text(content)
    ini = write(tmp_path, [table("users")])
    found = static.findings(ini, configuration(tmp_path), tmp_path)
    assert [each.message for each in found if each.code == "TST001"] == ["it is red"]
