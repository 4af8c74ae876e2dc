"""Where an operation stands in its file."""

from __future__ import annotations

from mrt_lint.classes import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A range of source text: lines and columns count from 1, in characters; the end is exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int

    @property
    def lines(self) -> range:
        """Returns every line that the span touches."""
        return range(self.line, self.end_line + 1)


NOWHERE = Span(1, 1, 1, 1)
