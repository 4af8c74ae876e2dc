"""The progress bar of a verification: on a terminal only."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID


class Bar:
    """Shows how many revisions are done, which one is under test, and how many rows were compared."""

    def __init__(self, stream: TextIO) -> None:
        """Remembers where to draw; nothing is drawn on what is no terminal."""
        self.stream = stream
        self.bar: Progress | None = None
        self.task: TaskID | None = None

    def __call__(self, revision: str, phase: str, done: int, total: int, rows: int) -> None:
        """Updates the bar."""
        if self.bar is None or self.task is None:
            return
        self.bar.update(self.task, total=total, completed=done, revision=revision, phase=phase, rows=rows)

    def __enter__(self) -> Bar:
        """Starts drawing."""
        if self.stream.isatty():
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

            self.bar = Progress(
                BarColumn(bar_width=20),
                MofNCompleteColumn(),
                TextColumn("{task.fields[revision]} {task.fields[phase]}", markup=False),
                TextColumn("({task.fields[rows]} rows)", markup=False),
                console=Console(file=self.stream),
                transient=True,
                redirect_stdout=False,
                redirect_stderr=False,
            )
            self.task = self.bar.add_task("", total=None, revision="", phase="starting", rows=0)
            self.bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Wipes the bar."""
        if self.bar is not None:
            self.bar.stop()
