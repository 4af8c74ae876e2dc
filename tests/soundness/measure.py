"""Runs generated cases for real and counts where the static verdict and the truth agree.

    python -m tests.soundness.measure 3000 [first seed]

prints the counts and every case that was called reversible and was not. Exit status 1 when there
is one, or when a share is under its bound.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from tests.backends import sqlite_engine
from tests.soundness.generate import Generated, generate
from tests.truth import oracle
from tests.truth.replayed import Replayed, replayed

HEALTHY = ("reversible", "plausible")


@dataclass(frozen=True)
class Result:
    """One case: the truth (`Outcome.verdict`) and the static verdict."""

    seed: int
    generated: Generated
    truth: str
    said: str
    story: str

    @property
    def unsound(self) -> bool:
        """Returns whether a migration was called reversible that changes something."""
        return self.said == "reversible" and self.truth not in ("reversible", "cannot upgrade")

    @property
    def text(self) -> str:
        """Returns the case in full, for the reader."""
        case = self.generated.case
        return (
            f"seed {self.seed}: {self.generated.damage or 'intact'}; {', '.join(self.generated.moves)}; "
            f"truth {self.truth}, said {self.said}\n--- given\n"
            + "\n---\n".join([*case.earlier, case.given])
            + f"\n--- upgrade\n{case.upgrade}\n--- downgrade\n{case.downgrade}\n--- what happened\n{self.story}\n"
        )


@dataclass
class Tally:
    """The counts over many cases."""

    unsound: list[Result] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    alarms: list[Result] = field(default_factory=list)

    def add(self, result: Result) -> None:
        """Counts one case; a damage that did no damage to these rows counts as neither."""
        if result.truth == "cannot upgrade":
            self.counts["cannot upgrade"] += 1
            return
        self.counts["run"] += 1
        if result.unsound:
            self.unsound.append(result)
        damage = result.generated.damage
        healthy = result.said in HEALTHY
        if damage and result.truth != "reversible":
            self.kinds[damage] += 1
            self.counts["damaged"] += 1
            self.counts["damaged and seen"] += not healthy
            if healthy:
                self.missed[damage] += 1
        elif damage:
            self.counts["damage without effect"] += 1
        elif result.truth == "reversible" and result.generated.relaxes:
            self.counts["tightening again"] += 1
            self.counts["tightening again and fragile"] += result.said == "fragile"
            if result.said not in ("fragile", *HEALTHY):
                self.alarms.append(result)
        elif result.truth == "reversible":
            self.counts["intact"] += 1
            self.counts["intact and healthy"] += healthy
            self.counts["intact and reversible"] += result.said == "reversible"
            if not healthy:
                self.alarms.append(result)
        else:
            self.counts["meant intact, is not"] += 1

    @property
    def seen(self) -> float:
        """Returns the share of damaged downgrades that are not called healthy."""
        return self.counts["damaged and seen"] / max(1, self.counts["damaged"])

    @property
    def healthy(self) -> float:
        """Returns the share of right downgrades that are called reversible or plausible."""
        return self.counts["intact and healthy"] / max(1, self.counts["intact"])


def judge(seed: int, generated: Generated, folder: Path) -> Result:
    """Returns what really happens to a case on SQLite, and what the static half says of it."""
    engine = sqlite_engine(folder / "case.db")
    try:
        outcome = oracle.run(generated.case, "sqlite", engine, folder / "real")
    finally:
        engine.dispose()
    made: Replayed = replayed(generated.case, "sqlite", folder / "static")
    story = f"{outcome.story}\n{made.story}"
    return Result(seed, generated, outcome.verdict, made.roundtrip.verdict.value, story)


def measure(seeds: Iterable[int], each: Callable[[Result], None] = lambda result: None) -> Tally:
    """Returns the tally over the cases of these seeds."""
    tally = Tally()
    for seed in seeds:
        with tempfile.TemporaryDirectory() as folder:
            result = judge(seed, generate(Random(seed)), Path(folder))
        tally.add(result)
        each(result)
    return tally


def main() -> int:
    """Prints the table of a recorded run."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 3000
    first = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    tally = measure(range(first, first + count))
    for name, number in sorted(tally.counts.items()):
        print(f"{number:6}  {name}")
    print(f"{len(tally.kinds):6}  kinds of damage that did damage")
    print(f"{tally.healthy:6.1%}  of the intact are reversible or plausible (bound 90 %)")
    print(f"{tally.seen:6.1%}  of the damaged are neither (bound 95 %)")
    for result in [*tally.unsound, *tally.alarms[:20]]:
        print(f"\n{'UNSOUND' if result.unsound else 'FALSE ALARM'} {result.text}")
    print("missed:", dict(tally.missed))
    return int(bool(tally.unsound) or tally.healthy < 0.9 or tally.seen < 0.95)


if __name__ == "__main__":
    sys.exit(main())
