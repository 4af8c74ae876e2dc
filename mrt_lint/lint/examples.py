"""Examples: whole small migrations, written in a line or two, with the findings expected of them.

A rule's `BAD` and `GOOD` are made with `migration`; the tests run them, `mrt-lint rule` and the
documentation show them. A comment at the end of a line names the findings that begin there:

    BAD = [migration(upgrade='op.drop_column("users", "phone")  # MRT201', given=USERS)]

(in SQL text: `-- MRT201`). A line without such a comment must have no finding at all.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from textwrap import dedent, indent
from typing import Final, Literal

from mrt_lint.classes import dataclass
from mrt_lint.schema.dialects import Dialect

MARKER: Final = re.compile(r"(?:#|--)\s*([A-Z]+[0-9]+(?:[,\s]+[A-Z]+[0-9]+)*)\s*$")

Place = Literal["revision", "down_revision", "upgrade", "downgrade"]

ALEMBIC: Final = (("alembic.ini", "[alembic]\nscript_location = %(here)s/migrations\n"),)
"""The files around an example that make it a project."""


@dataclass(frozen=True, slots=True)
class Step:
    """One migration of an example: the bodies of its functions; None: the function is missing.

    `revision` and `parents` default to a chain in the order given. `parents` is Python source
    (`'("0001", "0002")'`). `marks` puts a marker on a line outside the bodies:
    `{"revision": "MRT101"}`. `raw`: the whole file instead of all that.
    """

    upgrade: str | None = "pass"
    downgrade: str | None = "pass"
    imports: str = ""
    revision: str = ""
    parents: str = ""
    marks: tuple[tuple[str, str], ...] = ()
    name: str = ""
    raw: str = ""


@dataclass(frozen=True, slots=True)
class Example:
    """A history in which the last `shown` files are the example and the earlier ones its past.

    `files`: file name and text, in order, in `folder` of a project that also holds the files `around`.
    `database`, `settings`: the configuration it runs under.
    """

    files: tuple[tuple[str, str], ...]
    shown: int = 1
    database: Dialect | None = None
    settings: tuple[tuple[str, object], ...] = ()
    folder: str = "migrations/versions"
    around: tuple[tuple[str, str], ...] = ALEMBIC

    @property
    def text(self) -> str:
        """Returns what the documentation shows: the example's own files, one after the other."""
        return "\n\n".join(text.strip() for _, text in self.files[-self.shown :]) + "\n"

    def expected(self) -> list[tuple[str, int, str]]:
        """Returns the (file, line, code) of every marker in the example's own files, sorted."""
        return sorted(
            (name, number, code)
            for name, text in self.files[-self.shown :]
            for number, line in enumerate(text.splitlines(), 1)
            if (marker := MARKER.search(line))
            for code in re.split(r"[,\s]+", marker[1])
        )


def migration(
    upgrade: str | None = "pass",
    downgrade: str | None = "pass",
    *,
    given: str | Step | Sequence[str | Step | tuple[str, str]] = (),
    imports: str = "",
    database: Dialect | None = None,
    marks: Mapping[Place, str] | None = None,
    settings: Mapping[str, object] | None = None,
) -> Example:
    """Returns an example of one Alembic migration after the migrations `given`.

    A body is plain statements, dedented; `None` leaves the function out. Each item of `given` is an
    earlier migration: a snippet (its upgrade), a pair (upgrade, downgrade) or a `Step`. `alembic.op`
    and `sqlalchemy as sa` are imported; `imports` adds lines. `marks`: see `Step`.
    """
    past = [given] if isinstance(given, str | Step) else given
    steps = [
        item if isinstance(item, Step) else Step(item) if isinstance(item, str) else Step(*item)
        for item in past
    ]
    own = Step(upgrade, downgrade, imports, marks=tuple((marks or {}).items()))
    return history(*steps, own, shown=1, database=database, settings=settings)


def history(
    *steps: Step,
    shown: int | None = None,
    database: Dialect | None = None,
    settings: Mapping[str, object] | None = None,
) -> Example:
    """Returns an example of several migrations, of which the last `shown` (default: all) are the example."""
    files = []
    parent = ""
    for number, step in enumerate(steps, 1):
        revision = step.revision or f"{number:04}"
        files.append((f"{step.name or revision}.py", _file(step, revision, step.parents or parent or "None")))
        parent = f'"{revision}"'
    count = len(steps) if shown is None else shown
    return Example(tuple(files), count, database, tuple((settings or {}).items()))


def raw(name: str, text: str) -> Step:
    """Returns a step whose file holds exactly this text, dedented."""
    return Step(name=name.removesuffix(".py"), raw=dedent(text).lstrip("\n"))


def _file(step: Step, revision: str, parents: str) -> str:
    if step.raw:
        return step.raw
    marks = dict(step.marks)

    def marked(place: Place, line: str) -> str:
        return f"{line}  # {marks[place]}" if place in marks else line

    imports = dedent(step.imports).strip().splitlines()
    lines = ["from alembic import op", "import sqlalchemy as sa", *imports, ""]
    lines.append(marked("revision", f'revision = "{revision}"'))
    lines.append(marked("down_revision", f"down_revision = {parents}"))
    bodies: tuple[tuple[Place, str | None], ...] = (("upgrade", step.upgrade), ("downgrade", step.downgrade))
    for name, body in bodies:
        if body is not None:
            text = indent(dedent(body).strip("\n").rstrip() or "pass", "    ")
            lines += ["", "", marked(name, f"def {name}():"), text]
    return "\n".join(lines) + "\n"
