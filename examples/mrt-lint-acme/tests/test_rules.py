"""Every example of every rule turns out as its markers say."""

from __future__ import annotations

import mrt_lint_acme
import pytest

from mrt_lint.testing import problems


@pytest.mark.parametrize("rule", mrt_lint_acme.mrt_rules(), ids=lambda rule: rule.code)
def test_examples(rule: type) -> None:
    assert list(problems(rule)) == []
