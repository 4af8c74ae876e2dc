"""The progress line: on a terminal only, for long runs only, and gone in the end."""

from __future__ import annotations

import io

import pytest

from mrt_lint.commands import progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stream", "after", "shown"), [(Terminal, 0.0, True), (Terminal, 60.0, False), (io.StringIO, 0.0, False)]
)
def test_progress(
    monkeypatch: pytest.MonkeyPatch, stream: type[io.StringIO], after: float, shown: bool
) -> None:
    out = stream()
    monkeypatch.setattr("sys.stderr", out)
    monkeypatch.setattr(progress, "AFTER", after)
    monkeypatch.setattr(progress, "EVERY", 0.0)
    with progress.Progress() as tell:
        tell("reading", 9, 10)
        tell("checking", 1, 2)
    text = out.getvalue()
    assert ("\rmrt-lint: reading 9/10" in text) is shown
    assert (text == "") is not shown
    assert not shown or text.endswith("\r" + " " * len("mrt-lint: checking 1/2") + "\r")
