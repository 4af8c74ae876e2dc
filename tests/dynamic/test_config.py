"""MRTConfig says what the configuration file says."""

from __future__ import annotations

from dataclasses import fields

from mrt_dynamic.config import MRTConfig
from mrt_lint.config.verify import VERIFY


def test_every_field_is_a_key_and_every_key_a_field() -> None:
    assert {each.name for each in fields(MRTConfig)} == {option.name.replace("-", "_") for option in VERIFY}


def test_only_what_is_set_counts() -> None:
    assert MRTConfig().values() == {}
    assert MRTConfig(seed_rows=5, migration_timeout=None).values() == {
        "seed-rows": 5,
        "migration-timeout": 0,
    }
