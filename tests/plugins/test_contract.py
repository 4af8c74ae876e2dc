"""What a rule class must keep, and the one line that says so when it does not."""

from __future__ import annotations

from typing import Any

import pytest

from mrt_lint.config.option import Option, boolean
from mrt_lint.errors import PluginError, UsageError
from mrt_lint.lint.added_commands import commands
from mrt_lint.lint.contract import breach, headings
from mrt_lint.lint.hookspecs import hookimpl
from mrt_lint.lint.plugins import Plugin
from mrt_lint.lint.registry import build
from mrt_lint.lint.rule import Rule
from tests.lint.making import DOC, Hookable, plugin, rule


def test_a_rule_that_keeps_the_contract() -> None:
    assert breach(rule()) is None


@pytest.mark.parametrize(
    ("attributes", "said"),
    [
        ({"code": "abc1"}, "code 'abc1' must be capital letters followed by digits"),
        ({"code": "ABC"}, "code 'ABC' must be"),
        ({"code": "123"}, "code '123' must be"),
        ({"code": 5}, "code 5 must be"),
        ({"name": "DropColumn"}, "name 'DropColumn' must be in kebab-case"),
        ({"name": "drop_column"}, "name 'drop_column' must be in kebab-case"),
        ({"group": "My Group"}, "group 'My Group' must be in kebab-case"),
        ({"group": "all"}, "group 'all' is taken"),
        ({"severity": "error"}, "severity 'error' must be a mrt_lint.plugin.Severity"),
        ({"pattern": None}, "pattern None must be a string"),
        ({"aliases": "one"}, "aliases must be a tuple of strings"),
        ({"on": ()}, "on () must be a tuple of subject classes"),
        ({"on": "Call"}, "on 'Call' must be a tuple"),
        ({"on": (1,)}, "on (1,) must be a tuple"),
        ({"options": ("strict",)}, "options must be a tuple of mrt_lint.plugin.Option"),
        ({"BAD": ["op.drop()"]}, "BAD must be a list of examples"),
        ({"GOOD": "op.drop()"}, "GOOD must be a list of examples"),
        ({"check": Rule.check}, "check() is not implemented"),
        ({"__doc__": None}, "the docstring is missing"),
        ({"__doc__": "# Title"}, "the docstring must begin with one line"),
        ({"__doc__": DOC.replace("## Example", "Example")}, "the docstring lacks the heading '## Example'"),
        (
            {
                "__doc__": DOC.replace("What it does", "X")
                .replace("Use instead", "What it does")
                .replace("X", "Use instead")
            },
            "must stand in the order What it does, Why is this bad?, Example, Use instead",
        ),
    ],
)
def test_every_breach_has_its_words(attributes: dict[str, Any], said: str) -> None:
    found = breach(type("Broken", (rule(),), {"__doc__": DOC, **attributes}))
    assert found is not None
    assert said in found


@pytest.mark.parametrize("missing", ["code", "name", "group", "severity", "on"])
def test_attributes_that_must_be_there(missing: str) -> None:
    whole = vars(rule())
    broken = type("Broken", (Rule,), {key: value for key, value in whole.items() if key != missing})
    assert breach(broken) == f"the attribute {missing!r} is missing"


@pytest.mark.parametrize("candidate", [3, "MRT201", int, rule()()])
def test_what_is_no_rule_class(candidate: Any) -> None:
    assert "is not a subclass of mrt_lint.plugin.Rule" in str(breach(candidate))


def test_headings_inside_code_do_not_count() -> None:
    assert headings("S.\n\n## A\n```\n## B\n```\n## C") == ["A", "C"]


def test_the_error_names_plugin_distribution_and_rule() -> None:
    with pytest.raises(PluginError) as caught:
        build([plugin("acme", "mrt-lint-acme 1.0", mrt_rules=[rule("bad1")])])
    assert str(caught.value) == (
        "plugin 'acme' (mrt-lint-acme 1.0): rule Rulebad1: "
        "code 'bad1' must be capital letters followed by digits, such as 'ACME001'"
    )


def test_a_code_taken_by_another_plugin() -> None:
    with pytest.raises(PluginError, match=r"plugin 'two'.*code 'TST001' is taken by plugin 'one' \(one 1\)"):
        build([plugin("one", "one 1", mrt_rules=[rule()]), plugin("two", "two 1", mrt_rules=[rule()])])


def test_a_rule_that_cannot_be_made() -> None:
    def init(self: Rule) -> None:
        raise ValueError("no")

    with pytest.raises(PluginError, match="rule RuleTST001: cannot be made: ValueError: no"):
        build([plugin(mrt_rules=[rule(__init__=init)])])


def _raises() -> None:
    raise KeyError("broken\nhook")


@pytest.mark.parametrize("hook", ["mrt_rules", "mrt_frontends", "mrt_values", "mrt_renderers"])
def test_a_hook_that_raises(hook: str) -> None:
    with pytest.raises(PluginError) as caught:
        build([plugin(**{hook: _raises})])
    assert f"plugin 'test' (test 1.0) failed in {hook}(): KeyError" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_hook_that_raises_while_its_answer_is_read() -> None:
    def lazily() -> Any:
        yield rule()
        raise RuntimeError("late")

    with pytest.raises(PluginError, match="failed in mrt_rules\\(\\): RuntimeError: late"):
        build([plugin(mrt_rules=lazily)])


def test_answers_of_another_type() -> None:
    with pytest.raises(PluginError, match="failed in mrt_rules"):
        build([plugin(mrt_rules=lambda: 5)])
    with pytest.raises(PluginError, match="must return a mapping from mrt_values"):
        build([plugin(mrt_values=["alembic.op.f"])])


def test_two_plugins_give_the_same_meaning() -> None:
    one = plugin("one", "one 1", mrt_values={"alembic.op.f": print})
    two = plugin("two", "two 1", mrt_values={"alembic.op.f": print})
    with pytest.raises(PluginError, match=r"plugin 'two' .* gives 'alembic.op.f' in mrt_values"):
        build([one, two])


def test_a_hook_that_does_not_exist() -> None:
    with pytest.raises(PluginError, match=r"plugin 'test' .* breaks the plugin contract: .*mrt_rulez"):
        build([plugin(mrt_rulez=[])])


def test_a_plugin_without_hooks_is_fine() -> None:
    assert build([Plugin("empty", object())]).rules == ()


def test_rules_are_sorted_whatever_the_order_of_plugins() -> None:
    one, two = plugin("one", mrt_rules=[rule("B1"), rule("A2")]), plugin("two", "x", mrt_rules=[rule("A1")])
    assert [each.code for each in build([one, two]).rules] == ["A1", "A2", "B1"]
    assert [each.code for each in build([two, one]).rules] == ["A1", "A2", "B1"]


def test_shared_options_are_one_object() -> None:
    shared = Option("x", boolean, "X.", False)
    found = build([plugin(mrt_rules=[rule("A1", options=(shared,)), rule("A2", options=(shared,))])])
    assert found.options == (shared,)
    other = Option("x", boolean, "Another x.", True)
    with pytest.raises(PluginError, match="rule A2: option 'x' is declared twice"):
        build([plugin(mrt_rules=[rule("A1", options=(shared,)), rule("A2", options=(other,))])])


def test_rules_are_found_by_any_of_their_names() -> None:
    found = build(
        [plugin(mrt_rules=[rule("A1", name="drop-it", pattern="DROP it", aliases=("old name",)), rule("A2")])]
    )
    for word in ("A1", "a1", "drop-it", "Drop It", "DROPIT", "old-name", " old name "):
        assert [each.code for each in found.named(word)] == ["A1"]
    with pytest.raises(UsageError, match="no rule is called 'drop-itt'; did you mean 'drop-it'"):
        found.named("drop-itt")
    with pytest.raises(UsageError, match="no rule is called 'xyz'"):
        found.named("xyz")


def test_pluggy_options_of_a_hook_are_kept() -> None:
    class Late:
        @hookimpl(trylast=True)
        def mrt_rules(self) -> list[type[Rule]]:
            return [rule()]

    assert len(build([Plugin("late", Late())]).rules) == 1


def test_commands_need_names_and_must_not_clash() -> None:
    import click

    hello = click.Command("hello")
    assert commands([plugin(mrt_commands=[hello])]) == {"hello": hello}
    with pytest.raises(PluginError, match=r"plugin 'two' .* adds the command 'hello', which another"):
        commands([plugin("one", mrt_commands=[hello]), plugin("two", "x", mrt_commands=[hello])])
    with pytest.raises(PluginError, match="with a name"):
        commands([plugin(mrt_commands=[print])])


def test_hookable_helper_is_seen_by_pluggy() -> None:
    assert build([Plugin("x", Hookable(mrt_rules=[rule()]), "x 1")]).origins["TST001"].distribution == "x 1"
