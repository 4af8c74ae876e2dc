from __future__ import annotations

import pytest

from mrt_lint.lint.globs import matches


@pytest.mark.parametrize(
    ("path", "glob", "expected"),
    [
        ("migrations/0001.py", "migrations/*.py", True),
        ("migrations/old/0001.py", "migrations/*.py", False),
        ("migrations/old/0001.py", "migrations/**/*.py", True),
        ("migrations/0001.py", "migrations/**/*.py", True),
        ("migrations/old/0001.py", "migrations/**", True),
        ("migrations/old/0001.py", "migrations/old", True),
        ("migrations/old/0001.py", "migrations/old/", True),
        ("migrations/older/0001.py", "migrations/old", False),
        ("migrations/0001.py", "0001.py", True),
        ("migrations/0001.py", "*.py", True),
        ("migrations/0001.py", "migrations", True),
        ("migrations/0001.py", "0002.py", False),
        ("a/b.py", "./a/b.py", True),
        ("a/b.py", "a\\b.py", True),
        ("a/b1.py", "a/b?.py", True),
        ("a/b1.py", "a/b[0-9].py", True),
        ("a/b1.py", "a/b[!0-9].py", False),
        ("a/b+c.py", "a/b+c.py", True),
        ("a/bXpy", "a/b.py", False),
        ("a/[.py", "a/[.py", True),
        ("a/z.py", "a/[z-a].py", False),
    ],
)
def test_matches(path: str, glob: str, expected: bool) -> None:
    assert matches(path, glob) is expected
