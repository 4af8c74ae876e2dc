"""Which files git says were added or changed against a commit, uncommitted and untracked ones included."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from mrt_lint.errors import UsageError

if TYPE_CHECKING:
    import subprocess

LOCAL: Final = (
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_PREFIX",
    "GIT_COMMON_DIR",
    "GIT_OBJECT_DIRECTORY",
)
"""Set while a git hook runs; they would bind us to that hook's repository and index."""


def changed_since(ref: str, folder: Path) -> frozenset[Path]:
    """Returns the real paths of files that differ from where the history of `ref` was left.

    Compared is the working tree with the merge base of `ref` and HEAD, so that what others changed on
    `ref` meanwhile does not count. Raises UsageError, with the fix, when git cannot tell.
    """
    where = folder.as_posix()
    top = _git(folder, "rev-parse", "--show-toplevel")
    if top.returncode:
        said = _said(top)
        if "not a git repository" not in said:
            raise UsageError(f"--changed: git cannot read {where}: {said}")
        raise UsageError(f"--changed: {where} is in no git repository; run in a checkout, or leave it out")
    root = Path(os.fsdecode(top.stdout).rstrip("\r\n"))
    known = _git(root, "rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}") if _plain(ref) else None
    if known is None or known.returncode:
        raise UsageError(
            f"--changed: git knows no commit {ref!r} in {root.as_posix()}; fetch it first"
            " (git fetch origin, in CI with the whole history), or check the spelling"
        )
    commit = os.fsdecode(known.stdout).strip()
    base = _git(root, "merge-base", commit, "HEAD")
    start = os.fsdecode(base.stdout).split()[0] if base.returncode == 0 and base.stdout.strip() else commit
    names = _names(
        root, "diff", "--name-only", "--no-renames", "--no-ext-diff", "--diff-filter=d", "-z", start, "--"
    )
    names += _names(root, "ls-files", "--others", "--exclude-standard", "-z")
    return frozenset(Path(os.path.realpath(root / name)) for name in names)


def _plain(ref: str) -> bool:
    return bool(ref.strip()) and not ref.startswith("-")


def _names(root: Path, *arguments: str) -> list[str]:
    done = _git(root, *arguments)
    if done.returncode:
        raise UsageError(f"--changed: git {arguments[0]} failed: {_said(done)}")
    return [os.fsdecode(name) for name in done.stdout.split(b"\0") if name]


def _git(folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    import subprocess  # only for --changed

    environment = {name: value for name, value in os.environ.items() if name not in LOCAL}
    command = ["git", "-C", str(folder), *arguments]
    try:
        return subprocess.run(
            command,
            env={**environment, "LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
    except OSError as error:
        raise UsageError(
            f"--changed: git cannot be run ({error.strerror or error}); install it, or leave --changed out"
        ) from error


def _said(done: subprocess.CompletedProcess[bytes]) -> str:
    lines = os.fsdecode(done.stderr).strip().splitlines()
    return lines[0].removeprefix("fatal: ") if lines else f"exit status {done.returncode}"
