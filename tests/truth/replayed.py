"""What the static half makes of a case: its files lowered for one database, and replayed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from mrt_lint.history import History
from mrt_lint.lowered import Migration
from mrt_lint.replay import replay
from mrt_lint.roundtrip import RoundTrip
from mrt_lint.schema.dialects import Dialect
from mrt_lint.schema.state import State
from mrt_lint.source.source import Source
from mrt_rules_alembic.frontend import AlembicFrontend
from mrt_rules_alembic.meanings import meanings
from tests.truth.case import Case
from tests.truth.project import CASE, GIVEN, write_project


@dataclass(frozen=True)
class Replayed:
    """The round trip of the case, and the migrations as operations, by id."""

    roundtrip: RoundTrip
    migrations: dict[str, Migration]
    given: State
    upgraded: State

    @property
    def story(self) -> str:
        """Returns the verdict with its reasons, for the message of a failing test."""
        lines = [f"the replay says {self.roundtrip.verdict.value}"]
        for reason in self.roundtrip.reasons:
            lines.append(f"  {reason.harm.value}: {reason.kind} {reason.subject}: {reason.message}")
        migration = self.migrations[CASE]
        for direction, operations in (("upgrade", migration.upgrade), ("downgrade", migration.downgrade)):
            words = "; ".join(operation.describe() for operation in operations or ()) or "nothing"
            lines.append(f"  {direction}: {words}")
        return "\n".join(lines)


def replayed(case: Case, database: Dialect, folder: Path) -> Replayed:
    """Returns the case as the static half sees it; the project is written to `folder`."""
    write_project(case, folder)
    frontend = AlembicFrontend()
    (project,) = frontend.discover([folder / "alembic.ini"])
    found: dict[str, Migration] = {}
    for path in project.files:
        lowered = frontend.lower(Source.read(path), project, dialects=(database,), meanings=meanings())
        assert lowered.problem is None, lowered.problem
        assert lowered.migration is not None, path
        found[lowered.migration.id] = lowered.migration
    history = replay(History(found.values(), project), database)
    return Replayed(history.roundtrips[CASE], found, history.after[GIVEN], history.after[CASE])
