"""The answer to the question for a database: a URL, or an expression that reads the environment."""

from __future__ import annotations

import re

_EXPRESSION = re.compile(
    r"""^os\.(?:environ\[\s*(['"])(?P<item>\w+)\1\s*\]|(?:environ\.get|getenv)\(\s*(['"])(?P<got>\w+)\3.*\))$"""
)


def as_toml(answer: str) -> str:
    """Returns the answer as the configuration spells it: an expression as `${NAME}`.

    >>> as_toml('os.environ["DATABASE_URL"]'), as_toml("sqlite:///test.db")
    ('${DATABASE_URL}', 'sqlite:///test.db')
    """
    match = _EXPRESSION.match(answer.strip())
    if match is None:
        return answer.strip()
    return f"${{{match.group('item') or match.group('got')}}}"
