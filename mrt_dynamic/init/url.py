"""The answer to the question for a database: a URL, or an expression that reads the environment."""

from __future__ import annotations

import ast
import re
from urllib.parse import urlsplit

_VARIABLE = re.compile(r"\w+")


def as_toml(answer: str) -> str:
    """Returns the answer as the configuration spells it: an expression as `${NAME}`.

    >>> as_toml('os.environ["DATABASE_URL"]'), as_toml("sqlite:///test.db")
    ('${DATABASE_URL}', 'sqlite:///test.db')
    >>> as_toml('os.environ.get("DATABASE_URL", "sqlite://")')
    '${DATABASE_URL:-sqlite://}'
    """
    answer = answer.strip()
    try:
        node = ast.parse(answer, mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return answer
    words = _asked(node)
    if not words or not _VARIABLE.fullmatch(words[0]) or any("}" in word for word in words):
        return answer
    return f"${{{':-'.join(words)}}}"


def _asked(node: ast.expr) -> list[str]:
    """Returns the variable that an expression reads and what it has instead of it, nothing for any other."""
    if isinstance(node, ast.Subscript) and ast.unparse(node.value) in ("os.environ", "environ"):
        arguments = [node.slice]
    elif isinstance(node, ast.Call) and ast.unparse(node.func) in _READING and not node.keywords:
        arguments = node.args
    else:
        return []
    known = [
        each.value for each in arguments if isinstance(each, ast.Constant) and isinstance(each.value, str)
    ]
    return known if len(known) == len(arguments) <= 2 else []


_READING = ("os.environ.get", "os.getenv", "environ.get", "getenv")
"""Functions that read a variable of the environment."""


def holds_password(url: str) -> bool:
    """Returns whether a URL shows a password that is no reference to the environment.

    >>> holds_password("postgresql://me:secret@localhost/app"), holds_password("${DATABASE_URL}")
    (True, False)
    """
    try:
        password = urlsplit(url).password
    except ValueError:
        return False
    return password is not None and password != "" and "${" not in password
