"""Narrowing: which of the migrations that were read are reported on, and how much of them.

The whole history is read and replayed in every case; this only decides what is told of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field, replace
from functools import cached_property
from pathlib import Path

from mrt_lint.classes import dataclass
from mrt_lint.config.settings import Settings
from mrt_lint.errors import MrtError, UsageError
from mrt_lint.history import History
from mrt_lint.lint.changed import changed_since
from mrt_lint.lint.reading import Reading
from mrt_lint.lint.request import Request
from mrt_lint.lint.revisions import Place, place, suggestion
from mrt_lint.lint.scope import Scope, real
from mrt_lint.lowered import Lowered
from mrt_lint.phrases import counted


@dataclass(frozen=True)
class Narrowed:
    """What is told of one project, as paths of its files.

    `shown`: the files in question. `quiet`: those of them of which only the rules about the history
    speak. `skipped`: those whose findings are set aside, and why.
    """

    shown: frozenset[str]
    quiet: frozenset[str] = frozenset()
    skipped: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def reported(self) -> frozenset[str]:
        """Returns the files that are reported on with everything there is to say."""
        return self.shown - self.quiet


Elsewhere = Callable[[], bool]
"""Tells whether there are projects besides those that were read."""


def narrowed(
    readings: Sequence[Reading], asked: Scope, settings: Settings, request: Request, elsewhere: Elsewhere
) -> tuple[list[Narrowed], tuple[str, ...]]:
    """Returns what is told of each project, and sentences about it.

    Raises UsageError or ConfigError for a revision that no history has (unless it may belong to one
    that was not read), and for a commit that git does not know.
    """
    found = [_asked(reading, asked) for reading in readings]
    notes: list[str] = []
    if request.changed is not None:
        found, note = _changed(found, readings, request.changed)
        notes.append(note)
    if request.since is not None:
        found, note = _since(found, readings, request.since)
        notes.append(note)
    if settings["min-revision"] is not None:
        found, note = _quiet(found, readings, settings, elsewhere)
        notes.append(note)
    found = _skipped(found, readings, settings, elsewhere)
    return found, tuple(note for note in notes if note)


def _asked(reading: Reading, asked: Scope) -> Narrowed:
    paths = asked.shown(reading.project)
    return Narrowed(frozenset(each.path for each in reading.lowered if Path(each.path) in paths))


def _changed(found: Sequence[Narrowed], readings: Sequence[Reading], ref: str) -> tuple[list[Narrowed], str]:
    kept = []
    for one, reading in zip(found, readings, strict=True):
        changed = changed_since(ref, reading.project.root)
        kept.append(replace(one, shown=frozenset(path for path in one.shown if real(Path(path)) in changed)))
    of, among = _migrations(kept, readings), _migrations(found, readings)
    if not of:
        return kept, f"No migration was added or changed against {ref}." if among else ""
    return (
        kept,
        f"Only what was added or changed against {ref} is reported on:"
        f" {of} of {counted(among, 'migration')}.",
    )


def _since(found: Sequence[Narrowed], readings: Sequence[Reading], word: str) -> tuple[list[Narrowed], str]:
    def fault(text: str) -> MrtError:
        return UsageError(f"--since: {text}")

    places = _places(word, [reading.history for reading in readings], fault)
    kept = [
        replace(one, shown=one.shown & _paths(reading, _after(there)) if there else frozenset())
        for one, reading, there in zip(found, readings, places, strict=True)
    ]
    of, among = _migrations(kept, readings), _migrations(found, readings)
    if not of:
        return kept, f"No migration to report on comes after {word}." if among else ""
    return kept, f"Only what comes after {word} is reported on: {of} of {counted(among, 'migration')}."


def _after(there: Place) -> frozenset[str]:
    """Returns what comes after a place, and what cannot be placed and so may come after it."""
    history = there.history
    broken = [each for each, _ in history.unknown_parents]
    for group in (*history.cycles, *history.orphans):
        broken += group
    return there.after | ({each.id for each in broken} - there.until)


def _paths(reading: Reading, ids: Iterable[str]) -> frozenset[str]:
    """Returns the files of these revisions, and those of which no revision is known."""
    wanted = frozenset(ids)
    return frozenset(
        each.path for each in reading.lowered if not each.migration or each.migration.id in wanted
    )


def _quiet(
    found: Sequence[Narrowed], readings: Sequence[Reading], settings: Settings, elsewhere: Elsewhere
) -> tuple[list[Narrowed], str]:
    word = settings["min-revision"]

    def fault(text: str) -> MrtError:
        return settings.fault("min-revision", text)

    places = _places(word, [reading.history for reading in readings], fault, elsewhere)
    kept = [
        replace(one, quiet=one.shown & _files_of(reading.lowered, there.until) if there else frozenset())
        for one, reading, there in zip(found, readings, places, strict=True)
    ]
    quiet = sum(len(one.quiet) for one in kept)
    if not quiet:
        return kept, ""
    if not any(one.reported for one in kept):
        return kept, f"No migration to report on comes after {word}, the min-revision."
    verb = "is" if quiet == 1 else "are"
    return (
        kept,
        f"{counted(quiet, 'migration')} up to {word} (min-revision) {verb} left"
        " to the rules about the history.",
    )


def _skipped(
    found: Sequence[Narrowed], readings: Sequence[Reading], settings: Settings, elsewhere: Elsewhere
) -> list[Narrowed]:
    reasons: list[dict[str, str]] = [{} for _ in found]
    for word, reason in settings["skip"]:

        def fault(text: str) -> MrtError:
            return settings.fault("skip", text)

        places = _places(word, [reading.history for reading in readings], fault, elsewhere)
        for table, reading, there in zip(reasons, readings, places, strict=True):
            if there is not None:
                table.update(dict.fromkeys(_files_of(reading.lowered, there.ids), reason))
    return [replace(one, skipped=table) for one, table in zip(found, reasons, strict=True)]


def _files_of(lowered: Iterable[Lowered], ids: frozenset[str]) -> frozenset[str]:
    return frozenset(each.path for each in lowered if each.migration and each.migration.id in ids)


def _places(
    word: str,
    histories: Sequence[History],
    fault: Callable[[str], MrtError],
    elsewhere: Elsewhere = lambda: False,
) -> list[Place | None]:
    """Returns the place that a word names in each history; it must name one in some of them."""
    try:
        places = [place(history, word) for history in histories]
    except UsageError as error:
        raise fault(str(error)) from None
    if any(places) or not any(history.migrations for history in histories) or elsewhere():
        return places
    near = suggestion(word, histories) or "; mrt-lint check --verdicts lists them"
    raise fault(f"no migration is called {word!r}{near}")


def _migrations(found: Sequence[Narrowed], readings: Sequence[Reading]) -> int:
    return sum(
        each.path in one.shown and (each.migration is not None or each.problem is not None)
        for one, reading in zip(found, readings, strict=True)
        for each in reading.lowered
    )
