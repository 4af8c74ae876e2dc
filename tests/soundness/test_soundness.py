"""What is called reversible is reversible: random migrations, run on SQLite with rows.

`python -m tests.soundness.measure 3000` is the long run that docs/accuracy.md records.
"""

from __future__ import annotations

import os
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.soundness.damage import DAMAGES, UPGRADE_DAMAGES
from tests.soundness.generate import generate
from tests.soundness.measure import judge, measure

SHARE = int(os.environ.get("MRT_SOUNDNESS", "120"))
"""How many seeded cases the test runs; each takes about 70 ms."""


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(st.randoms(use_true_random=False))
def test_no_damage_is_called_reversible(random: Random) -> None:
    with TemporaryDirectory() as folder:
        result = judge(0, generate(random), Path(folder))
    assert not result.unsound, result.text


def test_the_shares_of_a_seeded_run() -> None:
    tally = measure(range(SHARE))
    assert [result.text for result in tally.unsound] == []
    alarms = "\n\n".join(result.text for result in tally.alarms)
    assert tally.healthy >= 0.9, alarms
    assert tally.seen >= 0.95, tally.missed
    assert tally.counts["intact"] >= SHARE // 5
    assert tally.counts["damaged"] >= SHARE // 4


def test_there_are_many_kinds_of_damage() -> None:
    assert len({*DAMAGES, *UPGRADE_DAMAGES}) >= 30
