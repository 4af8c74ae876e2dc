"""The contract between the cycle and the engine that steps migrations."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


@dataclass(frozen=True, slots=True)
class Revision:
    """One revision in the order of application. `parents`: what it builds on, dependencies included."""

    id: str
    file: str
    parents: tuple[str, ...] = ()
    title: str = ""


class StepError(Exception):
    """A migration raised; `__cause__` is what it raised.

    `statement`: the SQL that was running, None when it was Python. `line`: the line of the
    migration file that was being executed, None when it is not known. `declared`: it refused on
    purpose (NotImplementedError and the like, raised by the migration itself).
    """

    def __init__(
        self, message: str, statement: str | None = None, line: int | None = None, declared: bool = False
    ) -> None:
        super().__init__(message)
        self.message = message
        self.statement = statement
        self.line = line
        self.declared = declared

    def of(self, revision: str, step: str) -> StepError:
        """Returns the same error with the revision and the step ("upgrade") in its message."""
        where = f" at line {self.line}" if self.line else ""
        message = f"the {step} of {revision} fails{where}: {self.message}"
        return StepError(message, self.statement, self.line, self.declared)


class Driver(ABC):
    """Steps single revisions on the scratch database, from inside one run of env.py.

    Every step is committed when it returns. After a StepError the database is in whatever state
    the failure left; the caller restores it.
    """

    @property
    @abstractmethod
    def connection(self) -> Connection:
        """Returns a synchronous connection to the scratch database, outside of a transaction."""

    @property
    def working(self) -> Connection:
        """Returns the connection that the migrations run on, else `connection` where there is no one such."""
        return self.connection

    @property
    def options(self) -> Mapping[str, Any]:
        """Returns what env.py told `context.configure`, empty where it is not known."""
        return {}

    @abstractmethod
    def upgrade(self, revision: str) -> None:
        """Runs one revision's upgrade and records it. Raises StepError."""

    @abstractmethod
    def downgrade(self, revision: str) -> None:
        """Runs one revision's downgrade and records it. Raises StepError."""

    @abstractmethod
    def heads(self) -> tuple[str, ...]:
        """Returns what the version table holds, sorted."""
