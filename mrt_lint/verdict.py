"""The verdicts, one enum for the static and the dynamic half."""

from __future__ import annotations

from enum import Enum
from typing import Final


class Verdict(Enum):
    """What a rollback of one migration does. In order of precedence: the first that applies wins."""

    BROKEN = "broken"
    """The downgrade cannot run, or another schema remains."""
    LOSSY = "lossy"
    """Old data is not restored."""
    IRREVERSIBLE = "irreversible"
    """The downgrade refuses on purpose."""
    TIMEOUT = "timeout"
    """Dynamic only: it did not end in time."""
    UNVERIFIED = "unverified"
    """Dynamic only: something could not be seeded or compared."""
    UNKNOWN = "unknown"
    """Static only: part of the migration could not be understood."""
    FRAGILE = "fragile"
    """Old data comes back, but the downgrade fails or harms once new rows were written."""
    PLAUSIBLE = "plausible"
    """Static only: a reverse exists but cannot be proven to restore the data."""
    REVERSIBLE = "reversible"
    """Proven: schema and data come back."""

    @property
    def rank(self) -> int:
        """Returns its place in the order of precedence; lower is worse."""
        return _RANKS[self]


_RANKS: Final = {verdict: place for place, verdict in enumerate(Verdict)}
