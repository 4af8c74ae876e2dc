"""The files of a folder, and how they begin."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from mrt_lint.source import listing
from mrt_lint.source.listing import beginning, files_in


def python(name: str) -> bool:
    return name.endswith(".py")


def test_files_in_the_order_of_their_paths(tmp_path: Path) -> None:
    for name in ("b.py", "a.py", "a0.py", "c.txt", "a-b.py"):
        (tmp_path / name).write_text("")
    (tmp_path / "folder.py").mkdir()
    found = list(files_in(tmp_path, python))
    assert [path.name for path in found] == ["a-b.py", "a.py", "a0.py", "b.py"]
    assert found == sorted(found)
    assert list(files_in(tmp_path / "none", python)) == []
    assert list(files_in(tmp_path / "c.txt", python)) == []


@pytest.mark.skipif(os.name == "nt", reason="making a link needs a right")
def test_links_count_as_what_they_lead_to(tmp_path: Path) -> None:
    (tmp_path / "real.py").write_text("x")
    (tmp_path / "link.py").symlink_to("real.py")
    (tmp_path / "circle.py").symlink_to("circle.py")
    (tmp_path / "nowhere.py").symlink_to("gone.py")
    assert [path.name for path in files_in(tmp_path, python)] == ["link.py", "real.py"]


def test_a_file_is_read_up_to_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "a.py"
    file.write_bytes(b"0123456789")
    assert beginning(file) == b"0123456789"
    monkeypatch.setattr(listing, "LIMIT", 4)
    assert beginning(file) == b"0123"
    assert beginning(tmp_path / "none.py") == b""
    assert beginning(tmp_path) == b""


@pytest.mark.skipif(not Path("/proc/version").exists(), reason="no file that tells no size")
def test_a_file_that_tells_no_size_is_read() -> None:
    assert beginning(Path("/proc/version"))
