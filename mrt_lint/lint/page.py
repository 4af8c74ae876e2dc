"""The documentation page of a rule, in Markdown, from the rule alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mrt_lint.lint.contract import documentation
from mrt_lint.lint.examples import Example
from mrt_lint.lint.rule import Rule


def page(rule: Rule, distribution: str = "") -> str:
    """Returns the page: the facts, the docstring, the examples."""
    return "\n".join(_lines(rule, distribution)).rstrip() + "\n"


def _lines(rule: Rule, distribution: str) -> Iterator[str]:
    yield f"# {rule.name} ({rule.code})"
    yield ""
    facts = [f"Severity: {rule.severity.value}", f"group: `{rule.group}`"]
    if rule.opt_in:
        facts.append("opt-in (select it by its code or its group)")
    if rule.pattern:
        facts.append(f'also known as "{rule.pattern}"')
    if distribution:
        facts.append(f"from {distribution}")
    yield "; ".join(facts) + "."
    yield ""
    yield documentation(rule)
    yield ""
    if rule.options:
        yield "## Options"
        yield ""
        for option in rule.options:
            yield f"- `{option.name}`: {option.doc}"
        yield ""
    yield from _examples("Reported", rule.BAD)
    yield from _examples("Not reported", rule.GOOD)


def _examples(title: str, examples: Sequence[Example]) -> Iterator[str]:
    for number, example in enumerate(examples, 1):
        yield f"## {title}" if len(examples) == 1 else f"## {title} ({number} of {len(examples)})"
        yield ""
        if example.database:
            yield f'With `database = "{example.database}"`:'
            yield ""
        yield "```python"
        yield example.text.rstrip()
        yield "```"
        yield ""
