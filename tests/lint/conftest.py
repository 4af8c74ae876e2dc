from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

Write = Callable[..., Path]


@pytest.fixture
def project(tmp_path: Path) -> Write:
    """Returns a function that writes a fake project: files by name, bodies dedented."""

    def write(folder: str = ".", **files: str) -> Path:
        root = (tmp_path / folder).resolve()
        root.mkdir(parents=True, exist_ok=True)
        (root / "fake.ini").write_text("")
        for name, text in files.items():
            (root / f"{name}.py").write_text(dedent(text).lstrip("\n"))
        return root

    return write
